"""What the rules say of themselves holds for those that are on by default."""

from smtp_lsp.dialects.reading import LINE_ENDS
from smtp_lsp.rules import all_rules


def test_no_rule_that_is_on_by_default_keeps_sessions_from_being_passed_over():
    """Where the octets of the wire are kept, lines are few; other logs are large."""
    thorough = [rule for rule in all_rules() if rule.default and rule.thorough]
    assert [rule.code for rule in thorough if not rule.needs & LINE_ENDS] == []
