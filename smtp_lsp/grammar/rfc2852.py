"""RFC 2852: DELIVERBY."""

from smtp_lsp.grammar import Production

# by-value = by-time ";" by-mode [by-trace]                                   (4)
# by-time = ["-" / "+"] 1*9DIGIT;  by-mode = "N" / "R";  by-trace = "T"
BY_VALUE = Production(rb"([+-]?[0-9]{1,9});([NR])T?$", 2)
