"""The live slider over k, beside PCA, and what stands below it."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core.data import source
from ae_core.runs.checkpoint import Checkpoint

from ...components.address.types import OwnLink
from ...components.bottleneck_slider import bottleneck_slider
from ...session.models import Nested, same_samples
from ...session.views import leave, starting_view
from ...ui import link
from ...ui.layout import figure_slot, hidden_when_presenting, notice
from ...ui.upload import uploaded
from ...ui.wording import thing_of
from ..lesson.sayings import Saying, saying
from . import words
from .compression import bytes_table
from .linear import linear_panel
from .link import EXPERIMENTS, LINEAR, MORE, PICTURE, SIGNAL, SLIDER
from .samples import input_picture, of_item
from .sweep import sweep_panel

View = dict[str, Any]
BYTES = "bottleneck-bytes"  # the key of the table of bytes


def is_picture(item: Nested) -> bool:
    """Whether it is a model of pictures, (C, H, W); else one of signals, (C, T)."""
    return len(item.model.shape) == 3


def is_grey(item: Nested) -> bool:
    """Whether it is a model of pictures in grey levels, of which one can be drawn."""
    return is_picture(item) and item.model.shape[0] == 1


def is_own(item: Nested) -> bool:
    """Whether it is a model of a person's own samples."""
    return item.checkpoint.config.data == "samples"


def curve(item: Nested, checkpoints: dict[str, Checkpoint]) -> dict[str, Any]:
    """Held-out errors against k, and the best models of one size of the same data as points."""
    curves, points = item.checkpoint.curves, {}
    for name, other in checkpoints.items():
        if other.config.variant == "deep" and other.config.k <= item.model.k and same_samples(other, item.checkpoint):
            error, k = other.measures.get("clamped_squared_error", other.measures["squared_error"]), other.config.k
            if k not in points or error < points[k]["error"]:
                points[k] = {"name": name, "k": k, "error": error}
    return {
        "network": curves["error_by_size"],
        "pca": curves["pca_error_by_size"],
        "explained": curves["explained"],
        "points": [points[k] for k in sorted(points)],
        "unit": words.UNIT,
    }


def default_view(item: Nested) -> View:
    """What the page shows when the link says nothing."""
    return {**link.defaults(SLIDER, item), "input": None}


def view_from(texts: Mapping[str, str], item: Nested) -> tuple[View, list[str]]:
    """(what a link says of the figure, what does not fit)."""
    view, problems = link.read(SLIDER, texts, item)
    given, odd = link.read(PICTURE if is_picture(item) or is_own(item) else SIGNAL, texts, item)
    kind = "signal" if not (is_picture(item) or is_own(item)) else "drawn" if "values" in given else "sample"
    if kind == "drawn":
        given.pop("index", None)
    return {**default_view(item), **view, "input": {"source": kind, **given} if given else None}, problems + odd


def link_of(view: View, item: Nested) -> dict[str, str]:
    """What the link says of a view."""
    given = dict(view.get("input") or {})
    if given.get("source") != "sample":
        given.pop("index", None)
    return {**link.write(SLIDER, view, item), **link.write((*PICTURE, *SIGNAL), given, item)}


def own_link(item: Nested, key: str) -> OwnLink:
    """What the page writes of it into the link itself; how many bytes a code has, Python says."""
    own = link.own(key, SLIDER, item, (f".st-key-{BYTES}",))
    made = [] if is_picture(item) or is_own(item) else link.own(key, SIGNAL, item, within="input.")["moved"]
    return {**own, "moved": [*own["moved"], *made], "forgets": True}


def start(item: Nested, key: str, notes: DeltaGenerator) -> View:
    """What the figure begins with."""

    def from_link() -> View:
        view, problems = view_from(link.asked(), item)
        link.warn_invalid_params(notes, problems)
        return view

    return starting_view("bottleneck", key, "figure", from_link, forget=True) or default_view(item)


