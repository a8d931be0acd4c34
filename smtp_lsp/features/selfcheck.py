"""Running every feature at every place of a file, as for a report of what went wrong."""

from __future__ import annotations


def run(data: bytes, name: str) -> str:
    """Return a summary of what every feature answered. Raises whatever a feature raises."""
    from smtp_lsp.features import actions, hover
    from smtp_lsp.lint.run import analyse
    from smtp_lsp.text.source import Source

    analysis = analyse(Source(data, name), keep=True)
    starts = analysis.source.lines.starts
    places = hovers = 0
    for line, start in enumerate(starts):
        stop = analysis.source.lines.bounds(line)[1]
        for offset in range(start, min(stop, start + 200) + 1):
            places += 1
            if hover.hover(analysis, offset) is not None:
                hovers += 1
    fixes = len(actions.quick_fixes(analysis, 0, len(data)))
    kind = analysis.kind or "unknown"
    dialect = analysis.reading.dialect.name if analysis.reading else "none"
    return (
        f"{kind}, dialect {dialect}, {len(analysis.sessions)} sessions, "
        f"{len(analysis.findings)} findings, {hovers} hovers at {places} places, {fixes} fixes"
    )
