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

# Protocol = "ESMTP" / "SMTP" / Attdl-Protocol, those of them that are SMTP    (4.4, RFC 3848)
OVER_SMTP = Production(rb"(?:SMTP|ESMTPS?A?|UTF8SMTPS?A?)\Z", _IGNORECASE)

# ID = CFWS "ID" FWS ( Atom / msg-id ), with the periods and at-signs that servers write  (4.4)
QUEUE_ID = Production(rb"(?:[^\s<>]++|<[^\s<>]++>)\Z")

# Pri = CFWS "PRIORITY" FWS priority-value;  priority-value = (["-"] NZDIGIT) / "0"
#                                                                       (RFC 6710 7)
PRIORITY = Production(rb"(?:-?[1-9]|0)\Z")

# An address-literal in a TCP-info that is an IP address, be it one or not.            (4.4)
IP_LITERAL = Production(rb"\[(?:([0-9]++(?:\.[0-9]++){3})|IPv6:([0-9A-F:.]++))\]", _IGNORECASE)

# Domain / address-literal, as the argument of EHLO                          (4.1.1.1)
HOST = Production(rb"[^\s<>]+")

# -- as the RFC wants it: for rules, not for reading ---------------------------

# atext = ALPHA / DIGIT / "!" / "#" / ... / "~"                    (RFC 5322 3.2.3)
ATEXT = rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"

# Dot-string = Atom *("." Atom);  Atom = 1*atext                             (4.1.2)
DOT_STRING = Production(ATEXT + rb"+(?:\." + ATEXT + rb"+)*+$")

# Quoted-string = DQUOTE *QcontentSMTP DQUOTE;  qtextSMTP, quoted-pairSMTP   (4.1.2)
QUOTED_STRING = Production(rb'"((?:[ !#-\[\]-~\x80-\xff]|\\[ -~])*+)"')

# sub-domain = Let-dig [Ldh-str];  Domain = sub-domain *("." sub-domain)     (4.1.2)
_SUB_DOMAIN = rb"[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)*+"
DOMAIN = Production(_SUB_DOMAIN + rb"(?:\." + _SUB_DOMAIN + rb")*+$")

# Path = "<" [ A-d-l ":" ] Mailbox ">", with a ">" in a quoted local-part     (4.1.2)
BRACKETED = Production(rb'<(?:"(?:[^"\\]|\\.)*+"|[^">])*+>')

# esmtp-param = esmtp-keyword ["=" esmtp-value]                              (4.1.2)
# esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
# esmtp-value = 1*(%d33-60 / %d62-126)
_PARAM = rb"[A-Za-z0-9][A-Za-z0-9-]*+(?:=[!-<>-~]++)?"
ESMTP_KEYWORD = Production(rb"[A-Za-z0-9][A-Za-z0-9-]*+")
ESMTP_PARAM = Production(_PARAM + rb"$")

# MAIL and RCPT as nearly all of them are: the null path, or a mailbox of a Dot-string and a
# Domain whose last of several labels does not begin with a digit; then parameters that are
# not in xtext.
_NAME = rb"(?:" + _SUB_DOMAIN + rb"\.)++(?![0-9])" + _SUB_DOMAIN
_LOCAL = ATEXT + rb"++(?:\." + ATEXT + rb"++)*+"
ENVELOPE = Production(
    rb"(?:mail from:<>|(?:mail from|rcpt to):<(%b)@%b>)(?: (?!envid|orcpt|submitter)%b)*+$"
    % (_LOCAL, _NAME, _PARAM),
    _IGNORECASE,
)

# EHLO as nearly all are.
HELLO = Production(rb"(?:ehlo|helo|lhlo) " + _NAME + rb"$", _IGNORECASE)

# Snum = 1*3DIGIT, 0 to 255;  IPv4-address-literal = Snum 3("." Snum)        (4.1.3)
DOTTED_NUMBERS = Production(rb"[0-9]+(?:\.[0-9]+)*$")
_SNUM = rb"(?:25[0-5]|(?:2[0-4]|[01]?[0-9])?[0-9])"
IPV4 = Production(_SNUM + rb"(?:\." + _SNUM + rb"){3}$")
IPV6_HEX = Production(rb"[0-9A-Fa-f]{1,4}$")

# General-address-literal = Standardized-tag ":" 1*dcontent                  (4.1.3)
GENERAL_LITERAL = Production(rb"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?:[!-Z^-~]+$")

# Path: 256 octets with its brackets, so that 254 are left for a Mailbox.       (4.5.3.1.3)
# A longer one in a list of them, seen from where it begins; nothing in quotes.
_IN_MAILBOX = rb'[^\s,<>;:"()]'
LONG_ADDRESS = Production(rb"(?<!%b)(?!=\?)(?=[^@\s]{1,64}@)%b{255,}+" % (_IN_MAILBOX, _IN_MAILBOX))


def is_ipv6(text: bytes) -> bool:
    """Say whether *text* is an IPv6-addr (4.1.3): eight groups, or fewer around one ``::``.

    The last two groups may be written as an IPv4 address.
    """
    head, gap, tail = text.partition(b"::")
    groups = head.split(b":") if head else []
    groups += tail.split(b":") if tail else []
    count = len(groups)
    if groups and b"." in groups[-1]:
        if not IPV4.match(groups.pop()):
            return False
        count += 1
    if not all(IPV6_HEX.match(group) for group in groups):
        return False
    return count < 8 if gap else count == 8
