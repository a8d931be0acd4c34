"""One file through the one flow: bytes, utterances, session and trace, findings."""

from __future__ import annotations

from smtp_lsp.dialects import detect
from smtp_lsp.dialects.reading import CONTENT as SHOWS_CONTENT
from smtp_lsp.dialects.reading import SCRIPT
from smtp_lsp.dialects.utterance import CLIENT
from smtp_lsp.lint import causes, suppress
from smtp_lsp.lint.enclosed import Enclosed
from smtp_lsp.lint.finding import Finding
from smtp_lsp.lint.inspect import RuleInspector, spoken_lines, verbs_of
from smtp_lsp.lint.options import Options
from smtp_lsp.rules import CONTENT, LINE, SESSION, SOURCE, Rule
from smtp_lsp.text.source import TEXT, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smtp_lsp.dialects.reading import Reading
    from smtp_lsp.message import Message
    from smtp_lsp.rules import Hit
    from smtp_lsp.rules.transcript import Record
    from smtp_lsp.session.tree import Exchange, Session

    Each = Callable[[Session, list[Finding]], None]

TRANSCRIPT = "transcript"
MESSAGE_KIND = "message"
_SUFFIXES = {
    ".smtp": TRANSCRIPT,
    ".smtp.log": TRANSCRIPT,
    ".bsmtp": TRANSCRIPT,
    ".eml": MESSAGE_KIND,
    ".mbox": MESSAGE_KIND,
}


def kind_by_name(name: str) -> str:
    """Return what the file's name says it is: transcript, message, or nothing."""
    lower = name.lower()
    return next((kind for suffix, kind in _SUFFIXES.items() if lower.endswith(suffix)), "")


class Analysis:
    """What is known of one file: its kind, its reading, its sessions or message, its findings.

    The findings are in the order of the file. Sessions, and the messages of a folder, are kept
    only where ``keep`` asks for them: a linter drops each as soon as the rules have seen it.
    ``message`` is the first of ``messages``, and ``begins`` where each but the first begins in
    the file, with the line that a folder has put above it. ``extents`` is where each
    session begins, once a feature has asked; ``first_line`` counts the lines before a part of a
    file.
    """

    __slots__ = (
        "begins",
        "contents",
        "each",
        "extents",
        "findings",
        "first_line",
        "kind",
        "messages",
        "options",
        "reading",
        "sessions",
        "source",
    )

    def __init__(
        self, source: Source, options: Options, *, keep: bool = False, each: Each | None = None
    ) -> None:
        self.each = each
        self.source = source
        self.options = options
        self.sessions: list[Session] = []
        self.messages: list[Message] = []
        self.begins: list[int] = []
        self.reading: Reading | None = None
        self.findings: list[Finding] = []
        self.contents: dict[int, int] = {}
        self.extents: list[int] | None = None
        self.first_line = 0
        self.kind = options.as_kind or kind_by_name(source.name)
        self._run(keep)
        self.findings.sort(key=lambda found: (found.span.start, found.span.end, found.rule))

    def _run(self, keep: bool) -> None:
        readable = self.source.nature() == TEXT
        if readable and self.kind != MESSAGE_KIND:
            self.reading = detect.read(self.source, self.options.dialect)
        if readable and not self.kind:
            self.kind = _kind_by_content(self.source, self.reading)
            if self.kind == MESSAGE_KIND:
                self.reading = None
        if readable and self.kind == MESSAGE_KIND:
            self._messages(keep)
        spoken = False
        if self.reading is not None:
            spoken = self._sessions(self.reading, keep)
        self._record(spoken or bool(self.messages))

    @property
    def message(self) -> Message | None:
        """The message that the file is, the first one of a folder; None for a transcript."""
        return self.messages[0] if self.messages else None

    @property
    def boundaries(self) -> list[int]:
        """Where sessions or messages begin that owe nothing to those before; not the first."""
        return self.reading.boundaries if self.reading is not None else self.begins

    def _messages(self, keep: bool) -> None:
        from smtp_lsp.lint import folder
        from smtp_lsp.message import mime

        for start, message in folder.messages(self.source, self.options.context):
            before = len(self.findings)
            message.charset = self.options.header_charset
            self._message(message)
            if not keep and len(self.findings) == before and message.field("content-type"):
                mime.forget(message)
            if self.messages:
                self.begins.append(start)
            if keep or not self.messages:
                self.messages.append(message)

    def _message(self, message: Message) -> None:
        from smtp_lsp.lint import glance

        for rule, level in self.options.rules_for(glance.traits_of(message)):
            self._add(rule, level, rule.find(message))

    def _sessions(self, reading: Reading, keep: bool) -> bool:
        from smtp_lsp.session.walk import walk

        spoken = False
        evidence = reading.evidence()
        rules = self._rules(SESSION, evidence)
        content_rules = self._rules(CONTENT, evidence)
        lines = self._rules(LINE, evidence)
        enclosed = self._enclosed(reading, evidence)
        inspector = RuleInspector(
            [rule for rule, _ in rules], [rule for rule, _ in lines], enclosed
        )
        directed = reading.directed
        skim = not keep and _may_skim(rules + lines, content_rules)
        for session in walk(reading, inspector=inspector if skim else None):
            before = len(self.findings)
            spoken = spoken or _says_something(session)
            verbs = verbs_of(session)
            for rule, level in rules:
                if not rule.concerns or rule.concerns & verbs:
                    self._add(rule, level, rule.find(session))
            if lines:
                self._lines(session, lines, inspector)
            if directed:
                self.contents.update(suppress.contents_of_session(self.source, session))
            if content_rules:
                self._contents(session, content_rules)
            for message in enclosed.messages(session):
                for rule, level in enclosed.rules(message):
                    self._add(rule, level, rule.find(message))
            if len(self.findings) > before + 1:
                self.findings[before:] = causes.fold(self.findings[before:], session)
            if self.each is not None:
                self.each(session, self.findings[before:])
            if keep:
                self.sessions.append(session)
        return spoken

    def _contents(self, session: Session, rules: list[tuple[Rule, str]]) -> None:
        for exchange in session.exchanges:
            if exchange.content is not None:
                for rule, level in rules:
                    self._add(rule, level, rule.find(exchange, session))

    def _lines(
        self, session: Session, rules: list[tuple[Rule, str]], inspector: RuleInspector
    ) -> None:
        """Run the line rules: what they find is remembered by side and octets."""
        levels = dict(rules)
        script = session.reading.dialect.kind == SCRIPT
        for side, line, exchange in spoken_lines(session):
            for rule, found in inspector.hits(side, bytes(line)):
                hits = [hit.at(line, script=script) for hit in found]
                if rule.accepted and side == CLIENT:
                    _weigh(hits, rule, exchange)
                self._add(rule, levels[rule], hits)

    def _record(self, spoken: bool) -> None:
        """Apply the directives, and judge the record itself."""
        from smtp_lsp.rules.transcript import Record

        record = Record(self.source, spoken=spoken, reading=self.reading)
        record.directives = self.reading.directives() if self.reading is not None else []
        if record.directives:
            enabled = self.options.enabled()
            outcome = suppress.apply(
                self.findings, record.directives, self.source, enabled, self.contents
            )
            self.findings = outcome.kept
            record.unused, record.unmet = outcome.unused, outcome.unmet
        self._check(record)

    def _rules(self, shape: str, evidence: int = -1) -> list[tuple[Rule, str]]:
        rules = self.options.rules(shape)
        if evidence == -1:
            return rules
        return [(rule, level) for rule, level in rules if not rule.needs & ~evidence]

    def _enclosed(self, reading: Reading, evidence: int) -> Enclosed:
        """Return what the message rules say of the messages in a transcript, if it shows them."""
        if not reading.dialect.whole or not evidence & SHOWS_CONTENT:
            return Enclosed(None)
        return Enclosed(self.options)

    def _check(self, record: Record) -> None:
        """Judge the record itself."""
        before = len(self.findings)
        for rule, level in self._rules(SOURCE):
            self._add(rule, level, rule.find(record))
        for finding in self.findings[before:]:
            finding.whole = True

    def _add(self, rule: Rule, level: str, hits: Iterable[Hit]) -> None:
        for hit in hits:
            self.findings.append(Finding(rule, hit, self.source, self.options.locale, level))


