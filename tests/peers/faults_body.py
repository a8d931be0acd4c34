"""A file for every check of a peer that looks at bodies, reports or the envelope."""

from __future__ import annotations

from builders import (
    BASE64,
    BINARY,
    EIGHT,
    RECIPIENT,
    REPORTING,
    SHOWN,
    UTF8,
    base64,
    mail,
    multipart,
    part,
    quoted,
    receipt,
    session,
    status,
    text,
)

Fault = tuple[bytes, tuple[str, ...]]


def kind(value: bytes, **more: bytes) -> bytes:
    return mail(b"Content-Type: " + value, **more)


def disposition(value: bytes) -> bytes:
    return mail(b"Content-Disposition: " + value)


def nested(depth: int) -> bytes:
    """Return multiparts inside one another."""
    opened = [
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n" % (n, n + 1)
        for n in range(100, 100 + depth)
    ]
    inner = b"--b%d\r\n\r\nx\r\n--b%d--" % (100 + depth, 100 + depth)
    closed = [b"--b%d--" % n for n in reversed(range(100, 100 + depth))]
    return multipart(*opened, inner, *closed, kind=b"multipart/mixed; boundary=b100")


TYPES: list[Fault] = [
    (
        mail(UTF8, without=b"mime-version"),
        ("rspamd MISSING_MIME_VERSION", "spamassassin MIME_HEADER_CTYPE_ONLY"),
    ),
    (mail(UTF8, without=b"mime-version"), ("spamassassin missing_mime_headers",)),
    (mail(b"MIME-Version: 2.0", UTF8), ("msglint syntax of MIME-Version",)),
    (
        mail(UTF8, more=(b"Content-Type: text/html",)),
        ("mimekit RepeatedContentType", "spamassassin HEADER_COUNT_CTYPE"),
    ),
    (
        mail(EIGHT, more=(BASE64,)),
        ("mimekit RepeatedContentTransferEncoding",),
    ),
    (
        kind(b"text plain"),
        ("mimekit InvalidContentType", "rspamd BROKEN_CONTENT_TYPE", "zeek type not found"),
    ),
    (kind(b"text/"), ("zeek subtype not found",)),
    (
        disposition(b"=attachment"),
        ("others mime4j invalid Content-Disposition parameter",),
    ),
    (
        kind(b"text/plain; =utf-8"),
        ("others mime4j invalid Content-Type parameter", "zeek attribute not found in parameter"),
    ),
    (kind(b"text/plain; charset"), ("zeek = not found in parameter",)),
    (kind(b"text/plain; charset="), ("zeek value not found in parameter",)),
    (kind(b"application/octet-stream; name=a b.txt"), ("here param-quoting",)),
    (kind(b"text/plain; charset=utf-8;"), ("rspamd CT_EXTRA_SEMI",)),
    (
        multipart(b"--b", b"", b"x", b"--b--", kind=b"multipart/mixed; boundary=b; boundary=c"),
        ("msglint duplicate param",),
    ),
    (disposition(b"attachment; filename*0=a; filename*2=b"), ("here param-extended",)),
    (disposition(b"attachment; filename*=utf-8''a%zz"), ("here param-extended",)),
    (kind(b"message/partial; id=1"), ("here message-partial-params",)),
    (
        part(b"Content-Type: message/external-body", body=b"Content-ID: <2@example.org>\r\n\r\n"),
        ("msglint missing mandatory access-type",),
    ),
    (
        part(UTF8, b"Content-ID: picture"),
        ("msglint syntax of Content-ID",),
    ),
]

