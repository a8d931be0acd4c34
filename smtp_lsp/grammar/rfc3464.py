"""RFC 3464, RFC 8098: the values of the fields of reports."""

from smtp_lsp.grammar import Production

_IGNORECASE = 2

# "*-type" sub-fields: atom ";" *text                                (RFC 3464 2.1.2)
TYPED = Production(rb"[ \t\r\n]*+([!#-'*+/-9=?A-Z^-~-]++)[ \t\r\n]*+;")

# status-code = DIGIT "." 1*3DIGIT "." 1*3DIGIT, a comment may follow    (RFC 3464 2.3.4)
# No sub-field has leading zeros; the first digit is 2, 4 or 5.
STATUS = Production(rb"([0-9])\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})(?![0-9.])")

# disposition-field = "Disposition" ":" OWS disposition-mode OWS ";" OWS disposition-type
#                     [ OWS "/" OWS disposition-modifier *( OWS "," OWS disposition-modifier ) ]
# disposition-mode = action-mode OWS "/" OWS sending-mode              (RFC 8098 3.2.6)
_OWS = rb"[ \t\r\n]*+"
_ATOM = rb"[^\s/;,()]++"
DISPOSITION = Production(
    _OWS
    + _OWS.join((rb"(%b)" % _ATOM, rb"/", rb"(%b)" % _ATOM, rb";", rb"(%b)" % _ATOM, rb""))
    + rb"(?:/"
    + _OWS
    + rb"("
    + _ATOM
    + rb"(?:"
    + _OWS
    + rb","
    + _OWS
    + _ATOM
    + rb")*+))?+"
    + _OWS,
    _IGNORECASE,
)
