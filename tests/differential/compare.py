"""Holds what smtp-lsp says of a recorded session against what the server answered.

A reply must not judge itself: what a server refused is analysed with that reply left out, a
positive one in its place and nothing behind it. Earlier replies stay, for they are the state that
the server was in. What it took is analysed as it was recorded, and rules count with the severity
that they have by default, not with what is left of it where a server took something.

A row is one question with two answers; where they differ it has a key, KIND/HOW/WHAT:

    took          a rule speaks (error or warning), and the server took it
    refused-CODE  the server refuses it as wrong, and no rule speaks, of whatever severity
    called-CODE   both say that it is wrong, and the server has another code for it
    told          a rule speaks, but only because the server said 503
    alarm         as took, in a session without a mistake: never known, for it is ours to mend
    early         the server ended the content where we do not: at a false end
    late          the server goes on with the content where we end it
    ours          we end the content elsewhere than RFC 5321 does: never known either
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from driver import Answer, Record
from script import Session, Step

from smtp_lsp.dialects.octets import written
from smtp_lsp.dialects.utterance import CLIENT, SERVER
from smtp_lsp.lint.finding import Finding
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import Analysis, analyse
from smtp_lsp.rules import all_rules
from smtp_lsp.session import phases
from smtp_lsp.session.tree import Exchange
from smtp_lsp.text.source import Source

OURS = ("alarm", "ours")
"""What is never a known difference: smtp-lsp is wrong there."""

KINDS = ("order", "syntax", "ends", "pipelining", "bdat", "tls-auth")

ORDER = frozenset({503})
SYNTAX = frozenset({500, 501, 502, 504, 553, 555})
POLICY = frozenset({535, 550, 554})
"""What recipients and passwords are refused with, in sessions without a mistake."""
POSITIVE = {"DATA": b"354 Go on", "STARTTLS": b"220 Go on", "AUTH": b"235 Ok", "QUIT": b"221 Bye"}
FALSE_END, LONE_DOT, STRAY_DOT = "WIR003", "DOT001", "DOT004"
NO_COMMAND = frozenset({STRAY_DOT, "CMD020", "CMD025", "CMD026"})
"""The rules about lines that are no command."""
GRID = "grid"
GROUPED = ("EXT001", "EXT002", "SEC023", "SEC005")
ALL = Options(extend_select=("ALL",))
BY_DEFAULT = {rule.code: rule.severity for rule in all_rules() if rule.code in Options().enabled()}


class Row(NamedTuple):
    """One question: ``kind``, the key of the difference or nothing, where it shows."""

    kind: str
    key: str
    shows: str = ""
    told: bool = False


def kind_of(event: str, code: str) -> str:
    """Return the kind of comparison in which a rule speaks of a command with this *event*."""
    if event.startswith("BDAT"):
        return "bdat"
    if event in ("STARTTLS", "AUTH"):
        return "tls-auth"
    if code in GROUPED:
        return "pipelining"
    if code.startswith("SEQ") or code in ("SEC004", "SEC037", "EXT019", "EXT020"):
        return "order"
    if code.startswith(("CMD", "EXT")) or code in ("WIR013", "SEC019", "LMT005"):
        return "syntax"
    return ""


class Deed(NamedTuple):
    """What a server did with what a rule speaks of.

    ``kind`` and ``name`` are the recipe's, but for the cells of the grid of ends, whose kind is
    ``grid``. ``did`` is ``takes``, ``refuses`` (with ``code``), ``drops``: it says nothing to it,
    or ``ends``: it ends the content at that dot. ``line`` is the command, if it is one.
    """

    rule: str
    kind: str
    name: str
    did: str
    code: int
    line: str = ""


class Comparison:
    """The comparison of one recorded session.

    With *noting* it also notes the deeds, which takes reading the session once more.
    """

    def __init__(self, session: Session, record: Record, *, noting: bool = False) -> None:
        self.session = session
        self.record = record
        self.name = "valid" if session.label.startswith("valid/") else session.label.split("/")[1]
        refused = {code for answer in record.answers for code in answer.codes if code >= 500}
        # Behind a right command that was refused, the client may well be out of step.
        faultless = not session.expects and not refused - POLICY
        self.took = "alarm" if faultless else "took"
        self.data = written(record.said)
        self.real = _analysed(self.data)
        self.rows: list[Row] = []
        self.refused_groups: list[tuple[int, int]] = []
        self.deeds: dict[str, Deed] = {}
        self.wide = _analysed(self.data, ALL) if noting and session.expects else None

    def run(self) -> list[Row]:
        """Return the rows of the session."""
        said = 0
        by_step = {answer.step: answer for answer in self.record.answers}
        for number, step in enumerate(self.session.steps):
            answer = by_step.get(number)
            if answer is None:
                continue
            said = self._index(step.octets, said)
            if step.about == "content":
                self._content(number, by_step, said)
            elif step.about == "group":
                self._group(step.replies, answer, said)
            said += 1
        for exchange in _exchanges(self.real):
            if exchange.said is not None and exchange.reply is not None:
                self._command(exchange)
        return self.rows

    def _index(self, octets: bytes, start: int) -> int:
        """Return where among what was said a step stands."""
        for index in range(start, len(self.record.said)):
            if self.record.said[index] == (CLIENT, octets):
                return index
        return start

    # -- commands ------------------------------------------------------------

    def _command(self, exchange: Exchange) -> None:
        event, reply = exchange.event, exchange.reply
        self._note_command(exchange)
        if event in ("STRAY", "DOT", "END", "GREETING", "") or reply is None:
            return
        assert exchange.said is not None
        place = exchange.said.span().start
        if any(start <= place < end for start, end in self.refused_groups):
            return
        code = reply.code
        if code == 221 and event != "QUIT":
            code = 521  # it took nothing, and said farewell
        ours = _codes(self.real, exchange)
        pardoned = False
        if code >= 400:
            ours, pardoned = self._blind(exchange)
        if event.startswith("BDAT") or event in ("STARTTLS", "AUTH"):
            kind = kind_of(event, "")
            cancelled = any(bytes(said) == b"*" for said in exchange.responses)
            spoken = sorted(rule for rule in ours if rule not in GROUPED)
            if cancelled:
                spoken = [*spoken, "cancelled"]
            rightly = code == 501 if cancelled else True
            refused = 500 <= code < 600 and code not in (535, 550, 552)
            self._judge(kind, spoken, exchange, code, refused=refused, rightly=rightly)
            return
        order = sorted(rule for rule in ours if kind_of(event, rule) == "order")
        syntax = sorted(rule for rule in ours if kind_of(event, rule) == "syntax")
        wrong = not pardoned and (code in ORDER or (code == 554 and event == "DATA"))
        if not (syntax and not order):
            self._judge("order", order, exchange, code, refused=wrong, rightly=wrong)
        if not (order and code >= 400):
            rightly = code in SYNTAX or code == 552
            self._judge("syntax", syntax, exchange, code, refused=code in SYNTAX, rightly=rightly)

    def _judge(
        self,
        kind: str,
        ours: list[str],
        exchange: Exchange,
        code: int,
        *,
        refused: bool,
        rightly: bool,
    ) -> None:
        """Add the row of one command; *rightly* says that the code is one for this kind."""
        key, told = "", False
        if ours and code < 400:
            key = f"{kind}/{self.took}/{ours[0]}"
        elif ours and not rightly and code >= 500:
            key = f"{kind}/called-{code}/{ours[0]}"
        elif not ours and refused:
            real = _codes(self.real, exchange)
            told = any(kind_of(exchange.event, rule) == kind for rule in real)
            if not told:
                key = f"{kind}/refused-{code}/{self._what(kind, exchange)}"
            elif kind == "order":
                key = f"{kind}/told/{self._what(kind, exchange)}"
        self.rows.append(Row(kind, key, self._shown(exchange) if key else "", told))

    def _what(self, kind: str, exchange: Exchange) -> str:
        """Return a name for a command: the recipe's, or of a common one its verb and phase."""
        assert exchange.said is not None
        line = bytes(exchange.said)
        if any(step.about == "odd" and line in step.octets for step in self.session.steps):
            return self.name
        before = exchange.before
        where = "-".join(phases.names(before.phases)) if before is not None else ""
        return f"{exchange.verb}-{where}" if kind in ("order", "tls-auth") else exchange.verb

    def _blind(self, exchange: Exchange) -> tuple[set[str], bool]:
        """Return the rules that speak of a command whose reply they do not know.

        The second value says that the command is pardoned: it was sent before it could be known
        that there is nobody to send to (RFC 2920 3.1).
        """
        assert exchange.reply is not None
        assert exchange.said is not None
        start = exchange.replies[0].span.start
        start = self.data.rfind(b"\n", 0, start) + 1
        positive = POSITIVE.get(exchange.event, b"250 Ok")
        data = self.data[:start] + b"S: " + positive + b"\n"
        analysis = _analysed(data, ALL)
        place = exchange.said.span().start
        for other in _exchanges(analysis):
            if other.said is not None and other.said.span().start == place:
                return _codes(analysis, other, quiet=True), other.pardoned
        return set(), False

    # -- content and groups --------------------------------------------------

    def _content(self, number: int, answers: dict[int, Answer], said: int) -> None:
        """Add the row of one content: where it ends for us, and where for the server."""
        step, answer = self.session.steps[number], answers[number]
        rest = rest_of(self.session, number)
        strict = step.replies if rest is None else (1 if step.replies == 0 else 3)
        ends, spoken = self._our_end(said, rest.octets if rest is not None else b"")
        theirs = outcome(self.session, number, answers)
        self._note_content(number, theirs, said, spoken)
        refused = theirs.isdigit() or theirs == "closes"
        key = ""
        if ends != strict:
            key = f"ends/ours/{self.name}"
        elif refused and not spoken and strict:
            key = f"ends/refused-{theirs}/{self.name}"
        elif theirs == "ends" and (step.replies == 0 or len(answer.codes) > strict):
            key = f"ends/early/{self.name}"
        elif theirs == "goes on" and step.replies:
            key = f"ends/late/{self.name}"
        elif not refused and strict == 1 and spoken:
            key = f"ends/{self.took}/{spoken[0]}"
        self.rows.append(Row("ends", key, self._lines(said) if key else ""))

    def _our_end(self, said: int, rest: bytes) -> tuple[int, list[str]]:
        """Return how many replies a content calls for, and the rules that speak of it.

        The first is that of its end; one reply, which says nothing, is all that we are shown.
        """
        whole = (CLIENT, self.record.said[said][1] + rest)
        data = written((*self.record.said[:said], whole, (SERVER, b"250 2.0.0 Ok\r\n")))
        begin = len(written(self.record.said[:said])) - 1
        analysis = _analysed(data)
        ends = [
            exchange
            for exchange in _exchanges(analysis)
            if exchange.said is not None and exchange.said.span().start >= begin
        ]
        found = {f.rule for f in analysis.findings if f.span.start >= begin and _is_loud(f)}
        spoken = sorted(
            (code for code in found if code.startswith(("DOT", "WIR"))),
            key=lambda code: (code != "WIR003", code == "DOT003", code),
        )
        return (len(ends) if ends and ends[0].event == "END" else 0), spoken

    def _group(self, strict: int, answer: Answer, said: int) -> None:
        """Add the row of commands that were sent at once."""
        begin = len(written(self.record.said[:said])) - 1
        until = len(written(self.record.said[: said + 1]))
        found = {f.rule for f in self.real.findings if begin <= f.span.start < until}
        spoken = sorted(code for code in found if code in GROUPED or code.startswith("SEQ"))
        wrong = {500, 501, 503, 554, 421} & set(answer.codes)
        refused = len(answer.codes) < strict or (bool(wrong) and self.name != "data-refused")
        if refused:
            self.refused_groups.append((begin, until))
        self._note_group(answer, spoken, refused=refused)
        key = ""
        if spoken and not refused:
            key = f"pipelining/{self.took}/{self.name}"
        elif not spoken and refused:
            key = f"pipelining/refused/{self.name}"
        self.rows.append(Row("pipelining", key, self._lines(said) if key else ""))

    # -- deeds ---------------------------------------------------------------

    def _note(self, rules: Iterable[str], did: str, code: int = 0, line: str = "") -> None:
        """Note what the server did, once for each rule that the recipe says must speak."""
        label = self.session.label
        kind = GRID if self.name.startswith(GRID) else label.split("/")[0]
        for rule in self.session.expects.intersection(rules):
            if kind != GRID or rule == FALSE_END:
                self.deeds.setdefault(rule, Deed(rule, kind, self.name, did, code, line))

    def _note_command(self, exchange: Exchange) -> None:
        """Note what came of a command; the rules are those that speak of it, quiet ones too.

        A refusal with a code that is none for the order of commands is not about the order.
        """
        if self.wide is None or exchange.reply is None or exchange.event in ("END", "GREETING"):
            return
        assert exchange.said is not None
        code, place = exchange.reply.code, exchange.said.span().start
        if any(start <= place < end for start, end in self.refused_groups):
            return
        rules: set[str] = set()
        for each in _exchanges(self.wide):
            if each.said is not None and each.said.span().start == place:
                rules |= _codes(self.wide, each, quiet=True)
        if code >= 400:
            rules |= self._blind(exchange)[0]
        kind, event = self.session.label.split("/")[0], exchange.event
        if event in ("STRAY", "DOT"):
            rules &= NO_COMMAND
        elif kind in ("order", "syntax"):
            rules = {rule for rule in rules if kind_of(event, rule) in (kind, "tls-auth")}
        did = "refuses" if code >= 400 or (code == 221 and event != "QUIT") else "takes"
        in_order = code in ORDER or (code == 554 and event.startswith(("DATA", "BDAT")))
        if did == "refuses" and kind == "order" and not in_order:
            return
        line = bytes(exchange.said).decode("latin-1") if kind != "ends" else ""
        self._note(rules, did, code if did == "refuses" else 0, line)

    def _note_content(self, number: int, theirs: str, said: int, spoken: list[str]) -> None:
        """Note what came of a content: for a false end whether the server ended it there.

        The rules are those that have *spoken* without the reply to it, and those that do with it.
        """
        if self.wide is None or not self.session.label.startswith("ends/"):
            return
        begin = len(written(self.record.said[:said])) - 1
        until = len(written(self.record.said[: said + 1]))
        rules = {f.rule for f in self.wide.findings if begin <= f.span.start < until}
        rules = rules.union(spoken) - {STRAY_DOT}  # what comes of that is the reply to the dot
        step = self.session.steps[number]
        if theirs.isdigit() or theirs == "closes":
            code = int(theirs) if theirs.isdigit() else 0
            self._note(rules, "refuses" if code else "drops", code)
        elif theirs == "ends":
            # At a lone dot every server is right to end, which is the trouble.
            early = step.replies == 0 or LONE_DOT in self.session.expects
            self._note(rules, "ends" if early else "takes")
        elif self.name.startswith(GRID):
            self._note(rules, "takes")

    def _note_group(self, answer: Answer, spoken: list[str], *, refused: bool) -> None:
        """Note what came of commands that were sent at once."""
        if self.wide is None:
            return
        code = next((code for code in answer.codes if code >= 400), 0)
        did = "takes" if not refused else "refuses" if code else "drops"
        only = self.session.expects if len(self.session.expects) == 1 else ()
        rules = [rule for rule in spoken or only if rule in GROUPED]
        self._note(rules, did, code if did == "refuses" else 0)

    # -- showing -------------------------------------------------------------

    def _shown(self, exchange: Exchange) -> str:
        """Return the lines of the transcript in which a command and its reply stand."""
        assert exchange.said is not None
        assert exchange.reply is not None
        span = exchange.said.span()
        start = self.data.rfind(b"\n", 0, span.start) + 1
        end = self.data.find(b"\n", span.start)
        reply = exchange.reply.span
        reply_start = self.data.rfind(b"\n", 0, reply.start) + 1
        reply_end = self.data.find(b"\n", reply.start)
        return _short(self.data[start:end] + b"\n" + self.data[reply_start:reply_end])

    def _lines(self, said: int) -> str:
        """Return what was said there, and what came back."""
        pieces = list(self.record.said[said : said + 2])
        return _short(written(pieces).partition(b"\n")[2])


