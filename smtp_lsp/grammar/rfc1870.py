"""RFC 1870: SIZE."""

from smtp_lsp.grammar import Production

# size-value = 1*20DIGIT                                                      (3)
SIZE_VALUE = Production(rb"[0-9]{1,20}$")
