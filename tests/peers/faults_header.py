"""A file for every check of a peer that looks at the header: its octets, and who tells it."""

from __future__ import annotations

from builders import RECEIVED, UTF8, author, mail, subject, to

Fault = tuple[bytes, tuple[str, ...]]


def date(value: bytes) -> bytes:
    return mail(b"Date: Mon, 02 Mar 2026 " + value)


def received(value: bytes) -> bytes:
    return mail(first=(b"Received: " + value,))


def twice(name: bytes, value: bytes, other: bytes) -> bytes:
    """Return a message with a field two times."""
    return mail(without=name.lower(), more=(name + b": " + value, name + b": " + other))


MAILBOXES = b"ann@example.org", b"eve@example.org"
IDENTIFIERS = b"<2@example.org>", b"<3@example.org>"
REPEATED = {
    b"Date": (b"Mon, 02 Mar 2026 10:00:00 +0000", b"Mon, 02 Mar 2026 11:00:00 +0000"),
    b"Subject": (b"one", b"two"),
    b"From": MAILBOXES,
    b"Sender": MAILBOXES,
    b"Reply-To": MAILBOXES,
    b"To": MAILBOXES,
    b"Cc": MAILBOXES,
    b"Bcc": MAILBOXES,
    b"Message-ID": IDENTIFIERS,
    b"In-Reply-To": IDENTIFIERS,
    b"References": IDENTIFIERS,
    b"Return-Path": (b"<ann@example.org>", b"<eve@example.org>"),
}
AGAIN: list[Fault] = [
    (
        twice(name, *values),
        (f"mimekit Repeated{name.decode().title().replace('-', '')}",),
    )
    for name, values in REPEATED.items()
]

