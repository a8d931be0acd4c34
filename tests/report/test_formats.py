"""What each output format promises to the system that reads it."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, FormatChecker

from smtp_lsp import report
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

SARIF = Draft4Validator(
    json.loads(Path(__file__).with_name("sarif-2.1.0.schema.json").read_text("utf-8")),
    format_checker=FormatChecker(),
)
"""The schema of SARIF 2.1.0 (OASIS), as SchemaStore publishes it."""

EVIL = b'\x1b[31m<&">]]>::error::x\xe2\x80\xae%0A\xff'
BAD = (
    b"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b>\nS: 550 "
    + EVIL
    + b"\nC: DATA\nS: 503 no\n"
)
SCRIPT = b"EHLO a\nMAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\nHi\n.\nthere you are\n.\nQUIT\n"


def written(name, *files, locale="en"):
    writer = report.writer(name, color=False, locale=locale)
    text = ""
    for path, data in files:
        source = Source(data, path)
        text += writer.file(source, lint(source))
    return text + writer.end()


@pytest.mark.parametrize(
    "files", [[], [("a.smtp", BAD)], [("a b#\udcff.smtp", BAD), ("b.bsmtp", SCRIPT)]]
)
def test_sarif_is_sarif(files):
    document = json.loads(written("sarif", *files))
    SARIF.validate(document)
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert result["level"] in ("error", "warning", "note")
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert " " not in result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_the_schema_can_tell():
    document = json.loads(written("sarif", ("a.smtp", BAD)))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert not SARIF.is_valid(document)


def test_full_speaks_the_language_throughout():
    assert written("full", ("a.smtp", BAD), locale="fr").startswith(("erreur[", "information["))
    assert written("full", ("a.smtp", BAD)).startswith(("error[", "info["))


def test_github_commands_cannot_be_forged():
    lines = written("github", ("a,b:c%.smtp", BAD)).splitlines()
    assert lines
    for line in lines:
        assert line.startswith(("::error file=a%2Cb%3Ac%25.smtp,line=", "::notice file=a%2Cb"))
        assert line.count("::") == 2 + line.partition("::")[2].partition("::")[2].count("::")
    assert not any(line.startswith("::error::") for line in lines)


def test_gitlab_fingerprints_are_unique_and_outlive_moved_lines():
    first = json.loads(written("gitlab", ("a.smtp", BAD)))
    moved = json.loads(written("gitlab", ("a.smtp", b"\n\n" + BAD)))
    assert [f["fingerprint"] for f in first] == [f["fingerprint"] for f in moved]
    assert len({f["fingerprint"] for f in first}) == len(first)
    assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(first[0])
    assert written("gitlab") == "[]\n"


def test_junit_is_xml():
    root = ElementTree.fromstring(written("junit", ("a<b>.smtp", BAD), ("b.bsmtp", SCRIPT)))
    (suite,) = root
    cases = list(suite)
    assert [case.get("name") for case in cases] == ["a<b>.smtp", "b.bsmtp"]
    assert int(suite.get("failures")) == len(suite.findall("./testcase/failure")) > 0
    assert suite.find("./testcase/system-out").text.count("RPL090") == 1


def test_reviewdog_counts_octets():
    data = "S: 220 mx é\nC: EHLO a\nS: 250 mx\nC: DATA\nS: 503 é\n".encode()
    document = json.loads(written("rdjson", ("a.smtp", data), ("b.bsmtp", SCRIPT)))
    first, second = document["diagnostics"]
    assert first["location"]["range"]["start"] == {"line": 4, "column": 4}
    assert second["suggestions"][0]["text"] == "."


@pytest.mark.parametrize("name", report.FORMATS)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_nothing_of_the_file_acts_on_whoever_reads(name, locale):
    text = written(name, ("a.smtp", BAD), locale=locale)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text


@pytest.mark.parametrize("name", report.FORMATS)
def test_no_secret_is_written(name):
    data = b"S: 220 mx\nC: AUTH PLAIN c2VjcmV0\nS: 535 no\n"
    data += b"C: AUTH LOGIN\nS: 334 x\nC: c2VjcmV0\nS: 535 no\n"
    assert "c2VjcmV0" not in written(name, ("a.smtp", data))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"C: AUTH PLAIN c2VjcmV0", b"C: AUTH PLAIN ********"),
        (b"auth login dXNlcg==", b"auth login ********"),
        (b" ~> AUTH XOAUTH2 abc def", b" ~> AUTH XOAUTH2 *******"),
        (b"C: AUTH LOGIN", b"C: AUTH LOGIN"),
        (b"S: 250-AUTH PLAIN LOGIN", b"S: 250-AUTH PLAIN LOGIN"),
        (b"C: c2VjcmV0", b"C: ********"),
        (b"send: 'c2VjcmV0\\r\\n'", b"send: '********\\r\\n'"),
    ],
)
def test_secrets_are_masked_in_place(line, shown):
    from smtp_lsp.report.secrets import masked

    source = Source(b"S: 334 VXNlcm5hbWU6\n" + line + b"\nS: 535 no\n")
    assert masked(source, 1) == shown
