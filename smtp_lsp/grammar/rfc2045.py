"""RFC 2045: Content-Type and its like, and what transfer encodings let stand.

Every quantifier over a class is possessive: none of these patterns looks at an octet more than
a fixed number of times. White space is taken where RFC 822's lexical rules let it stand; a line
break in it is one of a folded field, whose next line begins with a blank.
"""

from smtp_lsp.grammar import Production

_DOTALL = 16

# tspecials = "(" / ")" / "<" / ">" / "@" / "," / ";" / ":" / "\" / DQUOTE / "/" / "[" / "]"
#           / "?" / "="                                                       (5.1)
_TSPECIALS = rb'()<>@,;:\\"/\[\]?='

# token = 1*<any (US-ASCII) CHAR except SPACE, CTLs, or tspecials>
_TOKEN = rb"[^\x00-\x20\x7f-\xff" + _TSPECIALS + rb"]++"
TOKEN = Production(_TOKEN)

# attribute = token, without the "*" that RFC 2231 gives a meaning
_ATTRIBUTE = rb"[^\x00-\x20\x7f-\xff*" + _TSPECIALS + rb"]++"

_BLANKS = rb"[ \t\r\n]*+"

# value = token / quoted-string; here one without quoted pairs, folding and encoded-words
_QUOTED = rb'"(?!=\?)[\t !#-\[\]-~]*+"'
_PARAMETER = _BLANKS + rb";" + _BLANKS + _ATTRIBUTE + rb"=(?:" + _TOKEN + rb"|" + _QUOTED + rb")"

# content = "Content-Type" ":" type "/" subtype *(";" parameter)
CONTENT_TYPE = Production(
    _BLANKS + rb"(%b)/(%b)((?:%b)*+)" % (_TOKEN, _TOKEN, _PARAMETER) + _BLANKS
)

# disposition = "Content-Disposition" ":" disposition-type *(";" disposition-parm)
#                                                                         (RFC 2183 2)
# mechanism, of Content-Transfer-Encoding, is the same without parameters       (6.1)
DISPOSITION = Production(_BLANKS + rb"(%b)()((?:%b)*+)" % (_TOKEN, _PARAMETER) + _BLANKS)

# parameter = attribute "=" value, of a value that the patterns above have taken
PARAMETER = Production(
    rb";" + _BLANKS + rb"(" + _ATTRIBUTE + rb")=(?:(" + _TOKEN + rb')|"([^"]*+)")'
)

# What a tolerant reader tells apart: blanks, a run that is no tspecial, a quoted-string, or a
# single octet. A quote that is never closed is such an octet.
LEXEME = Production(
    rb"(%b)|([^\x00\t\r\n \x0b\x0c" % rb"[ \t\r\n\x00\x0b\x0c]++"
    + _TSPECIALS
    + rb']++)|("(?:[^"\\]++|\\.)*+")|(.)',
    _DOTALL,
)
PARENTHESIS = Production(rb"\\.|[()]", _DOTALL)

# What a quoted-string hides: a quoted pair, or the line break of a folded field.
QUOTED_PAIR = Production(rb"\\(.)|\r*+\n|\r(?=[ \t])", _DOTALL)

CONTROL = Production(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]++")
EIGHT_BIT = Production(rb"[\x80-\xff]++")
NUL = Production(rb"\x00++")

# What the fields of MIME that hold one value say, without comments: seconds (RFC 3803), tags
# with commas between (RFC 3282 2, as RFC 5646 2.1 writes them), the digest of 16 octets in base64
# (RFC 1864 2). Content-Disposition's size: 1*DIGIT                             (RFC 2183 2)
DURATION = Production(rb"[0-9]{1,10}")
_LANGUAGE = rb"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*+"
LANGUAGES = Production(rb"%b(?: *+, *+%b)*+" % (_LANGUAGE, _LANGUAGE))
DIGEST = Production(rb"[A-Za-z0-9+/]{21}[AQgw]==")
SIZE = Production(rb"[0-9]++")

# Controls of ISO 8859, which are letters and signs in Windows' sets.
C1_CONTROL = Production(rb"[\x80-\x9f]")

# -- Quoted-printable (6.7) ----------------------------------------------------------------

# hex-octet = "=" 2(DIGIT / "A" / "B" / "C" / "D" / "E" / "F")
# A soft line break is "=" at the end of a line; what ends a body may end it too.
ODD_ESCAPE = Production(rb"=(?![0-9A-F]{2}|\r?\n)")
BAD_ESCAPE = Production(rb"=(?![0-9A-Fa-f]{2}|[\r\n]|[ \t]*+(?:[\r\n]|\Z))(?:[^\s=]{1,2})?")
LOWER_CASE_HEX = Production(rb"=(?:[0-9A-F][a-f]|[a-f][0-9A-Fa-f])")
HIGH_ESCAPE = Production(rb"=[89A-Fa-f][0-9A-Fa-f]")
ENCODED_BREAK = Production(rb"(?i)(?:=0D)?=0A")
SOFT_BREAK_BLANKS = Production(rb"=([ \t]++)(?=[\r\n]|\Z)")
TRAILING_BLANKS = Production(rb"(?<![ \t=])[ \t]++(?=[\r\n]|\Z)")
LONE_DOT = Production(rb"(?m)^\.(?=\r|\n|\Z)")

# -- Base64 (6.8) --------------------------------------------------------------------------

NOT_BASE64 = Production(rb"[^A-Za-z0-9+/=\r\n\t ]++")
BASE64_BLANKS = Production(rb"[ \t]++")
PADDING = Production(rb"=[=\s]*+")

# The last lines of a body as encoders write them, by what ends a line: whole quanta, the padding,
# empty lines.
_LETTER = rb"[A-Za-z0-9+/]"
_QUANTA = rb"(?:%b{4})" % _LETTER
TAIL = {
    end_of_line: Production(
        rb"(?:%b++%b)*+%b*+(?:%b{2}==|%b=)?+(?:%b)*+"
        % (_QUANTA, end_of_line, _QUANTA, _LETTER, _LETTER * 3, end_of_line)
    )
    for end_of_line in (b"\n", b"\r\n")
}

# A file that uuencode made; the RFCs know nothing of it.
UUENCODED = Production(rb"(?m)^begin [0-7]{3,4} [^\r\n]++(?=\r*\nM[ -`]{60}\r*\n)")