FIELDS: list[Fault] = [
    *AGAIN,
    (
        mail(more=(b"Sub ject: x",)),
        ("mimekit InvalidHeader", "msglint unexpected character found in header"),
    ),
    (mail(more=(b"X-\xe9: x",)), ("mta Exim header_names_ascii",)),
    (
        mail(b"Subject : x"),
        (
            "msglint spaces between header name and ':' unwise",
            "others mime4j OBSOLETE_HEADER",
        ),
    ),
    (mail(more=(b"X-\x01: x",)), ("others mime4j INVALID_HEADER",)),
    (
        mail().replace(b"\r\n\r\nHello.", b"\r\nHello there."),
        (
            "mimekit MissingBodySeparator",
            "python MissingHeaderBodySeparatorDefect",
            "spamassassin MISSING_HB_SEP",
            "rspamd BROKEN_HEADERS",
            "mta Postfix MIME_ERR_NON_EMPTY_EOH",
        ),
    ),
    (
        mail().partition(b"Subject")[0] + b"Sub",
        (
            "mimekit IncompleteHeader",
            "msglint message ended in middle of header",
            "others mime4j HEADERS_PREMATURE_END",
        ),
    ),
    (
        b" From: eve@example.org\r\n" + mail(),
        (
            "python FirstHeaderLineIsContinuationDefect",
            "zeek first header line starts with LWS",
        ),
    ),
    (
        mail(more=(b"From ann@example.org Mon Mar  2 10:00:00 2026", b"X-A: b")),
        ("python MisplacedEnvelopeHeaderDefect",),
    ),
    (mail(b"Subject: a\r\n  \r\n b"), ("msglint empty continuation line in header",)),
    (
        mail(b"From:ann@example.org"),
        ("rspamd HEADER_FROM_EMPTY_DELIMITER",),
    ),
    (mail(b"To:bob@example.net"), ("rspamd HEADER_TO_EMPTY_DELIMITER",)),
    (mail(b"Cc:bob@example.net"), ("rspamd HEADER_CC_EMPTY_DELIMITER",)),
    (mail(b"Reply-To:bob@example.net"), ("rspamd HEADER_REPLYTO_EMPTY_DELIMITER",)),
    (
        mail(b"Date:Mon, 02 Mar 2026 10:00:00 +0000"),
        ("rspamd HEADER_DATE_EMPTY_DELIMITER",),
    ),
    (
        twice(b"From", *MAILBOXES),
        ("msglint duplicate header", "rspamd MULTIPLE_UNIQUE_HEADERS", "rspamd MULTIPLE_FROM"),
    ),
    (
        mail(without=b"from"),
        (
            "msglint missing mandatory header 'from'",
            "spamassassin MISSING_FROM",
            "rspamd MISSING_FROM",
        ),
    ),
    (b"X-Mailer: x\r\n\r\nHello.\r\n", ("rspamd MISSING_ESSENTIAL_HEADERS",)),
    (
        mail(without=b"date"),
        (
            "msglint missing mandatory header 'date'",
            "spamassassin MISSING_DATE",
            "rspamd MISSING_DATE",
        ),
    ),
    (mail(without=b"message-id"), ("spamassassin MISSING_MID", "rspamd MISSING_MID")),
    (
        mail(b"Date:"),
        ("python HeaderMissingRequiredValue", "msglint empty header"),
    ),
    (
        mail(b"Cc:"),
        (
            "msglint at least one address required",
            "msglint at least one mailbox required",
        ),
    ),
    (mail(b"Message-ID:"), ("python HeaderMissingRequiredValue",)),
    (
        author(b"ann@example.org, eve@example.org"),
        ("msglint 'Sender' header is mandatory when 'From' is multi-valued",),
    ),
    (
        mail(b"Message-ID: abc"),
        ("rspamd INVALID_MSGID",),
    ),
    (
        mail(b"In-Reply-To: Your message of Monday"),
        ("msglint old-style in-reply-to discouraged",),
    ),
    (
        mail(b"In-Reply-To: Your message <2@example.org>", b"References: <2@example.org>"),
        ("msglint old-style in-reply-to discouraged",),
    ),
    (received(b"from a.example by b.example"), ("others mail-parser ReceivedHeaderDefect",)),
    (
        received(b"from a.example from c.example by b.example; Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint duplicate item label",),
    ),
    (
        received(b"by b.example from a.example; Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint out of order item label", "spamassassin UNPARSEABLE_RELAY"),
    ),
    (
        received(b"from a.example by b.example with FOO; Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint unknown 'with' item",),
    ),
    (
        received(b"from a.example by b.example via FOO; Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint unknown 'via' clause",),
    ),
    (
        mail(more=(b"Auto-Submitted: perhaps",)),
        ("msglint unrecognized auto-submitted value",),
    ),
    (mail(more=(b"Importance: huge",)), ("msglint undefined priority value",)),
    (mail(more=(b"List-Unsubscribe: ann@example.org",)), ("msglint syntax of List-Unsubscribe",)),
    (mail(more=(b"List-Id: friends",)), ("msglint syntax of List-Id",)),
    (mail(b"Subject: Hello %%FIRSTNAME%%"), ("spamassassin UNRESOLVED_TEMPLATE",)),
    (
        mail(b"Subject: Hello {{name}}"),
        ("spamassassin UNRESOLVED_TEMPLATE",),
    ),
    (mail(body=b"", without=b"subject"), ("spamassassin EMPTY_MESSAGE", "rspamd COMPLETELY_EMPTY")),
    (
        mail(b"Content-Type: text"),
        ("python InvalidHeaderDefect", "msglint missing tokens at end of header"),
    ),
    (
        mail(b"Message-ID: <2@example.org> x"),
        ("python InvalidHeaderDefect", "msglint unexpected tokens at end of header"),
    ),
    (
        mail(b"Content-Type: text plain"),
        ("msglint expected character and saw another",),
    ),
    (mail(b"Content-Type: text/plain; charset="), ("msglint should be an atom or quoted-string",)),
]

