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


def every_violation():
    """Yield each event and reason that the judge can come to, by the table and what refines it."""
    from smtp_lsp.session import judge, reasons

    refined = {
        phases.NO_RCPT: [reasons.ALL_REFUSED],
        phases.NO_MAIL: [
            reasons.TLS_DEMANDED,
            reasons.AUTH_DEMANDED,
            reasons.MAIL_REFUSED,
            reasons.AFTER_RSET,
            reasons.AFTER_HELLO,
            reasons.AFTER_MESSAGE,
        ],
    }
    for event, row in phases.TABLE.items():
        for reason in sorted(set(row) - {phases.OK, phases.NO_CONTENT}):
            elsewhere = reason in (phases.REFUSED_GREETING, phases.AFTER_QUIT)
            if event in ("GREETING", "END") or (event not in judge._ORDERED and not elsewhere):
                continue
            # A client that speaks before the greeting is judged when its reply comes, and
            # by then the greeting is there; only content is told apart by it.
            if reason == phases.NO_GREETING and event not in judge._CONTENT_EVENTS:
                continue
            # No state holds AUTH: while an exchange goes on, every line is a response.
            if reason == phases.AUTH_UNDER_WAY:
                continue
            for each in [reason, *refined.get(reason, [])]:
                yield "DATA" if reason == phases.IN_CONTENT else event, each
    yield from (("DATA", reasons.ARGUMENTS), ("DATA", reasons.REFUSED_503))
    yield from (("BDAT", reasons.REFUSED_503), ("RCPT", reasons.REFUSED_503))
    for reason in (reasons.CONTENT_BEFORE_354, reasons.CONTENT_AFTER_REFUSED):
        yield "DATA", reason
    yield from (("DATA", reasons.MAIL_IN_CONTENT), ("REPLY", reasons.STRAY_354))
    yield "CONTENT", reasons.NO_DOT
    for reason in (reasons.EARLY, reasons.NO_354, reasons.TRAILING_BLANK, reasons.OUTSIDE):
        yield "DOT", reason


@pytest.mark.parametrize(("event", "reason"), sorted(set(every_violation())))
def test_every_violation_has_exactly_one_rule_with_words_for_it(event, reason):
    """One that nobody reports would swallow what follows from it without a word."""
    from smtp_lsp.dialects import detect
    from smtp_lsp.rules import SESSION
    from smtp_lsp.session.tree import Exchange, Session, Violation
    from smtp_lsp.text.source import Source
    from smtp_lsp.text.view import Buffer, View

    reading = detect.read(Source(b"S: 220 mx\nC: EHLO a\n"))
    session = Session(reading)
    exchange = Exchange(event, None)
    session.violations.append(Violation(event, reason, View(Buffer(b"DATA"), 0, 4), exchange))
    told = []
    for rule in all_rules():
        if SESSION in rule.shape:
            told += [(rule.name, hit.key) for hit in rule.check(session)]
    assert len(told) == 1, told
    for locale in pages.LOCALES:
        name, key = told[0]
        assert key in pages.entries(pages.read(locale, "rules", name)["messages"])
