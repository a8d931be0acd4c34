"""Passing over sessions whose like the walk has found faultless.

Logs of a busy server hold the same dialogue a hundred thousand times with other addresses
in it. What the walk finds in a session depends on what each line *says* (its verb, its
code), not on the addresses. So a session's shape, the tuple of what its lines say, is
remembered once the walk found nothing in it, and later sessions of the same shape are not
walked again. Nothing here knows the protocol: a shape is faultless because the walk said so.

The rules have a say as well: a shape is remembered only if the session rules found nothing
in the session either, and a line in which a line rule finds something has no place in any
shape. Content must be plain: ASCII without controls, no line longer than 998 octets or
beginning with a single dot, line ends alike. Of its header the names of the fields count: where
they are the few that most messages have, and their values are tidy, no rule looks at more.

What could make two sessions of one shape differ (refusals, AUTH, BDAT, TLS) has no shape at
all, and is walked.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects.utterance import CLIENT, SERVER
from smtp_lsp.grammar import Production, contradictions, speech

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from smtp_lsp.session.walk import Inspector, Walk

_PLAIN = frozenset({"HELLO", "MAIL", "RCPT", "DATA", "RSET", "DEBUG", "QUIT"})
_PROSE = "prose"
_LONGEST = 512
WRITTEN_BY_PROGRAMS = frozenset(
    (b"date", b"dkim-signature", b"message-id", b"received", b"user-agent", b"x-mailer")
)
"""Fields in small letters that nobody types into an example of a message."""
_TAME = bytes((9, 10, 13, *range(32, 127)))
_CONTROLS = Production(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _parameter(word: bytes) -> bytes:
    """Return what counts of a parameter of MAIL or RCPT: its keyword, and a size that is large."""
    keyword, _, value = word.upper().partition(b"=")
    if keyword == b"BODY" or (keyword == b"SIZE" and len(value) >= _SMALL_SIZE):
        return word.upper()
    return keyword


_SMALL_SIZE = 6
"""Digits of a size that no server's limit is below; a smaller limit makes its session unlike."""


class Letters(dict[object, str]):
    """A letter for each thing that can be said, so that a shape is a string: fast to compare.

    KeyError when all letters there are have been given out.
    """

    def __missing__(self, token: object) -> str:
        if token is None or len(self) > _MOST_LETTERS:
            raise KeyError(token)
        letter = self[token] = chr(len(self) + 1)
        return letter


_MOST_LETTERS = 0x10FFFE
_OFTEN = 16
_MOST_LIKENESSES = 8
"""How often a shape comes before a pattern is made of it, and how many patterns there are."""


class Tokens(dict[bytes, str]):
    """A letter for what each line says, by its octets.

    KeyError for a line that makes its session unlike.
    """

    def __init__(
        self,
        client: bytes,
        server: bytes,
        is_clean: Callable[[int, bytes], bool],
        letters: Letters,
        *,
        directed: bool,
    ) -> None:
        super().__init__()
        self.letters = letters
        self.refuses = contradictions.REFUSED.compiled.match
        self.client = client
        self.server = server
        self.is_clean = is_clean
        self.directed = directed
        self.text = len(server) + 4  # where the text of a reply begins
        self.replies: dict[tuple[bytes, bool], object] = {}

    def __missing__(self, line: bytes) -> str:
        if self.directed and b"smtp-lsp:" in line:
            raise KeyError(line)
        token: object = None
        if line.startswith(self.server):
            token = self.reply(line)
        elif line.startswith(self.client):
            token = self._command(line[len(self.client) :].rstrip(b"\r"))
        letter = self.letters[token]
        if len(self) >= speech.REMEMBERED:
            self.clear()
        self[line] = letter
        return letter

    def _command(self, text: bytes) -> object:
        command = speech.command(text)
        if not command.likely or command.event not in _PLAIN or not self.is_clean(CLIENT, text):
            return None
        if command.path is not None and command.path[1] < len(text):
            return (command.verb, *map(_parameter, text[command.path[1] :].split()))
        return command.verb

    def reply(self, line: bytes) -> object:
        """Return what a line of the server's says, as far as it counts."""
        # Line rules that are not `thorough` look no further than the first word of a plain line.
        # A lone word, or words in capitals, may be the last keyword that EHLO is answered with.
        text = self.text
        end = line.find(b" ", text) + 1
        lone = not end or line[text:].isupper()
        # Of SIZE the limit counts: what MAIL announces is held against it.
        whole = not end or line.startswith(b"SIZE", text)
        key = (line if whole else line[:end]), lone
        try:
            token = self.replies[key]
        except KeyError:
            said = key[0].rstrip(b"\r") if whole else key[0]
            token = self._reply_line(said[len(self.server) :], lone)
            if len(self.replies) >= speech.REMEMBERED:
                self.replies.clear()
            self.replies[key] = token
        # One rule looks at how a text begins: what sounds like a refusal has no shape.
        if token is None or self.refuses(line, text):
            return None
        return token

    def _reply_line(self, text: bytes, may_be_keyword: bool) -> object:
        parsed = speech.reply_line(text)
        if parsed is None or parsed.code >= 400 or parsed.code == 334:
            return None
        if not self.is_clean(SERVER, text):
            return None
        enhanced = text[slice(*parsed.enhanced)] if parsed.enhanced else b""
        keyword = b""
        if parsed.separator == b"-" or may_be_keyword:
            words = text[parsed.text_start :].upper().split()
            keyword = words[0] if words else b""
            if keyword == b"LIMITS" or (keyword == b"DELIVERBY" and text.endswith(b" ")):
                return None  # what stands behind it counts as well
            if keyword == b"SIZE":
                limit = words[1] if len(words) == 2 else b"0"
                if limit.strip(b"0") and len(limit) <= _SMALL_SIZE:
                    return None
                keyword = b" ".join(words)
        return parsed.code, parsed.separator, keyword, enhanced


