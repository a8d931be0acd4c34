"""The phases of an SMTP session, and what each event means in each of them.

The states are those of RFC 5321 4.1.4 with the extensions that change them (RFC 3030,
3207, 4954). Every cell of ``TABLE`` is listed: ``OK``, or the reason why the event is out
of order there. The walk reads nothing else, and the diagram in the docs is drawn from it.

A record may begin anywhere, so the state of a session is a *set* of phases, a bit each:
an event is out of order only where every possible phase says so.
"""

CONNECTED = 1  # TCP is open, the greeting has not come
REFUSED = 2  # the greeting was 554 or 521
GREETED = 4  # 220, no hello accepted yet
READY = 8  # hello accepted, no transaction
MAIL = 16  # MAIL accepted, no RCPT accepted
RCPT = 32  # at least one RCPT accepted
DATA = 64  # 354: lines are content
BDAT = 128  # a chunk accepted, LAST not yet seen
INDETERMINATE = 256  # a BDAT failed (RFC 3030 2)
AUTH = 512  # 334: lines are SASL responses
TLS = 1024  # STARTTLS answered 220; behind the handshake, everything is forgotten
CLOSED = 2048  # QUIT, 421, or the connection is lost

PHASES = (
    CONNECTED,
    REFUSED,
    GREETED,
    READY,
    MAIL,
    RCPT,
    DATA,
    BDAT,
    INDETERMINATE,
    AUTH,
    TLS,
    CLOSED,
)
NAMES = {
    CONNECTED: "connected",
    REFUSED: "refused",
    GREETED: "greeted",
    READY: "ready",
    MAIL: "mail",
    RCPT: "rcpt",
    DATA: "data",
    BDAT: "bdat",
    INDETERMINATE: "indeterminate",
    AUTH: "auth",
    TLS: "tls",
    CLOSED: "closed",
}

ANYWHERE = GREETED | READY | MAIL | RCPT | DATA | BDAT | INDETERMINATE | TLS
"""Where a record that begins in mid-session may be."""

OK = ""

# Why an event is out of order. The words are in the pages; these are their keys.
NO_GREETING = "no-greeting"
REFUSED_GREETING = "refused-greeting"
NO_HELLO = "no-hello"
NO_HELLO_AFTER_TLS = "no-hello-after-tls"
DEBUG_BEFORE_HELLO = "debug-before-hello"
NO_MAIL = "no-mail"
NO_RCPT = "no-rcpt"
NESTED = "nested"
IN_CONTENT = "in-content"
BDAT_UNDER_WAY = "bdat-under-way"
BDAT_FAILED = "bdat-failed"
AUTH_UNDER_WAY = "auth-under-way"
AFTER_QUIT = "after-quit"
NO_CONTENT = "no-content"

