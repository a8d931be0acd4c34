"""RFC 6710: MT-PRIORITY."""

from smtp_lsp.grammar import Production

# priority-value = (["-"] NZDIGIT) / "0"                                      (7)
PRIORITY_VALUE = Production(rb"(?:-?[1-9]|0)$")
