"""Ways of writing times ways of wrapping, with and without prose: 2,000 combinations.

Each of four sessions, one right and three with a mistake, is written with ten kinds of
prefixes, wrapped in twenty-six ways, and put between two lines of prose or not; what is found
is the mistake on its line, whatever surrounds it.
"""

import pytest

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.text.source import Source

OPTIONS = Options(select=("SEQ", "DOT"))

HEAD = ("S 220 mx.example.test ESMTP", "C EHLO q.example.org", "S 250-mx.example.test")
HEAD += ("S 250 8BITMIME", "C MAIL FROM:<q@example.org>", "S 250 2.1.0 OK")
RCPT = ("C RCPT TO:<d@example.test>", "S 250 2.1.5 OK")
DATA = ("C DATA", "S 354 go ahead", "C Subject: list", "C ", "C Apples and pears, please.")
BYE = ("C QUIT", "S 221 bye")
AGAIN = ("C and plums, two pounds", "S 500 5.5.2 what", "C .", "S 500 5.5.2 what")
# The lines of a session, and what is found: the number of its line among them.
SESSIONS = {
    "right": (HEAD + RCPT + DATA + ("C .", "S 250 queued", *BYE), None),
    "no recipient": (
        (*HEAD, "C RCPT TO:<d@example.test>", "S 550 5.1.1 no", "C DATA", "S 503 no", *BYE),
        (9, "SEQ001"),
    ),
    "early dot": (HEAD + RCPT + DATA + ("C .", "S 250 queued", *AGAIN, *BYE), (14, "DOT001")),
    "no dot": (HEAD + RCPT + DATA + ("S 421 4.4.2 timeout",), (13, "DOT002")),
}
# What stands in front of the client's and of the server's lines.
STYLES = {
    "telnet": ("", ""),
    "rfc": ("C: ", "S: "),
    "swaks": (" -> ", "<-  "),
    "msmtp": ("--> ", "<-- "),
    "arrows": (">>> ", "<<< "),
    "reversed": ("<<< ", ">>> "),
    "phpmailer": ("CLIENT -> SERVER: ", "SERVER -> CLIENT: "),
    "brackets": ("[CLI] ", "[SRV] "),
    "me": ("Me: ", "Them: "),
    "named": ("app -> srv  ", "srv -> app  "),
}


def html(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


WRAPS = {
    "nothing": lambda n, text: text,
    "four blanks": lambda n, text: f"    {text}",
    "tab": lambda n, text: f"\t{text}",
    "quoted": lambda n, text: f"> {text}",
    "quoted twice": lambda n, text: f"> > {text}",
    "numbers": lambda n, text: f"{n:3} {text}",
    "numbers and dots": lambda n, text: f"{n}. {text}",
    "numbers and bars": lambda n, text: f"{n:2} | {text}",
    "quoted numbers": lambda n, text: f"> {n:2}  {text}",
    "quoted and indented": lambda n, text: f">     {text}",
    "ISO time": lambda n, text: f"2024-03-05T10:00:{n:02}Z {text}",
    "ISO time with a blank": lambda n, text: f"2024-03-05 10:00:{n:02},{n:03} {text}",
    "time in brackets": lambda n, text: f"[10:00:{n:02}] {text}",
    "twelve hours": lambda n, text: f"10:00:{n:02} AM {text}",
    "epoch": lambda n, text: f"17096328{n:02}.123 {text}",
    "seconds": lambda n, text: f"+0.{n:03} {text}",
    "syslog": lambda n, text: f"Mar  5 10:00:{n:02} web app[331]: {text}",
    "logger": lambda n, text: f"10:00:{n:02}.001 [main] DEBUG o.e.Mailer - {text}",
    "container": lambda n, text: f"mailer_1  | {text}",
    "bullets": lambda n, text: f"* {text}",
    "box": lambda n, text: f"│ {text:60} │",
    "table": lambda n, text: f"| {n} | `{text}` |",
    "breaks": lambda n, text: f"{html(text)}<br>",
    "HTML": lambda n, text: html(text),
    "written ends": lambda n, text: f"{text}\\r\\n",
    "trailing blanks": lambda n, text: text if text.endswith(".") else f"{text}  ",
}


def written(session, style, wrap, *, prose):
    client, server = STYLES[style]
    lines = [(client if line[0] == "C" else server) + line[2:] for line in SESSIONS[session][0]]
    wrapped = [WRAPS[wrap](number, line) for number, line in enumerate(lines, 1)]
    if prose:
        wrapped = ["Hi, here is what I get:", "", *wrapped, "", "What is wrong here?"]
    return "\n".join(wrapped).encode() + b"\n"


@pytest.mark.parametrize("prose", [False, True], ids=["alone", "in prose"])
@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("style", STYLES)
def test_what_is_found_does_not_depend_on_what_is_around_it(style, wrap, prose):
    for session, (_, wanted) in SESSIONS.items():
        source = Source(written(session, style, wrap, prose=prose), "a.smtp")
        found = [
            (source.lines.line_of(finding.span.start) + 1 - 2 * prose, finding.rule)
            for finding in lint(source, OPTIONS)
            if finding.severity in ("error", "warning")
        ]
        assert found == ([wanted] if wanted else []), (session, source.data.decode())
