"""What servers do: rows that fit together, and the sentences that the pages have of them."""

import re

import pytest

from smtp_lsp import explain, pages, registry
from smtp_lsp.explain import servers
from smtp_lsp.rules import all_rules, find

ROWS = registry.table("servers")
LOCALES = pytest.mark.parametrize("locale", pages.LOCALES)
TOLD = sorted({row["rule"] for row in ROWS})


def place(row):
    return f"{row['rule']}-{row['kind']}-{row['server']}"


def page(code, locale):
    """Return the section of a rule's page, or nothing."""
    blocks = dict(explain.rule(find(code), locale).blocks)
    return blocks.get(pages.phrase(locale, "servers"), "")


def test_one_row_for_a_rule_a_kind_and_a_server():
    assert len({place(row) for row in ROWS}) == len(ROWS)
    assert len({row["server"] for row in ROWS}) == 9
    assert len({(row["server"], row["version"]) for row in ROWS}) == 9
    assert len(TOLD) > 45


@pytest.mark.parametrize("row", ROWS, ids=place)
def test_a_row_fits_together(row):
    assert find(row["rule"]).code == row["rule"]
    assert row["kind"] in ("order", "syntax", "ends", "grid", "pipelining", "bdat", "tls-auth")
    count, tried = int(row["count"]), int(row["tried"])
    refusing = row["does"] in ("refuses", "some")
    assert re.fullmatch("[245][0-9][0-9]" if refusing else "|[45][0-9][0-9]", row["code"])
    if row["does"] in ("takes", "refuses", "drops"):
        assert count == tried >= 1
    elif row["does"] == "some":
        assert 0 < count < tried
    else:
        assert row["does"] == "ends"
        cells = row["forms"].split("; ") if row["forms"] else []
        assert len(cells) == (count if row["kind"] == "grid" else 0)
        assert all(re.fullmatch(r"[A-Z ]+ \.( NUL)?( CR| LF| CRLF)+", cell) for cell in cells)
    assert not row["forms"] or row["does"] in ("some", "ends")


@LOCALES
@pytest.mark.parametrize("code", TOLD)
def test_a_page_names_every_server_once_for_each_kind(code, locale):
    said = page(code, locale)
    assert "{" not in said
    assert "servers-" not in said
    for row in ROWS:
        if row["rule"] == code:
            kinds = [r for r in ROWS if (r["rule"], r["server"]) == (code, row["server"])]
            assert said.count(f"{row['server']} {row['version']}") == len(kinds)
            if row["does"] in ("refuses", "some"):
                assert f"{row['server']} {row['version']} ({row['code']})" in said


@LOCALES
def test_pages_without_a_row_have_no_section(locale):
    for rule in all_rules():
        assert bool(page(rule.code, locale)) == (rule.code in TOLD)


def test_bare_lf_in_the_words_of_both_languages():
    first = {row["server"]: row["does"] for row in ROWS if row["rule"] == "WIR001"}
    assert {first["Postfix"], first["Sendmail"]} == {"takes", "refuses"}
    assert page("WIR001", "en").startswith("Taken by Postfix 3.7.11, ")
    assert "Refused by Sendmail 8.17.1.9 (421) and Haraka 3.3.4 (451)." in page("WIR001", "en")
    assert "Refusé par Sendmail 8.17.1.9 (421) et Haraka 3.3.4 (451)." in page("WIR001", "fr")


def test_false_ends_are_named():
    said = page("WIR003", "en")
    assert "Postfix 3.7.11 ends the message at `CR CRLF . CR CRLF`, " in said
    assert "chasquid 1.11 ends the message at " in said
    assert "Taken for content by Exim 4.96, aiosmtpd 1.4.6 and smtp-server 3.21.6." in said


def test_kinds_are_told_apart():
    assert "- With BDAT: Refused by " in page("SEQ001", "en")
    assert "- Avec STARTTLS et AUTH\u00a0: " in page("CMD004", "fr")


@LOCALES
def test_a_list(locale):
    last = pages.phrase(locale, "listed", {"first": "a, b", "last": "c"})
    assert servers.listed(["a", "b", "c"], locale) == last
    assert servers.listed(["a"], locale) == "a"
    assert servers.listed([], locale) == ""


def test_shown_in_every_form():
    composed = explain.rule(find("WIR001"), "en")
    assert "## What servers do\n\n" in explain.markdown(composed)
    assert "What servers do\n  Taken by Postfix" in explain.text(composed)
    headings = [each["heading"] for each in explain.composed.as_object(composed)["sections"]]
    assert "What servers do" in headings