TREE: list[Fault] = [
    (
        multipart(b"--b", b"", b"x", b"--b--", kind=b"multipart/mixed"),
        (
            "mimekit MissingMultipartBoundaryParameter",
            "python NoBoundaryInMultipartDefect",
            "msglint multipart missing boundary parameter",
            "spamassassin mime_missing_boundary",
        ),
    ),
    (
        multipart(b"--b{}", b"", b"x", b"--b{}--", kind=b'multipart/mixed; boundary="b{}"'),
        (
            "mimekit InvalidMultipartBoundaryParameter",
            "msglint should be a boundary char",
            "zeek boundary not parseable",
        ),
    ),
    (
        multipart(
            b"--" + b"b" * 300,
            b"",
            b"x",
            b"--" + b"b" * 300 + b"--",
            kind=b"multipart/mixed; boundary=" + b"b" * 300,
        ),
        ("suricata MIME_LONG_BOUNDARY", "mta Postfix mime_boundary_length_limit"),
    ),
    (
        multipart(b"Hello."),
        (
            "mimekit MissingMultipartBoundary",
            "python StartBoundaryNotFoundDefect",
            "msglint MIME boundary not found",
        ),
    ),
    (multipart(b"--b--"), ("python MultipartInvariantViolationDefect",)),
    (
        multipart(b"--b", b"", b"x"),
        (
            "python CloseBoundaryNotFoundDefect",
            "others mime4j MIME_BODY_PREMATURE_END",
            "zeek closing delimiter missing",
        ),
    ),
    (
        multipart(
            b"--b",
            b"Content-Type: multipart/mixed; boundary=c",
            b"",
            b"--c",
            b"",
            b"x",
            b"--b--",
        ),
        ("msglint unbalanced MIME boundary",),
    ),
    (
        multipart(b"--b", UTF8, b"Hello there", b"--b--"),
        ("spamassassin MISSING_MIME_HB_SEP",),
    ),
    (multipart(b"--b", b"", b"x", b"--b--", b"text"), ("spamassassin mime_epilogue_exists",)),
    (
        multipart(b"--b", b"", b"x", b"--b--", BINARY, BASE64, b"", b"AAAA"),
        ("others mail-parser EPILOGUE_DEFECTS",),
    ),
    (
        multipart(
            b"--b",
            b"Content-Type: multipart/mixed; boundary=bb",
            b"",
            b"--bb",
            b"",
            b"x",
            b"--bb--",
            b"--b--",
        ),
        ("here boundary-unique-nested",),
    ),
    (
        part(b"Content-Type: message/rfc822", body=b"X-A: b\r\n\r\nHello."),
        ("msglint At least one of Date, From, Subject required",),
    ),
    (nested(110), ("mta Postfix MIME_ERR_NESTING", "zeek exceeded_mime_max_depth")),
    (multipart(*[b"--b\r\n\r\nx"] * 1100, b"--b--"), ("spamassassin MIMEPART_LIMIT_EXCEEDED",)),
]

