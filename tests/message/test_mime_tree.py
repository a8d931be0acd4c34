"""The tree of parts: as Python's email reads it, and nothing of the message is lost."""

import email
import subprocess
import sys
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtp_lsp import message
from smtp_lsp.message import mime

TOP = b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"


def tree(data):
    return mime.tree(message.parse(data))


def sorts(data):
    return [(p.path, d.sort, bytes(d.view)) for p in tree(data).walk() for d in p.defects]


def check_rejoins(data):
    """Every part is header, separator and body; every multipart's body is its pieces."""
    root = tree(data)
    assert bytes(root.whole) == data
    for part in root.walk():
        whole, head, body = part.whole, part.message.header, part.body
        assert whole.start == head.start <= head.end <= body.start <= body.end == whole.end
        assert data[head.end : body.start].strip(b"\r\n") == b""
        if part.is_multipart:
            assert b"".join(map(bytes, part.pieces())) == bytes(body)
        elif part.parts:
            assert bytes(part.parts[0].whole) == bytes(body)
        for defect in part.defects:
            span = defect.view.span()
            assert 0 <= span.start <= span.end <= len(data)
            assert data[span.start : span.end] == bytes(defect.view)
    return root


# -- Agreement with Python's email ------------------------------------------------------------

LINES = st.lists(
    st.sampled_from(["", "text", "-- ", "--", "---", "--x", "A: b", " ", "From here", "."]),
    max_size=4,
)
HEADERS = st.lists(
    st.sampled_from(["Subject: x", "Subject: x\n folded", "X-A:", "Content-ID: <a@b>"]), max_size=2
)
LEAVES = st.tuples(
    HEADERS,
    st.sampled_from(["", "Content-Type: text/html", "Content-Type: image/png; name=x"]),
    LINES,
)
ENTITIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(HEADERS, st.just("message"), inner),
        st.tuples(
            HEADERS,
            st.sampled_from(["mixed", "alternative", "digest"]),
            st.lists(inner, min_size=1, max_size=3),
            st.one_of(st.none(), LINES),
            st.one_of(st.none(), LINES),
        ),
    ),
    max_leaves=12,
)


def composed(entity, numbers, default="text/plain"):
    """Return the text of an entity, with LF for line ends."""
    headers, kind, inner, *rest = entity
    fields = list(headers)
    if kind == "message":
        fields.append("Content-Type: message/rfc822")
        inner_text = composed(inner, numbers)
        # A message of no header at all would begin with its text.
        return "\n".join([*fields, "", "X-Inner: 1\n" + inner_text])
    if kind.startswith("Content-Type") or not kind:
        if not kind and default != "text/plain":
            fields.append("Content-Type: text/plain")
        fields += [kind] if kind else []
        return "\n".join([*fields, "", *inner])
    preamble, epilogue = rest
    boundary = f"=_bound {next(numbers)} end"
    fields.append(f'Content-Type: multipart/{kind};\n boundary="{boundary}"')
    lines = [*fields, ""]
    lines += preamble or []
    for part in inner:
        text = composed(part, numbers, "message/rfc822" if kind == "digest" else "text/plain")
        lines += [f"--{boundary}", text]
    lines.append(f"--{boundary}--")
    return "\n".join([*lines, *(epilogue or [])])


def shape_of(part):
    """Return what both readers must agree on, of one of ours."""
    kind = part.media_type.decode()
    if part.is_multipart:
        content = [shape_of(inner) for inner in part.parts]
        ends = bytes(part.preamble or b""), bytes(part.epilogue or b"")
        return kind, len(part.message.fields), content, *ends
    if part.parts:
        return kind, len(part.message.fields), [shape_of(part.parts[0])]
    return kind, len(part.message.fields), bytes(part.body)


def shape_of_email(part):
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        content = [shape_of_email(inner) for inner in part.get_payload()]
        return kind, len(part), content, octets(part.preamble), octets(part.epilogue)
    if part.is_multipart():
        return kind, len(part), [shape_of_email(part.get_payload()[0])]
    return kind, len(part), octets(part.get_payload())


def octets(text):
    return (text or "").encode("ascii", "surrogateescape")


@settings(max_examples=400)
@given(ENTITIES, st.sampled_from([b"\n", b"\r\n"]))
def test_it_agrees_with_email(entity, end):
    data = ("MIME-Version: 1.0\n" + composed(entity, count())).encode().replace(b"\n", end)
    assert shape_of(check_rejoins(data)) == shape_of_email(email.message_from_bytes(data))


@settings(max_examples=200)
@given(ENTITIES)
def test_well_formed_trees_have_no_defects(entity):
    data = ("MIME-Version: 1.0\n" + composed(entity, count())).encode()
    found = {defect.sort for part in tree(data).walk() for defect in part.defects}
    assert found <= {mime.EPILOGUE}


