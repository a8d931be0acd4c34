"""How people write sessions down: one module per dialect, and telling them apart.

A new dialect is a module with a ``DIALECT``, its name in ``PREFIXED``, and three samples
under ``tests/cases/dialects/NAME/``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Dialect

# Dialects with a prefix first, the more particular before the more common, each with
# octets of which one stands in every file of it: where none does, its module and its
# pattern need not even be loaded. Those without any prefix are what is left.
PREFIXED = {
    "smtplib": (b"send: ", b"reply: "),
    "phpmailer": (b"CLIENT -> S", b"SERVER -> CLIENT:", b"SMTP -> FROM SERVER:"),
    "nodemailer-json": (b'"component":"smtp-connection"',),
    "smtp-server": (b"] DEBUG [#",),
    "nodemailer": (b"] DEBUG [", b"] DEBUG: ["),
    "perl": (b"=GLOB(0x",),
    "python-proxy": (b" --> b'", b' --> b"', b" <-- b'", b' <-- b"', b"[ Client connected ]"),
    "aiosmtpd": (b") << b", b") >> b", b") Data: b", b") handling connection"),
    "mailhog": (b"[SMTP ",),
    "thunderbird": (b"mailnews.smtp: ",),
    "mailkit": (b"Connected to smtp", b"Z C: ", b"Z S: "),
    "fakesmtp": (b" - Client: ", b" - Server: ", b": Client: ", b": Server: "),
    "esp": (b"< S: ",),
    "go": (b"C --> S:", b"C <-- S:"),
    "s-nail": (b": >>>",),
    "javamail": (b"DEBUG SMTP", b"DEBUG: Jakarta Mail", b"DEBUG: JavaMail"),
    "msmtp": (b"--> ", b"<-- "),
    "ruby": (b'-> "', b'<- "'),
    "mutt": (b"> EHLO", b"> HELO", b"> LHLO", b"< 220", b"> MAIL", b"mutt_socket"),
    "socat": (b" length=",),
    "curl-trace": (b"=> Send ", b"<= Recv "),
    "curl-trace-ascii": (b"=> Send ", b"<= Recv "),
    "chasquid": (b" <~ ", b" <- 2", b" <- 3", b" <... ", b"_connect ", b"_listen "),
    "mpt": (
        b"# Licensed to the Apache Software Foundation",
        b"S: 220.*",
        b"S: 250.*",
        b"S: 354.*",
        b"S: 250 .*",
        b"S: 250-.*",
        b"SUB {",
        b"\nREINIT",
    ),
    "wireshark": (b" SMTP ", b'","SMTP","'),
    "wireshark-details": (b"Simple Mail Transfer Protocol",),
    "follow-stream": (b"Follow: tcp,", b"Follow: tls,"),
    "openssl": (b"CONNECTED(", b"read R BLOCK", b"SSL handshake has read", b"RENEGOTIATING"),
    "swaks": (b"->", b"<-", b"~>", b"<~", b"**>", b"<**"),
    "swaks-half": (b"=== Trying ", b"=== Connected to ", b"=== TLS ", b"=== Connection closed "),
    "exchange": (b",connector-id,session-id,", b",>,", b",<,"),
    "hmailserver": (b'"SMTPD"', b'"SMTPC"'),
    "haraka": (b"[PROTOCOL] [", b"[DATA] ["),
    "mdaemon": (b": --> ", b": <-- ", b"] --> ", b"] <-- "),
    "opensmtpd": (b": >>> ", b": <<< ", b"<<< [MSG]"),
    "postfix-log": (b"postfix", b"posttls-finger: "),
    "postfix-notice": (b"In:  ", b"Out: "),
    "exim": (b"SMTP<<", b"SMTP>>"),
    "exim-bh": (b"**** SMTP testing session",),
    "exim-client": (b"???",),
    "bounce": (b"Transcript of session follows", b"... while talking to "),
    "k9": (b"SMTP >>>", b"SMTP <<<"),
    "arrows": (b">>>", b"<<<"),
    "sendmail": (b">>> ",),
    "curl": (b"> ", b"< "),
    "rfc": (b":",),
}
BARE = ("capture", "client")
UNLISTED = "prefixes"
ASKED_FOR = ("octets",)
"""Dialects that are read only where they are named."""
NAMES = (*PREFIXED, *BARE, UNLISTED, *ASKED_FOR)

_modules = {"client": "client_stream"}


def dialect(name: str) -> Dialect:
    """Return a dialect by its name. Raises KeyError where there is none of that name."""
    if name not in NAMES:
        raise KeyError(name)
    module_name = _modules.get(name, name.replace("-", "_"))
    module = __import__(f"smtp_lsp.dialects.{module_name}", fromlist=["DIALECT"])
    found: Dialect = module.DIALECT
    return found
