"""Run the steps of action.yml the way GitHub's runner does, and check what comes of them.

    action.py ROOT WORK WORKFLOW WHEELS

The shell steps run for real, in bash with the runner's flags and a `GITHUB_*` environment;
steps that use another action are only noted down. WORK is an empty folder,
WORKFLOW one whose last step uses the action, WHEELS a folder with a release and what it needs.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import yaml

ROOT, WORK, WORKFLOW, WHEELS = map(Path, sys.argv[1:])
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SPACE = WORK / "workspace"
TEMP = WORK / "temp"
SHELL = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.S)
FAILED = 0


class Job:
    """What one use of the action leaves: status, log, uploads. ``steps`` are outputs by id."""

    def __init__(self, inputs, steps=None, **env):
        unknown = set(inputs) - set(ACTION["inputs"])
        assert not unknown, unknown
        defaults = {name: str(what.get("default", "")) for name, what in ACTION["inputs"].items()}
        self.inputs = {**defaults, **inputs}
        self.steps = dict(steps or {})
        self.kept = set(self.steps)
        self.env = env
        self.status, self.log, self.used = 0, "", []
        for step in ACTION["runs"]["steps"]:
            if step.get("id") in self.kept or not self.holds(step.get("if", "success()")):
                continue
            if "uses" in step:
                given = {key: self.filled(text) for key, text in step["with"].items()}
                self.used.append((step["uses"], given))
            else:
                self.run(step)

    def named(self, name):
        """Return an input, or an output of a step before."""
        match name.strip().split("."):
            case ["inputs", which]:
                return self.inputs[which]
            case ["steps", step, "outputs", which]:
                return self.steps.get(step, {}).get(which, "")
        raise ValueError(name)

    def value(self, condition):
        """Say whether a condition holds: names, comparisons, the status functions."""
        for function, truth in (
            ("!cancelled()", True),
            ("always()", True),
            ("success()", self.status == 0),
        ):
            condition = condition.replace(function, str(truth))
        condition = condition.replace("&&", " and ").replace("||", " or ")
        names = re.compile(r"\b(?:inputs|steps)\.[\w.-]+")
        return eval(names.sub(lambda m: repr(self.named(m[0])), condition))  # noqa: S307

    def holds(self, condition):
        whole = EXPRESSION.fullmatch(condition.strip())
        condition = whole[1] if whole else condition
        truth = self.value(condition)
        if not re.search(r"(always|success|failure|cancelled)\(\)", condition):
            truth = truth and self.status == 0
        return bool(truth)

    def filled(self, text):
        if isinstance(text, str):
            return EXPRESSION.sub(lambda m: self.named(m[1]), text)
        return text

    def run(self, step):
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an expression inside a shell script"
        output, script = WORK / "output", WORK / "script.sh"
        output.write_text("")
        script.write_text(step["run"])
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "RUNNER_"))},
            **{name: self.filled(text) for name, text in step.get("env", {}).items()},
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_WORKSPACE": str(SPACE),
            "RUNNER_TEMP": str(TEMP),
            **self.env,
        }
        done = subprocess.run(  # noqa: S603
            [*SHELL, str(script)],
            cwd=SPACE,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.log += done.stdout.decode("utf-8", "replace")
        lines = output.read_text(encoding="utf-8").splitlines()
        self.steps[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        self.status = self.status or done.returncode


def check(what, truth, job=None):
    global FAILED
    print(f"{'ok' if truth else 'FAILED'}  action: {what}", flush=True)
    if not truth:
        FAILED = 1
        if job:
            print(f"  status {job.status}, used {job.used}, steps {job.steps}\n{job.log}")


def main():
    example = (ROOT / "docs/examples/shopping.smtp").read_bytes()
    for name in ("bad.smtp", "sub folder/a b, é%.smtp"):
        (SPACE / name).parent.mkdir(parents=True, exist_ok=True)
        (SPACE / name).write_bytes(example)
    (SPACE / "good.smtp").write_bytes(
        b"".join(example.splitlines(True)[:9]) + b"C: QUIT\nS: 221 2.0.0 Bye\n"
    )
    # What lies in the workspace must not be taken for Python's own or ours.
    for name in ("pip", "venv", "smtp_lsp", "shlex"):
        (SPACE / f"{name}.py").write_text("raise SystemExit('taken from the workspace')\n")
    TEMP.mkdir()

    job = Job({})
    check(
        "installs from its own ref, findings are annotations, exit status 1",
        job.status == 1 and job.log.count("::error file=") == 4 and not job.used,
        job,
    )
    check(
        "a name with blanks, comma, % and é is escaped in its annotation",
        "file=sub folder/a b%2C é%25.smtp,line=20" in job.log,
        job,
    )
    if job.status != 1:
        return
    ready = {"install": job.steps["install"]}

    def again(**inputs):
        return Job({name.replace("_", "-"): text for name, text in inputs.items()}, ready)

    job = again(paths="good.smtp")
    check("a clean file: exit status 0", job.status == 0 and "::error" not in job.log, job)
    job = again(paths="bad.smtp\r\n\nsub folder\n", sarif_file="out/smtp.sarif")
    check(
        "the folder of sarif-file is missing: said, exit status 2, nothing uploaded",
        job.status == 2 and not job.used and "out/smtp.sarif" in job.log,
        job,
    )
    job = again(paths="bad.smtp\r\n\nsub folder\n", sarif_file="smtp.sarif")
    found = json.loads((SPACE / "smtp.sarif").read_text())["runs"][0]["results"]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in found}
    check(
        "findings fail the step, and SARIF is uploaded all the same",
        job.status == 1
        and job.used
        == [
            (
                "github/codeql-action/upload-sarif@v4",
                {"sarif_file": "smtp.sarif", "category": "smtp-lsp"},
            )
        ]
        and len(found) >= 4
        and {unquote(uri) for uri in uris} == {"bad.smtp", "sub folder/a b, é%.smtp"},
        job,
    )
    job = again(paths="good.smtp", sarif_file="-o.sarif")
    check(
        "SARIF of a clean run is uploaded too, under a name with a dash",
        job.status == 0 and len(job.used) == 1 and (SPACE / "-o.sarif").exists(),
        job,
    )
    job = again(paths="good.smtp\nmissing.smtp", sarif_file="smtp.sarif")
    check(
        "a missing path: exit status 2, the rest is uploaded",
        job.status == 2 and len(job.used) == 1,
        job,
    )
    job = again(args="--no-such-option", sarif_file="smtp.sarif")
    check(
        "a bad option: exit status 2, no stale SARIF is uploaded",
        job.status == 2 and not job.used and not (SPACE / "smtp.sarif").exists(),
        job,
    )
    (SPACE / "-x.smtp").write_bytes(example)
    job = again(paths="-x.smtp")
    check("a path with a leading dash", job.status == 1 and "file=-x.smtp" in job.log, job)
    (SPACE / "-x.smtp").unlink()
    (SPACE / "my rules.toml").write_text('ignore = ["ALL"]\n')
    job = again(args="--config 'my rules.toml' --fail-on \"error\"")
    check("args are quoted as in a shell", job.status == 0, job)
    job = again(args="--config 'my")
    check("a quote that is not closed is named", job.status == 2 and "input args" in job.log, job)
    evil = "$(touch pwned) `touch pwned`; touch pwned"
    evil += '\n"; touch pwned; "\n\' ; touch pwned #\n| touch pwned'
    for name in ("paths", "args", "sarif-file"):
        job = Job({name: evil}, ready)
        right = job.status == 2 if name != "sarif-file" else (SPACE / evil).exists()
        check(f"a script in {name} is not run", right and not (SPACE / "pwned").exists(), job)
    (SPACE / evil).unlink()
    job = Job({"version": "1; touch pwned"})
    check(
        "a script in version is not run, and is refused",
        job.status == 2 and "is no version" in job.log and not (SPACE / "pwned").exists(),
        job,
    )
    version = next(WHEELS.glob("smtp_lsp-*.whl")).name.split("-")[1]
    job = Job(
        {"version": version, "paths": "good.smtp"},
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(WHEELS),
        GITHUB_ACTION_PATH="/nowhere",
    )
    check(
        "version installs that release, and not the action's own ref",
        job.status == 0 and f"smtp-lsp {version}" in job.log,
        job,
    )
    job = Job({"python-version": "3.13"}, ready)
    check(
        "python-version fetches that Python, for smtp-lsp alone",
        job.used
        == [("actions/setup-python@v6", {"python-version": "3.13", "update-environment": False})],
        job,
    )
    for name in ("docs", "tests/fixtures"):
        (SPACE / name).mkdir(parents=True)
        (SPACE / name / "one.smtp").write_bytes(example)
    step = yaml.safe_load(WORKFLOW.read_text())["jobs"]["smtp-lsp"]["steps"][-1]
    job = Job(step["with"], ready)
    check(
        "the inputs that docs/ci.md shows: those folders, and an upload",
        job.status == 1
        and job.log.count("::error file=docs/one.smtp") == 2
        and job.log.count("::error file=") == 4
        and len(job.used) == 1,
        job,
    )
    old = WORK / "old"
    old.mkdir()
    (old / "python3").write_text("#!/bin/sh\nexit 1\n")
    (old / "python3").chmod(0o755)
    job = Job({}, PATH=f"{old}{os.pathsep}{os.environ['PATH']}")
    check(
        "an old Python is named, with what to do",
        job.status == 2 and "set python-version" in job.log,
        job,
    )
    check(
        "one environment a use, in the runner's temporary folder",
        len(list(TEMP.iterdir())) == 2 and "pwned" not in str(sorted(SPACE.rglob("*"))),
    )


main()
shutil.rmtree(WORK)
sys.exit(FAILED)
