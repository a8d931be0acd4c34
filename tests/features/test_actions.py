"""What an editor can offer to do about the findings of a message."""

from support import CASES

from smtp_lsp.features import actions
from smtp_lsp.lint import fix
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

FIXES = CASES / "fixes"


def looked_at(name, **options):
    path = FIXES / name
    return analyse(Source(path.read_bytes(), path.name), Options(**options), keep=True)


def everywhere(analysis):
    return 0, len(analysis.source.data)


def test_all_that_is_safe_and_nothing_else():
    analysis = looked_at("message-names.eml")
    after = fix.applied(analysis.source.data, actions.fix_all(analysis))
    assert after == (FIXES / "message-names.fixed").read_bytes()
    one, other = actions.quick_fixes(analysis, *everywhere(analysis))
    assert (one.is_safe, other.is_safe) == (True, False)
    assert other.title.endswith("(unsafe)")


def test_a_signature_is_the_reason_given_and_there_are_no_edits():
    for locale, word in (("en", "signed"), ("fr", "signé")):
        analysis = looked_at("signed-dkim-subject.eml", locale=locale)
        assert actions.quick_fixes(analysis, *everywhere(analysis)) == []
        assert actions.fix_all(analysis) == []
        (action,) = actions.withheld(analysis, *everywhere(analysis))
        assert action.edits == []
        assert "DKIM-Signature" in action.refused
        assert word in action.refused
        assert action.title
    assert actions.withheld(analysis, 0, 0) == []


def test_a_recording_offers_nothing_for_the_message_in_it():
    analysis = looked_at("message-in-bdat.smtp")
    assert {finding.rule for finding in analysis.findings} == {"HDR014", "HDR017", "MIM021"}
    assert actions.quick_fixes(analysis, *everywhere(analysis)) == []
    assert actions.withheld(analysis, *everywhere(analysis)) == []
