"""SEQ: the order of commands (RFC 5321 4.1.4).

What is out of order the walk has found already, with its cause; here it gets its rule.
"""

from __future__ import annotations

from smtp_lsp.dialects.reading import CLIENT_SIDE
from smtp_lsp.rules import ERROR, HINT, SESSION, STYLE, WARNING, Fix, Hit, Related, rule
from smtp_lsp.rules.insertion import Insertion
from smtp_lsp.rules.known import kept_over_tls
from smtp_lsp.session import phases, reasons
from smtp_lsp.text.escape import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.session.tree import Exchange, Session, Violation

_CONTENT_EVENTS = ("DATA", "BDAT", "BDAT LAST")
_ELSEWHERE = (phases.REFUSED_GREETING, phases.AFTER_QUIT)
"""Reasons that have a rule of their own, whatever the command."""


def found(session: Session, events: tuple[str, ...], *reasons: str) -> Iterator[Violation]:
    """Yield the violations of *events*, for *reasons* or for any that no other rule has."""
    for violation in session.violations:
        if violation.event not in events or kept_over_tls(session, violation):
            continue
        if violation.reason in reasons if reasons else violation.reason not in _ELSEWHERE:
            yield violation


def parameters(violation: Violation) -> dict[str, str]:
    """Return what the messages may name: the verb, the reply, the offending octets."""
    named = {"said": quoted(bytes(violation.view))}
    exchange = violation.exchange
    if exchange is not None:
        named["verb"] = shown_verb(exchange) or "DATA"
        named.update(reply_parameters(exchange))
    return named


def shown_verb(exchange: Exchange) -> str:
    """Return the verb if it is one: what is no command may be a password typed too early."""
    command = exchange.command
    if command is None:
        return ""
    return command.verb if command.known else "…"


def reply_parameters(exchange: Exchange) -> dict[str, str]:
    """Return code and text of the reply that decided."""
    reply = exchange.reply
    if reply is None:
        return {"code": "", "reply": ""}
    return {"code": str(reply.code), "reply": quoted(reply.text())}


def hit(violation: Violation, severity: str = "") -> Hit:
    """Return the finding of *violation*."""
    related = [Related(key, view.span()) for key, view in violation.related]
    return Hit(
        violation.reason,
        violation.view.span(),
        parameters(violation),
        related=related,
        severity=severity,
    )


def _mended(hits: Iterator[tuple[Violation, Hit]], session: Session) -> Iterator[Hit]:
    """Yield findings with the line that a script lacks, where it is known which."""
    insertion: Insertion | None = None
    for violation, finding in hits:
        if violation.reason in (phases.NO_HELLO_AFTER_TLS, reasons.MAIL_IN_CONTENT):
            insertion = insertion or Insertion(session)
            finding.fix = insertion.hello_again(violation) or insertion.final_dot(violation)
        yield finding


def _milder(violation: Violation) -> str:
    """Warn only, where the server took the command all the same."""
    return WARNING if violation.accepted else ""


@rule(
    "SEQ001",
    "misordered-data",
    ERROR,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 3.3", "RFC 5321 4.1.1.4", "RFC 5321 4.1.4", "RFC 2920 3.1", "RFC 3030 2"),
    aliases=(
        "data-needs-rcpt",
        "transaction-order",
        "no-content-before-354",
        "no-content-after-refused-data",
        "ehlo-aborts-transaction",
        "bdat-last-ends",
        "bdat-data-not-mixed",
        "bdat-stop-after-error",
        "burl-after-rcpt",
    ),
    fixes={"final-dot": Fix.EITHER},
)
def misordered_data(session: Session) -> Iterator[Hit]:
    violations = found(session, (*_CONTENT_EVENTS, "REPLY"))
    lenient = (reasons.ARGUMENTS,)
    hits = ((v, hit(v, _milder(v) if v.reason in lenient else "")) for v in violations)
    yield from _mended(hits, session)


