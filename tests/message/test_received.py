"""Received: clauses, comments and the date, as hosts write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lexis import PIECES, view

from smtp_lsp.message import received

DATE = b"; Mon, 2 Mar 2026 10:00:00 +0000"

# As Postfix, Exim, Sendmail, qmail, Gmail and RFC 5321 appendix D write it.
RIGHT = [
    b"from mx.example (mx.example [192.0.2.1])\r\n\tby me.example (Postfix) with ESMTPS"
    b" id 4ABCDE\r\n\tfor <a@b.example>",
    b"from mx.example ([192.0.2.1] helo=mx)\r\n\tby me.example with esmtps  (TLS1.3) tls"
    b" TLS_AES_256_GCM_SHA384\r\n\t(Exim 4.96)\r\n\t(envelope-from <a@b>)\r\n\tid 1abc-000-1f"
    b"\r\n\tfor a@b.example",
    b"by 2002:a05:6402:1234:b0:3f with SMTPS id abc-123.45.2026.03.02",
    b"from bar.com by foo.com",
    b"from [192.0.2.1] by foo.com with LMTP id <x@y>",
    b"(qmail 1234 invoked by uid 89)",
    b"(from root@localhost) by mx.example (8.17/8.17) id 4ABC",
    b"from unknown (HELO x) (192.0.2.1) by mx.example with SMTP",
    b"",
]


@pytest.mark.parametrize("data", RIGHT)
def test_nothing_wrong(data):
    found = received.read(view(b" " + data + DATE))
    wrong = [defect for defect in found.defects if defect.sort != received.UNKNOWN_PROTOCOL]
    assert not wrong
    assert found.date is not None
    assert found.date.utc == 1772445600


def test_clauses():
    found = received.read(view(b" " + RIGHT[0] + DATE))
    said = {bytes(clause.name): bytes(clause.value) for clause in found.clauses}
    assert said == {
        b"from": b"mx.example",
        b"by": b"me.example",
        b"with": b"ESMTPS",
        b"id": b"4ABCDE",
        b"for": b"<a@b.example>",
    }
    domain, literal = found.clause(b"from").tcp_info
    assert (bytes(domain), bytes(literal)) == (b"mx.example", b"[192.0.2.1]")
    assert [bytes(c) for c in found.clause(b"by").comments] == [b"(Postfix)"]
    assert received.is_tidy(view(b" " + RIGHT[0] + DATE))


@pytest.mark.parametrize(
    ("data", "sort", "place"),
    [
        (b"from a by b", received.MISSING_SEMICOLON, b"b"),
        (b"from a by b;", received.MISSING_DATE, b";"),
        (b"from a by b; (x)", received.MISSING_DATE, b";"),
        (b"from a by b; x" + DATE, received.EXTRA_SEMICOLON, b";"),
        (b"by b with ESMTP id c" + DATE, received.MISSING_FROM, b"with"),
        (b"from b with SMTP id c" + DATE, received.MISSING_BY, b"with"),
        (b"from a by b by c" + DATE, received.REPEATED_CLAUSE, b"by"),
        (b"by b from a" + DATE, received.MISORDERED_CLAUSE, b"from"),
        (b"from (x) by b" + DATE, received.EMPTY_CLAUSE, b"from"),
        (b"from a b by c" + DATE, received.EXTRA_WORDS, b"a b"),
        (b"hello from a by b" + DATE, received.TEXT_BEFORE_CLAUSES, b"hello"),
        (b"from a by b with HTTP" + DATE, received.UNKNOWN_PROTOCOL, b"HTTP"),
        (b"from a by b via pigeon" + DATE, received.UNKNOWN_LINK, b"pigeon"),
        (b"from a by b for <c@d>, <e@f>" + DATE, received.SEVERAL_FOR, b"<c@d>, <e@f>"),
        (b"from a by b; 2 Mar 2026 10:00 GMT", "obsolete-zone", b"GMT"),
        (b"from a (b by c" + DATE, "unterminated-comment", b"("),
        (b"from a\0b by c" + DATE, "nul", b"\0"),
    ],
)
def test_one_defect(data, sort, place):
    found = received.read(view(data, b" ", b" "))
    kept = [defect for defect in found.defects if defect.sort == sort]
    allowed = {sort, received.EXTRA_WORDS} if sort == received.EXTRA_SEMICOLON else {sort}
    assert {defect.sort for defect in found.defects} <= allowed
    assert bytes(kept[0].view) == place


WORDS = st.sampled_from(
    [
        *(b"from ", b"by ", b"with ", b"id ", b"for ", b"mx.example ", b"[192.0.2.1] ", b"(x) "),
        *(b"ESMTP ", b"HTTP ", b"<a@b>", b"\r\n\t", b"from", b"; ", DATE, b"by"),
    ]
)


@given(st.one_of(PIECES, st.lists(WORDS, max_size=14).map(b"".join)))
def test_tidy_means_no_defects(data):
    value = view(data, b" ", b";")
    found = received.read(value)
    for defect in found.defects:
        assert value.start <= defect.view.start <= defect.view.end <= value.end
    if received.is_tidy(value):
        assert not found.defects


@given(
    st.lists(st.sampled_from([b"", b" (x)", b" (x (y) z)"]), min_size=4, max_size=4),
    st.sampled_from([b"ESMTP", b"esmtpsa", b"UTF8SMTPS", b"LMTP"]),
)
def test_what_servers_write_is_tidy(comments, protocol):
    one, two, three, four = comments
    data = b" from mx.example%b by me.example%b with %b%b id 4A%b" % (
        one,
        two,
        protocol,
        three,
        four,
    )
    value = view(data + DATE)
    assert received.is_tidy(value)
    assert not received.read(value).defects


def test_the_registry_is_known():
    assert {b"ESMTPSA", b"UTF8LMTP", b"MMS"} <= received.protocols()
    assert b"TCP" in received.links()


@pytest.mark.parametrize("data", [b"by " * 20_000, b"(" * 100_000, b";" * 20_000, b"a " * 20_000])
def test_long(data):
    assert received.read(view(data)).defects
