"""RFC 2231: parameters in pieces, with a charset and percent-encoding."""

from smtp_lsp.grammar import Production

# section = initial-section / other-sections                                       (7)
# initial-section = "*0"
# other-sections = "*" ("1" / ... / "9") *DIGIT
# extended-initial-name = attribute [initial-section] "*"
# extended-other-names = attribute other-sections "*"
NAME = Production(rb"([^*]++)(?:\*([0-9]++))?+(\*)?+")

# extended-initial-value = [charset] "'" [language] "'" extended-other-values
INITIAL_VALUE = Production(rb"([^']*+)'([^']*+)'")

# ext-octet = "%" 2(DIGIT / "A" / "B" / "C" / "D" / "E" / "F")
EXT_OCTET = Production(rb"%([0-9A-Fa-f]{2})")
BAD_PERCENT = Production(rb"%(?![0-9A-Fa-f]{2})[^%\s]{0,2}")

# encoded-word, which no parameter may hold (RFC 2047 5)
ENCODED_WORD = Production(rb"=\?[^?\s]++\?[BbQq]\?[^?]*+\?=")
