"""Postfix's log: its daemons with ``-v`` or ``debug_peer_list``, and replies quoted in mail logs.

``>`` is what the daemon sent, be it ``smtpd`` or ``smtp``. Sessions lie interleaved between
many other lines; a process and its peer tell whose line it is. The content is never there.
``status=bounced (host ... said: 550 ...)`` and ``NOQUEUE: reject: RCPT from ...: 554 ...``
quote one reply each, which is all that is known of its session.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import (
    ALL,
    BANNER,
    CONTENT,
    FINAL_DOT,
    LINE_ENDS,
    RECORDING,
    STUFFING,
    Dialect,
    Reading,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

# Syslog's two ways to write a time, and the host.
_SYSLOG = (
    rb"(?:[A-Z][a-z]{2} [ 0-9][0-9] (?:[0-9]{4} )?[0-9:]{8}(?:\.[0-9]{1,9})? "
    rb"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2}) )?"
    rb"(?:[^ \r\n]{1,100} )?"
)
_DAEMON = rb"postfix[^ /\[\r\n]{0,60}(?:/[a-z0-9-]{1,30}){1,3}\["
_PEER = rb"[^ \[\r\n]{0,255}\[[^\]\r\n]{0,100}\](?::[0-9]{1,5})?"

_QUOTED = (
    # Everything in front of a quoted reply is its key: no two of them are of one session.
    rb"(?P<key_quoted>" + _SYSLOG + _DAEMON + rb"[0-9]+\]: [0-9A-Za-z]+: "
    rb"(?:to=<[^\r\n]{1,600}? status=[a-z]+ \((?:host [^ \r\n]+ (?:said|refused to talk to me): )?"
    rb"|(?:milter-|proxy-)?reject: [A-Z-]{1,20}(?: from " + _PEER + rb")?: ))"
    rb"(?P<d>[245][0-9]{2}[ -][^\r\n]*?)(?: \(in reply to [^()\r\n]*\)\)|; from=<[^\r\n]*|\))"
)
_SAID = (
    rb"(?:" + _SYSLOG + _DAEMON + rb"(?P<key>[0-9]+)|posttls-finger)\]?: "
    rb"(?:(?=(?:[<>]|connect from|CONNECT from) (?P<key_peer>" + _PEER + rb"))|)"
    rb"(?:< (?:" + _PEER + rb":(?: |(?=[\r\n]|$)))?(?P<a>[^\r\n]*)"
    rb"|> (?:" + _PEER + rb":(?: |(?=[\r\n]|$)))?(?P<b>[^\r\n]*)"
    rb"|(?P<o>(?:connect from|CONNECT from|Connected to) [^\r\n]*))"
)
SIGNATURE = rb"(?:" + _QUOTED + rb"|" + _SAID + rb")"
# A verbose log holds the reply itself, and quotes it once more where it sums up.
_VERBOSE = re.compile(rb"\]: [<>] [^\r\n]{0,400}: [2-5][0-9]{2}[ -]")


def read(reading: Reading) -> Items:
    said = _SAID if _VERBOSE.search(reading.buffer.data) else SIGNATURE
    return log.sessions(reading, log.Log(DIALECT, pieces=log.glued, signature=said))


DIALECT = Dialect(
    "postfix-log",
    "Postfix's log",
    kind=RECORDING,
    shows=ALL & ~(BANNER | CONTENT | FINAL_DOT | STUFFING | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
    served=True,
)
