"""Which syntax the value of each header field has.

What ``registry/facts/header-fields.csv`` knows of a field, in the terms of the readers here: a
test holds the two together. A name that is not listed is unstructured (RFC 5322 3.6.8).
"""

from __future__ import annotations

ADDRESSES = "addresses"
"""``address.read``: one mailbox, a list of them, groups; how many is for a rule to say."""
PATH = "path"
"""``address.path``."""
DATE = "date"
"""``date.read``."""
IDENTIFIERS = "identifiers"
"""``identifier.read``: one msg-id, or a list."""
RECEIVED = "received"
"""``received.read``."""
TAGS = "tags"
"""``taglist.read``."""
RESULTS = "results"
"""``results.read``."""
URIS = "uris"
"""``mailing_list.uris``."""
LIST_ID = "list-id"
"""``mailing_list.list_id``."""
KEYWORD = "keyword"
"""``keyword.read``."""
PHRASES = "phrases"
"""Phrases with commas between: no reader but that of encoded-words."""
MEDIA = "media"
"""Content-Type and its like: ``parameters`` reads them."""
STRUCTURED = "structured"
"""Tokens, and nobody here who reads them."""
UNSTRUCTURED = "unstructured"

_BY_SYNTAX = {
    ADDRESSES: (
        *("apparently-to", "author", "bcc", "cc", "disposition-notification-to", "errors-to"),
        *("from", "reply-to", "resent-bcc", "resent-cc", "resent-from", "resent-reply-to"),
        *("resent-sender", "resent-to", "sender", "to", "x-original-from", "mail-followup-to"),
        *("mail-reply-to", "return-receipt-to", "delivered-to"),
    ),
    PATH: ("return-path",),
    DATE: ("date", "expires", "resent-date", "delivery-date"),
    IDENTIFIERS: (
        *("content-id", "in-reply-to", "message-id", "references", "resent-message-id"),
        *("original-message-id", "supersedes"),
    ),
    RECEIVED: ("received",),
    TAGS: (
        *("arc-message-signature", "arc-seal", "dkim-signature", "x-google-dkim-signature"),
        "domainkey-signature",
    ),
    RESULTS: ("arc-authentication-results", "authentication-results"),
    URIS: (
        *("archived-at", "list-archive", "list-help", "list-owner", "list-post"),
        *("list-subscribe", "list-unsubscribe"),
    ),
    LIST_ID: ("list-id",),
    KEYWORD: (
        *("auto-submitted", "content-transfer-encoding", "importance", "list-unsubscribe-post"),
        *("mime-version", "priority", "sensitivity", "tls-required"),
    ),
    PHRASES: ("keywords",),
    MEDIA: ("content-disposition", "content-type"),
    STRUCTURED: (
        *("content-duration", "content-language", "content-location", "content-md5"),
        *("disposition-notification-options", "hp-outer", "mt-priority", "original-recipient"),
        *("received-spf", "require-recipient-valid-since", "solicitation"),
    ),
}

BY_NAME = {name: syntax for syntax, names in _BY_SYNTAX.items() for name in names}
"""The syntax by the name of a field in small letters, of those that are not unstructured."""


def of(name: str) -> str:
    """Return the syntax of the field of that *name*, given in small letters."""
    return BY_NAME.get(name, UNSTRUCTURED)