class Headers:
    """What the header of a content says to the rules about headers: the names of its fields.

    That is so where each field is one of ``likeness.FIELDS`` on a line of its own, and as tidy as
    that wants it.
    """

    def __init__(
        self,
        client: bytes,
        letters: Letters,
        is_date: Callable[[bytes], bool],
        *,
        script: bool,
        crlf: bool,
    ) -> None:
        self.letters = letters
        self.is_date = is_date
        self.script = script
        self.client = client
        end = b"\r\n" if crlf else b"\n"
        self.empty = b"\n" + client + end
        self.blankless = b"\n" + client.rstrip(b" ") + end
        self.tokens: dict[tuple[bytes, ...], str] = {}
        self.dates: dict[bytes, bool] = {}
        self._field: re.Pattern[bytes] | None = None
        self._any: re.Pattern[bytes] | None = None

    def token(self, piece: bytes, begin: int, end: int) -> str:
        """Return a letter for what counts of the content in ``piece[begin:end]``.

        *begin* and *end* are where the LF before its first line and before the lone dot
        stand. KeyError where more than the names counts.
        """
        # An empty line that ends otherwise is no field, and so makes its session unlike.
        stop = piece.find(self.empty, begin, end)
        if stop < 0:
            stop = end
        bare = piece.find(self.blankless, begin, stop)
        if bare >= 0:
            stop = bare
        if self._field is None or self._any is None:
            from smtp_lsp.session import likeness

            line = re.escape(b"\n" + self.client)
            self._field = re.compile(line + likeness.FIELD)
            self._any = re.compile(line + likeness.ANY_FIELD)
        fields = self._field.findall(piece, begin, stop + 2)
        if len(fields) != piece.count(b"\n", begin, stop):
            if self._any.search(piece, begin, stop):
                raise KeyError
            return self.letters[_PROSE]
        if not all(self._is_right(date) for _, date in fields if date):
            raise KeyError
        names = tuple(name for name, _ in fields)
        try:
            return self.tokens[names]
        except KeyError:
            letter = self.letters[self._token(names)]
            if len(self.tokens) < speech.REMEMBERED:
                self.tokens[names] = letter
            return letter

    def _is_right(self, date: bytes) -> bool:
        """Say whether there is such a day, and it is that day of the week."""
        right = self.dates.get(date)
        if right is None:
            right = self.is_date(date)
            if len(self.dates) < speech.REMEMBERED:
                self.dates[date] = right
        return right

    def _token(self, names: tuple[bytes, ...]) -> object:
        lower = [name.lower() for name in names]
        # Where a header lacks these, the beginning of the body is looked at, except in a sketch.
        sketch = self.script and WRITTEN_BY_PROGRAMS.isdisjoint(lower)
        if not sketch and not (b"from" in lower and b"date" in lower):
            return None
        return names


def _has_long_line(data: bytes) -> bool:
    """Say whether a line is longer than ``_LONGEST`` octets, jumping from line end to line end."""
    position, size, find = 0, len(data), data.rfind
    while position + _LONGEST < size:
        at = find(b"\n", position, position + _LONGEST)
        if at < 0:
            return True
        position = at + 1
    return False


def _pass_over_alike(like: re.Pattern[bytes], data: bytes, position: int, begins: list[int]) -> int:
    """Return where the sessions end that *like* matches in a row from *position* on."""
    match, add = like.match, begins.append
    while found := match(data, position):
        position = found.end()
        add(position)
    return position


