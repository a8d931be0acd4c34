"""Fixes of messages from an editor: each by itself, all that are safe, and those that are not."""

import pytest
from lsprotocol import types
from support import CASES

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIXES = CASES / "fixes"


def text_of(name):
    return (FIXES / name).read_bytes().decode("utf-8")


def all_of(editor, uri):
    return types.Range(editor.place(uri, 0), editor.place(uri, len(editor.texts[uri])))


async def test_on_saving_what_is_safe_is_mended(editor):
    uri = "file:///mail/names.eml"
    editor.open(uri, text_of("message-names.eml"), language="eml")
    assert await editor.codes(uri) == ["ADR007", "ADR007"]
    (action,) = await editor.actions(uri, all_of(editor, uri), "source.fixAll.smtp-lsp")
    editor.apply(uri, action.edit)
    assert editor.texts[uri] == text_of("message-names.fixed")

    # What is left is not so sure, and asked for by itself.
    (unsafe,) = await editor.actions(uri, all_of(editor, uri))
    assert unsafe.title.endswith("(unsafe)")
    assert not unsafe.is_preferred
    editor.apply(uri, unsafe.edit)
    assert editor.texts[uri] == text_of("message-names.unsafe")
    assert await editor.codes(uri) == []
    editor.close(uri)


async def test_each_finding_has_its_own(editor):
    uri = "file:///mail/qp.eml"
    editor.open(uri, text_of("message-qp-long-and-dot.eml"), language="eml")
    long, dot = await editor.problems(uri)
    assert (long.code, dot.code) == ("MIM016", "DOT001")
    (action,) = await editor.actions(uri, dot.range, "quickfix")
    assert action.is_preferred
    assert [each.code for each in action.diagnostics] == ["DOT001"]
    editor.apply(uri, action.edit)
    assert await editor.codes(uri) == ["MIM016"]
    (action,) = await editor.actions(uri, long.range, "quickfix")
    editor.apply(uri, action.edit)
    assert editor.texts[uri] == text_of("message-qp-long-and-dot.fixed")
    editor.close(uri)


async def test_in_a_script_the_new_lines_have_its_prefix(editor):
    uri = "file:///mail/dialogue.smtp"
    editor.open(uri, text_of("message-in-dialogue.smtp"))
    (action,) = await editor.actions(uri, all_of(editor, uri), "source.fixAll.smtp-lsp")
    editor.apply(uri, action.edit)
    assert editor.texts[uri] == text_of("message-in-dialogue.fixed")
    assert await editor.codes(uri) == []
    editor.close(uri)


async def test_what_is_signed_is_offered_by_nobody(editor):
    uri = "file:///mail/signed.eml"
    editor.open(uri, text_of("signed-dkim-body.eml"), language="eml")
    (problem,) = await editor.problems(uri)
    assert problem.code == "MIM021"
    assert "DKIM-Signature" in problem.message
    able = editor.profile.capabilities.text_document.code_action.disabled_support
    found = list(await editor.actions(uri, problem.range))
    assert all(each.edit is None for each in found)
    assert len(found) == bool(able)
    for each in found:
        assert "DKIM-Signature" in each.disabled.reason
        assert each.title == "Write the base64 in lines of 76 octets"
    assert list(await editor.actions(uri, all_of(editor, uri), "source.fixAll.smtp-lsp")) == []
    editor.close(uri)


async def test_a_mail_folder_is_mended_message_by_message(editor):
    uri = "file:///mail/sent.mbox"
    text = (CASES / "folder" / "faults.mbox").read_bytes().decode("utf-8")
    editor.open(uri, text, language="eml")
    codes = ["HDR005", "HDR002", "HDR014", "HDR017", "MIM027", "ADR007"]
    problems = await editor.problems(uri)
    assert [each.code for each in problems] == codes
    assert [each.range.start.line for each in problems] == [2, 11, 21, 22, 25, 34]
    (action,) = await editor.actions(uri, all_of(editor, uri), "source.fixAll.smtp-lsp")
    editor.apply(uri, action.edit)
    mended = text.replace("Subject : Re", "Subject: Re").replace("Date: Tue,", "Date: Mon,")
    assert editor.texts[uri] == mended
    shown, covered = await editor.hover_on(uri, "Dave <dave@example.com>")
    assert "dave@example.com" in shown
    assert covered
    editor.close(uri)
