"""Hover in a message: names, values taken apart, parts; in a file and in a session."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp_lsp import pages, registry
from smtp_lsp.features import hover, message_values
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.message.taglist import read as read_tags
from smtp_lsp.text.source import Source
from smtp_lsp.text.view import Buffer, View

MESSAGE = """\
Return-Path: <>
Received: from mx.example.org (mx.example.org [192.0.2.1])
\tby mail.example.net (Postfix) with ESMTPSA id ABC123
\tfor <bob@example.net>; Mon, 02 Mar 2026 11:00:07 +0100
Received: from client (unknown [192.0.2.9]) by mx.example.org
\twith UTF8SMTPS id 7; Mon, 02 Mar 2026 09:58:05 +0000
DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; t=1772445480; h=from:to;
\tbh=7VjNdcJUxNXUbf4flv4PwWjp6WoQEj1jd4+TQZMxrEg=; b=4CzuAPEwMQVcXzYWq7SMLqXj2n
ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=example.net; s=arc; b=AAAA
From: =?utf-8?Q?J=C3=BCrgen?= <juergen@xn--bcher-kva.example>
To: "A [x](http://e) <b>" <bob@example.net>, Friends: carol@café.example;
Subject: Re: =?utf-8?Q?caf=C3=A9_`x`?= ok
Date: Mon, 02 Mar 2026 10:53:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

