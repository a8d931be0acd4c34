"""The mistakes: sessions that are valid but for one thing.

A recipe names the rules that must speak of it (one of them is enough); none where what is done
is legal after all, and rare. Rows of tables are commands that take the place of a right one.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import NamedTuple

from script import CLIENT, UNKNOWN, Offers, Script
from validity import CTE8, MIME, UTF8, plain

ENDS = {"crlf": b"\r\n", "lf": b"\n", "cr": b"\r", "crcrlf": b"\r\r\n"}
BEFORE = {**ENDS, "crlfnul": b"\r\n\0", "lfnul": b"\n\0"}
BEHIND = {"": b"", "nul": b"\0"}


class Recipe(NamedTuple):
    """One mistake: its kind and name, what writes it, what must speak, what it needs."""

    kind: str
    name: str
    write: Callable[[Script], None]
    expects: frozenset[str]
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    tls: bool = False

    def possible(self, offers: Offers) -> bool:
        """Say whether a server with these *offers* can be tried with it."""
        if self.tls and "STARTTLS" not in offers.clear:
            return False
        listed = offers.secure if self.tls else offers.clear
        return all(word in listed for word in self.needs) and not any(
            word in listed for word in self.lacks
        )


_written: list[Recipe] = []


def recipe(
    name: str,
    *expects: str,
    needs: tuple[str, ...] = (),
    lacks: tuple[str, ...] = (),
    tls: bool = False,
) -> Callable[[Callable[[Script], None]], Callable[[Script], None]]:
    """Take a function for the recipe ``kind/name``."""
    kind, short = name.split("/")

    def take(write: Callable[[Script], None]) -> Callable[[Script], None]:
        _written.append(Recipe(kind, short, write, frozenset(expects), needs, lacks, tls))
        return write

    return take


def all_recipes() -> tuple[Recipe, ...]:
    """Return every recipe, in the order of this file."""
    return (*_written, *_lines(), *_ends(), *_contents())


# -- order -----------------------------------------------------------------------------------


@recipe("order/data-no-mail", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.data()
    s.content(s.header() + b"x\r\n.\r\n")
    s.quit()


@recipe("order/data-no-rcpt", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.mail()
    s.data()
    s.content(s.header() + b"x\r\n.\r\n")
    s.quit()


@recipe("order/data-all-refused", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.mail()
    s.rcpt(UNKNOWN)
    s.data()
    s.content(s.header() + b"x\r\n.\r\n")
    s.quit()


@recipe("order/rcpt-no-mail", "SEQ003")
def _(s: Script) -> None:
    s.hello()
    s.rcpt()
    s.transaction()
    s.quit()


@recipe("order/nested-mail", "SEQ004")
def _(s: Script) -> None:
    s.hello()
    s.mail()
    s.transaction()
    s.quit()


@recipe("order/nested-mail-behind-rcpt", "SEQ004")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.transaction()
    s.quit()


@recipe("order/mail-no-hello", "SEQ002")
def _(s: Script) -> None:
    s.transaction()
    s.quit()


@recipe("order/rcpt-no-hello", "SEQ003")
def _(s: Script) -> None:
    s.rcpt()
    s.quit()


@recipe("order/data-no-hello", "SEQ001")
def _(s: Script) -> None:
    s.data()
    s.content(s.header() + b"x\r\n.\r\n")
    s.quit()


@recipe("order/mail-behind-tls-no-hello", "SEQ002", "SEC004", tls=True)
def _(s: Script) -> None:
    s.hello()
    s.starttls()
    s.transaction()
    s.quit()


@recipe("order/transaction-behind-tls", "SEQ003", "SEC004", "SEC037", tls=True)
def _(s: Script) -> None:
    s.hello()
    s.mail()
    s.starttls()
    s.rcpt()
    s.quit()


@recipe("order/data-behind-rset", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.say(b"RSET")
    s.data()
    s.content(s.header() + b"x\r\n.\r\n")
    s.quit()


@recipe("order/rcpt-behind-rset", "SEQ003")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.say(b"RSET")
    s.rcpt()
    s.quit()


@recipe("order/data-behind-hello", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.hello()
    s.data()
    s.content(s.header() + b"x\r\n.\r\n")
    s.quit()


@recipe("order/data-behind-message", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.transaction()
    s.data()
    s.content(s.header() + b"x\r\n.\r\n")
    s.quit()


@recipe("order/rcpt-behind-message", "SEQ003")
def _(s: Script) -> None:
    s.hello()
    s.transaction()
    s.rcpt()
    s.quit()


@recipe("order/hello-behind-mail")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.hello()
    s.transaction()
    s.quit()


@recipe("order/rset-before-hello", "SEQ005")
def _(s: Script) -> None:
    s.say(b"RSET")
    s.hello()
    s.transaction()
    s.quit()


@recipe("order/noop-before-hello", "SEQ005")
def _(s: Script) -> None:
    s.say(b"NOOP")
    s.hello()
    s.transaction()
    s.quit()


@recipe("order/vrfy-before-hello", "SEQ005")
def _(s: Script) -> None:
    s.say(b"VRFY bob")
    s.hello()
    s.quit()


@recipe("order/help-before-hello", "SEQ005")
def _(s: Script) -> None:
    s.say(b"HELP")
    s.hello()
    s.quit()


@recipe("order/quit-before-hello")
def _(s: Script) -> None:
    s.quit()


@recipe("order/mail-behind-failed-hello", "SEQ002", "CMD005")
def _(s: Script) -> None:
    s.say(b"EHLO")
    s.transaction()
    s.quit()


@recipe("order/content-no-data", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.say(b"Subject: hello\r\nFrom: <alice@example.com>\r\n\r\nHello.\r\n.\r\n", 5, about="tail")
    s.quit()


@recipe("order/content-data-refused", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.mail()
    s.rcpt(UNKNOWN)
    s.data()
    s.say(b"Subject: hello\r\n\r\nHello.\r\n.\r\n", 4, (503, 554, 550), about="tail")
    s.content(b"Subject: hello\r\n\r\nHello.\r\n.\r\n")
    s.quit()


# -- ends of content ---------------------------------------------------------------------------


@recipe("ends/early-dot", "DOT001")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(s.header() + b"one\r\n.\r\ntwo\r\n.\r\n", 3)
    s.say(b"NOOP")
    s.quit()


@recipe("ends/early-dot-header", "DOT001")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(b"Subject: x\r\n.\r\nthe body goes on\r\nand on\r\n.\r\n", 4)
    s.quit()


@recipe("ends/no-dot", "DOT002", "SEQ001")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(s.header() + b"one\r\n", 0)
    s.quit()


@recipe("ends/no-dot-mail", "SEQ001", "DOT002")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(s.header() + b"one\r\n", 0)
    s.mail()
    s.quit()


@recipe("ends/dot-blank", "DOT002", "DOT003", "WIR003", "DOT001")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(s.header() + b"one\r\n. \r\n", 0)
    s.quit()


@recipe("ends/unstuffed", "DOT003")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.message(b"one\r\n.two\r\n")
    s.quit()


@recipe("ends/dot-outside", "DOT004")
def _(s: Script) -> None:
    s.hello()
    s.say(b".")
    s.transaction()
    s.quit()


@recipe("ends/dot-behind-message", "DOT004")
def _(s: Script) -> None:
    s.hello()
    s.transaction()
    s.say(b".")
    s.quit()


@recipe("ends/dot-twice", "DOT004")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(s.header() + b"one\r\n.\r\n.\r\n", 2)
    s.quit()


@recipe("ends/empty", "WIR011")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(b".\r\n")
    s.quit()


@recipe("ends/data-in-content", "SEQ001", "HDR009", "HDR010")
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.data()
    s.content(b"DATA\r\n", 0)
    s.say(s.header() + b"one\r\n.\r\n")
    s.quit()


def _ends() -> Iterator[Recipe]:
    """The grid of ends: what stands before the dot, behind it, and where the line ends."""
    for before, octets in BEFORE.items():
        for nul, more in BEHIND.items():
            for behind, end in ENDS.items():
                cell = octets + b"." + more + end
                name = f"grid-{before}-dot{nul}-{behind}"
                true = b"\r\n.\r\n" in cell
                expects: tuple[str, ...] = ("WIR002", "WIR003")
                if before != "crcrlf":
                    expects += ("WIR001",)
                expects += ("WIR005", "DOT003")
                if true:
                    expects += ("DOT001", "DOT004", "WIR002")

                def write(s: Script, cell: bytes = cell, true: bool = true) -> None:
                    s.hello()
                    s.envelope()
                    s.data()
                    s.content(s.header() + b"one" + cell, 1 if true else 0)
                    s.say(b"NOOP\r\n.\r\n", 2 if true else 1, about="rest")
                    s.say(b"NOOP")
                    s.quit()

                yield Recipe("ends", name, write, frozenset(expects))


def _contents() -> Iterator[Recipe]:
    """Octets that content should not hold, each in an otherwise valid message."""
    rows: tuple[tuple[str, bytes, bytes, bytes, tuple[str, ...]], ...] = (
        ("bare-lf", b"one\ntwo\r\n", b"", b"", ("WIR001",)),
        ("bare-cr", b"one\rtwo\r\n", b"", b"", ("WIR002",)),
        ("crcrlf", b"one\r\r\n", b"", b"", ("WIR002",)),
        ("nul", b"one\0two\r\n", b"", b"", ("WIR005",)),
        ("line-999", b"x" * 999 + b"\r\n", b"", b"", ("WIR004",)),
        ("line-2500", b"x" * 2500 + b"\r\n", b"", b"", ("WIR004",)),
        ("8bit-unannounced", UTF8, MIME + CTE8, b"", ("WIR008",)),
        ("8bit-no-mime", UTF8, b"", b" BODY=8BITMIME", ("WIR009",)),
        ("utf8-header", b"x\r\n", b"X-Note: " + UTF8, b"", ("EXT022",)),
    )
    for name, body, more, parameters, expects in rows:
        needs = ("8BITMIME",) if b"\xc3" in body + more else ()

        def write(
            s: Script, body: bytes = body, more: bytes = more, parameters: bytes = parameters
        ) -> None:
            s.hello()
            s.mail(parameters)
            s.rcpt()
            s.message(body, more)
            s.say(b"NOOP")
            s.quit()

        yield Recipe("ends", name, write, frozenset(expects), needs)


# -- pipelining --------------------------------------------------------------------------------


def _group(s: Script) -> None:
    s.hello()
    s.pipelined()
    s.envelope()
    s.data()
    s.flush("group")
    s.content(s.header() + b"one\r\n.\r\n")
    s.quit()


recipe("pipelining/not-offered", "EXT001", lacks=("PIPELINING",))(_group)


@recipe("pipelining/hello-not-last", "EXT002", "EXT001")
def _(s: Script) -> None:
    s.pipelined()
    s.hello()
    s.mail()
    s.flush("group")
    s.rcpt()
    s.quit()


@recipe("pipelining/noop-not-last", "EXT002", needs=("PIPELINING",))
def _(s: Script) -> None:
    s.hello()
    s.pipelined()
    s.mail()
    s.say(b"NOOP")
    s.rcpt()
    s.flush("group")
    s.message()
    s.quit()


@recipe("pipelining/data-not-last", "EXT002", "SEQ001", needs=("PIPELINING",))
def _(s: Script) -> None:
    s.hello()
    s.pipelined()
    s.envelope()
    s.data()
    s.say(s.header() + b"one\r\n.\r\n")
    s.flush("group")
    s.quit()


@recipe("pipelining/quit-not-last", "EXT002", "SEQ006", needs=("PIPELINING",))
def _(s: Script) -> None:
    s.hello()
    s.pipelined()
    s.quit()
    s.say(b"NOOP")
    s.flush("group")


@recipe("pipelining/data-refused", needs=("PIPELINING",))
def _(s: Script) -> None:
    s.hello()
    s.pipelined()
    s.mail()
    s.rcpt(UNKNOWN)
    s.data()
    s.flush("group")
    s.content(b".\r\n")
    s.say(b"RSET")
    s.transaction()
    s.quit()


@recipe("pipelining/rset-in-group", needs=("PIPELINING",))
def _(s: Script) -> None:
    s.hello()
    s.pipelined()
    s.say(b"RSET")
    s.envelope()
    s.data()
    s.flush("group")
    s.content(s.header() + b"one\r\n.\r\n")
    s.quit()


@recipe("pipelining/starttls-injection", "SEC023", "SEC005", "EXT002", tls=True)
def _(s: Script) -> None:
    s.hello()
    s.pipelined()
    s.say(b"STARTTLS")
    s.say(b"NOOP")
    s.flush("group")


# -- BDAT --------------------------------------------------------------------------------------


@recipe("bdat/not-offered", "EXT004", lacks=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d LAST\r\n" % len(octets) + octets, about="chunk")
    s.say(b"RSET")
    s.quit()


@recipe("bdat/no-rcpt", "SEQ001", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.mail()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d LAST\r\n" % len(octets) + octets, about="chunk")
    s.quit()


@recipe("bdat/no-mail", "SEQ001", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d LAST\r\n" % len(octets) + octets, about="chunk")
    s.quit()


@recipe("bdat/then-data", "SEQ001", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d\r\n" % len(octets) + octets)
    s.data()
    s.say(b"RSET")
    s.quit()


@recipe("bdat/then-mail", "SEQ004", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d\r\n" % len(octets) + octets)
    s.mail()
    s.say(b"RSET")
    s.quit()


@recipe("bdat/then-rcpt", "SEQ003", "SEQ001", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d\r\n" % len(octets) + octets)
    s.rcpt()
    s.say(b"RSET")
    s.quit()


@recipe("bdat/behind-last", "SEQ001", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d LAST\r\n" % len(octets) + octets)
    s.say(b"BDAT 3 LAST\r\nx\r\n", about="chunk")
    s.quit()


@recipe("bdat/final-dot", "EXT007", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\n.\r\n"
    s.say(b"BDAT %d LAST\r\n" % len(octets) + octets)
    s.quit()


@recipe("bdat/too-short", "EXT006", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\ntwo\r\n"
    s.say(b"BDAT %d LAST\r\n" % (len(octets) - 5) + octets, 2, about="chunk")
    s.say(b"NOOP")
    s.quit()


@recipe("bdat/too-long", "EXT006", needs=("CHUNKING",))
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    octets = s.header() + b"one\r\n"
    s.say(b"BDAT %d LAST\r\n" % (len(octets) + 12) + octets, 0, about="chunk")
    s.quit()
    s.quit()


def _bdat_line(line: bytes) -> Callable[[Script], None]:
    def write(s: Script) -> None:
        s.hello()
        s.envelope()
        s.say(line, about="odd")
        s.say(b"RSET")
        s.quit()

    return write


for _name, _line in (
    ("no-size", b"BDAT"),
    ("no-number", b"BDAT x LAST"),
    ("negative", b"BDAT -1 LAST"),
    ("not-last", b"BDAT 0 FIRST"),
    ("three-words", b"BDAT 0 LAST NOW"),
):
    recipe(f"bdat/{_name}", "EXT005", "CMD005", needs=("CHUNKING",))(_bdat_line(_line))


# -- TLS and AUTH ------------------------------------------------------------------------------


@recipe("tls-auth/starttls-twice", "SEC002", tls=True)
def _(s: Script) -> None:
    s.hello()
    s.starttls()
    s.hello()
    s.say(b"STARTTLS")
    s.quit()


@recipe("tls-auth/starttls-not-offered", "SEC001", lacks=("STARTTLS",))
def _(s: Script) -> None:
    s.hello()
    s.say(b"STARTTLS")
    s.transaction()
    s.quit()


@recipe("tls-auth/starttls-argument", "CMD004", tls=True)
def _(s: Script) -> None:
    s.hello()
    s.say(b"STARTTLS now", about="odd")
    s.steps.append(s.steps[-1]._replace(kind="close", octets=b"", replies=0, when=(220,)))
    s.quit()


@recipe("tls-auth/starttls-in-transaction", tls=True)
def _(s: Script) -> None:
    s.hello()
    s.envelope()
    s.starttls()
    s.hello()
    s.transaction()
    s.quit()


@recipe("tls-auth/starttls-before-hello", tls=True)
def _(s: Script) -> None:
    s.starttls()
    s.hello()
    s.quit()


def _secured(s: Script) -> None:
    s.hello()
    s.starttls()
    s.hello()


@recipe("tls-auth/auth-twice", "SEC012", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.say(b"AUTH PLAIN " + plain())
    s.say(b"AUTH PLAIN " + plain())
    s.quit()


@recipe("tls-auth/auth-in-transaction", "SEC011", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.envelope()
    s.say(b"AUTH PLAIN " + plain())
    s.say(b"RSET")
    s.quit()


@recipe("tls-auth/auth-before-hello", "SEC004", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    s.hello()
    s.starttls()
    s.say(b"AUTH PLAIN " + plain())
    s.quit()


@recipe("tls-auth/auth-no-base64", "SEC013", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.say(b"AUTH PLAIN")
    s.say(b"AGF$iY2Q", when=(334,), about="odd")
    s.quit()


@recipe("tls-auth/auth-ir-no-base64", "SEC013", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.say(b"AUTH PLAIN AGF$iY2Q", about="odd")
    s.quit()


@recipe("tls-auth/auth-padding", "SEC013", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.say(b"AUTH PLAIN " + base64.b64encode(b"\0a@b\0cd").rstrip(b"="), about="odd")
    s.quit()


@recipe("tls-auth/auth-mechanism", "SEC010", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.say(b"AUTH X-NOBODY-HAS-IT", about="odd")
    s.quit()


@recipe("tls-auth/auth-no-mechanism", "CMD005", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.say(b"AUTH", about="odd")
    s.quit()


@recipe("tls-auth/auth-cancelled", tls=True, needs=("AUTH",))
def _(s: Script) -> None:
    _secured(s)
    s.say(b"AUTH PLAIN")
    s.say(b"*", when=(334,))
    s.say(b"NOOP")
    s.quit()


@recipe("tls-auth/auth-not-offered-in-clear", "SEC020", "SEC010", "CMD020", tls=True)
def _(s: Script) -> None:
    s.hello()
    s.say(b"AUTH PLAIN " + plain())
    s.quit()


# -- syntax ------------------------------------------------------------------------------------

_MAIL = (
    ("no-brackets", b"MAIL FROM:alice@example.com", "CMD002"),
    ("space-behind-colon", b"MAIL FROM: <alice@example.com>", "CMD001"),
    ("space-before-colon", b"MAIL FROM :<alice@example.com>", "CMD001"),
    ("no-colon", b"MAIL FROM <alice@example.com>", "CMD001 CMD005 CMD002"),
    ("no-from", b"MAIL <alice@example.com>", "CMD005 CMD002"),
    ("to", b"MAIL TO:<alice@example.com>", "CMD005 CMD002"),
    ("alone", b"MAIL", "CMD005"),
    ("from-alone", b"MAIL FROM:", "CMD005 CMD002"),
    ("left-bracket", b"MAIL FROM:<alice@example.com", "CMD002"),
    ("right-bracket", b"MAIL FROM:alice@example.com>", "CMD002"),
    ("two-brackets", b"MAIL FROM:<<alice@example.com>>", "CMD002 CMD010 CMD003"),
    ("display-name", b"MAIL FROM:Alice <alice@example.com>", "CMD002 CMD003"),
    ("space-inside", b"MAIL FROM:< alice@example.com >", "CMD002 CMD010 CMD008"),
    ("no-domain", b"MAIL FROM:<alice>", "CMD015"),
    ("two-ats", b"MAIL FROM:<alice@home@example.com>", "CMD010 CMD008"),
    ("dot-first", b"MAIL FROM:<.alice@example.com>", "CMD010"),
    ("dot-last", b"MAIL FROM:<alice.@example.com>", "CMD010"),
    ("two-dots", b"MAIL FROM:<al..ice@example.com>", "CMD010"),
    ("space-in-local-part", b"MAIL FROM:<al ice@example.com>", "CMD010 CMD003 CMD002"),
    ("comma", b"MAIL FROM:<alice@example.com,bob@example.com>", "CMD008 CMD010"),
    ("underscore-domain", b"MAIL FROM:<alice@ex_ample.com>", "CMD008"),
    ("hyphen-domain", b"MAIL FROM:<alice@-example.com>", "CMD008"),
    ("domain-two-dots", b"MAIL FROM:<alice@example..com>", "CMD008"),
    ("domain-dot-last", b"MAIL FROM:<alice@example.com.>", "CMD008"),
    ("bare-address", b"MAIL FROM:<alice@192.0.2.1>", "CMD009 CMD008"),
    ("bad-literal", b"MAIL FROM:<alice@[192.0.2.999]>", "CMD009 CMD008"),
    ("unclosed-quote", b'MAIL FROM:<"alice@example.com>', "CMD010 CMD002"),
    ("long-local-part", b"MAIL FROM:<" + b"a" * 65 + b"@example.com>", "CMD012 CMD010"),
    ("long-path", b"MAIL FROM:<alice@" + b"example." * 32 + b"com>", "CMD012"),
    ("utf8", "MAIL FROM:<al\u00efce@example.com>".encode(), "CMD016"),
    ("junk-behind", b"MAIL FROM:<alice@example.com> please", "CMD019 CMD003"),
    ("no-space-parameter", b"MAIL FROM:<alice@example.com>SIZE=10", "CMD003"),
    ("unknown-parameter", b"MAIL FROM:<alice@example.com> FOO=bar", "CMD019"),
    ("unknown-keyword", b"MAIL FROM:<alice@example.com> X-FOO", "CMD019"),
    ("parameter-equals", b"MAIL FROM:<alice@example.com> SIZE=", "EXT012 CMD003"),
    ("size-word", b"MAIL FROM:<alice@example.com> SIZE=big", "EXT012"),
    ("size-negative", b"MAIL FROM:<alice@example.com> SIZE=-1", "EXT012"),
    ("size-21-digits", b"MAIL FROM:<alice@example.com> SIZE=" + b"1" * 21, "EXT012"),
    ("size-too-big", b"MAIL FROM:<alice@example.com> SIZE=99999999999", "EXT013"),
    ("size-twice", b"MAIL FROM:<alice@example.com> SIZE=10 SIZE=20", "CMD021"),
    ("body-unknown", b"MAIL FROM:<alice@example.com> BODY=9BIT", "EXT043"),
    ("ret-unknown", b"MAIL FROM:<alice@example.com> RET=ALL", "EXT016 CMD019"),
    ("envid-no-xtext", b"MAIL FROM:<alice@example.com> ENVID=a+b", "CMD022 CMD019"),
    ("smtputf8-value", b"MAIL FROM:<alice@example.com> SMTPUTF8=yes", "EXT024"),
    ("tab", b"MAIL\tFROM:<alice@example.com>", "CMD027"),
    ("two-blanks", b"MAIL  FROM:<alice@example.com>", "CMD027"),
    ("trailing-blank", b"MAIL FROM:<alice@example.com> ", "CMD017"),
    ("leading-blank", b" MAIL FROM:<alice@example.com>", "CMD028"),
    ("lf", b"MAIL FROM:<alice@example.com>\n", "WIR013"),
    ("crcrlf", b"MAIL FROM:<alice@example.com>\r\r\n", "WIR013"),
    ("nul", b"MAIL FROM:<al\0ice@example.com>", "CMD010 CMD016 CMD003"),
    ("too-long", b"MAIL FROM:<alice@example.com>" + b" X=Y" * 200, "CMD018"),
    # rare, and right
    ("lower-case", b"mail from:<alice@example.com>", ""),
    ("null-path", b"MAIL FROM:<>", ""),
    ("quoted", b'MAIL FROM:<"al ice"@example.com>', ""),
    ("quoted-at", b'MAIL FROM:<"al@ice"@example.com>', ""),
    ("quoted-pair", b'MAIL FROM:<"al\\"ice"@example.com>', ""),
    ("atext", b"MAIL FROM:<!#$%&'*+-/=?^_`{|}~@example.com>", ""),
    ("literal", b"MAIL FROM:<alice@[192.0.2.1]>", ""),
    ("ipv6-literal", b"MAIL FROM:<alice@[IPv6:2001:db8::1]>", ""),
    ("source-route", b"MAIL FROM:<@a.example,@b.example:alice@example.com>", ""),
    ("local-part-64", b"MAIL FROM:<" + b"a" * 64 + b"@example.com>", ""),
    ("size-0", b"MAIL FROM:<alice@example.com> SIZE=0", ""),
    ("top-level", b"MAIL FROM:<alice@example>", ""),
)
_NEEDS = {
    "size": "SIZE",
    "parameter-equals": "SIZE",
    "no-space-parameter": "SIZE",
    "smtputf8": "SMTPUTF8",
    "body": "8BITMIME",
    "ret": "DSN",
    "envid": "DSN",
}

_RCPT = (
    ("no-brackets", b"RCPT TO:bob@example.org", "CMD002"),
    ("space-behind-colon", b"RCPT TO: <bob@example.org>", "CMD001"),
    ("no-colon", b"RCPT TO <bob@example.org>", "CMD001 CMD005 CMD002"),
    ("from", b"RCPT FROM:<bob@example.org>", "CMD005 CMD002"),
    ("alone", b"RCPT", "CMD005"),
    ("null-path", b"RCPT TO:<>", "CMD014"),
    ("left-bracket", b"RCPT TO:<bob@example.org", "CMD002"),
    ("two-recipients", b"RCPT TO:<bob@example.org>,<alice@example.org>", "CMD003"),
    ("two-in-brackets", b"RCPT TO:<bob@example.org,alice@example.org>", "CMD008 CMD010"),
    ("no-domain", b"RCPT TO:<bob>", "CMD015"),
    ("two-dots", b"RCPT TO:<b..ob@example.org>", "CMD010"),
    ("empty-domain", b"RCPT TO:<bob@>", "CMD008 CMD015"),
    ("empty-local-part", b"RCPT TO:<@example.org>", "CMD010"),
    ("unknown-parameter", b"RCPT TO:<bob@example.org> FOO=bar", "CMD019"),
    ("notify-never-and", b"RCPT TO:<bob@example.org> NOTIFY=NEVER,DELAY", "EXT015 CMD019"),
    ("notify-unknown", b"RCPT TO:<bob@example.org> NOTIFY=MAYBE", "EXT015 CMD019"),
    ("orcpt-no-type", b"RCPT TO:<bob@example.org> ORCPT=bob@example.org", "EXT018 CMD019"),
    ("trailing-blank", b"RCPT TO:<bob@example.org> ", "CMD017"),
    ("lf", b"RCPT TO:<bob@example.org>\n", "WIR013"),
    ("percent", b"RCPT TO:<bob%example.net@example.org>", ""),
    ("lower-case", b"rcpt to:<bob@example.org>", ""),
    ("upper-case-domain", b"RCPT TO:<bob@EXAMPLE.ORG>", ""),
    ("postmaster", b"RCPT TO:<Postmaster>", ""),
    ("source-route", b"RCPT TO:<@a.example:bob@example.org>", ""),
    ("quoted", b'RCPT TO:<"bob"@example.org>', ""),
)

_HELLO = (
    ("alone", b"EHLO", "CMD005"),
    ("helo-alone", b"HELO", "CMD005"),
    ("two-words", b"EHLO client.example.com now", "CMD006"),
    ("underscore", b"EHLO my_host.example.com", "CMD006 CMD008"),
    ("bare-address", b"EHLO 192.0.2.1", "CMD006 CMD009"),
    ("bad-literal", b"EHLO [192.0.2.300]", "CMD006 CMD009"),
    ("unclosed-literal", b"EHLO [192.0.2.1", "CMD006 CMD009"),
    ("leading-hyphen", b"EHLO -client.example.com", "CMD006 CMD008"),
    ("trailing-dot", b"EHLO client.example.com.", "CMD006 CMD008"),
    ("utf8", "EHLO cli\u00ebnt.example.com".encode(), "CMD016 CMD006"),
    ("short-name", b"EHLO client", ""),
    ("ipv6", b"EHLO [IPv6:2001:db8::1]", ""),
    ("lower-case", b"ehlo client.example.com", ""),
    ("lf", b"EHLO client.example.com\n", "WIR013"),
    ("lhlo", b"LHLO client.example.com", "LMT005 LMT001"),
)

_OTHER = (
    ("unknown", b"FROB", "CMD020 CMD025"),
    ("unknown-argument", b"XYZZY now", "CMD020 CMD025"),
    ("unknown-long", b"x" * 600, "CMD018 CMD020 CMD025"),
    ("noop-long", b"NOOP " + b"x" * 600, "CMD018"),
    ("noop-long-2500", b"NOOP " + b"x" * 2500, "CMD018"),
    ("http", b"GET / HTTP/1.1", "CMD026 CMD025"),
    ("field", b"Subject: hello", "CMD025 SEQ001"),
    ("number", b"123", "CMD025"),
    ("empty", b"\r\n", "CMD025"),
    ("rset-argument", b"RSET now", "CMD004"),
    ("data-argument", b"DATA now", "CMD004 SEQ001"),
    ("vrfy-alone", b"VRFY", "CMD005"),
    ("expn-alone", b"EXPN", "CMD005 CMD020"),
    ("expn", b"EXPN staff", "CMD020"),
    ("turn", b"TURN", "CMD023 CMD020"),
    ("send", b"SEND FROM:<alice@example.com>", "CMD023"),
    ("etrn", b"ETRN example.org", "CMD020"),
    ("xclient", b"XCLIENT NAME=spike.example.org", "CMD020"),
    ("binary", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "CMD025 CMD026 CMD016"),
    ("noop-lf", b"NOOP\n", "WIR013"),
    ("noop-cr", b"NOOP\rNOOP\r\n", "WIR013 CMD016"),
    ("noop-nul", b"NO\0OP", "CMD016 CMD025"),
    ("noop-blank", b"NOOP ", "CMD017"),
    ("noop-argument", b"NOOP as you like", ""),
    ("help-topic", b"HELP MAIL", ""),
    ("vrfy", b"VRFY bob", ""),
    ("mixed-case", b"NoOp", ""),
)
_LISTED = {"expn": "EXPN", "expn-alone": "EXPN", "etrn": "ETRN", "help-topic": "HELP"}


def _lines() -> Iterator[Recipe]:
    """Commands that take the place of a right one."""
    for name, line, codes in _MAIL:
        needs = tuple(word for start, word in _NEEDS.items() if name.startswith(start))
        expects = frozenset(codes.split())
        yield Recipe("syntax", f"mail-{name}", _mail_line(line), expects, needs)
    for name, line, codes in _RCPT:
        yield Recipe("syntax", f"rcpt-{name}", _rcpt_line(line), frozenset(codes.split()))
    for name, line, codes in _HELLO:
        yield Recipe("syntax", f"hello-{name}", _hello_line(line), frozenset(codes.split()))
    for name, line, codes in _OTHER:
        lacks = (_LISTED[name],) if name in _LISTED and codes else ()
        needs = (_LISTED[name],) if name in _LISTED and not codes else ()
        write = _other_line(line)
        yield Recipe("syntax", name, write, frozenset(codes.split()), needs, lacks)


def _mail_line(line: bytes) -> Callable[[Script], None]:
    def write(s: Script) -> None:
        s.hello()
        s.say(line, about="odd")
        s.say(b"RSET")
        s.transaction()
        s.quit()

    return write


def _rcpt_line(line: bytes) -> Callable[[Script], None]:
    def write(s: Script) -> None:
        s.hello()
        s.mail()
        s.say(line, about="odd")
        s.rcpt()
        s.message()
        s.quit()

    return write


def _hello_line(line: bytes) -> Callable[[Script], None]:
    def write(s: Script) -> None:
        s.say(line, about="odd")
        s.hello(name=CLIENT)
        s.transaction()
        s.quit()

    return write


def _other_line(line: bytes) -> Callable[[Script], None]:
    def write(s: Script) -> None:
        s.hello()
        if line.startswith(b"DATA"):
            s.envelope()
        s.say(line, about="odd")
        if line.startswith(b"DATA"):
            s.content(s.header() + b"one\r\n.\r\n")
        s.say(b"RSET")
        s.transaction()
        s.quit()

    return write
