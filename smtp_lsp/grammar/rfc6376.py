"""RFC 6376: the tag lists of DKIM, which ARC took over."""

from smtp_lsp.grammar import Production

# tag-list = tag-spec *( ";" tag-spec ) [ ";" ]                              (3.2)
# tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
# tag-name = ALPHA *ALNUMPUNC;  VALCHAR = %x21-3A / %x3C-7E
# FWS = [*WSP CRLF] 1*WSP, with LF for CRLF as messages are stored           (2.8)
_NAME = rb"[A-Za-z][A-Za-z0-9_]*+"
_SPEC = rb"[ \t\r\n]*+%b[ \t\r\n]*+=[\t\r\n -:<-~]*+" % _NAME
TIDY_TAG_LIST = Production(rb"%b(?:;%b)*+(?:;[ \t\r\n]*+)?\Z" % (_SPEC, _SPEC))

# Those below are matched with a ";" put before the list: a pattern that begins with an octet is
# looked for many times as quickly.
# The names of a tidy list.
TIDY_NAME = Production(rb";[ \t\r\n]*+(%b)" % _NAME)

# Of a tidy list: the version (3.5), and that From is among what is signed (5.4).
# sig-v-tag = %x76 [FWS] "=" [FWS] 1*DIGIT
# sig-h-tag = %x68 [FWS] "=" [FWS] hdr-name *( [FWS] ":" [FWS] hdr-name )
TIDY_VERSION = Production(rb";[ \t\r\n]*+v[ \t\r\n]*+=[ \t\r\n]*+1[ \t\r\n]*+(?:;|\Z)")
TIDY_SIGNS_FROM = Production(
    rb"(?i);[ \t\r\n]*+h[ \t\r\n]*+=(?>[^:;]*+:)*?[ \t\r\n]*+from[ \t\r\n]*+(?:[:;]|\Z)"
)

# A domain or a selector with an octet that no name of a host has: (1) the tag, (2) the octet.
# sig-d-tag = %x64 [FWS] "=" [FWS] domain-name                                   (3.5)
# sig-s-tag = %x73 [FWS] "=" [FWS] selector
ODD_NAME = Production(rb";[ \t\r\n]*+([ds])[ \t\r\n]*+=[A-Za-z0-9._\x80-\xff \t\r\n-]*+([^;])")

# A signature or a hash that is no base64: (1) the first octet that is wrong. Periods and brackets
# are left alone: so people write what they leave out.
# base64string = ALPHADIGITPS *([FWS] ALPHADIGITPS) [ [FWS] "=" [ [FWS] "=" ] ]  (2.10)
ODD_BASE64 = Production(
    rb";[ \t\r\n]*+bh?[ \t\r\n]*+=[A-Za-z0-9+/ \t\r\n]*+=?+[ \t\r\n]*+=?+[ \t\r\n]*+"
    rb"([^;.<>\[\]{}()*\x80-\xff])"
)
