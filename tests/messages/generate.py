"""Make the messages of ``tests/cases/messages`` anew: ``python generate.py [LIBRARY...]``.

Each library makes what ``scenarios.py`` asks for; see README.md for what has to be installed.
Afterwards all lines of a file end alike, in CRLF or in LF by turns, as a transport or a mail
folder leaves them; and ``faults.tsv`` says which messages break a rule, in their ``.expect``.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
MAKERS = HERE / "generators"
CASES = HERE.parent / "cases" / "messages"
JARS = ":".join(f"/usr/share/java/{name}.jar" for name in ("javax.mail", "dsn", "javax.activation"))
LINE_END = re.compile(rb"\r\n|\n|\r")

# What to run; the scenarios and the folder come behind it.
COMMANDS = {
    "python-modern": (sys.executable, "make_python.py", "JSON", "FOLDER", "modern"),
    "python-legacy": (sys.executable, "make_python.py", "JSON", "FOLDER", "legacy"),
    "nodemailer": ("node", "make_nodemailer.js", "JSON", "FOLDER"),
    "phpmailer": ("php", "make_phpmailer.php", "JSON", "FOLDER"),
    "symfony": ("php", "make_symfony.php", "JSON", "FOLDER"),
    "pear": ("php", "make_pear.php", "JSON", "FOLDER"),
    "javamail": (
        *("java", "-Dfile.encoding=UTF-8", "-cp", JARS, "MakeJavaMail.java", "TSV", "FOLDER"),
    ),
    "mime-entity": ("perl", "make_perl.pl", "mime-entity", "JSON", "FOLDER"),
    "email-mime": ("perl", "make_perl.pl", "email-mime", "JSON", "FOLDER"),
    "mime-lite": ("perl", "make_perl.pl", "mime-lite", "JSON", "FOLDER"),
    "ruby": ("ruby", "make_ruby.rb", "JSON", "FOLDER"),
    "gmime": ("/usr/bin/python3", "make_gmime.py", "JSON", "FOLDER"),
    **{
        name: (sys.executable, "make_commands.py", name, "JSON", "FOLDER")
        for name in ("mutt", "s-nail", "swaks", "mpack")
    },
}


def expectations() -> dict[str, list[str]]:
    """Return the lines of each ``.expect``, by LIBRARY/NAME."""
    found = defaultdict(list)
    with (HERE / "faults.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["message"]].append(f"{row['line']} {row['slug']} {row['reason']}\n")
    return found


def finish(library: str, folder: Path) -> None:
    """Give each file one kind of line end, and what is expected of it beside it."""
    wanted = expectations()
    for number, path in enumerate(sorted(folder.glob("*.eml"))):
        path.write_bytes(LINE_END.sub((b"\r\n", b"\n")[number % 2], path.read_bytes()))
        lines = wanted.get(f"{library}/{path.stem}")
        if lines:
            path.with_suffix(".expect").write_text("".join(lines), encoding="utf-8")


def make(library: str, places: dict[str, str]) -> None:
    """Run one generator, and put what it makes in the place of what was there."""
    folder = CASES / library
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    places = {**places, "FOLDER": str(folder)}
    command = [places.get(word, word) for word in COMMANDS[library]]
    subprocess.run(command, cwd=MAKERS, check=True)
    finish(library, folder)


def main(libraries: list[str]) -> None:
    """Make the messages of these libraries, or of all."""
    with tempfile.TemporaryDirectory() as work:
        places = {"JSON": f"{work}/scenarios.json", "TSV": f"{work}/scenarios.tsv"}
        for place in places.values():
            subprocess.run((sys.executable, str(HERE / "scenarios.py"), place), check=True)
        for library in libraries or COMMANDS:
            print(library)
            make(library, places)


if __name__ == "__main__":
    main(sys.argv[1:])
