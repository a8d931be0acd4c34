"""What a message shows at a glance, so that the rules with nothing to say of it are not asked.

A rule about messages names the traits it looks for (keyword ``traits`` of ``rule``): it finds
nothing in a message that has none of them, and most mail has few. A trait may be there without
a fault, never a fault without its trait: a test asks every rule all the same. ``lint.glance``
tells which a message has.
"""

from __future__ import annotations

UNREADABLE = 1 << 1
"""Lines of the header block that are no field, or no From or Date: it may go on in the body."""
UNTIDY_ADDRESSES = 1 << 2
UNTIDY_DATE = 1 << 3
UNTIDY_RECEIVED = 1 << 4
UNTIDY_IDENTIFIERS = 1 << 5
UNTIDY_URIS = 1 << 6
UNTIDY_LIST_ID = 1 << 7
"""Fields of that syntax with which something may be wrong (``Message.untidy``)."""
TAGS = 1 << 8
"""Signatures."""
ENCODED_WORD = 1 << 9
"""What begins as an encoded-word does, in any place."""
EIGHT_BIT_HEADER = 1 << 10
EIGHT_BIT = 1 << 11
"""Octets above 127, in the header, or anywhere."""
ENDS = 1 << 12
"""A CR or an LF alone, if only because all lines end so; not where all of them end at LF."""
NUL = 1 << 13
DOT = 1 << 14
"""A line that begins with a dot."""
A_LABEL = 1 << 15
"""``xn--`` in the header."""
PARTS = 1 << 16
"""Parts that are judged, or a MIME-Version."""
STRUCTURE = 1 << 17
VALUES = 1 << 18
BODIES = 1 << 19
"""Defects of multiparts, of the values of MIME's fields, of what is encoded."""
LOOSE = 1 << 31
"""A field, of the message or of a part, with white space before its colon."""
UNUSUAL = 1 << 30
"""A type, a charset or an encoding of a part that is none of those of most mail."""
FILE_NAMES = 1 << 20
"""A part that may give a file a name."""
NESTED = 1 << 21
"""A part of a type ``message/...``, or a multipart/report or multipart/signed."""
REPEATED = 1 << 22
"""A field that is there more than once, in the header or in a part's; Received may be."""
ENVELOPE = 1 << 23
"""A transcript shows who sends it."""
BLIND = 1 << 24
RESENT = 1 << 25
RETURN_PATH = 1 << 26
TLS_REQUIRED = 1 << 27
ONE_CLICK = 1 << 28
SENDER = 1 << 29
"""Fields of these names."""