@st.fragment
def figure(item: Nested, checkpoints: dict[str, Checkpoint], begun: View, key: str, notes: DeltaGenerator) -> None:
    """The slider and its pictures, and below them what Python adds on release."""
    place = st.container()
    with hidden_when_presenting("upload"):
        brought = uploaded(item.checkpoint, "picture") if is_grey(item) or is_own(item) else None
    data = {
        "model": item.checkpoint.name,
        "kind": "image" if is_picture(item) or is_own(item) else "signal",
        "revision": 0,
        "samples": of_item(item),
        "curve": curve(item, checkpoints),
        "uploaded": brought,
        "own": own_link(item, key),
        **begun,
    }
    if data["kind"] == "signal":
        data["signal"] = signal_limits(item)
    with place:
        figure_slot(key)
        last = bottleneck_slider(data, key=key, on_release=lambda: None)
    if last:
        leave("bottleneck", key, last)
    view = last or begun
    link.set_query_params(link_of(view, item))
    said = noticed(item)
    notice(said.notice + missing(item), said.question)
    with hidden_when_presenting("more"):
        below(item, view, notes)
    link.send("slider")


def signal_limits(item: Nested) -> dict[str, Any]:
    """How a signal that goes in can be made, and what the model was trained on."""
    made = source(item.checkpoint.config.data, **item.checkpoint.config.source)
    return {
        "length": item.model.shape[1],
        "frequency": [made.frequency_low, made.frequency_high],
        "amplitude": [made.amplitude_low, made.amplitude_high],
        "complexity": [1, 16],
        "noise": [0, 1],
        "trained": {"complexity": made.complexity, "noise": made.noise},
    }


def noticed(item: Nested) -> Saying:
    """What to notice, and the question about the curve."""
    size = math.prod(item.model.shape)
    if item.model.k > size:
        said = saying("bottleneck, wide").filled(size=size)
    elif is_own(item):
        said = saying("bottleneck, own")
    else:
        said = saying("bottleneck" if is_picture(item) else "bottleneck, signal")
    return said.about(thing_of(item.checkpoint)).asking(question(item))


def question(item: Nested) -> Saying:
    """The question, and its answer from what was measured on the held-out samples."""
    network, pca = item.checkpoint.curves["error_by_size"], item.checkpoint.curves["pca_error_by_size"]
    size = min(16, len(pca) // 2)
    facts: dict[str, object] = {"size": size, "pca": pca[size - 1], "thing": thing_of(item.checkpoint)}
    enough = next((k for k, error in enumerate(network, 1) if error <= pca[size - 1]), None)
    if enough is None:
        return saying("bottleneck, never").filled(**facts, k=len(network), error=network[-1])
    compared = words.FEWER.format(size=size) if enough < size else words.NO_FEWER
    said = saying("bottleneck").filled(**facts, k=enough, compared=compared, error=network[enough - 1])
    return replace(said, question=replace(said.question, high=len(network), right=(enough,)))


def missing(item: Nested) -> str:
    """What to do where the data that the model was made of are not on this machine."""
    config = item.checkpoint.config
    data = source(config.data, **config.source)
    if is_own(item):
        return "" if data.here() else words.DATA_GONE
    return "" if data.here() else words.DATA_MISSING.format(data=data.title, name=config.data)


def below(item: Nested, view: View, notes: DeltaGenerator) -> None:
    """The further experiments; only the chosen one costs anything."""
    counted = is_grey(item) and of_item(item)  # of a signal no bytes are counted: there is no PNG to compare with
    offered = [
        name
        for name in EXPERIMENTS
        if not (name == "bytes" and not counted) and not (name == "linear" and is_own(item))
    ]  # a linear one is tuned to the small digits
    more = st.segmented_control(
        words.MORE,
        offered,
        format_func=EXPERIMENTS.get,
        key=link.link_widget("bottleneck", MORE, offered, notes),
        label_visibility="collapsed",
        required=True,
    )
    linear: dict[str, Any] = {}
    if more == "bytes":
        picture = input_picture(view.get("input") or {}, item)
        with st.container(key=BYTES):
            bytes_table(item, picture, min(view["k"], item.model.k), view["bits"])
    elif more == "linear":
        linear = linear_panel(notes)
    else:
        sweep_panel(item.checkpoint if is_own(item) else None)
    link.set_query_params({MORE.name: more if more != offered[0] else "", **link.write(LINEAR, linear)})
