"""A rule that is passed over by a message's traits would have found nothing in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CASES, transcripts

from smtp_lsp.lint import enclosed, glance
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.message import CONTEXTS, parse
from smtp_lsp.rules import MESSAGE
from smtp_lsp.text.source import Source

sys.path.insert(0, str(Path(__file__).parents[1] / "messages"))
import mutants

RULES = [rule for rule, _ in Options(select=["ALL"]).rules(MESSAGE)]
SPARED = [rule for rule in RULES if rule.traits]
FILES = [path.read_bytes() for path in sorted(CASES.rglob("*.eml"))]
OCTETS = [octets for octets in FILES if len(octets) < 60_000]
PIECES = (b"\r", b"\n", b"\n.\n", b"\0", b"=?", b"\xe9", b" :", b"\nBcc: a@b\n", b"--", b"(", b'"')


def check(message):
    traits = glance.traits_of(message)
    for rule in SPARED:
        if not rule.traits & traits:
            assert not list(rule.find(message)), rule


def test_there_are_rules():
    assert len(SPARED) > 80


@pytest.mark.parametrize("start", range(0, len(FILES), 50))
def test_cases(start):
    for octets in FILES[start : start + 50]:
        for context in CONTEXTS:
            check(parse(octets, context))


def test_mutants():
    for _, octets, _, _ in mutants.mutants():
        check(parse(octets))


@given(st.sampled_from(OCTETS), st.integers(0, 999), st.integers(0, 60), st.sampled_from(PIECES))
def test_broken(octets, place, size, piece):
    at = len(octets) * place // 1000
    check(parse(octets[:at] + piece + octets[at + size :]))


def test_messages_in_transcripts():
    count = 0
    for path in transcripts():
        analysis = analyse(Source(path.read_bytes(), path.name), keep=True)
        for session in analysis.sessions:
            for message in enclosed.messages(session):
                check(message)
                count += 1
    assert count > 100
