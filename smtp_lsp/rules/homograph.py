"""SEC: domains that look like others, and A-labels that are none, in envelopes and in headers."""

from __future__ import annotations

from functools import lru_cache

from smtp_lsp.dialects.reading import CLIENT_SIDE
from smtp_lsp.rules import LINE, MESSAGE, SECURITY, WARNING, Hit, LineHit, Related, rule, traits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smtp_lsp.grammar.speech import Command
    from smtp_lsp.message import Message
    from smtp_lsp.text.view import View

    Named = dict[str, str]
    Judge = Callable[[bytes, bytes], tuple[str, Named]]

_ENVELOPES = ("MAIL", "RCPT")
_RELATED = 9


def _bears_labels(octets: bytes) -> bool:
    """Say whether there may be a label that is no plain one."""
    return not octets.isascii() or b"xn--" in octets.lower()


# -- Where domains are ------------------------------------------------------------------------


def _domain(command: Command) -> tuple[int, int] | None:
    """Return where the domain of a path is, if it has a label that is no plain one."""
    text, path = command.text, command.path
    if path is None or not command.likely or not _bears_labels(text):
        return None
    start, end = path
    end -= text[end - 1 : end] == b">"
    at = text.rfind(b"@", start, end)
    return (at + 1, end) if at >= 0 else None


@lru_cache(maxsize=1)
def _domains(message: Message) -> list[View]:
    """Return the domains of a header's addresses that have a label that is no plain one."""
    if not _bears_labels(bytes(message.header)):
        return []
    from smtp_lsp.message import syntax

    boxes = [
        mailbox
        for field in message.written_as(syntax.ADDRESSES)
        if _bears_labels(bytes(field.value))
        for mailbox in field.addresses.mailboxes
    ]
    boxes += [f.path for f in message.written_as(syntax.PATH) if _bears_labels(bytes(f.value))]
    found = [box.domain for box in boxes if box.domain is not None]
    return [domain for domain in found if _bears_labels(bytes(domain))]


def _labels(domain: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each label that is no plain one, and where it begins."""
    start = 0
    for label in domain.split(b"."):
        if _bears_labels(label) and not label.startswith(b"["):
            yield start, label
        start += len(label) + 1


def _told(subject: Command | Message, judge: Judge) -> Iterator[LineHit | Hit]:
    from smtp_lsp.message import Message

    if isinstance(subject, Message):
        return _in_message(subject, judge)
    return _in_line(subject, judge)


def _in_line(command: Command, judge: Judge) -> Iterator[LineHit]:
    place = _domain(command)
    if place is not None:
        start, end = place
        for offset, label in _labels(command.text[start:end]):
            key, named = judge(label, command.text[start:end])
            if key:
                yield LineHit(key, start + offset, start + offset + len(label), named)
                return


def _in_message(message: Message, judge: Judge) -> Iterator[Hit]:
    """Yield one finding for each label, where it first stands."""
    found: dict[bytes, list[View]] = {}
    said: dict[bytes, tuple[str, Named]] = {}
    for view in _domains(message):
        domain = bytes(view)
        for offset, label in _labels(domain):
            key, named = judge(label, domain)
            if key:
                said[label] = key, named
                found.setdefault(label, []).append(view.sub(offset, offset + len(label)))
    for label, places in found.items():
        key, named = said[label]
        related = [Related("again", place.span()) for place in places[1 : _RELATED + 1]]
        yield Hit(key, places[0].span(), named, related=related)


# -- What is wrong with them ------------------------------------------------------------------


def _look(label: bytes, domain: bytes) -> tuple[str, Named]:
    from smtp_lsp.message import domain_label
    from smtp_lsp.text.escape import quoted, visible

    if domain_label.fault(label) if domain_label.is_a_label(label) else domain_label.sign_in(label):
        return "", {}
    top = domain.rpartition(b".")[2]
    key, meant = domain_label.look(label, top)
    if not key:
        return "", {}
    shown = domain_label.decoded(label) or ""
    named = {
        "label": quoted(label),
        "shown": visible(shown),
        "meant": visible(meant),
        "scripts": ", ".join(domain_label.scripts_of(label)),
    }
    if key == domain_label.MIXED and meant.isascii():
        key = "mixed-alike"
    return key, named


def _fault(label: bytes, domain: bytes) -> tuple[str, Named]:
    from smtp_lsp.message import domain_label
    from smtp_lsp.text.escape import quoted, visible

    if domain_label.is_a_label(label):
        key, character = domain_label.fault(label), ""
    else:
        character = domain_label.sign_in(label)
        key = "u-sign" if character else ""
    named = {"label": quoted(label), "shown": visible(domain_label.decoded(label) or "")}
    named["character"] = f"U+{ord(character):04X}" if character else ""
    return key, named


@rule(
    "SEC029",
    "homograph-domain",
    WARNING,
    shape=(LINE, MESSAGE),
    traits=traits.EIGHT_BIT_HEADER | traits.A_LABEL,
    enclosed=True,
    concerns=_ENVELOPES,
    needs=CLIENT_SIDE,
    category=SECURITY,
    references=("RFC 5890 4.4", "UTS 39 4", "UTS 39 5.2"),
)
def homograph_domain(subject: Command | Message) -> Iterator[LineHit | Hit]:
    return _told(subject, _look)


@rule(
    "SEC030",
    "a-label-valid",
    WARNING,
    shape=(LINE, MESSAGE),
    traits=traits.EIGHT_BIT_HEADER | traits.A_LABEL,
    enclosed=True,
    concerns=_ENVELOPES,
    needs=CLIENT_SIDE,
    category=SECURITY,
    references=("RFC 5890 2.3.2.1", "RFC 5891 5.4", "RFC 3492 6.2"),
)
def a_label_valid(subject: Command | Message) -> Iterator[LineHit | Hit]:
    return _told(subject, _fault)
