"""Messages by GMime: ``python3 make_gmime.py SCENARIOS FOLDER`` (Debian: gir1.2-gmime-3.0)."""

import base64
import json
import sys
from pathlib import Path

import gi

gi.require_version("GMime", "3.0")
from gi.repository import GLib, GMime  # noqa: E402

ENCODINGS = {
    "quoted-printable": GMime.ContentEncoding.QUOTEDPRINTABLE,
    "base64": GMime.ContentEncoding.BASE64,
    "8bit": GMime.ContentEncoding.__dict__["8BIT"],
}


def content(data):
    return GMime.DataWrapper.new_with_stream(
        GMime.StreamMem.new_with_buffer(data), GMime.ContentEncoding.DEFAULT
    )


def text(kind, words, encoding=None):
    part = GMime.TextPart.new_with_subtype(kind)
    part.set_charset("us-ascii" if words.isascii() else "utf-8")
    part.set_text(words)
    if encoding:
        part.set_content_encoding(ENCODINGS[encoding])
    elif not words.isascii() or max(map(len, words.splitlines() or [""])) > 900:
        part.set_content_encoding(ENCODINGS["quoted-printable"])
    return part


def multipart(kind, name, parts):
    found = GMime.Multipart.new_with_subtype(kind)
    found.set_boundary(f"=-{name[:30]}-{kind}")
    for part in parts:
        found.add(part)
    return found


def build(one):
    message = GMime.Message.new(True)
    for key, kind in (("from", "FROM"), ("to", "TO"), ("cc", "CC"), ("reply_to", "REPLY_TO")):
        for name, address in one.get(key, ()):
            into = message.get_addresses(getattr(GMime.AddressType, kind))
            if name:
                into.add(GMime.InternetAddressMailbox.new(name, address))
            else:
                into.append(GMime.InternetAddressList.parse(None, address))
    if "sender" in one:
        message.add_mailbox(GMime.AddressType.SENDER, *one["sender"])
    message.set_subject(one["subject"], "utf-8")
    zone = GLib.TimeZone.new("+05:45")
    message.set_date(GLib.DateTime.new_from_unix_utc(one["epoch"]).to_timezone(zone))
    message.set_message_id(f"{one['name']}.gmime@mail.example.org")
    for name, value in one["headers"]:
        message.append_header(name, value, "utf-8")
    body = text("plain", one["text"], one.get("encoding"))
    if "html" in one:
        html = text("html", one["html"])
        inline = []
        for item in one["attachments"]:
            if item["cid"]:
                inline.append(attachment(item))
        if inline:
            html = multipart("related", one["name"], [html, *inline])
        body = multipart("alternative", one["name"], [body, html])
    if "calendar" in one:
        event = text("calendar", one["calendar"])
        event.get_content_type().set_parameter("method", "REQUEST")
        body = multipart("alternative", one["name"], [body, event])
    more = [attachment(item) for item in one["attachments"] if not item["cid"]]
    if "message" in one:
        stream = GMime.StreamMem.new_with_buffer(one["message"].encode())
        inner = GMime.Parser.new_with_stream(stream).construct_message(None)
        more.append(GMime.MessagePart.new_with_message("rfc822", inner))
    if more:
        body = multipart("mixed", one["name"], [body, *more])
    message.set_mime_part(body)
    return message


def attachment(item):
    kind, _, charset = item["type"].partition("; charset=")
    main, _, sub = kind.partition("/")
    part = GMime.Part.new_with_type(main, sub)
    if charset:
        part.get_content_type().set_parameter("charset", charset)
    part.set_content(content(base64.b64decode(item["data"])))
    part.set_content_encoding(ENCODINGS["base64"])
    part.set_disposition("inline" if item["cid"] else "attachment")
    part.set_filename(item["name"])
    if item["cid"]:
        part.set_content_id(item["cid"])
    return part


def main(scenarios, folder):
    GMime.init()
    for one in json.loads(Path(scenarios).read_text()):
        if "group" not in one:
            made = build(one).to_string(None)
            Path(folder, f"{one['name']}.eml").write_bytes(made.encode("utf-8", "surrogateescape"))


if __name__ == "__main__":
    main(*sys.argv[1:])
