"""Messages and sessions without a fault, but for what a test puts into them."""

from __future__ import annotations

HEADER = {
    b"from": b"From: Ann <ann@example.org>",
    b"to": b"To: Bob <bob@example.net>",
    b"date": b"Date: Mon, 02 Mar 2026 10:00:00 +0000",
    b"message-id": b"Message-ID: <1@example.org>",
    b"subject": b"Subject: Hello",
}
RECEIVED = (
    b"Received: from a.example by b.example with ESMTP id 1;\r\n Mon, 02 Mar 2026 10:00:00 +0000"
)
UTF8 = b"Content-Type: text/plain; charset=utf-8"
EIGHT = b"Content-Transfer-Encoding: 8bit"
BASE64 = b"Content-Transfer-Encoding: base64"
BINARY = b"Content-Type: application/octet-stream"
QUOTED = b"Content-Transfer-Encoding: quoted-printable"


def mail(
    *fields: bytes,
    body: bytes = b"Hello.",
    without: bytes = b"",
    first: tuple[bytes, ...] = (),
    more: tuple[bytes, ...] = (),
) -> bytes:
    """Return a message whose fields of the same name are replaced by *fields*.

    *without* names the fields to leave out; *first* and *more* are lines above and below.
    """
    left = without.split()
    header = {name: line for name, line in HEADER.items() if name not in left}
    header |= {line.partition(b":")[0].strip().lower(): line for line in fields}
    if b"mime-version" not in left and any(name.startswith(b"content-") for name in header):
        header.setdefault(b"mime-version", b"MIME-Version: 1.0")
    return b"\r\n".join([*first, *header.values(), *more, b"", body, b""])


def to(value: bytes) -> bytes:
    """Return a message to these addresses."""
    return mail(b"To: " + value)


def author(value: bytes) -> bytes:
    """Return a message from this author."""
    return mail(b"From: " + value)


def subject(value: bytes) -> bytes:
    """Return a message with this subject."""
    return mail(b"Subject: " + value)


def text(body: bytes, *fields: bytes) -> bytes:
    """Return a message of text in UTF-8."""
    return mail(UTF8, *fields, body=body)


def base64(*lines: bytes) -> bytes:
    """Return a message whose body is these lines of base64."""
    return mail(BINARY, BASE64, body=b"\r\n".join(lines))


def quoted(*lines: bytes, kind: bytes = UTF8) -> bytes:
    """Return a message whose body is these lines of quoted-printable."""
    return mail(kind, QUOTED, body=b"\r\n".join(lines))


def multipart(
    *lines: bytes, kind: bytes = b"multipart/mixed; boundary=b", fields: tuple[bytes, ...] = ()
) -> bytes:
    """Return a multipart with these lines for its body."""
    return mail(b"Content-Type: " + kind, *fields, body=b"\r\n".join(lines))


def part(*fields: bytes, body: bytes = b"Hello.") -> bytes:
    """Return a multipart of one part with these fields."""
    return multipart(b"--b", *fields, b"", body, b"--b--")


REPORTING = b"Reporting-MTA: dns; mx.example.net"
RECIPIENT = (b"Final-Recipient: rfc822; bob@example.net", b"Action: failed", b"Status: 5.1.1")
SHOWN = b"Disposition: manual-action/MDN-sent-manually; displayed"


def status(
    *lines: bytes, kind: bytes = b"multipart/report; report-type=delivery-status; boundary=b"
) -> bytes:
    """Return a delivery status notification (RFC 3464) with these lines."""
    human = (b"--b", UTF8, b"", b"It did not arrive.")
    machine = (b"--b", b"Content-Type: message/delivery-status", b"", *lines)
    return multipart(*human, *machine, b"", b"--b--", kind=kind)


def receipt(*lines: bytes) -> bytes:
    """Return a message disposition notification (RFC 8098) with these lines."""
    kind = b"multipart/report; report-type=disposition-notification;\r\n boundary=b"
    human = (b"--b", UTF8, b"", b"It was read.")
    machine = (b"--b", b"Content-Type: message/disposition-notification", b"", *lines)
    return multipart(*human, *machine, b"", b"--b--", kind=kind)


def session(
    content: bytes,
    sender: bytes = b"<ann@example.org>",
    recipients: tuple[bytes, ...] = (b"<bob@example.net>",),
    offers: tuple[bytes, ...] = (b"250 mx.example.net",),
) -> bytes:
    """Return the record of a session that sends *content*."""
    said = [(b"S", b"220 mx.example.net ESMTP"), (b"C", b"EHLO client.example.org")]
    said += [(b"S", line) for line in offers]
    said += [(b"C", b"MAIL FROM:" + sender), (b"S", b"250 ok")]
    for recipient in recipients:
        said += [(b"C", b"RCPT TO:" + recipient), (b"S", b"250 ok")]
    said += [(b"C", b"DATA"), (b"S", b"354 go ahead")]
    said += [(b"C", line) for line in content.split(b"\r\n")[:-1]]
    said += [(b"C", b"."), (b"S", b"250 ok"), (b"C", b"QUIT"), (b"S", b"221 bye")]
    return b"".join(side + b": " + line + b"\r\n" for side, line in said)
