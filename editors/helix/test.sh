#!/bin/bash
# Drives a real Helix in a terminal of tmux. One line per check; 0 passed, 1 failed, 77 cannot run here.
#   SMTP_LSP=/path/to/smtp-lsp   the server to test; otherwise this clone's, in a new virtual environment
#   SMTP_LSP_CACHE=DIR           where the editor is kept
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${SMTP_LSP_CACHE:-$HOME/.cache/smtp-lsp}
cannot() { echo "cannot run here: $*"; exit 77; }
temp=$(mktemp -d)
export TMUX_TMPDIR=$temp
unset TMUX
# The editor is killed, as a closed terminal would; its server leaves when its input ends.
end() { tmux -L smtp kill-server 2>/dev/null || true; rm -rf "$temp"; }
trap end EXIT

if ! command -v tmux >/dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || cannot "no tmux, and no right to install it"
  { apt-get -qq update && apt-get -qq -y install --no-install-recommends tmux; } >"$temp/apt" 2>&1 \
    || cannot "tmux cannot be installed"
fi
hx=$cache/helix-trixie
if [ ! -x "$hx/run" ]; then
  rm -rf "$hx"
  mkdir -p "$cache"
  "$root/editors/get-deb.sh" trixie "$hx" hx || { rm -rf "$hx"; cannot "Helix cannot be unpacked"; }
fi
if [ -z "${SMTP_LSP:-}" ]; then
  python3 -m venv "$temp/venv" && "$temp/venv/bin/pip" install --quiet --disable-pip-version-check "$root" \
    || cannot "smtp-lsp cannot be installed from the clone"
  SMTP_LSP=$temp/venv/bin/smtp-lsp
fi

work="$temp/project/a b"
mkdir -p "$temp/bin" "$temp/config/helix" "$temp/cache" "$work"
ln -s "$(realpath -s "$SMTP_LSP")" "$temp/bin/smtp-lsp"
awk '$0 == "```toml" { inside = 1; next } inside && $0 == "```" { exit } inside' "$here/README.md" >"$temp/config/helix/languages.toml"
[ -s "$temp/config/helix/languages.toml" ] || { echo "FAIL no block in README.md"; exit 1; }
touch "$temp/project/.smtp-lsp.toml"
session() {
  printf '%s\n' 'S: 220 mx.example.test ESMTP' "C: EHLO client.example.org" 'S: 250-mx.example.test' \
    'S: 250 PIPELINING' 'C: RCPT TO:<bob@example.test>' "S: 503 5.5.1 need${1:-}MAIL" 'C: MAIL FROM:<alice@example.org>' \
    "S: 250 ok" 'C: DATA' "S: 503 5.5.1 need${1:-}RCPT" 'C: QUIT' 'S: 221 Bye'
}
session >"$work/my session.smtp"
session >"$work/x.smtp.log"
session $'\r' >"$work/cr.smtp"
printf '%s\n' 'From: a@example.org' 'Date: Mon, 02 Mar 2026 10:00:00 +0000' 'Subject: x' 'From: b@example.org' '' 'Hello' >"$work/a.eml"

t() { tmux -L smtp "$@"; }
keys() { t send-keys -t hx "$@"; }
screen() { t capture-pane -p -t hx; }
version=$(XDG_CONFIG_HOME=$temp/config XDG_CACHE_HOME=$temp/cache "$hx/run" hx --version | cut -d' ' -f2)
failures=0
wait_for() { # PATTERN: on the screen within ten seconds
  local n
  for n in $(seq 100); do
    if screen | grep -qE -- "$1"; then return 0; fi
    sleep 0.1
  done
  return 1
}
check() { # NAME PATTERN...
  local name=$1
  shift
  for pattern; do
    if ! wait_for "$pattern"; then
      failures=1
      echo "FAIL helix $version: $name: no \"$pattern\" on the screen:"
      screen
      return
    fi
  done
  echo "ok   helix $version: $name"
}
open() { # FILE
  t kill-server 2>/dev/null || true
  sleep 0.2
  t -f /dev/null new-session -d -x 140 -y 40 -s hx env PATH="$temp/bin:$PATH" HOME="$temp" XDG_CONFIG_HOME="$temp/config" \
    XDG_CACHE_HOME="$temp/cache" HELIX_RUNTIME="$hx/usr/lib/hx/runtime" COLORTERM=truecolor LC_ALL=C.UTF-8 "$hx/run" hx "$work/$1"
}

open "my session.smtp"
check "the file, and a mark in the gutter" "EHLO client.example.org" "● *5 "
keys gg "]d"
check "the text of a diagnostic, at its line and column" "without a .MAIL." " 5:[4-7]( |$)"
keys gg 9j wl " k"
check "hover on a reply code" "503 Bad sequence"
keys Escape
keys gg O "# a remark" Escape
check "edits stay in sync" "● *6 " "● *10 "
open "cr.smtp"
check "bare CRs inside lines" "● *5 " "● *9 "
open "x.smtp.log"
check ".smtp.log" "● *5 "
open "a.eml"
check "a message" "● *4 "
[ $failures = 0 ]
