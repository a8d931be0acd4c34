"""Records chosen sessions as cases of the ordinary tests, which then need no server.

Each is a recording with an ``.expect`` beside it. What is expected of a valid session is written
down without asking smtp-lsp: nothing. Of the others it is what smtp-lsp says, for a person to
check; a recipe whose rules stay silent is an error.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import driver
import generator
from compare import transcript
from recipes import all_recipes
from script import Offers, Script, Session
from validity import write_valid

from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

FOLDER = Path(__file__).resolve().parent.parent / "cases" / "differential"
PATIENT = 4.0
CHOSEN = (
    ("postfix", "valid/chunked-pipelined-plain-tls"),
    ("postfix", "valid/pipelined"),
    ("postfix", "valid/chunked"),
    ("postfix", "order/data-all-refused"),
    ("postfix", "ends/grid-lf-dot-lf"),
    ("postfix", "ends/early-dot"),
    ("postfix", "bdat/then-data"),
    ("exim", "valid/chunked-pipelined"),
    ("exim", "valid/plain-tls"),
    ("exim", "order/mail-no-hello"),
    ("exim", "bdat/too-short"),
    ("exim", "syntax/mail-space-in-local-part"),
    ("sendmail", "valid/login-pipelined-tls"),
    ("sendmail", "valid/pipelined"),
    ("sendmail", "order/nested-mail"),
    ("sendmail", "ends/bare-lf"),
    ("sendmail", "syntax/mail-junk-behind"),
    ("aiosmtpd", "valid/plain-tls"),
    ("aiosmtpd", "valid/"),
    ("aiosmtpd", "order/rcpt-no-mail"),
    ("aiosmtpd", "syntax/rcpt-alone"),
    ("opensmtpd", "valid/"),
    ("opensmtpd", "order/data-no-rcpt"),
    ("opensmtpd", "ends/early-dot-header"),
    ("opensmtpd", "syntax/mail-no-brackets"),
    ("chasquid", "valid/pipelined-tls"),
    ("chasquid", "valid/plain-tls"),
    ("chasquid", "order/data-behind-rset"),
    ("chasquid", "ends/dot-twice"),
    ("haraka", "valid/pipelined"),
    ("haraka", "order/rcpt-behind-message"),
    ("haraka", "ends/grid-lf-dot-crlf"),
    ("haraka", "tls-auth/auth-mechanism"),
    ("smtp-server", "valid/login-tls"),
    ("smtp-server", "order/data-behind-message"),
    ("smtp-server", "tls-auth/auth-no-base64"),
    ("smtp-server", "syntax/mail-display-name"),
    ("qpsmtpd", "valid/pipelined"),
    ("qpsmtpd", "order/content-data-refused"),
    ("qpsmtpd", "syntax/mail-two-dots"),
)


def chosen(label: str, offers: Offers) -> Session:
    """Return the session of a label: a recipe's, or the first valid one of that name."""
    kind, name = label.split("/")
    if kind != "valid":
        recipe = next(each for each in all_recipes() if (each.kind, each.name) == (kind, name))
        return generator.cooked(recipe, random.Random(label), offers)
    for number in range(10_000):
        script = Script(random.Random(f"{label} {number}"), offers)
        written = write_valid(script)
        # Servers say things to HELP that are their own mistakes.
        helped = any(step.octets == b"HELP\r\n" for step in script.steps)
        if written == name and not helped and len(script.steps) < 24:
            return Session(label, tuple(script.steps), frozenset(), number)
    raise LookupError(label)


def expectation(session: Session, data: bytes, name: str) -> tuple[str, str]:
    """Return the text of an ``.expect`` file, and what is wrong with it, if anything."""
    rows = [
        f"{found.range.start.line} {found.rule} {found.severity}"
        for found in lint(Source(data, name))
        if found.severity in ("error", "warning")
    ]
    if not session.expects:
        return "", f"{name}: not silent: {rows}" if rows else ""
    missing = not any(row.split()[1] in session.expects for row in rows)
    trouble = f"{name}: none of {sorted(session.expects)}, but {rows}" if missing else ""
    return "".join(row + "\n" for row in rows), trouble


def make(ports: dict[str, int], offers: dict[str, Offers]) -> int:
    """Record the chosen sessions of the servers that run; return the exit status."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    status = 0
    for server, label in CHOSEN:
        if server not in ports:
            continue
        session = chosen(label, offers[server])
        record = driver.play(session, ports[server], PATIENT)
        data = transcript(record)
        name = f"{server}-{label.replace('/', '-').rstrip('-')}"
        text, trouble = expectation(session, data, f"{name}.smtp")
        trouble = trouble or record.trouble
        (FOLDER / f"{name}.smtp").write_bytes(data)
        (FOLDER / f"{name}.expect").write_text(text, "utf-8")
        print(f"{name}: {' '.join(text.split()) or 'silent'}")
        if trouble:
            print(trouble, file=sys.stderr)
            status = 1
    return status
