"""Address lists: what each holds, what is wrong with it, and that no cause is told twice."""

import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lexis import PIECES, view

from smtp_lsp.message import addr_spec, address
from smtp_lsp.message.address import Group

# RFC 5322 appendix A and 3.4, RFC 6854 3: what is allowed has no defects, but for what an RFC
# calls legacy or obsolete.
EXAMPLES = [
    (b"John Doe <jdoe@machine.example>", [("John Doe", b"jdoe@machine.example")], []),
    (b'"Joe Q. Public" <john.q.public@example.com>', [("Joe Q. Public", None)], []),
    (b"Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>", None, []),
    (b'<boss@nil.test>, "Giant; \\"Big\\" Box" <sysservices@example.net>', None, []),
    (b"Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>", None, []),
    (b"A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;", None, []),
    (b"Undisclosed recipients:;", [], []),
    (b"Nightly Monitor Robot:;", [], []),
    (
        b"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
        [("Pete", b"pete@silly.test")],
        [addr_spec.BLANK_AROUND_AT],
    ),
    (
        b"A Group(Some people)\r\n     :Chris Jones <c@(Chris's host.)public.example>,\r\n"
        b"         joe@example.org,\r\n  John <jdoe@one.test> (my dear friend); (the end)",
        [("Chris Jones", b"c@public.example"), ("", b"joe@example.org"), ("John", None)],
        [addr_spec.BLANK_AROUND_AT],
    ),
    (b"(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", [], []),
    (
        b"Joe Q. Public <john.q.public@example.com>",
        [("Joe Q. Public", b"john.q.public@example.com")],
        [address.PERIOD_IN_DISPLAY_NAME],
    ),
    (
        b"Mary Smith <@node.test:mary@example.net>, , jdoe@test   . example",
        [("Mary Smith", b"mary@example.net"), ("", b"jdoe@test.example")],
        [address.OBSOLETE_ROUTE, address.EXTRANEOUS_COMMA, addr_spec.OBSOLETE_DOMAIN],
    ),
    (b"=?utf-8?q?J=C3=B6rg?= <j@x.test>", [("Jörg", b"j@x.test")], []),
    ("Jörg <jörg@exämple.test>".encode(), [("Jörg", None)], []),
    (b'"a b"@x.test, a@[192.0.2.1], a@[IPv6:2001:db8::1]', None, []),
    (b'"x@y.test" <x@y.test>', None, []),
]


@pytest.mark.parametrize(("data", "wanted", "sorts"), EXAMPLES)
def test_examples(data, wanted, sorts):
    found = address.read(view(data))
    assert [defect.sort for defect in found.defects] == sorts
    if wanted is None:
        return
    assert [mailbox.name for mailbox in found.mailboxes] == [name for name, _ in wanted]
    for mailbox, (_, spec) in zip(found.mailboxes, wanted, strict=True):
        assert spec is None or bytes(mailbox.address) == spec


