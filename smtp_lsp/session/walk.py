"""The one walk: utterances in, sessions out, with their state written down once.

It tells content from commands, finds the sides of a capture without prefixes, pairs replies
with commands (pipelining, LMTP), and hands every exchange to the judge in the order in which
the server saw it. Nobody else keeps the protocol's state.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import (
    BANNER,
    CLIENT_SIDE,
    LINE_ENDS,
    SCRIPT,
    SERVER_SIDE,
    Reading,
)
from smtp_lsp.dialects.utterance import (
    CLIENT,
    REMARK,
    SERVER,
    Boundary,
    Content,
    Utterance,
)
from smtp_lsp.grammar import Production, speech
from smtp_lsp.session import guards, phases, reasons
from smtp_lsp.session.between import is_answered, is_odd_reply
from smtp_lsp.session.contents import Contents
from smtp_lsp.session.judge import Judge
from smtp_lsp.session.openings import is_keyword_line, is_tls_up, looks_like_greeting
from smtp_lsp.session.pending import Pending
from smtp_lsp.session.strays import Strays, is_field
from smtp_lsp.session.tree import (
    MAIL_PENDING,
    RCPT_PENDING,
    Exchange,
    Reply,
    Session,
    Violation,
)
from smtp_lsp.text.ahead import AheadMatch

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
# What telnet, nc, openssl and a shell say on their own account.
_NOISE = Production(
    rb"[$%>#] |Trying |Connect(?:ed|ing|ion) |Escape character|Ncat: |CONNECTED\(|\^\]|telnet> "
    rb"|depth=|verify |read R BLOCK|RENEGOTIATING|DONE|-{3,}|={3,}|\*{3,}|```|~~~"
)
_NO_PROSE = Production(rb"#|.*\[Page [0-9]+\]$|RFC [0-9]+ .* [12][0-9]{3}$|\f|<")
# A table of the codes that answer a command, as RFC 821 has it, is nobody's speech.
_CODES = Production(rb"[1-5][0-9]{2}(?:, ?[1-5][0-9]{2}){0,20}")
_LONE_DOT = Production(rb"(?m)^\.\r*$")


def walk(reading: Reading, *, inspector: Inspector | None = None) -> Iterator[Session]:
    """Yield the sessions of a file, in order.

    With an *inspector*, sessions of a shape in which it and the walk found nothing may be
    left out.
    """
    walker = Walk(reading)
    if inspector is not None:
        walker.inspector = inspector
        reading.at_greeting = walker.skim
    for item in reading:
        walker.take(item)
        if walker.finished:
            yield from walker.finished
            walker.finished = []
    walker.finish()
    yield from walker.finished


class Inspector:
    """What the rules have to say of sessions and lines; this one has no rules."""

    def is_faultless(self, session: Session) -> bool:
        """Say whether no session rule finds anything in *session*."""
        return True

    def is_clean(self, side: int, line: bytes) -> bool:
        """Say whether no line rule finds anything in what *side* said."""
        return True

    def is_date(self, day: bytes) -> bool:
        """Say whether there is such a day: ``Tue, 24 Nov 2026``."""
        return True


class Walk:
    """The pass over one file. ``take`` is given every item that the dialect reads."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.one_sided = reading.is_client_only()
        self.next_reply = AheadMatch(reading.buffer.data, _REPLY.search)
        self.next_dot = AheadMatch(reading.buffer.data, _LONE_DOT.search)
        self.finished: list[Session] = []
        self.heard_until = 0
        self._begin()
        self.skimmer: Skim | None = None
        self.inspector = Inspector()
        self.prose = self.blank = self.over = False

    # -- between sessions ----------------------------------------------------

    def skim(self, position: int, client: bytes, server: bytes) -> int:
        """Return where to go on reading, when a greeting stands at *position*."""
        if self.skimmer is None:
            from smtp_lsp.session.skim import Skim

            data = self.reading.buffer.data
            self.skimmer = Skim(
                data,
                client,
                server,
                self.inspector,
                shows_ends=bool(self.reading.evidence() & LINE_ENDS),
                script=self.reading.dialect.kind == SCRIPT,
                directed=self.reading.directed,
            )
        self.heard_until = self.skimmer.boundary(self, position)
        return self.heard_until

    def is_between_sessions(self) -> bool:
        """Say whether the session was closed by an answered QUIT, and nothing is left open."""
        if self.pending or self.lines or self.strays.going or self.early or self.auth:
            return False
        closed = guards.is_closed(self.judge.state) and self.judge.quit is not None
        return closed and bool(self.judge.quit and self.judge.quit.replies)

    def is_faultless(self) -> bool:
        """Say whether nothing was found in the session so far."""
        if self.session.violations or self.session.refusals:
            return False
        return self.inspector.is_faultless(self.session)

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
        self.strays = Strays(self)
        self.contents = Contents(self)
        self.unheard = True

    def finish(self) -> None:
        """Close the session at the end of the record or where another one begins."""
        self._complete()
        while self.pending:
            self._settle(self.pending.popleft(), None)
        if self.session.exchanges:
            self.finished.append(self.session)
            last = self.session.exchanges[-1]
            if last.reply is not None:
                self.heard_until = max(self.heard_until, last.reply.span.end)

    def _again(self) -> None:
        self.finish()
        self._begin()

    # -- who speaks ----------------------------------------------------------

    def take(self, item: Utterance | Content | Boundary) -> None:
        """Take the next utterance or block of content."""
        if isinstance(item, Boundary):
            self._again()
            return
        if isinstance(item, Content):
            self.contents.take(item)
            return
        who = item.who
        if who == REMARK:
            self._remark(item)
            return
        if self.over:
            self._resume_excerpt()
        if self.unheard:
            self._first(item)
        self.prose = self.blank = self.over = False
        if who == CLIENT:
            self.client(item, bytes(item))
        elif who == SERVER:
            self._server(item, bytes(item))
        else:
            self._either(item)

    def _first(self, said: Utterance) -> None:
        """Note whether TLS was up before the first thing said, as the record tells."""
        self.unheard = False
        if is_tls_up(self.reading, said.span().start, self.heard_until):
            self.judge.state = self.judge.state.but(tls=True)

    def _remark(self, said: Utterance) -> None:
        """Take a line that nobody said: a paragraph of prose ends an excerpt in a document."""
        if not self.reading.dialect.excerpts:
            return
        line = bytes(said).strip()
        if not line:
            self.blank = True
            self.over = self.over or self.prose
        elif line[:3] in (b"```", b"~~~") or line[:2] == b"##" or speech.is_omission(line):
            self.over = True
        elif self.blank and not speech.is_placeholder(line) and not _NO_PROSE.match(line):
            self.prose = True
            self.over = self.over or line.endswith(b":")

    def _resume_excerpt(self) -> None:
        """Go on behind prose: what happened meanwhile is not in the record."""
        self._complete()
        self.strays.command_said()
        if guards.is_closed(self.judge.state):
            self._again()
        elif not self.pending and self.data is None:
            self.judge.widen()

    def _either(self, said: Utterance) -> None:
        """Take a line of a capture that does not say who speaks."""
        line = bytes(said)
        if said.buffer.data is not self.next_reply.data:
            self.next_reply = AheadMatch(said.buffer.data, _REPLY.search)
            self.next_dot = AheadMatch(said.buffer.data, _LONE_DOT.search)
        if line[:3] in (b"```", b"~~~"):
            self._resume_excerpt()
            return
        if line == b"RENEGOTIATING":
            self.pending.drop_last(b"R")
            return
        if speech.is_omission(line):
            if not self.pending and self.data is None and self.session.exchanges:
                self.judge.widen()
            return
        if speech.is_reply(line) and (self.lines or not self._is_response(line)):
            self._server(said, line)
            return
        if not self.reading.heard & CLIENT_SIDE:
            return
        if not (self.lines or self.strays.going) and is_odd_reply(said, line, self.pending):
            self._server(said, line)
            return
        command = speech.command(line)
        if self._is_typed(said, line, command):
            self.client(said, line)

    def _is_typed(self, said: Utterance, line: bytes, command: Command) -> bool:
        """Say whether a line that is no reply is the client's, and no remark of a program."""
        if command.likely:
            closed = self.judge.quit is not None and command.event == "DEBUG"
            return not closed or is_answered(said)
        if self._is_response(line) or self.strays.going:
            return True
        if speech.is_lone_dot(line) and not guards.is_closed(self.judge.state):
            return bool(self.session.exchanges)
        waiting = self.pending[-1] if self.pending else None
        suspect = waiting is not None and id(waiting) in self.strays.suspects
        if waiting is not None and (suspect or waiting.event in ("DATA", "END")):
            return not waiting.replies and self._is_pasted(said, waiting)
        return self._answered_next(said)

    def _is_pasted(self, said: Utterance, waiting: Exchange) -> bool:
        """Say whether text went on while a reply was due: a lone dot or errors will follow."""
        data, end = said.buffer.data, said.end
        reply = self.next_reply.at(end)
        if speech.is_lone_dot(bytes(said)) or self.next_dot.at(end) < reply:
            return True
        if waiting.event == "DATA":
            return is_field(bytes(said))
        after = _REPLY.match(data, data.find(b"\n", reply) + 1) if reply < len(data) else None
        return after is not None and after[0][:3] in (b"500", b"501", b"502", b"421")

    def _answered_next(self, said: Utterance) -> bool:
        """Say whether a line that is no command was typed: the server answers it at once."""
        line = bytes(said)
        if not self.session.exchanges or self.pending or self.lines or _NOISE.match(line):
            return False
        if guards.is_closed(self.judge.state):
            return False
        data, stop = said.buffer.data, said.end
        if self.next_dot.at(stop) < self.next_reply.at(stop):
            return True  # pasted in one go, up to the dot that its author meant for the end
        begin = data.find(b"\n", stop)
        if begin < 0:
            return False
        following = data[begin + 1 : begin + 5].rstrip(b"\r\n")
        if following[:3] in (b"220", b"421"):
            return False  # a greeting and a closing come unasked
        if not line.strip() and self.strays.ended is None:
            return False
        return speech.is_reply(following) and bool(self.session.heard)

    # -- the client ----------------------------------------------------------

    def client(self, said: Utterance, line: bytes) -> None:
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
            self.strays.dot(said)
            return
        if not self.strays.going and self._is_no_speech(line, command):
            return
        if self.strays.takes(said, command):
            return
        if guards.is_closed(self.judge.state):
            if command.event == "HELLO":
                self._again()
                self.session.heard |= CLIENT_SIDE
            elif not command.likely:
                return  # behind the end, what is no command is a remark
        exchange = Exchange(command.event, said, command)
        self.enqueue(exchange)
        self.strays.consider(exchange, command)

    def _is_no_speech(self, line: bytes, command: Command) -> bool:
        """Say whether a client's line is blank or an author's stage direction."""
        if not line.strip():
            # The server answers a blank line behind the end of a message as any other.
            return self.one_sided or self.strays.ended is None
        if command.likely or not (speech.is_placeholder(line) or _CODES.fullmatch(line)):
            return False
        if speech.is_omission(line) and not self.pending:
            self.judge.widen()
        return True

    def _is_response(self, line: bytes) -> bool:
        """Say whether *line* would be a SASL response in an AUTH exchange (RFC 4954 4)."""
        auth = self.auth
        if auth is None:
            return False
        if auth.replies:
            if self.lines or speech.is_reply(line):
                return False
            # What was typed ahead is no response to a challenge that never came.
            asked = len(auth.replies)  # each of them a 334, or the exchange would be over
            return len(auth.responses) < asked or not speech.command(line).likely
        if line == b"*" or line[:1] in (b"[", b"*"):
            return True
        return self.one_sided and not speech.command(line).likely

    def _is_early_content(self, command: Command) -> bool:
        if not self.pending or self.early is not None or self.strays.going:
            return False
        last = self.pending[-1]
        return last.event == "DATA" and not last.replies and not command.likely

    def refused_data(self) -> Exchange | None:
        """Return the DATA that was refused, when it is the last command that was answered."""
        if not self.session.exchanges or self.pending:
            return None
        last = self.session.exchanges[-1]
        if last.event == "DATA" and last.reply and last.reply.code >= 400:
            return last
        return None

    def enqueue(self, exchange: Exchange) -> None:
        """Note what was still unanswered when the command was sent, and wait for its reply."""
        exchange.group = self.pending.bits()
        if self.reading.dialect.served and not self.pending:
            exchange.group = self._perhaps_pipelined()
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

    def _perhaps_pipelined(self) -> int:
        """Return what may have been unanswered when a command was sent that a server logged.

        The server logs a command when it takes it up, behind its reply to the one before.
        """
        offers = self.judge.state.offers
        if not self.session.exchanges or (offers is not None and b"PIPELINING" not in offers):
            return 0
        last = self.session.exchanges[-1]
        bit = {"MAIL": MAIL_PENDING, "RCPT": RCPT_PENDING}.get(last.event, 0)
        return bit | last.group if bit else 0

    # -- the server ----------------------------------------------------------

    def _server(self, said: Utterance, line: bytes) -> None:
        parsed = speech.reply_line(line)
        if parsed is None:
            return
        self.session.heard |= SERVER_SIDE
        if self.lines and parsed.code != self.parsed[0].code and self._begins_anew(parsed):
            self._complete()
        self.lines.append(said)
        self.parsed.append(parsed)
        if parsed.separator != b"-":
            self._complete()

    def _begins_anew(self, parsed: ReplyLine) -> bool:
        """Say whether a line with another code is a reply of its own, the one before being cut."""
        if parsed.separator != b"-":
            return False
        if parsed.code == 220:
            return looks_like_greeting(parsed)
        return parsed.code == 421 or len(self.pending) > 1

    def _complete(self) -> None:
        """Take the reply whose lines have been collected, ended or not."""
        if self.lines:
            reply = Reply(self.lines, self.parsed)
            self.lines, self.parsed = [], []
            self._reply(reply)

    def _reply(self, reply: Reply) -> None:
        if self._goes_on(reply):
            return
        if self._is_greeting(reply):
            self._greet(reply)
            return
        self._step_up(reply)
        if not self.pending:
            self._unasked(reply)
            return
        exchange = self.pending[0]
        exchange.replies.append(reply)
        if exchange.event in ("END", "BDAT LAST") and guards.is_lmtp(self.judge.state):
            exchange.expected = max(1, self.judge.state.recipients)
        if exchange.event in ("STRAY", "DOT"):
            self.strays.replied = True
        if reply.code == 334 and exchange.event == "AUTH":
            return
        if len(exchange.replies) < exchange.expected and reply.code != 421:
            return
        self.pending.popleft()
        if reply.code == 354 and exchange.event not in ("DATA", "BDAT", "BDAT LAST"):
            self._stray_354(exchange, reply)
        self._settle(exchange, reply)
        self.strays.answered(exchange, reply)

    def _goes_on(self, reply: Reply) -> bool:
        """Add to the last reply what belongs to it, though that ended without a hyphen.

        Told by what stands in the next line: another keyword that EHLO is answered with, more
        help, a line of the greeting that greets nobody.
        """
        last = self.session.exchanges[-1] if self.session.exchanges else None
        if last is None or self.pending or last.reply is None or last.reply.code != reply.code:
            return False
        before = last.reply.lines[-1]
        if last.event == "HELLO":
            belongs = last.verb != "HELO" and all(map(is_keyword_line, reply.parsed))
        elif last.event == "GREETING":
            belongs = reply.code == 220 and not looks_like_greeting(reply.parsed[0])
        else:
            belongs = last.verb == "HELP" and reply.code == 214
        if not belongs or last.reply.parsed[-1].separator == b"-":
            return False
        if before.buffer.data.count(b"\n", before.end, reply.lines[0].start) != 1:
            return False
        last.reply.lines.extend(reply.lines)
        last.reply.parsed.extend(reply.parsed)
        if last.event == "HELLO":
            self.judge.offered(last.reply)
            last.after = self.judge.state
        return True

    def _is_greeting(self, reply: Reply) -> bool:
        if self.greeted and not guards.is_closed(self.judge.state):
            if reply.code != 220 or self.lines:
                return False
            if not self.pending:
                # Where the server alone is heard, `220 Ready to start TLS` answers STARTTLS.
                both = self.reading.heard & CLIENT_SIDE
                return bool(both) or looks_like_greeting(reply.parsed[0])
            waiting = self.pending[0].event
            return waiting not in ("STARTTLS", "XCLIENT") and looks_like_greeting(reply.parsed[0])
        if guards.is_closed(self.judge.state):
            return reply.code in _GREETINGS and not self.pending
        waiting = self.pending[0].event if self.pending else ""
        if any(exchange.replies for exchange in self.session.exchanges):
            if not waiting:
                return reply.code == 220 and b" SMTP" in reply.text().upper()
            return reply.code == 220 and waiting not in ("STARTTLS", "XCLIENT")
        if reply.code == 220:
            return waiting not in ("STARTTLS", "XCLIENT")
        if not self.reading.dialect.shows & BANNER:
            return False
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
                while self.pending and self.pending[0].event not in wanted:
                    self._settle(self.pending.popleft(), None)
            return
        while len(self.pending) > 1 and self._is_unanswered(self.pending[0], reply):
            self._settle(self.pending.popleft(), None)

    def _is_unanswered(self, first: Exchange, reply: Reply) -> bool:
        """Say whether *reply* cannot be the one to *first*, whose own the record lacks."""
        if reply.code // 100 == 2:
            if first.event in ("DATA", "STRAY", "DOT"):
                return True
            if first.command is not None and not first.command.text.strip():
                return True
        # EHLO is the last of any group (RFC 2920 3.1), and its reply has no enhanced code.
        return first.event == "HELLO" and bool(reply.enhanced()) and reply.code // 100 == 2

    def _unasked(self, reply: Reply) -> None:
        """Take a reply to nothing that the record shows."""
        exchange = Exchange("", None)
        exchange.replies.append(reply)
        exchange.pardoned = self.strays.root is not None and reply.code != 421
        if reply.code == 235:  # it answers nothing but an AUTH that the record hides
            self.judge.state = self.judge.state.but(authenticated=True)
        elif reply.code == 221:
            self.judge.state = self.judge.state.but(phases=phases.CLOSED)
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
        violation = Violation("REPLY", reasons.STRAY_354, reply.code_view, exchange)
        if exchange.said is not None:
            violation.related.append((reasons.ANSWERS, exchange.verb_view or exchange.said))
        if self.judge.cause is None:
            self.judge.record(violation)
            self.judge.cause = violation
        else:
            self.judge.follow(self.judge.cause, reasons.FOLLOWS, reply.code_view)
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
            self.contents.judge_early(exchange)
        elif self.judge.state.phases == phases.DATA:
            self.data = exchange
            self.reading.take_content()