# fmt: off
TABLE = {
    #             connected    refused           greeted             ready    mail     rcpt    data        bdat            indeterminate auth            tls                 closed
    "GREETING":  (OK,          REFUSED_GREETING, OK,                 OK,      OK,      OK,     IN_CONTENT, OK,             OK,           AUTH_UNDER_WAY, OK,                 OK),
    "HELLO":     (NO_GREETING, REFUSED_GREETING, OK,                 OK,      OK,      OK,     IN_CONTENT, OK,             OK,           AUTH_UNDER_WAY, OK,                 AFTER_QUIT),
    "MAIL":      (NO_GREETING, REFUSED_GREETING, NO_HELLO,           OK,      NESTED,  NESTED, IN_CONTENT, NESTED,         BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "RCPT":      (NO_GREETING, REFUSED_GREETING, NO_MAIL,            NO_MAIL, OK,      OK,     IN_CONTENT, BDAT_UNDER_WAY, BDAT_FAILED,  AUTH_UNDER_WAY, NO_MAIL,            AFTER_QUIT),
    "DATA":      (NO_GREETING, REFUSED_GREETING, NO_HELLO,           NO_MAIL, NO_RCPT, OK,     IN_CONTENT, BDAT_UNDER_WAY, BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "BDAT":      (NO_GREETING, REFUSED_GREETING, NO_HELLO,           NO_MAIL, NO_RCPT, OK,     IN_CONTENT, OK,             BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "BDAT LAST": (NO_GREETING, REFUSED_GREETING, NO_HELLO,           NO_MAIL, NO_RCPT, OK,     IN_CONTENT, OK,             BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "END":       (NO_CONTENT,  NO_CONTENT,       NO_CONTENT,         NO_CONTENT, NO_CONTENT, NO_CONTENT, OK, NO_CONTENT,  NO_CONTENT,   NO_CONTENT,     NO_CONTENT,         NO_CONTENT),
    "RSET":      (NO_GREETING, REFUSED_GREETING, DEBUG_BEFORE_HELLO, OK,      OK,      OK,     IN_CONTENT, OK,             OK,           AUTH_UNDER_WAY, OK,                 AFTER_QUIT),
    "DEBUG":     (NO_GREETING, REFUSED_GREETING, DEBUG_BEFORE_HELLO, OK,      OK,      OK,     IN_CONTENT, OK,             OK,           AUTH_UNDER_WAY, OK,                 AFTER_QUIT),
    "STARTTLS":  (NO_GREETING, REFUSED_GREETING, NO_HELLO,           OK,      OK,      OK,     IN_CONTENT, BDAT_UNDER_WAY, BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "AUTH":      (NO_GREETING, REFUSED_GREETING, NO_HELLO,           OK,      NESTED,  NESTED, IN_CONTENT, NESTED,         BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "QUEUE":     (NO_GREETING, REFUSED_GREETING, NO_HELLO,           OK,      NESTED,  NESTED, IN_CONTENT, NESTED,         BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "XCLIENT":   (NO_GREETING, REFUSED_GREETING, NO_HELLO,           OK,      NESTED,  NESTED, IN_CONTENT, NESTED,         BDAT_FAILED,  AUTH_UNDER_WAY, NO_HELLO_AFTER_TLS, AFTER_QUIT),
    "QUIT":      (NO_GREETING, OK,               OK,                 OK,      OK,      OK,     IN_CONTENT, OK,             OK,           AUTH_UNDER_WAY, OK,                 AFTER_QUIT),
    "UNKNOWN":   (NO_GREETING, REFUSED_GREETING, OK,                 OK,      OK,      OK,     IN_CONTENT, OK,             OK,           AUTH_UNDER_WAY, OK,                 AFTER_QUIT),
}
# fmt: on

CELLS = {event: dict(zip(PHASES, row, strict=True)) for event, row in TABLE.items()}

SAME = 0
RESET = -1
"""Back to READY, or to where no hello was accepted yet."""
EVERYTHING = -2
"""The roles have been swapped (TURN, ATRN): nothing is known any more."""

# What a reply does, by its first digit. What is not listed changes nothing.
# A 421 closes whatever it answers (RFC 5321 3.8) and is no part of the table.
EFFECTS = {
    "GREETING": {2: GREETED, 4: REFUSED, 5: REFUSED},
    "HELLO": {2: READY},
    "MAIL": {2: MAIL},
    "RCPT": {2: RCPT},
    "DATA": {3: DATA},
    "END": {2: READY, 4: READY, 5: READY},
    "BDAT": {2: BDAT, 4: INDETERMINATE, 5: INDETERMINATE},
    "BDAT LAST": {2: READY, 4: INDETERMINATE, 5: INDETERMINATE},
    "RSET": {2: RESET},
    "DEBUG": {},
    "STARTTLS": {2: TLS},
    "AUTH": {3: AUTH},
    "QUEUE": {},
    "XCLIENT": {2: GREETED},
    "QUIT": {2: CLOSED},
    "UNKNOWN": {},
}


def obstacle(event: str, phases: int) -> str:
    """Return why *event* is out of order in every one of *phases*, or ``OK``.

    Where several phases are possible and none allows it, the reason of the furthest one is
    given: it asks the least of the reader.
    """
    cells = CELLS[event]
    reason = OK
    for phase in PHASES:
        if phases & phase:
            cell = cells[phase]
            if cell == OK:
                return OK
            reason = cell
    return reason


def allowed(event: str, phases: int) -> int:
    """Return those of *phases* in which *event* is in order."""
    cells = CELLS[event]
    kept = 0
    for phase in PHASES:
        if phases & phase and cells[phase] == OK:
            kept |= phase
    return kept


def after(event: str, phases: int, code: int) -> int:
    """Return the possible phases once *event* drew the reply *code* in one of *phases*."""
    if code == 421:
        return CLOSED
    target = EFFECTS[event].get(code // 100, SAME)
    if target == SAME:
        return phases
    if target == RESET:
        unhelloed = phases & (CONNECTED | REFUSED | GREETED | TLS)
        return unhelloed | (READY if phases & ~unhelloed else 0)
    return target


def names(phases: int) -> list[str]:
    """Return the names of *phases*, in the order of a session."""
    return [NAMES[phase] for phase in PHASES if phases & phase]