ENCODINGS: list[Fault] = [
    (
        mail(b"Content-Transfer-Encoding: secret"),
        ("mimekit InvalidContentTransferEncoding", "zeek encoding type not found"),
    ),
    (mail(b"Content-Transfer-Encoding:", UTF8), ("zeek encoding type not found",)),
    (
        part(b"Content-Type: message/rfc822", BASE64, body=b"RnJvbTogYUBiLmV4YW1wbGUNCg0K"),
        (
            "mimekit IllegalMessageRfc822ContentTransferEncoding",
            "msglint encoding not permitted on compound media types",
        ),
    ),
    (
        multipart(b"--b", b"", b"x", b"--b--", fields=(BASE64,)),
        (
            "mimekit IllegalMultipartContentTransferEncoding",
            "python InvalidMultipartContentTransferEncodingDefect",
            "mta Postfix MIME_ERR_ENCODING_DOMAIN",
        ),
    ),
    (
        part(UTF8, EIGHT, body="caf\xe9".encode()),
        ("msglint mismatch between content-transfer-encodings of part and multipart",),
    ),
    (
        text("caf\xe9".encode()),
        (
            "mimekit Unexpected8BitBytesInBody",
            "msglint Content-Transfer-Encoding doesn't permit 8-bit characters",
            "rspamd R_BAD_CTE_7BIT",
            "mta Postfix MIME_ERR_8BIT_IN_7BIT_BODY",
            "spamassassin mime_ascii_text_illegal",
        ),
    ),
    (
        base64(b"AAAAA"),
        (
            "mimekit IncompleteBase64Quantum",
            "python InvalidBase64LengthDefect",
            "msglint incomplete base64 in body part",
            "msglint base64 should end on a 4-character boundary",
            "others mime4j unexpected end of base64",
        ),
    ),
    (
        base64(b"AA!AAAAA"),
        (
            "mimekit InvalidBase64Character",
            "python InvalidBase64CharactersDefect",
            "msglint non-base64 character",
            "spamassassin mime_base64_illegal",
            "others mime4j unexpected base64 byte",
            "zeek base64_illegal_encoding",
            "suricata MIME_INVALID_BASE64",
        ),
    ),
    (
        base64(b"AAA=AAAA"),
        (
            "mimekit InvalidBase64Padding",
            "others mime4j unexpected base64 padding",
        ),
    ),
    (base64(b"AAA"), ("python InvalidBase64PaddingDefect",)),
    (
        base64(b"AAAA", b"AA==", b"AAAA"),
        ("mimekit Base64CharactersAfterPadding", "msglint excess characters at end of base64"),
    ),
    (base64(b"VGhpc*comment*IGlzIGE="), ("mimekit ObsoleteBase64Comment",)),
    (base64(b"A" * 80), ("msglint base64 line too long", "suricata MIME_LONG_ENC_LINE")),
    (
        quoted(b"a=zz"),
        (
            "mimekit InvalidQuotedPrintableEncoding",
            "msglint invalid quoted-printable sequence",
            "spamassassin mime_qp_illegal",
            "others mime4j malformed quoted-printable value",
            "zeek bad quoted-printable hex",
            "suricata MIME_INVALID_QP",
        ),
    ),
    (
        quoted(b"a= x"),
        ("mimekit InvalidQuotedPrintableSoftBreak", "others mime4j non-standard soft line break"),
    ),
    (quoted(b"a=="), ("others mime4j ==EOL",)),
    (quoted(b"a==41"), ("others mime4j ==",)),
    (
        quoted(b"a" * 80),
        ("spamassassin MIME_QP_LONG_LINE", "msglint quoted-printable line too long"),
    ),
    (quoted(b"a "), ("others mime4j ignored blanks",)),
    (
        quoted("caf\xe9".encode()),
        ("msglint character should be quoted-printable encoded",),
    ),
    (quoted(b"caf=c3=a9"), ("here qp-uppercase-hex",)),
    (
        mail(UTF8, BASE64, body=b"SGVsbG8gd29ybGQsIGhlbGxvIQ0K"),
        ("spamassassin MIME_BASE64_TEXT", "rspamd MIME_BASE64_TEXT_BOGUS"),
    ),
    (
        mail(b"Content-Type: text/plain", EIGHT, body="caf\xe9".encode()),
        (
            "msglint charset 'us-ascii' doesn't match content-transfer-encoding",
            "spamassassin mime_html_no_charset",
            "rspamd R_MISSING_CHARSET",
        ),
    ),
    (
        quoted(b"caf=E9", kind=b"Content-Type: text/plain; charset=us-ascii"),
        ("msglint character set doesn't permit 8-bit characters",),
    ),
    (
        mail(UTF8, EIGHT, body=b"caf\xe9"),
        ("msglint invalid UTF-8 octet", "others mail-parser CharsetDecodeDefect"),
    ),
    (mail(UTF8, BASE64, body=b"wIA="), ("msglint invalid zero-padding on UTF-8 character",)),
    (quoted(b"=ED=A0=80"), ("msglint invalid UTF-8 encoding of surrogate",)),
    (
        kind(b"text/plain; charset=DEFAULT"),
        ("spamassassin NONEXISTENT_CHARSET", "msglint unknown charset"),
    ),
    (kind(b"text/plain; charset=iso-8895-1"), ("spamassassin MIME_BAD_ISO_CHARSET",)),
]

MACHINE = REPORTING, b"", *RECIPIENT

REPORTS: list[Fault] = [
    (
        status(*MACHINE, kind=b"multipart/report; boundary=b"),
        ("msglint missing report-type parameter on multipart",),
    ),
    (
        status(
            *MACHINE,
            kind=b"multipart/report; report-type=disposition-notification;\r\n boundary=b",
        ),
        ("msglint mismatch of inner content subtype with outer report-type",),
    ),
    (
        multipart(
            b"--b",
            UTF8,
            b"",
            b"x",
            b"--b--",
            kind=b"multipart/report; report-type=delivery-status; boundary=b",
        ),
        ("here report-parts",),
    ),
    (
        status(b"Arrival-Date: Mon, 02 Mar 2026 10:00:00 +0000", b"", *RECIPIENT),
        ("msglint missing mandatory header 'reporting-mta'",),
    ),
    (
        status(REPORTING, b"", *RECIPIENT[1:]),
        ("msglint missing mandatory header 'final-recipient'",),
    ),
    (
        status(REPORTING, b"", RECIPIENT[0], RECIPIENT[2]),
        ("msglint missing mandatory header 'action'",),
    ),
    (status(REPORTING, b"", *RECIPIENT[:2]), ("msglint missing mandatory header 'status'",)),
    (status(REPORTING, *MACHINE), ("msglint duplicate header in a report",)),
    (
        part(b"Content-Type: message/tracking-status", body=b"Arrival-Date: today"),
        ("msglint missing mandatory header of tracking-status",),
    ),
    (
        status(REPORTING, b"", RECIPIENT[0], b"Action: exploded", RECIPIENT[2]),
        ("msglint unknown delivery-status action",),
    ),
    (status(REPORTING, b"", *RECIPIENT[:2], b"Status: 550"), ("msglint syntax of Status",)),
    (
        status(REPORTING, b"Arrival-Date: yesterday", b"", *RECIPIENT),
        ("msglint syntax of Arrival-Date",),
    ),
    (
        status(
            *MACHINE[:3],
            b"Action: failed",
            RECIPIENT[2],
            b"Will-Retry-Until: Mon, 02 Mar 2026 10:00:00 +0000",
        ),
        ("here dsn-retry",),
    ),
    (
        status(REPORTING, b"", RECIPIENT[0], b"Action: delivered", RECIPIENT[2]),
        ("here dsn-status-fits-action",),
    ),
    (
        receipt(RECIPIENT[0], b"Disposition: perhaps; seen"),
        ("msglint syntax of Disposition",),
    ),
    (receipt(RECIPIENT[0]), ("here mdn-fields",)),
    (
        multipart(
            b"--b",
            UTF8,
            b"",
            b"x",
            b"--b",
            b"Content-Type: message/delivery-status",
            BASE64,
            b"",
            b"UmVwb3J0aW5nLU1UQTogZG5zOyBteC5leGFtcGxlLm5ldA0K",
            b"--b--",
            kind=b"multipart/report; report-type=delivery-status; boundary=b",
        ),
        ("here report-encoded",),
    ),
]

