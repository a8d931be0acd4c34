"""A file for every check of a peer that looks at addresses, and for espoofer's attacks."""

from __future__ import annotations

from builders import author, mail, session, subject, to

Fault = tuple[bytes, tuple[str, ...]]

FAULTS: list[Fault] = [
    (to(b"<<bob@example.net>>"), ("mimekit ExcessiveAngleBracketsInAddress",)),
    (
        author(b"Ann <ann@example.org"),
        ("mimekit UnbalancedAngleBracketsInAddress", "spamassassin UNCLOSED_BRACKET"),
    ),
    (
        to(b'"Bob <bob@example.net>'),
        (
            "mimekit UnbalancedQuotesInAddress",
            "msglint unbalanced quote",
            "mta Exim unmatched doublequote in local part",
        ),
    ),
    (
        to(b"Bob (bob <bob@example.net>"),
        ("mimekit UnbalancedParenthesesInAddress", "msglint unbalanced comment"),
    ),
    (author(b"Doe, John <john@example.org>"), ("mimekit UnquotedDisplayName",)),
    (
        author(b"admin@bank.example <eve@example.org>"),
        ("mimekit UnquotedAddressInDisplayName",),
    ),
    (
        to(b"admin@bank.example: eve@example.org;"),
        ("mimekit UnquotedAddressInGroupDisplayName",),
    ),
    (
        to(b"bob..x@example.net"),
        (
            "mimekit InvalidLocalPart",
            "mta Exim missing or malformed local part",
            "others isemail ERR",
        ),
    ),
    (
        to(b"@example.net"),
        (
            "mimekit NonConformantAddress",
            "mta Exim verify = header_syntax",
            "others mail-parser AddressHeaderDefect",
        ),
    ),
    (
        to(b"<@a.example,@b.example:bob@example.net>"),
        ("mimekit ObsoleteRouteAddress", "msglint old-style route-addr"),
    ),
    (
        author(b"<@example.org>"),
        ("spamassassin FROM_NO_USER", "msglint expected atom or quoted-string"),
    ),
    (to(b"bob at example.net"), ("spamassassin TO_MALFORMED",)),
    (
        mail(b"Reply-To: bob at example.net"),
        ("rspamd REPLYTO_INVALID", "rspamd REPLYTO_UNPARSEABLE"),
    ),
    (author(b"not an address"), ("rspamd FROM_INVALID",)),
    (to(b"<@a.example bob@example.net>"), ("mta Exim colon expected after route list",)),
    (to(b"<bob@example.net> x"), ("mta Exim X may not follow Y", "msglint expected phrase")),
    (to(b'"bob".x@example.net'), ("msglint local-part with quoted-string and '.' unwise",)),
    (to(b'x."b b"@example.net'), ("msglint local-part with atom and quoted-string unwise",)),
    (to(b"bob@example.net eve@example.org"), ("mimekit MissingAddressSeparator",)),
    (to(b"<eve@example.org> <bob@example.net>"), ("mimekit AmbiguousMailboxBoundary",)),
    (
        to(b"bob@example.net,,eve@example.org"),
        (
            "mimekit ExtraneousCommaInAddressList",
            "msglint empty element in comma separated list",
        ),
    ),
    (
        to(b"bob"),
        (
            "mimekit AddressWithoutDomain",
            "mta Exim unqualified address",
        ),
    ),
    (to(b"<@a.example:bob>"), ("mta Exim domain missing in source-routed address",)),
    (to(b"bob@example (net) .net"), ("mimekit ObsoleteDomainSyntax", "others isemail CFWS")),
    (
        to(b"bob @ example.net"),
        (
            "python ObsoleteHeaderDefect",
            "msglint whitespace after token is obsolete",
            "others isemail DEPREC",
        ),
    ),
    (
        to(b"bob@example..net"),
        ("mimekit InvalidDomain", "mta Exim domain missing or malformed"),
    ),
    (to(b"bob@example.net."), ("mimekit TrailingDotInDomain",)),
    (to(b"bob@[ 192.0.2.1 ]"), ("mimekit WhitespaceInDomainLiteral",)),
    (
        to(b"bob@[192.0.2.1[]"),
        ("mimekit InvalidCharacterInDomainLiteral", "others isemail RFC5322"),
    ),
    (to(b"bob@[x!y]"), ("msglint unwise domain-literal char",)),
    (to(b"bob@[192.0.2.1\\]]"), ("msglint quoted domain separators in domain literal unwise",)),
    (
        to(b"bob@[300.1.1.1]"),
        ("mta Exim malformed domain literal",),
    ),
    (to(b"bob@[192.0.2.1"), ("msglint unbalanced domain literal",)),
    (to(b"bob@ex_ample.net"), ("msglint unexpected domain character",)),
    (
        to(b"b\xf6b@example.net"),
        (
            "mimekit Invalid8BitAddress",
            "rspamd INVALID_RCPT_8BIT",
            "python NonASCIILocalPartDefect",
        ),
    ),
    (author(b"b\xf6b@example.net"), ("rspamd INVALID_FROM_8BIT",)),
    (to(b"bob@[192\xf6]"), ("msglint 8-bit in domain literal",)),
    (to(b"Friends: bob@example.net"), ("mimekit MissingGroupTerminator",)),
    (to(b": bob@example.net;"), ("mimekit EmptyGroupName",)),
    (to(b"bob\0@example.net"), ("mimekit NullByteInAddress",)),
    (to(b"B\0b <bob@example.net>"), ("mimekit NullByteInDisplayName",)),
    (to(b"bob@exam\r\n ple.net"), ("mimekit LineBreakInAddress",)),
    (to(b"bo\rb@example.net"), ("mimekit LineBreakInAddress",)),
    (
        subject(b"a\rBcc: eve@example.org"),
        ("mimekit LineBreakInAddress",),
    ),
    (to(b"bo\x01b@example.net"), ("mimekit ControlCharacterInAddress",)),
    (to(b"\x1b$B8\x1b(B@example.net"), ("mimekit Iso2022SequenceInLocalPart",)),
    (
        to(b"bob@example.net (Bob)"),
        ("msglint 'display-name addr' is preferred to 'addr (comment)'",),
    ),
    (to(b"Bob B. Bee <bob@example.net>"), ("msglint unquoted '.' in phrase unwise",)),
    (to(b'"bob"@example.net'), ("msglint quotes around local-part unnecessary",)),
    (to(b"< bob@example.net >"), ("rspamd TO_WRAPPED_IN_SPACES",)),
    (author(b"Ann<ann@example.org>"), ("rspamd R_NO_SPACE_IN_FROM",)),
    (
        mail(b"Reply-To: " + b"a" * 65 + b"@example.org"),
        ("rspamd REPLYTO_LOCALPART_LONG", "others isemail RFC5321"),
    ),
    (
        mail(b"Reply-To: ann@" + b".".join([b"a" * 60] * 5) + b".example"),
        ("rspamd REPLYTO_DOMAIN_LONG",),
    ),
    (
        mail(b"Sender: Friends: a@example.org, b@example.org;"),
        ("msglint only one address allowed in group",),
    ),
    (mail(b"Sender: a@example.org, b@example.org"), ("msglint only one address allowed in group",)),
]


