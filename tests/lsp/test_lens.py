"""A line over each session, that says what became of it."""

import pytest
from lsprotocol import types

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = (
    "S: 220 mx.example\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b.example>\nS: 250 ok\n"
    "C: RCPT TO:<c@d.example>\nS: 250 ok\nC: RCPT TO:<e@d.example>\nS: 250 ok\n"
    "C: DATA\nS: 354 go\nC: Subject: x\nC:\nC: text\nC: .\nS: 250 ok\nC: QUIT\nS: 221 bye\n"
)
BAD = (
    "S: 220 mx.example\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b.example>\nS: 250 ok\n"
    "C: RCPT TO:<c@d.example>\nS: 550 5.1.1 no such user\nC: QUIT\nS: 221 bye\n"
)


async def lenses(editor, uri):
    document = types.TextDocumentIdentifier(uri)
    return await editor.text_document_code_lens_async(types.CodeLensParams(document))


async def test_each_session_has_a_line(editor, tmp_path):
    uri = (tmp_path / "a.smtp").as_uri()
    editor.open(uri, GOOD + BAD)
    found = await lenses(editor, uri)
    assert [lens.range.start.line for lens in found] == [0, GOOD.count("\n")]
    assert found[0].command.title == "delivered: 1 message, 2 recipients"
    assert found[1].command.title.startswith(
        "failed: there is no such recipient as `<c@d.example>`"
    )


async def test_of_a_large_file_the_sessions_that_failed(editor, tmp_path):
    uri = (tmp_path / "large.smtp").as_uri()
    text = GOOD * 6000 + BAD + GOOD
    editor.open(uri, text)
    (lens,) = await lenses(editor, uri)
    assert lens.command.title.startswith("failed: ")
    assert lens.range.start.line == GOOD.count("\n") * 6000


async def test_a_message_and_what_is_not_open_have_none(editor, tmp_path):
    uri = (tmp_path / "a.eml").as_uri()
    editor.open(uri, "From: a@b.example\nDate: x\n\ntext\n", language="eml")
    assert not await lenses(editor, uri)
    assert not await lenses(editor, "untitled:nothing")
