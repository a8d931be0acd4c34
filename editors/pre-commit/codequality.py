"""Hold a GitLab report to what Code Quality takes, in the folder of the project.

codequality.py REPORT COUNT
"""

import json
import os
import sys

path, count = sys.argv[1], int(sys.argv[2])
with open(path, encoding="utf-8") as file:
    report = json.load(file)
assert isinstance(report, list)
assert len(report) == count, f"{len(report)} findings"
for entry in report:
    for key in ("description", "check_name", "fingerprint"):
        assert isinstance(entry[key], str), key
        assert entry[key], key
    assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
    path, line = entry["location"]["path"], entry["location"]["lines"]["begin"]
    assert type(line) is int
    assert line > 0
    assert not path.startswith(("./", "/")), path
    assert os.path.isfile(path), path
assert len({entry["fingerprint"] for entry in report}) == count, "a fingerprint twice"
