#!/usr/bin/env bash
# Runs the tests with real editors, and with pre-commit: all of them, or those that are named.
#
#     editors/test.sh                  # everything
#     editors/test.sh neovim vim       # these
#
# Each folder's own test.sh installs what it needs into a cache (SMTP_LSP_CACHE, by default
# ~/.cache/smtp-lsp) and exits with 0 (passed), 1 (failed) or 77 (cannot run here, with the
# reason). With CI set, what cannot run has failed; elsewhere it is skipped, and said so.
set -uo pipefail
cd "$(dirname "$0")"

# What the window of VS Code looked like is kept, to be looked at.
export ARTIFACTS="${ARTIFACTS:-${SMTP_LSP_CACHE:-$HOME/.cache/smtp-lsp}/screenshots}"

names=("$@")
[ ${#names[@]} -gt 0 ] || names=(pre-commit vim helix emacs neovim vscode)

failed=()
for name in "${names[@]}"; do
    if [ ! -f "$name/test.sh" ]; then
        echo "editors/test.sh: there is no $name/test.sh" >&2
        exit 2
    fi
    printf '\n== %s\n' "$name"
    begun=$SECONDS
    status=0
    bash "$name/test.sh" || status=$?
    took=$((SECONDS - begun))
    case $status in
        0) echo "== $name: passed ($took s)" ;;
        77)
            if [ -n "${CI:-}" ]; then
                echo "== $name: cannot run here, and that is a failure in CI"
                failed+=("$name")
            else
                echo "== $name: skipped, for the reason above"
            fi
            ;;
        *)
            echo "== $name: FAILED with status $status ($took s)"
            failed+=("$name")
            ;;
    esac
done

if [ ${#failed[@]} -gt 0 ]; then
    printf '\nfailed: %s\n' "${failed[*]}"
    exit 1
fi
