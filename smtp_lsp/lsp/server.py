"""The language server: documents in, diagnostics, hovers and fixes out.

Handlers are synchronous and answer from one analysis per version of a document. Diagnostics
are pulled by clients that can pull, and pushed to all others; never both.
"""

from __future__ import annotations

import logging
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from smtp_lsp import __version__, explain
from smtp_lsp.explain.compare import compare
from smtp_lsp.features import actions, hover, window
from smtp_lsp.lint import flood
from smtp_lsp.lint.run import Analysis, analyse
from smtp_lsp.lsp import shown
from smtp_lsp.lsp.document import Document, replace_workspace
from smtp_lsp.lsp.settings import Settings
from smtp_lsp.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from smtp_lsp.lint.finding import Finding

logger = logging.getLogger(__name__)

SOURCE = "smtp-lsp"
FIX_ALL = "source.fixAll.smtp-lsp"
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}
_LF_ONLY = ("Neovim", "Eglot", "emacs", "helix", "")
"""Clients that keep a bare CR inside a line, by name, as seen in the real programs.

Eglot of Emacs 28 and ALE give no name. LSP has a CR end a line; others are taken at its word.
"""

_CONFIG_GLOBS = ("**/smtp-lsp.toml", "**/.smtp-lsp.toml", "**/pyproject.toml")


