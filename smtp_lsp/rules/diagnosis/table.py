"""What a refusal means, as data: the command, the code, the enhanced code, the words.

Rows are asked in order, and the first that fits gives the key of the diagnosis. What the state
of the session makes of it (relay denied because AUTH was never done) is in ``refined``.
"""

from __future__ import annotations

from smtp_lsp.grammar import refusals as said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.grammar import Production

GREETING = ("GREETING",)
HELLO = ("HELLO",)
STARTTLS = ("STARTTLS",)
AUTH = ("AUTH",)
MAIL = ("MAIL",)
RCPT = ("RCPT",)
TO_RCPT = ("RCPT", "DATA")  # a log may show the answer to a recipient behind the DATA of its group
ENVELOPE = ("MAIL", "RCPT")
CONTENT = ("END", "BDAT", "BDAT LAST")
SENDING = ("MAIL", "RCPT", "DATA", "END", "BDAT", "BDAT LAST")
ANY: tuple[str, ...] = ()


class Row:
    """One line of the table.

    It fits where the event is one of ``events`` (empty: any), the code begins with one of
    ``codes`` (empty: any), and either ``subjects``, the enhanced code without its class, or
    ``words`` in the text say so; where it has neither, the code is enough. ``unless`` in the
    text speaks against it.
    """

    __slots__ = ("codes", "events", "key", "subjects", "unless", "words")

    def __init__(
        self,
        key: str,
        events: tuple[str, ...],
        codes: tuple[str, ...] = (),
        words: Production | None = None,
        subjects: tuple[bytes, ...] = (),
        unless: Production | None = None,
    ) -> None:
        self.key = key
        self.events = events
        self.codes = codes
        self.words = words
        self.subjects = subjects
        self.unless = unless

    def fits(self, event: str, code: str, subject: bytes, text: bytes) -> bool:
        """Say whether a refusal is of this kind."""
        if self.events and event not in self.events:
            return False
        if self.codes and not code.startswith(self.codes):
            return False
        if self.unless is not None and self.unless.search(text):
            return False
        if subject and subject in self.subjects:
            return True
        if self.words is not None:
            return self.words.search(text) is not None
        return not self.subjects


