"""Attribute vectors and class means added to a code."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.latent.attributes import ATTRIBUTES, direction, effect, measured_codes

from ...components.address.types import OwnLink
from ...session.groups import mean_codes, token
from ...session.models import LoadedModel, load_model
from ...session.views import View
from ...ui import link
from ...ui.layout import hidden_when_presenting, notice
from ...ui.markdown import plain
from ...ui.wording import thing_of
from ..lesson.sayings import saying
from . import words
from .link import ARITHMETIC
from .link import ATTRIBUTES as OFFERED
from .shared import begin, show_vectors, vectors_key, with_models

MAX_MEASURED = 4000  # codes whose decodes are measured for the vectors
DEFAULT_STRENGTHS = {"slant": 1.5}  # there is something to see at once
SHORT_UNITS = {"degrees": "°", "pixels": " px", "of the picture": " %"}

Vectors = list[dict[str, Any]]


@st.cache_data(max_entries=16, show_spinner=words.MEASURING_DIGITS)
def attribute_vectors(name: str, mtime_ns: int) -> Vectors:
    """A vector for each attribute of the model's own decodes, a standard deviation long, what it does, and how long
    that is. Raises LatentError.
    """
    item = load_model(name)
    few = np.linspace(0, len(item.codes["z"]) - 1, min(MAX_MEASURED, len(item.codes["z"]))).astype(int)
    z, y = item.codes["z"][few], item.codes["y"][few] if "y" in item.codes else np.zeros(len(few), int)
    values, vectors, why = measured_codes(item.model, z), [], LatentError("")
    for attribute in OFFERED:
        about = ATTRIBUTES[attribute]
        try:
            vector = direction(z, values[attribute], [values[other] for other in about.balance], y)
        except LatentError as error:
            why = error
            continue
        spread = math.sqrt(sum(values[attribute][y == c].var() * (y == c).mean() for c in np.unique(y)))
        vectors.append(
            {
                "name": attribute,
                "title": about.title,
                "unit": {"degrees": "°", "pixels": "px"}[about.unit],
                "vector": vector.astype(np.float32).tolist(),
                "sigma": spread,
                "effect": effect(item.model, z, vector),
            }
        )
    if not vectors:
        raise why
    return vectors


@st.cache_data(max_entries=16, show_spinner=False)
def class_means(name: str, mtime_ns: int) -> list[list[float] | None] | None:
    """The mean code of each class, None for one without codes; None without classes."""
    item = load_model(name)
    if not item.checkpoint.classes or "y" not in item.codes:
        return None
    z, y = item.codes["z"], item.codes["y"]
    return [z[y == c].mean(0).tolist() if (y == c).any() else None for c in range(len(item.checkpoint.classes))]


def all_means(item: LoadedModel) -> tuple[list[list[float] | None], list[str]]:
    """Mean codes and what they are of: the classes, then the groups of one's own and all samples."""
    means = class_means(item.folder, item.mtime_ns)
    groups = mean_codes(item)
    classes = item.checkpoint.classes if means else ()
    return [*(means or []), *(group["z"] for group in groups)], [*classes, *(group["name"] for group in groups)]


def arithmetic(item: LoadedModel, notes: DeltaGenerator) -> None:
    """The mode: its figure, and the model below it. `notes`: where a sentence on a bad link goes."""
    vectors: Vectors = []
    means = all_means(item)[0]
    classes = sum(mean is not None for mean in means) > 1
    if len(item.model.shape) == 3 and item.model.shape[0] == 1:
        try:
            vectors = attribute_vectors(item.folder, item.mtime_ns)
        except LatentError as error:
            if not classes:
                st.error(words.NO_ATTRIBUTE.format(reason=plain(error)))
                return
    elif not classes:
        st.info(words.NOTHING_TO_ADD, icon=":material/info:")
        return
    names = [vector["name"] for vector in vectors]
    begun = begin(vectors_key("arithmetic", item), notes, lambda: view_from(link.asked(), item, names))
    begun = begun or starting(names)
    with_models([item], lambda: arithmetic_figure(item, vectors, begun))


