"""RFC 6533: the address type utf-8 in ORCPT."""

from smtp_lsp.grammar import Production

# utf-8-enc-addr = utf-8-addr-xtext / utf-8-addr-unitext / utf-8-address      (3)
# QCHAR = %x21-2a / %x2c-3c / %x3e-5b / %x5d-7e;  QUCHAR = QCHAR / UTF8-2 / UTF8-3 / UTF8-4
# EmbeddedUnicodeChar = %x5C.78 "{" HEXPOINT "}"; HEXPOINT is 2 to 6 hexadecimal digits
UTF_8_ENC_ADDR = Production(rb"(?:[!-*,-<>-\[\]-~\x80-\xff]|\\x\{[0-9A-F]{2,6}\})++$", 2)
