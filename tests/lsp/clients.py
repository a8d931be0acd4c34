"""Editors as the server meets them: what each announces, and what it takes for lines.

The text model here is the plainest that can be written: characters one by one. The server's
own, which splices octets, is held against it.
"""

from __future__ import annotations

import asyncio
import sys
import time

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

SERVE = [sys.executable, "-m", "smtp_lsp", "serve"]
NO_LINE_ENDS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""The characters that ``str.splitlines`` cuts at and no editor does."""


# -- a text, as an editor has it ---------------------------------------------


def bounds(text, lf_only):
    """Return where each line of *text* begins and where its terminator does."""
    found, start, index = [], 0, 0
    while index < len(text):
        if text[index] == "\n" or (text[index] == "\r" and not lf_only):
            end = index
            if text[index : index + 2] == "\r\n":
                index += 1
            found.append((start, end))
            start = index + 1
        index += 1
    return [*found, (start, len(text))]


def units(text, encoding):
    if encoding == "utf-32":
        return len(text)
    if encoding == "utf-16":
        return sum(2 if ord(character) > 0xFFFF else 1 for character in text)
    return len(text.encode("utf-8", "surrogatepass"))


def place(text, index, encoding, lf_only=False):
    """Return the line and column of the character at *index*."""
    before = [pair for pair in bounds(text, lf_only) if pair[0] <= index]
    start, end = before[-1]
    return len(before) - 1, units(text[start : min(index, end)], encoding)


def index(text, line, column, encoding, lf_only=False):
    """Return the character at a place; what is beyond a line's end means its end."""
    lines = bounds(text, lf_only)
    if line >= len(lines):
        return len(text)
    start, end = lines[line]
    at = start
    while at < end and units(text[start:at], encoding) < column:
        at += 1
    return at


# -- editors -----------------------------------------------------------------


class Profile:
    """What an editor says of itself, and what is expected of the server because of it."""

    def __init__(self, name, version, capabilities, encoding, *, pulls, relates, lf_only=False):
        self.info = types.ClientInfo(name, version)
        self.capabilities = capabilities
        self.encoding = encoding
        self.pulls = pulls
        self.relates = relates
        self.lf_only = lf_only


def _vscode():
    """Return what a VS Code of today announces; pytest-lsp's is from before pulling."""
    able = client_capabilities("visual-studio-code")
    able.general.position_encodings = [types.PositionEncodingKind.Utf16]
    able.text_document.diagnostic = types.DiagnosticClientCapabilities(
        dynamic_registration=True, related_document_support=False, related_information=True
    )
    able.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    return able


def profile(name):
    if name == "vscode":
        able = _vscode()
        return Profile("Visual Studio Code", "1.139.1", able, "utf-16", pulls=True, relates=True)
    if name == "neovim":
        able = client_capabilities("neovim@v0.11.0")
        return Profile("Neovim", "0.11.4", able, "utf-8", pulls=False, relates=True, lf_only=True)
    able = client_capabilities("emacs@v29.1")
    return Profile("Eglot", "1.12.29", able, "utf-32", pulls=False, relates=False, lf_only=True)


