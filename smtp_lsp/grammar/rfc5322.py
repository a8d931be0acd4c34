"""RFC 5322: the tokens of structured fields, and the values that are as the RFC wants them.

``TOKEN`` is as tolerant as a reader must be. The ``TIDY`` patterns know one form of what is
well-formed, the one that programs write: what they match has no defects, and what they do not
match is read token by token. Every quantifier is possessive or bounded, so that none of them
takes more than linear time.
"""

from smtp_lsp.grammar import Production

# -- Tokens (3.2) --------------------------------------------------------------------------

# specials = "(" / ")" / "<" / ">" / "[" / "]" / ":" / ";" / "@" / "\" / "," / "." / DQUOTE
# What is neither special nor white space is taken for atext, also controls and octets above
# 127 (RFC 6532 3.2): they are told apart later.
_ATEXT = rb'[^\s()<>\[\]:;@\\,."]'

# encoded-word = "=?" charset "?" encoding "?" encoded-text "?="             (RFC 2047 2)
# As it is meant, that is with specials in its text, which no phrase may have (RFC 2047 5).
_ENCODED = rb"=\?[A-Za-z0-9_.:+*'-]++\?[A-Za-z]\?[^?\s]*+\?=(?!" + _ATEXT + rb")"

# quoted-string = DQUOTE *([FWS] qcontent) [FWS] DQUOTE; one that is left open goes to the end.
# domain-literal = "[" *([FWS] dtext) [FWS] "]"                              (3.4.1)
# A comment without another one in it; where those nest, depth is counted by PARENTHESIS.
TOKEN = Production(
    rb"([ \t\r\n\x0b\x0c]++)"
    rb"|(" + _ENCODED + rb")"
    rb"|(" + _ATEXT + rb"++(?:\." + _ATEXT + rb"++)++)"
    rb"|(" + _ATEXT + rb"++)"
    rb'|("(?:[^"\\]++|\\.)*+(?:"|\\?\Z))'
    rb"|(\((?:[^()\\]++|\\.)*+\))"
    rb"|(\[(?:[^\[\]\\]++|\\.)*+\])"
    rb"|(\\.)"
    rb"|(\()"
    rb"|(.)",
    16,
)
PARENTHESIS = Production(rb"\\.|[()]", 16)

# What stands in a structured value and should not: controls, and lines that are broken
# without a blank behind (folding is CRLF before white space, 2.2.3).
CONTROL = Production(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<![\r\n])[\r\n]++(?![ \t])")

# -- Tidy values ---------------------------------------------------------------------------

# FWS = ([*WSP CRLF] 1*WSP), with LF for CRLF as messages are stored          (3.2.2)
FWS = rb"(?>[ \t]++|\r?\n[ \t])++"
OPTIONAL_FWS = rb"(?>[ \t]++|\r?\n[ \t])*+"

# comment = "(" *([FWS] ccontent) [FWS] ")", without another one in it
TIDY_COMMENT = rb"\([ !-'*-\[\]-~]*+\)"

# unstructured = (*([FWS] VCHAR) *WSP), without anything that may be an encoded-word   (3.2.5)
TIDY_UNSTRUCTURED = Production(rb"(?:[ \t!-<>-~]++|=(?!\?)|\r?\n[ \t])*+\Z")

# atext = ALPHA / DIGIT / "!" / "#" / ... / "~";  dot-atom-text = 1*atext *("." 1*atext)
ATEXT = rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
DOT_ATOM = ATEXT + rb"++(?:\." + ATEXT + rb"++)*+"

# One word, or one word of another kind in the place of one (7bit, 1.0)
TIDY_WORD = Production(rb"%b%b%b\Z" % (OPTIONAL_FWS, DOT_ATOM, OPTIONAL_FWS))

# A domain is a host name here, as those of mailboxes are, and no IP address without its
# brackets.                                                            (RFC 5321 4.1.2)
_LABEL = rb"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?+"
HOST = (
    rb"(?![A-Za-z0-9.-]{256}|[0-9.]++(?![A-Za-z0-9-]))"
    rb"%b(?:\.%b)*+(?![A-Za-z0-9-])" % (_LABEL, _LABEL)
)
_LOCAL_PART = rb"(?![A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{65})" + DOT_ATOM

# phrase = 1*word;  word = atom / quoted-string                              (3.2.5)
# No encoded-word: what it hides must be seen. In quotes no at-sign, for the same reason.
_WORD = rb"(?:(?!=\?)" + ATEXT + rb'++|"[ !#-?A-\[\]-~]++")'
_PHRASE = _WORD + rb"(?:" + FWS + _WORD + rb")*+"

# mailbox = name-addr / addr-spec;  name-addr = [display-name] angle-addr    (3.4)
# angle-addr = "<" addr-spec ">";  addr-spec = local-part "@" domain         (3.4.1)
# Groups: display-name, local-part and domain in brackets; local-part and domain without.
_IN_LISTS = rb"(?:(?:%b%b)?+<%b@%b>|%b@%b)"
_MAILBOX = _IN_LISTS % (_PHRASE, OPTIONAL_FWS, _LOCAL_PART, HOST, _LOCAL_PART, HOST)
TIDY_MAILBOX = Production(
    rb"(?:(%b)%b)?<(%b)@(%b)>|(%b)@(%b)"
    % (_PHRASE, OPTIONAL_FWS, _LOCAL_PART, HOST, _LOCAL_PART, HOST)
)

