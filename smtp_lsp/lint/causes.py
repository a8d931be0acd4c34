"""One cause, one finding: what a finding explains is not reported beside it.

The walk does so for what the protocol's order forbids. Here it is done for the refusals:
where a rule that ``explains`` found what made the server refuse a command, or found the refusal
itself to be wrong, ``refused-by-server`` has nothing to add, and the refusal becomes a
related place of what explains it.
"""

from __future__ import annotations

from bisect import bisect_left

from smtp_lsp.lint.finding import Finding, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from smtp_lsp.rules.diagnosis import Diagnosis
    from smtp_lsp.session.tree import Exchange, Session
    from smtp_lsp.text.span import Span
    from smtp_lsp.text.view import View

REFUSED = "RPL001"
FAILED = "RPL090"
NO_FROM = "HDR001"
_REFUSED_HERE = "refused-here"
_FOLLOWING = ("follows", "refused-too")
_REFUSED_SO = "refused-so"
_BECAUSE = "because-here"

_DISLIKED = ("HDR", "WIR", "MIM", "ADR")
_MOST_DISLIKED = 5


def fold(found: list[Finding], session: Session) -> list[Finding]:
    """Return what was *found* in a session without the refusals that others explain."""
    found = _failure(_without_consequences(found, session), session)
    explaining = [finding for finding in found if _may_explain(finding)]
    if not explaining or not any(finding.rule == REFUSED for finding in found):
        return found
    marks = sorted(_marks(explaining), key=lambda mark: mark[0])
    explained: dict[int, Finding] = {}
    for exchange in session.refusals:
        cause = _cause(exchange, marks)
        if cause is not None:
            for reply in exchange.replies:
                explained[reply.code_view.span().start] = cause
    kept = []
    for finding in found:
        cause = explained.get(finding.span.start) if finding.rule == REFUSED else None
        if cause is None:
            kept.append(finding)
        elif not _shows(cause, finding):
            cause.related.append(
                Place(_REFUSED_HERE, {}, finding.span, finding.source, finding.locale)
            )
    return kept


# -- why the session failed ----------------------------------------------------


def _failure(found: list[Finding], session: Session) -> list[Finding]:
    """Have the diagnosis of a failed session stand for what it explains, or give way.

    Where an error or a warning is the cause already, that stands alone; what followed points
    back to the one or the other.
    """
    failed = next((finding for finding in found if finding.rule == FAILED), None)
    if failed is None:
        return found
    from smtp_lsp.rules.diagnosis import diagnose

    diagnosis = diagnose(session)
    if diagnosis is None:
        return found
    cause = explained_by(diagnosis, found)
    if cause is None:
        _add_disliked(failed, diagnosis.exchange, found)
    whole = cause is None or cause.rule == NO_FROM
    exchanges = (diagnosis.exchange, *diagnosis.follows) if whole else diagnosis.follows
    gone = {r.code_view.span().start for each in exchanges for r in each.replies}
    kept = []
    for finding in found:
        if finding.rule == REFUSED and finding.span.start in gone:
            if finding.span == failed.span:
                failed.codes.add(REFUSED)
            continue
        if finding is failed and cause is not None:
            continue
        kept.append(finding)
    if cause is not None:
        places = [place for place in failed.related if not _shows(cause, place)]
        cause.related.extend(place for place in places if place.key in _FOLLOWING)
    _point_back(kept, failed if cause is None else cause, failed.span.start)
    return kept


def _point_back(found: list[Finding], cause: Finding, start: int) -> None:
    """Point from what came out of order only because of *cause* back to it."""
    for finding in found:
        if finding is cause or finding.rule[:3] != "SEQ" or finding.span.start <= start:
            continue
        if not _shows(finding, cause):
            place = Place(_BECAUSE, {}, cause.span, cause.source, cause.locale)
            finding.related.append(place)


def explained_by(diagnosis: Diagnosis, found: list[Finding]) -> Finding | None:
    """Return the error or warning that says already why the session failed.

    Or any finding of a rule that ``explains``. It stands in what the client said there; an error
    may also stand in the reply, or, where no reply tells, anywhere before.
    """
    exchange = diagnosis.exchange
    client = [view.span() for view in _said_by_client(exchange)]
    both = client + [line.span() for reply in exchange.replies for line in reply.lines]
    refusal = diagnosis.reply.text().lower() if diagnosis.reply is not None else b""
    for finding in found:
        error, explains = finding.severity == "error", _may_explain(finding)
        if finding.rule == NO_FROM and exchange.event == "END" and b"from" in refusal:
            return finding
        if finding.rule == FAILED:
            continue
        if diagnosis.reply is None and error and finding.span.start <= diagnosis.span.start:
            return finding
        of_form = finding.severity == "warning" and diagnosis.key in _OF_FORM
        if not (explains or error or of_form):
            continue
        places = [finding.span]
        if explains:
            places = [place.span for place in _explained_places(finding)]
        for span in both if error or explains else client:
            if any(span.start <= at.start <= span.end for at in places):
                return finding
    return None


_OF_FORM = ("syntax", "unknown-command", "hello-name", "auth-syntax", "auth-encoding")
"""Diagnoses that a warning about how the command is written makes clearer."""


def _said_by_client(exchange: Exchange) -> Iterator[View]:
    if exchange.said is not None:
        yield exchange.said
    yield from exchange.responses


