"""Applying fixes, and writing files so that nothing is ever half written."""

from __future__ import annotations

import os
from bisect import bisect_left
from contextlib import suppress

from smtp_lsp.rules import Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from smtp_lsp.lint.finding import Finding

    Edit = tuple[int, int, bytes]

MOST_PASSES = 10
"""How often a file is linted again after fixes before it is left as it is."""


def chosen(findings: Iterable[Finding], *, unsafe: bool) -> list[list[Edit]]:
    """Return the edits of each fix that may be applied, in the order of *findings*.

    Of two fixes that touch the same octets the first in the file is taken, whole.
    """
    taken = _Taken()
    fixes = []
    for finding in findings:
        fix = finding.fix
        if fix is None or (fix.applicability != Fix.SAFE and not unsafe):
            continue
        edits = sorted((span.start, span.end, text) for span, text in fix.edits)
        if edits and not any(map(taken.clashes, edits)):
            taken.add(edits)
            fixes.append(edits)
    return fixes


def edits_of(findings: Iterable[Finding], *, unsafe: bool) -> list[Edit]:
    """Return the edits of the fixes that may be applied together, in the order of the file."""
    return sorted(edit for edits in chosen(findings, unsafe=unsafe) for edit in edits)


class _Taken:
    """The octets that edits have taken: kept in order, so that a thousand more cost little."""

    __slots__ = ("edits",)

    def __init__(self) -> None:
        self.edits: list[Edit] = []

    def add(self, edits: list[Edit]) -> None:
        in_order = not self.edits or self.edits[-1] <= edits[0]
        self.edits += edits
        if not in_order:
            self.edits.sort()

    def clashes(self, edit: Edit) -> bool:
        """Say whether *edit* is at the place of one that was taken, or in the midst of it."""
        start, end = edit[:2]
        at = bisect_left(self.edits, start, key=_start_of)
        before = self.edits[at - 1] if at else None
        if before is not None and before[1] > start:
            return True
        for first, last, _ in self.edits[at : at + 2]:
            if first == start and (first == last or start == end):
                return True  # two insertions, or one where something is replaced
            if first < end:
                return True
        return False


def _start_of(edit: Edit) -> int:
    return edit[0]


def applied(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return *data* with *edits* made; every octet outside them is the same."""
    parts: list[bytes] = []
    position = 0
    for start, end, text in edits:
        parts += (data[position:start], text)
        position = end
    parts.append(data[position:])
    return b"".join(parts)


# -- Writing ----------------------------------------------------------------------------------

_SUFFIX = ".smtp-lsp"
_LONGEST_NAME = 200
_STALE = 60
"""Seconds for which the file of a process that is gone is left alone: it may be another host's."""
_BINARY = getattr(os, "O_BINARY", 0)
_cleared: set[str] = set()


def write(path: str, data: bytes) -> None:
    """Replace the contents of *path* in one step: it holds the old octets or the new ones.

    The file's mode is kept, its owner where that is allowed, and its extended attributes, access
    lists among them; a symbolic link stays one. Where the process is killed on the way, the old
    file is there, and beside it one that no later run stumbles over: the next one that writes in
    the folder a minute later removes it. Raises OSError where the file may not be written.
    """
    target = os.path.realpath(path)
    status = os.stat(target)
    if not status.st_mode & 0o222:
        raise PermissionError(13, "read-only", path)
    folder, name = os.path.split(target)
    _clear(folder)
    mark = f"{os.getpid()}-{os.urandom(4).hex()}"
    temporary = os.path.join(folder, f"{_short(name)}.{mark}{_SUFFIX}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        try:
            _write_all(descriptor, data)
            _take_over(target, status, temporary)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _settle(folder)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _short(name: str) -> str:
    """Return as much of *name* as leaves room for what a temporary name has besides."""
    return os.fsdecode(os.fsencode(name)[:_LONGEST_NAME])


def _take_over(target: str, status: os.stat_result, temporary: str) -> None:
    """Give the new file the owner, the extended attributes and the mode of the old one."""
    if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
        with suppress(OSError):
            os.chown(temporary, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        names: list[str] = []
        with suppress(OSError):
            names = os.listxattr(target)
        for name in names:
            with suppress(OSError):
                os.setxattr(temporary, name, os.getxattr(target, name))
    # Last, as a change of owner takes set-user-ID away.
    os.chmod(temporary, status.st_mode & 0o7777)


def _settle(folder: str) -> None:
    """Have the new name on the disk as well, where the system lets a folder be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _clear(folder: str) -> None:
    """Remove what earlier runs that were killed have left in *folder*; looked at once a run."""
    if folder in _cleared:
        return
    _cleared.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(_SUFFIX) and _is_left(entry):
                with suppress(OSError):
                    os.unlink(entry.path)


def _is_left(entry: os.DirEntry[str]) -> bool:
    """Say whether a temporary file's process is gone, and has been for a while."""
    import time

    mark = entry.name.removesuffix(_SUFFIX).rpartition(".")[2].partition("-")
    if not (mark[0].isascii() and mark[0].isdigit() and len(mark[2]) == 8):
        return False
    if os.name != "posix" or not entry.is_file(follow_symlinks=False):
        return False  # elsewhere there is no asking for a process without a signal
    if time.time() - entry.stat(follow_symlinks=False).st_mtime < _STALE:
        return False
    try:
        os.kill(int(mark[0]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
