"""RFC 7293: RRVS."""

from smtp_lsp.grammar import Production, rfc3339

# rrvs-param = date-time [ ";" ( "C" / "R" ) ], without time-secfrac          (3.1)
RRVS_VALUE = Production(rfc3339.SECONDS + rfc3339.OFFSET + rb"(?:;[CR])?$", 2)
FRACTION = Production(rfc3339.SECONDS + rb"(" + rfc3339.FRACTION + rb")" + rfc3339.OFFSET, 2)
