"""Parameterised values: what they mean, what is wrong where, and that all of it is in the file."""

from email import message_from_string
from email.utils import encode_rfc2231, quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtp_lsp.message import parameters
from smtp_lsp.message.parameters import parse_content_type, parse_disposition
from smtp_lsp.text.view import Buffer, View


def view(data):
    return View(Buffer(b"X:" + data + b"\n"), 2, 2 + len(data))


def read(data):
    """Return the type, the attributes and the defects of a Content-Type."""
    value = parse_content_type(view(data))
    said = {name: bytes(each.value) for name, each in value.attributes.items()}
    return value.media_type, said, [(d.sort, bytes(d.view)) for d in value.defects]


GOOD = [
    (b" text/plain", b"text/plain", {}),
    (b" Text/PLAIN; Charset=UTF-8", b"text/plain", {b"charset": b"UTF-8"}),
    (b' a/b;\r\n\tx="y z"; u=v ', b"a/b", {b"x": b"y z", b"u": b"v"}),
    (b" a/b (of (all) \\) kinds); x=y (z;w)", b"a/b", {b"x": b"y"}),
    (b' a/b; x="q\\"uo\\\\te"', b"a/b", {b"x": b'q"uo\\te'}),
    (b' a/b; x="fol\r\n ded"', b"a/b", {b"x": b"fol ded"}),
    (b' a/b; x=""', b"a/b", {b"x": b""}),
    (b" a/b; x*=utf-8'en'%e2%82%ac%20r", b"a/b", {b"x": b"\xe2\x82\xac r"}),
    (b' a/b; x*0*=us-ascii\'\'a%2; x*1=%41; x*2="c \\"d"', b"a/b", {b"x": b'a%2%41c "d'}),
    (b" a/b; x*1=b; x*0=a", b"a/b", {b"x": b"ab"}),
    (b" a/b; x*=''plain", b"a/b", {b"x": b"plain"}),
]


@pytest.mark.parametrize(("data", "kind", "said"), GOOD)
def test_values(data, kind, said):
    found_kind, found_said, defects = read(data)
    assert (found_kind, found_said) == (kind, said)
    assert [sort for sort, _ in defects] == ([parameters.BAD_PERCENT] if b"a%2;" in data else [])


BAD = [
    (b"", [(parameters.NO_TYPE, b"")]),
    (b" ; x=y", [(parameters.NO_TYPE, b" ;")]),
    (b"x=y", [(parameters.NO_TYPE, b"x")]),
    (b"/plain", [(parameters.NO_TYPE, b"/")]),
    (b"text", [(parameters.NO_SUBTYPE, b"text")]),
    (b"text/; x=y", [(parameters.NO_SUBTYPE, b"text/")]),
    (b'"a/b"', [(parameters.BAD_TYPE, b'"a/b"')]),
    (b"a / b", [(parameters.BLANKS, b"a / b")]),
    (b"a/b, c", [(parameters.TEXT_BEHIND_TYPE, b", c")]),
    (b"a/b/c; x=y", [(parameters.TEXT_BEHIND_TYPE, b"/c")]),
    (b"a/b x=y", [(parameters.NO_SEMICOLON, b"x")]),
    (b'a/b; x="y" u=v', [(parameters.NO_SEMICOLON, b"u")]),
    (b"a/b; x=y u=v", [(parameters.NO_SEMICOLON, b"u")]),
    (b"a/b;", [(parameters.EXTRA_SEMICOLON, b";")]),
    (b"a/b;; ;x=y;", [(parameters.EXTRA_SEMICOLON, b"; ;"), (parameters.EXTRA_SEMICOLON, b";")]),
    (b"a/b; x", [(parameters.NO_EQUALS, b"x")]),
    (b"a/b; =x", [(parameters.NO_NAME, b"=")]),
    (b"a/b; x=", [(parameters.NO_VALUE, b"x=")]),
    (b'a/b; "x"=y', [(parameters.BAD_NAME, b'"x"')]),
    (b"a/b; x = y", [(parameters.BLANKS, b"x = ")]),
    (b"a/b; x=y z.txt", [(parameters.UNQUOTED, b"y z.txt")]),
    (b"a/b; x=----=_y", [(parameters.UNQUOTED, b"----=_y")]),
    (b"a/b; x=y(1).txt", [(parameters.UNQUOTED, b"y(1).txt")]),
    (b'a/b; x="y" z', [(parameters.TEXT_BEHIND_VALUE, b"z")]),
    (b'a/b; x="y; u=v', [(parameters.OPEN_QUOTE, b'"y; u=v')]),
    (b"a/b (c; x=y", [(parameters.OPEN_COMMENT, b"(c; x=y")]),
    (b"a/b; x=y; X=z", [(parameters.REPEATED, b"X")]),
    (b'a/b; x="=?utf-8?q?y?="', [(parameters.ENCODED_WORD, b"=?utf-8?q?y?=")]),
    (b'a/b; x="\xc3\xa9"', [(parameters.EIGHT_BIT, b"\xc3\xa9")]),
    (b"a/b; x=y\x00", [(parameters.CONTROL, b"\x00")]),
    (b"a/b; x*0=y; x*2=z", [(parameters.SECTION_GAP, b"x*2")]),
    (b"a/b; x*1=y", [(parameters.SECTION_GAP, b"x*1")]),
    (b"a/b; x*0=y; x*0=z", [(parameters.SECTION_REPEATED, b"x*0")]),
    (b"a/b; x*00=y", [(parameters.BAD_SECTION, b"x*00")]),
    (b"a/b; x*y=z", [(parameters.BAD_SECTION, b"x*y")]),
    (b"a/b; x=y; x*=utf-8''y", [(parameters.BOTH_FORMS, b"x*")]),
    (b"a/b; x=y; x*0=y", [(parameters.BOTH_FORMS, b"x*0")]),
    (b"a/b; x*=utf-8''%4z", [(parameters.BAD_PERCENT, b"%4z")]),
    (b"a/b; x*=y", [(parameters.NO_CHARSET, b"y")]),
    (b"a/b; x*=''%e4", [(parameters.EMPTY_CHARSET, b"''%e4")]),
    (b"a/b; x*=utf-99''y", [(parameters.UNKNOWN_CHARSET, b"utf-99")]),
    (b"a/b; x*=utf-8''%e4", [(parameters.UNDECODABLE, b"utf-8''%e4")]),
    (b"a/b; x*=\"utf-8''y\"", [(parameters.QUOTED_EXTENDED, b"\"utf-8''y\"")]),
]