class Editor(LanguageClient):
    """pytest-lsp's client with open texts, and a memory of what the server did unasked."""

    def __init__(self):
        super().__init__(converter_factory=default_converter)
        self.profile = None
        self.result = None
        self.texts = {}
        self.versions = {}
        self.pushed = []
        self.registrations = []
        self.asked = 0

    async def begin(self, who, folder=None, **more):
        """Introduce the editor *who*, with *folder* for a workspace."""
        self.profile = who
        uri = folder and folder.as_uri()
        self.result = await self.initialize_session(
            types.InitializeParams(
                capabilities=who.capabilities,
                client_info=who.info,
                root_uri=uri,
                workspace_folders=[types.WorkspaceFolder(uri, folder.name)] if uri else None,
                **more,
            )
        )

    # -- texts

    def open(self, uri, text, *, language="smtp", version=1):
        self.texts[uri], self.versions[uri] = text, version
        item = types.TextDocumentItem(uri, language, version, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def place(self, uri, at):
        who = self.profile
        return types.Position(*place(self.texts[uri], at, who.encoding, who.lf_only))

    def index(self, uri, position):
        """Return the character at a position from the server, which must be a real one."""
        who, text = self.profile, self.texts[uri]
        at = index(text, position.line, position.character, who.encoding, who.lf_only)
        assert self.place(uri, at) == position
        return at

    def splice(self, uri, start, end, new):
        """Change one stretch of a text; return the event that tells of it."""
        where = types.Range(self.place(uri, start), self.place(uri, end))
        self.texts[uri] = self.texts[uri][:start] + new + self.texts[uri][end:]
        return types.TextDocumentContentChangePartial(range=where, text=new)

    def change(self, uri, *splices):
        """Change a text in some places, each given in the text that the last one left."""
        self.send(uri, [self.splice(uri, *splice) for splice in splices])

    def send(self, uri, events):
        self.versions[uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        params = types.DidChangeTextDocumentParams(identifier, events)
        self.text_document_did_change(params)

    def close(self, uri):
        del self.texts[uri]
        self.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    # -- questions

    async def hover(self, uri, position):
        return await self.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), position)
        )

    async def hover_on(self, uri, words):
        """Hover over the first *words* of a text; return what is shown, and over what."""
        at = self.texts[uri].index(words)
        found = await self.hover(uri, self.place(uri, at + 1))
        if found is None:
            return None, ""
        assert found.contents.kind == types.MarkupKind.Markdown
        covered = self.cut(uri, found.range)
        return found.contents.value, covered

    def cut(self, uri, where):
        return self.texts[uri][self.index(uri, where.start) : self.index(uri, where.end)]

    async def settled(self):
        """Wait until the server has read, and answered, all that was sent so far."""
        await self.hover("untitled:nothing", types.Position(0, 0))

    async def pull(self, uri, previous=None):
        return await self.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri), previous_result_id=previous
            )
        )

    async def problems(self, uri):
        """Return the diagnostics of a text, whichever way this editor gets them."""
        if self.profile.pulls:
            return list((await self.pull(uri)).items)
        await self.settled()
        return list([each for each in self.pushed if each.uri == uri][-1].diagnostics)

    async def codes(self, uri):
        return [each.code for each in await self.problems(uri)]

    async def actions(self, uri, where, *kinds):
        return await self.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                where,
                types.CodeActionContext([], only=list(kinds) or None),
            )
        )

    def apply(self, uri, edit):
        """Make the edits of an action in the text, as the editor does, and tell the server."""
        if edit.document_changes is not None:
            (change,) = edit.document_changes
            assert change.text_document.uri == uri
            assert change.text_document.version == self.versions[uri]
            edits = change.edits
        else:
            ((where, edits),) = edit.changes.items()
            assert where == uri
        spots = [
            (self.index(uri, each.range.start), self.index(uri, each.range.end), each.new_text)
            for each in edits
        ]
        self.change(uri, *sorted(spots, reverse=True))

    def get_configuration(self, **item):
        self.asked += 1
        return super().get_configuration(**item)

    async def until(self, condition, seconds=10):
        """Wait for what the server does of its own accord."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "the server did not do it"
            await asyncio.sleep(0.01)


def _pushed(ls, params):
    ls.pushed.append(params)


def _registered(ls, params):
    ls.registrations.extend(params.registrations)


def make_editor():
    editor = make_stubborn_editor()
    editor.feature(types.CLIENT_REGISTER_CAPABILITY)(_registered)
    return editor


def make_stubborn_editor():
    """Return an editor that registers nothing, whatever it announces."""
    editor = Editor()
    features = {**DEFAULT_CLIENT_FEATURES, types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _pushed}
    register_lsp_features(editor, features)
    return editor
