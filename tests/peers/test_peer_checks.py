"""What other programs tell of a message: each check has a file that a rule here finds, or a reason.

The files are octets in the modules ``faults_header``, ``faults_address`` and ``faults_body``, with
the checks that each shows: the key of the program in ``peers.toml``, and the name of the check.
"""

import functools
import re

import faults_address
import faults_body
import faults_header
import pytest

from smtp_lsp import registry
from smtp_lsp.explain.coverage import GROUPS, PROGRAMS
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import all_rules, find
from smtp_lsp.text.source import Source

ROWS = registry.table("peers")["check"]
KEYS = [key for key, _ in PROGRAMS]
FAULTS = [*faults_header.FAULTS, *faults_address.FAULTS, *faults_body.FAULTS]
SILENT = [*faults_header.SILENT, *faults_body.SILENT]
ATTACKS = registry.table("peers")["attack"]

PYTHON = """
NoBoundaryInMultipartDefect StartBoundaryNotFoundDefect CloseBoundaryNotFoundDefect
FirstHeaderLineIsContinuationDefect MisplacedEnvelopeHeaderDefect MissingHeaderBodySeparatorDefect
MultipartInvariantViolationDefect InvalidMultipartContentTransferEncodingDefect
UndecodableBytesDefect InvalidBase64PaddingDefect InvalidBase64CharactersDefect
InvalidBase64LengthDefect InvalidHeaderDefect HeaderMissingRequiredValue NonPrintableDefect
ObsoleteHeaderDefect NonASCIILocalPartDefect InvalidDateDefect
"""
"""The classes of defects that Python's email raises or records, without those they derive from."""

MIMEKIT = """
BareLinefeedInHeader BareLinefeedInBody OversizedLine Unexpected8BitBytesInHeader
Unexpected8BitBytesInBody UnexpectedNullBytesInHeader UnexpectedNullBytesInBody InvalidHeader
IncompleteHeader RepeatedContentType RepeatedContentTransferEncoding RepeatedDate RepeatedFrom
RepeatedSender RepeatedReplyTo RepeatedTo RepeatedCc RepeatedBcc RepeatedMessageId
RepeatedInReplyTo RepeatedReferences RepeatedSubject RepeatedReturnPath RepeatedResentDate
RepeatedResentFrom RepeatedResentSender RepeatedResentTo RepeatedResentCc RepeatedResentBcc
RepeatedResentMessageId InvalidContentType InvalidContentTransferEncoding
IllegalMessageRfc822ContentTransferEncoding IllegalMultipartContentTransferEncoding
MissingMultipartBoundaryParameter InvalidMultipartBoundaryParameter
ExcessiveAngleBracketsInAddress UnbalancedAngleBracketsInAddress UnbalancedQuotesInAddress
UnbalancedParenthesesInAddress UnquotedDisplayName AddressInDisplayName
UnquotedAddressInDisplayName AddressInGroupDisplayName UnquotedAddressInGroupDisplayName
InvalidLocalPart MissingAddressSeparator AmbiguousMailboxBoundary ExtraneousCommaInAddressList
ObsoleteRouteAddress AddressWithoutDomain ObsoleteDomainSyntax InvalidDomain TrailingDotInDomain
WhitespaceInDomainLiteral InvalidCharacterInDomainLiteral Invalid8BitAddress
MissingGroupTerminator NonConformantAddress NullByteInAddress NullByteInDisplayName
LineBreakInAddress ControlCharacterInAddress Iso2022SequenceInLocalPart EmptyGroupName
MissingBodySeparator MissingMultipartBoundary IncompleteBase64Quantum InvalidBase64Character
InvalidBase64Padding Base64CharactersAfterPadding ObsoleteBase64Comment
InvalidQuotedPrintableEncoding InvalidQuotedPrintableSoftBreak InvalidUUEncodePretext
InvalidUUEncodeFileMode InvalidUUEncodedContent InvalidUUEncodedLineLength
IncompleteUUEncodedLine InvalidUUEncodedLineExtraData InvalidUUEncodeEndMarker
IncompleteUUEncodedContent TooManyComplianceIssues
"""


