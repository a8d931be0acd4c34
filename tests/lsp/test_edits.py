"""Edited equals fresh: after any edits the server says what it says of the same text anew."""

import random

import pytest
from clients import NO_LINE_ENDS, bounds, index, units
from lsprotocol import types

pytestmark = pytest.mark.asyncio(loop_scope="module")

EDITS = 600
LONGEST = 2500
BEGIN = """\
S: 220 mx.example.net ESMTP
C: EHLO client.example.org
S: 250 mx.example.net
C: MAIL FROM:<alice@example.org>
S: 250 2.1.0 Sender ok
C: RCPT TO:<bob@example.test>
S: 250 2.1.5 Recipient ok
C: DATA
S: 354 Go ahead
C: Subject: hello
C:
C: world
C: .
S: 250 2.0.0 Queued
C: QUIT
S: 221 Bye
"""
FRAGMENTS = [
    *("\r", "\n", "\r\n", ".", " ", "", "", ""),
    *("C: DATA\n", "C: .\r\n", "C: ..\n", "C: RSET\n", "C: text 😀\n", "C: MAIL FROM:<a@b>\n"),
    *("C: RCPT TO:<c@d>\n", "C: EHLO a\n", "C: BDAT 5 LAST\n", "DATA\n", "QUIT\r\n"),
    *("S: 250 ok\n", "S: 354 go\r\n", "S: 503 no\n", "S: 550 5.1.1 no\n", "S: 220 mx\n"),
    *("😀", "e\u0301", "\ufffd", "é", "𝒳\ufffd", *NO_LINE_ENDS),
    *(" # smtp-lsp: here", " # smtp-lsp: there\n", "# smtp-lsp: dialect=rfc\n"),
]


def somewhere(editor, text, chance):
    """Return a position near a line's end, in it, or nowhere at all."""
    who = editor.profile
    lines = bounds(text, who.lf_only)
    line = chance.randrange(len(lines) + 1)
    start, end = lines[min(line, len(lines) - 1)]
    width = units(text[start:end], who.encoding)
    return line, chance.choice([0, width, chance.randint(0, width), width + chance.randint(1, 9)])


def edit(editor, uri, chance):
    """Make an edit as the editor does; return the event that tells of it."""
    who, text = editor.profile, editor.texts[uri]
    first = somewhere(editor, text, chance)
    last = somewhere(editor, text, chance)
    if len(text) < LONGEST and chance.random() < 0.8:
        # Small things happen more often than large ones.
        last = first if chance.random() < 0.5 else (first[0], first[1] + chance.randint(1, 4))
    first, last = sorted((first, last))
    new = "".join(chance.choices(FRAGMENTS, k=chance.choice([1, 1, 1, 2, 5])))
    start = index(text, *first, who.encoding, who.lf_only)
    end = index(text, *last, who.encoding, who.lf_only)
    editor.texts[uri] = text[:start] + new + text[end:]
    where = types.Range(types.Position(*first), types.Position(*last))
    return types.TextDocumentContentChangePartial(range=where, text=new)


def told(problems):
    """Return what is said, without the address of what it is said of."""
    return [
        (
            problem.range,
            problem.severity,
            problem.code,
            problem.message,
            [(each.location.range, each.message) for each in problem.related_information or ()],
        )
        for problem in problems
    ]


async def test_edited_equals_fresh(editor):
    chance = random.Random(f"edited equals fresh in {editor.profile.encoding}")
    uri, fresh = "file:///mail/edited.smtp", "file:///mail/fresh.smtp"
    editor.open(uri, BEGIN)
    made = compared = 0
    codes = set()
    while made < EDITS:
        for _ in range(chance.randint(1, 4)):
            events = [edit(editor, uri, chance) for _ in range(chance.randint(1, 5))]
            editor.send(uri, events)
            made += len(events)
        edited = await editor.problems(uri)
        editor.open(fresh, editor.texts[uri])
        anew = await editor.problems(fresh)
        assert told(edited) == told(anew), editor.texts[uri]
        for problem in anew:
            editor.cut(fresh, problem.range)  # both ends are places of the text
            for each in problem.related_information or ():
                editor.cut(fresh, each.location.range)
            codes.add(problem.code)
        editor.close(fresh)
        compared += 1
        if not chance.randrange(12):
            editor.texts[uri] = BEGIN
            editor.send(uri, [types.TextDocumentContentChangeWholeDocument(text=BEGIN)])
    editor.close(uri)
    assert compared > 50
    assert {"TRN002", "SEQ001", "RPL090"} <= codes  # there was something to say
