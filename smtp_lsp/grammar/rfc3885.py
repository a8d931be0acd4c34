"""RFC 3885: what MTRK asks of ENVID."""

from smtp_lsp.grammar import Production

# envid-parameter = "ENVID=" unique-envid;  unique-envid = local-envid "@" fqhn  (3.2)
# The @ may be written as the xtext that it is anyway.
UNIQUE_ENVID = Production(rb"(?:(?!\+40)[^@])++(?:@|\+40)(?:(?!\+40)[^@])++$")
