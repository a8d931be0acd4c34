"""Ordinary messages in the scripts of the world: ``python make_international.py``.

They are written by hand but for the encoding, which is done here and not by a library: whole
characters in each encoded-word, words of at most 75 characters, lines of at most 76. No rule may
speak up about any of them, least of all one about security: writing from right to left, joiners
between letters, and names in two scripts are how people write.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[1]))

from scenarios import PDF, SCRIPTS

FOLDER = Path(__file__).parents[2] / "cases" / "international"
PHRASE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/"


class Letter(NamedTuple):
    """What is written, and to whom: *mixed* is a name in two scripts, *domain* has U-labels."""

    name: str
    subject: str
    text: str
    mixed: str
    domain: str
    local: str
    file: str
    charset: str


MORE = {
    "german": (
        "Jörg Müller",
        "Einladung zur Eröffnung der Ausstellung „Größe und Maß“ am 12. März",
        "Guten Tag,\n\ndie Eröffnung ist um 18 Uhr im Museum für Völkerkunde.\n\nJörg Müller\n",
    ),
    "persian": (
        "زهرا کریمی",
        "دعوت به نشست ماهانهٔ گروه و دستور جلسهٔ پیشنهادی برای روز سه\u200cشنبه",
        "سلام،\n\nنشست روز سه\u200cشنبه برگزار می\u200cشود.\n\nزهرا\n",
    ),
}
ALL = {**SCRIPTS, **MORE}

# Beside the words: a name in two scripts, a domain, a local-part, a file, an older charset.
ADDED = {
    "german": ("Müller, Jörg (Café)", "bücher", "jörg", "Übersicht für März.pdf", "iso-8859-15"),
    "french": ("Lefèvre, Hélène", "société", "hélène", "compte-rendu d’été.pdf", ""),
    "czech": ("Dvořák, Jiří", "příklad", "jiří", "zápis č. 3.pdf", "iso-8859-2"),
    "vietnamese": ("Hương Smith", "vídụ", "hương", "lịch nghỉ lễ.pdf", ""),
    "greek": ("Ελένη Smith", "παράδειγμα", "ελένη", "πρόσκληση.pdf", "iso-8859-7"),
    "cyrillic": ("Анна Smith (ООО Rosa)", "пример", "анна", "протокол № 5.pdf", "koi8-r"),
    "arabic": ("فاطمة Fatima", "مثال", "فاطمة", "جدول الأعمال.pdf", "windows-1256"),
    "persian": ("زهرا Karimi", "نمونه", "زهرا", "دستور جلسه.pdf", ""),
    "hebrew": ("נועה Levi", "דוגמה", "נועה", "סיכום ישיבה 3.pdf", "windows-1255"),
    "devanagari": ("सुनीता Sharma", "उदाहरण", "सुनीता", "कार्यसूची.pdf", ""),
    "thai": ("สมชาย Jaidee", "ตัวอย่าง", "สมชาย", "วาระการประชุม.pdf", "tis-620"),
    "chinese-simplified": ("王小明 Wang", "例子", "小明", "会议议程.pdf", "gb2312"),
    "chinese-traditional": ("陳美玲 Chen", "範例", "美玲", "系統維護說明.pdf", "big5"),
    "japanese": ("山田 Hanako (経理)", "例え", "花子", "進捗報告.pdf", "iso-2022-jp"),
    "korean": ("김영희 Kim", "실례", "영희", "회의 자료.pdf", "euc-kr"),
    "armenian": ("Անահիտ Petrosyan", "օրինակ", "անահիտ", "օրակարգ.pdf", ""),
    "georgian": ("ნინო Beridze", "მაგალითი", "ნინო", "დღის წესრიგი.pdf", ""),
    "emoji": ("Web Team 👩\u200d💻", "smiles", "team", "🎉 party.pdf", ""),
}
LETTERS = {script: Letter(*ALL[script], *added) for script, added in ADDED.items()}


def b_word(text: bytes, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text).decode()}?="


def q_word(text: bytes, charset: str) -> str:
    shown = "".join(
        "_" if octet == 32 else chr(octet) if octet in PHRASE else f"={octet:02X}" for octet in text
    )
    return f"=?{charset}?Q?{shown}?="


def words(text: str, room: int, make: Callable[[bytes, str], str], charset: str) -> list[str]:
    """Return *text* in encoded-words, the first of at most *room* characters."""
    found: list[str] = []
    piece = ""
    for character in text:
        limit = min(75, room if not found else 75)
        if piece and len(make((piece + character).encode(charset), charset)) > limit:
            found.append(make(piece.encode(charset), charset))
            piece = ""
        piece += character
    return [*found, make(piece.encode(charset), charset)]


def encoded_field(name: str, text: str, make: Callable[[bytes, str], str], charset: str) -> str:
    return f"{name}: " + "\n ".join(words(text, 76 - len(name) - 2, make, charset)) + "\n"


def mailbox(text: str, address: str, make: Callable[[bytes, str], str], charset: str) -> str:
    return "\n ".join([*words(text, 70, make, charset), f"<{address}>"])


def quoted(name: str) -> str:
    """Return a display name as it stands, in quotes if its specials ask for them."""
    return f'"{name}"' if any(special in name for special in ',()."') else name


def a_label(label: str) -> str:
    return label.encode("idna").decode()


def qp_body(text: str, charset: str) -> str:
    lines = []
    for line in text.split("\n"):
        piece = ""
        for character in line:
            octets = "".join(
                chr(o) if 32 <= o < 127 and o != 61 else f"={o:02X}"
                for o in character.encode(charset)
            )
            if len(piece) + len(octets) > 75:
                lines.append(piece + "=")
                piece = ""
            piece += octets
        lines.append(piece)
    return "\n".join(lines)


def base64_lines(octets: bytes) -> str:
    coded = base64.b64encode(octets).decode()
    return "".join(coded[at : at + 76] + "\n" for at in range(0, len(coded), 76))


def dated(number: int) -> str:
    day = 1 + number % 28
    week = ("Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu")[number % 28 % 7]
    zone = ("+0100", "-0500", "+0900")[number % 3]
    return f"Date: {week}, {day:02} Mar 2024 {8 + number % 10:02}:30:00 {zone}\n"


def common(script: str, way: str, number: int) -> str:
    return f"{dated(number)}Message-ID: <{script}-{way}@mail.example.org>\nMIME-Version: 1.0\n"


def plain(charset: str, encoding: str, body: str) -> str:
    return (
        f"Content-Type: text/plain; charset={charset}\n"
        f"Content-Transfer-Encoding: {encoding}\n\n{body}"
    )


def raw(script: str, letter: Letter, number: int) -> bytes:
    """RFC 6532: the header in UTF-8, domains in U-labels, local-parts in their script."""
    text = (
        f"From: {quoted(letter.mixed)} <{letter.local}@{letter.domain}.example.org>\n"
        f"To: {letter.name} <{letter.local}@{letter.domain}.example.test>,\n list@example.test\n"
        f"Subject: {letter.subject}\n{common(script, 'raw', number)}"
        f"{plain('utf-8', '8bit', letter.text)}"
    )
    return text.encode()


def based(script: str, letter: Letter, number: int) -> bytes:
    domain = a_label(letter.domain)
    text = (
        f"From: {mailbox(letter.name, f'{script}@{domain}.example.org', b_word, 'UTF-8')}\n"
        f"To: {mailbox(letter.mixed, f'list@{domain}.example.test', b_word, 'UTF-8')}\n"
        f"{encoded_field('Subject', letter.subject, b_word, 'UTF-8')}"
        f"{common(script, 'based', number)}"
        f"{plain('UTF-8', 'base64', base64_lines(letter.text.encode()))}"
    )
    return text.encode("ascii")


def reply(script: str, letter: Letter, number: int) -> bytes:
    quoting = "".join(
        f"> {line}\n".replace("> \n", ">\n") for line in letter.text.rstrip("\n").split("\n")
    )
    subject = "\n ".join(words(letter.subject, 76 - len("Subject: Re: "), q_word, "utf-8"))
    text = (
        f"From: {mailbox(letter.name, f'{script}@example.test', q_word, 'utf-8')}\n"
        f"To: {mailbox(letter.mixed, f'{script}@example.org', q_word, 'utf-8')}\n"
        f"Subject: Re: {subject}\n"
        f"{common(script, 'reply', number)}In-Reply-To: <{script}-based@mail.example.org>\n"
        f"References: <{script}-raw@mail.example.org>\n <{script}-based@mail.example.org>\n"
        f"{plain('utf-8', 'quoted-printable', qp_body('OK 👍' + chr(10) * 2 + quoting, 'utf-8'))}"
    )
    return text.encode("ascii")


def attached(script: str, letter: Letter, number: int) -> bytes:
    name = quote(letter.file, safe="")
    pieces = []
    while name:
        # An escape is not cut in two.
        end = (
            next(at for at in (50, 49, 48) if "%" not in name[at - 2 : at])
            if len(name) > 50
            else 50
        )
        pieces.append(name[:end])
        name = name[end:]
    parameters = ";\n".join(
        f" filename*{at}*={'' if at else chr(117) + 'tf-8' + chr(39) * 2}{piece}"
        for at, piece in enumerate(pieces)
    )
    text = (
        f"From: {mailbox(letter.mixed, f'{script}@example.org', q_word, 'utf-8')}\n"
        f"To: undisclosed-recipients:;\n"
        f"{encoded_field('Subject', letter.file, b_word, 'utf-8')}"
        f"{common(script, 'attached', number)}"
        f'Content-Type: multipart/mixed; boundary="={script}="\n\n--={script}=\n'
        f'Content-Type: multipart/alternative; boundary="+{script}+"\n\n--+{script}+\n'
        f"{plain('utf-8', 'quoted-printable', qp_body(letter.text, 'utf-8'))}\n--+{script}+\n"
        f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        f"{base64_lines(f'<p>{letter.subject}</p>'.encode())}\n--+{script}+--\n\n--={script}=\n"
        f"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: attachment;\n{parameters}\n\n{base64_lines(PDF)}--={script}=--\n"
    )
    return text.encode("ascii")


def older(script: str, letter: Letter, number: int) -> bytes:
    """The charset of before UTF-8, in header and body."""
    charset = letter.charset
    body = letter.text
    for typographic, simple in (("“", '"'), ("”", '"'), ("„", '"'), ("’", "'"), ("—", "-")):
        body = body.replace(typographic, simple)
    subject = letter.file.removesuffix(".pdf").replace("№", "N")
    head = (
        f"From: {mailbox(letter.name, f'{script}@example.org', b_word, charset)}\n"
        f"To: {mailbox(letter.name, 'list@example.test', q_word, charset)}\n"
        f"{encoded_field('Subject', subject, b_word, charset)}{common(script, 'older', number)}"
    )
    if charset == "iso-2022-jp":
        return head.encode() + plain(charset, "7bit", "").encode() + body.encode(charset)
    if number % 2:
        return head.encode() + plain(charset, "8bit", "").encode() + body.encode(charset)
    return (head + plain(charset, "quoted-printable", qp_body(body, charset))).encode("ascii")


WAYS = (raw, based, reply, attached, older)


def main() -> None:
    """Write them, every other one with CRLF."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    number = 0
    for script, letter in LETTERS.items():
        for way in WAYS:
            if way is older and not letter.charset:
                continue
            number += 1
            data = way(script, letter, number)
            if number % 2:
                data = data.replace(b"\n", b"\r\n")
            (FOLDER / f"{script}-{way.__name__}.eml").write_bytes(data)


if __name__ == "__main__":
    main()
