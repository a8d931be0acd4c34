"""A day of three editors with the real server, over standard input and output."""

import pytest
from clients import NO_LINE_ENDS
from lsprotocol import types

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCRIPT = """\
EHLO client.example.org
MAIL FROM:<alice@example.org> SMTPUTF8
RCPT TO:<bob@example.test>
DATA
Subject: shopping list

Milk
.
Bread 😀e\u0301\ufffd
Eggs
.
QUIT
"""

REFUSED = """\
S: 220 mx.example.net ESMTP
C: EHLO client.example.org
S: 250 mx.example.net
C: MAIL FROM:<alice@example.org>
S: 250 2.1.0 Sender ok
C: RCPT TO:<bob@example.test>
S: 550 5.1.1 Unknown user
C: DATA
S: 503 5.5.1 No recipients
C: QUIT
S: 221 Bye
"""

NOWHERE = types.Position(0, 0)

LF_ONLY = ["neovim", "emacs"]
"""The editors for which a CR alone is a character, and ends no line."""


def whole(editor, uri):
    return types.Range(NOWHERE, editor.place(uri, len(editor.texts[uri])))


async def test_what_the_server_announces(editor):
    said = editor.result.capabilities
    assert said.position_encoding == editor.profile.encoding
    assert said.text_document_sync.change == types.TextDocumentSyncKind.Incremental
    assert said.text_document_sync.open_close
    assert said.hover_provider
    assert list(said.code_action_provider.code_action_kinds) == [
        "quickfix",
        "source.fixAll.smtp-lsp",
    ]
    assert (said.diagnostic_provider is not None) == editor.profile.pulls
    assert editor.result.server_info.name == "smtp-lsp"


async def test_it_registers_for_what_the_client_can_register(editor):
    await editor.settled()
    able = editor.profile.capabilities.workspace
    files = able.did_change_watched_files
    settings = able.did_change_configuration
    wanted = []
    if files and files.dynamic_registration:
        wanted.append("workspace/didChangeWatchedFiles")
    if settings and settings.dynamic_registration:
        wanted.append("workspace/didChangeConfiguration")
    assert [each.method for each in editor.registrations] == wanted


async def test_from_opening_to_closing(editor):
    uri = "file:///mail/day.bsmtp"
    editor.open(uri, SCRIPT)
    (problem,) = await editor.problems(uri)
    assert (problem.code, problem.source) == ("DOT001", "smtp-lsp")
    assert problem.severity == types.DiagnosticSeverity.Error
    assert problem.range == types.Range(types.Position(7, 0), types.Position(7, 1))
    assert "lone dot" in problem.message

    shown, covered = await editor.hover_on(uri, "RCPT")
    assert covered == "RCPT"
    assert shown.startswith("### RCPT")

    # Typing, a character at a time: a dot more, and it is mended; taken away, it is back.
    dot = editor.texts[uri].index(".\nBread")
    editor.change(uri, (dot, dot, "."))
    assert await editor.problems(uri) == []
    editor.change(uri, (dot, dot + 1, ""))
    assert await editor.codes(uri) == ["DOT001"]

    # The quick fix, from the menu at the place.
    (action,) = await editor.actions(uri, problem.range, "quickfix")
    assert action.kind == "quickfix"
    assert action.is_preferred
    assert "(unsafe)" not in action.title
    assert [each.code for each in action.diagnostics] == ["DOT001"]
    editor.apply(uri, action.edit)
    assert editor.texts[uri] == SCRIPT.replace("\n.\nBread", "\n..\nBread")
    assert await editor.problems(uri) == []
    assert list(await editor.actions(uri, whole(editor, uri))) == []

    # On saving: everything that is safe.
    editor.change(uri, (dot, dot + 1, ""))
    for kind in ("source.fixAll.smtp-lsp", "source.fixAll", "source"):
        (action,) = await editor.actions(uri, whole(editor, uri), kind)
        assert action.kind == "source.fixAll.smtp-lsp"
    for kind in ("source.organizeImports", "refactor", "source.fixAll.other", "quick"):
        assert list(await editor.actions(uri, whole(editor, uri), kind)) == []
    editor.apply(uri, action.edit)
    assert await editor.problems(uri) == []

    pushes = [each.version for each in editor.pushed if each.uri == uri]
    editor.close(uri)
    await editor.settled()
    if editor.profile.pulls:
        assert pushes == []
        assert not [each for each in editor.pushed if each.uri == uri]
    else:
        assert pushes == [1, 2, 3, 4, 5, 6]
        last = [each for each in editor.pushed if each.uri == uri][-1]
        assert list(last.diagnostics) == []


