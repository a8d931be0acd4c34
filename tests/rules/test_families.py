"""Which families are loaded for what: every rule is asked, and none is loaded in vain."""

import pytest

from smtp_lsp import rules
from smtp_lsp.rules import FAMILIES, MESSAGE, OF_MESSAGES, ONLY_OF_MESSAGES


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
