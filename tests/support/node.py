"""The Node that Playwright's wheel brings: it runs the page's modules as they are, without a browser."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import playwright

HERE = Path(__file__).resolve().parents[1] / "js"
NODE = Path(playwright.__file__).parent / "driver" / ("node.exe" if sys.platform == "win32" else "node")
# The modules lie in no package, so that Node has to look whether each is one.
FLAGS = ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"]


def run(*arguments: str | Path, given: str = "", **environment: str) -> subprocess.CompletedProcess:
    """Node with these arguments; given: what it reads."""
    variables = {**os.environ, **environment}
    return subprocess.run(
        [NODE, *FLAGS, *arguments], input=given, capture_output=True, text=True, env=variables, check=False
    )


def evaluated(blob: bytes, function: str, values: list) -> list:
    """What a function of the packed model gives in the page for each value: decode, encode, tokens, fromTokens."""
    given = json.dumps({"blob": base64.b64encode(blob).decode(), "function": function, "values": values})
    done = run(HERE / "evaluate.js", given=given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
