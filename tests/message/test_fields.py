"""Fields by name, and what each says by the syntax that its name gives it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lexis import PIECES, view

from smtp_lsp import message, registry
from smtp_lsp.message import keyword, lexis, mailing_list, syntax

# The facts' words for a syntax, and ours.
KINDS = {
    "address-list": syntax.ADDRESSES,
    "address-list or empty": syntax.ADDRESSES,
    "addr-spec": syntax.ADDRESSES,
    "mailbox-list": syntax.ADDRESSES,
    "mailbox": syntax.ADDRESSES,
    "path": syntax.PATH,
    "date-time": syntax.DATE,
    "msg-id": syntax.IDENTIFIERS,
    "msg-id-list": syntax.IDENTIFIERS,
    'trace: tokens ";" date-time': syntax.RECEIVED,
    "tag-list": syntax.TAGS,
    "authserv-id and results": syntax.RESULTS,
    "instance + auth-results": syntax.RESULTS,
    "URL list in < >": syntax.URIS,
    "URL list in < > or NO": syntax.URIS,
    "URI in < >": syntax.URIS,
    "[phrase] <list-id>": syntax.LIST_ID,
    "phrase-list": syntax.PHRASES,
    "media-type with parameters": syntax.MEDIA,
    "disposition with parameters": syntax.MEDIA,
    "unstructured": syntax.UNSTRUCTURED,
}
WORDS = (syntax.KEYWORD, syntax.STRUCTURED)

ROWS = [row for row in registry.table("header_fields") if row["kind"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_table_agrees_with_the_facts(row):
    kind = row["kind"].partition(" (")[0]
    found = syntax.of(row["name"].lower())
    if kind in KINDS:
        assert found == KINDS[kind]
    else:
        assert found in WORDS
        assert row["structure"] == "structured"


def test_named():
    parsed = message.parse(b"Received: a\nTO: b\nreceived: c\n\nReceived: d\n")
    assert [bytes(field.value) for field in parsed.named("Received")] == [b" a", b" c"]
    assert parsed.named("Cc") == []
    assert parsed.field("To") is parsed.named("to")[0]


HEADER = b"""From: A <a@b.test>
Date: Mon, 2 Mar 2026 10:00:00 +0000
Message-ID: <a@b.test>
Return-Path: <a@b.test>
Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0000
DKIM-Signature: v=1; d=b.test
Authentication-Results: b.test; spf=pass
List-Unsubscribe: <mailto:x@y.test>
List-Id: A list <a.b.test>
Auto-Submitted: no
Subject: hello
Content-Type: text/plain
"""


def test_readers():
    parsed = message.parse(HEADER)
    fields = {field.key: field for field in parsed.fields}
    assert all(field.is_tidy() and not field.defects for field in parsed.fields)
    assert fields["from"].addresses.mailboxes[0].name == "A"
    assert fields["date"].date.utc == fields["received"].received.date.utc
    assert bytes(fields["message-id"].identifiers.identifiers[0]) == b"a@b.test"
    assert bytes(fields["return-path"].path.domain) == b"b.test"
    assert fields["dkim-signature"].tags.tag(b"d").octets == b"b.test"
    assert bytes(fields["authentication-results"].results.server) == b"b.test"
    assert [bytes(u) for u in fields["list-unsubscribe"].uris.uris] == [b"mailto:x@y.test"]
    assert bytes(fields["list-id"].list_id.identifier) == b"a.b.test"
    assert bytes(fields["auto-submitted"].keyword) == b"no"
    assert fields["from"].addresses is fields["from"].addresses


def test_encoded_words_by_syntax():
    parsed = message.parse(b"Subject: =?utf-8?q?a=C3=A9?=\nDate: =?utf-8?q?a?=\nX: b\n")
    subject, date, other = parsed.fields
    assert subject.text == "aé"
    assert not subject.is_tidy()
    assert [word.defects for word in subject.encoded_words] == [[]]
    assert [d.sort for d in date.encoded_words[0].defects] == ["encoded-word-in-wrong-place"]
    assert other.encoded_words == []


@pytest.mark.parametrize("name", ["References", "List-Unsubscribe"])
def test_what_an_encoded_word_hides_is_told_as_such_alone(name):
    (field,) = message.parse(
        f"{name}: =?utf-8?q?<a=40b>_<c=40d?=\n =?utf-8?q?>?=\n".encode()
    ).fields
    assert not field.defects
    assert [d.sort for word in field.encoded_words for d in word.defects] == [
        "encoded-word-in-wrong-place"
    ] * 2


NAMES = st.sampled_from([*syntax.BY_NAME, "subject", "x-other"])


@given(NAMES, PIECES)
def test_tidy_means_no_defects(name, data):
    value = view(data, b" ", b" ")
    field = message.Field(re.compile(rb"( *)").match(b""), value, name)
    tidy = field.is_tidy()
    for defect in field.defects:
        assert value.start <= defect.view.start <= defect.view.end <= value.end
    assert not (tidy and (field.defects or field.encoded_words))
    assert isinstance(field.text, str)


@given(
    st.lists(
        st.sampled_from([b"A: b", b" fold", b"\t", b"\n", b"\r\n", b"\r", b"x", b":", b"From "]),
        max_size=20,
    ).map(b"".join)
)
def test_fields_and_the_rest_are_all_of_the_header(data):
    parsed = message.parse(data)
    pieces = [(field.lines.start, bytes(field.lines)) for field in parsed.fields]
    pieces += [(line.start, bytes(line)) for line in parsed.unreadable]
    pieces += [(parsed.mbox.start, bytes(parsed.mbox))] if parsed.mbox else []
    joined = b"".join(piece for _, piece in sorted(pieces))
    assert joined.translate(None, b"\r\n") == bytes(parsed.header).translate(None, b"\r\n")


def test_many_fields():
    parsed = message.parse(b"A: b\n" * 200_000)
    assert len(parsed.named("a")) == 200_000


@pytest.mark.parametrize(
    ("data", "uris"),
    [
        (b" <mailto:a@b>", [b"mailto:a@b"]),
        (b" <https://a/?b=(c>, <mailto:a@b>\r\n (x, y)", [b"https://a/?b=(c", b"mailto:a@b"]),
        (b" (x) NO (y)", []),
        (b" NO", []),
    ],
)
def test_uris(data, uris):
    found = mailing_list.uris(view(data))
    assert [bytes(uri) for uri in found.uris] == uris
    assert not found.defects


@pytest.mark.parametrize(
    ("data", "sort"),
    [
        (b" mailto:a@b", mailing_list.MISSING_BRACKETS),
        (b" <mailto:a@b", mailing_list.UNCLOSED),
        (b" <>", mailing_list.EMPTY_URI),
        (b" <a@b>", mailing_list.NO_SCHEME),
        (b" <mailto:a@b> <x:y>", mailing_list.MISSING_COMMA),
        (b" <mailto:a@b>,", mailing_list.EXTRANEOUS_COMMA),
        (b" ", mailing_list.EMPTY_LIST),
        (b" <mailto:a@b> (x", "unterminated-comment"),
    ],
)
def test_a_defect_of_uris(data, sort):
    assert [defect.sort for defect in mailing_list.uris(view(data)).defects] == [sort]


# RFC 2919 3, and what it does not allow.
@pytest.mark.parametrize(
    ("data", "identifier", "sorts"),
    [
        (b" List Header Mailing List <list-header.nisto.com>", b"list-header.nisto.com", []),
        (
            b' "Lena\'s Joke List"\r\n  <lenas-jokes.a39.localhost>',
            b"lenas-jokes.a39.localhost",
            [],
        ),
        (b" <a.b>", b"a.b", []),
        (b" a.b", None, [mailing_list.MISSING_ID]),
        (b" <a@b>", b"a@b", [mailing_list.INVALID_ID]),
        (b" <>", b"", [mailing_list.INVALID_ID]),
        (b" [A] b <a.b>", b"a.b", [mailing_list.UNQUOTED_PHRASE]),
        (b" A. b <a.b>", b"a.b", []),
        (b" A, b <a.b>", b"a.b", [mailing_list.UNQUOTED_PHRASE]),
        (b" <a.b> c", b"a.b", [mailing_list.TEXT_BEHIND]),
    ],
)
def test_list_ids(data, identifier, sorts):
    found = mailing_list.list_id(view(data))
    assert (None if found.identifier is None else bytes(found.identifier)) == identifier
    assert [defect.sort for defect in found.defects] == sorts


@pytest.mark.parametrize(
    ("data", "word", "sorts"),
    [
        (b" auto-generated", b"auto-generated", []),
        (b" Auto-Replied; owner-email=a@b (x)", b"auto-replied", []),
        (b" (x) 1.0 (y)", b"1.0", []),
        (b" List-Unsubscribe=One-Click", mailing_list.ONE_CLICK.lower(), []),
        (b" ", b"", [keyword.MISSING]),
        (b" (x) ; a=b", b"", [keyword.MISSING]),
        (b" very high", b"very", [keyword.EXTRA_WORDS]),
        (b" no\0", b"no\0", [lexis.NUL]),
    ],
)
def test_keywords(data, word, sorts):
    found = keyword.read(view(data))
    assert (bytes(found), [defect.sort for defect in found.defects]) == (word, sorts)
