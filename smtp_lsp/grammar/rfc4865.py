"""RFC 4865: FUTURERELEASE."""

from smtp_lsp.grammar import Production, rfc3339

# future-release-interval = future-release-integer: seconds, one to nine digits  (3)
INTERVAL = Production(rb"[1-9][0-9]{0,8}$")

# future-release-date-time = date-time, in UTC                       (3; erratum 2040)
DATE_TIME = Production(rfc3339.DATE_TIME + rb"$", 2)