LINES: list[Fault] = [
    (
        mail().replace(b"Hello\r\n", b"Hello\n"),
        ("mimekit BareLinefeedInHeader",),
    ),
    (
        mail(body=b"a\nb"),
        (
            "mimekit BareLinefeedInBody",
            "msglint bare newline in text body",
            "others mime4j LF without CR",
        ),
    ),
    (
        mail(body=b"a\rb"),
        (
            "msglint bare carriage return in text body",
            "mta Postfix cleanup_replace_stray_cr_lf",
            "others mime4j CR without LF",
        ),
    ),
    (
        mail(body=b"a" * 1001),
        (
            "mimekit OversizedLine",
            "mta Postfix smtp_line_length_limit",
            "mta Postfix line_length_limit",
            "suricata MIME_LONG_LINE",
        ),
    ),
    (mail(b"Subject: " + b"a" * 1001), ("suricata MIME_LONG_HEADER_VALUE",)),
    (mail(b"Subject: " + b"a " * 45), ("msglint line too long in header",)),
    (mail(body=b"a " * 45), ("msglint text/plain shouldn't need folding",)),
    (mail(b"Subject: a\0b"), ("mimekit UnexpectedNullBytesInHeader",)),
    (mail(body=b"a\0b"), ("mimekit UnexpectedNullBytesInBody",)),
    (
        mail(b"Subject: caf\xe9"),
        (
            "mimekit Unexpected8BitBytesInHeader",
            "python UndecodableBytesDefect",
            "msglint 8-bit",
            "spamassassin SUBJ_ILLEGAL_CHARS",
            "spamassassin HEAD_ILLEGAL_CHARS",
            "rspamd SUBJECT_NEEDS_ENCODING",
            "mta Postfix MIME_ERR_8BIT_IN_HEADER",
        ),
    ),
    (
        author(b"Ren\xe9 <rene@example.org>"),
        ("spamassassin FROM_ILLEGAL_CHARS", "rspamd FROM_NEEDS_ENCODING"),
    ),
    (to(b"Ren\xe9 <rene@example.org>"), ("rspamd TO_NEEDS_ENCODING",)),
    (
        subject(b"a\x08b"),
        ("python NonPrintableDefect", "msglint illegal syntax character"),
    ),
]

DATES: list[Fault] = [
    (
        mail(b"Date: yesterday"),
        (
            "python InvalidDateDefect",
            "spamassassin INVALID_DATE",
            "rspamd INVALID_DATE",
            "others mail-parser DateHeaderDefect",
        ),
    ),
    (mail(b"Date: Mon, 02 Foo 2026 10:00:00 +0000"), ("msglint unknown month",)),
    (date(b"25:61:00 +0000"), ("spamassassin INVALID_DATE",)),
    (date(b"10:00:00 +2500"), ("spamassassin INVALID_DATE_TZ_ABSURD",)),
    (date(b"10:00:00 EST"), ("msglint old-style timezone in date",)),
    (
        mail(b"Date: Mon, 09 Mar 2026 10:00:00 +0000", first=(RECEIVED,)),
        ("spamassassin DATE_IN_FUTURE",),
    ),
    (mail(b"Date: Tue, 02 Mar 2026 10:00:00 +0000"), ("here date-weekday-matches",)),
    (mail(b"Date: Mon, 02 Mar 26 10:00:00 +0000"), ("here date-four-digit-year",)),
]

WORDS: list[Fault] = [
    (
        subject(b"=?utf-8?q?caf=E9?="),
        ("spamassassin BAD_ENC_HEADER", "others mail-parser MimeHeaderDefect"),
    ),
    (subject(b"=?utf-8?q?a b?="), ("spamassassin BAD_ENC_HEADER",)),
    (subject(b"=?utf-8?b?YWJjZ?="), ("spamassassin BAD_ENC_HEADER",)),
    (subject(b"=?utf-8?q?=C3?= =?utf-8?q?=A9?="), ("here encoded-word-whole-characters",)),
    (subject(b"=?foo-99?q?a?="), ("here encoded-word-charset",)),
    (subject(b"=?utf-8?q?" + b"a" * 70 + b"?="), ("here encoded-word-75",)),
    (subject(b"a=?utf-8?q?b?="), ("here encoded-word-whitespace",)),
    (author(b'"=?utf-8?q?Ren=C3=A9?=" <ann@example.org>'), ("here encoded-word-not-quoted",)),
    (to(b"=?utf-8?q?bob?=@example.net"), ("here encoded-word-not-in-addr",)),
    (
        mail(b'Content-Disposition: attachment; filename="=?utf-8?q?a?="'),
        ("here encoded-word-not-in-params",),
    ),
    (subject(b"=?utf-8?q?a=0D=0ABcc:_eve@example.org?="), ("here encoded-word-line-break",)),
    (subject(b"=?utf-8?q?a=00b?="), ("here encoded-word-control",)),
    (author(b"=?utf-8?q?Ann,_B?= <ann@example.org>"), ("here encoded-word-phrase-chars",)),
]