# One defect each: the octets that it points at, and the mailboxes nevertheless.
DEFECTS = [
    (b"a@b.test c@d.test", address.MISSING_SEPARATOR, b"c", [b"a@b.test", b"c@d.test"]),
    (b"<a@b.test> <c@d.test>", address.MISSING_SEPARATOR, b"<", [b"a@b.test", b"c@d.test"]),
    (b"A <a@b.test> C <c@d.test>", address.MISSING_SEPARATOR, b"C", [b"a@b.test", b"c@d.test"]),
    (b"G:a@b.test; c@d.test", address.MISSING_SEPARATOR, b"c", [b"a@b.test", b"c@d.test"]),
    (b"a@b.test; c@d.test;", address.SEMICOLON_SEPARATOR, b";", [b"a@b.test", b"c@d.test"]),
    (b"a@b.test,", address.EXTRANEOUS_COMMA, b",", [b"a@b.test"]),
    (b",,a@b.test", address.EXTRANEOUS_COMMA, b",", [b"a@b.test"]),
    (b"a@b.test,,,c@d.test", address.EXTRANEOUS_COMMA, b",", [b"a@b.test", b"c@d.test"]),
    (b"a@b.test, (x), c@d.test", address.EXTRANEOUS_COMMA, b",", [b"a@b.test", b"c@d.test"]),
    (b"<a@b.test> foo", address.TEXT_BEHIND_ADDRESS, b"foo", [b"a@b.test"]),
    (b"a@b.test foo bar", address.TEXT_BEHIND_ADDRESS, b"foo bar", [b"a@b.test"]),
    (b"A <<a@b.test>>", address.EXCESSIVE_ANGLE_BRACKETS, b"<", [b"a@b.test"]),
    (b"A <<a@b.test>", address.UNBALANCED_ANGLE, b"<", [b"a@b.test"]),
    (b"A <a@b.test", address.UNBALANCED_ANGLE, b"<", [b"a@b.test"]),
    (b"A <a@b.test, C <c@d.test>", address.UNBALANCED_ANGLE, b"<", [b"a@b.test", b"c@d.test"]),
    (b"a@b.test>", address.UNBALANCED_ANGLE, b">", [b"a@b.test"]),
    (b"<a@b.test,c@d.test>", address.SEPARATOR_IN_ANGLE, b",", [b"a@b.test,c@d.test"]),
    (b"John a@b.test", address.MISSING_ANGLE_BRACKETS, b"a", [b"a@b.test"]),
    (b"<>", address.EMPTY_ADDRESS, b"<>", [None]),
    (b"<@a,@b:c@d.test>", address.OBSOLETE_ROUTE, b"@a,@b:", [b"c@d.test"]),
    (b"<@a@b:c@d.test>", address.MALFORMED_ROUTE, b"@a@b:", [b"c@d.test"]),
    (b"<@a c@d.test>", address.MALFORMED_ROUTE, b"@a c@d.test", [None]),
    (b"A [B] <a@b.test>", address.UNQUOTED_DISPLAY_NAME, b"[B]", [b"a@b.test"]),
    (b"A\\, B <a@b.test>", address.UNQUOTED_DISPLAY_NAME, b"\\,", [b"a@b.test"]),
    (b"a@b.test <a@b.test>", address.UNQUOTED_DISPLAY_NAME, b"@", [b"a@b.test"]),
    (b"A. B <a@b.test>", address.PERIOD_IN_DISPLAY_NAME, b".", [b"a@b.test"]),
    (b"Doe, John <a@b.test>", address.COMMA_IN_DISPLAY_NAME, b",", [b"Doe", b"a@b.test"]),
    (b"c@d.test, Doe, J <a@b.test>", address.COMMA_IN_DISPLAY_NAME, b",", None),
    (b"A, B, C <a@b.test>", address.COMMA_IN_DISPLAY_NAME, b",", [b"A", b"B", b"a@b.test"]),
    (b'"x@y.test" <a@b.test>', address.ADDRESS_IN_DISPLAY_NAME, b'"x@y.test"', [b"a@b.test"]),
    (b"=?utf-8?q?x=40y.test?= <a@b.test>", address.ADDRESS_IN_DISPLAY_NAME, None, [b"a@b.test"]),
    (
        b"x@y.test <a@b.test>",
        address.UNQUOTED_ADDRESS_IN_DISPLAY_NAME,
        b"x@y.test",
        [b"a@b.test"],
    ),
    (b'"x@y.test": a@b.test;', address.ADDRESS_IN_GROUP_NAME, b'"x@y.test"', [b"a@b.test"]),
    (b"John Doe", address.NO_ADDRESS, b"John Doe", [None]),
    (b"a@b.test (John)", address.NAME_IN_COMMENT, b"(John)", [b"a@b.test"]),
    (b": a@b.test;", address.EMPTY_GROUP_NAME, b":", [b"a@b.test"]),
    (b"A: B: a@b.test;", address.NESTED_GROUP, b":", [b"a@b.test"]),
    (b"A: a@b.test", address.MISSING_GROUP_TERMINATOR, b":", [b"a@b.test"]),
    (b"mailto:a@b.test", address.MAILTO, b"mailto:", [b"a@b.test"]),
    (b"A: <a@b.test> : c;", address.TEXT_BEHIND_ADDRESS, b": c", [b"a@b.test"]),
    (b"postmaster", "address-without-domain", b"postmaster", [b"postmaster"]),
    (b"a@", "address-without-domain", b"@", [b"a"]),
    (b"<a>", "address-without-domain", b"a", [b"a"]),
    (b"@b.test", "missing-local-part", b"@", [b"@b.test"]),
    (b"a@b@c.test", "several-at-signs", b"@", [b"a@b@c.test"]),
    (b"a @ b.test", "blank-around-at", b"@", [b"a@b.test"]),
    (b"a..b@c.test", "invalid-local-part", b".", None),
    (b".a@c.test", "invalid-local-part", b".", None),
    (b"a.@c.test", "invalid-local-part", b".", None),
    (b'"a"b@c.test', "invalid-local-part", b"b", None),
    (b'"a b".c@d.test', "obsolete-local-part", b'"a b".c', None),
    (b"a . b@c.test", "obsolete-local-part", b"a . b", [b"a.b@c.test"]),
    (b'"ab"@c.test', "needless-quotes", b'"ab"', None),
    (b"a" * 65 + b"@c.test", "local-part-too-long", b"a" * 65, None),
    (b"a@b..c", "invalid-domain", b".", None),
    (b"a@.b", "invalid-domain", b".", None),
    (b"a@[1.2.3.4", "invalid-domain", b"[", None),
    (b'a@"b"', "invalid-domain", b'"b"', None),
    (b"a@b. c", "obsolete-domain", b"b. c", [b"a@b.c"]),
    (b"a@b.test.", "trailing-dot-in-domain", b".", None),
    (b"a@" + b"b" * 64, "label-too-long", b"b" * 64, None),
    (b"a@" + b"b." * 128 + b"c", "domain-too-long", b"b." * 128 + b"c", None),
    (b"a@b_c.test", "not-a-host-name", b"b_c.test", None),
    (b"a@-b.test", "not-a-host-name", b"-b.test", None),
    (b"a@192.0.2.1", "literal-without-brackets", b"192.0.2.1", None),
    (b"a@[192.0.2. 1]", "white-space-in-domain-literal", b"[192.0.2. 1]", None),
    (b"a@[192.0.2.\\1]", "invalid-character-in-domain-literal", b"\\", None),
    (b"a@[192.0.2.256]", "invalid-address-literal", b"[192.0.2.256]", None),
    (b"a@[IPv6:::1::]", "invalid-address-literal", b"[IPv6:::1::]", None),
    (b'"John <a@b.test>, c@d.test', "unterminated-quoted-string", b'"', [None]),
    (b"a@b.test (x", "unterminated-comment", b"(", [b"a@b.test"]),
    (b"a@b.test, x) c@d.test", "unbalanced-parenthesis", b")", None),
    (b"a@b.test )", "unbalanced-parenthesis", b")", [b"a@b.test"]),
    (b"a\0b@c.test", "nul", b"\0", None),
    (b'"a\0b" <a@c.test>', "nul", b"\0", None),
    (b"a@b\0.test", "nul", b"\0", None),
    (b"a@[192.0.2.1\0]", "nul", b"\0", None),
    (b"a@[caf\xe9]", "8-bit", b"\xe9", None),
    (b"a\x07b@c.test", "control", b"\x07", None),
    (b"a\x1b$B@c.test", "iso-2022", b"\x1b", None),
    (b"a@b.test\nBcc: c@d.test", "line-break", b"\n", None),
    (b"caf\xe9@c.test", "8-bit", b"\xe9", None),
    (b"Caf\xe9 <a@c.test>", "8-bit", b"\xe9", None),
]


