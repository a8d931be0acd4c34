"""RFC 9422: LIMITS."""

from smtp_lsp.grammar import Production

# MAILMAX, RCPTMAX, RCPTDOMAINMAX: %x31-39 0*5DIGIT                           (4)
MAXIMUM = Production(rb"[1-9][0-9]{0,5}$")
