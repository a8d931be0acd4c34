"""What no rule checks has a reason, and what a rule checks has none."""

import pytest

from smtp_lsp import pages, registry
from smtp_lsp.registry import generate

# Categories whose rules are all there: each row that can be checked has one, or a reason.
FINISHED = {
    *("client-order", "client-syntax", "server-reply", "enhanced-status", "wire-content"),
    *("extension", "lmtp", "submission", "security"),
}
STATEMENTS = registry.table("statements")
REASONS = registry.table("not_checked")


@pytest.mark.parametrize(
    "row", [row for row in STATEMENTS if row["category"] in FINISHED], ids=lambda row: row["slug"]
)
def test_a_rule_or_a_reason(row):
    assert bool(row["code"]) != (row["slug"] in REASONS)


def test_a_reason_of_the_other_categories_is_of_what_has_no_rule():
    for row in STATEMENTS:
        if row["category"] not in FINISHED:
            assert not (row["code"] and row["slug"] in REASONS), row["slug"]
            assert row["checkable"] != "no" or row["slug"] in REASONS, row["slug"]


def test_reasons_are_of_statements_and_in_every_language():
    known = {row["slug"]: row["category"] for row in STATEMENTS}
    facts = generate.toml("not-checked")
    facts.pop("reasons")
    for category, reasons in facts.items():
        for slug in reasons:
            assert known.get(slug) == category, slug
    for slug, reason in REASONS.items():
        assert set(reason) == set(pages.LOCALES), slug
        assert len(set(reason.values())) == len(pages.LOCALES), slug
        for text in reason.values():
            assert text[0].isupper(), slug
            assert text.endswith("."), slug
