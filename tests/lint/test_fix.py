"""Fixes: the finding is gone, nothing new comes, every octet outside the edit is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CASES

from smtp_lsp.lint import fix
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

BODY = st.lists(
    st.sampled_from(["Hi", "", "..", ".x", ". ", "QUIT", "250 ok", "more text", "é", "."]),
    max_size=8,
)


def mended(data, name, options=None):
    findings = lint(Source(data, name), options)
    edits = fix.edits_of(findings, unsafe=True)
    return fix.applied(data, edits), edits, findings


def keys(findings):
    return sorted((f.rule, f.key) for f in findings)


def check(data, name, options=None):
    after, edits, findings = mended(data, name, options)
    if not edits:
        return
    position = 0
    rest = after
    for start, end, text in edits:
        kept = data[position:start]
        assert rest.startswith(kept + text)
        rest = rest[len(kept) + len(text) :]
        position = end
    assert rest == data[position:]
    left = lint(Source(after, name), options)
    unfixable = [(f.rule, f.key) for f in findings if not f.fix]
    # What the server had refused stays refused, and stands unexplained now.
    new = {key for key in keys(left) if key[0] not in ("RPL001", "RPL090")}
    assert new <= set(unfixable), (keys(findings), keys(left))
    again, edits, _ = mended(after, name, options)
    assert (again, edits) == (after, [])


@given(BODY, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_scripts(body, end, has_end):
    lines = ["EHLO a", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA", *body, "."]
    text = end.join([*lines, "QUIT"]) + (end if has_end else "")
    check(text.encode(), "a.bsmtp")


@given(BODY)
def test_rfc_style(body):
    head = "S: 220 mx\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b.example>\nS: 250 ok\n"
    head += "C: RCPT TO:<c@d.example>\nS: 250 ok\nC: DATA\nS: 354 go\n"
    text = head + "".join(f"C: {line}\n" for line in body) + "C: .\nS: 250 ok\n"
    check(text.encode(), "a.smtp")


@given(BODY, st.sampled_from(["\n", "\r\n"]))
def test_messages_on_the_way_to_a_wire(body, end):
    text = end.join(["From: a@b.example", "", *body, ""])
    check(text.encode(), "a.eml", Options(context="wire"))


def test_a_stored_message_is_never_changed():
    data = b"From: a@b.example\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n\nHi\n.\nthere\n"
    for context in ("stored", "draft"):
        (finding,) = lint(Source(data, "a.eml"), Options(context=context))
        assert (finding.rule, finding.severity, finding.fix) == ("DOT001", "warning", None)
    (finding,) = lint(Source(data, "a.eml"), Options(context="wire"))
    assert finding.severity == "error"
    assert finding.fix is not None


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.smtp")), ids=lambda path: path.stem)
def test_every_case(path):
    check(path.read_bytes(), path.name)


def test_overlapping_fixes_are_never_both_applied():
    from smtp_lsp.rules import Fix
    from smtp_lsp.text.span import Span

    class Found:
        def __init__(self, *edits):
            self.fix = Fix(Fix.SAFE, "stuff", [(Span(s, e), t) for s, e, t in edits])

    first, second, third = Found((2, 5, b"x")), Found((4, 6, b"y")), Found((6, 8, b"z"))
    assert fix.edits_of([first, second, third], unsafe=False) == [(2, 5, b"x"), (6, 8, b"z")]
    assert fix.applied(b"0123456789", [(2, 5, b"x"), (6, 8, b"z")]) == b"01x5z89"


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.smtp"
    path.write_bytes(b"old")

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fix.os, "fsync", broken)
    with pytest.raises(OSError, match="No space"):
        fix.write(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.smtp"]