SHOWN_NAMES: list[Fault] = [
    (
        author(b'"admin@bank.example" <eve@example.org>'),
        (
            "mimekit AddressInDisplayName",
            "rspamd SPOOF_DISPLAY_NAME",
            "rspamd FROM_NEQ_DISPLAY_NAME",
        ),
    ),
    (to(b'"admin@bank.example": eve@example.org;'), ("mimekit AddressInGroupDisplayName",)),
    (author("Ann <ann@p\u0430ypal.example>".encode()), ("rspamd OMOGRAPH_URL",)),
    (author(b"Ann <ann@xn--a.example>"), ("here a-label-valid",)),
    (subject("a\u200bb".encode()), ("rspamd ZERO_WIDTH_SPACE_URL",)),
    (
        mail(b"Content-Disposition: attachment;\r\n filename*=utf-8''a%E2%80%AEgpj.exe"),
        ("rspamd MIME_BAD_UNICODE",),
    ),
    (
        mail(b"Content-Disposition: attachment; filename=a.pdf.exe"),
        ("rspamd MIME_DOUBLE_BAD_EXTENSION",),
    ),
    (
        mail(b'Content-Disposition: attachment; filename="../a.txt"'),
        ("here filename-path",),
    ),
    (
        mail(b"Content-Disposition: attachment; filename*=utf-8''a%00b"),
        ("here filename-path",),
    ),
    (
        mail(
            b"Content-Type: application/octet-stream; name=a.txt",
            b"Content-Disposition: attachment; filename=a.exe",
        ),
        ("here filename-differs",),
    ),
]

RESENT = b"Resent-Date: Mon, 02 Mar 2026 11:00:00 +0000", b"Resent-From: ann@example.org"

VALUES: list[Fault] = [
    *(
        (
            mail(first=(*(line for line in RESENT if line[:9] != name[:9]), name, name)),
            (f"mimekit Repeated{kind}",),
        )
        for kind, name in {
            "ResentDate": RESENT[0],
            "ResentFrom": RESENT[1],
            "ResentSender": b"Resent-Sender: eve@example.org",
            "ResentTo": b"Resent-To: eve@example.org",
            "ResentCc": b"Resent-Cc: eve@example.org",
            "ResentBcc": b"Resent-Bcc: eve@example.org",
            "ResentMessageId": b"Resent-Message-ID: <4@example.org>",
        }.items()
    ),
    (
        received(b"from a.example ([300.1.2.3]) by b.example;\r\n Mon, 02 Mar 2026 10:00:00 +0000"),
        ("spamassassin RCVD_ILLEGAL_IP",),
    ),
    (
        received(b"from a.example by b.example for bob;\r\n Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint missing domain in 'for' addr-spec",),
    ),
    (
        received(b"from a.example by b.example priority x;\r\n Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint should be an optionally negated number",),
    ),
    (
        received(b"from a.example by b.example id <1@;\r\n Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint invalid 'id' item",),
    ),
    (mail(UTF8, b"Content-Language: en_GB!"), ("msglint syntax of Content-Language",)),
    (mail(UTF8, b"Content-Duration: long"), ("msglint syntax of Content-Duration",)),
    (
        mail(UTF8, b"Content-MD5: !!!!"),
        ("msglint invalid base64 in Content-MD5 header",),
    ),
    (
        mail(UTF8, b"Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ=="),
        ("msglint Content-MD5 validation failed",),
    ),
    (
        mail(more=(b"Original-Recipient: bob@example.net",)),
        ("msglint syntax of Original-Recipient",),
    ),
]