def _short(data: bytes) -> str:
    """Return the lines of *data*, the long ones cut, a header left out."""
    lines = []
    for line in data.decode("ascii", "replace").splitlines():
        if line.startswith(("C: From: <", "C: To: <", "C: Date: ", "C: Message-ID: ")):
            continue
        lines.append(line if len(line) <= 90 else line[:80] + " ...")
    return "\n".join(lines[:14])


def _analysed(data: bytes, options: Options | None = None) -> Analysis:
    return analyse(Source(data, "session.smtp"), options, keep=True)


def _exchanges(analysis: Analysis) -> list[Exchange]:
    return [exchange for session in analysis.sessions for exchange in session.exchanges]


def _is_loud(finding: Finding) -> bool:
    """Say whether the rule is one that speaks by default, as an error or a warning."""
    return BY_DEFAULT.get(finding.rule) in ("error", "warning")


def _codes(analysis: Analysis, exchange: Exchange, *, quiet: bool = False) -> set[str]:
    """Return the rules that speak of what the client said in *exchange*.

    The *quiet* ones too where asked for: what is no more than an information, or off.
    """
    assert exchange.said is not None
    spans = [exchange.said.span(), *(said.span() for said in exchange.responses)]
    found = set()
    for finding in analysis.findings:
        if finding.rule.startswith(("RPL", "ESC", "TRN")) or finding.severity == "hint":
            continue
        if not (quiet or _is_loud(finding)):
            continue
        if any(span.start <= finding.span.start <= span.end for span in spans):
            found.add(finding.rule)
    violation = exchange.violation
    if violation is not None and not found and violation.exchange is not exchange:
        found.add("SEQ-follows")
    if "SEQ004" in found and _is_behind_refused_chunk(analysis, exchange):
        # Of a chunk that is refused one never knows what is left (RFC 3030 2): that is another
        # difference than a MAIL in a transaction of which nothing went wrong.
        found = found - {"SEQ004"} | {"SEQ-follows"}
    return found


