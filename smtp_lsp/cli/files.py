"""Which files a run is about, and reading them without ever hanging on one."""

from __future__ import annotations

import os
import stat

from smtp_lsp.lint.run import kind_by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smtp_lsp.cli.gitignore import Ignore


_BLOCK = 1 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unreadable(Exception):  # noqa: N818 (it is no error of the program's)
    """A path cannot be read; ``why`` is a phrase key or the system's own words."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why


def read(path: str) -> bytes:
    """Return the octets of a regular file. Raises Unreadable; never waits for a pipe."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise Unreadable(path, reason(error)) from None
    except ValueError:
        raise Unreadable(path, "missing") from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise Unreadable(path, "directory")
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(path, "not-regular")
        return _all(descriptor, status.st_size)
    except (OSError, MemoryError) as error:
        raise Unreadable(path, reason(error)) from None
    finally:
        os.close(descriptor)


def _all(descriptor: int, size: int) -> bytes:
    """Return what is in a file that seems to have *size* octets: it may grow in the meantime."""
    data = os.read(descriptor, size + 1)
    if len(data) == size or not data:
        return data
    parts = [data]
    while part := os.read(descriptor, _BLOCK):
        parts.append(part)
    return b"".join(parts)


def reason(error: Exception) -> str:
    """Return why a path could not be read, as a phrase key or as the system says it."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "missing"
    if isinstance(error, PermissionError):
        return "no-permission"
    if isinstance(error, IsADirectoryError):
        return "directory"
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def below(
    folder: str,
    ignore: Ignore | None,
    excluded: Callable[[str], bool],
    unreadable: Callable[[Unreadable], None],
) -> Iterator[str]:
    """Yield the transcripts and messages below *folder*, in the order of their names.

    Symbolic links to folders are not followed, so no loop can be entered.
    """
    if ignore is not None:
        ignore = ignore.below(folder)
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        unreadable(Unreadable(folder, reason(error)))
        return
    for entry in found:
        path = os.path.join(folder, entry.name) if folder != "." else entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.name == ".git" or (ignore and ignore.covers(path, is_folder=is_folder)):
            continue
        if is_folder:
            if not excluded(path):
                yield from below(path, ignore, excluded, unreadable)
        elif kind_by_name(entry.name) and not excluded(path):
            yield path