async def test_hover_in_a_session(editor):
    uri = "file:///mail/session.smtp"
    editor.open(uri, REFUSED)
    shown, covered = await editor.hover_on(uri, "250 2.1.0")
    assert covered == "250 2.1.0"
    assert shown.startswith("### 250")
    assert "answers `MAIL` on line 4" in shown
    shown, covered = await editor.hover_on(uri, "550 5.1.1")
    assert "`<bob@example.test>`" in shown
    shown, covered = await editor.hover_on(uri, "DATA")
    assert covered == "DATA"
    assert "SEQ001" in shown
    for words in ("alice", " Bye", "C: QUIT"):
        assert await editor.hover_on(uri, words) == (None, "")
    editor.close(uri)


async def test_a_problem_and_what_belongs_to_it(editor):
    uri = "file:///mail/refused.smtp"
    editor.open(uri, REFUSED)
    told, wrong = await editor.problems(uri)
    assert (told.code, told.severity) == ("RPL090", types.DiagnosticSeverity.Information)
    assert (wrong.code, wrong.severity) == ("SEQ001", types.DiagnosticSeverity.Error)
    assert editor.cut(uri, told.range) == "550"
    assert editor.cut(uri, wrong.range) == "DATA"
    assert told.source == wrong.source == "smtp-lsp"
    if editor.profile.relates:
        (related,) = wrong.related_information
        assert related.location.uri == uri
        assert editor.cut(uri, related.location.range) == "550 5.1.1 Unknown user"
        assert related.message == "refused here"
        related, *_ = told.related_information
        assert editor.cut(uri, related.location.range) == "RCPT"
    else:
        assert told.related_information is None
        assert wrong.related_information is None
    editor.close(uri)


# -- places ------------------------------------------------------------------


ODD = "😀e\u0301\ufffd\u00e9𝒳"


async def comments(editor, uri):
    """Return the findings on comments: what stands before them on the line may draw others."""
    return [each for each in await editor.problems(uri) if each.code == "TRN002"]


async def test_places_behind_characters_of_any_size(editor):
    """An emoji, a combining mark, an octet that the editor could not decode."""
    uri = "file:///mail/odd.smtp"
    # What the server says, with such characters, is before the place on the line.
    text = f"S: 220 mx {ODD} # smtp-lsp: nonsense\nC: EHLO a{ODD} # smtp-lsp: more\nS: 250 mx\n"
    editor.open(uri, text)
    first, second = await comments(editor, uri)
    assert first.code == second.code == "TRN002"
    assert editor.cut(uri, first.range) == "# smtp-lsp: nonsense"
    assert editor.cut(uri, second.range) == "# smtp-lsp: more"
    column = {"utf-8": 27, "utf-16": 19, "utf-32": 17}[editor.profile.encoding]
    assert first.range.start == types.Position(0, column)

    # Edits behind them, and between them.
    at = editor.texts[uri].index("nonsense")
    editor.change(uri, (at, at + 8, ODD), (at, at, "x"), (11, 11, ODD), (12, 14, ""))
    first, second = await comments(editor, uri)
    assert editor.cut(uri, first.range) == f"# smtp-lsp: x{ODD}"
    assert editor.cut(uri, second.range) == "# smtp-lsp: more"
    editor.close(uri)

    uri = "file:///mail/odd.bsmtp"
    editor.open(uri, SCRIPT)
    (problem,) = await editor.problems(uri)
    if editor.profile.relates:
        spots = [each.location.range for each in problem.related_information]
        assert [editor.cut(uri, spot) for spot in spots] == ["Bread 😀e\u0301\ufffd", "."]
    editor.close(uri)