def _is_behind_refused_chunk(analysis: Analysis, exchange: Exchange) -> bool:
    """Say whether the last thing before a command that sent content was a chunk, and refused."""
    every = _exchanges(analysis)
    sent = [each for each in every[: every.index(exchange)] if each.content is not None]
    reply = sent[-1].reply if sent else None
    return reply is not None and sent[-1].verb == "BDAT" and reply.code >= 500


def rest_of(session: Session, number: int) -> Step | None:
    """Return the step that goes on with the content of another, if one does."""
    following = session.steps[number + 1] if number + 1 < len(session.steps) else None
    return following if following is not None and following.about == "rest" else None


def outcome(session: Session, number: int, answers: dict[int, Answer]) -> str:
    """Return what the server made of a content: ``ends``, ``goes on``, ``closes``, or its code."""
    answer = answers[number]
    if not answer.codes and rest_of(session, number) is not None and not answer.closed:
        rest = answers.get(number + 1)
        code = rest.codes[0] if rest is not None and rest.codes else 0
        return "closes" if not code else "goes on" if code < 400 else str(code)
    if answer.codes:
        return "ends" if answer.codes[0] < 400 else str(answer.codes[0])
    return "closes" if answer.closed else "goes on"


def compare(session: Session, record: Record) -> list[Row]:
    """Return the rows of a recorded session."""
    return Comparison(session, record).run()


def deeds(session: Session, record: Record) -> list[Deed]:
    """Return what the server did with what the rules speak of that *session* is made for."""
    comparison = Comparison(session, record, noting=True)
    comparison.run()
    return list(comparison.deeds.values())


def transcript(record: Record) -> bytes:
    """Return the record in the notation that smtp-lsp reads to the octet."""
    return written(record.said)
