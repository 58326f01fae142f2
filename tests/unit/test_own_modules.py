"""A variant and a source of one's own, without a change to the package: `LATENT_MODULES` names the module."""

import json
import os
import subprocess
import sys

import pytest

from ..support.browser import ROOT

MINE = """
from dataclasses import dataclass

from ae_core import VARIANTS, Variant
from ae_core.base.options import option
from ae_core.data import sources
from ae_core.data.digits import Digits
from ae_core.sockets.penalty import NoPenalty


@dataclass(frozen=True)
class Small(NoPenalty):
    weight_of_size: float = option(0.1, "weight of the squared code", low=0, high=10)

    def terms(self, code, encoder, x_corrupted):
        return {"size": code.z.square().sum(1)}

    def total(self, terms):
        return self.weight_of_size * terms["size"]

    def script(self):
        return f"penalty = {self.weight_of_size} * z.square().sum(1)"


@dataclass(frozen=True)
class More(Digits):
    title = "More digits"
    about = "The small digits, as a source of one's own."


VARIANTS["small"] = Variant("Small-code autoencoder", "small", "Its codes stay small.", "nobody 2000", penalty=Small)
sources()["more"] = More
"""


def command(folder, *words, modules="mine"):
    here = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "LATENT_RUNS": str(folder / "runs"),
        "LATENT_MODULES": modules,
    }
    return subprocess.run(
        [sys.executable, "-m", "ae_core", *words], cwd=folder, env=here, capture_output=True, text=True, check=False
    )


@pytest.mark.slow  # two programs, one of which trains
def test_what_a_module_of_ones_own_adds_is_a_command_and_a_recipe(tmp_path):
    (tmp_path / "mine.py").write_text(MINE)
    recipe = "train --data more --variant small --weight-of-size 0.5 --k 2 --hidden 8 --epochs 1 --out runs/first"
    done = command(tmp_path, *recipe.split())
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "runs/first/config.json").read_text())
    assert (kept["config"]["data"], kept["config"]["variant"]) == ("more", "small")
    assert kept["config"]["sockets"] == {"weight_of_size": 0.5}
    script = command(tmp_path, "script", "first")
    assert "penalty = 0.5 * z.square().sum(1)" in script.stdout, script.stderr


def test_a_module_that_is_not_there_is_one_sentence(tmp_path):
    done = command(tmp_path, "train", "--data", "digits", modules="elsewhere")
    assert done.returncode
    assert done.stderr == "error: LATENT_MODULES names 'elsewhere', and there is no such module on PYTHONPATH.\n"