def signed(domain: bytes, selector: bytes) -> bytes:
    tags = b"v=1; a=rsa-sha256; d=" + domain + b"; s=" + selector + b"; h=from;\r\n bh=AAAA; b=AAAA"
    return mail(first=(b"DKIM-Signature: " + tags,))


ESPOOFER: dict[int, bytes] = {
    2: session(mail(), sender=b"<(any@example.org>"),
    3: signed(b"example.org", b"selector._domainkey.evil.example.\0.any"),
    4: signed(b"example.org'a.evil.example", b"selector"),
    5: session(mail(), sender=b"<any@example.org(a.evil.example>"),
    6: session(mail(), sender=b"<any@example.org'@any.evil.example>"),
    7: session(mail(), sender=b"<@example.org,@a.example:'any@evil.example>"),
    8: mail(b"From: <a@evil.example>", more=(b"From: <ann@example.org>",)),
    9: mail(first=(b" From: <a@evil.example>",)),
    10: mail(first=(b"From : <a@evil.example>",)),
    11: mail(first=(b"From\r\n : <a@evil.example>",)),
    12: mail(without=b"from", first=(b"From\r\n : <a@evil.example>", b"Sender: <ann@example.org>")),
    13: mail(
        without=b"from", first=(b"From\r\n : <a@evil.example>", b"Resent-From: <ann@example.org>")
    ),
    14: author(b"<a@evil.example>, <ann@example.org>"),
    15: author(b"=?utf-8?b?PGFubkBleGFtcGxlLm9yZz4=?=,<a@evil.example>"),
    16: author(b"<@evil.example,@any.example:ann@example.org>"),
    17: author(b"<ann@example.org>\\,<a@evil.example>"),
    18: author(b"ann@example.org,<a@evil.example>"),
    19: author(b"<a@evil.example>ann@example.org"),
}
"""The attacks of espoofer by their number, with other names."""
