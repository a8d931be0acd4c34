"""A process in namespaces of its own: no way out of the machine, and nothing is left behind.

The parent only waits. The child is the first process of a new pid namespace, in a network
namespace with nothing but loopback and a mount namespace whose /mnt is its own: when it ends, or
is killed with whichever signal, or its parent is, the kernel ends every process in it, and what
was mounted is gone.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
from pathlib import Path

SCRATCH = Path("/mnt")
"""A folder in memory that only the isolated process and its children see."""

_NEWNS, _NEWPID, _NEWNET = 0x00020000, 0x20000000, 0x40000000
_PRIVATE = 1 << 18 | 1 << 14  # MS_PRIVATE | MS_REC
_PDEATHSIG = 1
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True)


def enter() -> None:
    """Go on as the isolated child; the parent exits with the child's status.

    Raises OSError where the machine does not allow it: it takes root.
    """
    _check(_libc.unshare(_NEWNS | _NEWPID | _NEWNET), "new namespaces")
    child = os.fork()
    if child:
        sys.exit(_wait(child))
    # An interrupt from the terminal is the parent's to act on: it kills, which is certain.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _check(_libc.prctl(_PDEATHSIG, signal.SIGKILL), "the signal of the parent's death")
    _check(_libc.mount(b"none", b"/", None, _PRIVATE, None), "mounts of one's own")
    _check(_libc.mount(b"proc", b"/proc", b"proc", 0, None), "/proc")
    _check(_libc.mount(b"scratch", str(SCRATCH).encode(), b"tmpfs", 0, None), "/mnt")
    _loopback_up()


def _check(status: int, what: str) -> None:
    if status:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _wait(child: int) -> int:
    """Return the exit status of *child*; whatever ends this process ends that one first."""

    def end(number: int, frame: object) -> None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)  # returns when every process of the namespace is gone
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, end)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as some:
        asked = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(some, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(some, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _UP))
    # Thousands of connections that wait for nothing make /proc/net/tcp long to read.
    Path("/proc/sys/net/ipv4/tcp_max_tw_buckets").write_text("0", "ascii")
