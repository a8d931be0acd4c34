"""The page of each rule about an attack names who was fooled by it, and where that is told.

What stands here was given with the checks of other tools, or looked up: a CVE, an advisory, a
paper, the test of a tool. It is the same in both languages.
"""

import pytest

from smtp_lsp import pages, rules

SMUGGLING = ("CVE-2023-51764", "CVE-2023-51765", "CVE-2023-51766", "CVE-2024-27305")
AMBIGUITY = ("Inbox Invasion", "draft-chen-email-mime-ambiguity-defense-00")
KILLS = ("Composition Kills", "espoofer")

REFERENCES = {
    "smuggling-eod": SMUGGLING,
    "smuggled-commands": SMUGGLING,
    "starttls-injection": ("CVE-2011-0411", "CVE-2021-38371", "NO STARTTLS", "124:17"),
    "starttls-response-injection": ("GHSA-9j88-vvj5-vhgr", "NO STARTTLS"),
    "starttls-stripped": ("NO STARTTLS",),
    "starttls-ehlo-again": ("NO STARTTLS",),
    "starttls-session-fixation": ("NO STARTTLS", "James"),
    "auth-plaintext-needs-tls": ("NO STARTTLS", "GHSA-9j88-vvj5-vhgr"),
    "credentials-in-transcript": ("Wireshark",),
    "path-injection": (
        *("CVE-2026-30227", "GHSA-c7w3-x93f-qmm8", "GHSA-mm7p-fcc7-pg87"),
        *("MimeKit", "Nodemailer", "Terada"),
    ),
    "header-injection": ("Terada",),
    "encoded-word-line-break": ("Terada",),
    "encoded-word-not-in-addr": ("PortSwigger", "Splitting the email atom"),
    "display-name-address": (
        *KILLS,
        "A14",
        "MimeKit",
        "AddressInDisplayName",
        "SPOOF_DISPLAY_NAME",
    ),
    "signature-domain": (*KILLS, "A3", "A5"),
    "ldh-labels": ("espoofer", "A5", "A6"),
    "no-nul": ("espoofer", "A3", "NullByteInAddress"),
    "single-occurrence": (*KILLS, "A8"),
    "field-name-chars": ("espoofer", "A8"),
    "folding-before-wsp": (*KILLS, "A9", "A11"),
    "no-space-before-colon": ("espoofer", "A10"),
    "sender-if-many-from": (*KILLS, "A14"),
    "homograph-domain": ("OMOGRAPH_URL", "UTS 39"),
    "a-label-valid": ("PortSwigger", "Splitting the email atom", "xn--0049"),
    "hidden-characters": ("MIME_BAD_UNICODE", "ZERO_WIDTH_SPACE_URL"),
    "filename-disguised": ("MIME_BAD_UNICODE", "MIME_DOUBLE_BAD_EXTENSION"),
    "param-repeated": (*AMBIGUITY, "CVE-2024-28054", "0a48e552", "Amavis"),
    "param-extended": AMBIGUITY,
    "boundary-length": AMBIGUITY,
    "boundary-first-delimiter": AMBIGUITY,
    "boundary-unique-nested": AMBIGUITY,
    "mime-field-repeated": AMBIGUITY,
    "payload-behind-close": (*AMBIGUITY, "EPILOGUE_DEFECTS"),
    "cte-composite-identity": AMBIGUITY,
    "filename-differs": AMBIGUITY,
    "parts-limit": ("Postfix", "RecursionError"),
}


@pytest.mark.parametrize("locale", pages.LOCALES)
@pytest.mark.parametrize("slug", REFERENCES)
def test_a_page_says_who_was_fooled(slug, locale):
    page = pages.read(locale, "rules", slug)
    assert page is not None
    text = " ".join(page["wrong"].split())
    assert not [reference for reference in REFERENCES[slug] if reference not in text]


@pytest.mark.parametrize("slug", REFERENCES)
def test_its_rule_answers_to_security(slug):
    found = rules.find(slug)
    assert found is not None
    assert rules.SECURITY in found.categories
