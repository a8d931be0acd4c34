"""``smtp-lsp check``: files in, findings out."""

from __future__ import annotations

import gc
import os
import sys

from smtp_lsp import config, dialects, pages, report
from smtp_lsp.cli import files
from smtp_lsp.console import environment_locale, parser, refuse
from smtp_lsp.lint import baseline, flood
from smtp_lsp.lint.options import DEFAULT_FAIL_ON, FAIL_LEVELS, KINDS, OptionError, Options, rank
from smtp_lsp.lint.run import analyse
from smtp_lsp.message import CONTEXTS
from smtp_lsp.text.escape import visible
from smtp_lsp.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from smtp_lsp.lint.finding import Finding
    from smtp_lsp.session.tree import Session

EPILOG = """\
exit status: 0 nothing at or above --fail-on, 1 findings, 2 could not do what was asked
dialects: """ + ", ".join(dialects.NAMES)

# Parts of the design that this version does not have. Each is refused by name.
_LATER = (
    "--jobs",
    "--watch",
    "--profile",
)

_SUMMARY_FORMATS = ("full", "concise", "github")
"""Formats that a paragraph of text may stand in."""

_ALL_SESSIONS = 1 << 20
"""Octets up to which a file's sessions are all told, and not those alone that were walked."""


def run(words: list[str]) -> int:
    """Run ``check`` and return its exit status."""
    for word in words:
        if word == "--":
            break
        if word.partition("=")[0] in _LATER:
            return refuse(f"{word.partition('=')[0]} is not part of this version")
    try:
        asked = _parser().parse_args(words)
    except SystemExit as end:
        return int(end.code or 0)
    # What a file becomes lives until its findings are written: there is little to collect.
    gc.set_threshold(100_000)
    try:
        return Run(asked).go()
    except (config.ConfigError, OptionError, baseline.BaselineError) as error:
        return refuse(str(error))


def _parser() -> argparse.ArgumentParser:
    made = parser("check", "Lint SMTP transcripts and raw messages.")
    made.epilog = EPILOG
    add = made.add_argument
    add("paths", nargs="*", metavar="PATH", help="files, folders, or - for standard input")
    for option, what in (
        ("select", "only these rules"),
        ("ignore", "not these rules"),
        ("extend-select", "these rules too"),
    ):
        add(f"--{option}", action="append", default=[], metavar="RULE,...", help=what)
    add(
        "--output-format",
        choices=report.FORMATS,
        metavar="FORMAT",
        help=f"{', '.join(report.FORMATS)} (default: full on a terminal, github in its "
        "workflows, concise elsewhere)",
    )
    add("--output-file", metavar="FILE", help="write the findings there")
    add("--fix", action="store_true", help="apply safe fixes")
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: unsafe ones too")
    add("--diff", action="store_true", help="show what --fix would change, change nothing")
    add("--stdin-filename", metavar="NAME", default="", help="the name of standard input")
    add("--config", metavar="FILE", help="this configuration and no other")
    add("--isolated", action="store_true", help="no configuration file at all")
    add("--no-respect-gitignore", action="store_true", help="walk what git ignores, too")
    add("--force-exclude", action="store_true", help="exclude also paths that are named")
    add("--baseline", metavar="FILE", default="", help="do not show what FILE accounts for")
    add("--write-baseline", metavar="FILE", default="", help="account for all that is found now")
    add("--add-ignore", action="store_true", help="write a comment above what is found now")
    add("--statistics", action="store_true", help="count the findings by rule")
    add("--summary", action="store_true", help="say what became of each session, and why")
    add("--exit-zero", action="store_true", help="exit with 0 even with findings")
    add("--fail-on", choices=FAIL_LEVELS, default=DEFAULT_FAIL_ON, help="default: warning")
    add("--color", choices=("auto", "always", "never"), default="auto")
    add("--locale", choices=pages.LOCALES, default="")
    add("--as", dest="as_kind", choices=KINDS, default="", help="whatever the name says")
    add("--dialect", choices=dialects.NAMES, default="", metavar="NAME", help="see below")
    add("--context", choices=CONTEXTS, default="", help="of messages; default: stored")
    charset = "what raw 8-bit text in headers is written in, for --fix --unsafe-fixes"
    add("--header-charset", metavar="CHARSET", default="", help=charset)
    return made