@pytest.mark.parametrize(("data", "sort", "place", "specs"), DEFECTS)
def test_one_defect(data, sort, place, specs):
    found = address.read(view(data, b"<", b">"))
    sorts = [defect.sort for defect in found.defects]
    if data == b"a@b.test, x) c@d.test":
        assert sorts == [sort, address.MISSING_ANGLE_BRACKETS]
    else:
        assert sorts == [sort]
    assert place is None or bytes(found.defects[0].view) == place
    if specs is not None:
        said = [bytes(m.address) if m.address else None for m in found.mailboxes]
        assert said == specs


def test_a_group():
    found = address.read(view(b"A (x) B: a@b.test, C <c@d.test>; (y), e@f.test"))
    group, alone = found.addresses
    assert isinstance(group, Group)
    assert (group.name, group.closed, len(group.mailboxes)) == ("A B", True, 2)
    assert bytes(group.view) == b"A (x) B: a@b.test, C <c@d.test>;"
    assert bytes(alone.view) == b"e@f.test"
    assert not found.defects


def test_parts():
    (mailbox,) = address.read(view(b' "A \\"B\\"" <@r:"c d"@e.test> (f)')).mailboxes
    parts = (mailbox.display_name, mailbox.angle, mailbox.route, mailbox.local_part)
    assert [bytes(part) for part in parts] == [
        b'"A \\"B\\""',
        b'<@r:"c d"@e.test>',
        b"@r:",
        b'"c d"',
    ]
    assert bytes(mailbox.domain) == b"e.test"
    assert mailbox.name == 'A "B"'
    assert [bytes(comment) for comment in mailbox.comments] == [b"(f)"]