def _weigh(hits: list[Hit], rule: Rule, exchange: Exchange) -> None:
    """Have what the server took weigh less, and what it refused for this as the rule says."""
    code = exchange.reply.code if exchange.reply is not None else 0
    explains = rule.explains is True or (isinstance(rule.explains, tuple) and code in rule.explains)
    for hit in hits:
        if 0 < code < 400:
            hit.severity = hit.severity or rule.accepted
        elif code >= 500 and explains:
            hit.severity = ""


def _may_skim(rules: list[tuple[Rule, str]], content_rules: list[tuple[Rule, str]]) -> bool:
    """Say whether sessions in which the walk found nothing hold nothing for these rules."""
    if any(rule.thorough for rule, _ in rules):
        return False
    return all(rule.plain for rule, _ in content_rules)


def _says_something(session: Session) -> bool:
    """Say whether somebody speaks SMTP in a session: a dialect may have been asked for wrongly."""
    return any(
        exchange.replies or (exchange.command is not None and exchange.command.known)
        for exchange in session.exchanges
    )


def _kind_by_content(source: Source, reading: Reading | None) -> str:
    """Return what a file is whose name does not tell: ``S: 220`` has the looks of a field."""
    from smtp_lsp import message

    if reading is not None and detect.speaks_first(reading):
        return TRANSCRIPT
    if message.looks_like(source.data):
        return MESSAGE_KIND
    return TRANSCRIPT if reading is not None else ""


def analyse(
    source: Source,
    options: Options | None = None,
    *,
    keep: bool = False,
    each: Each | None = None,
) -> Analysis:
    """Analyse one file. Never fails on what the file holds.

    *each* is told every session that is walked, with what was found in it.

    Raises UnknownDialectError where the options, or a directive in the file, name none.
    """
    return Analysis(source, options or Options(), keep=keep, each=each)


def lint(source: Source, options: Options | None = None) -> list[Finding]:
    """Return the findings of one file, in the order of the file."""
    return analyse(source, options).findings
