"""Messages of libraries have the parts, and their fields say, what Python's ``email`` reads."""

import email
import email.header
import email.policy

import pytest

from smtp_lsp.message import mime, parse, transfer
from tests.messages.mutants import CASES

FOLDERS = [*sorted((CASES / "messages").iterdir()), CASES / "international"]
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.eml"))]
STEP = 20
REPORTS = ("message/delivery-status", "message/disposition-notification")
"""What ``email`` takes for messages, one a block, and which is none."""


def ours(part):
    """Return what a part is: its type, and its parts or what it holds once decoded."""
    kind = part.media_type.decode()
    if kind in REPORTS:
        return kind, None
    if part.parts or part.is_multipart:
        return kind, [ours(inner) for inner in part.parts]
    return kind, transfer.decode(part.body, part.encoding).replace(b"\r\n", b"\n").rstrip(b"\n")


def theirs(part):
    kind = part.get_content_type()
    if kind in REPORTS:
        return kind, None
    if part.is_multipart():
        return kind, [theirs(inner) for inner in part.get_payload()]
    octets = part.get_payload(decode=True) or b""
    return kind, octets.replace(b"\r\n", b"\n").rstrip(b"\n")


def decoded(value):
    """Return what ``email`` makes of the encoded-words of a value."""
    return str(email.header.make_header(email.header.decode_header(value)))


def test_there_are_messages():
    assert len(FILES) > 800


@pytest.mark.parametrize("start", range(0, len(FILES), STEP))
def test_parts(start):
    for path in FILES[start : start + STEP]:
        data = path.read_bytes()
        assert ours(mime.tree(parse(data))) == theirs(email.message_from_bytes(data)), path.name


@pytest.mark.parametrize("start", range(0, len(FILES), STEP))
def test_subjects(start):
    for path in FILES[start : start + STEP]:
        data = path.read_bytes()
        message, other = parse(data), email.message_from_bytes(data)
        for field, value in zip(
            message.named("subject"), other.get_all("subject", []), strict=True
        ):
            if field.encoded_words and not any(word.defects for word in field.encoded_words):
                text = "".join(decoded("".join(value.splitlines())).split())
                assert "".join(field.text.split()) == text, path.name
