"""RFC 5321: commands and replies, as tolerant as a reader of other people's logs must be.

These patterns tell what a line is; whether it is written as the RFC wants it is for the
rules. Flag 2 is ``re.IGNORECASE``: verbs, ``FROM:`` and ``TO:`` are case-insensitive (2.4).
"""

from smtp_lsp.grammar import Production

_IGNORECASE = 2

# Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
# Reply-code = %x32-35 %x30-35 %x30-39                                       (4.2)
# Any three digits are taken here: what is wrong with 699 is for a rule to say.
REPLY_LINE = Production(rb"([0-9]{3})(?:([ \t-])(.*))?", 16)

# enhanced status code = class "." subject "." detail                       (RFC 3463 2)
ENHANCED_STATUS_CODE = Production(rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?=[ \t:]|$)")

# esmtp-verb, then its argument
COMMAND = Production(rb"[ \t]*([A-Za-z][A-Za-z0-9-]*)(?:[ \t]+|(?=:)|$)", 16)

# mail = "MAIL FROM:" Reverse-path [ SP Mail-parameters ]                    (4.1.1.2)
FROM = Production(rb"from[ \t]*:[ \t]*", _IGNORECASE)

# rcpt = "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path )  (4.1.1.3)
TO = Production(rb"to[ \t]*:[ \t]*", _IGNORECASE)

# Path = "<" [ A-d-l ":" ] Mailbox ">", or an address somebody left bare   (4.1.2)
PATH = Production(rb"<[^>\r\n]*>|[^\s<>]+")

# Domain / address-literal, as the argument of EHLO                          (4.1.1.1)
HOST = Production(rb"[^\s<>]+")
