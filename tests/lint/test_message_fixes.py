"""Fixes of messages: what is mended is gone, nothing new comes, and the rest is octet for octet.

The messages are those of the cases and the mutants made from them, further broken by
``hypothesis``. In the ordinary run it tries some hundreds of them, with
``--hypothesis-profile=thorough`` ten thousand.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CASES

from smtp_lsp.lint import fix
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.message import mime, parse, transfer
from smtp_lsp.rules import Fix
from smtp_lsp.text.source import Source

sys.path.insert(0, str(Path(__file__).parents[1] / "messages"))
import mutants

EXAMPLES = settings(max_examples=max(300, settings.default.max_examples))
EVERY = Options(extend_select=["ALL"])
LONGEST = 60_000

FILES = [path.read_bytes() for path in sorted(CASES.rglob("*.eml"))]
MUTANTS = [octets for _, octets, _, _ in mutants.mutants()]
BASES = [octets for octets in (*FILES, *MUTANTS) if len(octets) < LONGEST]

# What a script around a message makes of it is for other tests: what was refused, who is named.
AROUND = ("RPL", "ENV", "SEQ", "TRN", "ESC")
# That a line should be shorter, or a Sender is needless, is a remark that a fix may let be seen.
FAULTS = ("error", "warning")

SIGNATURE = b"DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=s; h=%b; bh=eA==; b=eA=="
FRAGMENTS = [
    *(
        b" :",
        b"\xe9",
        b"caf\xe9 du \xe9t\xe9",
        b"\xc3\xa9",
        b".",
        b"\n.\n",
        b"..",
        b"=",
        b"=2E",
        b"From ",
    ),
    *(b"Doe, John <j@b.example>", b"A. B: <a@b.example>", b"a.b@c <a@b.example>", b" Q. Public "),
    *(b"word " * 30, b"word " * 230, b"x" * 90, b"x" * 1200, b"QUJD" * 40, b"ab=C3=A9 c" * 20),
    *(b"a@b.example, " * 20, b"<a@b.example>" * 30, b"\t", b"\r", b"\r\n", b"\n", b"\n\n"),
    *(b" GMT", b" EST", b" A", b"Tue, ", b"Sun, ", b" +0100", b"Subject: Hello\n"),
    *(b"MIME-Version: 1.0\n", b"Content-Transfer-Encoding: base64\n"),
    *(b"Content-Transfer-Encoding: quoted-printable\n", b"To: x@b.example\n"),
    SIGNATURE % b"from:subject:date" + b"\n",
    SIGNATURE % b"to" + b"\n",
    b"Content-Type: multipart/signed; boundary=x\n\n--x\n\nHi\n--x\n\nHi\n--x--\n",
    b"Received: from a (b [192.0.2.1]) by c.example; Tue, 3 Mar 2026 10:00:00 +0100\n",
    b'"' + b"(" + b")" + b"<" + b">" + b";" + b"\\",
]
CHANGES = ("insert", "delete", "repeat", "swap", "join", "cut", "crlf", "lf", "drop field")
CHANGE = st.tuples(
    st.sampled_from(CHANGES),
    st.integers(0, 9999),
    st.integers(0, 40),
    st.sampled_from(FRAGMENTS),
)


def changed(octets, change):
    """Return *octets* with one change; its place is in ten thousandths of the whole."""
    what, place, size, fragment = change
    at = len(octets) * place // 10_000
    lines = octets.splitlines(True)
    line = len(lines) * place // 10_000
    if what == "insert":
        return octets[:at] + fragment + octets[at:]
    if what == "delete":
        return octets[:at] + octets[at + size :]
    if what == "repeat":
        return b"".join([*lines[:line], *lines[line : line + 1] * 2, *lines[line + 1 :]])
    if what == "swap":
        end = octets.find(b"\n", at)
        return octets if end < 0 else octets[:end] + octets[end + 1 :]
    if what == "join":
        return re.sub(rb"\r?\n[ \t]", b" ", octets, count=size)
    if what == "cut":
        return octets[:at]
    if what == "crlf":
        return re.sub(rb"\r?\n", b"\r\n", octets, count=0 if size < 20 else size)
    if what == "lf":
        return octets.replace(b"\r\n", b"\n", -1 if size < 20 else size)
    return b"".join([*lines[:line], *lines[line + 1 :]])


@st.composite
def messages(draw):
    """Draw a message with up to three faults more than it has."""
    octets = draw(st.sampled_from(BASES))
    for change in draw(st.lists(CHANGE, max_size=3)):
        octets = changed(octets, change)
    return octets


def stuffed(octets, end):
    """Return *octets* as DATA has them, every line ended by *end*."""
    lines = re.sub(rb"(?m)^\.", b"..", re.sub(rb"\r*\n|\r", b"\n", octets))
    return (lines if lines.endswith(b"\n") else lines + b"\n").replace(b"\n", end)


def as_stream(octets, end):
    """Return a script of the client alone that sends the message."""
    head = b"EHLO a.example\nMAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA\n"
    return head.replace(b"\n", end) + stuffed(octets, end) + b".%bQUIT%b" % (end, end)


def as_dialogue(octets, end):
    """Return a script of both sides, ``C:`` and ``S:`` in front of each line."""
    lines = b"".join(b"C: " + line for line in stuffed(octets, end).splitlines(True))
    head = b"S: 220 mx.example\nC: EHLO a.example\nS: 250 mx.example\n"
    head += b"C: MAIL FROM:<a@b.example>\nS: 250 Ok\nC: RCPT TO:<c@d.example>\nS: 250 Ok\n"
    head += b"C: DATA\nS: 354 Go ahead\n"
    return head.replace(b"\n", end) + lines + b"C: .%bS: 250 Ok%b" % (end, end)


def found(octets, name):
    return lint(Source(octets, name), EVERY)


def keys(findings):
    """Count what is found; of how many places a finding tells is no matter."""
    return Counter((each.rule, each.key.replace("many", "one")) for each in findings)


def faults(findings):
    """Count the faults by rule: one that is told by other words afterwards is no new one."""
    return Counter(f.rule for f in findings if f.severity in FAULTS and f.rule[:3] not in AROUND)


def all_mended(octets, name, *, unsafe):
    """Return what is left when fixes are made pass by pass, as ``--fix`` does."""
    for _ in range(fix.MOST_PASSES):
        edits = fix.edits_of(found(octets, name), unsafe=unsafe)
        if not edits:
            return octets
        octets = fix.applied(octets, edits)
    raise AssertionError("never ends")


def check(octets, name):
    findings = found(octets, name)
    before, rules = keys(findings), Counter(each.rule for each in findings)
    for each in findings:
        if each.fix is None:
            continue
        edits = sorted((span.start, span.end, text) for span, text in each.fix.edits)
        assert edits
        assert all(one[1] <= two[0] for one, two in pairwise(edits))
        left = found(fix.applied(octets, edits), name)
        (place,) = keys([each])
        assert keys(left)[place] < before[place], (place, each.fix.key)
        assert faults(left) <= rules, (place, each.fix.key, faults(left) - rules)
    for unsafe in (False, True):
        left = found(all_mended(octets, name, unsafe=unsafe), name)
        assert not fix.edits_of(left, unsafe=unsafe)
        assert set(faults(left)) <= set(rules)


@EXAMPLES
@given(messages())
def test_mended_is_gone_and_nothing_is_new(octets):
    check(octets, "a.eml")


@EXAMPLES
@given(messages(), st.sampled_from([as_stream, as_dialogue]), st.sampled_from([b"\n", b"\r\n"]))
def test_in_a_script(octets, written, end):
    check(written(octets, end), "a.smtp")


def values(octets):
    """Return the fields as names and unfolded values without blanks, and what leaves encode."""
    message = parse(octets)
    head = [(field.key, b"".join(bytes(field.value).split())) for field in message.fields]
    leaves = [transfer.decode(leaf.body, leaf.encoding) for leaf in mime.tree(message).leaves()]
    return head, [leaf.replace(b"\r\n", b"\n").rstrip(b"\n") for leaf in leaves]


SAME = frozenset(
    ("fold", "shorten", "wrap-base64", "wrap-quoted-printable", "encode-dot", "no-blank")
)


@EXAMPLES
@given(messages())
def test_lines_are_broken_and_nothing_else_is_changed(octets):
    for each in found(octets, "a.eml"):
        if each.fix is not None and each.fix.key in SAME:
            assert each.fix.applicability == Fix.SAFE
            edits = sorted((span.start, span.end, text) for span, text in each.fix.edits)
            assert values(fix.applied(octets, edits)) == values(octets)


def signed(octets, name):
    message = parse(octets)
    fields = [bytes(field.lines) for field in message.fields if field.key in name]
    return fields, bytes(message.body)


@EXAMPLES
@given(messages())
def test_what_dkim_signs_stays(octets):
    names = ("from", "subject", "date", "to", "content-type", "mime-version")
    octets = SIGNATURE % ":".join(names).encode() + b"\n" + octets
    for unsafe in (False, True):
        after = all_mended(octets, "a.eml", unsafe=unsafe)
        assert signed(after, names) == signed(octets, names)


def test_there_are_messages():
    assert len(BASES) > 1000


@pytest.mark.parametrize("number", range(len(FILES)))
def test_every_case(number):
    check(FILES[number], "a.eml")