ENVELOPE: list[Fault] = [
    (
        session(mail(), recipients=(b"<eve@example.com>",)),
        ("rspamd FORGED_RECIPIENTS", "mta Exim not_blind"),
    ),
    (
        session(mail(), sender=b"<eve@evil.example>"),
        ("rspamd FORGED_SENDER", "rspamd FROM_NEQ_ENVFROM"),
    ),
    (
        session(
            mail(more=(b"Bcc: carl@example.com",)),
            recipients=(b"<bob@example.net>", b"<carl@example.com>"),
        ),
        ("mta Postfix message_drop_headers (bcc, resent-bcc)",),
    ),
    (
        session(mail(first=(b"Return-Path: <ann@example.org>",))),
        ("mta Postfix message_drop_headers (return-path)",),
    ),
    (
        session(mail(first=(b"Return-Path: <zoe@example.org>",))),
        ("mta Postfix message_drop_headers (return-path)",),
    ),
    (session(mail(), sender=b"<ann example.org>"), ("rspamd ENVFROM_INVALID",)),
    (session(mail(), sender=b"<ann@example..org>"), ("rspamd ENVFROM_INVALID",)),
    (session(mail(), sender=b"ann@example.org"), ("mta Postfix strict_rfc821_envelopes",)),
    (
        session(status(*MACHINE)),
        ("msglint return-path should be empty on multipart/report",),
    ),
]

SIGNED = (
    b"--b",
    b"",
    b"x",
    b"--b",
    b"Content-Type: application/pgp-signature",
    b"",
    b"x",
    b"--b--",
)
FTP = b"Content-Type: message/external-body; access-type=ftp; name=x"
PHANTOM = b"Content-Type: text/plain\r\n\r\n"

VALUES: list[Fault] = [
    (kind(b"invented/type"), ("msglint unknown top-level content-type",)),
    (
        disposition(b"attachment; size=big; creation-date=today"),
        (
            "msglint should be a number",
            "msglint should be a quoted date-time",
        ),
    ),
    (
        part(FTP, body=PHANTOM),
        ("msglint Content-ID required", "msglint missing mandatory parameter of the access-type"),
    ),
    (
        multipart(*SIGNED, kind=b"multipart/signed; boundary=b"),
        ("msglint missing mandatory parameter of multipart/signed",),
    ),
    (
        multipart(
            *SIGNED,
            kind=b"multipart/signed; boundary=b; micalg=x;\r\n"
            b' protocol="application/pkcs7-signature"',
        ),
        ("msglint mismatch of inner content subtype with outer protocol parameter",),
    ),
    (
        multipart(b"--b", b"", b"x", b"--b--", kind=b"multipart/related; boundary=b"),
        ("msglint missing mandatory parameter of multipart/related",),
    ),
    (quoted(b"a=0D=0Ab"), ("msglint Encoded CRLF in quoted-printable forbidden",)),
    (
        mail(b"Content-Type: text/plain; charset=iso-8859-1", EIGHT, body=b"a\x85\xe9"),
        ("msglint invalid ISO-8859-* character",),
    ),
    (
        mail(b"Content-Type: text/plain; charset=iso-2022-jp", EIGHT, body=b"a\xe9"),
        ("msglint charset doesn't match content-transfer-encoding",),
    ),
    (
        receipt(RECIPIENT[0], b"Original-Message-ID: foo", SHOWN),
        ("msglint syntax of Original-Message-ID",),
    ),
    (
        multipart(
            b"--b", b"", b"x", b"--b--", kind=b'multipart/related; boundary=b; type="text/html"'
        ),
        ("msglint mismatch with outer multipart/related type parameter",),
    ),
]