def test_an_encoded_word_in_a_local_part_is_an_atom_to_it():
    for data in (b"=?utf-8?b?YQ==?=a@b.test", b"=?utf-8?b?YQ==?=.a@b.test"):
        found = address.read(view(b" <" + data + b"> (x)"))
        assert not found.defects
        assert bytes(found.mailboxes[0].address) == data


@pytest.mark.parametrize(
    ("data", "spec", "sorts"),
    [
        (b" <>", None, []),
        (b" <a@b.test>", b"a@b.test", []),
        (b" < > (x)", None, []),
        (b" a@b.test", b"a@b.test", [address.MISSING_ANGLE_BRACKETS]),
        (b" <@r:a@b.test>", b"a@b.test", [address.OBSOLETE_ROUTE]),
    ],
)
def test_paths(data, spec, sorts):
    path = address.path(view(data))
    assert (bytes(path.address) if path.address else None) == spec
    assert [defect.sort for defect in path.defects] == sorts


@given(PIECES)
def test_never_raises(data):
    value = view(data, b" ", b" ")
    found = address.read(value)
    for mailbox in found.mailboxes:
        assert mailbox.name is not None
        for part in (mailbox.view, mailbox.angle, mailbox.route, mailbox.domain):
            assert part is None or value.start <= part.start <= part.end <= value.end
    for defect in found.defects:
        assert value.start <= defect.view.start < defect.view.end <= value.end
    address.path(value)


ATOMS = st.text("abcXYZ019!#$+-_", min_size=1, max_size=8)
LABELS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True)
SPECS = st.tuples(
    st.lists(ATOMS, min_size=1, max_size=3).map(".".join),
    st.lists(LABELS, min_size=2, max_size=4).map(".".join),
).map("@".join)
NAMES = st.one_of(
    st.just(""),
    st.lists(ATOMS, min_size=1, max_size=3).map(" ".join),
    st.text("ab cd.,;:()<>'", min_size=1, max_size=12).map(lambda name: f'"{name}"'),
)
BOXES = st.tuples(NAMES, SPECS).map(lambda pair: f"{pair[0]} <{pair[1]}>" if pair[0] else pair[1])
LISTS = st.lists(BOXES, min_size=1, max_size=5).map(", ".join)


@given(LISTS)
def test_agrees_with_the_standard_library(text):
    found = address.read(view(text.encode()))
    specs = [bytes(mailbox.address).decode() for mailbox in found.mailboxes]
    assert not found.defects
    assert specs == [spec for _, spec in email.utils.getaddresses([text])]


@given(st.one_of(LISTS.map(str.encode), PIECES))
def test_tidy_means_no_defects(data):
    from smtp_lsp.message.address_reader import Reader

    value = view(data, b",", b",")
    full = Reader(value).read()
    if not address.is_tidy(value):
        return
    assert not full.defects
    short = address.read(value)
    assert [said(m) for m in short.mailboxes] == [said(m) for m in full.mailboxes]
    if b'"' not in data:
        assert address.is_tidy(view(data.replace(b", ", b",\r\n ")))


def said(mailbox):
    views = (mailbox.view, mailbox.display_name, mailbox.angle, mailbox.local_part, mailbox.domain)
    return [part and (part.start, part.end) for part in views]


@pytest.mark.parametrize(
    "data",
    [
        *(b"(" * 100_000, b"<" * 20_000, b"a " * 20_000, b"a@b," * 10_000, b"a@b " * 10_000),
        *(b"@" * 20_000, b"a:" * 10_000, b"," * 20_000, b"a," * 10_000, b"<a>" * 10_000),
        *(b'"a" ' * 10_000, b"." * 20_000, b"<@a," * 10_000, b"[a]" * 10_000, b"a;" * 10_000),
        b"a" + b"\r" * 20_000,
        b'"' + b"a" * 200_000 + b'@x.y" <a@b>',
    ],
    ids=lambda data: data[:5].decode(),
)
def test_long(data):
    assert address.read(view(data)).defects