def _add_disliked(failed: Finding, exchange: Exchange, found: list[Finding]) -> None:
    """Point from a message that was refused to the lines in it that rules find fault with."""
    if exchange.event not in ("END", "BDAT", "BDAT LAST"):
        return
    for finding in found:
        if finding.rule[:3] in _DISLIKED and len(failed.related) < _MOST_DISLIKED:
            named = {"rule": finding.rule, "name": finding.name}
            place = Place("disliked-here", named, finding.span, finding.source, finding.locale)
            failed.related.append(place)


# -- what follows --------------------------------------------------------------


_OF_COMMANDS = ("CMD020", "CMD025", "DOT004", "EXT001")
"""Rules that take what is left over of a chunk for something that the client said."""


def _without_consequences(found: list[Finding], session: Session) -> list[Finding]:
    """Leave out what only follows from another finding of the same session."""
    mixed = {finding.span.start for finding in found if finding.rule == "RPL005"}
    hello = [finding.span.start for finding in found if finding.rule == "SEC004"]
    # What an attacker wrote behind STARTTLS was said before TLS, whatever comes after it.
    injected = {finding.span.start for finding in found if finding.rule == "SEC023"}
    # A code in an EHLO reply is no keyword either, and what a path holds is no parameter.
    codes = {finding.span.start for finding in found if finding.rule == "ESC005"}
    paths = [finding.span for finding in found if finding.rule == "CMD010"]
    # A 503 says that something is out of order; what is known of it says more (RFC 3030 3).
    binary = {finding.span.start for finding in found if finding.rule == "EXT010"}
    false_ends = _told_of_false_ends(found, session)
    # What is left over of a chunk is no command.
    spilt = {
        place.span.start
        for finding in found
        if finding.rule == "EXT006"
        for place in finding.related
        if place.key == "goes-on"
    }
    kept = []
    for finding in found:
        start = finding.span.start
        if finding.key == "refused-503" and start in binary:
            continue
        if finding.rule in _OF_COMMANDS and start in spilt:
            continue
        if finding in false_ends:
            continue
        if finding.rule == "RPL012" and start in codes:
            continue
        if finding.rule == "CMD003" and any(
            start - path.start >= 0 and _on_one_line(finding, path) for path in paths
        ):
            continue
        if finding.rule == "ESC002" and start - 4 in mixed:
            continue  # the code of that line is the wrong one, whatever stands behind it
        if finding.key == "no-hello-after-tls" and finding.rule != "SEC004" and hello:
            continue
        if finding.rule == "SEQ002" and start in injected:
            continue
        kept.append(finding)
    return kept


def _told_of_false_ends(found: list[Finding], session: Session) -> list[Finding]:
    """Return what another finding says better of a dot between other line ends than CRLF.

    Where the server answered such a dot at once, it was the end for that server. Elsewhere what
    follows it is content, as RFC 5321 4.1.1.4 has it, and as a strict server takes it.
    """
    early = {finding.span.start: finding for finding in found if finding.rule == "DOT001"}
    told = []
    for finding in found:
        other = early.get(finding.span.start)
        if finding.rule != "WIR003" or other is None:
            continue
        answered = finding.severity != "error" and _is_answered_at_once(session, other.span)
        told.append(finding if answered else other)
    return told


def _is_answered_at_once(session: Session, dot: Span) -> bool:
    """Say whether the reply to a dot stands before whatever the client said next."""
    said = [exchange for exchange in session.exchanges if exchange.said is not None]
    for exchange, then in zip(said, [*said[1:], None], strict=True):
        if _start(exchange) == dot.start:
            reply = exchange.reply
            return reply is not None and (then is None or reply.span.start < _start(then))
    return False


def _start(exchange: Exchange) -> int:
    return exchange.said.span().start if exchange.said is not None else -1


def _on_one_line(finding: Finding, span: Span) -> bool:
    lines = finding.source.lines
    return lines.line_of(finding.span.start) == lines.line_of(span.start)


def _said(exchange: Exchange) -> Iterator[View]:
    if exchange.said is not None:
        yield exchange.said
    yield from exchange.responses
    for reply in exchange.replies:
        yield from reply.lines


def _may_explain(finding: Finding) -> bool:
    """Say whether a finding is why something was refused: by its rule, or as it points there."""
    return bool(finding.definition.explains) or any(
        place.key == _REFUSED_SO for place in finding.related
    )


def _explained_places(finding: Finding) -> Iterator[Finding | Place]:
    """Yield the places where a refusal is what *finding* explains."""
    if finding.definition.explains:
        yield finding
        yield from finding.related
    else:
        yield from (place for place in finding.related if place.key == _REFUSED_SO)


def _marks(findings: list[Finding]) -> Iterator[tuple[int, Finding]]:
    """Yield each place that belongs to one of *findings*."""
    for finding in findings:
        for place in _explained_places(finding):
            yield place.span.start, finding


def _cause(exchange: Exchange, marks: list[tuple[int, Finding]]) -> Finding | None:
    """Return the finding that has a place in what *exchange* holds, and explains its reply."""
    code = exchange.reply.code if exchange.reply is not None else 0
    for view in _said(exchange):
        span = view.span()
        at = bisect_left(marks, span.start, key=lambda mark: mark[0])
        while at < len(marks) and marks[at][0] <= span.end:
            explains = marks[at][1].definition.explains or True
            if explains is True or (isinstance(explains, tuple) and code in explains):
                return marks[at][1]
            at += 1
    return None


def _shows(cause: Finding, refusal: Finding | Place) -> bool:
    """Say whether *cause* shows the line of the refusal already."""
    lines = cause.source.lines
    line = lines.line_of(refusal.span.start)
    places = [cause.span.start, *(place.span.start for place in cause.related)]
    return any(lines.line_of(at) == line for at in places)
