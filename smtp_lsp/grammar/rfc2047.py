"""RFC 2047: encoded-words, as they are written and as they are meant.

What is tolerated (an encoding of any name, white space in the text) is told as a defect by
the reader. Flag 16 is ``re.DOTALL``.
"""

from smtp_lsp.grammar import Production

# encoded-word = "=?" charset "?" encoding "?" encoded-text "?="             (2)
# charset = token ["*" language]                                             (RFC 2231 5)
# Groups: charset, language, encoding, encoded-text; no text where the end is missing.
ENCODED_WORD = Production(
    rb"=\?([A-Za-z0-9_.:+'-]++)(?:\*([A-Za-z0-9-]*+))?\?([A-Za-z0-9]++)\?(?:([^?]*+)\?=)?"
)

# The restricted set of a phrase: letters, digits, "!" "*" "+" "-" "/" "=" "_"  (5 (3))
NOT_IN_PHRASE = Production(rb"[^\sA-Za-z0-9!*+/=_-]")

# Of these, what ends a word for whoever reads the phrase without decoding it: specials without
# the period, which obs-phrase allows                                       (RFC 5322 3.2.3, 4.1)
ENDS_WORD = Production(rb'[()<>@,;:\\"\[\]]')

# "any string of non-white-space printable ASCII characters [...] that begins with "=?" and ends
# with "?=""                                                                 (7)
LOOKS_ENCODED = Production(rb"(?<![!-~])=\?[!-~]*\?=(?![!-~])")

# A comment's text has neither parentheses nor quotes                        (5 (2))
NOT_IN_COMMENT = Production(rb'[()"]')

# encoded-text = 1*<Any printable ASCII character other than "?" or SPACE>   (2)
NOT_PRINTABLE = Production(rb"[^\s!-~]")

# "=" is followed by two hexadecimal digits                                  (4.2)
BAD_ESCAPE = Production(rb"=(?![0-9A-Fa-f]{2})")
ESCAPE = Production(rb"=([0-9A-Fa-f]{2})")

# base64 = *(4base64-char) with its padding                                  (4.1)
BASE64 = Production(rb"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")
NOT_BASE64 = Production(rb"[^A-Za-z0-9+/]")

# ISO-2022-JP: the last of its escape sequences, which is to lead back to ASCII  (3, RFC 1468)
LAST_ESCAPE = Production(rb"(?s).*(\x1b[$(][ -/]*[0-~])")
