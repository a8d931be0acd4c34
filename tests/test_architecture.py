"""The house: who may import whom, what starting costs in modules, and no host's names."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "smtp_lsp"

# A room imports only rooms above it.
ROOMS = (
    "text",
    "registry",
    "grammar",
    "dialects",
    "session",
    "message",
    "rules",
    "pages",
    "lint",
    "explain",
    "features",
    "convert",
    "report",
    "config",
    "console",
    "cli",
    "lsp",
)
FACES = ("cli", "lsp")


def room_of(module):
    name = module.removeprefix("smtp_lsp").lstrip(".")
    for room in sorted(ROOMS, key=len, reverse=True):
        if name == room or name.startswith(room + "."):
            return room
    return None


def imports(path):
    """Yield every module that *path* imports when it is loaded or run, types apart."""
    tree = ast.parse(path.read_text("utf-8"))
    typing = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    ]
    skipped = {id(inner) for node in typing for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = sorted(PACKAGE.rglob("*.py"))


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_room_imports_only_rooms_above_it(path):
    here = room_of(module_name(path))
    if here is None:
        return  # the package itself and its entry point know both faces
    for imported in imports(path):
        there = room_of(imported)
        if there is None or there == here:
            continue
        assert ROOMS.index(there) < ROOMS.index(here), f"{here} imports {imported}"
        assert not (here in FACES and there in FACES)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_only_the_editors_face_knows_pygls(path):
    if room_of(module_name(path)) == "lsp":
        return
    for imported in imports(path):
        assert imported.split(".")[0] not in ("pygls", "lsprotocol", "attrs", "cattrs", "asyncio")


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_modules_stay_small(path):
    if "tables" in path.parts:
        return
    assert len(path.read_text("utf-8").splitlines()) <= 620


FORBIDDEN = {
    "pygls",
    "lsprotocol",
    "attr",
    "attrs",
    "cattrs",
    "dataclasses",
    "asyncio",
    "logging",
    "pathlib",
    "email",
    "typing",
    "tomllib",
    "json",
}


def modules_of(*arguments):
    script = (
        "import sys; from smtp_lsp.__main__ import main; "
        f"status = main({list(arguments)!r}); "
        "print('MODULES', *sorted(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"sys_path = {str(ROOT)!r}\n" + _PATH + script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "tests" / "cases",
    )
    return set(result.stdout.rpartition("MODULES")[2].split())


_PATH = "import sys; sys.path.insert(0, sys_path)\n"


def test_linting_loads_nothing_it_does_not_need():
    loaded = modules_of("check", "--isolated", "samples/swaks/plain.smtp")
    assert not loaded & FORBIDDEN
    assert "smtp_lsp.explain" not in loaded


def test_a_file_without_findings_loads_no_prose():
    code = (
        "from smtp_lsp import check, pages\n"
        "check(open('samples/swaks/plain.smtp', 'rb').read(), filename='a.smtp')\n"
        "assert not pages._pages, pages._pages"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT / "tests" / "cases")


def test_version_and_help_load_next_to_nothing():
    assert not modules_of("--version") & (FORBIDDEN | {"argparse", "smtp_lsp.lint"})


def test_the_core_needs_the_standard_library_alone():
    """Without site-packages, everything but the server works."""
    loaded = modules_of("explain", "354", "lone-dot", "RCPT")
    assert not loaded & {"pygls", "lsprotocol"}
