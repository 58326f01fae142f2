"""The morph: from one sample to another, along a path in latent space."""

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core.latent.morph import EVEN, FRAMES, Morph, codes_csv, frames, frames_csv, gif, png_strip

from ...components.channel import send_model, send_path
from ...components.morph import morph as figure
from ...components.register import key_part
from ...session.groups import marked, mean_codes, token
from ...session.models import LoadedModel
from ...session.views import View
from ...ui import link
from ...ui.layout import figure_slot, hidden_when_presenting, notice
from ...ui.upload import own_sample, takes_own
from ..groups.own import COLOURED
from ..lesson.sayings import Saying, saying
from . import words
from .geodesics import find_geodesic, plane_of
from .lengths import lengths
from .link import MORPH, TIME
from .paths import offered_paths
from .shared import begin, settle, with_models

STRIP = {False: 11, True: 9}  # frames of the PNG, without and with overshoot: those that stand under the slider
SPAN = {False: (0.0, 1.0), True: (-0.5, 1.5)}  # of t


def morph(item: LoadedModel, notes: DeltaGenerator) -> None:
    """The mode: its figure, and the model below it. `notes`: where a sentence on a bad link goes."""
    key = f"morph-{key_part(item.checkpoint.name)}-{item.mtime_ns}{link.suffix()}"

    def draw() -> None:
        begun = begin(key, notes, lambda: view_from(link.asked(), item)) or view_from({}, item)[0]
        morph_figure(item, begun, key)

    with_models([item], draw)


def view_from(texts: Mapping[str, str], item: LoadedModel) -> tuple[View, list[str]]:
    """(the morph that a link says, a 1 that becomes a 7 where it says nothing; what does not fit)."""
    view, problems = link.read(MORPH, texts, item)
    view = {**link.defaults(MORPH, item), **view}
    time, odd = link.read([TIME], texts, view["overshoot"])
    return {**view, **link.defaults([TIME]), **time}, problems + odd


def link_of(view: View, item: LoadedModel) -> dict[str, str]:
    """What the link says of a morph."""
    return {**link.write(MORPH, view, item), **link.write([TIME], view)}


def encoded_upload(item: LoadedModel) -> View | None:
    """A sample of one's own as an end of a morph."""
    given = own_sample(item.checkpoint, "interpolate-picture")
    if given is None:
        return None
    low, high = item.model.range or (0.0, 1.0)
    x = torch.from_numpy(np.ascontiguousarray(given.x, np.float32))
    with torch.no_grad():
        z = item.model.encode((low + x * (high - low) if len(x.shape) == 3 else x)[None])[0]
    return {"z": z.double().tolist(), "name": given.name, "revision": given.revision}


@st.fragment
def morph_figure(item: LoadedModel, begun: View, key: str) -> None:
    """The morph, and below it what Python adds on release."""
    name, image = item.checkpoint.name, len(item.model.shape) == 3
    place = st.container()
    with hidden_when_presenting("files"):
        row = st.container(horizontal=True, key="take-along")
    with row:
        brought = encoded_upload(item) if takes_own(item.checkpoint) else None
    data = {
        "figure": "morph",
        "model": name,
        "revision": token(item),
        "means": mean_codes(item),
        "groups": marked(item) if st.session_state.get(COLOURED) else None,
        "own": link.own(key, [TIME]),
        **begun,
        "even_points": EVEN,
        "frames": [STRIP[False], STRIP[True]],
        "map": plane_of(item.folder, item.mtime_ns),
        "draws": image and item.encodes,
        "uploaded": brought,
    }
    with place:
        figure_slot(key)
        last = figure(data, key=key, on_release=lambda: None)
    if (last or begun).get("drawing") or st.session_state.get(
        f"{key}-encoder"
    ):  # sent once somebody draws, and then kept
        st.session_state[f"{key}-encoder"] = True
        send_model(f"{name}:encoder", item.encoder_blob)
    view = settle(key, last, begun, lambda view: link_of(view, item))
    a, b = (np.array(view[end]["z"], np.float64) for end in ("a", "b"))
    said = noticed(item)
    notice(said.notice, said.question)
    points = find_geodesic(item.folder, item.mtime_ns, tuple(a.tolist()), tuple(b.tolist()))
    send_path(name, a, b, points)
    ways = {path: Morph(a, b, path, points) for path in offered_paths(item)}
    chosen = ways[view["path"]]
    with row:
        downloads(item, chosen.evened(item.model) if view["even"] else chosen, view["overshoot"])
    with hidden_when_presenting("lengths"):
        lengths(item, ways)


def downloads(item: LoadedModel, way: Morph, overshoot: bool) -> None:
    """The morph as files, made when they are asked for."""
    low, high = SPAN[overshoot]

    def made(count: int) -> np.ndarray:
        return frames(item.model, way, np.linspace(low, high, count))

    t = np.linspace(low, high, FRAMES)
    files: list[tuple[str, str, Callable[[], bytes | str]]] = [
        ("gif", "image/gif", lambda: gif(made(FRAMES))),
        ("png", "image/png", lambda: png_strip(made(STRIP[overshoot]))),
        (
            "csv",
            "text/csv",
            lambda: codes_csv(way, t, item.codes["z"], item.codes.get("y"), item.checkpoint.classes),
        ),
    ]
    if len(item.model.shape) == 2:
        files.append(("frames.csv", "text/csv", lambda: frames_csv(t, made(FRAMES))))
    for ending, kind, make in files:
        st.download_button(
            words.FILES[ending],
            make,
            f"{item.checkpoint.name}-morph.{ending}",
            kind,
            key=f"take-{ending}",
            on_click="ignore",
            icon=":material/download:",
        )


def noticed(item: LoadedModel) -> Saying:
    """What to notice, and a question about it."""
    if len(item.model.shape) == 2:
        return saying("morph, signal")
    said = saying("morph, picture")
    if item.checkpoint.config.data == "samples":
        said = said.asking(saying("morph, own"))
    return said.filled(route=words.ROUTE_FLAT if item.model.k <= 2 else words.ROUTE_DEEP)