# -- Any octets -------------------------------------------------------------------------------

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                b"\n",
                b"\n\n",
                b"\r\n",
                b"\r",
                b" ",
                b"x",
                b"--",
                b"--b",
                b"--c",
                b"\n--b",
                b"\n--b--",
            ),
            *(b"\n--c\n", b"\n--c--", b"\n--bc", b"\n--b\n\n", b"\n--b\n", b"A: b\n", b"--b--\n"),
            *(b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: message/rfc822\n"),
            *(b"Content-Type: multipart/digest; boundary=c\n\n", b"From x\n", b"\x00", b"\xff"),
            *(b"Content-Type: multipart/mixed; boundary=bc\n\n", b"Content-Type: multipart/x\n"),
            *(b"Content-Transfer-Encoding: base64\n", b'Content-Type: multipart/x; boundary="\n'),
        ]
    ),
    max_size=30,
).map(b"".join)


@settings(max_examples=1500)
@given(PIECES, st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_nothing_is_lost(data, end):
    check_rejoins(data.replace(b"\n", end))
    check_rejoins((TOP + data).replace(b"\n", end))


# -- Size -------------------------------------------------------------------------------------


def nested(depth, *, closed=True):
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="=%d="\n\n--=%d=\n' % (n, n) for n in range(depth)
    )
    tail = b"".join(b"\n--=%d=--" % n for n in reversed(range(depth)))
    return head + b"\ntext" + (tail if closed else b"")


def test_ten_thousand_levels():
    root = check_rejoins(nested(10_000))
    parts = list(root.walk())
    assert len(parts) == 10_001
    assert bytes(parts[-1].body) == b"text"
    assert [d.sort for p in parts for d in p.defects if "prefix" not in d.sort] == [
        mime.TOO_MANY,
        mime.TOO_DEEP,
    ]
    assert parts[-1].path.count(".") == 9999


def test_ten_thousand_levels_that_the_end_cuts_off():
    root = check_rejoins(nested(10_000, closed=False))
    found = [d.sort for p in root.walk() for d in p.defects if "prefix" not in d.sort]
    assert found == [mime.TOO_MANY, mime.NOT_CLOSED, mime.TOO_DEEP]


def test_ten_thousand_siblings():
    root = check_rejoins(TOP + b"--b\n\nx\n" * 10_000 + b"--b--\n")
    assert len(root.parts) == 10_000
    assert [d.sort for p in root.walk() for d in p.defects] == [mime.TOO_MANY]


def test_ten_thousand_messages_in_messages():
    root = check_rejoins(b"Content-Type: message/rfc822\n\n" * 10_000 + b"Subject: x\n\ntext")
    parts = list(root.walk())
    assert (len(parts), bytes(parts[-1].body)) == (10_001, b"text")


# -- Structure --------------------------------------------------------------------------------


def test_numbers_are_those_of_imap():
    data = (
        TOP + b"--b\n\none\n--b\nContent-Type: message/rfc822\n\nSubject: x\n"
        b"Content-Type: multipart/mixed; boundary=c\n\n--c\n\ntwo one\n--c\n\ntwo two\n--c--\n"
        b"--b\nContent-Type: message/rfc822\n\nSubject: y\n\nthree one\n--b--\n"
    )
    assert [(part.path, part.media_type) for part in tree(data).walk()] == [
        ("", b"multipart/mixed"),
        ("1", b"text/plain"),
        ("2", b"message/rfc822"),
        ("2", b"multipart/mixed"),
        ("2.1", b"text/plain"),
        ("2.2", b"text/plain"),
        ("3", b"message/rfc822"),
        ("3.1", b"text/plain"),
    ]
    assert [part.path for part in tree(data).leaves()] == ["1", "2.1", "2.2", "3.1"]


def test_a_digest_holds_messages():
    data = b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--\n"
    assert [part.media_type for part in tree(data).walk()] == [
        b"multipart/digest",
        b"message/rfc822",
        b"text/plain",
    ]


def test_the_nearest_delimiter_ends_what_is_open_inside():
    inner = b"--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n"
    root = check_rejoins(TOP + inner + b"--b\n\ny\n--c\nz\n--b--\n")
    assert [bytes(part.body) for part in root.leaves()] == [b"x", b"y\n--c\nz"]
    assert [d.sort for part in root.walk() for d in part.defects] == [mime.NOT_CLOSED]


def test_an_inner_multipart_with_the_same_boundary_is_read_as_meant():
    inner = b"--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nin\n--b--\n"
    root = check_rejoins(TOP + inner + b"--b\n\nout\n--b--\n")
    assert [(p.path, bytes(p.body)) for p in root.leaves()] == [("1.1", b"in"), ("2", b"out")]


def test_an_encoded_message_is_a_leaf():
    data = b"Content-Type: message/%b\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA==\n"
    assert sorts(data % b"rfc822") == [("", mime.ENCODED, b"base64")]
    assert not sorts(data % b"global")
    assert not tree(data % b"rfc822").parts


def test_a_message_without_mime_has_one_part():
    root = tree(b"Subject: x\n\n--b\n\nx\n")
    assert (list(root.walk()), root.media_type, root.encoding) == ([root], b"text/plain", b"7bit")
    assert root.disposition is None


