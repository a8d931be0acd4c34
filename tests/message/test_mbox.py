"""Mail folders: rows of messages, and what is a single message all the same."""

import mailbox

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.message import mbox
from smtp_lsp.text.view import Buffer, View

LINE = b"From a@b Thu Nov 24 18:22:48 1986\n"


def entries(data):
    return list(mbox.entries(View(Buffer(data), 0, len(data))))


FOLDER = LINE + b"A: 1\n\none\n\n" + LINE + b"A: 2\n\n>From me\n>>From you\n\n"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_folder(end):
    data = FOLDER.replace(b"\n", end)
    assert mbox.looks_like(data)
    first, second = entries(data)
    assert bytes(first.line) == LINE.replace(b"\n", end)
    assert bytes(first.message) == b"A: 1\n\none\n".replace(b"\n", end)
    assert bytes(first.gap) == end
    assert bytes(second.message) == b"A: 2\n\n>From me\n>>From you\n\n".replace(b"\n", end)


def test_quoting_is_taken_off():
    second = entries(FOLDER)[1]
    assert bytes(second.unquoted()) == b"A: 2\n\nFrom me\n>From you\n\n"
    assert bytes(second.unquoted(mbox.MBOXO)) == b"A: 2\n\nFrom me\n>>From you\n\n"
    assert second.unquoted().span(6, 10).start == FOLDER.index(b">From me") + 1
    first = entries(FOLDER)[0]
    assert first.unquoted() is first.message


@pytest.mark.parametrize(
    "line",
    [
        b"From a@b Thu Nov 24 18:22:48 1986",
        b"From  Thu Nov  4 18:22:48 1986",
        b"From - Thu Nov 24 18:22:48 1986",
        b"From a@b  Thu Nov 24 18:22 1986",
        b"From MAILER-DAEMON Thu Nov 24 18:22:48 CET 1986",
        b"From a@b Thu Nov 24 18:22:48 1986 +0100",
        b"From a@b Thu Nov 24 18:22:48 +0100 1986 remote from x",
    ],
)
def test_lines_of_folders(line):
    data = line + b"\nA: b\n\nx\n\n"
    assert mbox.looks_like(data + data)
    assert [bytes(entry.message) for entry in entries(data + data)] == [
        b"A: b\n\nx\n",
        b"A: b\n\nx\n\n",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        LINE,
        LINE + b"A: b\n\nx\n",
        b"A: b\n\nx\n\n" + LINE + b"A: b\n\n",
        LINE + b"A: b\n\nFrom what I know: nothing\n",
        LINE + b"A: b\n\nx\n" + LINE + b"A: b\n\n",
        LINE + b"A: b\n\nquoted:\n\n> " + LINE + b"> A: b\n\n",
        LINE + b"A: b\n\nas follows\n\n" + LINE + b"and no field\n",
    ],
)
def test_what_is_one_message(data):
    assert not mbox.looks_like(data)


PIECES = st.lists(
    st.sampled_from([LINE, b"\n", b"A: b\n", b"text\n", b">From x\n", b"From x\n", b"\r\n", b"x"]),
    max_size=15,
).map(b"".join)


@given(PIECES)
def test_nothing_is_lost(data):
    found = entries(data)
    assert b"".join(bytes(v) for e in found for v in (e.line, e.message, e.gap)) == data
    assert mbox.looks_like(LINE + b"A: b\n\n" + data + b"\n\n" + LINE + b"A: b\n")


BODIES = st.lists(st.sampled_from(["text", "", "From x", ">From x", "A: b"]), max_size=5)


@given(st.lists(BODIES, min_size=2, max_size=4))
def test_it_agrees_with_mailbox(tmp_path_factory, bodies):
    path = tmp_path_factory.getbasetemp() / "folder"
    path.unlink(missing_ok=True)
    folder = mailbox.mbox(path)
    messages = ["A: b\n\n" + "".join(line + "\n" for line in body) for body in bodies]
    for text in messages:
        folder.add(mailbox.mboxMessage(text))
    folder.close()
    data = path.read_bytes()
    assert mbox.looks_like(data)
    found = [bytes(entry.message).rstrip(b"\n") for entry in entries(data)]
    read = mailbox.mbox(path)
    assert found == [read.get_bytes(key).rstrip(b"\n") for key in read.keys()]  # noqa: SIM118
    read.close()
