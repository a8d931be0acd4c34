"""RFC 6376: the tag lists of DKIM, which ARC took over."""

from smtp_lsp.grammar import Production

# tag-list = tag-spec *( ";" tag-spec ) [ ";" ]                              (3.2)
# tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
# tag-name = ALPHA *ALNUMPUNC;  VALCHAR = %x21-3A / %x3C-7E
# FWS = [*WSP CRLF] 1*WSP, with LF for CRLF as messages are stored           (2.8)
_NAME = rb"[A-Za-z][A-Za-z0-9_]*+"
_SPEC = rb"[ \t\r\n]*+%b[ \t\r\n]*+=[\t\r\n -:<-~]*+" % _NAME
TIDY_TAG_LIST = Production(rb"%b(?:;%b)*+(?:;[ \t\r\n]*+)?\Z" % (_SPEC, _SPEC))

# The names of a tidy list.
TIDY_NAME = Production(rb"(?:\A|;)[ \t\r\n]*+(%b)" % _NAME)
