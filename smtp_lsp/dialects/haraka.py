"""Haraka's log at its levels PROTOCOL and DATA: ``[PROTOCOL] [UUID] [core] C: `` and ``S: ``.

What the client says ends in the state that Haraka was in, `` state=1``. A transaction has the
UUID of its connection and a number. The content is there at the level DATA only.
"""

from __future__ import annotations

from smtp_lsp.dialects import log
from smtp_lsp.dialects.reading import ALL, FINAL_DOT, LINE_ENDS, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    # A time, or what syslog writes.
    rb"[0-9A-Za-z:., +_-]{0,100}(?:\[[0-9]{1,10}\]: )?\[(?:PROTOCOL|DATA)\] "
    rb"(?:\[(?P<key>[0-9A-Fa-f-]{36})(?:\.[0-9]{1,6})*\] \[core\]"
    rb"|\[(?P<key_outbound>[^\]\r\n]{1,80})\] \[[^\]\r\n]{1,80}\]) "
    rb"(?:(?P<n>C: \(after-disconnect\): [^\r\n]*)"
    rb"|C:(?: |(?=[\r\n]|$))(?:(?P<a>[^\r\n]*) state=[0-9]+|(?P<c>[^\r\n]*))"
    rb"|S:(?: |(?=[\r\n]|$))(?P<b>[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT))


DIALECT = Dialect(
    "haraka",
    "Haraka's log",
    kind=RECORDING,
    shows=ALL & ~(FINAL_DOT | LINE_ENDS),
    signature=SIGNATURE,
    read=read,
    served=True,
)
