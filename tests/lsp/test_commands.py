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


async def test_codes_to_choose_from(editor):
    codes = await run(editor, "smtp-lsp.codes")
    titles = {each["code"]: each["title"] for each in codes}
    assert titles["354"]
    assert all(titles.values())


async def test_status(editor, tmp_path):
    uri = (tmp_path / "a.smtp").as_uri()
    assert await run(editor, "smtp-lsp.status", uri) is None
    editor.open(uri, "LHLO a\r\nMAIL FROM:<a@b.example>\r\n")
    found = await run(editor, "smtp-lsp.status", uri)
    assert (found["kind"], found["dialect"], found["profile"]) == ("transcript", "client", "lmtp")
    assert found["version"]


async def test_a_large_document_is_answered_about_all_the_same(editor, tmp_path):
    uri = (tmp_path / "large.smtp").as_uri()
    session = "S: 220 mx\nC: EHLO a\nS: 250 mx\nC: QUIT\nS: 221 bye\n"
    editor.open(uri, session * 25_000 + "S: 220 mx\nC: DATA\nS: 503 no\n")
    assert await editor.codes(uri) == ["SEQ001"]
    assert (await run(editor, "smtp-lsp.status", uri))["dialect"] == "rfc"
    hovered = await editor.hover(uri, types.Position(1, 4))
    assert hovered is not None