@pytest.mark.parametrize(("data", "wanted"), BAD)
def test_defects(data, wanted):
    assert read(data)[2] == wanted


def test_what_is_meant_by_broken_ones():
    assert read(b"a/b; x=y; x=z")[1] == {b"x": b"y"}
    assert read(b"a/b; x=y u=v")[1] == {b"x": b"y", b"u": b"v"}
    assert read(b"a/b; x=y z.txt")[1] == {b"x": b"y z.txt"}
    assert read(b"a/b; x=y; x*=utf-8''z")[1] == {b"x": b"z"}
    assert read(b"a/b; x*0=a; x*1=b; x*3=d")[1] == {b"x": b"ab"}


def test_dispositions():
    value = parse_disposition(view(b' ATTACHMENT; filename="a b"'))
    assert (value.token, value.text(b"filename"), value.defects) == (b"attachment", "a b", [])
    odd = parse_disposition(view(b" 7bit, base64"))
    assert (odd.token, [d.sort for d in odd.defects]) == (b"7bit", [parameters.TEXT_BEHIND_TYPE])


def test_octets_lead_back_to_the_file():
    data = b' a/b; x*0*=utf-8\'\'a%20b; x*1="c\\"d"'
    value = parse_content_type(view(data)).get(b"x")
    assert bytes(value) == b'a bc"d'
    spans = [value.span(at, at + 1) for at in range(len(value))]
    written = [(b"X:" + data)[span.start : span.end] for span in spans]
    assert written == [b"a", b"%20", b"b", b"c", b'\\"', b"d"]


WORDS = st.text(st.sampled_from("ab c(;=\"\\'*%é€"), min_size=1, max_size=12)


@given(WORDS.filter(str.isascii))
def test_what_python_quotes(word):
    value = parse_content_type(view(f' a/b; x="{quote(word)}"'.encode()))
    assert (value.text(b"x"), value.defects) == (word, [])


@given(WORDS)
def test_what_python_encodes(word):
    value = parse_content_type(view(f" a/b; x*={encode_rfc2231(word, 'utf-8')}".encode()))
    assert (value.text(b"x"), value.defects) == (word, [])


PLAIN = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["y", "y-z.1", '"y z"', '"y;z"'])),
    max_size=3,
    unique_by=lambda pair: pair[0],
)


@given(PLAIN)
def test_it_agrees_with_email(pairs):
    text = "".join([" text/html", *(f"; {name}={value}" for name, value in pairs)])
    kind, said, defects = read(text.encode())
    wanted = message_from_string(f"Content-Type:{text}\n\n").get_params()
    assert [(kind, b""), *said.items()] == [(n.encode(), v.encode()) for n, v in wanted]
    assert defects == []


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                b"a",
                b"b",
                b"/",
                b";",
                b"=",
                b" ",
                b"\n ",
                b'"',
                b"\\",
                b"(",
                b")",
                b"*",
                b"*0",
                b"*1",
            ),
            *(b"%41", b"%", b"utf-8''", b"'", b"\xe4", b"\0", b"\r", b",", b"x=y", b"=?a?q?b?="),
        ]
    ),
    max_size=25,
).map(b"".join)


@settings(max_examples=1500)
@given(PIECES, st.sampled_from([parse_content_type, parse_disposition]))
def test_any_octets(data, parse):
    whole = view(data)
    value = parse(whole)
    places = [parameter.name for parameter in value.parameters]
    places += [parameter.raw for parameter in value.parameters]
    places += [defect.view for defect in value.defects]
    places += [place for place in (value.kind, value.subtype) if place is not None]
    for place in places:
        assert whole.start <= place.start <= place.end <= whole.end
    for name, attribute in value.attributes.items():
        assert value.get(name) is attribute.value
        span = attribute.value.span()
        assert whole.start <= span.start <= span.end <= whole.end
        assert isinstance(attribute.text, str)
    assert [p.start for p in places[: len(value.parameters)]] == sorted(
        p.start for p in places[: len(value.parameters)]
    )


@given(PIECES)
def test_short_cuts_say_what_the_long_way_says(data):
    """What one match recognises, the reader of lexemes takes apart alike."""
    for short, kind in ((parse_content_type, b"text/x"), (parse_disposition, b"inline")):
        plain = short(view(b" " + kind + b"; x=y; z=" + data))
        slow = short(view(b" " + kind + b" (c); x=y; z=" + data))
        for value in (plain, slow):
            assert value.token == kind.partition(b"/")[0]
        said = [{n: bytes(a.value) for n, a in v.attributes.items()} for v in (plain, slow)]
        assert said[0] == said[1]
        assert [d.sort for d in plain.defects] == [d.sort for d in slow.defects]
