"""What other programs report: each row has rules that exist, or a reason."""

import itertools

import pytest

from smtp_lsp import pages, registry
from smtp_lsp.explain import coverage
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import find
from smtp_lsp.text.source import Source

PEERS = registry.table("peers")
ROWS = [row for section in PEERS.values() for row in section]
OCTETS = {"CR": b"\r", "LF": b"\n", "NUL": b"\0", ".": b"."}


def name(row):
    return row["octets"] if "octets" in row else row["what"]["en"]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_row_has_rules_or_a_reason(row):
    assert row["rules"] or row["why"]
    for slug in row["rules"]:
        assert find(slug) is not None, slug


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_texts_are_in_every_language(row):
    for text in (row.get("what"), row.get("why")):
        assert text is None or list(text) == list(pages.LOCALES)
        assert text is None or len(set(text.values())) == len(text)
    assert "why" not in row or all(text.endswith(".") for text in row["why"].values())


def test_every_anomaly_is_somebody_elses():
    for row in PEERS["anomaly"]:
        assert any(row.get(key) for key in ("zeek", "suricata", "snort", "wireshark", "mta"))
    for row in (*PEERS["ending"], *PEERS["attack"]):
        assert row["known"]


@pytest.mark.parametrize("row", PEERS["ending"], ids=name)
def test_every_false_end_is_found(row):
    end = b"".join(OCTETS[word] for word in row["octets"].split())
    head = b"From: a@example.org\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nHello"
    said = [
        (b"ehlo a.example\r\n", b"250 mx\r\n"),
        (b"mail FROM:<a@example.org>\r\n", b"250 Ok\r\n"),
        (b"rcpt TO:<b@example.test>\r\n", b"250 Ok\r\n"),
        (b"data\r\n", b"354 go ahead\r\n"),
        (head + end + b"more\r\n.\r\n", b"250 Ok\r\n"),
        (b"quit\r\n", b"221 Bye\r\n"),
    ]
    lines = [f"send: {client!r}\nreply: {server!r}\n" for client, server in said]
    findings = lint(Source("".join(lines).encode(), "a.smtp"), Options(dialect="smtplib"))
    wanted = [find(slug).code for slug in row["rules"]]
    assert set(wanted) <= {finding.rule for finding in findings}


@pytest.mark.parametrize("locale", pages.LOCALES)
def test_shown_in_every_form(locale):
    assert len(coverage.peers(locale)["anomalies"]) == len(PEERS["anomaly"])
    assert len(coverage.peers(locale)["checks"]) == len(PEERS["check"])
    for show in (coverage.peers_text, coverage.peers_markdown):
        text = show(locale)
        for row in itertools.chain(PEERS["anomaly"], PEERS["attack"], PEERS["check"]):
            assert (
                row["what"][locale].replace("<", "\\<" if "markdown" in show.__name__ else "<")
                in text
            )


@pytest.mark.parametrize("locale", pages.LOCALES)
def test_what_is_not_checked_is_shown_with_its_reason(locale):
    rows = coverage.not_checked(locale)
    slugs = {row["slug"] for row in registry.table("statements") if not row["code"]}
    assert {row["statement"] for row in rows} == slugs
    assert all(row["reason"] for row in rows)
    for show in (coverage.not_checked_text, coverage.not_checked_markdown):
        assert all(row["statement"] in show(locale) for row in rows)