@functools.cache
def found(data):
    """Return (code, severity) of what is found when every rule is on."""
    name = "a.smtp" if data.startswith(b"S: ") else "a.eml"
    options = Options(select=[rule.code for rule in all_rules()])
    return {(finding.rule, finding.severity) for finding in lint(Source(data, name), options)}


def codes(data):
    return {code for code, _ in found(data)}


def checks(row):
    """Return the checks of other programs in a row, each with the key of its program."""
    return [f"{key} {check}" for key in KEYS for check in row.get(key, ())]


def wanted(row):
    return {find(slug).code: slug for slug in row["rules"]}


def shown(row):
    """Return the files that show a row's mistake.

    A part of it that nobody else tells is named by ``here`` and the slug of a rule of the row.
    """
    names = {*checks(row), *(f"here {slug}" for slug in row["rules"])}
    return [(data, names & set(said)) for data, said in FAULTS if names & set(said)]


TOLD = [row for row in ROWS if row["rules"]]
REASONED = [row for row in ROWS if not row["rules"]]


def test_a_check_stands_in_one_row():
    every = [check for row in ROWS for check in checks(row)]
    assert sorted(every) == sorted(set(every))


@pytest.mark.parametrize(("key", "names"), [("python", PYTHON), ("mimekit", MIMEKIT)])
def test_every_name_is_there(key, names):
    assert sorted(name for row in ROWS for name in row.get(key, ())) == sorted(names.split())


def test_groups():
    assert {row["group"] for row in ROWS} == set(GROUPS)
    known = {*KEYS, "group", "what", "rules", "why"}
    assert all(set(row) <= known for row in ROWS)


@pytest.mark.parametrize("row", TOLD, ids=lambda row: row["what"]["en"])
def test_a_rule_finds_every_check(row):
    files = shown(row)
    missing = set(checks(row)).difference(*(names for _, names in files))
    assert missing == set()
    for data, names in files:
        assert codes(data) & set(wanted(row)), (names, codes(data))


@pytest.mark.parametrize("row", TOLD, ids=lambda row: row["what"]["en"])
def test_every_rule_of_a_row_finds_something(row):
    told = set().union(*(codes(data) for data, _ in shown(row)))
    assert {slug for code, slug in wanted(row).items() if code not in told} == set()


@pytest.mark.parametrize("row", REASONED, ids=lambda row: row["what"]["en"])
def test_no_rule_but_a_reason(row):
    assert row["why"]
    assert checks(row)


@pytest.mark.parametrize(("data", "names"), SILENT, ids=lambda value: str(value)[:60])
def test_what_has_no_rule_is_not_told(data, names):
    """A rule that comes to tell one of these belongs into the table."""
    reasoned = {check for row in REASONED for check in checks(row)}
    assert set(names) <= reasoned
    assert [code for code, severity in found(data) if severity in ("error", "warning")] == []


def test_no_file_for_a_check_that_is_not_there():
    every = {check for row in ROWS for check in checks(row)}
    alone = {f"here {slug}" for row in ROWS for slug in row["rules"]}
    assert {name for _, names in FAULTS for name in names} <= every | alone


@pytest.mark.parametrize("row", ATTACKS, ids=lambda row: row["what"]["en"])
def test_attacks_of_espoofer(row):
    for first, last in re.findall(r"espoofer A(\d+) to A(\d+)", row["known"]):
        for number in range(int(first), int(last) + 1):
            data = faults_address.ESPOOFER[number]
            assert codes(data) & set(wanted(row)), (number, codes(data))


def test_espoofer_is_whole():
    spans = re.findall(r"espoofer A(\d+) to A(\d+)", " ".join(row["known"] for row in ATTACKS))
    numbers = [n for first, last in spans for n in range(int(first), int(last) + 1)]
    assert sorted(numbers) == sorted(faults_address.ESPOOFER)
