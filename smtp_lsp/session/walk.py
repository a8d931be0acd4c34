"""The one walk: utterances in, sessions out, with their state written down once.

It tells content from commands, finds the sides of a capture without prefixes, pairs replies
with commands (pipelining, LMTP), and hands every exchange to the judge in the order in which
the server saw it. Nobody else keeps the protocol's state.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE, CONTENT, FINAL_DOT, SCRIPT, SERVER_SIDE, Reading
from smtp_lsp.dialects.utterance import CLIENT, DOT, OTHER_SIDE, REMARK, SERVER, Content, Utterance
from smtp_lsp.grammar import Production, speech
from smtp_lsp.session import guards, phases
from smtp_lsp.session.judge import FOLLOWS, Judge
from smtp_lsp.session.pending import Pending
from smtp_lsp.session.tree import Exchange, Reply, Session, Violation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.grammar.speech import Command, ReplyLine
    from smtp_lsp.session.skim import Skim

# Codes that answer one command and no other: they put a record with a gap back in step.
_ANSWERS = {354: ("DATA",), 221: ("QUIT",), 334: ("AUTH",), 235: ("AUTH",)}
_GREETINGS = (220, 421, 521, 554)

_REPLY = Production(rb"(?m)^[2-5][0-9]{2}(?:[ -]|\r*$)")
# A comment, or what stands where a page of an RFC breaks: no words of the author's.
_NO_PROSE = Production(rb"#|.*\[Page [0-9]+\]$|RFC [0-9]+ .* [12][0-9]{3}$|\f|<")
_LONE_DOT = Production(rb"(?m)^\.\r*$")

# Reasons of violations that the walk finds itself; the judge's are in judge.py and phases.py.
STRAY_354 = "stray-354"
CONTENT_BEFORE_354 = "content-before-354"
CONTENT_AFTER_REFUSED = "content-after-refused"
MAIL_IN_CONTENT = "mail-in-content"
EARLY = "early"
NO_354 = "no-354"
TRAILING_BLANK = "trailing-blank"
NO_DOT = "no-dot"
OUTSIDE = "outside"


def walk(reading: Reading, *, skim: bool = False) -> Iterator[Session]:
    """Yield the sessions of a file, in order.

    With *skim*, sessions of a shape that was found faultless may be left out.
    """
    walker = Walk(reading)
    if skim:
        reading.at_greeting = walker.skim
    for item in reading:
        walker.take(item)
        if walker.finished:
            yield from walker.finished
            walker.finished = []
    walker.finish()
    yield from walker.finished


class Walk:
    """The pass over one file. ``take`` is given every item that the dialect reads."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.one_sided = reading.is_client_only()
        self.finished: list[Session] = []
        self._begin()

        self.skimmer: Skim | None = None
        self.prose = self.blank = self.over = False

    # -- between sessions ----------------------------------------------------

    def skim(self, position: int, client: bytes, server: bytes) -> int:
        """Return where to go on reading, when a greeting stands at *position*."""
        if self.skimmer is None:
            from smtp_lsp.session.skim import Skim

            self.skimmer = Skim(self.reading.source.data, client, server)
        return self.skimmer.boundary(self, position)

    def is_between_sessions(self) -> bool:
        """Say whether the session was closed by an answered QUIT, and nothing is left open."""
        if self.pending or self.lines or self.astray or self.early or self.auth:
            return False
        closed = guards.is_closed(self.judge.state) and self.judge.quit is not None
        return closed and bool(self.judge.quit and self.judge.quit.replies)

    def is_faultless(self) -> bool:
        """Say whether nothing was found in the session so far."""
        return not self.session.violations and not self.session.refusals

    def _begin(self) -> None:
        self.session = Session(self.reading)
        self.judge = Judge(self.session, phases.ANYWHERE)
        self.pending = Pending()
        self.lines: list[Utterance] = []
        self.parsed: list[ReplyLine] = []
        self.greeted = False
        self.data: Exchange | None = None  # the DATA whose content is coming
        self.early: Content | None = None  # content that was sent before its 354
        self.auth: Exchange | None = None
        self.ended: Exchange | None = None  # the dot behind which prose would tell of trouble
        self.further_dots: list[Violation] = []  # lone dots right behind that one
        self.meant_end: Utterance | None = None  # the dot that ended such a tail
        self.root: Violation | None = None  # what stray lines follow from
        self.astray = False
        self.replied_astray = False

    def finish(self) -> None:
        """Close the session at the end of the record or where another one begins."""
        self._complete()
        while self.pending:
            self._settle(self.pending.popleft(), None)
        if self.session.exchanges:
            self.finished.append(self.session)

    def _again(self) -> None:
        self.finish()
        self._begin()

    # -- who speaks ----------------------------------------------------------

    def take(self, item: Utterance | Content) -> None:
        """Take the next utterance or block of content."""
        if isinstance(item, Content):
            self._content(item)
            return
        who = item.who
        if who == REMARK:
            self._remark(item)
            return
        if self.over:
            self._resume_excerpt()
        self.prose = self.blank = self.over = False
        if who == CLIENT:
            self._client(item, bytes(item))
        elif who == SERVER:
            self._server(item, bytes(item))
        else:
            self._either(item)

    def _remark(self, said: Utterance) -> None:
        """Take a line that nobody said: a paragraph of prose ends an excerpt in a document."""
        if not self.reading.dialect.excerpts:
            return
        line = bytes(said).strip()
        if not line:
            self.blank = True
            self.over = self.over or self.prose
        elif self.blank and not speech.is_placeholder(line) and not _NO_PROSE.match(line):
            self.prose = True

    def _resume_excerpt(self) -> None:
        """Go on behind prose: what happened meanwhile is not in the record."""
        self._complete()
        self.ended = None
        if guards.is_closed(self.judge.state):
            self._again()
        elif not self.pending and self.data is None:
            self.judge.widen()

    def _either(self, said: Utterance) -> None:
        """Take a line of a capture that does not say who speaks."""
        line = bytes(said)
        if speech.is_reply(line) and (self.lines or not self._is_response(line)):
            self._server(said, line)
            return
        if not self.reading.heard & CLIENT_SIDE:
            return
        command = speech.command(line)
        if self._is_typed(said, line, command):
            self._client(said, line)

    def _is_typed(self, said: Utterance, line: bytes, command: Command) -> bool:
        """Say whether a line that is no reply is the client's, and no remark of a program."""
        if command.likely:
            return self.judge.quit is None or command.event != "DEBUG"
        if self._is_response(line) or (self.astray and line.strip()):
            return True
        waiting = self.pending[-1] if self.pending else None
        if waiting is not None and waiting.event in ("DATA", "END") and not waiting.replies:
            return self._is_pasted(said, waiting)
        return self._answered_next(said)

    def _is_pasted(self, said: Utterance, waiting: Exchange) -> bool:
        """Say whether text went on while a reply was due: a lone dot or errors will follow."""
        data, end = said.buffer.data, said.end
        reply = _REPLY.search(data, end)
        stop = reply.start() + 1 if reply else len(data)
        if speech.is_lone_dot(bytes(said)) or _LONE_DOT.search(data, end, stop):
            return True
        if waiting.event == "DATA" or not reply:
            return False
        after = _REPLY.match(data, data.find(b"\n", reply.end()) + 1)
        return after is not None and after[0][:3] in (b"500", b"501", b"502", b"421")

    def _answered_next(self, said: Utterance) -> bool:
        """Say whether a line that is no command was typed: the server answers it at once."""
        if not self.session.exchanges or self.pending or self.lines or not bytes(said).strip():
            return False
        if guards.is_closed(self.judge.state):
            return False
        data, stop = said.buffer.data, said.end
        begin = data.find(b"\n", stop)
        if begin < 0:
            return False
        following = data[begin + 1 : begin + 6]
        return speech.is_reply(following[:4].rstrip(b"\r\n")) and bool(self.session.heard)

    # -- the client ----------------------------------------------------------

    def _client(self, said: Utterance, line: bytes) -> None:
        self._complete()
        self.session.heard |= CLIENT_SIDE
        if self.auth is not None and self._is_response(line):
            self.auth.responses.append(said)
            return
        command = speech.command(line)
        if self._is_early_content(command):
            self.reading.take_content(said)
            return
        if speech.is_lone_dot(line):
            self._dot(said)
            return
        if not self.astray and not line.strip():
            return
        if not command.likely and speech.is_placeholder(line):
            return
        if self._goes_astray(said, command):
            return
        if command.known:
            self.ended = self.meant_end = None
            self.further_dots = []
        if guards.is_closed(self.judge.state) and command.event == "HELLO":
            self._again()
            self.session.heard |= CLIENT_SIDE
        self._enqueue(Exchange(command.event, said, command))

    def _is_response(self, line: bytes) -> bool:
        """Say whether *line* would be a SASL response in an AUTH exchange (RFC 4954 4)."""
        auth = self.auth
        if auth is None:
            return False
        if auth.replies:
            return not self.lines and not speech.is_reply(line)
        if line == b"*" or line[:1] in (b"[", b"*"):
            return True
        return self.one_sided and not speech.command(line).likely

    def _is_early_content(self, command: Command) -> bool:
        if not self.pending or self.early is not None or self.astray:
            return False
        last = self.pending[-1]
        return last.event == "DATA" and not last.replies and not command.likely

    def _goes_astray(self, said: Utterance, command: Command) -> bool:
        """Take a line that is content where none may be; say whether it was one."""
        if self.astray:
            if command.likely and command.event != "DEBUG":
                self.astray = False
                return False
            self._stray(said)
            return True
        if command.likely or (command.known and command.event == "UNKNOWN"):
            return False
        if self.meant_end is not None and self.root is not None:
            # That dot was the author's text as well: the tail of the message goes on.
            self.root.dotted.append(self.meant_end)
            self.root.related = [place for place in self.root.related if place[0] != "meant-end"]
            self.root.fixable = False
            self.meant_end = None
            self.astray = True
            self._swallow_dots(self.root)
            self._stray(said)
            return True
        if self.ended is not None and not command.verb.startswith("X"):
            violation = Violation("DOT", EARLY, self.ended.said or said, self.ended)
            violation.related.append(("goes-on", said))
            self._swallow_dots(violation)
            self._root(violation)
            self._stray(said)
            return True
        refused = self._refused_data()
        if refused is not None:
            if self.judge.cause is not None:
                self._root(self.judge.cause)
                self.judge.follow(self.judge.cause, FOLLOWS, said)
            else:
                violation = Violation("DATA", CONTENT_AFTER_REFUSED, said, refused)
                violation.related.append(("refused-here", refused.replies[-1].lines[0]))
                self._root(violation)
            self._stray(said)
            return True
        return False

    def _swallow_dots(self, violation: Violation) -> None:
        """Take dots that had followed at once for the author's text: it goes on behind them."""
        for further in self.further_dots:
            self.session.violations.remove(further)
            violation.dotted.append(further.view)
        self.further_dots = []

    def _root(self, violation: Violation) -> None:
        if violation is not self.judge.cause:
            self.judge.record(violation)
        self.root = violation
        self.astray = True
        self.replied_astray = False

    def _stray(self, said: Utterance) -> None:
        exchange = Exchange("STRAY", said)
        exchange.violation = self.root
        line = bytes(said)
        if self.root is not None and line[:1] == b"." and line[1:].strip() and line[1:2] != b".":
            self.root.dotted.append(said)
        self._enqueue(exchange)

    def _refused_data(self) -> Exchange | None:
        """Return the DATA that was refused, when it is the last command that was answered."""
        if not self.session.exchanges or self.pending:
            return None
        last = self.session.exchanges[-1]
        if last.event == "DATA" and last.reply and last.reply.code >= 400:
            return last
        return None

    def _dot(self, said: Utterance) -> None:
        """Take a lone dot where no content is."""
        exchange = Exchange("DOT", said)
        if self.astray:
            self.astray = False
            exchange.violation = self.root
            if self.root is not None and self.root.reason == EARLY:
                self.root.fixable = self.one_sided and not self.replied_astray
                self.judge.follow(self.root, "meant-end", said)
                self.meant_end = said
            self._enqueue(exchange)
            return
        refused = self._refused_data()
        state = self.judge.state
        if refused is not None:
            if self.judge.cause is not None:
                self.judge.follow(self.judge.cause, FOLLOWS, said)
            else:
                violation = Violation("DOT", NO_354, said, exchange)
                violation.related.append(("refused-here", refused.replies[-1].lines[0]))
                self.judge.record(violation, exchange)
        elif state.phases & phases.DATA and not self.one_sided:
            exchange.event = "END"
        elif not guards.is_closed(state):
            violation = Violation("DOT", OUTSIDE, said, exchange)
            self.judge.record(violation, exchange)
            if self.ended is not None:
                self.further_dots.append(violation)
        self._enqueue(exchange)

    def _enqueue(self, exchange: Exchange) -> None:
        """Note what was still unanswered when the command was sent, and wait for its reply."""
        exchange.group = self.pending.bits()
        if exchange.event == "AUTH":
            self.auth = exchange
        if self.one_sided:
            self._settle(exchange, None)
            if exchange.event == "AUTH":
                self.auth = exchange
        else:
            self.pending.append(exchange)
        command = exchange.command
        if command is not None and command.chunk >= 0:
            self.reading.take_octets(command.chunk)
            self.data = exchange

    # -- the server ----------------------------------------------------------

    def _server(self, said: Utterance, line: bytes) -> None:
        parsed = speech.reply_line(line)
        if parsed is None:
            return
        self.session.heard |= SERVER_SIDE
        if self.lines and parsed.code != self.parsed[0].code and parsed.separator == b"-":
            self._complete()
        self.lines.append(said)
        self.parsed.append(parsed)
        if parsed.separator != b"-":
            self._complete()

    def _complete(self) -> None:
        """Take the reply whose lines have been collected, ended or not."""
        if self.lines:
            reply = Reply(self.lines, self.parsed)
            self.lines, self.parsed = [], []
            self._reply(reply)

    def _reply(self, reply: Reply) -> None:
        if self._is_greeting(reply):
            self._greet(reply)
            return
        self._step_up(reply)
        if not self.pending:
            self._unasked(reply)
            return
        exchange = self.pending[0]
        exchange.replies.append(reply)
        if exchange.event in ("STRAY", "DOT"):
            self.replied_astray = True
        if reply.code == 334 and exchange.event == "AUTH":
            return
        if len(exchange.replies) < exchange.expected and reply.code != 421:
            return
        self.pending.popleft()
        if reply.code == 354 and exchange.event != "DATA":
            self._stray_354(exchange, reply)
        self._settle(exchange, reply)

    def _is_greeting(self, reply: Reply) -> bool:
        if self.greeted and not guards.is_closed(self.judge.state):
            if reply.code != 220 or self.lines:
                return False
            return not self.pending or self.pending[0].event not in ("STARTTLS", "XCLIENT")
        if guards.is_closed(self.judge.state):
            return reply.code in _GREETINGS and not self.pending
        waiting = self.pending[0].event if self.pending else ""
        if any(exchange.replies for exchange in self.session.exchanges):
            return reply.code == 220 and waiting not in ("STARTTLS", "XCLIENT", "")
        if reply.code == 220:
            return waiting not in ("STARTTLS", "XCLIENT")
        return reply.code in _GREETINGS and not self.session.exchanges and not waiting

    def _greet(self, reply: Reply) -> None:
        begun = any(e.replies for e in self.session.exchanges) or self.greeted
        if begun or guards.is_closed(self.judge.state):
            self._again()
        self.session.heard |= SERVER_SIDE
        self.greeted = True
        for waiting in self.pending:
            waiting.without_greeting = True
        greeting = Exchange("GREETING", None)
        greeting.replies.append(reply)
        self.judge.state = self.judge.state.but(phases=phases.CONNECTED, tried_hello=False)
        self._settle(greeting, reply)

    def _step_up(self, reply: Reply) -> None:
        """Pass over commands whose replies the record lacks, where the code tells."""
        if not self.pending:
            return
        wanted = _ANSWERS.get(reply.code)
        if wanted is not None and self.pending[0].event not in wanted:
            if self.pending.has(*wanted):
                while self.pending[0].event not in wanted:
                    self._settle(self.pending.popleft(), None)
            return
        first = self.pending[0]
        if first.event == "DATA" and reply.code // 100 == 2 and len(self.pending) > 1:
            self._settle(self.pending.popleft(), None)

    def _unasked(self, reply: Reply) -> None:
        """Take a reply to nothing that the record shows."""
        exchange = Exchange("", None)
        exchange.replies.append(reply)
        exchange.pardoned = self.root is not None and reply.code != 421
        if self.data is not None and self.judge.state.phases == phases.DATA:
            exchange.event = "END"
            self.data = None
            self._settle(exchange, reply)
            return
        if reply.code == 354 and self.session.heard & CLIENT_SIDE and self.session.exchanges:
            self._stray_354(exchange, reply)
        elif reply.code == 354:
            self.judge.state = self.judge.state.but(phases=phases.DATA)
            self.data = exchange
            if self.reading.heard & CLIENT_SIDE:
                self.reading.take_content()
        self._settle(exchange, reply)

    def _stray_354(self, exchange: Exchange, reply: Reply) -> None:
        violation = Violation("REPLY", STRAY_354, reply.code_view, exchange)
        if exchange.said is not None:
            violation.related.append(("answers", exchange.verb_view or exchange.said))
        if self.judge.cause is None:
            self.judge.record(violation)
            self.judge.cause = violation
        else:
            self.judge.follow(self.judge.cause, FOLLOWS, reply.code_view)
        self.judge.state = self.judge.state.but(phases=phases.DATA)
        self.data = exchange
        self.reading.take_content()

    # -- judging -------------------------------------------------------------

    def _settle(self, exchange: Exchange, reply: Reply | None) -> None:
        self.judge.settle(exchange, reply)
        self.session.exchanges.append(exchange)
        if exchange is self.auth:
            self.auth = None
        if exchange.event == "DATA":
            self._data_answered(exchange)
        elif exchange.event == "END":
            self.data = None

    def _data_answered(self, exchange: Exchange) -> None:
        if self.early is not None:
            self._early_content(exchange)
        elif self.judge.state.phases == phases.DATA:
            self.data = exchange
            self.reading.take_content()

    def _early_content(self, exchange: Exchange) -> None:
        """Judge content that the client sent without waiting for the reply to DATA."""
        content, self.early = self.early, None
        exchange.content = content
        first = next(content.lines(), content.dot) if content else content and content.dot
        first = first or (content.dot if content else None)
        if not exchange.replies or first is None or content is None:
            return
        accepted = self.judge.state.phases == phases.DATA
        if accepted:
            violation = Violation("DATA", CONTENT_BEFORE_354, first, exchange)
            violation.related.append(("answers", exchange.replies[-1].lines[0]))
        elif content:
            violation = Violation("DATA", CONTENT_AFTER_REFUSED, first, exchange)
            violation.related.append(("refused-here", exchange.replies[-1].lines[0]))
        else:
            violation = Violation("DOT", NO_354, first, exchange)
            violation.related.append(("refused-here", exchange.replies[-1].lines[0]))
        if self.judge.cause is not None:
            self.judge.follow(self.judge.cause, FOLLOWS, first)
        else:
            self.judge.record(violation)
        if accepted:
            self.data = None
            return
        self._scatter(content)

    def _scatter(self, content: Content) -> None:
        """Have the lines of content that was refused wait for a reply each."""
        strays = [Exchange("STRAY", line) for line in content.lines()]
        if self.pending and self.pending[0].event == "END":
            dot = self.pending.popleft()
            dot.event = "DOT"
            strays.append(dot)
        self.pending.put_first(strays)

    # -- content -------------------------------------------------------------

    def _content(self, content: Content) -> None:
        exchange = self.data if self.data is not None else self._waiting_data()
        if exchange is None:
            return
        exchange.content = content
        if exchange.event in ("BDAT", "BDAT LAST"):
            self.data = None
            if exchange.event == "BDAT LAST" and guards.is_lmtp(self.judge.state):
                exchange.expected = max(1, self.judge.state.recipients)
            return
        if self.data is None:
            self.early = content
        if content.ending == DOT and content.dot is not None:
            self._end(content.dot)
        elif content:
            self._undotted(exchange, content)

    def _waiting_data(self) -> Exchange | None:
        """Return the DATA whose reply has not come though its content has."""
        last = self.pending[-1] if self.pending else None
        return last if last is not None and last.event == "DATA" else None

    def _end(self, dot: Utterance) -> None:
        exchange = Exchange("END", dot)
        if guards.is_lmtp(self.judge.state):
            exchange.expected = max(1, self.judge.state.recipients)
        self.data = None
        self.astray = False
        self._enqueue(exchange)
        self.ended = exchange
        self.further_dots = []

    def _undotted(self, exchange: Exchange, content: Content) -> None:
        """Find out what became of content that no lone dot ended."""
        lines = list(content.lines())
        count = len(lines)
        while count and speech.command(bytes(lines[count - 1])).likely:
            count -= 1
        kept, commands = lines[:count], lines[count:]
        shows = self.reading.evidence()
        if not shows & FINAL_DOT or not shows & CONTENT:
            commands_only = commands
        else:
            commands_only = self._report_undotted(kept, commands, content)
        if commands:
            exchange.content = content.until(count)
        if self.early is not None:
            self.early = exchange.content
        elif commands_only or self.one_sided:
            self.judge.state = self.judge.state.but(phases=phases.READY, recipients=0, refused=0)
            self.data = None
        for line in commands_only:
            self._client(line, bytes(line))

    def _report_undotted(
        self, kept: list[Utterance], commands: list[Utterance], content: Content
    ) -> list[Utterance]:
        """Record what is wrong with content that was not ended; return what goes on behind it."""
        blank = next((line for line in reversed(kept) if bytes(line).strip()), None)
        if blank is not None and bytes(blank).strip() == b".":
            if commands or content.ending != OTHER_SIDE:
                self._blame(Violation("DOT", TRAILING_BLANK, blank, None))
            return commands
        if all(speech.is_placeholder(bytes(line)) or not bytes(line).strip() for line in kept):
            unheard = self.one_sided or (self.data is not None and self.data.event != "DATA")
            if not commands or kept or unheard:
                return commands
        if commands:
            mail = speech.command(bytes(commands[0])).event == "MAIL"
            event, reason = ("DATA", MAIL_IN_CONTENT) if mail else ("CONTENT", NO_DOT)
            command = speech.command(bytes(commands[0]))
            view = commands[0].sub(command.verb_start, command.verb_end)
            violation = Violation(event, reason, view, None)
            if kept:
                violation.related.append(("content-ends", kept[-1]))
            self._blame(violation)
        elif content.ending == OTHER_SIDE or (
            self.one_sided and self.reading.dialect.kind == SCRIPT
        ):
            self._blame(Violation("CONTENT", NO_DOT, kept[-1], None))
        return commands

    def _blame(self, violation: Violation) -> None:
        """Record *violation*, and have what goes wrong behind it follow from it."""
        self.judge.record(violation)
        self.judge.cause = violation
