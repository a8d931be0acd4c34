"""Fetch the nine servers into a folder of their own; nothing is installed on this machine.

setup.py CACHE: Debian's packages are downloaded and unpacked, never installed; what is npm's and
pip's goes beside them. The versions are those of ``debian.lock``, ``package-lock.json`` and
``requirements.lock``. What is there already and as the lock files say is left as it is.
Debian's libraries are fetched where the machine does not have them anyhow.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCKS = ("debian.lock", "package.json", "package-lock.json", "requirements.lock", "setup.py")
TOOLS = ("apt-get", "dpkg-deb", "npm", "node", "openssl", "perl", "unshare", "mount", "useradd")


class SetupError(Exception):
    """A server cannot be had; the text says which, and why."""


def call(*words: str | Path, cwd: Path | None = None) -> None:
    """Run a command; what it prints is shown only where it fails.

    Raises SetupError.
    """
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise SetupError(f"{' '.join(map(str, words))}\n{said}")


def digest() -> str:
    """Return what the lock files and this Python come to: another setup where it differs."""
    found = hashlib.sha256(sys.version.encode())
    for name in LOCKS:
        found.update((HERE / name).read_bytes())
    return found.hexdigest()


def wanted() -> list[tuple[str, str, str]]:
    """Return the rows of ``debian.lock``: ``server`` or ``library``, package, version."""
    rows = (line.split() for line in (HERE / "debian.lock").read_text("utf-8").splitlines())
    return [(row[0], row[1], row[2]) for row in rows if row and row[0] in ("server", "library")]


def installed(package: str) -> bool:
    """Say whether Debian's *package* is installed on this machine."""
    done = subprocess.run(
        ["dpkg-query", "-Wf", "${db:Status-Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() == "installed"


def unpack(package: str, kind: str, version: str, cache: Path) -> None:
    """Download one Debian package and unpack it where the jail looks for it.

    Raises SetupError where Debian does not have it (any more).
    """
    folder = cache / "debs" / package
    folder.mkdir(parents=True, exist_ok=True)
    try:
        call("apt-get", "download", "-qq", f"{package}={version}", cwd=folder)
    except SetupError as error:
        if kind == "server":
            raise SetupError(
                f"{package} {version}: {error}\nIf Debian has a later one, write that into "
                f"debian.lock and see what it changes in known.toml."
            ) from None
        print(f"{package} {version} is gone; the one that Debian has now is taken")
        call("apt-get", "download", "-qq", package, cwd=folder)
    root = cache / "root" / (package if kind == "server" else "libraries")
    root.mkdir(parents=True, exist_ok=True)
    for deb in folder.glob("*.deb"):
        call("dpkg-deb", "-x", deb, root)
    merge_usr(root)


def merge_usr(root: Path) -> None:
    """Move lib, bin and sbin under usr: laid over the machine they would hide its links."""
    for name in ("lib", "bin", "sbin"):
        if (root / name).is_dir() and not (root / name).is_symlink():
            shutil.copytree(root / name, root / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(root / name)


def debian(cache: Path) -> None:
    """Download and unpack what is Debian's."""
    (cache / "root" / "libraries").mkdir(parents=True)
    rows = [row for row in wanted() if row[0] == "server" or not installed(row[1])]
    call("apt-get", "update", "-qq")
    for kind, package, version in rows:
        unpack(package, kind, version, cache)


def node(cache: Path) -> None:
    """Install what is npm's; nothing of it is run."""
    folder = cache / "node"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    call("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)


def python(cache: Path) -> None:
    """Install what is pip's, in a virtual environment."""
    call(sys.executable, "-m", "venv", cache / "venv")
    pip = (cache / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet")
    call(*pip, "--no-deps", "--require-hashes", "-r", HERE / "requirements.lock")


def certificate(cache: Path) -> None:
    """Make the certificate that all of the servers show."""
    folder = cache / "tls"
    folder.mkdir()
    call(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-days", "3650", "-subj", "/CN=mta.example.org"),
        *("-addext", "subjectAltName=DNS:mta.example.org,IP:127.0.0.1"),
        *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
    )


def prepare(cache: Path) -> None:
    """Have everything in *cache*, fetched now or before.

    Raises SetupError.
    """
    stamp = cache / "stamp"
    if stamp.exists() and stamp.read_text("utf-8") == digest():
        return
    for tool in TOOLS:
        if shutil.which(tool) is None:
            raise SetupError(f"the program {tool} is wanted, and this machine does not have it")
    for name in ("stamp", "debs", "root", "node", "venv", "tls"):
        path = cache / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
    cache.mkdir(parents=True, exist_ok=True)
    print(f"fetching the servers into {cache}")
    for step in (debian, node, python, certificate):
        step(cache)
    stamp.write_text(digest(), "utf-8")


def main() -> int:
    """Prepare the folder that is given, or that the environment names."""
    default = os.environ.get("SMTP_LSP_CACHE", str(Path.home() / ".cache" / "smtp-lsp"))
    cache = Path(sys.argv[1] if len(sys.argv) > 1 else default) / "servers"
    try:
        prepare(cache.resolve())
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
