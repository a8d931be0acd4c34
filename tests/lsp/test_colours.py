"""Colours and folds over the protocol, in each editor's lines and columns."""

import pytest
from lsprotocol import types

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = (
    "S: 220 mx\nC: EHLO a\nS: 250 mx\nC: MAIL FROM:<a@b.example>\nS: 250 ok\n"
    "C: RCPT TO:<c@d.example>\nS: 250 ok\nC: DATA\nS: 354 go\nC: Subject: 🎉é\nC:\nC: 🎉 QUIT\n"
    "C: one\nC: .\nS: 250 ok\nC: QUIT\nS: 221 bye\n"
)


def decoded(editor, uri, answer, legend):
    """Return each token's text and kind."""
    found, line, column = [], 0, 0
    data = answer.data
    for at in range(0, len(data), 5):
        line += data[at]
        column = data[at + 1] + (0 if data[at] else column)
        start = types.Position(line, column)
        end = types.Position(line, column + data[at + 2])
        found.append((editor.cut(uri, types.Range(start, end)), legend.token_types[data[at + 3]]))
    return found


async def test_tokens(editor, tmp_path):
    uri = (tmp_path / "a.smtp").as_uri()
    editor.open(uri, TEXT)
    legend = editor.result.capabilities.semantic_tokens_provider.legend
    document = types.TextDocumentIdentifier(uri)
    answer = await editor.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(document)
    )
    whole = decoded(editor, uri, answer, legend)
    assert ("🎉 QUIT", "string") in whole
    assert ("QUIT", "keyword") in whole
    assert ("354", "number") in whole
    assert ("Subject", "property") in whole
    where = types.Range(types.Position(11, 0), types.Position(12, 0))
    part = await editor.text_document_semantic_tokens_range_async(
        types.SemanticTokensRangeParams(document, where)
    )
    assert decoded(editor, uri, part, legend) == [("🎉 QUIT", "string")]


async def test_folds(editor, tmp_path):
    uri = (tmp_path / "a.smtp").as_uri()
    editor.open(uri, TEXT)
    folds = await editor.text_document_folding_range_async(
        types.FoldingRangeParams(types.TextDocumentIdentifier(uri))
    )
    assert [(fold.start_line, fold.end_line) for fold in folds] == [(9, 12)]


async def test_nothing_of_what_is_not_open(editor):
    document = types.TextDocumentIdentifier("untitled:nothing")
    answer = await editor.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(document)
    )
    assert answer is None
    assert not await editor.text_document_folding_range_async(types.FoldingRangeParams(document))
