"""The house rules: one-way imports, thin core, clean code, and a README that is true."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ae_core import read_checkpoint
from ae_core.runs.folder import checkpoints

from ..bench.document import KEPT, table, with_table

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = {path.name: path.read_text("utf-8") for path in sorted((ROOT / ".github/docs").glob("*.md"))}
ALLOWED = {
    "requirements.txt",
    "app.py",
    "pages",
    "ae_core",
    "checkpoints",
    "tests",
    "README.md",
    "pyproject.toml",
    "LICENSE",
    "Dockerfile",
}
PRODUCED = {"data", "runs"}


def test_the_core_imports_and_works_without_streamlit():
    code = (
        "import sys; sys.modules['streamlit'] = None; "
        "import ae_core, ae_core.cli, ae_core.latent.payload, ae_core.jobs.queue; print(len(ae_core.VARIANTS))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(p.relative_to(ROOT) for p in (ROOT / "ae_core").rglob("*.py")), ids=str)
def test_the_core_neither_prints_nor_knows_the_pages(path):
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            assert not any(name.split(".")[0] in ("streamlit", "pages") for name in names)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and path.name != "cli.py"
            and path.parent.name != "commands"
        ):
            assert node.func.id != "print"


# Who may import whom: of the core's rooms each only those before it, of the pages' floors each only the same or a later
# one.
CORE = ["base", "lessons", "io", "pca", "data", "sockets", "model", "latent", "training", "runs", "anomaly", "jobs"]
CORE += ["estimators", "export", "serving", "commands", "cli", "__main__"]
FLOORS = [["app"], ["page"], ["sections"], ["components", "ui", "session"], ["ae_core"]]


def imported(path):
    """Modules that a file imports, by their whole names; of a package's own names, which are lazy, the package's."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join((*package[: len(package) + 1 - node.level], *filter(None, [node.module])))
            base = base if node.level else node.module
            whole = base.count(".") == 0 and base in ("ae_core", "pages")
            yield from (f"{base}.{alias.name}" for alias in node.names) if whole else (base,)


def test_the_cores_rooms_import_one_way():
    wrong = []
    for path in (ROOT / "ae_core").rglob("*.py"):
        room = path.relative_to(ROOT / "ae_core").parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        for name in imported(path):
            other = name.removeprefix("ae_core.").split(".")[0] if name.startswith("ae_core.") else room
            if other != room and CORE.index(other) >= CORE.index(room):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def floor(parts):
    """The floor of a module of the app by the parts of its name."""
    if parts[0] == "pages":
        name = parts[1] if len(parts) > 1 and (ROOT / "pages" / parts[1]).is_dir() else "page"
    else:
        name = parts[0]
    return next((n for n, names in enumerate(FLOORS) if name in names), None)


def test_the_pages_import_one_way():
    wrong = []
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]:
        here = floor(path.relative_to(ROOT).with_suffix("").parts)
        for name in imported(path):
            there = floor(tuple(name.split(".")))
            if there is not None and (there < here or (here == 1 == there)):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_nothing_else_at_the_top():
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith((".", "__"))}
    assert found <= ALLOWED | PRODUCED


def test_ruff_has_nothing_to_say():
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README, re.S))
def test_the_readmes_examples_run(code, tmp_path):
    assert len(code.strip().splitlines()) <= 12
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_readmes_table_of_checkpoints_is_true():
    rows = {
        cells[0].strip("`"): cells
        for cells in (
            [c.strip() for c in line.strip("|").split("|")] for line in README.splitlines() if line.startswith("| `")
        )
    }
    assert set(rows) == set(checkpoints())
    for name, cells in rows.items():
        measures = read_checkpoint(name).measures
        figures = {
            "negative_elbo": 2,
            "squared_error": 3,
            "pca_squared_error": 4,
            "neighbour_accuracy": 5,
            "pca_neighbour_accuracy": 6,
        }
        for figure, column in figures.items():
            text = cells[column].rstrip(" %")
            if figure not in measures:
                assert text == "–", (name, figure)
            else:
                value = measures[figure] * (100 if "accuracy" in figure else 1)
                assert float(text) == pytest.approx(value, abs=0.051 if "accuracy" in figure else 0.0051), (
                    name,
                    figure,
                )


@pytest.mark.parametrize("name", sorted(checkpoints()))
def test_checkpoints_are_small_and_say_how_they_were_made(name):
    checkpoint = read_checkpoint(name)
    assert checkpoint.command.startswith("python -m ae_core train ")
    assert checkpoint.command.endswith(f"--out checkpoints/{name}")
    assert len(checkpoint.metrics()) == checkpoint.config.epochs
    assert sum(f.stat().st_size for f in checkpoint.folder.iterdir()) < 8 << 20


def test_every_command_and_environment_variable_is_documented():
    from ae_core.cli import make_parser

    commands = next(action for action in make_parser()._actions if action.dest == "command").choices
    assert all(f"python -m ae_core {name}" in DOCS["commands.md"] for name in commands)
    sources = [*(ROOT / "ae_core").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    used = {name for path in sources for name in re.findall(r"LATENT_[A-Z]+(?:_[A-Z]+)*", path.read_text("utf-8"))}
    assert all(name in "".join([README, *DOCS.values()]) for name in used)


def test_the_binarised_figures_in_the_readme_are_true():
    ((nll, error),) = re.findall(r"is (\d+\.\d\d) ± (\d+\.\d\d) nats", DOCS["measured.md"])
    larger = read_checkpoint("mnist-vae-20d").measures
    assert (float(nll), float(error)) == pytest.approx(
        (larger["nll_binarised"], larger["nll_binarised_standard_error"]), abs=0.0051
    )
    (figure,) = re.findall(r"stands at (\d+\.\d\d) nats", DOCS["measured.md"])
    assert float(figure) == pytest.approx(
        read_checkpoint("mnist-vae-2d").measures["negative_elbo_binarised"], abs=0.0051
    )


def test_the_documents_measurements_are_those_that_were_measured():
    figures = json.loads(KEPT.read_text("utf-8"))
    assert with_table(DOCS["measured.md"], figures) == DOCS["measured.md"]
    assert len(table(figures).splitlines()) > 7


@pytest.mark.parametrize("path", ["README.md", ".github/CONTRIBUTING.md", *(f".github/docs/{name}" for name in DOCS)])
def test_what_a_document_points_to_is_there(path):
    text = (ROOT / path).read_text("utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    missing = [
        target
        for target in targets
        if not target.startswith(("http:", "https:")) and not ((ROOT / path).parent / target).exists()
    ]
    assert not missing
