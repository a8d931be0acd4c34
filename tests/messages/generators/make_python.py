"""Messages by Python's ``email``: ``python make_python.py SCENARIOS FOLDER modern|legacy``."""

from __future__ import annotations

import base64
import json
import random
import sys
from datetime import UTC, datetime
from email import charset, policy
from email.generator import BytesGenerator
from email.header import Header
from email.headerregistry import Address, Group
from email.message import EmailMessage, Message
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser
from email.utils import format_datetime, formataddr, formatdate
from io import BytesIO
from pathlib import Path
from typing import Any


def address(name: str, addr_spec: str) -> Address:
    local, _, domain = addr_spec.rpartition("@")
    return Address(name, local, domain)


def addresses(pairs: list[list[str]]) -> list[Address]:
    return [address(*pair) for pair in pairs]


def modern(one: dict[str, Any]) -> EmailMessage:
    message = EmailMessage(policy.SMTP if one["epoch"] % 2 else policy.default)
    message["From"] = addresses(one["from"])
    if "sender" in one:
        message["Sender"] = address(*one["sender"])
    if "reply_to" in one:
        message["Reply-To"] = addresses(one["reply_to"])
    if "group" in one:
        name, members = one["group"]
        message["To"] = Group(name, tuple(addresses(members)))
    else:
        message["To"] = addresses(one["to"])
    if one["cc"]:
        message["Cc"] = addresses(one["cc"])
    message["Subject"] = one["subject"]
    message["Date"] = format_datetime(datetime.fromtimestamp(one["epoch"], UTC))
    message["Message-ID"] = f"<{one['name']}.python@mail.example.org>"
    for name, value in one["headers"]:
        message[name] = value
    message.set_content(one["text"], cte=one.get("encoding"))
    if "html" in one:
        message.add_alternative(one["html"], subtype="html")
    if "calendar" in one:
        message.add_alternative(one["calendar"], subtype="calendar", params={"method": "REQUEST"})
    for item in one["attachments"]:
        data = base64.b64decode(item["data"])
        kind, _, parameter = item["type"].partition("; ")
        main, _, sub = kind.partition("/")
        if item["cid"]:
            html = message.get_body(("html",))
            assert html
            html.add_related(data, main, sub, cid=f"<{item['cid']}>", disposition="inline")
        elif parameter:
            message.add_attachment(data.decode(), subtype=sub, filename=item["name"])
        else:
            message.add_attachment(data, main, sub, filename=item["name"])
    if "message" in one:
        inner = BytesParser(policy=policy.default).parsebytes(one["message"].encode())
        message.add_attachment(inner)
    return message


