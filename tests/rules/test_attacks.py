"""Attacks that a message or a session can show, and the ordinary mail that looks a little alike."""

import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CASES, expected, subject_of

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.message import domain_label, hidden
from smtp_lsp.rules import SECURITY, all_rules
from smtp_lsp.session.likeness import Likeness
from smtp_lsp.text.source import Source

EXPECTATIONS = sorted((CASES / "attacks").glob("*.expect"))
RIGHT = [path for path in EXPECTATIONS if path.stem.startswith("right-")]
FAMILIES = (
    *("spoofing", "homograph", "hidden_text", "file_name", "content_injection", "downgrade"),
)
LOUD = ("error", "warning")
RULES = [
    rule
    for rule in all_rules()
    if rule.check.__module__.rpartition(".")[2] in FAMILIES and rule.severity in LOUD
]
INTERNATIONAL = sorted(CASES.glob("international/*.eml"))


def found(data, name, options=None):
    """Return what is found of attacks: security is asked for alone."""
    options = options or Options(select=[SECURITY])
    return sorted(
        (finding.range.start.line, finding.rule, finding.severity)
        for finding in lint(Source(data, name), options)
        if finding.severity in LOUD
    )


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    subject = subject_of(path)
    assert found(subject.read_bytes(), subject.name) == expected(path)


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_what_is_right_is_silent_by_default(path):
    subject = subject_of(path)
    assert found(subject.read_bytes(), subject.name, Options()) == expected(path)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_cases(rule):
    rows = [row for path in EXPECTATIONS for row in expected(path)]
    assert sum(row[1] == rule.code for row in rows) >= 2
    assert rule.category == SECURITY


@pytest.mark.parametrize("path", INTERNATIONAL, ids=lambda path: path.stem)
@pytest.mark.parametrize("options", [Options(), Options(select=[SECURITY])], ids=["default", "all"])
def test_ordinary_mail_of_every_script_is_silent(path, options):
    codes = {rule.code for rule in RULES} if options.select is None else None
    rows = found(path.read_bytes(), path.name, options)
    assert not [row for row in rows if codes is None or row[1] in codes]


def test_there_is_ordinary_mail_of_many_scripts():
    assert len(INTERNATIONAL) >= 50


# -- Rules that answer to security besides their own category -----------------------------------


def test_abused_rules_answer_to_security_and_keep_their_category():
    abused = [rule for rule in all_rules() if rule.abused]
    assert {"single-occurrence", "address-separators", "no-nul"} <= {rule.name for rule in abused}
    asked = Options(select=[SECURITY]).enabled()
    for rule in abused:
        assert rule.code in asked
        assert rule.category != SECURITY
        assert rule.categories == (rule.category, SECURITY)


# -- Labels -------------------------------------------------------------------------------------


@given(st.binary(max_size=80))
def test_any_label_is_judged(octets):
    for label in (octets, b"xn--" + octets):
        domain_label.fault(label) if domain_label.is_a_label(label) else None
        domain_label.look(label, b"com")
        domain_label.scripts_of(label)


LETTERS = (
    "abcäöüßçşğıøåæœñéèêðþłžčřďťňőű"
    + "абвгдежзийклмнопрстуфхцчшщъыьэюя"
    + "αβγδεζηθικλμνξοπρστυφχψω"
)


@given(st.text(LETTERS, min_size=1, max_size=20))
def test_what_encodes_canonically_is_an_a_label(text):
    if not text.isascii():
        label = b"xn--" + text.encode("punycode")
        assert len(label) > domain_label.LONGEST or not domain_label.fault(label)


@pytest.mark.parametrize("top", ["ru", "ua", "xn--p1ai", "рф"])
def test_a_word_is_at_home_under_its_own_domains(top):
    assert domain_label.look("сахар".encode(), top.encode()) == ("", "")
    assert domain_label.look("сахар".encode(), b"com") == ("whole", "caxap")


@pytest.mark.parametrize(
    ("label", "key"), [("p\u0430ypal", "mixed"), ("ｐａｙｐａｌ", "whole"), ("аррӏе", "")]
)
def test_less_is_said_without_the_list_of_what_looks_alike(monkeypatch, label, key):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for function in (domain_label.look, domain_label._alike):
        function.cache_clear()
    try:
        assert domain_label.look(label.encode(), b"com")[0] == key
    finally:
        for function in (domain_label.look, domain_label._alike):
            function.cache_clear()


def test_the_list_is_read_when_a_label_asks_for_it():
    domain_label.look.cache_clear()
    domain_label._alike.cache_clear()
    assert found(b"From: a@xn--mnchen-3ya.example\n\n", "a.eml", Options()) is not None
    assert domain_label._alike.cache_info().misses == 1
    domain_label._alike.cache_clear()
    found(b"From: a@b.example\n\n", "a.eml", Options())
    assert domain_label._alike.cache_info().misses == 0


def test_no_pattern_of_sessions_has_such_a_label():
    session = (
        b"S: 220 a.example\nC: EHLO c.example\nS: 250 a.example\nC: MAIL FROM:<a@b.example>\n"
        b"S: 250 Ok\nC: QUIT\nS: 221 a.example\n"
    )
    pattern = Likeness(b"C: ", b"S: ").pattern(session)
    assert pattern is not None
    assert pattern.fullmatch(session.replace(b"b.example", b"d.example"))
    for label in (b"xn--0049", b"XN--0049", b"mail.xn--0049"):
        assert not pattern.fullmatch(session.replace(b"b.example", label + b".example"))


# -- What is not seen -----------------------------------------------------------------------------


@given(st.text("ab\u05d0\u0915 .\u200b\u200c\u200d\u200e\u202a\u202c\u202e\u2066\u2069\U000e0041"))
def test_any_text_is_judged(text):
    seen = hidden.find(text)
    assert seen is None or seen[1] in text
    assert hidden.in_address(text) in text


def test_no_hidden_character_is_shown_by_a_finding():
    data = "From: =?utf-8?B?4oCubW9jLmtuYWI=?= <a@b.example>\nSubject: a\u200bb\n\n".encode()
    for finding in lint(Source(data, "a.eml"), Options(select=[SECURITY])):
        assert not set(finding.message) & {"\u202e", "\u200b"}
