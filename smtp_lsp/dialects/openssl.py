"""``openssl s_client``: a conversation among what openssl says of TLS, without any prefix.

Certificates come first, with ``-starttls smtp`` the last line of a reply to EHLO behind them;
tickets may come at any time. A typed line that begins with R, Q or K is a command to openssl,
which answers it, and never reaches the server. Line ends come as CR CR LF from a terminal.
"""

from __future__ import annotations

import re

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, BANNER, LINE_ENDS, RECORDING, Dialect, Reading
from smtp_lsp.text.ahead import Ahead
from smtp_lsp.text.view import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

# What openssl says in a line of its own. A line of minus signs is one only near a block of its.
_NOTES = (
    rb"read R BLOCK|RENEGOTIATING|KEYUPDATE|DONE|closed|CONNECTED\([^\r\n]*|Connecting to [^\r\n]*"
    rb"|depth=[^\r\n]*|verify (?:error|return|depth)[^\r\n]*|read:errno=[^\r\n]*"
    rb"|Can't use SSL_get_servername|[0-9A-F]{8,16}:error:[^\r\n]*"
    rb"|CONNECTION ESTABLISHED|(?:Protocol version|Ciphersuite|Peer certificate|Hash used"
    rb"|Signature type|Verification|Verification error|Server Temp Key|Peer Temp Key"
    rb"|Requested Signature Algorithms|Negotiated TLS1\.3 group|Peer signing digest"
    rb"|Peer signature type): [^\r\n]*"
)
SIGNATURE = rb"(?:(?P<n>" + _NOTES + rb"|-{3,5}|[ ]{3,}[^\r\n]*)|(?P<u>[^\r\n]*))"

_ASIDE = re.compile(
    # The report on the handshake, and a ticket, which may come within anything.
    rb"(?m)^(?:(CONNECTED\([^\r\n]*)|(---\r*\nPost-Handshake New Session Ticket arrived:)"
    # What was typed, and is none of the server's business.
    rb"|R[^\r\n]*\r*\nRENEGOTIATING|[Kk][^\r\n]*\r*\nKEYUPDATE|Q[^\r\n]*\r*\nDONE"
    rb"|" + _NOTES + rb")\r*(?:\n|\Z)"
)


class Screen(log.Log):
    """What is left without openssl's own words, connection by connection."""

    def told(self, reading: Reading, buffer: Buffer) -> list[log.Told]:
        data, position = buffer.data, 0
        verdicts = Ahead(data, b"Verify return code: ")
        connections = Ahead(data, b"\nCONNECTED(")
        rules = Ahead(data, b"\n---")
        found = [log.Told(buffer)]
        found[0].begin("u", data)
        while (match := _ASIDE.search(data, position)) is not None:
            start, end = match.span()
            now = found[-1]
            now.joiner.add(data[position:start], position, start)
            position = end
            if match[1] is not None and now.joiner.size:
                now.end_line(data)
                found.append(log.Told(buffer))
                found[-1].begin("u", data)
            # Both end in a line of minus signs, the report in one behind its verdict.
            if match[2] is not None:
                verdict = end - 1
            elif match[1] is not None and verdicts.at(end) < connections.at(end):
                verdict = verdicts.at(end)
            else:
                continue
            rule = rules.at(verdict)
            stop = data.find(b"\n", rule + 1)
            if rule < len(data):
                position = stop + 1 if stop >= 0 else len(data)
        found[-1].joiner.add(data[position:], position, len(data))
        found[-1].end_line(data)
        return found


def read(reading: Reading) -> Items:
    return log.sessions(reading, Screen(DIALECT))


DIALECT = Dialect(
    "openssl",
    "openssl s_client",
    kind=RECORDING,
    shows=ALL & ~(LINE_ENDS | BANNER),
    signature=SIGNATURE,
    read=read,
)
