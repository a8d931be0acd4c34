"""The protocol's table is whole: every event in every phase is allowed or has its reason."""

import pytest

from smtp_lsp import pages, registry
from smtp_lsp.grammar.speech import EVENTS
from smtp_lsp.rules import all_rules
from smtp_lsp.rules.sequence import REASONS
from smtp_lsp.session import phases


@pytest.mark.parametrize("event", phases.TABLE)
def test_every_cell_is_listed(event):
    assert len(phases.TABLE[event]) == len(phases.PHASES)
    for phase in phases.PHASES:
        cell = phases.CELLS[event][phase]
        assert isinstance(cell, str)
    assert event in phases.EFFECTS


def test_every_verb_has_an_event_and_every_event_a_row():
    assert set(registry.verbs()) <= set(EVENTS)
    assert set(EVENTS.values()) <= set(phases.TABLE)


def test_no_phase_is_unreachable():
    reached = {phases.CONNECTED, phases.READY, phases.GREETED}
    for effects in phases.EFFECTS.values():
        reached.update(target for target in effects.values() if target > 0)
    reached.add(phases.after("QUIT", phases.READY, 421))
    assert reached == set(phases.PHASES)


def test_where_the_facts_accept_a_verb_the_table_does():
    """``facts/commands.toml`` lists per state what it accepts; the table says the same."""
    names = {
        "refused": phases.REFUSED,
        "ready": phases.READY,
        "mail": phases.MAIL,
        "rcpt": phases.RCPT,
        "bdat": phases.BDAT,
    }
    states = {row["state"]: row for row in registry.table("commands")["state"]}
    for name, phase in names.items():
        for verb in states[name]["accepts"]:
            event = EVENTS[verb]
            assert phases.CELLS[event][phase] == phases.OK, (name, verb)


def test_a_set_of_phases_allows_what_any_of_them_allows():
    assert phases.obstacle("DATA", phases.ANYWHERE) == phases.OK
    assert phases.obstacle("DATA", phases.READY | phases.MAIL) == phases.NO_RCPT
    assert phases.obstacle("DATA", phases.GREETED) == phases.NO_HELLO
    assert phases.allowed("DATA", phases.ANYWHERE) == phases.RCPT


def test_421_closes_from_anywhere():
    for event in phases.EFFECTS:
        assert phases.after(event, phases.READY, 421) == phases.CLOSED


@pytest.mark.parametrize("locale", pages.LOCALES)
def test_every_reason_has_words(locale):
    for code, reasons in REASONS.items():
        rule = next(rule for rule in all_rules() if rule.code == code)
        page = pages.find(locale, "rules", rule.name)
        assert set(reasons) <= set(pages.entries(page["messages"]))