def starting(names: list[str]) -> View:
    """What is added where nothing was said: there is something to see at once. names: of the vectors."""
    return {"strengths": dict(DEFAULT_STRENGTHS) if "slant" in names else {}, "share": 0 if names else 1}


def _sliders(names: list[str]) -> list[link.Parameter]:
    """The parameters of the sliders; the first is the one that is moved at the start, if any."""
    sliders = [parameter for parameter in ARITHMETIC if parameter.key in (*names, "share")]
    return sorted(sliders, key=lambda parameter: parameter.key not in DEFAULT_STRENGTHS)


def view_from(texts: Mapping[str, str], item: LoadedModel, names: list[str]) -> tuple[View, list[str]]:
    """(what a link says of base, classes and the strengths of the vectors of these names; what does not fit)."""
    said, problems = link.read(ARITHMETIC, texts, item)
    view = {key: said.get(key) for key in ("base", "plus", "minus")} | starting(names)
    if any(parameter.name in texts for parameter in _sliders(names)):
        view["strengths"] = {name: said.get(name, 0) for name in names}
        view["share"] = said.get("share", view["share"])
    return {**view, "others": said.get("others", "all")}, problems


def link_of(view: View, names: list[str]) -> dict[str, str]:
    """What the link says of a view: nothing of its sliders where they are as at the start, so zeros must be said."""
    none, begun = dict.fromkeys(names, 0), starting(names)
    strengths, share = none | view.get("strengths", {}), view.get("share", begun["share"])
    texts = link.write(ARITHMETIC, {**view, **strengths, "share": share})
    sliders = _sliders(names)
    if (strengths, share) == (none | begun["strengths"], begun["share"]):
        return texts | {slider.name: "" for slider in sliders}
    return texts if any(texts[slider.name] for slider in sliders) else texts | {sliders[0].name: "0"}


def own_link(key: str, names: list[str]) -> OwnLink:
    """What the page writes itself: the sliders, one of them always, as what it leaves out is 0 then."""
    *strengths, share = _sliders(names)
    own = link.own(key, strengths, within="strengths.")
    own["moved"] += link.own(key, [share])["moved"]
    own["moved"][0]["normal"] = None
    return own


@st.fragment
def arithmetic_figure(item: LoadedModel, vectors: Vectors, begun: View) -> None:
    """A slider for each vector, the class means, and what a step really changes."""
    names = [vector["name"] for vector in vectors]
    means, of = all_means(item)
    data = {
        "models": [item.checkpoint.name],
        "own": own_link(vectors_key("arithmetic", item), names),
        "view": begun,
        "means": means or None,
        "means_of": of,
        "revision": f"{item.mtime_ns} {token(item)}",
        "vectors": [{key: vector[key] for key in ("name", "title", "unit", "vector")} for vector in vectors],
    }
    show_vectors("arithmetic", item, data, begun, lambda view: link_of(view, names))
    k = item.model.k
    few = words.FEW_DIMENSIONS.format(k=k, dimensions="dimension" if k == 1 else "dimensions") if k <= 4 else ""
    said = saying("arithmetic" if vectors else "arithmetic, classes").about(thing_of(item.checkpoint)).filled(few=few)
    notice(said.notice, said.question)
    if not vectors:
        return
    with hidden_when_presenting("effects"):
        effects_table(vectors, min(MAX_MEASURED, len(item.codes["z"])))


def effects_table(vectors: Vectors, count: int) -> None:
    """What a step of one standard deviation really changes."""
    rows: dict[str, list[str]] = {
        words.EFFECTS: [
            words.EFFECT.format(
                title=vector["title"],
                sigma=vector["sigma"],
                unit=vector["unit"] if vector["unit"] == "°" else f" {vector['unit']}",
            )
            for vector in vectors
        ]
    }
    for name, about in ATTRIBUTES.items():
        factor = 100 if name == "mass" else 1
        cells = [
            f"{vector['effect'][name] * factor:+z.2f}{SHORT_UNITS[about.unit]}".replace("-", "−") for vector in vectors
        ]
        rows[about.title] = [
            f"**{cell}**" if vector["name"] == name else cell for cell, vector in zip(cells, vectors, strict=True)
        ]
    st.table(rows)
    st.caption(words.EFFECTS_CAPTION.format(count=count))