def legacy(one: dict[str, Any]) -> Message:
    body: Message = MIMEText(one["text"], "plain", "us-ascii" if one["text"].isascii() else "utf-8")
    if one.get("encoding") == "quoted-printable":
        quoted = charset.Charset("utf-8")
        quoted.body_encoding = charset.QP
        body = MIMENonMultipart("text", "plain")
        body.set_payload(one["text"], quoted)
    if "html" in one:
        both = MIMEMultipart("alternative")
        both.attach(body)
        both.attach(MIMEText(one["html"], "html", "utf-8"))
        body = both
    if "calendar" in one:
        both = MIMEMultipart("alternative")
        both.attach(body)
        event = MIMEText(one["calendar"].replace("\r\n", "\n"), "calendar", "utf-8")
        event.set_param("method", "REQUEST")
        both.attach(event)
        body = both
    parts: list[Message] = []
    related: list[Message] = []
    for item in one["attachments"]:
        data = base64.b64decode(item["data"])
        if item["type"].startswith("text/"):
            part: Message = MIMEText(data.decode().replace("\r\n", "\n"), "csv", "utf-8")
        elif item["type"].startswith("image/"):
            part = MIMEImage(data, item["type"][6:])
        else:
            part = MIMEApplication(data, item["type"].split("/")[1])
        if item["cid"]:
            part["Content-ID"] = f"<{item['cid']}>"
            part["Content-Disposition"] = "inline"
            related.append(part)
        else:
            part.add_header("Content-Disposition", "attachment", filename=item["name"])
            parts.append(part)
    if related:
        both = MIMEMultipart("related", type="multipart/alternative")
        both.attach(body)
        for part in related:
            both.attach(part)
        body = both
    if "message" in one:
        parts.append(MIMEMessage(BytesParser().parsebytes(one["message"].encode())))
    if parts:
        mixed = MIMEMultipart()
        mixed.attach(body)
        for part in parts:
            mixed.attach(part)
        body = mixed
    body["From"] = ", ".join(formataddr((n, a)) for n, a in one["from"])
    if "sender" in one:
        body["Sender"] = formataddr(tuple(one["sender"]))
    if "reply_to" in one:
        body["Reply-To"] = ", ".join(formataddr((n, a)) for n, a in one["reply_to"])
    if "group" in one:
        name, members = one["group"]
        body["To"] = f"{name}: " + ", ".join(formataddr((n, a)) for n, a in members) + ";"
    else:
        body["To"] = ", ".join(formataddr((n, a)) for n, a in one["to"])
    if one["cc"]:
        body["Cc"] = ", ".join(formataddr((n, a)) for n, a in one["cc"])
    subject = one["subject"]
    body["Subject"] = (
        subject if subject.isascii() else Header(subject, "utf-8", header_name="Subject")
    )
    body["Date"] = formatdate(one["epoch"])
    body["Message-ID"] = f"<{one['name']}.legacy@mail.example.org>"
    for name, value in one["headers"]:
        body[name] = value
    return body


def fields(*pairs: tuple[str, str]) -> Message:
    part = Message()
    for name, value in pairs:
        part[name] = value
    return part


