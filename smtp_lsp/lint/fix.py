"""Applying fixes, and writing files so that nothing is ever half written."""

from __future__ import annotations

import os
from contextlib import suppress

from smtp_lsp.rules import Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from smtp_lsp.lint.finding import Finding

MOST_PASSES = 10
"""How often a file is linted again after fixes before it is left as it is."""


def edits_of(findings: Iterable[Finding], *, unsafe: bool) -> list[tuple[int, int, bytes]]:
    """Return the edits of the fixes that may be applied together, in the order of the file.

    Of two fixes that touch the same octets the first in the file is taken, whole.
    """
    taken: list[tuple[int, int, bytes]] = []
    for finding in findings:
        fix = finding.fix
        if fix is None or (fix.applicability != Fix.SAFE and not unsafe):
            continue
        edits = [(span.start, span.end, text) for span, text in fix.edits]
        if not any(_clash(new, old) for new in edits for old in taken):
            taken.extend(edits)
    return sorted(taken)


def _clash(new: tuple[int, int, bytes], old: tuple[int, int, bytes]) -> bool:
    if new[0] == new[1] or old[0] == old[1]:
        return new[0] == old[0] or old[0] < new[0] < old[1] or new[0] < old[0] < new[1]
    return new[0] < old[1] and old[0] < new[1]


def applied(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return *data* with *edits* made; every octet outside them is the same."""
    parts: list[bytes] = []
    position = 0
    for start, end, text in edits:
        parts += (data[position:start], text)
        position = end
    parts.append(data[position:])
    return b"".join(parts)


def write(path: str, data: bytes) -> None:
    """Replace the contents of *path* in one step: it holds the old octets or the new ones.

    The file's mode is kept, its owner where that is allowed, and a symbolic link stays one.
    Raises OSError where the file may not be written.
    """
    target = os.path.realpath(path)
    status = os.stat(target)
    if not status.st_mode & 0o222:
        raise PermissionError(13, "read-only", path)
    temporary = f"{target}.{os.getpid()}.smtp-lsp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, status.st_mode & 0o7777)
        if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
            with suppress(OSError):
                os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
