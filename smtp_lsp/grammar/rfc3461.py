"""RFC 3461: xtext."""

from smtp_lsp.grammar import Production

# xtext = *( xchar / hexchar )                                               (4)
# xchar = any ASCII CHAR between "!" (33) and "~" (126), except for "+" and "="
# hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits
XTEXT = Production(rb"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*+$")
