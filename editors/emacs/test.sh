#!/bin/bash
# Drives a real Emacs with Eglot. One line per check; 0 passed, 1 failed, 77 cannot run here.
#   SMTP_LSP=/path/to/smtp-lsp   the server to test; otherwise this clone's, in a new virtual environment
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cannot() { echo "cannot run here: $*"; exit 77; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

if ! command -v emacs >/dev/null || ! emacs -q --batch --eval "(require 'eglot)" >/dev/null 2>&1; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || cannot "no Emacs with Eglot, and no right to install it"
  { apt-get -qq update && apt-get -qq -y install --no-install-recommends emacs-nox elpa-eglot; } >"$temp/apt" 2>&1 \
    || cannot "emacs-nox and elpa-eglot cannot be installed"
fi
if [ -z "${SMTP_LSP:-}" ]; then
  python3 -m venv "$temp/venv" && "$temp/venv/bin/pip" install --quiet --disable-pip-version-check "$root" \
    || cannot "smtp-lsp cannot be installed from the clone"
  SMTP_LSP=$temp/venv/bin/smtp-lsp
fi
mkdir "$temp/bin" "$temp/home"
ln -s "$(realpath -s "$SMTP_LSP")" "$temp/bin/smtp-lsp"

session() { # what ends the lines
  printf "%s$1" 'S: 220 mx.example.test ESMTP' "C: EHLO client.example.org" 'S: 250-mx.example.test' \
    'S: 250 PIPELINING' 'C: RCPT TO:<bob@example.test>' "S: 503 5.5.1 need${2:-}MAIL" 'C: MAIL FROM:<alice@example.org>' \
    "S: 250 all${2:-}right" 'C: DATA' "S: 503 5.5.1 need${2:-}RCPT" 'C: QUIT' 'S: 221 Bye'
}
# The first fenced block of a language behind a line of a Markdown file.
fenced() { awk -v lang="$2" -v after="$3" '!on && index($0, after) { on = 1 } on && $0 == "```" lang { inside = 1; next }
  inside && $0 == "```" { exit } inside' "$1"; }

failures=0
run() { # LABEL PASTED MAIL
  local work=$temp/work status=0
  [ -s "$2" ] || { echo "FAIL no block for $1"; failures=1; return; }
  rm -rf "$work" && mkdir -p "$work/a b" && touch "$work/.smtp-lsp.toml"
  session '\n' | tee "$work/a b/my session.smtp" >"$work/x.smtp.log"
  session '\n' $'\r' >"$work/cr.smtp"
  session '\r\n' >"$work/crlf.smtp"
  session '\r' >"$work/mac.smtp"
  printf '%s\n' 'S: 220 mx.example.test ESMTP' 'C: EHLO client.example.org' 'S: 250 mx.example.test' \
    'C: MAIL FROM:<alice@example.org>' 'S: 250 ok' 'C: RCPT TO:<bob@example.test>' 'S: 250 ok' 'C: DATA' 'S: 354 go' \
    'C: From: alice@example.org' 'C: Date: Mon, 02 Mar 2026 10:00:00 +0000' 'C: Subject: dots' 'C:' \
    'C: .profile is a file' 'C: .' 'S: 250 queued' 'C: QUIT' 'S: 221 Bye' >"$work/dots.smtp"
  printf '%s\n' 'From: a@example.org' 'Date: Mon, 02 Mar 2026 10:00:00 +0000' 'Subject: x' 'From: b@example.org' '' \
    'Hello' >"$work/a b.eml"
  env PATH="$temp/bin:$PATH" HOME="$temp/home" LC_ALL=C.UTF-8 LABEL="$1" PASTED_MAIL="$3" timeout 120 \
    emacs -q --batch -l "$2" -l "$here/check.el" "$work" >"$temp/out" 2>"$temp/err" </dev/null || status=$?
  cat "$temp/out"
  if [ $status != 0 ] || ! grep -q '^ok' "$temp/out"; then
    failures=1
    echo "FAIL emacs $1: exit $status"
    tail -n 15 "$temp/err"
  fi
}
fenced "$root/README.md" elisp "Emacs with Eglot" >"$temp/top.el"
fenced "$here/README.md" elisp "# smtp-lsp in Emacs" >"$temp/own.el"
run "(top README)" "$temp/top.el" 0
run "(README)" "$temp/own.el" 1
[ $failures = 0 ]
