"""Pages: every one is there, in the right form, and says the same in every language."""

import re
import string

import pytest

from smtp_lsp import explain, pages, registry
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.message import STORED
from smtp_lsp.rules import SEVERITIES, all_rules
from smtp_lsp.text.source import Source

RULES = all_rules()
EXAMPLE = re.compile(r"```(\w+)\n(.*?)```", re.S)


def fields(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


@pytest.mark.parametrize("code", registry.reply_codes())
def test_every_reply_code_has_a_page(code):
    page = pages.read("en", "replies", str(code))
    assert list(page.sections) == ["summary", "description", "when", "fix"]
    assert page.title.startswith(f"{code} ")
    assert all(page.sections.values())


@pytest.mark.parametrize("verb", registry.verbs())
def test_every_verb_has_a_page(verb):
    page = pages.read("en", "commands", verb)
    assert list(page.sections) == ["summary", "description", "when", "fix"]
    assert page.title.startswith(f"{verb} ")
    assert all(page.sections.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_page(rule):
    page = pages.read("en", "rules", rule.name)
    assert list(page.sections) == ["messages", "wrong", "fix"]
    for key, (message, remedy) in pages.entries(page["messages"]).items():
        assert message, key
        assert remedy, key


def test_no_page_without_a_thing():
    for kind, names in (
        ("replies", {str(code) for code in registry.reply_codes()}),
        ("commands", set(registry.verbs())),
        ("rules", {rule.name for rule in RULES}),
    ):
        for locale in pages.LOCALES:
            from pathlib import Path

            there = {path.stem for path in Path(pages.HERE, locale, kind).glob("*.md")}
            assert there <= names


@pytest.mark.parametrize("locale", [name for name in pages.LOCALES if name != pages.DEFAULT])
class TestTranslations:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
    def test_messages_have_the_same_keys_and_placeholders(self, locale, rule):
        english = pages.entries(pages.read("en", "rules", rule.name)["messages"])
        other = pages.entries(pages.read(locale, "rules", rule.name)["messages"])
        assert set(other) == set(english)
        for key in english:
            assert [fields(text) for text in other[key]] == [fields(t) for t in english[key]]

    def test_phrases_have_the_same_keys_and_placeholders(self, locale):
        english, other = pages._words("en"), pages._words(locale)
        assert set(other) == set(english)
        for key in english:
            assert fields(other[key][0]) == fields(english[key][0]), key

    @pytest.mark.parametrize(
        ("kind", "name"),
        [("replies", str(code)) for code in registry.reply_codes()]
        + [("commands", verb) for verb in registry.verbs()]
        + [("rules", rule.name) for rule in RULES],
    )
    def test_sections_are_the_same(self, locale, kind, name):
        english, other = pages.read("en", kind, name), pages.read(locale, kind, name)
        assert list(other.sections) == list(english.sections)
        assert all(other.sections.values())

    @pytest.mark.parametrize("thing", ["354", "RCPT", "lone-dot"])
    def test_shown_in_that_language(self, locale, thing):
        english, other = explain.find(thing, "en"), explain.find(thing, locale)
        assert explain.markdown(other) != explain.markdown(english)
        assert len(other.blocks) == len(english.blocks)


def test_what_a_language_lacks_is_shown_in_english():
    assert pages.find("fr", "replies", "no-such") is None
    assert pages.phrase("xx", "found-none") == pages.phrase("en", "found-none")
    assert pages.locale_of("fr_CA.UTF-8") == "fr"
    assert pages.locale_of("tlh") == "en"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("sort", ["bad", "good"])
def test_examples_run(rule, sort):
    """What a page says is reported is reported, and what it says is not is not."""
    shared = pages.read("shared", "rules", rule.name)
    examples = EXAMPLE.findall(shared[sort])
    assert examples
    for language, text in examples:
        source = Source(text.encode(), f"example.{language}")
        options = Options(extend_select=[rule.code], context=STORED)
        findings = [f for f in analyse(source, options).findings if f.rule == rule.code]
        assert bool(findings) == (sort == "bad"), text
        for finding in findings:
            assert finding.severity in SEVERITIES
            assert "{" not in finding.message
            assert finding.message
            assert finding.help


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_bad_examples_show_one_error(rule):
    """One cause, one error: a page's bad example has no second complaint of equal weight."""
    for language, text in EXAMPLE.findall(pages.read("shared", "rules", rule.name)["bad"]):
        findings = analyse(Source(text.encode(), f"example.{language}")).findings
        loud = {f.rule for f in findings if f.severity in ("error", "warning")}
        assert loud <= {rule.code}, text


def test_messages_quote_the_file_safely():
    data = (
        b"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b>\nS: 550 \x1b[31mred\xe2\x80\xae{x}\n"
    )
    (finding,) = analyse(Source(data, "a.smtp")).findings
    assert "\x1b" not in finding.message
    assert "\u202e" not in finding.message
    assert "{x}" in finding.message


def test_a_code_that_nobody_lists_is_told_by_its_class():
    composed = explain.find("299", "en")
    assert "299" in composed.title
    assert any("carried out" in text for _, text in composed.blocks)


def test_unknown_things_get_the_nearest_ones():
    assert explain.find("lonedot", "en") is None
    assert "lone-dot" in explain.nearest("lonedot")
    assert "RCPT" in explain.nearest("RCPTO")


def test_the_order_of_a_reply_codes_page():
    composed = explain.find("550", "en")
    headings = [heading for heading, _ in composed.blocks]
    wanted = ["class", "description", "when", "fix", "commands", "enhanced", "references"]
    assert headings == ["", *(pages.phrase("en", key) for key in wanted)]


def test_a_hover_shows_the_file_and_does_nothing_with_it():
    from smtp_lsp.features import hover

    evil = "<img src=x> [link](http://e) **b** `c` # h"
    data = f"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b>\nS: 550 {evil}\n".encode()
    analysis = analyse(Source(data, "a.smtp"), keep=True)
    shown = hover.hover(analysis, data.index(b"550")).markdown()
    assert "<img" not in shown.replace("\\<img", "")
    assert "[link](" not in shown
    assert "**b**" not in shown
    assert "img" in shown
