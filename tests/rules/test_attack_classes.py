"""Every class of attack that a file can show: its rules, and its cases, wrong and right.

A class has two cases at least that its rules find when security alone is asked for, and two that
look alike and are silent.
"""

import pytest
from support import CASES, expected

from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import lint
from smtp_lsp.rules import SECURITY, find
from smtp_lsp.text.source import Source

FOLDERS = ("attacks", "security", "envelope")

# The class: the rules that tell it, and what the names of its right cases begin with.
CLASSES = {
    "smuggling": (("smuggling-eod", "smuggled-commands"), ("right-smuggling-",)),
    "STARTTLS injection": (
        ("starttls-injection", "starttls-response-injection", "starttls-ehlo-again"),
        ("right-starttls", "right-response-"),
    ),
    "STARTTLS stripping": (("starttls-stripped",), ("right-masked-", "right-x-keyword")),
    "AUTH downgrade": (("auth-plaintext-needs-tls",), ("right-downgrade-",)),
    "session fixation": (("starttls-session-fixation",), ("right-fixation-",)),
    "command injection": (
        (
            *("path-injection", "ascii-only-commands", "no-nul", "params-after-path"),
            *("mail-params-advertised", "commands-end-crlf"),
        ),
        ("right-quoted-local-part", "right-bracket-", "right-path-"),
    ),
    "header injection": (
        ("header-injection", "encoded-word-line-break"),
        ("right-bare-cr-", "right-colon-", "right-header-", "right-encoded-"),
    ),
    "address in a display name": (
        ("display-name-address", "display-name-quoting"),
        ("right-name-",),
    ),
    "results injected": (
        ("signature-domain", "dot-atom-shape", "ldh-labels"),
        ("right-signature", "right-sender-"),
    ),
    "names of fields": (
        ("single-occurrence", "field-name-chars", "folding-before-wsp", "no-space-before-colon"),
        ("right-author-",),
    ),
    "several authors": (
        ("sender-if-many-from", "address-separators", "address-syntax", "display-name-quoting"),
        ("right-author-",),
    ),
    "homographs": (("homograph-domain",), ("right-idn-",)),
    "malformed labels": (("a-label-valid",), ("right-a-label-", "right-u-label-", "right-idn-")),
    "bidi and zero width": (("hidden-characters",), ("right-hidden-",)),
    "names of files": (("filename-disguised", "filename-path"), ("right-filename-",)),
    "MIME read in two ways": (
        (
            *("param-repeated", "param-extended", "boundary-unique-nested", "boundary-length"),
            *("mime-field-repeated", "payload-behind-close", "cte-composite-identity"),
            "filename-differs",
        ),
        ("right-mime-", "right-filename-pieces"),
    ),
    "bombs": (("parts-limit",), ("right-bomb-",)),
    "envelope against header": (
        ("bcc-exposed", "no-full-rcpt-in-header", "return-path-is-reverse-path"),
        ("blind-no-field", "named-", "return-path-none"),
    ),
}


def expectations():
    for folder in FOLDERS:
        yield from sorted((CASES / folder).glob("*.expect"))


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_has_cases_right_and_wrong(name):
    slugs, right = CLASSES[name]
    codes = {find(slug).code for slug in slugs}
    rows = [(path, {code for _, code, _ in expected(path)}) for path in expectations()]
    assert sum(bool(found & codes) for _, found in rows) >= 2
    alike = [(path.stem, found) for path, found in rows if path.stem.startswith(right)]
    assert len(alike) >= 2
    assert not [stem for stem, found in alike if found & codes]


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "envelope against header"])
def test_security_asks_for_its_rules(name):
    assert all(SECURITY in find(slug).categories for slug in CLASSES[name][0])


# -- AUTH downgrade where TLS is not even offered: no finding of its own ------------------------

OFFER = "S: 220 a.example\nC: EHLO c.example\nS: 250-a.example\nS: 250 AUTH {}\n"
LOG_IN = "C: AUTH PLAIN AGFsaWNlAHNlY3JldA==\nS: 235 Ok\nC: QUIT\nS: 221 Bye\n"
INTO_TLS = (
    "S: 220 a.example\nC: EHLO c.example\nS: 250-a.example\nS: 250 STARTTLS\nC: STARTTLS\n"
    "S: 220 Go ahead\nC: EHLO c.example\nS: 250-a.example\nS: 250 AUTH {}\n"
)


@pytest.mark.parametrize(
    ("before", "mechanisms", "stronger"),
    [
        (OFFER, "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256", "SCRAM-SHA-256"),
        (OFFER, "CRAM-MD5 PLAIN", "CRAM-MD5"),
        (OFFER, "PLAIN LOGIN", ""),
        (OFFER, "PLAIN XOAUTH2", ""),
        (INTO_TLS, "PLAIN SCRAM-SHA-256", ""),
    ],
)
def test_a_password_that_can_be_read_points_to_the_mechanism_that_was_passed_over(
    before, mechanisms, stronger
):
    source = Source((before.format(mechanisms) + LOG_IN).encode(), "a.smtp")
    found = [f for f in lint(source, Options(select=[SECURITY])) if f.severity != "hint"]
    assert [finding.rule for finding in found] == ["SEC022"]
    related = [place for place in found[0].related if place.key == "stronger"]
    assert [place.message.split()[0] for place in related] == ([stronger] if stronger else [])
