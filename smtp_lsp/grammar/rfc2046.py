"""RFC 2046: boundaries of multiparts."""

from smtp_lsp.grammar import Production

# boundary = 0*69<bchars> bcharsnospace                                        (5.1.1)
# bchars = bcharsnospace / " "
# bcharsnospace = DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":"
#               / "=" / "?"
NO_BCHARS = Production(rb"[^0-9A-Za-z'()+_,./:=? -]++")

LONGEST_BOUNDARY = 70
