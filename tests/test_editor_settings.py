"""VS Code offers every key of a configuration file, and every name that a key takes."""

import json
import re
from pathlib import Path

from smtp_lsp import config, dialects
from smtp_lsp.message import CONTEXTS

HERE = Path(__file__).parent.parent / "editors" / "vscode"


def settings():
    contributed = json.loads((HERE / "package.json").read_text("utf-8"))["contributes"]
    groups = contributed["configuration"]
    found = {}
    for group in groups if isinstance(groups, list) else [groups]:
        found.update(group["properties"])
    return found


def test_every_key_is_a_setting():
    text = (HERE / "src" / "settings.ts").read_text("utf-8")
    (keys,) = re.findall(r"SHARED_KEYS = \[(.*?)\]", text, re.S)
    assert set(re.findall(r'"([^"]+)"', keys)) == set(config.KEYS)
    assert {f"smtp-lsp.{key}" for key in config.KEYS} <= set(settings())


def test_every_name_is_offered():
    offered = settings()
    for key, names in (("dialect", ("", *dialects.NAMES)), ("context", CONTEXTS)):
        setting = offered[f"smtp-lsp.{key}"]
        assert tuple(setting["enum"]) == tuple(names)
        assert len(setting["enumDescriptions"]) == len(names)


def test_the_order_is_that_of_no_two():
    orders = [setting["order"] for setting in settings().values()]
    assert len(set(orders)) == len(orders)
