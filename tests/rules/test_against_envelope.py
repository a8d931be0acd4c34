"""Messages held against their envelopes, case by case (``rules.against_envelope``)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CASES, expected, subject_of

from smtp_lsp.lint.diagnosis import Summary
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse, lint
from smtp_lsp.rules import all_rules
from smtp_lsp.text.source import Source

ALSO = "# also: "
EXPECTATIONS = sorted((CASES / "envelope").glob("*.expect"))
RULES = [r for r in all_rules() if r.check.__module__ == "smtp_lsp.rules.against_envelope"]
CODES = {rule.code for rule in RULES}


def also(path):
    """Return what is found besides when every rule is on."""
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix(ALSO).split() for line in lines if line.startswith(ALSO)]
    return sorted((int(number), code, severity) for number, code, severity in rows)


def rows(findings):
    return sorted((found.range.start.line, found.rule, found.severity) for found in findings)


def own(path, options):
    subject = subject_of(path)
    findings = lint(Source(subject.read_bytes(), str(subject)), options)
    return [row for row in rows(findings) if row[1] in CODES]


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_with_every_rule(path):
    wanted = [row for row in expected(path) if row[1] in CODES]
    assert own(path, Options(extend_select=sorted(CODES))) == sorted([*wanted, *also(path)])


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_nothing_else_of_weight_is_found(path):
    """One cause, one finding; and by default no more than that."""
    subject = subject_of(path)
    findings = lint(Source(subject.read_bytes(), str(subject)))
    loud = [found for found in findings if found.severity in ("error", "warning")]
    assert rows(loud) == expected(path)
    assert own(path, Options()) == [row for row in expected(path) if row[1] in CODES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    every = [row for path in EXPECTATIONS for row in (*expected(path), *also(path))]
    assert sum(row[1] == rule.code for row in every) >= 2


def test_what_is_off():
    quiet = {rule.code for rule in RULES if not rule.default}
    assert quiet == {"ENV001", "ENV004", "ENV005", "ENV006", "WIR015"}


def test_a_message_in_a_file_is_in_no_envelope():
    data = b"Return-Path: <a@b.example>\nFrom: c@d.example\nDate: x\nTLS-Required: No\n\n"
    findings = lint(Source(data, "a.eml"), Options(extend_select=sorted(CODES)))
    assert not CODES & {found.rule for found in findings}


# -- What the summary says -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "locale", "said"),
    [
        ("blind-one", "en", "delivered: 1 message, 2 recipients, 1 of them in no header field"),
        ("blind-one", "fr", "remis : 1 message, 2 destinataires, dont 1 qu’aucun champ"),
        ("blind-many", "en", "3 recipients, 2 of them in no header field"),
        ("told-each", "en", "1 recipient, in no header field"),
        ("told-each", "fr", "1 destinataire, qu’aucun champ d’en-tête ne nomme"),
        ("named-otherwise", "en", "6 recipients ("),
        ("blind-no-field", "en", "1 recipient ("),
        ("blind-typed", "en", "1 recipient ("),
    ],
)
def test_the_summary_counts_them(case, locale, said):
    data = (CASES / "envelope" / f"{case}.smtp").read_bytes()
    source, told = Source(data, "a.smtp"), []
    analyse(
        source,
        Options(locale=locale),
        each=lambda session, found: told.append(Summary(session, found, source, locale)),
    )
    (summary,) = told
    assert said in summary.lines[0]


# -- What is passed over ---------------------------------------------------------------------

MAILBOXES = ["a@b.example", "c@d.example", "e@f.example"]


@st.composite
def logs(draw):
    """Sessions of a few shapes, tidy in all that the skim looks at, with addresses at will."""
    mailbox = st.sampled_from(MAILBOXES)
    lines = []
    for _ in range(draw(st.integers(3, 8))):
        header = [f"From: {draw(mailbox)}", f"To: {draw(mailbox)}"]
        if draw(st.booleans()):
            header.append(f"Cc: {draw(mailbox)}")
        size = draw(st.sampled_from(["", " SIZE=1", " SIZE=9000"]))
        lines += ["S: 220 mx.example ESMTP", "C: EHLO a.example", "S: 250-mx.example"]
        lines += ["S: 250 SIZE 9999999"]
        lines += [f"C: MAIL FROM:<{draw(mailbox)}>{size}", "S: 250 ok"]
        for _ in range(draw(st.integers(1, 2))):
            lines += [f"C: RCPT TO:<{draw(mailbox)}>", "S: 250 ok"]
        lines += ["C: DATA", "S: 354 go", *(f"C: {field}" for field in header)]
        lines += ["C: Date: Mon, 02 Mar 2026 10:00:00 +0000", "C:", "C: hi", "C: ."]
        lines += ["S: 250 ok", "C: QUIT", "S: 221 bye"]
    return "\n".join(lines).encode() + b"\n"


@given(logs(), st.lists(st.sampled_from(["ENV", "ENV001", "ENV004", "EXT042"]), max_size=2))
def test_what_is_passed_over_holds_nothing(data, selected):
    options = Options(extend_select=selected)
    walked = analyse(Source(data, "a.smtp"), options, keep=True).findings
    passed = analyse(Source(data, "a.smtp"), options).findings
    assert [(f.rule, f.span.start) for f in passed] == [(f.rule, f.span.start) for f in walked]
