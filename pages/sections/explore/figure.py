"""The live maps: drag a point, and what Python adds where it is let go."""

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ...components.channel import send_model, send_samples
from ...components.latent_pad import latent_pad
from ...components.register import key_part
from ...session.classifiers import classifier_blob, verdict_field
from ...session.groups import marked, token
from ...session.held_samples import packed_samples, samples_name
from ...session.models import LoadedModel, backdrops, held_out_errors
from ...session.views import leave, starting_view
from ...ui import link
from ...ui.layout import figure_slot, hidden_when_presenting, notice
from ...ui.markdown import plain
from ...ui.upload import takes_own, uploaded
from ...ui.wording import thing_of
from ..lesson.sayings import Saying, saying
from . import words
from .details import details
from .group import group
from .link import BACKDROPS, HEAT, VIEW, WHOLE, default_axes
from .otherwise import otherwise

View = dict[str, Any]
MAX_LINKED = 1500  # values of a signal or a row that a link carries
ASKS = (".st-key-details", ".st-key-otherwise")  # what Python says of the place of the dot


def pad_key(views: list[LoadedModel]) -> str:
    """The key of the component that shows these models."""
    return f"pad-{'-'.join(key_part(item.checkpoint.name) for item in views)}{link.suffix()}"


def default_view(item: LoadedModel) -> View:
    """What the page shows when the link says nothing."""
    return {
        "z": None,
        "backdrop": BACKDROPS[0],
        "colour": "class",
        "hidden": [],
        "axes": default_axes(item),
        "sheet": None,
        "zoom": WHOLE,
        "classifies": False,
        "lasso": [],
        "pin": None,
        "peeks": False,
    }


def view_from(texts: Mapping[str, str], views: list[LoadedModel]) -> tuple[View, list[str]]:
    """(what a link says of the map, what does not fit)."""
    view, problems = link.read(VIEW, texts, views[0])
    drawn, sheet = view.pop("drawn", ""), view.pop("draw", False)
    if sheet or "drawn" in texts:
        if takes(views) and (carried(views[0]) or "drawn" not in texts):
            if not any(problem.startswith("drawn ") for problem in problems):
                view["sheet"] = {"values": drawn}
        else:
            problems.append("draw and drawn are not offered with this model")
    return view, problems


def link_of(view: View, item: LoadedModel) -> dict[str, str]:
    """What the link says of a view."""
    sheet = view.get("sheet")
    drawn = sheet["values"] if sheet and carried(item) else ""
    return link.write(VIEW, {**view, "draw": bool(sheet) and not drawn, "drawn": drawn}, item)


def draws(views: list[LoadedModel]) -> bool:
    """Whether a drawing, which is grey or one curve, can be encoded in the page by all of these."""
    return all(item.model.shape[0] == 1 and not _are_features(item) and item.encodes for item in views)


def carried(item: LoadedModel) -> bool:
    """Whether a link can carry one more sample of a model: a grey picture, a signal that is not too long, a row."""
    shape = item.model.shape
    return math.prod(shape) <= MAX_LINKED if len(shape) == 2 else draws([item])


def _are_features(item: LoadedModel) -> bool:
    display = item.checkpoint.display
    return len(item.model.shape) == 2 and display is not None and display.kind == "features"


def takes(views: list[LoadedModel]) -> bool:
    """Whether one more sample can be placed on the map: drawn, or brought."""
    return takes_own(views[0].checkpoint) and all(item.encodes for item in views)


def start(views: list[LoadedModel], key: str, notes: DeltaGenerator) -> View:
    """What the map begins with; a drawing goes along from one model to the next, whose size it has."""

    def from_link() -> View:
        view, problems = view_from(link.asked(), views)
        link.warn_invalid_params(notes, problems)
        return view

    state, now = st.session_state, (link.current().turn, key)
    turn, before = st.session_state.get("explore-pad", now)
    view = starting_view("explore", key, "map", from_link)
    sheet = state.get("explore-sheet")
    if sheet and turn == now[0] and before != key and draws(views):  # not where a link, or Back, says what is drawn
        shape = views[0].model.shape
        fits = len(base64.b64decode(sheet["values"])) == math.prod(shape) * (4 if len(shape) == 2 else 1)
        view["sheet"] = {"values": sheet["values"] if fits else ""}
    state["explore-pad"] = now
    return view


