"""Tables equal their facts; the statements that rules rest on are mapped."""

from smtp_lsp import registry
from smtp_lsp.registry import generate
from smtp_lsp.rules import all_rules

# Categories whose checkable rows all have a rule by now.
DONE = ("client-order", "server-reply", "enhanced-status", "wire-content", "security")

# Of message headers: what must be there and how often, the shape of fields and lines, octets.
HEADER = {
    *("date-required", "from-required", "message-id-present", "sender-if-many-from"),
    *("single-occurrence", "resent-block-required", "resent-sender-if-many"),
    *("return-path-single", "tls-required-single", "field-name-chars", "no-space-before-colon"),
    *("header-body-separator", "folding-before-wsp", "no-blank-fold", "line-998", "line-78"),
    "null-char-message",
}


def test_tables_equal_facts():
    for name, table in generate.tables().items():
        assert registry.table(name) == table, name
        path = generate.TABLES / f"{name}.py"
        assert path.read_text("utf-8") == generate.module(name, table), name


def test_every_checkable_statement_of_a_finished_category_has_a_rule():
    for row in registry.table("statements"):
        if row["category"] in DONE and row["checkable"] == "yes":
            assert row["code"], row["slug"]


def test_every_statement_on_headers_that_is_checked_has_a_rule():
    rows = {row["slug"]: row for row in registry.table("statements")}
    assert set(rows) >= HEADER
    for slug in HEADER:
        assert rows[slug]["code"][:3] in ("HDR", "WIR"), slug


def test_the_mapping_and_the_rules_agree():
    by_slug = {row["slug"]: row for row in registry.table("statements")}
    answered = {}
    for rule in all_rules():
        for slug in rule.aliases:
            assert slug in by_slug, slug
        for slug in (rule.name, *rule.aliases):
            if slug in by_slug:
                answered[slug] = (rule.name, rule.code)
    for slug, row in by_slug.items():
        assert (row["rule"], row["code"]) == answered.get(slug, ("", "")), slug


def test_codes_and_names_are_given_once():
    rules = all_rules()
    words = [word for rule in rules for word in (rule.code, rule.name, *rule.aliases)]
    assert len(words) == len(set(words))
    for rule in rules:
        assert len(rule.code) == 6
        assert rule.code[:3].isupper()
        assert rule.code[3:].isdigit()


def test_questions():
    assert registry.reply_code(354)["commands"] == ["DATA"]
    assert registry.reply_code(999) is None
    assert registry.command("RCPT")["verb"] == "RCPT"
    assert registry.command("rcpt") is None
    assert registry.replies_to("DATA")["intermediate"] == [354]
    assert registry.enhanced_code("5.1.1")["name"]
    assert registry.enhanced_code("5.99.1") is None
    assert registry.enhanced_class("4")["name"] == "Persistent Transient Failure"