def reports() -> dict[str, Message]:
    """Return what only the old classes can make: reports, and something signed."""
    found: dict[str, Message] = {}
    for name, action, status, language in (
        ("failed", "failed", "5.1.1", "en"),
        ("delayed", "delayed", "4.4.1", "en"),
        ("delivered", "delivered", "2.0.0", "fr"),
    ):
        report = MIMEMultipart("report", report_type="delivery-status")
        report["From"] = "Mail Delivery System <postmaster@mx.example.test>"
        report["To"] = "alice@example.org"
        report["Subject"] = "Delivery Status Notification"
        report["Date"] = formatdate(1709715600)
        report["Message-ID"] = f"<dsn-{name}@mx.example.test>"
        report["Auto-Submitted"] = "auto-replied"
        words = {"en": "The message was not delivered yet.", "fr": "Le message a été remis."}
        report.attach(
            MIMEText(words[language] + "\n", "plain", "us-ascii" if language == "en" else "utf-8")
        )
        status_part = MIMEBase("message", "delivery-status")
        status_part.attach(
            fields(
                ("Reporting-MTA", "dns; mx.example.test"),
                ("Arrival-Date", "Wed, 06 Mar 2024 08:59:00 +0000"),
            )
        )
        for address in ("bob@example.test", "carol@example.test"):
            status_part.attach(
                fields(
                    ("Original-Recipient", f"rfc822;{address}"),
                    ("Final-Recipient", f"rfc822;{address}"),
                    ("Action", action),
                    ("Status", status),
                    ("Diagnostic-Code", "smtp; 550 5.1.1 No such user"),
                )
            )
        report.attach(status_part)
        original = fields(
            ("From", "Alice Smith <alice@example.org>"),
            ("To", "bob@example.test"),
            ("Subject", "Figures"),
            ("Date", "Wed, 06 Mar 2024 08:58:00 +0000"),
            ("Message-ID", "<figures@example.org>"),
        )
        if action == "failed":
            original.set_payload("The figures.\n")
            report.attach(MIMEMessage(original))
        else:
            headers = MIMEBase("text", "rfc822-headers")
            headers.set_payload(str(original).split("\n\n")[0] + "\n")
            report.attach(headers)
        found[f"dsn-{name}"] = report
    receipt = MIMEMultipart("report", report_type="disposition-notification")
    receipt["From"] = "Bob <bob@example.test>"
    receipt["To"] = "Alice Smith <alice@example.org>"
    receipt["Subject"] = "Read: Figures"
    receipt["Date"] = formatdate(1709719200)
    receipt["Message-ID"] = "<mdn-1@example.test>"
    receipt["References"] = "<figures@example.org>"
    receipt.attach(MIMEText("Your message was displayed.\n"))
    notification = MIMEBase("message", "disposition-notification")
    notification.set_payload(
        "Reporting-UA: example.test; Reader 1.0\n"
        "Final-Recipient: rfc822;bob@example.test\n"
        "Original-Message-ID: <figures@example.org>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n"
    )
    receipt.attach(notification)
    found["mdn-displayed"] = receipt
    for name, protocol, kind, algorithm in (
        ("signed-pgp", "application/pgp-signature", "pgp-signature", "pgp-sha256"),
        ("signed-smime", "application/pkcs7-signature", "pkcs7-signature", "sha-256"),
    ):
        signed = MIMEMultipart("signed", protocol=protocol, micalg=algorithm)
        signed["From"] = "Alice Smith <alice@example.org>"
        signed["To"] = "bob@example.test"
        signed["Subject"] = "Signed"
        signed["Date"] = formatdate(1709722800)
        signed["Message-ID"] = f"<{name}@mail.example.org>"
        signed.attach(MIMEText("This is signed.\n"))
        if kind == "pgp-signature":
            signature: Message = MIMEBase("application", kind)
            signature.set_payload(
                "-----BEGIN PGP SIGNATURE-----\n\niHUEARYKAB0WIQR4bm90IGEgcmVhbCBzaWduYXR1cmU=\n"
                "=abcd\n-----END PGP SIGNATURE-----\n"
            )
            signature["Content-Disposition"] = 'attachment; filename="signature.asc"'
        else:
            signature = MIMEApplication(bytes(range(120)), kind)
            signature.add_header("Content-Disposition", "attachment", filename="smime.p7s")
        signed.attach(signature)
        found[name] = signed
    digest = MIMEMultipart("digest")
    digest["From"] = "dev-request@lists.example.org"
    digest["To"] = "dev@lists.example.org"
    digest["Subject"] = "dev Digest, Vol 7, Issue 3"
    digest["Date"] = formatdate(1709726400)
    digest["Message-ID"] = "<digest-7-3@lists.example.org>"
    for number in (1, 2, 3):
        inner = MIMEText(f"Message number {number}.\n")
        inner["From"] = f"member{number}@example.com"
        inner["Subject"] = f"Topic {number}"
        inner["Date"] = formatdate(1709720000 + number)
        digest.attach(MIMEMessage(inner))
    found["digest"] = digest
    draft = EmailMessage()
    draft["X-Unsent"] = "1"
    draft["To"] = "bob@example.test"
    draft["Subject"] = "Not finished"
    draft.set_content("Dear Bob,\n")
    found["draft"] = draft
    raw = EmailMessage(policy.SMTPUTF8)
    raw["From"] = "Jürgen Groß <jürgen@bücher.example.org>"
    raw["To"] = "Δοκιμή <δοκιμή@παράδειγμα.example.test>"
    raw["Subject"] = "Grüße aus Köln und καλημέρα"
    raw["Date"] = formatdate(1709730000)
    raw["Message-ID"] = "<utf8-1@mail.example.org>"
    raw.set_content("Grüße!\n", cte="8bit")
    found["smtputf8"] = raw
    return found


def write(message: Message, path: Path, ends: str) -> None:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=message.policy.clone(linesep=ends)).flatten(
        message
    )
    path.write_bytes(out.getvalue())


def main(scenarios: str, folder: str, way: str) -> None:
    build = {"modern": modern, "legacy": legacy}[way]
    ready = {}
    for one in json.loads(Path(scenarios).read_text()):
        random.seed(one["name"])
        ready[one["name"]] = build(one)
    if way == "legacy":
        ready.update(reports())
    for number, (name, message) in enumerate(ready.items()):
        random.seed(name)
        write(message, Path(folder) / f"{name}.eml", "\r\n" if number % 3 else "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
