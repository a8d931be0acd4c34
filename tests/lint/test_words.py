"""Whatever a finding says, it says in words: no key of a page is ever shown."""

import pytest
from support import CASES

from smtp_lsp import pages
from smtp_lsp.lint.options import Options
from smtp_lsp.lint.run import analyse
from smtp_lsp.text.source import Source

RECORDS = sorted([*CASES.rglob("*.smtp"), *CASES.rglob("*.eml")])


@pytest.mark.parametrize("locale", pages.LOCALES)
def test_no_key_is_shown(locale):
    options = Options(select=("ALL",), locale=locale)
    seen = set()
    for path in RECORDS:
        for finding in analyse(Source(path.read_bytes(), path.name), options).findings:
            said = [(finding.key, finding.message), *((p.key, p.message) for p in finding.related)]
            if finding.fix is not None:
                said.append((finding.fix.key, finding.fix_message))
            for key, words in said:
                seen.add(key)
                assert words not in ("", key), (path, finding, key)
                assert words != f"{finding.name}: {key}", (path, finding, key)
    assert len(seen) > 200
