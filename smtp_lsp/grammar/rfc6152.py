"""RFC 6152: BODY."""

from smtp_lsp.grammar import Production

# body-value = "7BIT" / "8BITMIME"                                           (2)
# body-value = "7BIT" / "8BITMIME" / "BINARYMIME"                  (RFC 3030 3)
BODY_VALUE = Production(rb"(?:7BIT|8BITMIME|BINARYMIME)$", 2)
