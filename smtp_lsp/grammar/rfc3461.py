"""RFC 3461: xtext, and the values of NOTIFY and ORCPT."""

from smtp_lsp.grammar import Production

# xtext = *( xchar / hexchar )                                               (4)
# xchar = any ASCII CHAR between "!" (33) and "~" (126), except for "+" and "="
# hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits
XTEXT = Production(rb"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*+$")

# notify-esmtp-value = "NEVER" / 1#notify-list-element                       (4.1)
# notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"
NOTIFY_VALUE = Production(
    rb"(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*)$", 2
)

# original-recipient-address = addr-type ";" xtext;  addr-type = atom        (4.2)
ADDR_TYPE = Production(rb"[A-Za-z0-9!#$%&'*/?^_`{|}~.-]+;")
