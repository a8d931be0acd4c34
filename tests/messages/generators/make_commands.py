"""Messages by programs: ``python make_commands.py mutt|s-nail|swaks|mpack SCENARIOS FOLDER``.

They are Debian's packages of these names. What a program draws by chance (boundaries,
identifiers, the date of now) becomes something of the same length.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

BOUNDARY = re.compile(rb'boundary="?([^"\s;]{8,})"?')
ID = re.compile(rb"(?im)^(Message-ID: *<)([^@\r\n]+)(@[^\r\n]*>)")
PART_ID = re.compile(rb"(?m)^(Content-ID: <)([\w.-]+)(@)")
DATE = re.compile(rb"(?m)^Date: [^\r\n]*")


def repeatable(made: bytes, one: dict[str, Any]) -> bytes:
    """Return *made* without what chance, the clock and the machine put into it."""
    for count, boundary in enumerate(dict.fromkeys(BOUNDARY.findall(made))):
        mine = hashlib.sha256(f"{one['name']}{count}".encode()).hexdigest()[: len(boundary)]
        made = made.replace(boundary, mine.encode())
    made = ID.sub(lambda m: m[1] + one["name"].encode() + b"@mail.example.org>", made, count=1)
    made = PART_ID.sub(lambda m: m[1] + b"part" + str(m.start()).encode() + m[3], made)
    return DATE.sub(b"Date: " + formatdate(one["epoch"], localtime=True).encode(), made, count=1)


def mailbox(pair: list[str]) -> str:
    name, address = pair
    if not name:
        return address
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>' if re.search(r"[^\w ]", name) else f"{name} <{address}>"


class Workshop:
    """A folder to work in, with a transport that keeps the message instead of sending it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.caught = folder / "caught"
        self.transport = folder / "transport"
        self.transport.write_text(f"#!/bin/sh\ncat > '{self.caught}'\n")
        self.transport.chmod(0o755)

    def run(self, *command: str, words: str = "") -> bytes:
        self.caught.unlink(missing_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "America/New_York",
            "EMAIL": "alice@example.org",
        }
        done = subprocess.run(
            command,
            input=words.encode(),
            env=environment,
            cwd=self.folder,
            capture_output=True,
            check=True,
            timeout=20,
        )
        return self.caught.read_bytes() if self.caught.exists() else done.stdout

    def files(self, one: dict[str, Any]) -> list[str]:
        for item in one["attachments"]:
            (self.folder / item["name"]).write_bytes(base64.b64decode(item["data"]))
        return [item["name"] for item in one["attachments"]]


def mutt(shop: Workshop, one: dict[str, Any]) -> bytes:
    settings = [
        f"set sendmail='{shop.transport}'",
        "set hostname=mail.example.org",
        "set copy=no",
        "set charset=utf-8",
        "set send_charset=us-ascii:iso-8859-1:utf-8",
        "set crypt_use_gpgme=no",
        f"set from='{one['from'][0][1]}'",
        f"set realname='{one['from'][0][0]}'",
    ]
    for name, value in one["headers"]:
        # mutt knows its own of these; from anybody else it takes all.
        settings.append(f"my_hdr {name}: {value}")
    rc = shop.folder / "muttrc"
    rc.write_text("\n".join(settings) + "\n")
    command = ["mutt", "-F", str(rc), "-s", one["subject"]]
    for pair in one["cc"]:
        command += ["-c", mailbox(pair)]
    names = shop.files(one)
    for name in names:
        command += ["-a", name]
    return shop.run(*command, "--", *map(mailbox, one["to"]), words=one["text"])


def s_nail(shop: Workshop, one: dict[str, Any]) -> bytes:
    command = [
        "s-nail",
        "-:/",
        "-Smta=" + str(shop.transport),
        "-Shostname=mail.example.org",
        "-Smime-encoding=" + one.get("encoding", "quoted-printable"),
        "-Sttycharset=utf-8",
        "-Sfullnames",
        "-Sfrom=" + mailbox(one["from"][0]).replace("\\", "\\\\"),
        "-s",
        one["subject"],
    ]
    for name, value in one["headers"]:
        command += ["-C", f"{name}: {value}"]
    for pair in one["cc"]:
        command += ["-c", mailbox(pair)]
    for name in shop.files(one):
        command += ["-a", name]
    return shop.run(*command, *map(mailbox, one["to"]), words=one["text"])


def swaks(shop: Workshop, one: dict[str, Any]) -> bytes:
    command = [
        "swaks",
        "--dump-mail",
        "--to",
        one["to"][0][1],
        "--from",
        one["from"][0][1],
        "--helo",
        "client.example.org",
        "--server",
        "mx.example.test",
        "--h-From",
        mailbox(one["from"][0]),
        "--h-To",
        ", ".join(map(mailbox, one["to"])),
        "--h-Subject",
        one["subject"],
        "--body",
        one["text"],
        "--h-Message-Id",
        f"<{one['name']}@mail.example.org>",
    ]
    for name, value in one["headers"]:
        command += ["--header", f"{name}: {value}"]
    for item, name in zip(one["attachments"], shop.files(one), strict=True):
        command += ["--attach-type", item["type"], "--attach-name", name, "--attach", f"@{name}"]
    return shop.run(*command)


def mpack(shop: Workshop, one: dict[str, Any]) -> bytes:
    (shop.folder / "words").write_text(one["text"])
    (name,) = shop.files(one)
    if not name.isascii():
        name = str((shop.folder / name).rename(shop.folder / "plain.pdf").name)
    made = shop.folder / "made"
    shop.run(
        "mpack",
        "-s",
        one["subject"],
        "-d",
        "words",
        "-c",
        one["attachments"][0]["type"],
        "-o",
        str(made),
        name,
    )
    # mpack leaves these to the one who sends its file.
    head = f"From: {mailbox(one['from'][0])}\nTo: {mailbox(one['to'][0])}\nDate: now\n"
    return head.encode() + made.read_bytes()


def fits(way: str, one: dict[str, Any]) -> bool:
    """Tell whether *way* has means for it, and takes the text as it is."""
    if not one["to"] or one.keys() & {"html", "calendar", "message", "group", "sender"}:
        return False
    if any(name.startswith("Resent") for name, _ in one["headers"]):
        return False
    if way == "swaks":
        # It sends what it is given: only ASCII makes sense. An empty body it waits for.
        return (
            one["text"] != ""
            and json.dumps(one, ensure_ascii=False).isascii()
            and "encoding" not in one
        )
    if way == "mpack":
        return len(one["attachments"]) == 1 and one["attachments"][0]["type"] == "application/pdf"
    return not (one["headers"] and one["headers"][0][0] == "In-Reply-To")


def main(way: str, scenarios: str, folder: str) -> None:
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    make = {"mutt": mutt, "s-nail": s_nail, "swaks": swaks, "mpack": mpack}[way]
    for one in json.loads(Path(scenarios).read_text()):
        if fits(way, one):
            with tempfile.TemporaryDirectory() as place:
                made = repeatable(make(Workshop(Path(place)), one), one)
            Path(folder, f"{one['name']}.eml").write_bytes(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
