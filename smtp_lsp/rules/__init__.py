"""The rules: small modules of a handful that judge the same thing; a rule is one function.

A rule yields ``Hit``s: the key of a message, its parameters, where, and what is related.
It knows no other rule, reads no file and writes no prose. The runner hands it nothing
whose evidence is missing (``needs``).
"""

from __future__ import annotations

from smtp_lsp.rules import traits
from smtp_lsp.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from smtp_lsp.text.view import View

    Check = Callable[..., Iterable["Hit | LineHit"]]
    Edits = list[tuple[Span, bytes]]

ERROR = "error"
WARNING = "warning"
INFO = "info"
HINT = "hint"
SEVERITIES = (ERROR, WARNING, INFO, HINT)

CORRECTNESS = "correctness"
INTEROPERABILITY = "interoperability"
SECURITY = "security"
DATA_LOSS = "data-loss"
STYLE = "style"
CATEGORIES = (CORRECTNESS, INTEROPERABILITY, SECURITY, DATA_LOSS, STYLE)

# What a rule looks at. A line rule is a pure function of one command or one line of a reply
# (``grammar.speech``), whichever its ``needs`` ask for, and is remembered by its octets. The
# design names four shapes; `source` is a fifth, for what concerns the record itself before
# anybody has said anything in it.
SOURCE = "source"
LINE = "line"
SESSION = "session"
CONTENT = "content"
MESSAGE = "message"

DOCUMENTATION = "https://smtp-lsp.readthedocs.io"
"""Where the pages are published; the one place that says so."""

FAMILIES = (
    "sequence",
    "dot",
    "reply",
    "failure",
    "reply_syntax",
    "reply_text",
    "reply_choice",
    "enhanced",
    "wire",
    "security",
    "auth",
    "downgrade",
    "command",
    "blank",
    "path",
    "parameter",
    "pipelining",
    "bdat",
    "extension",
    "parameter_values",
    "smtputf8",
    "lmtp",
    "submission",
    "header",
    "date",
    "identifier",
    "trace",
    "field_values",
    "address",
    "originator",
    "mime_type",
    "mime_structure",
    "mime_parameters",
    "text_form",
    "transfer_encoding",
    "encoded_word",
    "utf8_header",
    "report",
    "against_envelope",
    "spoofing",
    "homograph",
    "hidden_text",
    "file_name",
    "content_injection",
    "habits",
    "transcript",
)
"""The modules that hold rules, in the order of the list of rules."""

OF_MESSAGES = frozenset(
    (
        "dot",
        "wire",
        "header",
        "date",
        "identifier",
        "trace",
        "field_values",
        "address",
        "originator",
        "mime_type",
        "mime_structure",
        "mime_parameters",
        "text_form",
        "transfer_encoding",
        "encoded_word",
        "utf8_header",
        "report",
        "against_envelope",
        "spoofing",
        "homograph",
        "hidden_text",
        "file_name",
        "content_injection",
    )
)
"""The families that judge messages: a transcript that shows none does not load the others."""
ONLY_OF_MESSAGES = frozenset(
    (
        "header",
        "date",
        "identifier",
        "trace",
        "field_values",
        "address",
        "originator",
        "mime_type",
        "mime_structure",
        "mime_parameters",
        "text_form",
        "transfer_encoding",
        "encoded_word",
        "utf8_header",
        "report",
        "against_envelope",
        "spoofing",
        "hidden_text",
        "file_name",
    )
)
"""Those that judge nothing else: they are loaded when a message is met."""
TRAITS_OF_FAMILIES = {
    "date": traits.UNTIDY_DATE | traits.UNTIDY_RECEIVED,
    "trace": traits.UNTIDY_RECEIVED | traits.BLIND,
    "originator": traits.SENDER,
    "mime_type": traits.PARTS | traits.VALUES | traits.FILE_NAMES | traits.UNUSUAL,
    "mime_structure": traits.STRUCTURE | traits.PARTS | traits.NESTED | traits.REPEATED,
    "mime_parameters": traits.NESTED | traits.UNUSUAL,
    "text_form": 0,
    "transfer_encoding": (
        traits.PARTS | traits.VALUES | traits.UNUSUAL | traits.BODIES | traits.STRUCTURE
    )
    | traits.NESTED,
    "encoded_word": traits.ENCODED_WORD,
    "utf8_header": 0,
    "report": traits.NESTED,
    "against_envelope": traits.ENVELOPE,
    "spoofing": traits.UNTIDY_ADDRESSES | traits.TAGS,
    "hidden_text": traits.ENCODED_WORD | traits.EIGHT_BIT_HEADER,
    "file_name": traits.FILE_NAMES,
}
"""Families whose rules that are on by default have nothing to say of messages without these."""


class Related:
    """Another place that belongs to a finding, and the key of what is said about it."""

    __slots__ = ("key", "parameters", "span")

    def __init__(self, key: str, span: Span, parameters: dict[str, str] | None = None) -> None:
        self.key = key
        self.span = span
        self.parameters = parameters or {}