# mailbox-list = mailbox *("," mailbox);  groups are read token by token
_NEXT = OPTIONAL_FWS + rb"," + OPTIONAL_FWS
TIDY_ADDRESS_LIST = Production(
    rb"%b%b(?:%b%b)*+%b\Z" % (OPTIONAL_FWS, _MAILBOX, _NEXT, _MAILBOX, OPTIONAL_FWS)
)

# path = "<" addr-spec ">" / "<" ">"                                         (3.6.7)
TIDY_PATH = Production(rb"%b<(?:(%b)@(%b))?>%b\Z" % (OPTIONAL_FWS, _LOCAL_PART, HOST, OPTIONAL_FWS))

# date-time = [ day-of-week "," ] date time [CFWS]                           (3.3)
_DAY_NAME = rb"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = rb"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DATE_TIME = (
    rb"(?:%b,%b)?([0-9]{1,2})%b%b%b([0-9]{4})%b([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?%b"
    rb"([+-][0-9]{4})(?:%b(%b))?"
    % (_DAY_NAME, OPTIONAL_FWS, FWS, _MONTH, FWS, FWS, FWS, OPTIONAL_FWS, TIDY_COMMENT)
)
TIDY_DATE = Production(rb"%b%b%b\Z" % (OPTIONAL_FWS, DATE_TIME, OPTIONAL_FWS))

# What is written in its place: ISO 8601 (RFC 3339 5.6), RFC 850 2.1.4, asctime.
OTHER_DATE = Production(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}|(?:[A-Za-z]{3,9},[ \t]*)?[0-9]{1,2}-[A-Za-z]{3}-[0-9]{2,4}"
    rb"|[A-Za-z]{3} [A-Za-z]{3} [ 0-9][0-9] [0-9]{2}:[0-9]{2}"
)

# msg-id = "<" id-left "@" id-right ">";  id-left = dot-atom-text             (3.6.4)
# id-right = dot-atom-text / no-fold-literal;  no-fold-literal = "[" *dtext "]"
_ID_RIGHT = rb"(?:%b|\[[!-Z^-~]*+\])" % DOT_ATOM
TIDY_MSG_ID = Production(rb"<(%b)@(%b)>" % (DOT_ATOM, _ID_RIGHT))
_MSG_ID = rb"<%b@%b>" % (DOT_ATOM, _ID_RIGHT)
TIDY_MSG_ID_LIST = Production(
    rb"%b%b(?:%b%b)*+%b\Z" % (OPTIONAL_FWS, _MSG_ID, OPTIONAL_FWS, _MSG_ID, OPTIONAL_FWS)
)

# received = *received-token ";" date-time                                   (3.6.7)
# Stamp = From-domain By-domain Opt-info [CFWS] ";" FWS date-time             (RFC 5321 4.4)
# From-domain = "FROM" FWS Extended-Domain;  By-domain = CFWS "BY" FWS Extended-Domain
# Opt-info = [Via] [With] [ID] [For] [Additional-Registered-Clauses]
# As servers write it, with comments behind each value; what is behind it is a TIDY_DATE.
_CTEXT = rb"[ !-'*-\[\]-~]"
_COMMENT = rb"\((?>%b++|\r?\n[ \t]|\t|\(%b*+\))*+\)" % (_CTEXT, _CTEXT)
_CFWS = rb"(?>[ \t]++|\r?\n[ \t]|%b)" % _COMMENT
_APART = rb"(?:%b++|(?=;))" % _CFWS
_NO_CLAUSE = rb"(?!(?i:from|by|via|with|id|for|priority|state|tls|group)(?![A-Za-z0-9._@+=-]))"
_STAMPED = _NO_CLAUSE + rb"(?:[A-Za-z0-9._-]++|\[[A-Za-z0-9.:]++\])"
_PROTOCOL = rb"(?i:E?SMTP|ESMTPS?A?|LMTPS?A?|UTF8SMTPS?A?|UTF8LMTPS?A?|MMS)"
_QUEUE_ID = _NO_CLAUSE + rb"(?:<[A-Za-z0-9._@+=-]++>|[A-Za-z0-9._@+=-]++)"
_IN_PATH = rb"[^@\s<>()\[\];:,\"\\\x00-\x20\x7f-\xff]++"
_FOR_PATH = rb"<%b@%b>" % (_IN_PATH, _IN_PATH)
TIDY_RECEIVED = Production(
    OPTIONAL_FWS
    + rb"from%b%b%b++" % (FWS, _STAMPED, _CFWS)
    + rb"by%b%b%b" % (FWS, _STAMPED, _APART)
    + rb"(?:with%b%b%b)?" % (FWS, _PROTOCOL, _APART)
    + rb"(?:id%b%b%b)?" % (FWS, _QUEUE_ID, _APART)
    + rb"(?:for%b%b%b)?;" % (FWS, _FOR_PATH, _APART)
)
