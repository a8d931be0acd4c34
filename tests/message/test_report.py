"""Reports for programs: their groups, and what is wrong in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp import message
from smtp_lsp.message import mime, report

DSN = b"Content-Type: message/delivery-status\n\n"
TOP = b"Reporting-MTA: dns; mx.example.org\nArrival-Date: Fri, 2 Jan 2026 10:00:00 +0000\n"
ONE = b"\nFinal-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n"
MDN = (
    b"Content-Type: message/disposition-notification\n\n"
    b"Reporting-UA: mua\nFinal-Recipient: rfc822;a@example.org\n"
)
READ = b"Disposition: manual-action/MDN-sent-manually; displayed\n"
TRACKING = b"Content-Type: message/tracking-status\n\n"


def read(data):
    return report.read(mime.tree(message.parse(data)))


def found(data):
    return [(d.sort, getattr(d, "field", None), bytes(d.view)) for d in read(data).defects]


GOOD = [
    DSN + TOP + ONE,
    (DSN + TOP + ONE + ONE).replace(b"\n", b"\r\n"),
    (DSN + TOP + ONE).replace(b"\n", b"\r"),
    DSN + b"\n" + TOP + b"\n \n" + ONE + b"\n\n",
    DSN + TOP + ONE + b"X-Anything: x\nX-Anything: y\nDiagnostic-Code: smtp; 550 no\n",
    DSN
    + TOP
    + ONE.replace(b"failed", b"Delayed (still)").replace(b"5.1.1", b"4.4.1 (later)")
    + b"Will-Retry-Until: Sat, 3 Jan 2026 10:00:00 +0000\n",
    MDN + READ,
    MDN + b"Disposition: automatic-action/MDN-sent-automatically;\n processed/error , x (so)\n",
    MDN + b"\n" + READ,
    TRACKING + b"Original-Envelope-Id: x\n" + TOP + ONE.replace(b"failed", b"opaque"),
]


@pytest.mark.parametrize("data", GOOD)
def test_good_ones(data):
    assert found(data) == []


NAME = b"Final-Recipient"
BAD = [
    (DSN, [(report.NO_FIELDS, None, b"")]),
    (DSN + b"nothing of the kind\n", [(report.NO_FIELDS, None, b"nothing of the kind\n")]),
    (DSN + TOP, [(report.NO_RECIPIENTS, None, b"Reporting-MTA")]),
    (DSN + b"X: y\n" + ONE, [(report.MISSING, "reporting-mta", b"X")]),
    (DSN + TOP + ONE.replace(b"Action: failed\n", b""), [(report.MISSING, "action", NAME)]),
    (DSN + TOP + ONE[1:], [(report.MISPLACED, "final-recipient", NAME)]),
    (
        DSN + TOP.replace(b"\nA", b"\n\nA") + ONE,
        [(report.MISPLACED, "arrival-date", b"Arrival-Date")],
    ),
    (DSN + TOP + ONE + b"Action: failed\n", [(report.REPEATED, "action", b"Action")]),
    (DSN + TOP + ONE.replace(b"failed", b""), [(report.EMPTY, "action", b"Action")]),
    (DSN + TOP + ONE + b"more\n", [(report.UNREADABLE, None, b"more")]),
    (
        DSN + TOP + ONE.replace(b"rfc822; ", b""),
        [(report.NO_TYPE, "final-recipient", b"a@example.org")],
    ),
    (DSN + TOP + ONE.replace(b"failed", b"failure"), [(report.BAD_ACTION, "action", b"failure")]),
    (DSN + TOP + ONE.replace(b"failed", b"opaque"), [(report.BAD_ACTION, "action", b"opaque")]),
    (DSN + TOP + ONE.replace(b"5.1.1", b"550"), [(report.BAD_STATUS, "status", b"550")]),
    (DSN + TOP + ONE.replace(b"5.1.1", b"5.01.1"), [(report.BAD_STATUS, "status", b"5.01.1")]),
    (DSN + TOP + ONE.replace(b"5.1.1", b"5.1.1 no"), [(report.BAD_STATUS, "status", b"5.1.1 no")]),
    (DSN + TOP + ONE.replace(b"5.1.1", b"3.1.1"), [(report.STATUS_CLASS, "status", b"3.1.1")]),
    (
        DSN + TOP + ONE + b"Will-Retry-Until: Sat, 3 Jan 2026 10:00:00 +0000\n",
        [(report.RETRY_IN_FINAL, "will-retry-until", b"Will-Retry-Until")],
    ),
    (MDN, [(report.MISSING, "disposition", b"Reporting-UA")]),
    (MDN + b"Disposition: displayed\n", [(report.BAD_DISPOSITION, "disposition", b"displayed")]),
    (
        MDN + READ.replace(b"manual-action", b"manual"),
        [(report.BAD_ACTION_MODE, "disposition", b"manual")],
    ),
    (
        MDN + READ.replace(b"-manually", b"-by-hand"),
        [(report.BAD_SENDING_MODE, "disposition", b"MDN-sent-by-hand")],
    ),
    (
        MDN + READ.replace(b"displayed", b"seen"),
        [(report.BAD_DISPOSITION_TYPE, "disposition", b"seen")],
    ),
    (TRACKING + TOP + ONE, [(report.MISSING, "original-envelope-id", b"Reporting-MTA")]),
    (b"Content-Transfer-Encoding: base64\n" + DSN, [(report.ENCODED, None, b"base64")]),
]


@pytest.mark.parametrize(("data", "wanted"), BAD)
def test_bad_ones(data, wanted):
    assert found(data) == wanted


def test_groups_and_dates():
    result = read(DSN + TOP + ONE + b"Last-Attempt-Date: x\n")
    assert (result.kind, len(result.groups)) == (report.DELIVERY, 2)
    assert bytes(result.groups[1].field("status").value) == b" 5.1.1"
    assert [field.key for field in result.dates()] == ["arrival-date", "last-attempt-date"]


def test_what_is_no_report():
    assert read(b"Subject: x\n\nAction: failed\n") is None
    encoded = DSN.replace(b"message/", b"message/global-") + TOP
    assert read(b"Content-Transfer-Encoding: base64\n" + encoded).defects == []


def parts(kind, *types):
    head = b"Content-Type: multipart/report; boundary=b" + kind + b"\n\n"
    body = b"".join(b"--b\nContent-Type: " + each + b"\n\nA: b\n\nx\n" for each in types)
    data = head + body + b"--b--\n"
    return [(d.sort, bytes(d.view)) for d in report.check_parts(mime.tree(message.parse(data)))]


TEXT, STATUS, RETURNED = b"text/plain", b"message/delivery-status", b"message/rfc822"
KIND = b"; report-type=delivery-status"


def test_parts_of_a_report():
    assert parts(KIND, TEXT, STATUS) == []
    assert parts(KIND, TEXT, STATUS, RETURNED) == []
    assert parts(KIND, TEXT, STATUS, b"text/rfc822-headers") == []
    assert parts(b"; report-type=x-own", TEXT, b"message/x-own") == []
    assert parts(b"", TEXT, STATUS) == [(report.NO_REPORT_TYPE, b"multipart")]
    assert parts(KIND, TEXT) == [(report.NO_REPORT, b"multipart")]
    assert parts(KIND, TEXT, TEXT) == [(report.NOT_A_REPORT, b"text")]
    assert parts(KIND, TEXT, STATUS, TEXT) == []
    assert parts(KIND, TEXT, STATUS, b"image/png") == [(report.WRONG_THIRD, b"image")]
    assert parts(b"; report-type=tlsrpt", TEXT, b"application/tlsrpt+json") == []
    wrong = b"disposition-notification"
    assert parts(b"; report-type=" + wrong, TEXT, STATUS) == [(report.WRONG_REPORT_TYPE, wrong)]
    many = parts(KIND, TEXT, STATUS, RETURNED, TEXT)
    assert many == [(report.MORE_PARTS, b"\n--b\n")]
    assert report.check_parts(mime.tree(message.parse(b"Subject: x\n\n"))) == []


LINES = st.lists(
    st.sampled_from(
        [
            *(b"\n", b" \n", b"Action: failed\n", b"Status: 5.1\n", b"Action:\n", b"no field\n"),
            *(b"Final-Recipient: rfc822; x\n", b"Reporting-MTA: x\n", b"Disposition: a/b; c/d,\n"),
            *(b"Will-Retry-Until: x\n", b" folded\n", b"\r", b"\xff\0", b"Disposition: (((\n"),
        ]
    ),
    max_size=12,
).map(b"".join)


@given(LINES, st.sampled_from([DSN, MDN, TRACKING]))
def test_any_lines(lines, head):
    data = head + lines
    result = read(data)
    for defect in result.defects:
        assert data[defect.view.start : defect.view.end] == bytes(defect.view)
        assert defect.view.end <= len(data)
    ends = [(group.whole.start, group.whole.end) for group in result.groups]
    assert ends == sorted(ends)