class Run:
    """One run over many files. Nothing of one file is kept for the next but the counts."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.status = 0
        self.looked_at = 0
        self._summary = ""
        self.counts: dict[str, int] = {}
        self.fixed = 0
        self.ignored = 0
        self.written = baseline.Baseline(os.path.dirname(asked.write_baseline) or ".")
        self.settings: dict[str, config.Settings] = {}
        self.options: dict[tuple[str, tuple[str, ...]], Options] = {}
        for option in ("select", "ignore", "extend_select"):
            given = getattr(asked, option)
            if given and not _split(given):
                name = option.replace("_", "-")
                raise OptionError(f"--{name} names no rule; see `smtp-lsp rules`")
        if asked.config and asked.isolated:
            raise OptionError("--config and --isolated exclude each other")
        self.given_settings = config.load(asked.config) if asked.config else None
        self.locale = asked.locale or environment_locale()
        self._options_of(self._settings_of("."), "")
        self.out = _Output(asked.output_file)
        self.baselines: dict[str, baseline.Baseline] = {}
        self._baseline_of(self._settings_of("."))
        color = asked.color == "always" or (
            asked.color == "auto"
            and not asked.output_file
            and sys.stdout.isatty()
            and not os.environ.get("NO_COLOR")
        )
        terminal = not asked.output_file and sys.stdout.isatty()
        chosen = asked.output_format or _default_format(terminal)
        self.format = chosen
        if asked.summary and chosen not in _SUMMARY_FORMATS:
            raise OptionError(pages.phrase(self.locale, "summary-text-only"))
        self.writer = report.writer(chosen, color=color, locale=self.locale)

    def go(self) -> int:
        """Look at every path and return the exit status."""
        for path in self._paths():
            self._file(path)
        if self.asked.write_baseline:
            self._write_baseline()
        elif not self.asked.diff:
            self.out.write(
                self.writer.end() if self.looked_at or self.format in report.WHOLE else ""
            )
        if self.asked.statistics:
            self._statistics()
        if self.ignored:
            self._tell(pages.phrase(self.locale, "ignored", {"count": str(self.ignored)}))
        if self.fixed:
            self._tell(pages.phrase(self.locale, "fixed", {"count": str(self.fixed)}))
        self.out.close()
        if self.status == 1 and self.asked.exit_zero:
            return 0
        return self.status

    def _baseline_of(self, settings: config.Settings) -> baseline.Baseline:
        """Return the baseline that was asked for, or that a file's configuration names."""
        path = self.asked.baseline
        if not path and settings.get("baseline", ""):
            path = os.path.join(settings.root, settings.get("baseline", ""))
        if not path or self.asked.write_baseline:
            return self.written
        if path not in self.baselines:
            self.baselines[path] = baseline.load(path)
        return self.baselines[path]

    def _write_baseline(self) -> None:
        path = self.asked.write_baseline
        baseline.save(path, self.written)
        count = sum(sum(rules.values()) for rules in self.written.counts.values())
        named = {"count": str(count), "path": visible(path)}
        self._tell(pages.phrase(self.locale, "baseline-written", named))

    # -- paths ---------------------------------------------------------------

    def _paths(self) -> list[str]:
        """Return every file to look at, sorted; standard input is looked at at once."""
        found: set[str] = set()
        for path in map(_plain, self.asked.paths or ["."]):
            if path == "-":
                self._standard_input()
            elif os.path.isdir(path):
                inside = set(self._below(path))
                if not inside and self.status != 2:
                    self._tell(pages.phrase(self.locale, "no-files", {"path": visible(path)}))
                found |= inside
            elif not (self.asked.force_exclude and self._excluded(path)):
                found.add(path)
        return sorted(found)

    def _standard_input(self) -> None:
        name = self.asked.stdin_filename
        if name and self.asked.force_exclude and self._excluded(name):
            return
        self._look(name or "<stdin>", sys.stdin.buffer.read(), is_stream=True)

    def _below(self, folder: str) -> Iterator[str]:
        ignore = None
        if not self.asked.no_respect_gitignore:
            from smtp_lsp.cli import gitignore

            ignore = gitignore.above(folder)
        yield from files.below(folder, ignore, self._excluded, self._unreadable)

    def _excluded(self, path: str) -> bool:
        return self._settings_of(os.path.dirname(path) or ".").excludes(path)

    def _file(self, path: str) -> None:
        try:
            data = files.read(path)
        except files.Unreadable as error:
            self._unreadable(error)
            return
        self._look(path, data)

    def _unreadable(self, error: files.Unreadable) -> None:
        why = pages.phrase(self.locale, error.why)
        self._tell(
            pages.phrase(self.locale, "unreadable", {"path": visible(error.path), "why": why})
        )
        self.status = 2

    def _tell(self, line: str) -> None:
        self.out.flush()
        print(line, file=sys.stderr)

    # -- settings ------------------------------------------------------------

    def _settings_of(self, folder: str) -> config.Settings:
        if self.given_settings is not None:
            return self.given_settings
        if folder not in self.settings:
            path = "" if self.asked.isolated else config.find(folder)
            known = next((s for s in self.settings.values() if s.path == path), None)
            self.settings[folder] = known or (config.load(path) if path else config.Settings())
        return self.settings[folder]

    def _options_of(self, settings: config.Settings, path: str) -> Options:
        ignored = tuple(settings.ignores_in(path)) if path else ()
        place = (settings.path, ignored)
        if place not in self.options:
            asked = self.asked
            self.options[place] = config.options(
                settings,
                select=_split(asked.select) or None,
                ignore=(*_split(asked.ignore), *ignored),
                extend_select=_split(asked.extend_select),
                dialect=asked.dialect,
                context=asked.context,
                header_charset=asked.header_charset,
                as_kind=asked.as_kind,
                locale=asked.locale or settings.get("locale", "") or self.locale,
                unsafe_fixes=asked.unsafe_fixes,
            )
        return self.options[place]

    # -- one file ------------------------------------------------------------

    def _look(self, path: str, data: bytes, *, is_stream: bool = False) -> None:
        self.looked_at += 1
        settings = self._settings_of(os.path.dirname(path) or ".")
        options = self._options_of(settings, path)
        source = Source(data, path)
        if self.asked.fix or self.asked.diff:
            source, findings = self._fix(source, options, is_stream=is_stream)
            if self.asked.summary:
                findings = self._analysed(source, options)
        else:
            findings = self._analysed(source, options)
        if self.asked.write_baseline:
            self.written.record(path, findings)
            return
        known = self._baseline_of(settings)
        if self.asked.add_ignore and not is_stream:
            self._add_ignores(source, options, known)
            return
        findings = known.filtered(path, findings)
        for finding in findings:
            self.counts[finding.rule] = self.counts.get(finding.rule, 0) + 1
            if rank(finding.severity) <= rank(self.asked.fail_on) and self.status == 0:
                self.status = 1
        if not self.asked.diff:
            self.out.write(self.writer.file(source, flood.shown(findings)))
            if self.asked.summary:
                self.out.write(self._summary)

    def _analysed(self, source: Source, options: Options) -> list[Finding]:
        """Return the findings of a file, and keep the words about its sessions if asked for."""
        if not self.asked.summary:
            return analyse(source, options).findings
        from smtp_lsp.lint.diagnosis import Summary, never_begun

        told: list[Summary] = []
        count = 0

        def tell(session: Session, found: list[Finding]) -> None:
            nonlocal count
            count += 1
            summary = Summary(session, found, source, options.locale)
            if keep or summary.cause is not None:
                told.append(summary)

        keep = len(source.data) <= _ALL_SESSIONS
        analysis = analyse(source, options, keep=keep, each=tell)
        lines = [line for summary in told for line in summary.lines]
        lines += never_begun(analysis.findings) if not count else []
        begins = analysis.reading.boundaries if analysis.reading is not None else []
        passed = sum(begin < len(source.data) for begin in begins) + 1
        others = max(count, passed) - len(told) if not keep else 0
        if others > 0:
            named = {"path": visible(source.name), "count": str(others)}
            lines.append(pages.phrase(options.locale, "summary-others", named))
        self._summary = "".join(f"{line}\n" for line in lines)
        return analysis.findings

    def _fix(
        self, source: Source, options: Options, *, is_stream: bool
    ) -> tuple[Source, list[Finding]]:
        """Apply fixes until none is left; write the file, or show what would change.

        What came from standard input goes to standard output, and the findings to stderr.
        """
        from smtp_lsp.lint import fix

        before = source
        findings = analyse(source, options).findings
        for _ in range(fix.MOST_PASSES):
            fixes = fix.chosen(findings, unsafe=options.unsafe_fixes)
            if not fixes:
                break
            self.fixed += 0 if self.asked.diff else len(fixes)
            edits = sorted(edit for edits in fixes for edit in edits)
            source = Source(fix.applied(source.data, edits), source.name)
            findings = analyse(source, options).findings
        if is_stream and not self.asked.diff:
            self.out.divert()
            sys.stdout.buffer.write(source.data)
        if source is before:
            return source, findings
        if self.asked.diff:
            from smtp_lsp.cli import difference

            self.out.write_bytes(difference.unified(before.name, before.data, source.data))
            self.status = max(self.status, 1)
            return source, []
        if is_stream:
            return source, findings
        try:
            fix.write(source.name, source.data)
        except OSError as error:
            self._cannot_write(source.name, error)
            return before, analyse(before, options).findings
        return source, findings

    def _cannot_write(self, path: str, error: OSError) -> None:
        why = pages.phrase(self.locale, files.reason(error))
        named = {"path": visible(path), "why": why}
        self._tell(pages.phrase(self.locale, "unwritable", named))
        self.status = 2

    def _add_ignores(self, source: Source, options: Options, known: baseline.Baseline) -> None:
        """Write comments above what is found; a message has no comments and is left alone."""
        from smtp_lsp.lint import fix, suppress

        analysis = analyse(source, options, keep=True)
        findings = known.filtered(source.name, analysis.findings)
        if analysis.message is not None and findings:
            self._tell(pages.phrase(self.locale, "no-comments", {"path": visible(source.name)}))
            return
        changed = suppress.with_ignores(source, findings, suppress.contents_of(analysis))
        if changed == source.data:
            return
        try:
            fix.write(source.name, changed)
        except OSError as error:
            self._cannot_write(source.name, error)
            return
        self.ignored += changed.count(b"# smtp-lsp: ignore[") - source.data.count(
            b"# smtp-lsp: ignore["
        )

    def _statistics(self) -> None:
        from smtp_lsp.rules import find

        for code, count in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])):
            rule = find(code)
            line = f"{count:>6} {code} {rule.name if rule else ''}"
            # A document of one piece stays one.
            if self.format in report.WHOLE:
                self._tell(line)
            else:
                self.out.write(line + "\n")


