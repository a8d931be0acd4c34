"""Messages inside sessions are judged as messages, whether a session is walked or passed over."""

from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

FIELDS = [
    "From: a@b.example",
    "From: a@b.example, c@d.example",
    "from: a@b.example",
    "From : a@b.example",
    "Date: Mon, 02 Mar 2026 10:00:00 +0000",
    "Subject: Hi",
    "Message-ID: <1@b.example>",
    "TLS-Required: No",
    "TLS-Required: Yes",
    "X-Odd: one",
    " continued, here",
    "  ",
    "",
    "no field",
    "...",
    "Resent-To: x@y.example",
]


@st.composite
def files(draw):
    prefixes = draw(st.sampled_from([("C: ", "S: "), ("-> ", "<- "), (" -> ", "<-  ")]))
    client, server = prefixes
    bare = draw(st.booleans())
    headers = draw(st.lists(st.lists(st.sampled_from(FIELDS), max_size=5), min_size=1, max_size=4))
    lines = []
    for _ in range(2):
        for header in headers:
            lines += [
                f"{server}220 mx.example ESMTP",
                f"{client}EHLO a.example",
                f"{server}250 mx.example",
                f"{client}MAIL FROM:<a@b.example>",
                f"{server}250 ok",
                f"{client}RCPT TO:<c@d.example>",
                f"{server}250 ok",
                f"{client}DATA",
                f"{server}354 go",
                *(client + line if line or not bare else client.rstrip() for line in header),
                f"{client}.",
                f"{server}250 ok",
                f"{client}QUIT",
                f"{server}221 bye",
            ]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines).encode() + b"\n"


@given(files(), st.sampled_from([[], ["HDR001", "HDR002"]]))
def test_what_is_passed_over_holds_nothing(data, ignored):
    options = Options(ignore=ignored, extend_select=["HDR"])
    walked = analyse(Source(data, "a.smtp"), options, keep=True).findings
    passed = analyse(Source(data, "a.smtp"), options).findings
    assert [(f.rule, f.span.start) for f in passed] == [(f.rule, f.span.start) for f in walked]
