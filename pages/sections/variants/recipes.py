"""What the Train page's form is filled with where a model is missing: about the recipes of the shipped ones."""

import urllib.parse
from typing import Any

from ae_core.data import source

Recipe = dict[str, Any]

COMMON: Recipe = {"hidden": "128,64", "k": 32, "lr": 0.001, "epochs": 20}
OTHERS: Recipe = {"loss": "squared-error"}  # of the variants that are not here
RECIPES: dict[str, Recipe] = {
    "linear": {"k": 32},
    "nested": {"k": 32, "hidden": "256,128"},
    "vae": {"k": 2},
    "neighbour": {"k": 2},
    "cvae": {"k": 2},
    "contractive": {"k": 16, "contraction": 0.01, "loss": "squared-error"},
    "sparse": {"k": 128, "hidden": "128", "sparsity_weight": 0.1, "loss": "squared-error"},
    "vqvae": {"network": "conv", "hidden": "16,32,64", "k": 64, "code_size": 4},
}


def own_needs(needs: Recipe, file: str) -> Recipe:
    """Settings that a figure of a person's own samples needs, of those that it needs of others."""
    kept = {name: value for name, value in needs.items() if name in ("loss", "k", "target")}
    return {**kept, "data": "samples", "file": file}


def train_link(variant: str, **more: Any) -> str:
    """The address of the Train page with the recipe for a variant in the form; more: settings that a figure needs."""
    recipe = {**COMMON, **RECIPES.get(variant, OTHERS), **more}
    if variant == "linear":
        del recipe["hidden"]
    data = {} if source("mnist").here() or "data" in recipe else {"data": "digits"}
    return "train?" + urllib.parse.urlencode({**data, "variant": variant, **recipe})