class Skim:
    """Decides at the beginning of a session how far the file can be passed over."""

    def __init__(
        self,
        data: bytes,
        client: bytes,
        server: bytes,
        inspector: Inspector,
        *,
        shows_ends: bool,
        script: bool,
        directed: bool,
    ) -> None:
        self.data = data
        self.client = client
        self.server = server
        letters = Letters()
        self.tokens = Tokens(client, server, inspector.is_clean, letters, directed=directed)
        self.crlf = b"\r\n" in data[:4096]
        self.headers = Headers(client, letters, inspector.is_date, script=script, crlf=self.crlf)
        self.shows_ends = shows_ends
        # Once for the whole file, where it holds: then no session need be searched for them.
        self.tame = not data.translate(None, _TAME)
        returns = data.count(b"\r")
        alike = not returns or returns == data.count(b"\r\n")
        if shows_ends:
            alike = alike and returns == (data.count(b"\n") if self.crlf else 0)
        self.plain = self.tame and alike and not _has_long_line(data)
        self.intermediate = b"\n" + server + b"354"
        self.content = b"\n" + client
        self.bare = b"\n" + client.rstrip(b" ")
        self.seen: set[str] = set()
        self.faultless: dict[str, int] = {}
        self.likenesses: list[re.Pattern[bytes]] = []
        self.greeting = server + b"220 "
        self.begun = -1

    def boundary(self, walker: Walk, position: int) -> int:
        """Return where to go on reading, when a greeting stands at *position*."""
        clean = walker.is_between_sessions()
        if clean and self.begun >= 0:
            shape = self._shape(self.begun, position)
            if shape is not None and shape not in self.seen:
                self.seen.add(shape)
                if walker.is_faultless():
                    self.faultless[shape] = 0
        if not clean:
            self.begun = -1
            return position
        begins = walker.reading.boundaries
        begins.append(position)
        if self.faultless:
            position = self._pass_over(position, begins)
        self.begun = position
        return position

    def _pass_over(self, position: int, begins: list[int]) -> int:
        """Return where the first session from *position* on begins that is not known faultless."""
        data, greeting, size = self.data, b"\n" + self.greeting, len(self.data)
        while position < size:
            begun = position
            for like in self.likenesses:
                position = _pass_over_alike(like, data, position, begins)
            if position > begun:
                continue
            end = data.find(greeting, position) + 1 or size
            shape = self._shape(position, end)
            if shape is None or shape not in self.faultless:
                break
            self._note(shape, position, end)
            position = end
            begins.append(position)
        return position

    def _note(self, shape: str, start: int, end: int) -> None:
        """Count a faultless session that no pattern matched; what comes often gets a pattern."""
        times = self.faultless[shape] = self.faultless[shape] + 1
        if times == _OFTEN and self.plain and not self.tokens.directed:
            from smtp_lsp.session import likeness

            like = likeness.Likeness(self.client, self.server).pattern(self.data[start:end])
            if like is not None and len(self.likenesses) < _MOST_LIKENESSES:
                self.likenesses.append(like)

    def _shape(self, start: int, end: int) -> str | None:
        """Return what the lines of a session say, or None where they are not to be compared."""
        piece = self.data[start:end]
        if not self._is_plain(piece):
            return None
        shape = ""
        position = 0
        token = self.tokens.__getitem__
        try:
            while True:
                data = piece.find(self.intermediate, position)
                if data < 0:
                    rest = piece[position:].removesuffix(b"\n").split(b"\n")
                    return shape + "".join(map(token, rest))
                begin = piece.find(b"\n", data + 1) + 1
                shape += "".join(map(token, piece[position : begin - 1].split(b"\n")))
                dot, position = self._content_end(piece, begin)
                if position < 0:
                    return None
                shape += self.headers.token(piece, begin - 1, dot)
                if position == len(piece):
                    return shape
        except KeyError:
            return None

    def _is_plain(self, piece: bytes) -> bool:
        """Say whether nothing in a session could be of interest to a rule about octets."""
        if self.plain:
            return True
        if not self.tame and (not piece.isascii() or _CONTROLS.search(piece)):
            return False
        if piece.count(b"\r") != piece.count(b"\r\n"):
            return False
        if self.shows_ends and piece.count(b"\r") != (piece.count(b"\n") if self.crlf else 0):
            return False
        return len(piece) < _LONGEST or max(map(len, piece.split(b"\n"))) < _LONGEST

    def _content_end(self, piece: bytes, begin: int) -> tuple[int, int]:
        """Return where the LF before the lone dot stands, and where the line behind it begins.

        The latter is -1 where it is not so plain.
        """
        dot = piece.find(self.content + b".", begin - 1)
        behind = len(self.content) + 1
        while dot >= 0 and piece[dot + behind : dot + behind + 1] == b".":
            dot = piece.find(self.content + b".", dot + behind)  # that one was stuffed
        if begin <= 0 or dot < begin:
            return -1, -1  # empty content is not plain
        stop = dot + len(self.client) + 2
        if piece[stop : stop + 2] == b"\r\n":
            stop += 2
        elif piece[stop : stop + 1] == b"\n":
            stop += 1
        else:
            return -1, -1
        lines = piece.count(b"\n", begin, dot + 1)
        said = piece.count(self.content, begin - 1, dot)
        if said < lines and self.bare != self.content:
            # An empty line often lacks the blank behind the prefix.
            said += piece.count(self.bare + b"\n", begin - 1, dot + 1)
            said += piece.count(self.bare + b"\r\n", begin - 1, dot + 1)
        return dot, stop if lines == said else -1
