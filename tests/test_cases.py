"""Every ``NAME.expect`` says what is found in ``NAME.smtp``, ``.eml`` or ``.mbox``, by line."""

import pytest
from support import CASES, expected, found, subject_of

# Written by somebody who had not seen the program, from the RFCs alone. Only the families
# that existed then are compared; rules that came later have cases of their own.
FAMILIES = ("SEQ", "DOT", "TRN")

EXPECTATIONS = sorted(CASES.rglob("*.expect"))


def test_there_are_cases():
    assert len(EXPECTATIONS) > 300


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_case(path):
    subject = subject_of(path)
    rows = [row for row in found(subject.read_bytes(), str(subject)) if row[1][:3] in FAMILIES]
    wanted = [row for row in expected(path) if row[1][:3] in FAMILIES]
    assert rows == wanted, path.read_text("utf-8")
