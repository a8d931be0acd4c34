"""A dialect that is not certain is said once, with what settles it."""

import pytest
from support import CASES

from smtp_lsp import pages
from smtp_lsp.features import actions
from smtp_lsp.lint import fix
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

UNLISTED = sorted((CASES / "dialects" / "prefixes").glob("*.smtp"))


@pytest.mark.parametrize("locale", pages.LOCALES)
@pytest.mark.parametrize("path", UNLISTED, ids=lambda path: path.stem)
def test_what_was_assumed_is_said_on_line_1_and_can_be_settled(path, locale):
    data = path.read_bytes()
    analysis = analyse(Source(data, path.name), Options(locale=locale), keep=True)
    (finding,) = [each for each in analysis.findings if each.rule == "TRN005"]
    assert finding.severity == "info"
    assert finding.range.start.line == 1
    # The first in the list; a finding in the first line may have a fix of its own.
    offered = [each for each in actions.quick_fixes(analysis, 0, 0) if each.finding is finding]
    (action,) = offered
    assert "`# smtp-lsp: dialect=prefixes`" in action.title
    settled = Source(fix.applied(data, action.edits), path.name)
    again = analyse(settled, Options(locale=locale))
    assert again.reading.dialect.name == "prefixes"
    assert "TRN005" not in {each.rule for each in again.findings}
