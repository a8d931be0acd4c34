"""Explaining whatever the registries hold, and comparing any two reply codes."""

import pytest

from smtp_lsp import explain, pages, registry
from smtp_lsp.explain import topics
from smtp_lsp.explain.compare import compare

LOCALES = pytest.mark.parametrize("locale", pages.LOCALES)
KINDS = {
    "enhanced": [row["code"] for row in registry.table("enhanced_codes")]
    + [f"subject-{number}" for number in range(8)],
    "extensions": [row["keyword"] for row in registry.table("extensions")["extension"]],
    "mechanisms": [row["name"] for row in registry.table("mechanisms")["mechanism"]],
    "fields": [row["name"] for row in registry.table("header_fields")],
    "parameters": sorted(
        {
            each["name"]
            for row in registry.table("extensions")["extension"]
            for key in ("mail_params", "rcpt_params", "other_params")
            for each in row[key]
        }
    ),
}


@LOCALES
@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, names in KINDS.items() for n in names])
def test_every_row_has_a_page(locale, kind, name):
    page = pages.read(locale, kind, name)
    assert page is not None
    assert list(page.sections) == ["summary", "description", "advice"]
    assert all(page.sections.values())


def test_no_page_without_a_row():
    from pathlib import Path

    for kind, names in KINDS.items():
        for locale in pages.LOCALES:
            there = {path.stem for path in Path(pages.HERE, locale, kind).glob("*.md")}
            assert there == set(names)


@LOCALES
@pytest.mark.parametrize("name", topics.names())
def test_every_name_is_explained(locale, name):
    composed = explain.find(name, locale)
    assert composed is not None
    assert composed.summary
    assert len(composed.blocks) >= 4
    for heading, text in composed.blocks:
        assert text
        assert "{" not in heading


@LOCALES
def test_an_enhanced_code_nobody_registered(locale):
    composed = explain.find("5.7.199", locale)
    assert composed.title.startswith("5.7.199")
    assert "5.7.199" in composed.blocks[0][1]
    assert explain.find("5.x.1", locale) is None
    assert explain.find("6.1.1", locale) is None


def test_what_a_word_means_besides():
    composed = explain.find("AUTH", "en")
    assert composed.kind == "command"
    assert "`parameter:AUTH`" in composed.blocks[-1][1]
    assert explain.find("parameter:auth", "en").kind == "parameter"
    assert explain.find("keyword:AUTH", "en").kind == "extension"
    assert explain.find("field:Date", "en").kind == "field"
    assert explain.find("field:nonsense", "en") is None


@LOCALES
def test_every_pair_is_compared(locale):
    codes = [*registry.reply_codes(), 299, 599]
    count = len(compare(252, 354, locale).blocks)
    for first in codes:
        for second in codes:
            composed = compare(first, second, locale)
            assert str(first) in composed.title
            assert composed.summary
            assert composed.blocks[-1][1]
            assert composed.blocks[-2][1] or first == second
            assert len(composed.blocks) <= count


@LOCALES
def test_the_order_of_a_comparison(locale):
    headings = [heading for heading, _ in compare(354, 252, locale).blocks]
    colon = {"en": ": ", "fr": "\u00a0: "}[locale]
    pairs = [
        f"{code}{colon}{pages.phrase(locale, key)}"
        for key in ("description", "when", "fix")
        for code in (354, 252)
    ]
    ends = [pages.phrase(locale, key) for key in ("compare-differences", "compare-choose")]
    assert headings == ["", *pairs, *ends]


def test_written_comparisons():
    from pathlib import Path

    names = {}
    for locale in pages.LOCALES:
        folder = Path(pages.HERE, locale, "compare")
        names[locale] = {path.stem for path in folder.glob("*.md")}
    assert names["en"] == names["fr"]
    assert len(names["en"]) >= 40
    for name in names["en"]:
        low, high = (int(code) for code in name.split("-"))
        assert low < high
        assert registry.reply_code(low)
        assert registry.reply_code(high)
        for locale in pages.LOCALES:
            page = pages.read(locale, "compare", name)
            assert list(page.sections) == ["summary", "differences", "choose"]
            assert compare(high, low, locale).summary == page["summary"]


def test_no_name_of_the_facts_is_shown_raw():
    """``(asynchronous)`` and its like are keys, not words."""
    keys = {
        name for code in registry.reply_codes() for name in registry.reply_code(code)["commands"]
    }
    keys = [f"`{key}`" for key in keys if key.startswith("(")]
    assert keys
    for locale in pages.LOCALES:
        for code in registry.reply_codes():
            for composed in (explain.reply(code, locale), compare(421, code, locale)):
                assert not [key for key in keys if key in explain.text(composed)]


def test_notes_on_syntax_are_in_the_language():
    shown = explain.text(explain.find("keyword:SIZE", "fr"))
    assert "aucun maximum fixe" in shown
    assert "no fixed maximum" not in shown


def test_a_field_cites_each_rfc_once_and_a_draft_as_a_draft():
    assert explain.text(explain.find("field:Archived-At", "en")).count("5064") == 1
    shown = explain.text(explain.find("field:To", "en"))
    assert "RFC 5322 3.6.3" in shown
    assert "draft-ietf-emailcore-rfc5322bis" in shown
    assert "RFC-ietf" not in shown
