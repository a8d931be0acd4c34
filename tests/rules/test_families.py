"""Which families are loaded for what: every rule is asked, and none is loaded in vain."""

import pytest

from smtp_lsp import rules
from smtp_lsp.lint.options import Options
from smtp_lsp.rules import (
    FAMILIES,
    MESSAGE,
    OF_MESSAGES,
    ONLY_OF_MESSAGES,
    TRAITS_OF_FAMILIES,
    traits,
)


def shapes(rule):
    return set(rule.shape) if isinstance(rule.shape, tuple) else {rule.shape}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_loaded_where_it_has_rules(family):
    module = f"smtp_lsp.rules.{family}"
    judged = set().union(*(shapes(r) for r in rules.all_rules() if r.check.__module__ == module))
    assert (MESSAGE in judged) == (family in OF_MESSAGES)
    assert (judged == {MESSAGE}) == (family in ONLY_OF_MESSAGES)


@pytest.mark.parametrize("shape", ["source", "line", "session", "content", "message"])
def test_the_rules_of_a_shape_are_in_the_order_of_the_list(shape):
    assert rules.shaped(shape) == [r for r in rules.all_rules() if shape in shapes(r)]


@pytest.mark.parametrize("family", sorted(ONLY_OF_MESSAGES))
def test_a_family_is_passed_over_by_what_its_rules_look_for(family):
    module = f"smtp_lsp.rules.{family}"
    own = [r for r in rules.all_rules() if r.check.__module__ == module and r.default]
    if all(rule.traits for rule in own):
        union = 0
        for rule in own:
            union |= rule.traits
        assert TRAITS_OF_FAMILIES[family] == union
    else:
        assert family not in TRAITS_OF_FAMILIES


def test_what_compares_with_the_envelope_needs_one():
    """By this the skim knows whether a rule looks beyond the octets of a message."""
    thorough = [rule for rule in rules.all_rules() if rule.thorough and MESSAGE in shapes(rule)]
    assert thorough
    assert {rule.traits for rule in thorough} == {traits.ENVELOPE}


def test_nothing_is_selected_but_what_is_asked_for():
    """Loading some families only finds the rules that loading all of them does."""
    every = 2**40 - 1
    chosen = [rule for rule, _ in Options().rules_for(every)]
    assert chosen == [rule for rule, _ in Options().rules(MESSAGE)]
    codes = {rule.code for rule, _ in Options(extend_select=["HDR021"]).rules_for(0)}
    assert "HDR021" in codes
