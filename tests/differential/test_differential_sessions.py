"""The sessions that are made: the same from the same seed, right where they are to be right."""

import random

import pytest
from compare import transcript
from driver import Record
from generator import cooked, order, session
from recipes import all_recipes
from rehearsal import BARE, OFFERS, rehearse

from smtp_lsp.dialects.octets import written
from smtp_lsp.dialects.utterance import CLIENT, SERVER
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

# What smtp-lsp says nothing of by default, or only once a server has refused it; the run against
# servers has classes for them. A rule that learns to speak makes this list shorter.
QUIET = {
    "bdat/too-long",
    "order/mail-behind-failed-hello",
    "syntax/empty",
    "syntax/expn",
    "syntax/field",
    "syntax/mail-unknown-keyword",
    "syntax/number",
}
RECIPES = all_recipes()


def offers_for(recipe):
    """Return offers under which a recipe is possible."""
    return OFFERS if recipe.possible(OFFERS) else BARE


def spoken(record: Record) -> set[str]:
    """Return the rules that speak of a recording, off ones too, but not of the replies."""
    options = Options(extend_select=("ALL",))
    found = analyse(Source(transcript(record), "session.smtp"), options).findings
    return {finding.rule for finding in found if finding.rule[:3] not in ("RPL", "ESC")}


def refused(record: Record, about: tuple[int, ...], reply: bytes) -> Record:
    """Return a record in which *reply* answers the steps *about*."""
    said, count = [], -1
    for who, octets in record.said:
        count += who == CLIENT
        answered = who == SERVER and count >= 0 and record.answers[count].step in about
        said.append((who, reply if answered else octets))
    return record._replace(said=tuple(said))


def test_same_seed_same_session():
    assert session(3, 14, OFFERS) == session(3, 14, OFFERS)
    assert session(3, 14, OFFERS).steps != session(4, 14, OFFERS).steps


def test_all_mistakes_within_300_sessions():
    labels = {session(5, number, OFFERS).label for number in range(300)}
    possible = {f"{r.kind}/{r.name}" for r in RECIPES if r.possible(OFFERS)}
    assert possible <= labels
    assert len(order(5)) == len(RECIPES) > 250


def test_names_are_unique():
    assert len({(recipe.kind, recipe.name) for recipe in RECIPES}) == len(RECIPES)
    assert sum(recipe.name.startswith("grid-") for recipe in RECIPES) == 48


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("offers", [OFFERS, BARE], ids=["all", "bare"])
def test_valid_sessions_are_silent(seed, offers):
    for number in range(0, 800, 8):  # each eighth is valid, whatever the seed
        made = session(seed, number, offers)
        assert made.label.startswith("valid/")
        record = rehearse(made, offers)
        found = analyse(Source(transcript(record), "session.smtp")).findings
        loud = {f.rule for f in found if f.severity in ("error", "warning")}
        assert not loud, transcript(record).decode()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.kind}/{recipe.name}")
def test_mistakes_are_told(recipe):
    offers = offers_for(recipe)
    made = cooked(recipe, random.Random(1), offers)
    record = rehearse(made, offers)
    odd = tuple(i for i, step in enumerate(made.steps) if step.about == "odd" and step.octets)
    found = spoken(record)
    for reply in (b"500 5.5.1 Command not recognized\r\n", b"501 5.5.4 Syntax error\r\n"):
        found |= spoken(refused(record, odd, reply))
    if not recipe.expects:
        loud = analyse(Source(transcript(record), "session.smtp")).findings
        assert not [f for f in loud if f.severity in ("error", "warning")]
    else:
        quiet = f"{recipe.kind}/{recipe.name}" in QUIET
        assert bool(found & recipe.expects) != quiet, (recipe.expects, found)


def test_octets_are_written_as_they_were():
    octets = b"a\rb\nc\0d\xff\\ \r\n.\r\n"
    reading = analyse(Source(written([(CLIENT, octets)]), "x.smtp"), keep=True).reading
    assert reading is not None
    assert reading.dialect.name == "octets"
