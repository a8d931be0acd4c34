"""One pattern for all sessions that are like one which the walk has found faultless.

Telling the shape of a session (``skim``) looks at each of its lines. Where a file repeats one
shape thousands of times, its shape is written as a pattern, in which only what does not count
is left open: the tidiest of domains and mailboxes, small sizes, what replies say behind their
codes, the values of header fields, the lines of a body. Whatever matches it has that shape; what
is less tidy does not match and is looked at line by line. So nothing here judges anything:
a pattern is only a quicker way to say "like that one", and a test holds the two ways equal.

Nothing in a pattern is repeated inside of what is repeated, unless possessively.
"""

from __future__ import annotations

import re

from smtp_lsp.grammar import contradictions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# An ordinary domain name, all of whose labels are letters, digits and hyphens (RFC 5321 4.1.2).
# What a label stands for that begins with xn-- is to be judged.
_DOMAIN = rb"(?:(?![Xx][Nn]--)[A-Za-z0-9][A-Za-z0-9-]{0,40}+(?<!-)\.){1,5}+[A-Za-z]{2,24}+"
_SERVER_DOMAIN = rb"(?:[a-z][a-z0-9-]{0,40}+(?<!-)\.){1,5}+[a-z]{2,24}+"
_LOCAL_PART = rb"[A-Za-z0-9_+-]{1,18}+(?:\.[A-Za-z0-9_+-]{1,18}+){0,2}+"

_HELLO = re.compile(rb"(?i:((?:EHLO|HELO) )" + _DOMAIN + rb")\Z")
_MAILBOX = re.compile(
    rb"(?i)((?:MAIL FROM|RCPT TO):<)" + _LOCAL_PART + rb"@" + _DOMAIN + rb">(.*)\Z"
)
_NULL = re.compile(rb"(?i)MAIL FROM:<>(.*)\Z")
_SIZE = re.compile(rb"(?i) SIZE=[1-9][0-9]{0,4}(?= |\Z)")
_REPLY = re.compile(rb"[0-9]{3}[ -](?:[0-9]\.[0-9]{1,3}\.[0-9]{1,3} )?")
_NAMED = re.compile(rb"([0-9]{3}[ -])" + _SERVER_DOMAIN + rb"(?= |\Z)")
_OPEN = re.compile(rb"[0-9@<\[]|[A-Za-z0-9]\.[a-z]")
"""What in the text of a reply tells that another session's will have other words."""

_ANY = rb"[ -~]*+"
SMALL_LETTER = rb"(?=[^a-z\r\n]*+[a-z])"
REFUSED = rb"(?i:(?!....(?:" + contradictions.REFUSED.pattern.replace(b"(?i)", b"") + rb")))"

# -- The fields of a header ----------------------------------------------------------------

# One mailbox, with a name of a few plain words (RFC 5322 3.4).
_ADDRESS = _LOCAL_PART + rb"@" + _DOMAIN
_NAME = rb"(?:[A-Za-z][a-z]{0,30}+(?: [A-Za-z][a-z]{0,30}+){0,3}+|\"[A-Za-z][A-Za-z ,.]{0,60}+\")"
_MAILBOX_VALUE = rb"(?:(?:" + _NAME + rb" )?<" + _ADDRESS + rb">|" + _ADDRESS + rb")"
_MSG_ID = rb"<[A-Za-z0-9_+=-]{1,60}+(?:\.[A-Za-z0-9_+=-]{1,60}+){0,6}+@" + _DOMAIN + rb">"
# Prose in which nothing is encoded, and nothing stands for what a template should have filled in.
_WORDS = rb"[!-#&-<>-Z^-z~][ !-#&-<>-Z^-z~]*+(?<! )"
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{1,2} [A-Z][a-z][a-z] [0-9]{4}"
_TIME = rb" (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] [+-](?:0[0-9]|1[0-3])[0-5][0-9]"

FIELDS = {
    b"cc": _MAILBOX_VALUE,
    b"date": rb"(" + _DAY + rb")" + _TIME,
    b"from": _MAILBOX_VALUE,
    b"message-id": _MSG_ID,
    b"subject": _WORDS,
    b"to": _MAILBOX_VALUE,
}
"""The fields of which a header may be made, and the tidiest of their values."""

FIELD = (
    rb"(?=([A-Za-z-]++):)(?i:"
    + rb"|".join(name + rb": (?-i:" + value + rb")" for name, value in FIELDS.items())
    + rb")(?=\r?\n)"
)
"""One of these, with its name, and the day of a Date, which is to be looked up."""
ANY_FIELD = rb"(?:[A-Za-z][!-9;-~]*:|[ \t]+[!-~])"

_FIELD = re.compile(FIELD)
_MOST = 4000
"""Octets of a session, its bodies left out, up to which a pattern is made of it."""


class Unlike(Exception):  # noqa: N818  # it is no error: the session has something that counts
    """What a line says cannot be left open."""


