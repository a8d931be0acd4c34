"""One server for each of three editors, shared by the tests of a module."""

import pytest_lsp
from clients import SERVE, Editor, make_editor, profile
from pytest_lsp import ClientServerConfig


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=SERVE, client_factory=make_editor),
    params=["vscode", "neovim", "emacs"],
    scope="module",
)
async def editor(lsp_client: Editor, request, tmp_path_factory):
    await lsp_client.begin(profile(request.param), tmp_path_factory.mktemp("workspace"))
    yield
    await lsp_client.shutdown_session()
    assert lsp_client._server.returncode == 0
