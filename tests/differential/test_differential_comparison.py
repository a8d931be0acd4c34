"""The comparison itself: recordings made by hand, and the classes that they must give."""

import figures
import known
import pytest
from compare import OURS, compare
from driver import Answer, Record
from fleet import SERVERS
from script import SAY, Session, Step

from smtp_lsp.dialects.utterance import CLIENT, SERVER

HELLO = (b"EHLO client.example.com\r\n", b"250-mta.example.org\r\n250 SIZE 1000\r\n")
MAIL = b"MAIL FROM:<alice@example.com>\r\n"
RCPT = b"RCPT TO:<bob@example.org>\r\n"
FIELDS = (
    b"From: <alice@example.com>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\n"
    b"Message-ID: <1@example.com>\r\n\r\n"
)


def keys(label, *exchanges, expects=("any",), about=()):
    """Return the classes that a session of these exchanges gives."""
    said, steps, answers = [(SERVER, b"220 mta.example.org ESMTP\r\n")], [], []
    for number, (octets, reply) in enumerate(exchanges):
        said += [(CLIENT, octets), (SERVER, reply)]
        final = [line for line in reply.splitlines() if line[3:4] != b"-"]
        steps.append(Step(SAY, octets, 1, (), dict(about).get(number, "")))
        answers.append(Answer(number, tuple(int(line[:3]) for line in final), False))
    session = Session(label, tuple(steps), frozenset(expects), 0)
    rows = compare(session, Record(tuple(said), tuple(answers), ""))
    return {row.key for row in rows if row.key}


def test_agreement_has_no_key():
    assert not keys("order/rcpt-no-mail", HELLO, (RCPT, b"503 5.5.1 need MAIL\r\n"))


def test_taken_though_out_of_order():
    assert keys("order/nested-mail", HELLO, (MAIL, b"250 Ok\r\n"), (MAIL, b"250 Ok\r\n")) == {
        "order/took/SEQ004"
    }


def test_taken_behind_a_chunk_that_was_refused():
    """Of such a chunk nobody knows what is left, so that is no transaction like another."""
    hello = (HELLO[0], b"250-mta.example.org\r\n250 CHUNKING\r\n")
    begun = (MAIL, b"250 Ok\r\n"), (RCPT, b"250 Ok\r\n")
    chunk = (b"BDAT 0\r\n", b"551 5.7.1 Null BDAT request\r\n")
    assert keys("order/nested-mail", hello, *begun, chunk, (MAIL, b"250 Ok\r\n")) >= {
        "order/took/SEQ-follows"
    }


def test_refused_though_in_order():
    found = keys("valid/", HELLO, (MAIL, b"503 5.5.1 not now\r\n"), expects=())
    assert found == {"order/refused-503/MAIL-ready"}


def test_reply_does_not_judge_itself():
    """A DATA in order that is refused with 503 is no agreement, whatever SEQ001 makes of it."""
    data = (b"DATA\r\n", b"503 5.5.1 no\r\n")
    found = keys("valid/", HELLO, (MAIL, b"250 Ok\r\n"), (RCPT, b"250 Ok\r\n"), data, expects=())
    assert found == {"order/told/DATA-rcpt"}


def test_refused_otherwise():
    found = keys("syntax/x", HELLO, (b"MAIL FROM:alice@example.com\r\n", b"550 no\r\n"))
    assert found == {"syntax/called-550/CMD002"}


def test_complaint_about_a_faultless_session():
    wide = b"MAIL FROM: <alice@example.com>\r\n"
    assert keys("valid/", HELLO, (wide, b"250 Ok\r\n"), expects=()) == {"syntax/alarm/CMD001"}


@pytest.mark.parametrize(
    ("octets", "reply", "key"),
    [
        (b"one\r\n.\r\n", b"250 Ok\r\n", ""),
        (b"one\n.\nNOOP\r\n.\r\n", b"250 Ok\r\n250 Ok\r\n500 what\r\n", "ends/early/x"),
        (b"one\n.\nNOOP\r\n.\r\n", b"250 Ok\r\n", "ends/took/WIR003"),
        (b"one\n.\nNOOP\r\n.\r\n", b"451 bare LF\r\n", ""),
        (b"one\r\n.\r\n", b"554 no\r\n", "ends/refused-554/x"),
    ],
    ids=["end", "false end", "content", "refused", "refused without a reason"],
)
def test_ends_of_content(octets, reply, key):
    content = (FIELDS + octets, reply)
    data = (b"DATA\r\n", b"354 go on\r\n")
    steps = (HELLO, (MAIL, b"250 Ok\r\n"), (RCPT, b"250 Ok\r\n"), data, content)
    assert keys("ends/x", *steps, about=[(4, "content")]) == ({key} if key else set())


def test_every_known_class_has_its_sentence():
    table = known.Known()
    used = {key for keys in table.sessions.values() for key in keys}
    assert used == set(table.sentences)
    assert not [key for key, sentence in table.sentences.items() if not sentence]
    assert set(table.sessions) == set(SERVERS)


def test_no_known_class_is_a_mistake_of_ours():
    table = known.Known()
    assert not [key for key in table.sentences if key.split("/")[1] in OURS]


def test_known_classes_are_written_as_they_are_read(tmp_path):
    table = known.Known()
    table.path = tmp_path / "known.toml"
    table.learn("exim", "order/took/SEQ999", 'C: "\\r'.replace("\\", "\\\\"))
    table.write()
    again = known.Known(table.path)
    assert (again.sessions, again.sentences) == (table.sessions, table.sentences)


def test_readme_says_what_is_known():
    assert figures.ways(known.Known()) in figures.README.read_text("utf-8")
