"""pip install: the core and its command alone, the same packages as the app's, and what comes along."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
README = (ROOT / "README.md").read_text("utf-8")


def required(path: str) -> set[str]:
    """The requirements of a file, without its comments."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / path).read_text("utf-8").splitlines())
    return {line for line in lines if line}


def test_what_pip_installs_is_what_the_app_requires():
    assert {*PROJECT["dependencies"], *EXTRAS["app"]} == required("requirements.txt")
    assert not {name.split("==")[0] for name in PROJECT["dependencies"]} & {"streamlit", "plotly", "altair"}


def test_the_other_extras_are_those_that_are_tested():
    tested = required("tests/requirements.txt") | required("requirements.txt")
    for name in ("cluster", "onnx", "tensorboard"):
        assert set(EXTRAS[name]) <= tested
    for requirement in EXTRAS["serve"]:  # Streamlit brings them
        from importlib.metadata import version

        name, pinned = requirement.split("==")
        assert version(name) == pinned


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what the wheel holds, and nothing else of the program."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return wheel, folder / "site"


def run(site: Path, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LATENT_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_is_small_and_has_no_page(installed):
    wheel, site = installed
    assert wheel.stat().st_size <= 1 << 20
    assert {path.name for path in site.iterdir() if not path.name.endswith(".dist-info")} == {"ae_core"}
    assert [path.name for path in (site / "ae_core/checkpoints").iterdir()] == ["digits-vae-2d"]


@pytest.mark.slow
def test_the_readmes_core_example_runs_where_it_is_installed(installed, tmp_path):
    code = re.findall(r"```python\n(.*?)```", README, re.S)[0] + "\nimport sys; print('streamlit' in sys.modules)"
    done = run(installed[1], tmp_path, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "False"


def test_another_shipped_name_says_where_the_others_are(installed, tmp_path):
    done = run(installed[1], tmp_path, "-m", "ae_core", "show", "mnist-vae-2d")
    assert done.returncode == 2
    assert "LATENT_CHECKPOINTS" in done.stderr
    assert "digits-vae-2d" in done.stderr