def _default_format(terminal: bool) -> str:
    if terminal:
        return "full"
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "concise"


class _Output:
    """Standard output, or the file that ``--output-file`` names."""

    def __init__(self, path: str | None) -> None:
        if not path:
            self.file = sys.stdout.buffer
            return
        try:
            self.file = open(path, "wb")  # noqa: SIM115 (closed by close)
        except OSError as error:
            raise OptionError(f"{path}: {error.strerror}") from None

    def divert(self) -> None:
        """Write to standard error from here on, where standard output is taken."""
        if self.file is sys.stdout.buffer:
            self.file = sys.stderr.buffer

    def write(self, text: str) -> None:
        self.write_bytes(text.encode("utf-8", "surrogateescape"))

    def write_bytes(self, octets: bytes) -> None:
        if octets:
            self.file.write(octets)

    def flush(self) -> None:
        self.file.flush()

    def close(self) -> None:
        self.file.flush()
        if self.file not in (sys.stdout.buffer, sys.stderr.buffer):
            self.file.close()


def _plain(path: str) -> str:
    """Return *path* without a ``./`` in front, which some readers of reports stumble over."""
    start = os.path.join(os.curdir, "")
    while path.startswith(start) and path.strip("./\\"):
        path = path[len(start) :].lstrip(os.sep)
    return path


def _split(values: list[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())
