"""Hold smtp-lsp against nine real SMTP servers.

run.py --sessions 300 --seed N [--server NAME]... [--cache DIR]
       [--learn] [--readme] [--facts] [--make-cases]

Exit status: 0 where every difference is of a known class, 1 where one is not, 2 where a server
is missing or the run could not be made. Needs root, for namespaces in which no mail can leave and
no process stays behind.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "servers"), str(HERE.parent.parent)]

import compare  # noqa: E402
import driver  # noqa: E402
import facts  # noqa: E402
import figures  # noqa: E402
import fleet  # noqa: E402
import generator  # noqa: E402
import isolation  # noqa: E402
import setup  # noqa: E402
from compare import KINDS, Row  # noqa: E402
from known import Known  # noqa: E402
from recipes import all_recipes  # noqa: E402
from script import Offers, Session  # noqa: E402

BATCH = 300
AT_ONCE = 24
PATIENT = 4.0
CACHE = os.environ.get("SMTP_LSP_CACHE", str(Path.home() / ".cache" / "smtp-lsp"))


class Played(NamedTuple):
    """A session that was played, against which server, and what comparing it gave."""

    server: str
    session: Session
    record: driver.Record
    rows: list[Row]


class Fleet:
    """The servers that take part, started, with what they offer."""

    def __init__(self, names: list[str], cache: Path) -> None:
        self.servers = [fleet.start(name, cache, isolation.SCRATCH) for name in names]
        self.offers: dict[str, Offers] = {}

    def awaken(self) -> None:
        """Wait for all of them. Raises ServerError."""
        for server in self.servers:
            fleet.await_greeting(server)
            try:
                self.offers[server.name] = driver.offers(server.port)
            except OSError as error:
                words = server.last_words()
                raise fleet.ServerError(f"{server.name}: {error}\n{words}") from None

    def gone(self) -> list[str]:
        """Return the servers that ended meanwhile."""
        return [server.name for server in self.servers if server.process.poll() is not None]

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


class Tally:
    """Agreement by server and kind, and the unknown differences."""

    def __init__(self) -> None:
        self.asked: collections.Counter[tuple[str, str]] = collections.Counter()
        self.agreed: collections.Counter[tuple[str, str]] = collections.Counter()
        self.told: collections.Counter[str] = collections.Counter()
        self.sessions: collections.Counter[str] = collections.Counter()
        self.seen: set[tuple[str, str]] = set()
        self.unknown: dict[tuple[str, str], tuple[Played, Row]] = {}
        self.troubles: list[str] = []
        self.grid: dict[tuple[str, str], str] = {}

    def add(self, played: Played, known: Known) -> None:
        """Count the rows of one session."""
        self.sessions[played.server] += 1
        label = played.session.label
        if played.record.trouble:
            self.troubles.append(f"{played.server}, {label}: {played.record.trouble}")
        answers = {answer.step: answer for answer in played.record.answers}
        for number in answers if label.startswith("ends/grid-") else ():
            step = played.session.steps[number]
            if step.about == "content":
                found = compare.outcome(played.session, number, answers)
                false = found == "ends" and step.replies == 0
                place = played.server, label.split("/")[1]
                self.grid[place] = "**ends**" if false else found
        for row in played.rows:
            place = played.server, row.kind
            self.asked[place] += 1
            self.agreed[place] += not row.key
            self.told[played.server] += row.told
            if row.key:
                self.seen.add((played.server, row.key))
                if not known.has(played.server, row.key):
                    self.unknown.setdefault((played.server, row.key), (played, row))

    def table(self, names: list[str]) -> str:
        """Return agreement as a table in Markdown: a row a server, a column a kind."""
        head = ["server", "sessions", *KINDS, "only by the reply"]
        lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        for name in names:
            cells = [fleet.SERVERS[name], str(self.sessions[name])]
            for kind in KINDS:
                asked, agreed = self.asked[name, kind], self.agreed[name, kind]
                share = f"{100 * agreed / asked:.1f} % of {asked}" if asked else "-"
                cells.append(share)
            cells.append(str(self.told[name]))
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines)


def compared(job: tuple[Session, driver.Record]) -> list[Row]:
    """Return the rows of one recorded session; runs in a process of its own."""
    return compare.compare(*job)


def noted(job: tuple[Session, driver.Record]) -> list[compare.Deed]:
    """Return what the server did in one recorded session; runs in a process of its own."""
    return compare.deeds(*job)


def batches(options: argparse.Namespace) -> Iterator[range]:
    """Yield the numbers of the sessions, some hundred at a time."""
    for start in range(0, options.sessions, BATCH):
        yield range(start, min(start + BATCH, options.sessions))


def play_batch(
    numbers: range, seed: int, ships: Fleet, analysts: multiprocessing.pool.Pool
) -> list[Played]:
    """Play the sessions of these numbers on every server, and compare them."""
    jobs = [
        (server, generator.session(seed, number, ships.offers[server.name]))
        for number in numbers
        for server in ships.servers
    ]
    with ThreadPoolExecutor(AT_ONCE) as players:
        records = list(players.map(lambda job: driver.play(job[1], job[0].port), jobs))
    work = [(session, record) for (_, session), record in zip(jobs, records, strict=True)]
    rows = analysts.map(compared, work, chunksize=50)
    return [
        Played(server.name, session, record, found)
        for (server, session), record, found in zip(jobs, records, rows, strict=True)
    ]


def again(batch: list[Played], ships: Fleet, known: Known, tally: Tally) -> list[Played]:
    """Play what showed something new once more, alone on its server and with patience.

    Of each new class one session is enough; what it shows then is what counts.
    """
    ports = {server.name: server.port for server in ships.servers}
    doubtful: dict[str, list[int]] = {name: [] for name in ports}
    claimed = set(tally.unknown)
    for index, played in enumerate(batch):
        new = {(played.server, row.key) for row in played.rows if row.key}
        new = {place for place in new if not known.has(*place)}
        if played.record.trouble or new - claimed:
            doubtful[played.server].append(index)
        claimed |= new

    def one_by_one(name: str) -> None:
        for index in doubtful[name]:
            session = batch[index].session
            record = driver.play(session, ports[name], PATIENT)
            rows = compare.compare(session, record)
            batch[index] = batch[index]._replace(record=record, rows=rows)

    with ThreadPoolExecutor(len(ports)) as players:
        list(players.map(one_by_one, doubtful))
    return batch


def work(options: argparse.Namespace, ships: Fleet, known: Known) -> int:
    """Play and compare everything; print what came of it; return the exit status."""
    tally, begun = Tally(), time.monotonic()
    deeds: list[tuple[str, compare.Deed]] = []
    with multiprocessing.Pool() as analysts:
        for numbers in batches(options):
            batch = play_batch(numbers, options.seed, ships, analysts)
            batch = again(batch, ships, known, tally)
            for played in batch:
                tally.add(played, known)
            jobs = [(played.session, played.record) for played in batch if options.facts]
            for played, found in zip(batch, analysts.map(noted, jobs, chunksize=50), strict=False):
                deeds += [(played.server, deed) for deed in found]
    if gone := ships.gone():
        print(f"ended in the midst of it: {', '.join(gone)}")
        return 2
    print(tally.table(options.server))
    if options.facts:
        facts.write(deeds)
    for trouble in tally.troubles[:20]:
        print(f"could not be played: {trouble}")
    if options.learn:
        learn(tally, known, options)
    if options.readme:
        parts = {
            "agreement": tally.table(options.server),
            "grid": figures.grid(tally.grid, options.server),
            "ways": figures.ways(known),
        }
        figures.write(parts)
    for (server, key), (played, row) in tally.unknown.items():
        show_unknown(server, key, played, row)
    seconds = time.monotonic() - begun
    verdict = f"{len(tally.seen)} classes of differences, {len(tally.unknown)} of them unknown"
    count = sum(tally.sessions.values())
    print(f"{count} sessions in {seconds:.0f} s, seed {options.seed}: {verdict}")
    return 1 if tally.unknown or tally.troubles else 0


def learn(tally: Tally, known: Known, options: argparse.Namespace) -> None:
    """Add what is unknown to ``known.toml``, but for what smtp-lsp is wrong in.

    What is known of a mistake by its name, and was not seen though every mistake was made, goes.
    """
    for place, (_, row) in [*tally.unknown.items()]:
        if place[1].split("/")[1] not in compare.OURS:
            known.learn(*place, row.shows)
            del tally.unknown[place]
            print(f"learnt: {' '.join(place)}")
    names = {recipe.name for recipe in all_recipes()}
    for server in options.server if options.sessions >= BATCH else ():
        held = {key for key in known.sessions.get(server, {}) if key.split("/")[2] in names}
        gone = {key for key in held if (server, key) not in tally.seen}
        known.forget(server, gone)
        for key in sorted(gone):
            print(f"forgotten: {server} {key}")
    known.write()


def show_unknown(server: str, key: str, played: Played, row: Row) -> None:
    """Print a difference that no class is known for, with the whole session."""
    print(f"\nUNKNOWN {server} {key}  (session {played.session.number}, {played.session.label})")
    print(row.shows)
    print("-- the session:")
    print(compare.transcript(played.record).decode("ascii"), end="")


def parsed() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sessions", type=int, default=300, metavar="N", help="for each server")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--server", action="append", choices=list(fleet.SERVERS), metavar="NAME")
    parser.add_argument("--cache", type=Path, default=Path(CACHE), metavar="DIR")
    parser.add_argument("--learn", action="store_true", help="add unknown classes to known.toml")
    parser.add_argument("--readme", action="store_true", help="write the tables of README.md")
    parser.add_argument("--facts", action="store_true", help="write registry/facts/servers.csv")
    parser.add_argument("--make-cases", action="store_true", help="record tests/cases/differential")
    options = parser.parse_args()
    if options.facts and (options.server or options.sessions < BATCH):
        parser.error(f"--facts is about every server and every mistake: {BATCH} sessions or more")
    options.server = options.server or list(fleet.SERVERS)
    return options


def main() -> int:
    """Run; return the exit status."""
    options = parsed()
    cache = (options.cache / "servers").resolve()
    if os.geteuid() != 0:
        print("cannot run: the servers run in namespaces of their own: be root", file=sys.stderr)
        return 2
    try:
        setup.prepare(cache)
        sys.stdout.flush()
        isolation.enter()
    except (setup.SetupError, OSError) as error:
        print(f"cannot run: {error}", file=sys.stderr)
        return 2
    known = Known()
    ships = Fleet(options.server, cache)
    try:
        ships.awaken()
        if options.make_cases:
            import cases

            return cases.make({each.name: each.port for each in ships.servers}, ships.offers)
        return work(options, ships, known)
    except fleet.ServerError as error:
        print(f"server missing: {error}", file=sys.stderr)
        return 2
    finally:
        ships.stop()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.exit(status)