ROWS = (
    # -- the connection
    Row("client-infected", (*GREETING, *HELLO, *ENVELOPE), (), said.INFECTED_CLIENT),
    Row("greeting-blocked", GREETING, (), said.BLOCKED),
    Row("greeting-no-ptr", GREETING, (), said.NO_PTR),
    Row("greeting-early", GREETING, (), said.MANY_ERRORS),
    Row("greeting-later", GREETING, ("4",)),
    Row("greeting-no-mail", GREETING, ("521",)),
    Row("greeting-refused", GREETING),
    Row("closed-errors", ANY, ("421",), said.MANY_ERRORS),
    Row("closed-idle", ANY, ("421",), said.IDLE, (b"4.2",)),
    Row("closed", ("HELLO", "STARTTLS", "DEBUG", "RSET", "QUIT", "UNKNOWN", "QUEUE"), ("421",)),
    # -- hello
    Row("needs-tls", HELLO, ("5",), said.NEEDS_TLS, (b"7.10",)),
    Row("greeting-early", HELLO, ("5",), said.MANY_ERRORS),
    Row("hello-unknown", HELLO, ("500", "502"), None, (), said.HELLO_NAME),
    Row("blocked", HELLO, (), said.BLOCKED, (), said.HELLO_NAME),
    Row("hello-name", HELLO, ("501", "504", "55", "450"), said.HELLO_NAME, (b"5.2", b"5.4")),
    Row("hello-name", HELLO, ("501", "504")),
    Row("hello-later", HELLO, ("4",)),
    Row("hello-refused", HELLO),
    # -- TLS
    Row("starttls-later", STARTTLS, ("4",)),
    Row("starttls-unknown", STARTTLS, ("500", "502", "503")),
    Row("starttls-refused", STARTTLS),
    # -- AUTH
    Row("auth-app-password", AUTH, (), said.APP_PASSWORD, (b"7.9",), said.WEB_LOGIN),
    Row("auth-web-login", AUTH, (), said.WEB_LOGIN, (b"7.14",)),
    Row("auth-disabled", AUTH, ("5",), said.AUTH_DISABLED, (b"7.139",)),
    Row("auth-needs-tls", AUTH, (), said.NEEDS_TLS, (b"7.10", b"7.11")),
    Row("auth-needs-tls", AUTH, ("530", "538", "523")),
    Row("auth-limit", AUTH, ("421", "45", "535", "454"), said.LOGIN_LIMIT),
    Row("auth-mechanism", AUTH, ("504",)),
    Row("auth-mechanism", AUTH, ("501",), said.MECHANISM),
    Row("auth-encoding", AUTH, ("501",), None, (b"5.2",)),
    Row("auth-syntax", AUTH, ("501",)),
    Row("auth-mechanism", AUTH, ("5",), said.MECHANISM, (b"7.4", b"5.4")),
    Row("auth-later", AUTH, ("4",)),
    Row("auth-not-here", AUTH, ("500", "502", "503")),
    Row("auth-too-long", AUTH, (), None, (b"5.6",)),
    Row("auth-not-here", AUTH, ("55",), said.NO_AUTH_HERE),
    Row("auth-credentials", AUTH, ("535", "534", "550", "553", "554", "525")),
    Row("auth-refused", AUTH),
    # -- what has to come first
    Row("sender-not-yours", SENDING, (), said.NOT_THE_SENDER, (b"7.60",), said.PROOFS),
    Row("needs-tls", SENDING, ("5", "4"), said.NEEDS_TLS, (b"7.10",)),
    Row("relay", TO_RCPT, (), said.RELAY, (b"7.54", b"7.64")),
    Row("needs-auth", SENDING, (), said.NEEDS_AUTH, (b"7.57",)),
    Row("needs-auth", ENVELOPE, ("530",)),
    # -- sizes and limits
    Row("mailbox-full", SENDING, (), said.MAILBOX_FULL, (b"2.2",), said.TOO_LARGE),
    Row("too-large", SENDING, (), said.TOO_LARGE, (b"3.4", b"2.3")),
    Row("too-large", (*MAIL, *CONTENT), ("552",), None, (), said.UNSAFE),
    Row("too-many-recipients", RCPT, (), said.TOO_MANY_RECIPIENTS, (b"5.3",)),
    Row("server-full", SENDING, ("4",), said.FULL_DISK, (b"3.1",)),
    # -- who sends
    Row("greylisted", SENDING, (), said.GREYLISTED),
    # RFC 7372 3: 7.20 to 7.22 are DKIM's, 7.23 and 7.24 are SPF's, 7.26 says that several failed.
    Row("sender-dmarc", SENDING, (), said.DMARC, (b"7.509",)),
    Row("sender-spf", SENDING, (), said.SPF, (b"7.23", b"7.24"), said.DKIM),
    Row("sender-dkim", SENDING, (), said.DKIM, (b"7.20", b"7.21", b"7.22"), said.SPF),
    Row("sender-unproven", SENDING, (), said.SENDER_UNPROVEN, (b"7.26",)),
    Row("recipient-domain", RCPT, (), None, (b"1.2",)),
    Row("sender-verify", ENVELOPE, (), said.SENDER_VERIFY),
    Row("sender-domain", ENVELOPE, (), said.SENDER_DOMAIN, (b"1.8",)),
    Row("no-ptr", SENDING, (), said.NO_PTR, (b"7.25",), said.NO_SUCH_RECIPIENT),
    Row("hello-name", ENVELOPE, (), said.HELLO_NAME, (), said.NO_SUCH_RECIPIENT),
    # -- who is to receive
    Row(
        "no-such-recipient",
        TO_RCPT,
        (),
        said.NO_SUCH_RECIPIENT,
        (b"1.1", b"1.10", b"2.1", b"1.6", b"4.1"),
        said.BLOCKED,
    ),
    Row("no-such-recipient", TO_RCPT, ("5",), None, (b"4.1", b"1.10", b"1.1")),
    Row("recipient-domain", RCPT, (), said.RECIPIENT_DOMAIN, (b"1.2", b"1.10")),
    # -- the message
    Row("message-virus", CONTENT, (), said.VIRUS),
    Row("message-dangerous", CONTENT, (), said.DANGEROUS),
    Row("message-bare-ends", CONTENT, (), said.BARE_ENDS, (b"6.11",)),
    Row("message-long-lines", CONTENT, (), said.LONG_LINES),
    Row("message-header", CONTENT, ("5",), said.NOT_COMPLIANT),
    Row("message-spam", CONTENT, ("5",), said.SPAM),
    Row("message-not-ascii", CONTENT, (), said.NOT_ASCII, (b"6.3", b"6.7")),
    Row("message-header", CONTENT, ("5",), said.HEADER, (b"6.0",)),
    Row("blocked", SENDING, ("5",), said.BLOCKED),
    Row("limited", SENDING, ("4", "5"), said.LIMITED),
    Row("blocked", SENDING, ("4",), said.BLOCKED),
    Row("blocked", ENVELOPE, ("5",), said.SPAM),
    # -- syntax
    Row("syntax", ENVELOPE, ("500", "501", "502", "555", "504"), None, ()),
    Row("syntax", ENVELOPE, ("5",), None, (b"5.2", b"5.4", b"1.3", b"1.7")),
    # -- and what says no more
    Row("closed", ANY, ("421",)),
    Row("message-later", CONTENT, ("4",)),
    Row("message-refused", CONTENT),
    Row("recipient-later", RCPT, ("4",)),
    Row("recipient-refused", RCPT),
    Row("sender-later", MAIL, ("4",)),
    Row("sender-refused", MAIL),
    Row("no-recipient", ("DATA",), (), said.NO_RECIPIENT),
    Row("data-later", ("DATA",), ("4",)),
    Row("data-refused", ("DATA",)),
    Row("unknown-command", ("UNKNOWN",)),
    Row("refused-later", ANY, ("4",)),
    Row("refused", ANY),
)


def key_of(event: str, code: int, enhanced: bytes, text: bytes) -> str:
    """Return the key of what a refusal of *event* with this code and text means."""
    subject = enhanced[2:]
    written = str(code)
    return next(row.key for row in ROWS if row.fits(event, written, subject, text))