class Server(LanguageServer):
    """The server, what the client can do, and one analysis per open document."""

    def __init__(self) -> None:
        super().__init__(
            "smtp-lsp", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental
        )
        self.settings = Settings()
        self.pulls = False
        self.generation = 0
        self.initial: object = {}
        self.complained: set[str] = set()
        self.analyses: dict[str, tuple[tuple[int, int], Analysis]] = {}
        self.windows: dict[str, tuple[tuple[int, int], window.Window]] = {}

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what went wrong, never what the documents hold, and never to the client.

        Showing a message from here fails again while the client is leaving, without end.
        """
        what, place = type(error).__name__, getattr(source, "__name__", source)
        if isinstance(error, JsonRpcInternalError) and isinstance(error.data, dict):
            # pygls's words for what a handler raised: its class and text, and the frames.
            what = error.message.partition(":")[0]
            place = error.data["traceback"][-1].strip().partition("\n")[0]
        logger.error("%s in %s", what, place)

    # -- documents -----------------------------------------------------------

    def document(self, uri: str) -> Document | None:
        """Return the open document at *uri*, None where the client has none open there."""
        found = self.workspace.text_documents.get(unquote(uri))
        assert found is None or isinstance(found, Document)
        return found

    def state(self, document: Document) -> tuple[int, int]:
        """Return what the analysis of a document depends on: its text and the settings."""
        return document.stamp, self.generation

    def analysis(self, document: Document) -> Analysis:
        """Return the analysis of this text of the document under the present settings.

        Of a large document it has the findings alone: sessions of one shape are passed over
        then, and the answer comes ten times sooner.
        """
        key = unquote(document.uri)
        known = self.analyses.get(key)
        state = self.state(document)
        if known is not None and known[0] == state:
            return known[1]
        path = to_fs_path(document.uri) or ""
        options = self.settings.options_for(path, document.language_id or "")
        name = path or unquote(document.uri)
        keep = len(document.data) <= window.LARGE
        made = analyse(Source(document.data, name), options, keep=keep)
        self.analyses[key] = (state, made)
        return made

    def window(self, document: Document, start: int, end: int) -> window.Window:
        """Return the analysis of the sessions around the octets *start* to *end*."""
        whole = self.analysis(document)
        if len(document.data) <= window.LARGE:
            return window.Window(whole, 0, len(document.data))
        key = unquote(document.uri)
        state = self.state(document)
        known = self.windows.get(key)
        if known is not None and known[0] == state:
            first, last = window.bounds(whole, start, end)
            if known[1].start <= first and last <= known[1].end:
                return known[1]
        made = window.window(whole, start, end)
        self.windows[key] = (state, made)
        return made

    def diagnostics(self, document: Document) -> list[types.Diagnostic]:
        """Return the findings of a document as the client wants them."""
        if self.is_excluded(document):
            return []
        analysis = self.analysis(document)
        path = to_fs_path(document.uri) or ""
        findings = self.settings.baseline_for(path).filtered(path, analysis.findings)
        return [self._diagnostic(document, finding) for finding in flood.shown(findings)]

    def is_excluded(self, document: Document) -> bool:
        """Say whether the settings exclude a document: it is neither checked nor mended."""
        return self.settings.is_excluded(to_fs_path(document.uri) or "")

    def _diagnostic(self, document: Document, finding: Finding) -> types.Diagnostic:
        lines = document.client_lines
        diagnostic = types.Diagnostic(
            range=lines.range(finding.span.start, finding.span.end),
            severity=_SEVERITIES[finding.severity],
            code=finding.rule,
            code_description=types.CodeDescription(finding.url),
            source=SOURCE,
            message=f"{finding.message}\n{finding.help}" if finding.help else finding.message,
        )
        if finding.related and self._relates():
            diagnostic.related_information = [
                types.DiagnosticRelatedInformation(
                    types.Location(document.uri, lines.range(place.span.start, place.span.end)),
                    place.message,
                )
                for place in finding.related
            ]
        return diagnostic

    def _relates(self) -> bool:
        """Say whether the client shows related places.

        Up to LSP 3.17 clients that pull say so where those say it that are pushed to.
        """
        able = self.client_capabilities.text_document
        said = (able.diagnostic, able.publish_diagnostics) if able else ()
        return any(each is not None and each.related_information for each in said)

    def shows_refused(self) -> bool:
        """Say whether the client shows actions that cannot be taken."""
        able = self.client_capabilities.text_document
        return bool(able and able.code_action and able.code_action.disabled_support)

    def take_folders(self) -> None:
        """Take the folders of the workspace, or its one root, from where pygls keeps them."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        paths = (to_fs_path(uri) for uri in uris or [self.workspace.root_uri] if uri)
        self.settings.folders = tuple(path for path in paths if path)

    # -- telling the client --------------------------------------------------

    def tell(self, uri: str) -> None:
        """Push the diagnostics of a document, to a client that does not pull."""
        if self.pulls:
            return
        document = self.document(uri)
        if document is None:
            return
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=document.uri, diagnostics=self.diagnostics(document), version=document.version
            )
        )

    def tell_all(self) -> None:
        """Have every open document's diagnostics renewed, after the settings changed."""
        self.generation += 1
        self._complain()
        if self.pulls:
            able = self.client_capabilities.workspace
            if able and able.diagnostics and able.diagnostics.refresh_support:
                self.workspace_diagnostic_refresh(None)
            return
        for document in list(self.workspace.text_documents.values()):
            self.tell(document.uri)

    def _complain(self) -> None:
        """Show what is wrong with the configuration: on its file, and once as a message."""
        for document in list(self.workspace.text_documents.values()):
            path = to_fs_path(document.uri)
            if path:
                self.settings.options_for(path, document.language_id or "")
        broken = self.settings.broken
        for path in sorted(self.complained - set(broken)):
            self._push_config(path, [])
        for path, what in broken.items():
            where = types.Range(types.Position(0, 0), types.Position(0, 1))
            self._push_config(
                path,
                [
                    types.Diagnostic(
                        range=where,
                        severity=types.DiagnosticSeverity.Error,
                        source=SOURCE,
                        message=what.why,
                    )
                ],
            )
            if path not in self.complained:
                self._show(f"{path}: {what.why}; the last good settings stay in force")
        self.complained = set(broken)
        if self.settings.editor_error:
            self._show(self.settings.editor_error)
            self.settings.editor_error = ""

    def _push_config(self, path: str, diagnostics: list[types.Diagnostic]) -> None:
        uri = from_fs_path(path)
        if uri:
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics)
            )

    def _show(self, message: str) -> None:
        self.window_show_message(
            types.ShowMessageParams(types.MessageType.Warning, f"smtp-lsp: {message}")
        )

    def check_config(self, document: Document) -> None:
        """Look at the configuration for a document that was just opened."""
        path = to_fs_path(document.uri)
        if path:
            self.settings.options_for(path, document.language_id or "")
            if set(self.settings.broken) - self.complained:
                self._complain()

    # -- mending -------------------------------------------------------------

    def workspace_edit(
        self, document: Document, edits: list[tuple[int, int, bytes]]
    ) -> types.WorkspaceEdit:
        """Return edits in octets as the client's edit, tied to this version if it can."""
        lines = document.client_lines
        made = [
            types.TextEdit(lines.range(start, end), text.decode("utf-8", "replace"))
            for start, end, text in edits
        ]
        able = self.client_capabilities.workspace
        if able and able.workspace_edit and able.workspace_edit.document_changes:
            identifier = types.OptionalVersionedTextDocumentIdentifier(
                uri=document.uri, version=document.version
            )
            return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, made)])
        return types.WorkspaceEdit(changes={document.uri: made})