class Likeness:
    """Writes the patterns of one file, whose sides are told by *client* and *server*."""

    def __init__(self, client: bytes, server: bytes) -> None:
        self.client = client
        self.server = server

    def pattern(self, session: bytes) -> re.Pattern[bytes] | None:
        """Return what matches the sessions like this one, which is plain and faultless.

        Each match is a whole session: a greeting follows it, or the end of the file.
        None where something in it cannot be left open.
        """
        lines = session.split(b"\n")
        if lines.pop() or len(session) > _MOST:
            return None
        said = iter(lines)
        parts: list[bytes] = []
        hello = greeted = False
        try:
            for line in said:
                if line.startswith(self.server):
                    named = hello or not greeted
                    greeted = True
                    parts.append(self.reply(line, named=named, offers=hello))
                    hello = hello and line[len(self.server) + 3 : len(self.server) + 4] == b"-"
                    if line.startswith(b"354", len(self.server)):
                        parts.extend(self.content(said))
                else:
                    parts.append(self.command(line))
                    hello = line[len(self.client) : len(self.client) + 4].upper() == b"EHLO"
        except (Unlike, StopIteration):
            return None
        following = rb"(?=" + re.escape(self.server) + rb"220 |\Z)"
        return re.compile(b"".join(parts) + following)

    def command(self, line: bytes) -> bytes:
        text, end = _parted(line)
        if not text.startswith(self.client):
            raise Unlike
        text = text[len(self.client) :]
        prefix = re.escape(self.client)
        if (hello := _HELLO.match(text)) is not None:
            return prefix + re.escape(hello[1]) + _DOMAIN + end
        if (path := _MAILBOX.match(text)) is not None:
            mailbox = _LOCAL_PART + rb"@" + _DOMAIN + rb">"
            return prefix + re.escape(path[1]) + mailbox + _parameters(path[2]) + end
        if (null := _NULL.match(text)) is not None:
            return prefix + re.escape(text[: null.start(1)]) + _parameters(null[1]) + end
        return prefix + re.escape(text) + end

    def reply(self, line: bytes, *, named: bool, offers: bool) -> bytes:
        """Return the pattern of a line of a reply; of what EHLO offers every octet counts."""
        text, end = _parted(line)
        prefix = re.escape(self.server)
        text = text[len(self.server) :]
        name = _NAMED.match(text) if named else None
        if name is not None:
            rest = b" " + _ANY if name.end() < len(text) else b""
            return prefix + re.escape(name[1]) + _SERVER_DOMAIN + rest + end
        begin = _REPLY.match(text)
        if begin is None:
            raise Unlike
        if offers or text.startswith(b"354") or not _OPEN.search(text, begin.end()):
            return prefix + re.escape(text) + end
        # The first word stays, and no keyword has a small letter in it.
        stop = text.find(b" ", 4) + 1
        if not stop or not any(97 <= octet <= 122 for octet in text[stop:]):
            return prefix + re.escape(text) + end
        return prefix + REFUSED + re.escape(text[:stop]) + SMALL_LETTER + _ANY + end

    def content(self, said: Iterator[bytes]) -> list[bytes]:
        """Return the patterns of a content: its header field by field, its body as it comes."""
        parts: list[bytes] = []
        prefix = re.escape(self.client)
        bare = self.client.rstrip(b" ")
        for line in said:
            text, end = _parted(line)
            if text in (bare, self.client):
                parts.append(re.escape(text) + end)
                break
            if not text.startswith(self.client):
                raise Unlike
            parts.append(prefix + self._field(text[len(self.client) :]) + end)
        text = b""
        while text != self.client + b".":
            text, end = _parted(next(said))
            if text != bare and not text.startswith(self.client):
                raise Unlike
        # An empty line often lacks the blank behind the prefix.
        begin, blank = re.escape(bare), re.escape(self.client[len(bare) :])
        unstuffed = rb"(?!\.(?!\.))"
        line_of_body = begin + rb"(?:" + blank + unstuffed + rb"[ -~\t]*+)?+" + end
        body = rb"(?:" + line_of_body + rb")*+"
        return [*parts, body, prefix + rb"\." + end]

    def _field(self, line: bytes) -> bytes:
        field = _FIELD.match(line + b"\n")
        if field is None:
            raise Unlike
        name = field[1]
        if field[2]:
            return re.escape(name + b": " + field[2]) + _TIME
        return re.escape(name + b": ") + FIELDS[name.lower()]


def _parted(line: bytes) -> tuple[bytes, bytes]:
    """Return a line without its CR, and the pattern of its end."""
    if line.endswith(b"\r"):
        return line[:-1], rb"\r\n"
    return line, rb"\n"


def _parameters(text: bytes) -> bytes:
    """Return the pattern of the parameters in *text*: a small size counts as any other."""
    small = _SIZE.search(text)
    if small is None:
        return re.escape(text)
    keyword = text[small.start() : text.index(b"=", small.start()) + 1]
    before, after = text[: small.start()], text[small.end() :]
    return re.escape(before + keyword) + rb"[1-9][0-9]{0,4}+" + re.escape(after)