x
--b
Content-Type: application/pdf; name*=utf-8''caf%C3%A9.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--
""".encode()


def at(needle, skip=1, data=MESSAGE, name="a.eml", locale="en"):
    analysis = analyse(Source(data, name), Options(locale=locale), keep=True)
    return hover.hover(analysis, data.index(needle) + skip)


@pytest.mark.parametrize(
    ("needle", "wanted"),
    [
        (b"<>", ["The null path"]),
        (b"by mail", ["Hop 2 of 2", "With: `ESMTPSA` (", "inside TLS", "the client authenticated"]),
        (b"by mail", ["From: `mx.example.org` `[192.0.2.1]`", "Queue id: `ABC123`"]),
        (b"by mail", ["2026-03-02 10:00:07 UTC", "2 min 2 s after the hop before (line 5)"]),
        (b"UTF8SMTPS", ["Hop 1 of 2", "SMTPUTF8", "2026-03-02 09:58:05 UTC"]),
        (b"v=1", ["`v`: `1` (version)", "`d`: `example.org` (domain that signs)"]),
        (b"v=1", ["`t`: `2026-03-02 09:58:00 UTC`", "`s1._domainkey.example.org`", "Wj…`"]),
        (b"i=2", ["`i`: `2` (instance", "`cv`: `pass`"]),
        (b"juergen", ["Name: `Jürgen`", "Local-part: `juergen`", "`bücher.example`"]),
        (b"carol", ["Group: `Friends`", "Domain: `café.example`", "`xn--caf-dma.example`"]),
        (b"Friends", ["Group: `Friends`", "mailboxes: 1"]),
        (b"caf=C3", ["Decoded: `` café `x` ``", "Character set: `utf-8`"]),
        (b"caf=C3", ["The whole value: ``Re: café `x` ok``"]),
        (b"Mon, 02 Mar 2026 10:53", ["`2026-03-02 09:53:00 UTC`", "5 min 5 s before"]),
        (b"multipart", ["`boundary`: `b`", "The message as a whole", "parts: 2"]),
        (b"--b\nContent-Type: app", ["Part 2", "`application/pdf`", "9 when decoded"]),
        (b"pdf;", ["`name`: `café.pdf` (`utf-8`)", "Part 2", "Octets: 12"]),
        (b"base64", ["Part 2", "9 when decoded (`base64`)"]),
    ],
)
def test_values(needle, wanted):
    shown = at(needle).markdown()
    for text in wanted:
        assert text in shown


@pytest.mark.parametrize("needle", [b"JVBERi", b"x\n--b", b" ok\nDate"])
def test_nothing_to_say(needle):
    assert at(needle, 2 if needle == b" ok\nDate" else 0) is None


def test_a_name_says_who_sets_the_field_and_how_often():
    shown = at(b"Received").markdown()
    assert "each server that takes the message" in shown
    assert "number 1 of 2" in shown
    assert "any number of times" in shown
    assert "exactly once" in at(b"From: ").markdown()


def test_the_span_is_what_it_is_about():
    found = at(b"carol")
    assert MESSAGE[found.span.start : found.span.end] == "carol@café.example".encode()


def test_in_french():
    shown = at(b"by mail", locale="fr").markdown()
    assert "Étape 2 sur 2" in shown
    assert "client authentifié" in shown


def test_in_a_session():
    lines = b"".join(b"C: " + line + b"\n" for line in MESSAGE.splitlines())
    data = (
        b"S: 220 mx\nC: EHLO a.example\nS: 250 mx\nC: MAIL FROM:<a@b.example>\nS: 250 ok\n"
        b"C: RCPT TO:<c@d.example>\nS: 250 ok\nC: DATA\nS: 354 go\n" + lines + b"C: .\nS: 250 ok\n"
    )
    found = at(b"juergen", data=data, name="a.smtp")
    assert "`bücher.example`" in found.markdown()
    assert data[found.span.start : found.span.end].startswith(b"=?utf-8?Q?J")
    assert "(line 14)" in at(b"by mail", data=data, name="a.smtp").markdown()


def test_what_the_file_says_is_no_markup():
    evil = "<img src=x> [l](http://e) **b** ` ``c`` # h"
    data = f'From: "{evil}" <a@b.example>\nX{evil[:0]}-Y: z\nDate: {evil}\n\n'.encode()
    shown = at(b"img", data=data).markdown()
    outside = "".join(shown.split("```")[::2])
    for markup in ("<img", "[l](", "**b**"):
        assert markup in shown
        assert markup not in outside


def test_clocks_that_are_wrong():
    early = MESSAGE.replace(b"11:00:07 +0100", b"10:00:07 +0100").replace(b"10:53:00", b"12:53:00")
    assert "earlier than the hop before" in at(b"by mail", data=early).markdown()
    assert "a clock is wrong" in at(b"Mon, 02 Mar 2026 12", data=early).markdown()


@given(st.integers(-(10**11), 10**11))
def test_times_are_those_of_the_library(seconds):
    try:
        wanted = time.strftime("%m-%d %H:%M:%S", time.gmtime(seconds))
        year = time.gmtime(seconds).tm_year
    except (OverflowError, OSError, ValueError):
        return
    assert message_values.utc(seconds) == f"{year:04}-{wanted} UTC"


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(0, "0 s"), (59, "59 s"), (-60, "1 min"), (3725, "1 h 2 min"), (90061, "1 d 1 h")],
)
def test_durations(seconds, wanted):
    assert message_values.duration(seconds, "en") == wanted


PIECES = [MESSAGE[n : n + 40] for n in range(0, len(MESSAGE), 40)]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=24))
def test_any_octets(pieces):
    data = b"From: " + b"".join(pieces)
    analysis = analyse(Source(data, "a.eml"), Options(select=["HDR001"]), keep=True)
    for offset in range(0, len(data) + 1, 7):
        found = hover.hover(analysis, offset)
        if found is not None:
            assert 0 <= found.span.start <= found.span.end <= len(data)
            assert found.markdown()


def test_every_protocol_and_every_setter_has_words():
    values = registry.table("extensions")["received_with"]["values"]
    rows = registry.table("with_protocols")
    assert [row["name"] for row in rows] == values
    keys = {f"protocol-{row['transport']}" for row in rows}
    keys |= {f"set-by-{row['set_by']}" for row in registry.table("field_setters")}
    for row in registry.table("field_setters"):
        assert registry.header_field(row["name"]) is not None, row["name"]
    for row in registry.table("header_fields"):
        if row["max_count"]:
            keys.add(f"count-{row['min_count']}-{row['max_count']}".replace(" ", "-"))
    for key in keys:
        assert pages.phrase("en", key) != key


def test_every_tag_has_words():
    for name in message_values._TAGS:
        key = f"tag-{name}"
        assert pages.phrase("en", key) != key
        assert pages.phrase("fr", key) != pages.phrase("en", key) or name == "v"


def test_a_time_that_is_no_ascii_number():
    data = "DKIM-Signature: v=1; t=²; d=a.example; s=x\nFrom: a@b.example\n\n".encode()
    assert "`t`: `²`" in at(b"v=1", data=data).markdown()
    assert read_tags(View(Buffer(data), 16, 30)).tags