def make() -> Server:
    """Return a server with its features registered."""
    server = Server()
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    kinds = [types.CodeActionKind.QuickFix, FIX_ALL]
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds)
    )(_code_actions)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_configured)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_folders_changed)
    shown.register(server)
    server.command("smtp-lsp.codes")(_codes)
    server.command("smtp-lsp.status")(_status)
    server.command("smtp-lsp.explain")(_explain)
    server.command("smtp-lsp.compare")(_compare)
    return server


# -- the handlers ------------------------------------------------------------


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    client = params.client_info.name if params.client_info else ""
    replace_workspace(ls, lf_only=client in _LF_ONLY)
    ls.settings.take_locale(params.locale)
    ls.take_folders()
    if params.initialization_options is not None:
        ls.initial = params.initialization_options
        ls.settings.take_editor(ls.initial)
    able, workspace = params.capabilities.text_document, params.capabilities.workspace
    # Neovim 0.11 pulls, but cannot be told to pull again: what the settings change would stay.
    refreshes = workspace and workspace.diagnostics and workspace.diagnostics.refresh_support
    if able and able.diagnostic and refreshes:
        ls.pulls = True
        ls.feature(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DiagnosticOptions(
                identifier=SOURCE, inter_file_dependencies=False, workspace_diagnostics=False
            ),
        )(_pulled)


async def _initialized(ls: Server, params: types.InitializedParams) -> None:
    ls._complain()
    workspace = ls.client_capabilities.workspace
    if workspace is None:
        return
    registrations = []
    watching = workspace.did_change_watched_files
    if watching and watching.dynamic_registration:
        watchers = [types.FileSystemWatcher(glob_pattern=glob) for glob in _CONFIG_GLOBS]
        files = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registrations.append(types.Registration("config-files", method, files))
    changing = workspace.did_change_configuration
    if changing and changing.dynamic_registration:
        # VS Code tells of its settings only those who ask.
        section = types.DidChangeConfigurationRegistrationOptions(section=SOURCE)
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        registrations.append(types.Registration("settings", method, section))
    if registrations:
        # Not awaited: a client that refuses may still have settings for us.
        ls.client_register_capability(types.RegistrationParams(registrations))
    if workspace.configuration:
        await _ask_configuration(ls)


async def _ask_configuration(ls: Server) -> None:
    item = types.ConfigurationItem(section=SOURCE)
    answer = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
    # A client without settings of ours answers null: what it said at first holds then.
    values = answer[0] if answer else None
    if ls.settings.take_editor(ls.initial if values is None else values):
        ls.tell_all()


