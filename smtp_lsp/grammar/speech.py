"""What one line says: a command, or a line of a reply.

Both are pure functions of the line's octets and are remembered by them: sessions repeat
themselves.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production, rfc5321

# The event of each verb. BURL counts as a chunk that the server fetches (RFC 4468 3.1).
EVENTS = {
    "EHLO": "HELLO",
    "HELO": "HELLO",
    "LHLO": "HELLO",
    "MAIL": "MAIL",
    "SEND": "MAIL",
    "SOML": "MAIL",
    "SAML": "MAIL",
    "RCPT": "RCPT",
    "DATA": "DATA",
    "BDAT": "BDAT",
    "BURL": "BDAT",
    "RSET": "RSET",
    "NOOP": "DEBUG",
    "HELP": "DEBUG",
    "VRFY": "DEBUG",
    "EXPN": "DEBUG",
    "STARTTLS": "STARTTLS",
    "X-ANONYMOUSTLS": "STARTTLS",
    "AUTH": "AUTH",
    "X-EXPS": "AUTH",
    "ETRN": "QUEUE",
    "ATRN": "QUEUE",
    "TURN": "QUEUE",
    "XCLIENT": "XCLIENT",
    "XFORWARD": "UNKNOWN",
    "XEXCH50": "UNKNOWN",
    "VERB": "UNKNOWN",
    "ONEX": "UNKNOWN",
    "QUIT": "QUIT",
}

REMEMBERED = 1 << 16
"""How many different lines are remembered before all of them are forgotten."""

_LETTERS = bytes.maketrans(b"01345", b"OIEAS")
"""What a digit is taken for: `EHL0`, `MA1L`, `H3LO`, `D4TA`, `R5ET`."""

# Verbs that take no argument at all: `DATA shows that` is prose, or a DATA with arguments.
_BARE = frozenset({"DATA", "RSET", "QUIT", "STARTTLS", "TURN", "ONEX"})
_PATHS = frozenset({"MAIL", "SEND", "SOML", "SAML"})


class Command:
    """A line that a client said, taken for a command.

    ``verb`` is in capitals; offsets count octets from the start of the line. ``argument`` is
    the offset of the first argument, or the line's length. ``likely`` says whether the line
    would pass for that command: prose that happens to begin with ``Data`` or ``Mail`` does
    not. ``path`` bounds the reverse- or forward-path, angle brackets included.
    """

    __slots__ = (
        "argument",
        "chunk",
        "event",
        "known",
        "last",
        "likely",
        "path",
        "text",
        "verb",
        "verb_end",
        "verb_start",
    )

    def __init__(self, text: bytes, verb: str, verb_start: int, verb_end: int, argument: int):
        self.text = text
        self.verb = verb
        self.verb_start = verb_start
        self.verb_end = verb_end
        self.argument = argument
        self.known = verb in EVENTS
        self.event = EVENTS.get(verb, "UNKNOWN")
        self.path: tuple[int, int] | None = None
        self.chunk = -1
        self.last = False
        self.likely = self.known and _likely(self)
        if verb in ("BDAT", "BURL") and self.last:
            self.event = "BDAT LAST"

    @property
    def arguments(self) -> bytes:
        """The octets behind the verb, without blanks around them, and without remarks."""
        return _without_annotation(self.text[self.argument :]).rstrip()

    def __repr__(self) -> str:
        return f"<Command {self.verb or '?'}>"


def _without_annotation(text: bytes) -> bytes:
    """Return *text* without what a reader of the log wrote behind it."""
    if b"<" not in text and b"\xe2" not in text:
        return text
    found = _ANNOTATION.search(text)
    return text[: found.start()].rstrip() if found else text


def _likely(command: Command) -> bool:
    verb, text, argument = command.verb, command.text, command.argument
    if verb in _PATHS or verb == "RCPT":
        production = rfc5321.FROM if verb in _PATHS else rfc5321.TO
        word = production.match(text, argument)
        if not word:
            return False
        path = rfc5321.PATH.match(text, word.end())
        command.path = path.span() if path else None
        return True
    arguments = _without_annotation(text[argument:]).strip()
    if verb in ("EHLO", "HELO", "LHLO"):
        return len(arguments.split()) <= 1
    if verb in _BARE:
        return not arguments
    if verb == "BDAT":
        from smtp_lsp.grammar import rfc3030

        chunk = rfc3030.CHUNK.match(arguments)
        if chunk:
            command.chunk = int(chunk[1])
            command.last = chunk[2] is not None
        return chunk is not None
    if verb == "BURL":
        command.last = arguments.upper().endswith(b" LAST")
    if verb == "AUTH":
        return len(arguments.split()) <= 2
    if verb in ("HELP", "NOOP", "VRFY", "EXPN", "ETRN", "VERB", "BURL"):
        return len(arguments.split()) <= 2
    return True


_OMISSION = Production(rb"[\[(<]?(?:\.{3,}|\xe2\x80\xa6|snip(?:ped)?|8<|cut)[\])>]?", 2)

# A line of a body that says that some of it was left out, or what stood there:
# `[...]`, `<snip>`, `[base64 data]`, `(attachment follows)`.
OMITTED = Production(
    rb"(?im)^[ \t]*+(?:[\[(<]?(?:\.{3,}|\xe2\x80\xa6|snip(?:ped)?|8<|cut)[\])>]?"
    rb"|[\[(<](?:[^\s\])>]{1,20}[ \t]++)?(?:base64|attach|data|content|omitted|image|binary|"
    rb"more)[^\])>\r\n]{0,40}[\])>])[ \t]*+\r?$"
)

# What a reader wrote behind a command: `DATA   <-- here`, `QUIT <== bye`.
_ANNOTATION = Production(
    rb"(?:^|(?<=[ \t]))(?:<-{1,3}|<={1,3}|<{3,}|\xe2\x86\x90)(?:[ \t].*)?$", 16
)

# What swaks --suppress-data puts in the place of content.
_COUNTED = Production(rb"[0-9]+ lines sent")

_commands: dict[bytes, Command] = {}


def command(line: bytes) -> Command:
    """Return what the client's *line* says, taken for a command. Never fails."""
    known = _commands.get(line)
    if known is not None:
        return known
    match = rfc5321.COMMAND.match(line)
    if match:
        verb = match[1].decode("ascii").upper()
        found = Command(line, verb, match.start(1), match.end(1), match.end())
    else:
        found = Command(line, "", 0, 0, len(line) - len(line.lstrip()))
    if len(_commands) >= REMEMBERED:
        _commands.clear()
    _commands[line] = found
    return found