@rule(
    "SEQ002",
    "hello-before-mail",
    ERROR,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1.1", "RFC 5321 4.1.4", "RFC 3207 4.2"),
    fixes={"hello-again": Fix.SAFE},
)
def hello_before_mail(session: Session) -> Iterator[Hit]:
    violations = found(session, ("MAIL",), phases.NO_HELLO, phases.NO_HELLO_AFTER_TLS)
    yield from _mended(((v, hit(v, _milder(v))) for v in violations), session)


@rule(
    "SEQ003",
    "rcpt-needs-mail",
    ERROR,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 3.3", "RFC 5321 4.1.4", "RFC 2920 3.1"),
)
def rcpt_needs_mail(session: Session) -> Iterator[Hit]:
    for violation in found(session, ("RCPT",)):
        yield hit(violation, _milder(violation))


@rule(
    "SEQ004",
    "no-nested-mail",
    ERROR,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.4", "RFC 5321 4.1.1.4"),
)
def no_nested_mail(session: Session) -> Iterator[Hit]:
    for violation in found(session, ("MAIL",), phases.NESTED, phases.BDAT_FAILED):
        yield hit(violation, _milder(violation))


@rule(
    "SEQ005",
    "hello-before-debug-commands",
    WARNING,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.4",),
)
def hello_before_debug_commands(session: Session) -> Iterator[Hit]:
    for violation in found(session, ("RSET", "DEBUG"), phases.DEBUG_BEFORE_HELLO):
        yield hit(violation)


@rule(
    "SEQ006",
    "no-command-after-quit",
    ERROR,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 4.1.1.10", "RFC 5321 4.1.4"),
)
def no_command_after_quit(session: Session) -> Iterator[Hit]:
    for violation in session.violations:
        if violation.reason == phases.AFTER_QUIT:
            yield hit(violation)


@rule(
    "SEQ007",
    "rset-before-ehlo-redundant",
    HINT,
    shape=SESSION,
    thorough=True,
    needs=CLIENT_SIDE,
    category=STYLE,
    references=("RFC 5321 4.1.4",),
)
def rset_before_ehlo_redundant(session: Session) -> Iterator[Hit]:
    before: Exchange | None = None
    for exchange in session.exchanges:
        if exchange.event == "HELLO" and before is not None and before.event == "RSET":
            # After a refused EHLO a RSET changes nothing either, but it belongs to the
            # fallback to HELO that RFC 3461 10 shows: only what was in order is a remark.
            started = before.before is not None and not before.before.phases & phases.GREETED
            if before.verb_view is not None and exchange.verb_view is not None and started:
                yield Hit(
                    "redundant",
                    before.verb_view.span(),
                    {"verb": exchange.verb},
                    related=[Related("hello-here", exchange.verb_view.span())],
                )
        before = exchange


@rule(
    "SEQ008",
    "no-mail-after-refused-greeting",
    ERROR,
    shape=SESSION,
    needs=CLIENT_SIDE,
    references=("RFC 5321 3.1", "RFC 7504 3"),
)
def no_mail_after_refused_greeting(session: Session) -> Iterator[Hit]:
    for violation in session.violations:
        if violation.reason == phases.REFUSED_GREETING:
            yield hit(violation)


REASONS = {
    "SEQ001": (
        phases.NO_GREETING,
        phases.NO_HELLO,
        phases.NO_HELLO_AFTER_TLS,
        phases.NO_MAIL,
        phases.NO_RCPT,
        phases.IN_CONTENT,
        phases.BDAT_UNDER_WAY,
        phases.BDAT_FAILED,
        reasons.ALL_REFUSED,
        reasons.AFTER_RSET,
        reasons.AFTER_HELLO,
        reasons.AFTER_MESSAGE,
        reasons.MAIL_REFUSED,
        reasons.TLS_DEMANDED,
        reasons.AUTH_DEMANDED,
        reasons.ARGUMENTS,
        reasons.REFUSED_503,
        reasons.STRAY_354,
        reasons.CONTENT_BEFORE_354,
        reasons.CONTENT_AFTER_REFUSED,
        reasons.CONTENT_WITHOUT_DATA,
        reasons.MAIL_IN_CONTENT,
    ),
}
"""The reasons that SEQ001 tells apart; its page has words for each."""