async def _configured(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    workspace = ls.client_capabilities.workspace
    if workspace and workspace.configuration:
        await _ask_configuration(ls)
    elif ls.settings.take_editor(params.settings):
        ls.tell_all()


def _files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    ls.settings.forget_files()
    ls.tell_all()


def _folders_changed(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    ls.take_folders()
    ls.tell_all()


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    document = ls.document(params.text_document.uri)
    if document is not None:
        ls.check_config(document)
    ls.tell(params.text_document.uri)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    ls.tell(params.text_document.uri)


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    ls.tell(params.text_document.uri)


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    ls.analyses.pop(unquote(uri), None)
    ls.windows.pop(unquote(uri), None)
    if not ls.pulls:
        ls.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
        )


def _pulled(
    ls: Server, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    document = ls.document(params.text_document.uri)
    if document is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    result = "{}-{}".format(*ls.state(document))
    if params.previous_result_id == result:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
    return types.RelatedFullDocumentDiagnosticReport(
        items=ls.diagnostics(document), result_id=result
    )


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    lines = document.client_lines
    offset = lines.offset(params.position.line, params.position.character)
    seen = ls.window(document, offset, offset)
    found = hover.hover(seen.analysis, offset - seen.start)
    if found is None:
        return None
    span = seen.shifted(found.span)
    return types.Hover(
        contents=types.MarkupContent(types.MarkupKind.Markdown, found.markdown()),
        range=lines.range(span.start, span.end),
    )


def _code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.document(params.text_document.uri)
    if document is None or ls.is_excluded(document):
        return []
    analysis = ls.analysis(document)
    lines = document.client_lines
    start = lines.offset(params.range.start.line, params.range.start.character)
    end = lines.offset(params.range.end.line, params.range.end.character)
    found = []
    if _wants(params, types.CodeActionKind.QuickFix):
        for action in actions.quick_fixes(analysis, start, end):
            found.append(
                types.CodeAction(
                    title=action.title,
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[ls._diagnostic(document, action.finding)],
                    is_preferred=action.is_safe,
                    edit=ls.workspace_edit(document, action.edits),
                )
            )
        if ls.shows_refused():
            found += [_refused(action) for action in actions.withheld(analysis, start, end)]
    if _wants(params, FIX_ALL):
        edits = actions.fix_all(analysis)
        if edits:
            found.append(
                types.CodeAction(
                    title="smtp-lsp: fix all",
                    kind=FIX_ALL,
                    edit=ls.workspace_edit(document, edits),
                )
            )
    return found


def _refused(action: actions.Action) -> types.CodeAction:
    """Return an action that is shown and cannot be taken, with why."""
    return types.CodeAction(
        title=action.title,
        kind=types.CodeActionKind.QuickFix,
        disabled=types.CodeActionDisabled(action.refused),
    )


# pygls reads the annotations of a command's function: they have to be importable from here.


def _codes(ls: Server) -> list[dict[str, str]]:
    return shown.codes(ls)


def _status(ls: Server, uri: str) -> dict[str, object] | None:
    return shown.status_of(ls, uri)


def _explain(ls: Server, thing: str) -> str | None:
    """Answer the page of a thing as Markdown, or nothing where it is not known."""
    composed = explain.find(thing, ls.settings.locale)
    return explain.markdown(composed) if composed else None


def _compare(ls: Server, first: str, second: str) -> str:
    """Answer the comparison of two reply codes as Markdown."""
    codes = [code for code in (first, second) if len(code) == 3 and code.isdigit()]
    if len(codes) != 2 or not all(code[0] in "2345" for code in codes):
        raise JsonRpcInvalidParams("two reply codes are wanted, such as 252 and 354")
    return explain.markdown(compare(int(first), int(second), ls.settings.locale))


def _wants(params: types.CodeActionParams, kind: str) -> bool:
    """Say whether the client asks for actions of *kind* or of a kind that holds it."""
    only = params.context.only
    if not only:
        return True
    wanted = [str(getattr(each, "value", each)) for each in only]
    return any(not each or kind == each or kind.startswith(each + ".") for each in wanted)
