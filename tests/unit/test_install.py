"""pip install: the core and its command alone, the same packages as the app's, and what comes along."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ae_core.data.sensors import inject, plant

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
        name, pinned = requirement.split("==")
        assert metadata.version(name) == pinned


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


def brought() -> set[str]:
    """Names of the distributions that `pip install .` brings: the dependencies and, over and over, theirs."""
    found, open_names = set(), [Requirement(text) for text in PROJECT["dependencies"]]
    while open_names:
        requirement = open_names.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            needs = metadata.distribution(name).requires or []
        except metadata.PackageNotFoundError:  # of a GPU build, say
            continue
        found.add(name)
        open_names += map(Requirement, needs)
    return found


# An interpreter that finds no package but those: as in an environment with nothing but `pip install .`.
ONLY = """
import sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {others!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Refuse())
"""
PIPELINE = """
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from ae_core.estimators import Autoencoder, SignalDetector

x = np.random.default_rng(0).normal(size=(300, 6))
codes = make_pipeline(StandardScaler(), Autoencoder("vae", k=2, hidden=(8,), epochs=1)).fit_transform(x)
flags = SignalDetector(hidden=(8,), epochs=1).fit(x).predict(x)
print(codes.shape, len(flags))
"""


@pytest.fixture(scope="module")
def alone(installed):
    """The wheel's folder, where every package is refused that `pip install .` does not bring."""
    others = {
        module
        for module, owners in metadata.packages_distributions().items()
        if not {canonicalize_name(owner) for owner in owners} & (brought() | {"pip", "setuptools"})
    }
    assert {"streamlit", "plotly", "onnx", "distributed"} <= others
    (installed[1] / "sitecustomize.py").write_text(ONLY.format(others=others))
    yield installed[1]
    (installed[1] / "sitecustomize.py").unlink()


@pytest.mark.slow
def test_with_nothing_but_what_pip_installs_example_pipeline_and_scores_go(alone, tmp_path):
    assert "No module named 'streamlit'" in run(alone, tmp_path, "-c", "import streamlit").stderr
    example = re.findall(r"```python\n(.*?)```", README, re.S)[0]
    for code in (example, PIPELINE):
        done = run(alone, tmp_path, "-c", code)
        assert done.returncode == 0, done.stderr
    assert done.stdout == "(300, 2) 300\n"
    values = inject(plant(900, 3, seed=0)[0], "spike", 800, 20, 1, 8.0)
    np.savetxt(tmp_path / "rows.csv", values, delimiter=",", header="a,b,c", comments="")
    options = ["--out", "scores.csv", "--normal", "0:700", "--epochs", "1", "--hidden", "8"]
    done = run(alone, tmp_path, "-m", "ae_core", "score", "rows.csv", *options)
    assert done.returncode == 0, done.stderr
    scores = (tmp_path / "scores.csv").read_text().splitlines()
    assert len(scores) == 901


def test_another_shipped_name_says_where_the_others_are(installed, tmp_path):
    done = run(installed[1], tmp_path, "-m", "ae_core", "show", "mnist-vae-2d")
    assert done.returncode == 2
    assert "LATENT_CHECKPOINTS" in done.stderr
    assert "digits-vae-2d" in done.stderr
