"""What became of each session, in a sentence, and what made it fail: for the shell and the lens.

The words are those of the finding that tells the cause, whichever rule it is of; so they are
there even where that rule was not selected.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import AUTH_EXCHANGE
from smtp_lsp.lint import causes, enclosed
from smtp_lsp.lint.finding import Finding
from smtp_lsp.pages import phrase
from smtp_lsp.rules import Hit, find
from smtp_lsp.session import outcome
from smtp_lsp.text.escape import quoted, visible
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.grammar.speech import ReplyLine
    from smtp_lsp.rules.diagnosis import Diagnosis
    from smtp_lsp.session.outcome import Outcome
    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.source import Source

_LONGEST_NAME = 60

_SAYS_MORE = ("auth-before-tls", "auth-helo", "needs-tls-offered")
"""Diagnoses that say why, where the rule that stands for them says what."""


class Summary:
    """What became of one session.

    ``start`` is where it begins in the file; ``title`` one short line; ``cause`` the finding
    that tells what went wrong, or None.
    """

    __slots__ = ("cause", "delivered", "facts", "failed", "locale", "source", "start", "title")

    def __init__(self, session: Session, findings: list[Finding], source: Source, locale: str):
        found = outcome.outcome(session)
        self.source = source
        self.locale = locale
        self.start = _start(session)
        self.cause = _cause(session, findings, source, locale, delivered=found.messages > 0)
        self.failed = not found.messages and self.cause is not None
        self.facts = ", ".join(_facts(session, found, locale))
        self.delivered = delivered(found, locale, _blind(session, found)) if found.messages else ""
        self.title = self._title(session, found)

    def _title(self, session: Session, found: Outcome) -> str:
        what = self.cause.message if self.cause is not None else ""
        if found.messages:
            named = {"delivered": self.delivered, "what": what}
            return phrase(self.locale, "summary-but", named) if what else self.delivered
        if what:
            return phrase(self.locale, "summary-failed", {"what": what})
        if session.refusals and session.refusals[0].event == "GREETING":
            return phrase(self.locale, "summary-went-on")
        return phrase(self.locale, "summary-cut" if _is_cut(session) else "summary-idle")

    @property
    def lines(self) -> list[str]:
        """The paragraph: what happened, why, what to do; one line where nothing went wrong."""
        line = self.source.lines.line_of(self.start) + 1
        place = f"{visible(self.source.name)}:{line}"
        cause, facts = self.cause, self.facts
        what = self.title if cause is None else self.delivered
        if cause is not None and self.failed:
            key = "summary-failed" if facts else "summary-failed-plain"
            what = phrase(self.locale, key, {"what": facts})
        elif facts:
            what = f"{what} ({facts})"
        shown = [phrase(self.locale, "summary-line", {"place": place, "what": what})]
        if cause is None:
            return shown
        return [*shown, *_why(cause)]


def _why(cause: Finding) -> list[str]:
    """Return the lines that say what went wrong, and what to do."""
    named = {"what": cause.message, "line": str(cause.range.start.line)}
    shown = ["    " + phrase(cause.locale, "summary-cause", named)]
    if cause.help:
        named = {"label": phrase(cause.locale, "help"), "text": cause.help}
        shown.append("    " + phrase(cause.locale, "labelled", named))
    return shown


def never_begun(findings: list[Finding]) -> list[str]:
    """Return the paragraph about a file in which nobody came to speak, where that is told why."""
    cause = next((finding for finding in findings if finding.rule == causes.FAILED), None)
    if cause is None:
        return []
    failed = phrase(cause.locale, "summary-failed-plain")
    named = {"place": visible(cause.path), "what": failed}
    return [phrase(cause.locale, "summary-line", named), *_why(cause)]


def delivered(found: Outcome, locale: str, blind: int = 0) -> str:
    """Say how much was delivered, and to how many recipients whom no header field names."""
    count = found.messages
    key = "summary-one-message" if count == 1 else "summary-messages"
    messages = phrase(locale, key, {"count": str(count)})
    count = found.recipients
    key = "summary-one-recipient" if count == 1 else "summary-recipients"
    recipients = phrase(locale, key, {"count": str(count)})
    if blind:
        key = "summary-blind-one" if count == 1 else "summary-blind"
        recipients = phrase(locale, key, {"recipients": recipients, "count": str(blind)})
    named = {"messages": messages, "recipients": recipients}
    return phrase(locale, "summary-delivered", named)


def _blind(session: Session, found: Outcome) -> int:
    """Return how many of the recipients that a message went to stand in no field for them.

    A message without such a field is rather a test than a secret.
    """
    if found.lost:
        return 0  # the messages went to fewer than their envelopes hold
    from smtp_lsp.rules.against_envelope import naming, unnamed

    messages = (each for each in enclosed.messages(session) if each.accepted and naming(each))
    return sum(len(unnamed(message)) for message in messages)


# -- what went wrong -----------------------------------------------------------


def _cause(
    session: Session, findings: list[Finding], source: Source, locale: str, *, delivered: bool
) -> Finding | None:
    """Return the finding that tells why a session failed, or the first error of any other."""
    inside = _inside(session, findings)
    if not delivered:
        from smtp_lsp.rules.diagnosis import diagnose

        diagnosis = diagnose(session)
        if diagnosis is not None:
            return _told(diagnosis, inside) or _own(diagnosis, source, locale)
    errors = (finding for finding in inside if finding.severity == "error")
    return next(errors, None) or next((f for f in inside if _loses_a_copy(f)), None)


def _loses_a_copy(finding: Finding) -> bool:
    """Say whether a recipient was refused after the message was taken for others (LMTP)."""
    return finding.rule == causes.REFUSED and finding.key == "recipient"


def _told(diagnosis: Diagnosis, findings: list[Finding]) -> Finding | None:
    """Return the finding that tells the cause already."""
    violation = diagnosis.exchange.violation
    if violation is not None:
        where = violation.view.span()
        return next((f for f in findings if f.span == where and f.severity == "error"), None)
    own = next((finding for finding in findings if finding.rule == causes.FAILED), None)
    if own is None and diagnosis.key in _SAYS_MORE:
        return None
    return own or causes.explained_by(diagnosis, findings)


def _own(diagnosis: Diagnosis, source: Source, locale: str) -> Finding | None:
    """Return the diagnosis as a finding, where its rule was not selected."""
    rule = find(causes.FAILED)
    if rule is None or diagnosis.violated:
        return None
    advice = diagnosis.known.place if diagnosis.known is not None else None
    hit = Hit(diagnosis.key, diagnosis.span, diagnosis.parameters, advice=advice)
    return Finding(rule, hit, source, locale, "")


def _inside(session: Session, findings: list[Finding]) -> list[Finding]:
    start, end = _start(session), _end(session)
    return [finding for finding in findings if start <= finding.span.start <= end]


# -- where it lies -------------------------------------------------------------


def _spans(exchange: Exchange) -> list[Span]:
    spans = [exchange.said.span()] if exchange.said is not None else []
    spans += [reply.span for reply in exchange.replies]
    if exchange.content is not None:
        spans.append(exchange.content.span())
    return spans


def _start(session: Session) -> int:
    return min((span.start for each in session.exchanges[:2] for span in _spans(each)), default=0)


def _end(session: Session) -> int:
    return max((span.end for each in session.exchanges[-3:] for span in _spans(each)), default=0)


# -- what happened -------------------------------------------------------------


def _facts(session: Session, found: Outcome, locale: str) -> list[str]:
    """Return who spoke with whom, how, and how far it went, as short phrases."""
    facts = [_who(session, locale), *_state(session, locale)]
    if found.sender is not None:
        facts.append(phrase(locale, "summary-from", {"sender": quoted(found.sender)}))
    if found.tried:
        key = "summary-tried-one" if found.tried == 1 else "summary-tried"
        named = {"accepted": str(found.accepted), "count": str(found.tried)}
        facts.append(phrase(locale, key, named))
    if found.lost:
        # Accepted at RCPT, refused behind the content: only LMTP says so of each.
        named = {"delivered": str(found.copies - found.lost), "count": str(found.copies)}
        key = "summary-copy" if found.copies == 1 else "summary-copies"
        facts.append(phrase(locale, key, named))
    if found.octets > 0:
        facts.append(phrase(locale, "summary-octets", {"count": str(found.octets)}))
    return [fact for fact in facts if fact]


def _who(session: Session, locale: str) -> str:
    client = server = ""
    for exchange in session.exchanges:
        if exchange.event == "HELLO" and exchange.command is not None:
            words = exchange.command.arguments.split()
            client = quoted(words[0], _LONGEST_NAME) if words else client
        if exchange.event in ("GREETING", "HELLO") and exchange.replies and not server:
            server = _name(exchange.replies[-1].parsed[0])
    if not client and not server:
        return ""
    key = "summary-who" if client and server else "summary-client" if client else "summary-server"
    return phrase(locale, key, {"client": client, "server": server})


def _name(line: ReplyLine) -> str:
    """Return the name of the host with which a greeting or the reply to EHLO begins."""
    start = line.enhanced[1] if line.enhanced else line.text_start
    words = line.text[start:].split(None, 1)
    named = words and b"." in words[0].strip(b".,") and not words[0][:1].isdigit()
    return quoted(words[0], _LONGEST_NAME) if named else ""


def _state(session: Session, locale: str) -> list[str]:
    """Return what the record shows of TLS and AUTH."""
    states = [exchange.after for exchange in session.exchanges if exchange.after is not None]
    shown = []
    spoken = (each.before for each in session.exchanges if each.event != "QUIT")
    if any(state is not None and state.tls for state in spoken):
        shown.append("summary-tls")
    elif any(state.offers and b"STARTTLS" in state.offers for state in states):
        shown.append("summary-clear")
    if any(state.authenticated for state in states):
        shown.append("summary-auth")
    elif any(each.event == "AUTH" and _is_refused(each) for each in session.exchanges):
        shown.append("summary-auth-refused")
    elif session.reading.dialect.shows & AUTH_EXCHANGE and any(
        state.offers and b"AUTH" in state.offers for state in states
    ):
        shown.append("summary-no-auth")
    return [phrase(locale, key) for key in shown]


def _is_refused(exchange: Exchange) -> bool:
    return exchange.reply is not None and exchange.reply.code >= 400


def _is_cut(session: Session) -> bool:
    """Say whether the record ends in the middle of something."""
    last = session.exchanges[-1] if session.exchanges else None
    if last is None or last.event == "QUIT":
        return False
    return any(exchange.event in ("MAIL", "DATA") for exchange in session.exchanges)
