"""RFC 2046: boundaries of multiparts."""

from smtp_lsp.grammar import Production

# boundary = 0*69<bchars> bcharsnospace                                        (5.1.1)
# bchars = bcharsnospace / " "
# bcharsnospace = DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":"
#               / "=" / "?"
NO_BCHARS = Production(rb"[^0-9A-Za-z'()+_,./:=? -]++")

LONGEST_BOUNDARY = 70

# number, total: counts of the fragments of a message/partial, from 1 on         (5.2.2)
COUNT = Production(rb"0*[1-9][0-9]{0,8}")

# What a body of HTML or XML says of its own character set, or a byte order mark.
OWN_CHARSET = Production(rb"(?i)\A\xef\xbb\xbf|charset\s*=|<\?xml\s[^>]{0,200}encoding")

# What a preamble says to those who read mail without MIME (5.1.1), and any other words.
NOTE = Production(rb"(?i)\bMIME\b|multi-?part|multiple parts")
WORDS = Production(rb"[^\s][^\r\n]*+")

# Lines behind a close-delimiter that are more than a few words of prose: fields of MIME, and
# data in base64 or from uuencode.
PAYLOAD = Production(
    rb"(?im)^content-(?:type|transfer-encoding|disposition)[ \t]*:"
    rb"|^[A-Za-z0-9+/]{60,76}\r*\n[A-Za-z0-9+/]{60,76}\r*$"
    rb"|^begin [0-7]{3,4} [^\r\n]++\r*\n(?:M[ -`]{60}\r*$|[!-M][ -`]{2,60}\r*\n[ `]\r*\nend\r*$)"
)
