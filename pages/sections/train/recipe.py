"""The settings of a recipe: which there are for a source and a variant, and what a preset says of them."""

import dataclasses
from typing import Any

from ae_core import VARIANTS, Config
from ae_core.base.options import knobs
from ae_core.data import source, sources
from ae_core.model.presets import PRESETS

Fields = dict[str, dataclasses.Field]


def first_data() -> str:
    """The data that the form begins with: MNIST where it is here."""
    return "mnist" if source("mnist").here() else "digits"


def all_fields(data: str, variant: str) -> Fields:
    """Every setting of a recipe for this source and variant."""
    own = {name: f for name, f in knobs(Config).items() if name not in ("data", "variant")}
    return {**own, **knobs(sources()[data]), **VARIANTS[variant].knobs()}


def values_of(config: Config) -> dict[str, Any]:
    """Every setting's value in a recipe."""
    given = {**config.source, **config.sockets}
    return {
        name: given.get(name, getattr(config, name, f.default))
        for name, f in all_fields(config.data, config.variant).items()
    }


def preset_values(data: str, variant: str) -> dict[str, Any]:
    """Every setting's value where the link says nothing: as in the preset "quick", else its default."""
    quick = values_of(PRESETS["quick"].config(data))
    return {name: quick.get(name, f.default) for name, f in all_fields(data, variant).items()}
