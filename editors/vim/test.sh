#!/bin/bash
# Drives a real Vim with ALE. One line per check; 0 passed, 1 failed, 77 cannot run here.
#   SMTP_LSP=/path/to/smtp-lsp   the server to test; otherwise this clone's, in a new virtual environment
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cannot() { echo "cannot run here: $*"; exit 77; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

ale=/usr/share/vim-ale
vim=$(command -v vim) || vim=
if [ -z "$vim" ] || ! "$vim" --version | grep -q '+job' || [ ! -d $ale ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || cannot "no Vim with ALE, and no right to install them"
  { apt-get -qq update && apt-get -qq -y install --no-install-recommends vim vim-ale; } >"$temp/apt" 2>&1 \
    || cannot "vim and vim-ale cannot be installed"
  vim=$(command -v vim)
fi
if [ -z "${SMTP_LSP:-}" ]; then
  python3 -m venv "$temp/venv" && "$temp/venv/bin/pip" install --quiet --disable-pip-version-check "$root" \
    || cannot "smtp-lsp cannot be installed from the clone"
  SMTP_LSP=$temp/venv/bin/smtp-lsp
fi
mkdir -p "$temp/bin" "$temp/home/.vim/pack/test/start" "$temp/project/a b"
ln -s "$(realpath -s "$SMTP_LSP")" "$temp/bin/smtp-lsp"
ln -s $ale "$temp/home/.vim/pack/test/start/ale"

{
  printf '%s\n' 'set nocompatible noswapfile viminfo=' 'filetype plugin on' 'let g:ale_echo_cursor = 0'
  awk '$0 == "```vim" { inside = 1; next } inside && $0 == "```" { exit } inside' "$here/README.md" | tee "$temp/pasted"
} >"$temp/vimrc"
[ -s "$temp/pasted" ] || { echo "FAIL no block in README.md"; exit 1; }

work=$temp/project
touch "$work/.smtp-lsp.toml"
session() { # ENDING [INSIDE]
  printf "%s$1" 'S: 220 mx.example.test ESMTP' "C: EHLO client.example.org" 'S: 250-mx.example.test' \
    'S: 250 PIPELINING' 'C: RCPT TO:<bob@example.test>' "S: 503 5.5.1 need${2:-}MAIL" 'C: MAIL FROM:<alice@example.org>' \
    "S: 250 all${2:-}right" 'C: DATA' "S: 503 5.5.1 need${2:-}RCPT" 'C: QUIT' 'S: 221 Bye'
}
session '\n' | tee "$work/first.smtp" >"$work/x.smtp.log"
session '\n' >"$work/a b/my session.smtp"
session '\n' $'\r' >"$work/cr.smtp"
session '\r\n' >"$work/crlf.smtp"
printf '%s\n' 'From: a@example.org' 'Date: Mon, 02 Mar 2026 10:00:00 +0000' 'Subject: x' 'From: b@example.org' '' \
  'Hello' >"$work/a b.eml"

status=0
env PATH="$temp/bin:$PATH" HOME="$temp/home" LC_ALL=C.UTF-8 CHECK_WORK="$work" CHECK_OUT="$temp/out" timeout 120 \
  "$vim" --not-a-term -T dumb -N -u "$temp/vimrc" -S "$here/check.vim" "$work/first.smtp" </dev/null >"$temp/screen" 2>&1 || status=$?
[ -s "$temp/out" ] || { echo "FAIL vim: exit $status, and no result"; tail -c 1500 "$temp/screen"; exit 1; }
cat "$temp/out"
[ $status = 0 ]