class Fix:
    """Edits that mend a finding: octets of the file to be replaced by others.

    They may be given as a function that is called when somebody asks for them: what is long to
    write (a body in other lines) or depends on when it is written (a Date).
    """

    __slots__ = ("_edits", "applicability", "key")

    SAFE = "safe"
    UNSAFE = "unsafe"
    EITHER = "either"
    """Of a rule's fixes: one or the other, by how sure it is what was meant."""

    def __init__(self, applicability: str, key: str, edits: Edits | Callable[[], Edits]) -> None:
        self.applicability = applicability
        self.key = key
        self._edits = edits

    @property
    def edits(self) -> Edits:
        if callable(self._edits):
            self._edits = self._edits()
        return self._edits


class Withheld:
    """A fix that is not offered, by the key of what it would do, and the key of why not."""

    __slots__ = ("key", "parameters", "reason")

    def __init__(self, key: str, reason: str, parameters: dict[str, str]) -> None:
        self.key = key
        self.reason = reason
        self.parameters = parameters


class Hit:
    """What a rule found. ``severity`` overrides the rule's where the case is milder.

    ``advice`` names a provider and one of its replies, whose page says what it means by it.
    """

    __slots__ = ("advice", "fix", "key", "parameters", "related", "severity", "span", "withheld")

    def __init__(
        self,
        key: str,
        span: Span,
        parameters: dict[str, str] | None = None,
        *,
        related: list[Related] | None = None,
        severity: str = "",
        fix: Fix | None = None,
        advice: tuple[str, str] | None = None,
    ) -> None:
        self.advice = advice
        self.key = key
        self.span = span
        self.parameters = parameters or {}
        self.related = related or []
        self.severity = severity
        self.fix = fix
        self.withheld: Withheld | None = None


class LineHit:
    """What a line rule found: as ``Hit``, with octets counted from the start of the line.

    ``edits`` mend it in a script, ``(start, end, octets)`` each, ``mends`` is the phrase that
    says how, and ``safe`` says that they may be made without asking. A recording is never
    mended.
    """

    __slots__ = ("edits", "end", "key", "mends", "parameters", "safe", "severity", "start")

    def __init__(
        self,
        key: str,
        start: int,
        end: int,
        parameters: dict[str, str] | None = None,
        severity: str = "",
        *,
        edits: tuple[tuple[int, int, bytes], ...] = (),
        mends: str = "",
        safe: bool = True,
    ) -> None:
        self.edits = edits
        self.mends = mends or key
        self.safe = safe
        self.key = key
        self.start = start
        self.end = end
        self.parameters = parameters or {}
        self.severity = severity

    def at(self, line: View, *, script: bool = False) -> Hit:
        """Return the finding where *line* is, with what mends it if that is part of a script."""
        span = line.span(self.start, max(self.start, self.end))
        fix = None
        if self.edits and script:
            edits = [(line.span(start, end), text) for start, end, text in self.edits]
            fix = Fix(Fix.SAFE if self.safe else Fix.UNSAFE, self.mends, edits)
        return Hit(self.key, span, self.parameters, severity=self.severity, fix=fix)


class Rule:
    """A rule's code, name, severity and so on, and the function that checks."""

    __slots__ = (
        "abused",
        "accepted",
        "aliases",
        "category",
        "check",
        "code",
        "concerns",
        "default",
        "enclosed",
        "explains",
        "fixes",
        "name",
        "needs",
        "plain",
        "references",
        "severity",
        "shape",
        "thorough",
        "traits",
        "unless",
    )

    def __init__(self, code: str, name: str, severity: str, check: Check, **rest: Any) -> None:
        self.code = code
        self.name = name
        self.severity = severity
        self.unless: Callable[[Any], bool] | None = rest.get("unless")
        self.check = check if self.unless is None else _spared(check, self.unless)
        self.shape: str = rest["shape"]
        self.needs: int = rest.get("needs", 0)
        self.category: str = rest.get("category", CORRECTNESS)
        self.abused: bool = rest.get("abused", False)
        self.accepted: str = rest.get("accepted", "")
        self.references: tuple[str, ...] = rest.get("references", ())
        self.aliases: tuple[str, ...] = rest.get("aliases", ())
        self.thorough: bool = rest.get("thorough", False)
        self.plain: bool = rest.get("plain", False)
        self.enclosed: bool = rest.get("enclosed", False)
        self.traits: int = rest.get("traits", 0)
        self.explains: bool | tuple[int, ...] = rest.get("explains", False)
        self.fixes: dict[str, str] = rest.get("fixes", {})
        self.concerns: frozenset[str] = frozenset(rest.get("concerns", ()))
        self.default: bool = rest.get("default", severity in (ERROR, WARNING))

    def find(self, *subject: object) -> Iterable[Hit]:
        """Run the check of a rule that is no line rule."""
        found: Iterable[Any] = self.check(*subject)
        return found

    @property
    def categories(self) -> tuple[str, ...]:
        """What a fault of the kind harms: its category, and security where it is ``abused``."""
        if self.abused and self.category != SECURITY:
            return self.category, SECURITY
        return (self.category,)

    @property
    def url(self) -> str:
        return f"{DOCUMENTATION}/rules/{self.name}"

    def __repr__(self) -> str:
        return f"<Rule {self.code} {self.name}>"


