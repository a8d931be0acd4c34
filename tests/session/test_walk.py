"""The walk: pairing, recipients, states. What it finds wrong is in the cases."""

from smtp_lsp.dialects import detect
from smtp_lsp.session import phases
from smtp_lsp.session.walk import walk
from smtp_lsp.text.source import Source

HEAD = "S: 220 mx\nC: EHLO a\nS: 250-mx\nS: 250-PIPELINING\nS: 250 SIZE 1000\n"
ENVELOPE = "C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RCPT TO:<c@d.example>\nS: 250 ok\n"
CONTENT = "C: DATA\nS: 354 go\nC: Subject: x\nC:\nC: 250 OK\nC: QUIT\nC: .\nS: 250 queued\n"


def sessions(text):
    reading = detect.read(Source(text.encode()))
    return list(walk(reading))


def shape(session):
    return [(e.event, [reply.code for reply in e.replies]) for e in session.exchanges]


def test_a_plain_session():
    (session,) = sessions(HEAD + ENVELOPE + CONTENT + "C: QUIT\nS: 221 bye\n")
    assert shape(session) == [
        ("GREETING", [220]),
        ("HELLO", [250]),
        ("MAIL", [250]),
        ("RCPT", [250]),
        ("DATA", [354]),
        ("END", [250]),
        ("QUIT", [221]),
    ]
    assert session.exchanges[1].after.offers == {b"PIPELINING", b"SIZE"}
    assert session.exchanges[-1].after.phases == phases.CLOSED
    assert bytes(session.exchanges[4].content.view) == b"Subject: x\n\n250 OK\nQUIT\n"
    assert session.violations == []


def test_transactions_and_their_recipients():
    (session,) = sessions(HEAD + ENVELOPE + CONTENT + ENVELOPE + CONTENT)
    first, second = session.transactions()
    assert [e.event for e in first.exchanges] == ["MAIL", "RCPT", "DATA", "END"]
    assert [e.path() for e in second.recipients()] == [b"<c@d.example>"]


def test_pipelined_replies_are_paired_in_order():
    group = (
        "C: MAIL FROM:<a@b.example>\nC: RCPT TO:<c@d.example>\nC: RCPT TO:<e@f.example>\nC: DATA\n"
    )
    (session,) = sessions(HEAD + group + "S: 250 a\nS: 550 b\nS: 250 c\nS: 354 d\nC: .\nS: 250 e\n")
    assert [codes for _, codes in shape(session)[2:]] == [[250], [550], [250], [354], [250]]
    assert session.exchanges[5].before.recipients == 1


def test_a_lost_reply_does_not_shift_the_rest():
    text = HEAD + "C: MAIL FROM:<a@b.example>\nC: RCPT TO:<c@d.example>\nS: 250 ok\n" + CONTENT
    (session,) = sessions(text)
    assert ("DATA", [354]) in shape(session)
    assert session.violations == []


def test_lmtp_has_a_reply_for_each_recipient():
    text = "S: 220 mx\nC: LHLO a\nS: 250 mx\n" + ENVELOPE + "C: RCPT TO:<e@f.example>\nS: 250 ok\n"
    (session,) = sessions(text + CONTENT + "S: 452 full\nC: QUIT\nS: 221 bye\n")
    assert ("END", [250, 452]) in shape(session)


def test_auth_responses_belong_to_auth():
    text = HEAD + "C: AUTH LOGIN\nS: 334 VXNl\nC: QUIT\nS: 334 UGFz\nC: c2VjcmV0\nS: 235 ok\n"
    (session,) = sessions(text)
    auth = session.exchanges[2]
    assert [reply.code for reply in auth.replies] == [334, 334, 235]
    assert [bytes(line) for line in auth.responses] == [b"QUIT", b"c2VjcmV0"]
    assert auth.after.authenticated


def test_starttls_forgets_everything():
    (session,) = sessions(HEAD + "C: STARTTLS\nS: 220 go\n")
    after = session.exchanges[-1].after
    assert (after.phases, after.tls, after.offers) == (phases.TLS, True, None)


def test_each_session_of_a_file_has_its_own_state():
    one = HEAD + ENVELOPE + "C: QUIT\nS: 221 bye\n"
    first, second = sessions(one + one)
    assert shape(first) == shape(second)
    assert first.violations == second.violations == []


def test_a_hello_behind_quit_begins_a_session_without_greeting():
    found = sessions(HEAD + "C: QUIT\nS: 221 bye\nC: EHLO b\nS: 250 mx\n")
    assert len(found) == 2


def test_530_is_remembered_as_what_was_demanded():
    text = (
        HEAD
        + "C: MAIL FROM:<a@b.example>\nS: 530 5.7.0 Must issue STARTTLS first\n"
        + "C: DATA\nS: 503 no\n"
    )
    (session,) = sessions(text)
    assert [v.reason for v in session.violations] == ["tls-demanded"]