FAULTS = [*TYPES, *TREE, *ENCODINGS, *REPORTS, *ENVELOPE, *VALUES]

SILENT: list[Fault] = [
    (kind(b"x-own/type"), ("msglint experimental top-level type strongly discouraged",)),
    (
        kind(b"application/x-own"),
        ("msglint use of experimental media subtype in released software unwise",),
    ),
    (kind(b"application/octet-steam"), ("msglint possible misspelling of 'octet-stream'",)),
    (
        kind(b"application/octet-stream; name=a.txt"),
        ("msglint Content-Type 'name' parameter deprecated", "rspamd CTYPE_MISSING_DISPOSITION"),
    ),
    (disposition(b"perhaps"), ("msglint unknown disposition",)),
    (
        disposition(b'attachment; filename="a.txt"'),
        ("msglint quoted-string SHOULD be an atom",),
    ),
    (part(UTF8, b"Subject: x"), ("msglint MIME headers should only be 'Content-*'",)),
    (
        multipart("\xe9".encode(), b"--b", b"", b"x", b"--b--"),
        ("msglint 8-bit characters not permitted in preamble/epilogue",),
    ),
    (
        session(mail(more=(b"Content-Length: 3",))),
        ("mta Postfix message_drop_headers (content-length)",),
    ),
    (multipart(b"--b", b"", b"x", b"--b--"), ("rspamd CTYPE_MIXED_BOGUS",)),
    (
        multipart(b"--b", b"", b"x", b"--b--", kind=b"multipart/alternative; boundary=b"),
        ("rspamd MIME_MA_MISSING_TEXT", "rspamd MIME_MA_MISSING_HTML"),
    ),
    (
        kind(b"message/partial; id=a; number=1; total=2"),
        ("spamassassin FRAGMENTED_MESSAGE",),
    ),
    (text(b"begin 644 a.txt\r\n#0V%T\r\nend"), ("mimekit InvalidUUEncodePretext",)),
    (base64(b"AAAA", b"", b"AAAA"), ("spamassassin MIME_BASE64_BLANKS",)),
    (quoted(b"=48ello"), ("msglint Unnecessary quoted-printable encoding",)),
    (quoted(b"Hel=", b"lo"), ("msglint Unnecessary quoted-printable soft line break",)),
    (quoted(b"Hello"), ("msglint quoted-printable used without need",)),
    (mail(UTF8, EIGHT), ("msglint mislabelled as 8-bit when 7-bit suffices",)),
    (
        kind(b"text/plain; charset=iso-8859-1"),
        ("msglint Character set mislabelled when 'us-ascii' suffices",),
    ),
    (kind(b"text/plain; charset=utf-7"), ("msglint Use 'utf-8' charset instead of utf-7",)),
    (kind(b"text/plain; charset=x-own"), ("msglint unknown experimental charset",)),
    (
        status(b"Reporting-MTA: smtp; mx.example.net", b"", *RECIPIENT),
        ("msglint 'dns' is preferable to 'smtp' as mta-name-type",),
    ),
    (
        status(b"Reporting-MTA: own; mx", b"", b"Final-Recipient: own; bob", *RECIPIENT[1:]),
        ("msglint unknown MTA-type", "msglint unknown address type"),
    ),
    (
        status(*MACHINE, b"Diagnostic-Code: own; 550 no"),
        ("msglint unknown diagnostic-code type",),
    ),
    (
        status(REPORTING, b"", b"Final-Recipient: rfc822; <bob@example.net>", *RECIPIENT[1:]),
        ("msglint use of brackets in rfc822 address-type discouraged",),
    ),
    (status(REPORTING, b"Foo: x", b"", *RECIPIENT), ("msglint unknown header in a report",)),
    (
        session(mail(), recipients=tuple(b"<b%d@example.net>" % n for n in range(60))),
        ("rspamd RCPT_COUNT",),
    ),
]
