"""What an editor shows without being asked: colours, folds, what a file is taken for."""

from __future__ import annotations

from lsprotocol import types

from smtp_lsp import __version__, pages, registry
from smtp_lsp.features import folding, lens, status, tokens, window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.lsp.document import Document
    from smtp_lsp.lsp.server import Server

LEGEND = types.SemanticTokensLegend(token_types=list(tokens.KINDS), token_modifiers=[])


def register(server: Server) -> None:
    """Register the handlers of this module."""
    server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, LEGEND)(_tokens)
    server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, LEGEND)(_tokens_in)
    server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)(_folds)
    server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))(
        _lenses
    )


def _tokens(ls: Server, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    document = ls.document(params.text_document.uri)
    # Of a large document an editor is answered about what it shows (``range``).
    if document is None or len(document.data) > window.LARGE:
        return None
    return _encoded(ls, document, 0, len(document.data))


def _tokens_in(ls: Server, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    lines, wanted = document.client_lines, params.range
    start = lines.offset(wanted.start.line, wanted.start.character)
    end = lines.offset(wanted.end.line, wanted.end.character)
    return _encoded(ls, document, start, end)


def _encoded(ls: Server, document: Document, start: int, end: int) -> types.SemanticTokens:
    """Return the tokens as LSP counts them: each from the one before, in the client's units."""
    lines = document.client_lines
    data: list[int] = []
    before = (0, 0)
    seen = ls.window(document, start, end)
    found = tokens.tokens(seen.analysis, start - seen.start, end - seen.start)
    for part, kind in found:
        span = seen.shifted(part)
        line, column = lines.position(span.start)
        last, stop = lines.position(span.end)
        if last != line:
            continue  # this client sees a line end inside
        same = line == before[0]
        data += (
            line - before[0],
            column - before[1] if same else column,
            stop - column,
            tokens.KINDS.index(kind),
            0,
        )
        before = (line, column)
    return types.SemanticTokens(data=data)


def _folds(ls: Server, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    document = ls.document(params.text_document.uri)
    if document is None:
        return []
    lines = document.client_lines
    found = []
    for span in folding.folds(ls.analysis(document)):
        first = lines.position(span.start)[0]
        last = lines.position(max(span.start, span.end - 1))[0]
        if last > first:
            found.append(types.FoldingRange(start_line=first, end_line=last))
    return found


def _lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Answer a line for each session, to be read: there is nothing that it would run."""
    document = ls.document(params.text_document.uri)
    if document is None or ls.is_excluded(document):
        return []
    lines = document.client_lines
    found = []
    for each in lens.lenses(ls.analysis(document)):
        line = lines.position(each.span.start)[0]
        place = types.Position(line, 0)
        found.append(types.CodeLens(types.Range(place, place), types.Command(each.title, "")))
    return found


def codes(ls: Server) -> list[dict[str, str]]:
    """Answer every listed reply code and what it is called, for a list to choose from."""
    locale = ls.settings.locale
    shown = []
    for code in registry.reply_codes():
        page = pages.find(locale, "replies", str(code))
        shown.append({"code": str(code), "title": page.title.partition(" ")[2] if page else ""})
    return shown


def status_of(ls: Server, uri: str) -> dict[str, object] | None:
    """Answer what an open document is taken for, or nothing where it is not open."""
    document = ls.document(uri)
    if document is None:
        return None
    return {
        **status.status(ls.analysis(document), ls.window(document, 0, 0).analysis),
        "version": __version__,
    }