@st.fragment
def figure(views: list[LoadedModel], begun: View, key: str) -> None:
    """The maps, and below them what Python adds when the hand lets go."""
    first = views[0]
    last = (st.session_state.get(key) or {}).get("view") or {}
    view = {**default_view(first), **begun, **last}
    place, upload, encoders, below = (st.container() for _ in range(4))
    codes = handles(views, view["z"])
    data = {
        "views": [item.checkpoint.name for item in views],
        "revision": token(first),
        "groups": marked(first),
        **default_view(first),
        **begun,
        "draws": draws(views),
        "takes": takes(views),
        "own": link.own(key, VIEW, first, ASKS),
    }
    fields = {}
    for item, z in zip(views, codes, strict=True):
        axes = tuple(view["axes"])
        if max(axes) < item.model.k and (item.model.k == 2 or view["backdrop"] in HEAT):
            layers = backdrops(item.folder, item.mtime_ns, axes, elsewhere(z, axes))
            fields[item.checkpoint.name] = {name: {**layer, "axes": axes} for name, layer in layers.items()}
    classifier = classifier_blob(views)
    if classifier is not None and view["backdrop"] == "verdict":
        axes, part = tuple(view["axes"]), tuple(view["zoom"])
        seen = {
            item.checkpoint.name: verdict_field(item.folder, item.mtime_ns, axes, elsewhere(z, axes), part)
            for item, z in zip(views, codes, strict=True)
            if max(axes) < item.model.k
        }
        data["verdicts"] = {name: field for name, field in seen.items() if field is not None}
    if classifier is not None:
        data["classifier"] = classifier[0]
        if view["classifies"]:
            with encoders:
                send_model(*classifier)
    if view["sheet"] and data["takes"]:
        with upload:
            data["uploaded"] = uploaded(first.checkpoint, f"picture-{key}")
        with encoders:
            for item in views:
                send_model(f"{item.checkpoint.name}:encoder", item.encoder_blob)
        data["usual"] = {item.checkpoint.name: held_out_errors(item.folder, item.mtime_ns) for item in views}
    data["samples"] = samples_name(first)
    if data["samples"] and (view["peeks"] or view["pin"] is not None):
        with encoders:
            send_samples(data["samples"], *packed_samples(first.folder, first.mtime_ns))
    with place:
        figure_slot(key)
        latent_pad({**data, "fields": fields}, key=key, on_release=lambda: None)
    if last:
        leave("explore", key, last)
        st.session_state["explore-sheet"] = last.get("sheet")
    link.set_query_params(link_of(view, first))
    link.send("map")
    with below:
        said = noticed(views, view).about(thing_of(first.checkpoint))
        notice(said.notice, said.question)
        with hidden_when_presenting("below"):
            if view["lasso"]:
                group(first, view["lasso"], view["axes"])
            if classifier is not None and view["classifies"]:
                otherwise(first, codes[0])
            details(first, codes[0])


def elsewhere(z: np.ndarray, axes: Sequence[int]) -> tuple[float, ...]:
    """Where the dimensions stand that the map does not show, (k,); the two that vary over it are 0."""
    others = z.copy()
    others[list(axes)] = 0
    return tuple(others.tolist())


def handles(views: list[LoadedModel], z: list[float] | None) -> list[np.ndarray]:
    """Where each map's handle is, (k,), when the first one's is at z: at the same relative place, as on the page."""
    first, codes = views[0].box, []
    for item in views:
        code, both = item.box.centre.astype(np.float32), min(item.model.k, views[0].model.k)
        if z is not None:
            part = (np.array(z) - first.low)[:both] / (first.high - first.low)[:both]
            code[:both] = item.box.low[:both] + part * (item.box.high - item.box.low)[:both]
        codes.append(code if z is None or item is not views[0] else np.array(z, np.float32))
    return codes


def noticed(views: list[LoadedModel], view: View) -> Saying:
    """What to notice in this figure, and a question about it."""
    first, second = views[0], views[-1]
    if view["sheet"]:
        return saying("explore, drawn" if draws(views) else "explore, placed")
    if view["backdrop"] == "consistency":
        return saying("explore, consistency")
    if first is not second:
        a, b = (item.checkpoint.config.to_json() for item in views)
        same = {key for key in a if a[key] != b[key]} <= {"variant", "sockets"}
        differ = first.model.bottleneck.gaussian != second.model.bottleneck.gaussian
        return saying("explore, two").filled(
            same=words.TWO_SAME if same else "", prior=words.TWO_PRIOR if differ else ""
        )
    if first.checkpoint.factor_names:
        names = [name for name, _ in first.checkpoint.factor_names]
        k = first.model.k
        return saying("explore, factors").filled(
            names=plain(", ".join(names)), factors=len(names), k=k, dimensions="dimension" if k == 1 else "dimensions"
        )
    return saying("explore").filled(thing=thing_of(first.checkpoint))