class ReplyLine:
    """One line of a reply. ``separator`` is ``-`` where more lines follow."""

    __slots__ = ("code", "enhanced", "separator", "text", "text_start")

    def __init__(self, line: bytes, code: int, separator: bytes, text_start: int) -> None:
        self.code = code
        self.separator = separator
        self.text = line
        self.text_start = text_start
        match = rfc5321.ENHANCED_STATUS_CODE.match(line, text_start)
        self.enhanced = match.span() if match else None

    def __repr__(self) -> str:
        return f"<ReplyLine {self.code}{self.separator.decode()}>"


_reply_lines: dict[bytes, ReplyLine | None] = {}


def reply_line(line: bytes) -> ReplyLine | None:
    """Return what the server's *line* says, or None where it is no line of a reply."""
    try:
        return _reply_lines[line]
    except KeyError:
        pass
    match = rfc5321.REPLY_LINE.fullmatch(line)
    found = None
    if match:
        start = match.start(3) if match[2] else len(line)
        found = ReplyLine(line, int(match[1]), match[2] or b"", start)
    if len(_reply_lines) >= REMEMBERED:
        _reply_lines.clear()
    _reply_lines[line] = found
    return found


def resembled(word: bytes) -> str:
    """Return the verb that *word* is but for digits that look like its letters, or nothing."""
    verb = word.upper().translate(_LETTERS).decode("latin-1")
    return verb if verb in EVENTS and verb != word.upper().decode("latin-1") else ""


def is_reply(line: bytes) -> bool:
    """Say whether *line* looks like a line of a reply: a code from 200 to 599, and a separator."""
    return line[:1] in (b"2", b"3", b"4", b"5") and reply_line(line) is not None


def is_lone_dot(line: bytes) -> bool:
    """Say whether *line* holds a period and nothing else."""
    return line == b"."


def is_omission(line: bytes) -> bool:
    """Say whether *line* says that something was left out: ``...``, ``[...]``, ``<snip>``."""
    return len(line) < 40 and _OMISSION.fullmatch(line.strip()) is not None


def is_placeholder(line: bytes) -> bool:
    """Say whether *line* is an author's stage direction, such as ``<opens connection>``."""
    text = line.strip()
    if text[:1] == b"<":
        return text[-1:] == b">" and b"@" not in text and b" " in text
    if text[:1] in (b"(", b"["):
        return text[-1:] in (b")", b"]") or text[:1] == b"("
    if text[:3] == b"...":
        return len(text) == 3 or text[-3:] == b"..."
    return text[:1].isdigit() and _COUNTED.fullmatch(text) is not None


def is_base64(text: bytes) -> bool:
    """Say whether the last word of *text* is so long and of such octets as only base64 has."""
    word = text.rsplit(None, 1)[-1] if text.strip() else b""
    return (
        len(word) >= 20
        and word.isascii()
        and word.replace(b"+", b"").replace(b"/", b"").replace(b"=", b"").isalnum()
    )