async def test_a_place_never_cuts_a_character(editor):
    uri = "file:///mail/emoji.smtp"
    editor.open(uri, "😀 hello\n")
    (problem,) = await editor.problems(uri)
    assert editor.cut(uri, problem.range) == "😀"
    editor.close(uri)


async def test_what_ends_no_line(editor):
    uri = "file:///mail/lines.smtp"
    text = f"S: 220 mx{NO_LINE_ENDS}\nC: EHLO{NO_LINE_ENDS} # smtp-lsp: nonsense\nS: 250 mx\n"
    editor.open(uri, text)
    (problem,) = await editor.problems(uri)
    assert problem.range.start.line == 1
    assert editor.cut(uri, problem.range) == "# smtp-lsp: nonsense"
    for character in NO_LINE_ENDS:
        editor.change(uri, (0, 0, character), (1, 1, "\n"), (0, 1, ""), (0, 1, ""))
        at = editor.texts[uri].index(character)
        editor.change(uri, (at + 1, at + 1, "!"), (at, at + 1, ""), (at, at + 1, character))
    assert editor.texts[uri] == text
    assert await editor.problems(uri) == [problem]
    editor.close(uri)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_a_bare_cr(editor, end):
    """Neovim and Emacs keep it inside its line; LSP says that it ends one."""
    uri = "file:///mail/cr.smtp"
    text = f"C: NOOP a\rb{end}S: 250 ok # smtp-lsp: nonsense{end}"
    editor.open(uri, text)
    (problem,) = await comments(editor, uri)
    assert problem.range.start.line == (1 if editor.profile.lf_only else 2)
    assert editor.cut(uri, problem.range) == "# smtp-lsp: nonsense"
    # A CR typed before the place, and then an LF behind it: one line end in the end.
    editor.change(uri, (3, 3, "\r"))
    assert editor.cut(uri, (await comments(editor, uri))[-1].range) == "# smtp-lsp: nonsense"
    editor.change(uri, (4, 4, "\n"))
    assert editor.cut(uri, (await comments(editor, uri))[-1].range) == "# smtp-lsp: nonsense"
    editor.change(uri, (3, 5, ""))
    assert await comments(editor, uri) == [problem]
    editor.close(uri)


@pytest.mark.parametrize("editor", LF_ONLY, indirect=True)
async def test_neovim_with_mixed_line_ends(editor):
    """Recorded with Neovim 0.11.4: in a file of which one line lacks its CR, the CRs of the
    others are characters, and there are places behind them.
    """
    assert editor.profile.lf_only
    uri = "file:///mail/mixed.smtp"
    editor.open(uri, "C: EHLO a\r\nC: NOOP\r\nS: 250 ok # smtp-lsp: x\nlast\n", version=0)

    def event(line, start, end, text):
        where = types.Range(types.Position(line, start), types.Position(line, end))
        return types.TextDocumentContentChangePartial(range=where, text=text)

    editor.send(uri, [event(0, 10, 10, " # smtp-lsp: y"), event(1, 7, 8, "")])
    editor.texts[uri] = "C: EHLO a\r # smtp-lsp: y\nC: NOOP\nS: 250 ok # smtp-lsp: x\nlast\n"
    problems = await comments(editor, uri)
    assert [each.range.start for each in problems] == [types.Position(0, 11), types.Position(2, 10)]
    assert [editor.cut(uri, each.range) for each in problems] == ["# smtp-lsp: y", "# smtp-lsp: x"]
    editor.close(uri)


@pytest.mark.parametrize("editor", LF_ONLY, indirect=True)
async def test_neovim_with_cr_alone(editor):
    """With 'fileformat' mac Neovim joins the lines with CR, and counts them: our plugin says so."""
    assert editor.profile.lf_only
    uri = "file:///mail/mac.smtp"
    text = "C: EHLO a\rS: 250 mx # smtp-lsp: x\r"
    editor.open(uri, text, version=0, language="smtp-cr")
    (problem,) = await editor.problems(uri)
    assert (problem.range.start.line, problem.range.start.character) == (1, 10)
    editor.close(uri)
    # Without it, all of that is one line of its buffer.
    editor.open(uri, text)
    (problem,) = await editor.problems(uri)
    assert (problem.range.start.line, problem.range.start.character) == (0, 20)


