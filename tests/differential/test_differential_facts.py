"""What is noted of a recorded session, and the rows that are made of it."""

import csv

import facts
import known
import pytest
from compare import Deed, deeds
from driver import Answer, Record
from fleet import SERVERS
from script import SAY, Session, Step

from smtp_lsp.dialects.utterance import CLIENT, SERVER

HELLO = (b"EHLO client.example.com\r\n", b"250 mta.example.org\r\n")
MAIL = (b"MAIL FROM:<alice@example.com>\r\n", b"250 Ok\r\n")
RCPT = (b"RCPT TO:<bob@example.org>\r\n", b"250 Ok\r\n")
DATA = (b"DATA\r\n", b"354 go on\r\n")
FIELDS = b"From: <a@example.com>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\n\r\n"
COLUMNS = "rule", "kind", "server", "does", "code", "count", "tried", "forms"


def noted(label, expects, *steps, about=None):
    """Return what is noted of a session of (octets, reply) pairs, as (rule, did, code)."""
    said, answers, made = [(SERVER, b"220 mta.example.org\r\n")], [], []
    for number, (octets, reply) in enumerate(steps):
        said += [(CLIENT, octets), (SERVER, reply)] if reply else [(CLIENT, octets)]
        content = number == about
        made.append(Step(SAY, octets, 0 if content else 1, (), "content" if content else ""))
        codes = tuple(int(line[:3]) for line in reply.splitlines())
        answers.append(Answer(number, codes, False))
    session = Session(label, tuple(made), frozenset(expects), 0)
    found = deeds(session, Record(tuple(said), tuple(answers), ""))
    return {(deed.rule, deed.did, deed.code) for deed in found}


@pytest.mark.parametrize(
    ("reply", "did"),
    [(b"250 Ok\r\n", ("takes", 0)), (b"501 no\r\n", ("refuses", 501))],
    ids=["takes", "refuses"],
)
def test_a_command(reply, did):
    wide = (b"MAIL FROM:alice@example.com\r\n", reply)
    assert noted("syntax/x", {"CMD002"}, HELLO, wide) == {("CMD002", *did)}


def test_only_what_the_recipe_is_made_for_is_noted():
    bare = (b"MAIL FROM:alice@example.com\r\n", b"250 Ok\r\n")
    assert noted("syntax/x", {"CMD001"}, HELLO, bare) == set()
    assert noted("valid/", set(), HELLO, MAIL, RCPT) == set()


def test_a_refusal_that_is_not_about_the_order_is_not_noted():
    early = b"VRFY bob\r\n"
    assert noted("order/x", {"SEQ005"}, (early, b"252 ok\r\n")) == {("SEQ005", "takes", 0)}
    assert noted("order/x", {"SEQ005"}, (early, b"554 whom?\r\n")) == set()
    assert noted("order/x", {"SEQ003"}, HELLO, (RCPT[0], b"503 MAIL first\r\n")) == {
        ("SEQ003", "refuses", 503)
    }


@pytest.mark.parametrize(
    ("reply", "did"),
    [
        (b"250 Ok\r\n", ("ends", 0)),
        (b"451 bare LF\r\n", ("refuses", 451)),
        (b"", ("takes", 0)),
    ],
    ids=["ends", "refuses", "goes on"],
)
def test_a_false_end(reply, did):
    content = (FIELDS + b"one\n.\n", reply)
    steps = (HELLO, MAIL, RCPT, DATA, content)
    expects = {"WIR003", "WIR001"}
    found = noted("ends/grid-lf-dot-lf", expects, *steps, about=4)
    assert found == {("WIR003", *did)}


def made(*found):
    """Return the rows of deeds (server, name, did, code, line) of one rule, without versions."""
    given = [(s, Deed("CMD002", "syntax", n, d, c, line)) for s, n, d, c, line in found]
    return [tuple(row[column] for column in COLUMNS) for row in facts.rows(given)]


def test_forms_that_agree_are_one_row():
    rows = made(
        ("exim", "a", "refuses", 501, "A"),
        ("exim", "b", "refuses", 500, "B"),
        ("exim", "c", "refuses", 501, "C"),
        ("postfix", "a", "takes", 0, "A"),
    )
    assert rows == [
        ("CMD002", "syntax", "Postfix", "takes", "", "1", "1", ""),
        ("CMD002", "syntax", "Exim", "refuses", "501", "3", "3", ""),
    ]


def test_forms_that_differ_are_one_row_with_one_that_is_taken():
    rows = made(
        ("exim", "a", "refuses", 501, "A"),
        ("exim", "b", "takes", 0, "BB"),
        ("exim", "c", "takes", 0, "B "),
        ("exim", "d", "takes", 0, "A"),
    )
    assert rows == [("CMD002", "syntax", "Exim", "some", "501", "3", "4", "BB")]


def test_what_may_have_another_reason_is_left_out():
    assert made(("exim", "mail-too-long", "refuses", 555, "A")) == []


def test_cells_in_words():
    assert facts.cell("grid-crlfnul-dotnul-crcrlf") == "CRLF NUL . NUL CR CRLF"
    assert facts.cell("grid-lf-dot-crlf") == "LF . CRLF"


def test_written_as_it_is_read(tmp_path):
    path = tmp_path / "servers.csv"
    facts.write([("exim", Deed("CMD002", "syntax", "a", "takes", 0, "A"))], path)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == facts.rows(
            [("exim", Deed("CMD002", "syntax", "a", "takes", 0, "A"))]
        )


def test_facts_are_of_these_servers():
    with facts.PATH.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == facts.COLUMNS
    assert {f"{row['server']} {row['version']}" for row in rows} == set(SERVERS.values())


def test_what_is_known_and_what_is_fact_do_not_contradict():
    """A server that is known to take what a rule speaks of does not refuse all of it.

    Of the order of commands the recipes of syntax know something, too: ``DATA now``.
    """
    with facts.PATH.open(encoding="utf-8", newline="") as file:
        rows = {(r["rule"], r["kind"], r["server"]): r["does"] for r in csv.DictReader(file)}
    for server, keys in known.Known().sessions.items():
        for key in keys:
            kind, how, rule = key.split("/")
            name = SERVERS[server].rpartition(" ")[0]
            if how == "took" and kind != "order" and (rule, kind, name) in rows:
                assert rows[rule, kind, name] != "refuses", key


def test_a_class_that_is_seen_no_more_is_forgotten(tmp_path):
    table = known.Known()
    table.path = tmp_path / "known.toml"
    server, key = "exim", min(table.sessions["exim"])
    table.forget(server, {key, "no/such/class"})
    table.write()
    assert not known.Known(table.path).has(server, key)
