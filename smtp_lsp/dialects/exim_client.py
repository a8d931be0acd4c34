r"""The client of Exim's test suite: ``>>> `` sent, ``<<< `` received, ``??? `` expected.

What is sent stands as the script has it, where ``\r\n`` means just that, so that one line may
hold several commands; a last CRLF is always added. ``+++`` waits.
"""

from __future__ import annotations

from smtp_lsp.dialects import literals, log
from smtp_lsp.dialects.reading import ALL, RECORDING, Dialect, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Items

SIGNATURE = (
    rb"[ \t]*(?:>>>(?: |(?=[\r\n]|$))(?P<a>[^\r\n]*)|<<<(?: |(?=[\r\n]|$))(?P<b>[^\r\n]*)"
    rb"|(?P<o>Connecting to [^\r\n]*)"
    rb"|(?P<n>(?:\?\?\?|\+\+\+|\*\*\*|End of script|Attempting|Succeeded)[^\r\n]*))"
)


def read(reading: Reading) -> Items:
    return log.sessions(reading, log.Log(DIALECT, decode=literals.decode))


DIALECT = Dialect(
    "exim-client",
    "Exim's test client",
    kind=RECORDING,
    shows=ALL,
    signature=SIGNATURE,
    read=read,
)
