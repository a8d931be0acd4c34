"""RFC 3030: BDAT."""

from smtp_lsp.grammar import Production

# bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CRLF; chunk-size = 1*DIGIT  (2)
# Twenty digits are more than any file holds; the rest of a longer number is not read.
CHUNK = Production(rb"([0-9]{1,20})(?:[ \t]+(LAST))?[ \t]*$", 2)
