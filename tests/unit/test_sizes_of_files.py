"""How large a file may be, and that nothing is written twice: what keeps the tree readable."""

import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from ..faults.faults import FAULTS, HOLES

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"node_modules", "__pycache__", ".venv"}
TREES = ("ae_core", "pages", "tests")
SHARED = 6  # lines in a row that may not stand in two places of the pages


def files(*endings: str, below: tuple[str, ...] = TREES) -> list[Path]:
    found = [path for tree in below for ending in endings for path in (ROOT / tree).rglob(f"*{ending}")]
    return sorted(path for path in found if not SKIPPED & set(path.parts))


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("most", "paths"),
    [
        pytest.param(500, [ROOT / "app.py", *files(".py")], id="Python"),
        pytest.param(400, files(".js"), id="JavaScript"),
        pytest.param(120, sorted((ROOT / "pages").glob("*.py")), id="a page"),
    ],
)
def test_no_file_is_too_long(most, paths):
    assert len(paths) > 5
    assert {str(path.relative_to(ROOT)): n for path in paths if (n := len(lines_of(path))) > most} == {}


def test_no_line_of_the_modules_is_too_long():
    """As in Python, where ruff says so; the formatter wraps neither comments nor texts."""
    long = [
        f"{path.name}:{number}"
        for path in files(".js")
        for number, line in enumerate(lines_of(path), 1)
        if len(line) > 120
    ]
    assert long == []


def test_only_the_loader_has_anything_in_the_page_itself():
    """A name on `globalThis` is known to every script of the page: figures share modules instead."""
    having = [path.name for path in files(".js", below=("pages",)) if "globalThis." in path.read_text("utf-8")]
    assert having == ["loader.js"]


@pytest.mark.slow
def test_the_planted_faults_stand_where_the_code_is():
    """Each is one place of its file: code that moved takes its fault along."""
    lost = [fault.name for fault in (*FAULTS, *HOLES) if (ROOT / fault.file).read_text("utf-8").count(fault.old) != 1]
    assert lost == []


IMPORT = re.compile(r"(?:import|from|export \* from)\b|\}? from \"|@import")


def telling_lines(path: Path) -> list[tuple[int, str]]:
    """(number, text) of lines that say something: no imports, comments, blank ones, nor lone punctuation."""
    found, inside = [], False
    for number, line in enumerate(lines_of(path), 1):
        text = " ".join(line.split())
        opens = IMPORT.match(text) is not None
        inside = (inside or (opens and text.endswith(("(", "{")))) and not text.startswith((")", "}"))
        if opens or inside or not re.search(r"\w", text) or text.startswith(("#", "//", "/*", "*")):
            continue
        found.append((number, text))
    return found


def test_no_two_places_in_the_pages_share_six_lines():
    places = defaultdict(list)
    for path in files(".py", ".js", ".css", ".html", below=("pages",)):
        told = telling_lines(path)
        for i in range(len(told) - SHARED + 1):
            run = told[i : i + SHARED]
            if all(b[0] - a[0] < 4 for a, b in pairwise(run)):  # in a row: nothing but what tells nothing between
                places[tuple(text for _, text in run)].append(f"{path.relative_to(ROOT)}:{run[0][0]}")
    assert [where for where in places.values() if len(where) > 1] == []
