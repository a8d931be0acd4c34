"""Print the fenced block of a Markdown file whose first line is a comment with this title."""

import re
import sys

path, title = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    found = re.findall(rf"^```\w+\n(# {re.escape(title)}\n.*?)^```$", file.read(), re.M | re.S)
if len(found) != 1:
    sys.exit(f"{path}: {len(found)} blocks with the title {title!r}")
sys.stdout.write(found[0])
