"""The commands an editor can run: explain a thing, compare two reply codes."""

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def run(editor, command, *arguments):
    params = types.ExecuteCommandParams(command=command, arguments=list(arguments))
    return await editor.workspace_execute_command_async(params)


async def test_explain(editor):
    assert (await run(editor, "smtp-lsp.explain", "354")).startswith("# 354 ")
    assert "misordered-data" in await run(editor, "smtp-lsp.explain", "SEQ001")
    assert await run(editor, "smtp-lsp.explain", "no such thing") is None


async def test_compare(editor):
    text = await run(editor, "smtp-lsp.compare", "252", "354")
    assert text.startswith("# 252 or 354\n")


async def test_compare_wants_two_codes(editor):
    with pytest.raises(JsonRpcException):
        await run(editor, "smtp-lsp.compare", "252", "lone-dot")