def test_what_a_part_says():
    root = tree(
        b"Content-Type: Image/PNG (a picture); name=a\nContent-Disposition: ATTACHMENT\n"
        b"Content-Transfer-Encoding: Base64 (of course)\n\n"
    )
    assert (root.media_type, root.encoding) == (b"image/png", b"base64")
    assert root.disposition.token == b"attachment"
    assert root.content_type.text(b"name") == "a"


# -- Defects ----------------------------------------------------------------------------------

HEAD = b"Content-Type: multipart/mixed"
DEFECTS = [
    (HEAD + b"\n\n", [("", mime.NO_BOUNDARY, b"multipart")]),
    (HEAD + b'; boundary=""\n\n', [("", mime.EMPTY_BOUNDARY, b"boundary")]),
    (HEAD + b"; boundary=b!\n\n--b!\n\nx\n--b!--", [("", mime.BOUNDARY_CHARACTERS, b"b!")]),
    (HEAD + b'; boundary="b "\n\n--b\n\nx\n--b--', [("", mime.BOUNDARY_BLANK, b" ")]),
    (
        HEAD + b"; boundary=%b\n\n--%b\n\nx\n--%b--" % ((b"b" * 71,) * 3),
        [("", mime.BOUNDARY_LENGTH, b"b" * 71)],
    ),
    (TOP + b"text\n", [("", mime.NOT_SEEN, b"b")]),
    (TOP + b"--B\n\ntext\n--B--\n", [("", mime.NOT_SEEN, b"b")]),
    (TOP + b"--b\n\ntext\n", [("", mime.NOT_CLOSED, b"--b")]),
    (TOP + b"--b--\n", [("", mime.NO_PARTS, b"--b--")]),
    (TOP + b"--b\n--b\n\nx\n--b--\n", [("", mime.REPEATED_DELIMITER, b"--b")]),
    (
        TOP + b"--b \n\nx\n--b--\t\n",
        [("", mime.DELIMITER_PADDING, b" "), ("", mime.DELIMITER_PADDING, b"\t")],
    ),
    (TOP + b"--b\n\n--bx\n--b--\n", [("", mime.DELIMITER_TEXT, b"--bx")]),
    (TOP + b"--b\n\nx\n--b--\n\n hidden \n", [("", mime.EPILOGUE, b"hidden")]),
    (
        TOP + b"--b\n\nx\n--b--\n--b\n\ny\n--b--\n",
        [("", mime.DELIMITER_BEHIND_CLOSE, b"--b"), ("", mime.DELIMITER_BEHIND_CLOSE, b"--b--")],
    ),
    (TOP + b"--b\ntext\n\nmore\n--b--\n", [("1", mime.NO_EMPTY_LINE, b"text")]),
    (TOP + b"--b\nA: b\ntext\n\nmore\n--b--\n", [("1", mime.NO_EMPTY_LINE, b"text")]),
    (TOP + b"--b\nA: b\n--b--\n", [("1", mime.HEADER_ALONE, b"A: b")]),
    (
        b"Content-Transfer-Encoding: quoted-printable\n" + TOP + b"--b\n\nx\n--b--\n",
        [("", mime.ENCODED, b"quoted-printable")],
    ),
    (
        TOP + b"--b\nContent-Type: multipart/mixed; boundary=b2\n\n--b2\n\nx\n--b2--\n--b--\n",
        [("1", mime.BOUNDARY_PREFIX, b"b2")],
    ),
    (
        TOP + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n--b--\n",
        [("1", mime.BOUNDARY_SAME, b"b")],
    ),
]


@pytest.mark.parametrize(("data", "wanted"), DEFECTS, ids=lambda value: str(value)[-40:])
def test_defects(data, wanted):
    check_rejoins(data)
    assert sorts(data) == wanted
    assert sorts(data.replace(b"\n", b"\r\n")) == wanted


def test_what_stands_where_a_delimiter_should():
    assert bytes(tree(TOP + b"-- \n--B\n\ntext\n").stranger) == b"--B"


def test_one_odd_line_too_many():
    """Places that repeat without end are not all kept."""
    root = tree(TOP + b"--b\n\n" + b"--bx\n" * 1000 + b"--b--\n")
    assert len(root.defects) == mime.MOST_PLACES


def test_what_a_message_without_mime_loads():
    """Neither values nor parts are read where there are none."""
    code = (
        "import sys\n"
        "from smtp_lsp import message\n"
        "from smtp_lsp.message import mime, transfer\n"
        "root = mime.tree(message.parse(b'Subject: x\\n\\n--b\\n'))\n"
        "assert (root.media_type, root.encoding) == (b'text/plain', b'7bit')\n"
        "assert transfer.check(root.body, root.encoding) == []\n"
        "print(*[name for name in sys.modules if name.startswith('smtp_lsp.message.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in done.stdout.split()}
    assert loaded.isdisjoint({"sections", "charsets", "nesting", "report", "mbox"})