# -- keeping up --------------------------------------------------------------


@pytest.mark.parametrize("editor", ["vscode"], indirect=True)
async def test_unchanged_is_said_once_and_only_when_true(editor):
    assert editor.profile.pulls
    uri = "file:///mail/again.smtp"
    editor.open(uri, REFUSED, version=0)
    first = await editor.pull(uri)
    assert first.kind == "full"
    again = await editor.pull(uri, first.result_id)
    assert (again.kind, again.result_id) == ("unchanged", first.result_id)
    assert (await editor.pull(uri, "something else")).kind == "full"
    editor.change(uri, (0, 0, " "))
    other = await editor.pull(uri, first.result_id)
    assert other.kind == "full"
    assert other.result_id != first.result_id
    # Neovim's ``:edit!``: closed, and opened with other text under the same version.
    editor.close(uri)
    editor.open(uri, SCRIPT, version=0)
    other = await editor.pull(uri, first.result_id)
    assert [each.code for each in other.items] == ["DOT001"]
    editor.close(uri)


async def test_the_whole_text_at_once(editor):
    uri = "file:///mail/whole.bsmtp"
    editor.open(uri, REFUSED)
    editor.texts[uri] = SCRIPT
    editor.send(uri, [types.TextDocumentContentChangeWholeDocument(text=SCRIPT)])
    assert await editor.codes(uri) == ["DOT001"]
    # Opened once more without having been closed, under a version that was there before.
    editor.open(uri, REFUSED, version=editor.versions[uri])
    assert await editor.codes(uri) == ["RPL090", "SEQ001"]
    editor.close(uri)


async def test_nothing_is_said_of_what_is_not_open(editor):
    uri = "file:///mail/closed.smtp"
    await editor.settled()
    before = len(editor.pushed)
    if editor.profile.pulls:
        report = await editor.pull(uri)
        assert (report.kind, list(report.items)) == ("full", [])
    assert await editor.hover(uri, NOWHERE) is None
    assert list(await editor.actions(uri, types.Range(NOWHERE, NOWHERE))) == []
    editor.text_document_did_save(
        types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
    )
    await editor.settled()
    assert len(editor.pushed) == before


async def test_the_clients_own_uri_is_answered(editor):
    uri = "file:///mail/with%20blank%2Band%C3%A9.smtp"
    editor.open(uri, REFUSED)
    _, wrong = await editor.problems(uri)
    if editor.profile.relates:
        assert wrong.related_information[0].location.uri == uri
    if not editor.profile.pulls:
        assert editor.pushed[-1].uri == uri
    editor.close(uri)


async def test_messages_too(editor):
    """What the editor calls a message is read as one, whatever its name."""
    date = "Date: Mon, 2 Mar 2026 10:00:00 +0000"
    text = f"From: a@example.org\n{date}\n\nfirst\n.\nsecond\n"
    for name, language in (("a.eml", "eml"), ("draft", "mail"), ("notes.txt", "eml")):
        uri = f"file:///mail/{name}"
        editor.open(uri, text, language=language)
        (problem,) = await editor.problems(uri)
        assert (problem.code, problem.range.start.line) == ("DOT001", 4)
        assert problem.severity == types.DiagnosticSeverity.Warning
        editor.close(uri)


async def test_a_place_beyond_everything(editor):
    uri = "file:///mail/beyond.smtp"
    editor.open(uri, REFUSED)
    far = types.Position(10_000, 10_000)
    assert await editor.hover(uri, far) is None
    found = await editor.hover(uri, types.Position(7, 10_000))
    assert editor.cut(uri, found.range) == "DATA"
    assert list(await editor.actions(uri, types.Range(far, far))) == []
    event = types.TextDocumentContentChangePartial(
        range=types.Range(far, far), text="C: DATA # smtp-lsp: tail"
    )
    editor.send(uri, [event])
    editor.texts[uri] += "C: DATA # smtp-lsp: tail"
    last = (await editor.problems(uri))[-1]
    assert editor.cut(uri, last.range) == "# smtp-lsp: tail"
    editor.close(uri)