def _spared(check: Check, unless: Callable[[Any], bool]) -> Check:
    """Return *check* for the lines of which *unless* does not say that nothing is wrong."""

    def spared(said: Any) -> Iterable[Hit | LineHit]:
        return () if unless(said) else check(said)

    spared.__module__ = check.__module__
    return spared


_rules: list[Rule] = []
"""What the family modules have registered, in whatever order they were imported."""
_all: list[Rule] = []


def rule(code: str, name: str, severity: str, **rest: Any) -> Callable[[Check], Check]:
    """Register the function below as the rule *code*, called *name*.

    Keywords: ``shape``, ``needs`` (bits of ``dialects.reading``), ``category``,
    ``references``, ``aliases`` (slugs of ``facts/rules.csv`` that it answers for),
    ``default`` (whether it is on without being selected), ``enclosed`` (a message rule that is
    asked of the messages in a transcript as well), ``traits`` (bits of ``rules.traits``: of a
    message that has none of them a message rule is not asked), ``abused`` (attackers make the
    fault on purpose, so that the rule answers to ``security`` besides its own category),
    ``explains`` (what it finds is why the server
    refused the command, where it did so with one of these codes if some are given:
    ``lint.causes``), ``accepted`` (the severity of what a line rule finds in a command that the
    server took all the same), ``fixes`` (the keys of the fixes that it may offer, each with
    whether that is safe), ``unless`` (a function that says of a line that this line rule
    finds nothing in it). Three say what may be passed over:
    ``thorough`` is a session rule that looks at more of a session than its shape, a line rule
    that looks beyond the first word of a plain reply, or a message rule that compares addresses
    with those of the envelope; ``plain`` a content rule that finds
    nothing in plain content (both: ``session.skim``); ``concerns`` are the verbs or the reply
    codes that a line rule has anything to say about (without it, every command or every line of
    a reply, whichever its ``needs`` ask for), or the verbs one of which a session must hold for
    a session rule to find anything in it.
    """

    def register(check: Check) -> Check:
        _rules.append(Rule(code, name, severity, check, **rest))
        return check

    return register


def all_rules() -> list[Rule]:
    """Return every rule, in the order of the families and of their codes."""
    if not _all:
        _load(FAMILIES)
        _all.extend(_sorted(_rules))
    return _all


def shaped(shape: str) -> list[Rule]:
    """Return the rules of that shape, in the order of the list; loads the families that may be."""
    if shape == MESSAGE:
        _load(family for family in FAMILIES if family in OF_MESSAGES)
    else:
        _load(family for family in FAMILIES if family not in ONLY_OF_MESSAGES)
    return [rule for rule in _sorted(_rules) if _judges(rule, shape)]


def suited(found: int) -> list[Rule]:
    """Return the message rules that are on by default and may have something to say of a message.

    *found* are its traits. A family of which that is true of no rule is not loaded for it.
    """
    families = [family for family in FAMILIES if family in OF_MESSAGES]
    _load(f for f in families if f not in TRAITS_OF_FAMILIES or TRAITS_OF_FAMILIES[f] & found)
    return [
        rule
        for rule in _sorted(_rules)
        if rule.default and _judges(rule, MESSAGE) and (not rule.traits or rule.traits & found)
    ]


def _judges(rule: Rule, shape: str) -> bool:
    return shape in (rule.shape if isinstance(rule.shape, tuple) else (rule.shape,))


def _load(families: Iterable[str]) -> None:
    for family in families:
        __import__(f"smtp_lsp.rules.{family}")


def _sorted(rules: Iterable[Rule]) -> list[Rule]:
    """Return *rules* in the order of the families that first hold their letters, and by code."""
    order = {f"smtp_lsp.rules.{family}": number for number, family in enumerate(FAMILIES)}
    by_family = sorted(rules, key=lambda rule: order[rule.check.__module__])
    letters = list(dict.fromkeys(rule.code[:3] for rule in by_family))
    return sorted(by_family, key=lambda rule: (letters.index(rule.code[:3]), rule.code))


def find(word: str) -> Rule | None:
    """Return the rule with this code, name or alias, in any case."""
    wanted = word.strip().lower()
    for found in all_rules():
        if wanted in (found.code.lower(), found.name) or wanted in found.aliases:
            return found
    return None


def matching(selector: str) -> Iterator[Rule]:
    """Yield the rules that a selector means: name, code, prefix of codes, category, ``ALL``."""
    return (found for found in all_rules() if answers(found, selector))


def answers(found: Rule, selector: str) -> bool:
    """Say whether *selector* means this rule among others."""
    wanted = selector.strip()
    upper, lower = wanted.upper(), wanted.lower()
    return (
        upper == "ALL"
        or lower == found.name
        or lower in found.aliases
        or lower in found.categories
        or (upper != "" and found.code.startswith(upper))
    )
