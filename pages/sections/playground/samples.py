"""The samples that the playground trains on: small ones that are always there, and a person's own."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from ae_core import Dataset, LatentError
from ae_core.base.owners import owner
from ae_core.data import load_source, source
from ae_core.data.shapes import SHAPES

from . import words

LEVELS = 16  # grey levels of the 8×8 digits
MAX_SAMPLES, HELD_OUT = 5000, 1000  # of one's own, and how many of them are held out at most
MAX_VALUES = 256  # of a sample
SIDE = 16  # of pictures that have more
OWN = "samples"
LENGTH = 32  # of a sinusoid
RECIPES: dict[str, tuple[str, dict[str, Any]]] = {
    "digits": ("digits", {}),
    **{shape: ("shapes", {"shape": shape}) for shape in SHAPES},
    "sinusoids": ("sinusoids", {"samples": 2000, "length": LENGTH}),
}
NAMES = (*RECIPES, OWN)


def recipe_of(name: str, file: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The data source and its options. file: of one's own samples, as "Your data" has it in its link."""
    if name != OWN:
        return RECIPES[name]
    said: dict[str, Any] = {knob: text for knob, text in file.items() if text}
    shape = own_shape(json.dumps(said, sort_keys=True), owner())
    if len(shape) == 3 and np.prod(shape) > MAX_VALUES:  # pictures: as small as they have to be
        said |= {"side": SIDE, "colour": "grey"}
    return OWN, said


@st.cache_resource(max_entries=16, show_spinner=False)
def own_shape(options: str, whose: str | None) -> tuple[int, ...]:
    """Of a sample of one's own. Raises LatentError."""
    return load_source(OWN, source(OWN, **json.loads(options))).shape


def samples(name: str, file: Mapping[str, str]) -> dict[str, Any]:
    """What the figure takes of these samples. Raises LatentError where one's own cannot be had or are too large."""
    data, options = recipe_of(name, file)
    return _samples(name, data, json.dumps(options, sort_keys=True), owner() if name == OWN else None)


@st.cache_resource(max_entries=16, show_spinner=False)
def _samples(name: str, data: str, options: str, whose: str | None) -> dict[str, Any]:
    dataset = load_source(data, source(data, **json.loads(options)))
    size = int(np.prod(dataset.shape))
    if size > MAX_VALUES:
        raise LatentError(words.TOO_LONG.format(size=size, most=MAX_VALUES))
    return as_taken(name, dataset)


def as_taken(name: str, dataset: Dataset) -> dict[str, Any]:
    """A dataset as the figure takes it: the training samples first, then those that are held out."""
    held = min(len(dataset.x_test), HELD_OUT if name != "digits" else len(dataset.x_test))
    train = min(len(dataset.x_train), MAX_SAMPLES - held)

    def both(first: Any, then: Any) -> np.ndarray:
        return np.concatenate([first[:train].numpy(), then[:held].numpy()])

    x = both(dataset.x_train, dataset.x_test)
    levels = LEVELS if name == "digits" else 0
    values = (x * levels).round().astype(np.uint8) if levels else x.astype("<f4")
    labelled = dataset.y_train is not None and dataset.y_test is not None and len(dataset.classes) <= 255
    known = dataset.factors_train is not None and dataset.factors_test is not None
    return {
        "name": name,
        "kind": kind_of(name, dataset),
        "shape": list(dataset.shape),
        "range": dataset.range,
        "values": base64.b64encode(values.tobytes()).decode(),
        "levels": levels,
        "labels": _text(both(dataset.y_train, dataset.y_test).astype(np.uint8)) if labelled else "",
        "classes": list(dataset.classes) if labelled else [],
        "factors": _text(both(dataset.factors_train, dataset.factors_test).astype("<f4")) if known else "",
        "factor_names": [factor for factor, _ in dataset.factor_names] if known else [],
        "train": train,
    }


def kind_of(name: str, dataset: Dataset) -> str:
    """How a sample is drawn."""
    if len(dataset.shape) == 3:
        return "pictures"
    return "points" if name in SHAPES else "signals"


def _text(numbers: np.ndarray) -> str:
    return base64.b64encode(numbers.tobytes()).decode()


def choices(file: Mapping[str, str]) -> list[dict[str, str]]:
    """What the menu offers: one's own once a file is named."""
    names = [name for name in NAMES if name != OWN or file.get("file")]
    return [{"value": name, "label": words.DATA[name]} for name in names]
