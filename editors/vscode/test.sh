#!/usr/bin/env bash
# Builds the extension and tests it in a real VS Code, from a clone alone.
#
#   SMTP_LSP_CACHE   where tools are kept (default: ~/.cache/smtp-lsp)
#   ARTIFACTS        where screenshots go (default: a folder that is removed afterwards)
#
# Exits with 0 if all passed, 1 if something failed, 77 where it cannot run. Nothing is written
# into the repository.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
cd "$here"

work=$(mktemp -d "${TMPDIR:-/tmp}/smtp-lsp-vscode-XXXXXX")
running=''
finish() {
    status=$?
    trap - EXIT
    if [ -n "$running" ]; then
        kill "$running" 2>/dev/null && wait "$running" 2>/dev/null || true
    fi
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

passed=0
failed=0
count() { # count the lines of a log that are verdicts
    passed=$((passed + $(grep -c '^ok - ' "$1" || true)))
    failed=$((failed + $(grep -c '^not ok - ' "$1" || true)))
}
# A part of the tests: what it prints counts, and where it failed without a word, that too.
part() { # NAME COMMAND...
    local name=$1 log=$work/part.log status=0
    shift
    "$@" >"$log" 2>&1 &
    running=$!
    wait "$running" || status=$?
    running=''
    cat "$log"
    count "$log"
    if [ "$status" -ne 0 ] && ! grep -q '^not ok - ' "$log"; then
        printf 'not ok - %s ended with %s\n' "$name" "$status"
        failed=$((failed + 1))
    fi
}
verdict() { # NAME COMMAND...: one line for a command, and what it said only where it failed
    local name=$1 log=$work/verdict.log
    shift
    if "$@" >"$log" 2>&1; then
        printf 'ok - %s\n' "$name"
        passed=$((passed + 1))
    else
        tail -n 60 "$log"
        printf 'not ok - %s\n' "$name"
        failed=$((failed + 1))
        return 1
    fi
}

# shellcheck source=tests/setup.sh
. tests/setup.sh
export ARTIFACTS=${ARTIFACTS:-$work/artifacts} CHROMIUM CODE_SERVER PYTHON
mkdir -p "$ARTIFACTS"

# -- build, in a copy ----------------------------------------------------------

mkdir "$work/source"
tar -C "$here" --exclude ./node_modules --exclude ./dist --exclude ./bundled/libs --exclude './*.vsix' \
    -cf - . | tar -C "$work/source" -xf -
ln -s "$NODE_MODULES" "$work/source/node_modules"
export SMTP_LSP=$repository
cd "$work/source"
build() {
    npx --no-install vsce package --no-dependencies --out "$work/smtp-lsp.vsix" || return
}
check_vsix() {
    "$PYTHON" - "$work/smtp-lsp.vsix" "$repository" <<'CHECK'
import os, re, sys, zipfile
path, repository = sys.argv[1:]
archive = zipfile.ZipFile(path)
names = archive.namelist()
wanted = ["package.json", "readme.md", "changelog.md", "LICENSE.txt", "icon.png", "dist/extension.js",
          "bundled/launch.py", "bundled/libs/smtp_lsp/__main__.py", "bundled/libs/pygls/__init__.py",
          "bundled/libs/confusable_homoglyphs/confusables.json",
          "bundled/libs/attrs-26.1.0.dist-info/licenses/LICENSE", "syntaxes/smtp.tmLanguage.json",
          "syntaxes/eml.tmLanguage.json", "language-configuration/smtp.json"]
missing = [name for name in wanted if f"extension/{name}" not in names]
assert not missing, f"missing: {missing}"
ours = re.compile(r"extension/(bundled/libs/.*|bundled/launch\.py|dist/extension\.js|package\.json|icon\.png"
                  r"|(readme|changelog)\.md|LICENSE\.txt|icons/\w+-\w+\.svg|images/[\w-]+\.png"
                  r"|language-configuration/\w+\.json|syntaxes/\w+\.tmLanguage\.json)"
                  r"|extension\.vsixmanifest|\[Content_Types\]\.xml")
strange = [n for n in names if not ours.fullmatch(n) or n.endswith((".pyc", ".so", ".pyd", ".dll"))]
assert not strange, f"does not belong there: {strange}"
for name in names:
    text = archive.read(name)
    for place in (repository, os.path.join(os.path.expanduser("~"), "")):
        assert place.encode() not in text, f"{name} names {place}"
size = sum(len(archive.read(name)) for name in names)
packed = os.path.getsize(path)
print(f"{len(names)} files, {packed / 1e6:.2f} MB packed, {size / 1e6:.2f} MB unpacked")
assert packed < 4e6, "larger than 4 MB"
CHECK
}
no_warning() { ! grep -E 'WARNING|ERROR' "$work/build.log" | grep -v 'Location .* is ignored'; }

verdict "the package is built" build || exit 1
cp "$work/verdict.log" "$work/build.log"
verdict "the package is built without a warning" no_warning || true
if verdict "the package holds what it should, and nothing else" check_vsix; then
    printf 'figure - the package: %s\n' "$(tail -n 1 "$work/verdict.log")"
fi

# -- parts that need no editor ---------------------------------------------------

part "unit tests" node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON --test \
    --test-reporter=./tests/tools/lines.mjs 'tests/unit/*.test.ts'
for file in tests/grammar/*.test.*; do
    verdict "grammar: $(basename "$file")" npx --no-install vscode-tmgrammar-test --config package.json "$file" || true
done

# -- in VS Code ------------------------------------------------------------------

export EXTENSION=$work/unpacked/extension EXTENSIONS=$work/extensions
"$PYTHON" -m zipfile -e "$work/smtp-lsp.vsix" "$work/unpacked"
node scripts/build.mjs --tests
mkdir -p "$EXTENSION/dist/tests"
cp dist/tests/index.js "$EXTENSION/dist/tests/"
part "the extension host" node tests/exthost/run.mjs

install() {
    HOME=$work node "$CODE_SERVER/out/node/entry.js" --config "$work/config.yaml" --user-data-dir "$work/data" \
        --extensions-dir "$EXTENSIONS" --install-extension "$work/smtp-lsp.vsix"
}
if verdict "VS Code installs the package" install; then
    part "the window" node tests/ui/run.mjs
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] || exit 1