FAULTS = [*FIELDS, *LINES, *DATES, *WORDS, *SHOWN_NAMES, *VALUES]

SILENT: list[Fault] = [
    (mail(without=b"subject"), ("spamassassin MISSING_SUBJECT", "rspamd MISSING_SUBJECT")),
    (
        mail(without=b"to"),
        (
            "spamassassin MISSING_HEADERS",
            "rspamd MISSING_TO",
            "msglint None of To, CC, or BCC fields specified",
        ),
    ),
    (mail(), ("msglint missing mandatory header 'return-path'",)),
    (
        mail(b"Mime-Version: 1.0", b"Content-transfer-encoding: 7bit", more=(b"X-mailer: x",)),
        ("rspamd MV_CASE", "rspamd CTE_CASE", "rspamd XM_CASE"),
    ),
    (mail(more=(b"X-Something: x",)), ("msglint unknown header",)),
    (mail(more=(b"Action: failed",)), ("msglint header unexpected in this block",)),
    (subject(b"(Hello)"), ("msglint starting with comment unwise",)),
    (
        mail(more=(b"Importance: low",)),
        ("msglint header standardized only for use by X.400/MIME gateways",),
    ),
    (
        mail(more=(b"Delivery-Receipt-To: ann@example.org", b"Errors-To: ann@example.org")),
        (
            "msglint non-standard header deprecated in favor of DSNs",
            "msglint use MAIL FROM instead of non-standard errors-to",
        ),
    ),
    (
        mail(more=(b"Precedence: bulk", b"Content-Length: -1")),
        (
            "msglint use of non-standard header unwise",
            "others mime4j negative Content-Length",
            "others mime4j invalid Content-Length",
        ),
    ),
    (
        mail(more=(b"Lines: 99",)),
        (
            "msglint 'Lines' header is not standardized for use in email",
            "msglint 'Lines' header value doesn't match",
        ),
    ),
    (mail(more=(b"List-Unsubscribe: <foo:bar>",)), ("msglint unknown/unwise URL type",)),
    (
        received(b"from [192.0.2.1] by b.example; Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint domain-literal should be in comment",),
    ),
    (
        received(b"from a.example by b.example state foo;\r\n Mon, 02 Mar 2026 10:00:00 +0000"),
        ("msglint unrecognized RFC 6729 state", "msglint invalid RFC 6729 state"),
    ),
    (author(b'"" <ann@example.org>'), ("spamassassin FROM_BLANK_NAME",)),
    (to(b"bob@example"), ("msglint short-form domain unwise",)),
    (
        to(b'"Bob\r\n Bee" <bob@example.net>'),
        ("msglint newlines in quoted string don't work well",),
    ),
    (
        to(b"Bob (a (b \\) c)) <bob@example.net>"),
        ("msglint nested comments unwise", "msglint quoted comment delimiters unwise"),
    ),
    (to(b"undisclosed-recipients:;"), ("rspamd R_UNDISC_RCPT",)),
    (date(b"10:00:00 +0100 (EST)"), ("spamassassin INVALID_TZ_EST", "spamassassin INVALID_TZ_CST")),
    (
        mail(b"Date: Mon, 02 Feb 2026 10:00:00 +0000", first=(RECEIVED,)),
        ("spamassassin DATE_IN_PAST",),
    ),
    (
        author(b"=?utf-8?b?QW5u?= <ann@example.org>"),
        ("spamassassin FROM_EXCESS_BASE64", "rspamd FROM_EXCESS_BASE64"),
    ),
    (to(b"=?utf-8?q?Bob?= <bob@example.net>"), ("rspamd TO_EXCESS_QP",)),
    (subject("P\u0430ypal".encode()), ("rspamd R_MIXED_CHARSET",)),
    (mail(b"Reply-To: ann@example.com"), ("rspamd SPOOF_REPLYTO",)),
]
