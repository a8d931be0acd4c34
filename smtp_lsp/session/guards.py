"""What multiplies the phases of a session, and so is no phase: TLS, AUTH, offers, counts."""

from __future__ import annotations

from smtp_lsp.session import phases


class State:
    """The state of a session between two events. Immutable; ``but`` makes the next one.

    ``phases`` is the set of possible phases (bits of ``session.phases``); ``recipients`` and
    ``refused`` count the RCPTs of the open transaction by their replies; ``offers`` holds the
    EHLO keywords in capitals, or is None where no EHLO reply was seen; ``demand`` is what the
    server asked for with 530, ``tls`` or ``auth``.
    """

    __slots__ = (
        "authenticated",
        "demand",
        "hello",
        "offers",
        "phases",
        "recipients",
        "refused",
        "tls",
        "tried_hello",
    )

    def __init__(self, possible: int) -> None:
        self.phases = possible
        self.tls = False
        self.authenticated = False
        self.offers: frozenset[bytes] | None = None
        self.hello = ""
        self.tried_hello = possible != phases.GREETED
        self.recipients = 0
        self.refused = 0
        self.demand = ""

    def but(self, **changed: object) -> State:
        """Return this state with some of it changed."""
        new = State.__new__(State)
        new.phases = self.phases
        new.tls = self.tls
        new.authenticated = self.authenticated
        new.offers = self.offers
        new.hello = self.hello
        new.tried_hello = self.tried_hello
        new.recipients = self.recipients
        new.refused = self.refused
        new.demand = self.demand
        for name, value in changed.items():
            setattr(new, name, value)
        return new

    def is_only(self, possible: int) -> bool:
        """Say whether every possible phase is one of *possible*."""
        return not self.phases & ~possible

    def __repr__(self) -> str:
        return f"<State {'|'.join(phases.names(self.phases))} rcpt={self.recipients}>"


# The walk asks these by name; each reads nothing but the state.
def transaction_is_open(state: State) -> bool:
    """A MAIL was accepted and its end of data, RSET or a new hello has not come."""
    return state.is_only(phases.MAIL | phases.RCPT | phases.BDAT | phases.INDETERMINATE)


def transaction_may_be_open(state: State) -> bool:
    return bool(state.phases & (phases.MAIL | phases.RCPT | phases.BDAT | phases.INDETERMINATE))


def is_closed(state: State) -> bool:
    return state.phases == phases.CLOSED


def is_lmtp(state: State) -> bool:
    """The session began with LHLO: one reply per accepted recipient (RFC 2033 4.2)."""
    return state.hello == "LHLO"
