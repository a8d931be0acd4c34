"""Authentication-Results, of the examples of RFC 8601 and of others."""

import pytest
from hypothesis import given
from test_lexis import PIECES, view

from smtp_lsp.message import results


def said(found):
    return [
        (bytes(result.method), bytes(result.result), [bytes(p.name) for p in result.properties])
        for result in found.results
    ]


# RFC 8601 appendix B, in its forms.
EXAMPLES = [
    (b" example.org 1; none", []),
    (
        b" example.com;\r\n spf=pass smtp.mailfrom=example.net",
        [(b"spf", b"pass", [b"smtp.mailfrom"])],
    ),
    (
        b" example.com;\r\n          auth=pass (cleartext) smtp.auth=sender@example.net;\r\n"
        b"          spf=pass smtp.mailfrom=example.net",
        [(b"auth", b"pass", [b"smtp.auth"]), (b"spf", b"pass", [b"smtp.mailfrom"])],
    ),
    (
        b' example.com;\r\n dkim=pass reason="good signature"\r\n   header.i=@mail.example;',
        [(b"dkim", b"pass", [b"header.i"])],
    ),
    (
        b" foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for"
        b" it) fail\r\n policy (A dot can go here) . (like that) expired\r\n (this surprised me) ="
        b" (as I wasn't expecting it) 1362471462",
        None,
    ),
    (b" i=1; mx.example; arc=none", [(b"arc", b"none", [])]),
    (b" mx.example; dkim=pass header.b=Ab/c+d= header.s = x", None),
]


@pytest.mark.parametrize(("data", "wanted"), EXAMPLES)
def test_examples(data, wanted):
    found = results.read(view(data))
    if wanted is None:
        assert found.server is not None
        return
    assert said(found) == wanted
    assert not found.defects


def test_parts():
    found = results.read(view(EXAMPLES[3][0]))
    (result,) = found.results
    assert bytes(found.server) == b"example.com"
    assert bytes(result.reason) == b'"good signature"'
    assert bytes(result.property(b"header.i")) == b"@mail.example"
    arc = results.read(view(EXAMPLES[5][0]))
    assert (bytes(arc.instance), bytes(arc.server)) == (b"1", b"mx.example")


@pytest.mark.parametrize(
    ("data", "sort", "place"),
    [
        (b" spf=pass smtp.mailfrom=a", results.MISSING_SERVER, b"spf=pass"),
        (b" mx.example 2; none", results.UNKNOWN_VERSION, b"2"),
        (b" mx.example", results.NO_RESULTS, b"mx.example"),
        (b" mx.example;", results.NO_RESULTS, b"mx.example"),
        (b" mx.example; none; spf=pass", results.NONE_WITH_RESULTS, b"none"),
        (b" mx.example;; spf=pass", results.EMPTY_RESULT, b";"),
        (b" mx.example; spf=pass foo", results.MISSING_EQUALS, b"foo"),
        (b" mx.example; spf=", results.MISSING_VALUE, b"spf"),
        (b" mx.example; spf=pass foo=bar", results.INVALID_PROPERTY, b"foo"),
        (b" mx.example; spf=pass (x", "unterminated-comment", b"("),
    ],
)
def test_one_defect(data, sort, place):
    found = results.read(view(data))
    assert [(d.sort, bytes(d.view)) for d in found.defects] == [(sort, place)]


@given(PIECES)
def test_never_raises(data):
    value = view(data, b";", b";")
    for defect in results.read(value).defects:
        assert value.start <= defect.view.start <= defect.view.end <= value.end


@pytest.mark.parametrize("data", [b"a;" * 10_000, b"a=b " * 10_000, b"=" * 20_000, b"a " * 10_000])
def test_long(data):
    assert results.read(view(data)).defects
