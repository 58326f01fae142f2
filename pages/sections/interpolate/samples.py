"""A grid of draws from the prior beside one of a plain model's."""

import math
from collections.abc import Mapping

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.io.contact_sheet import png_sheet, signal_table
from ae_core.latent.geometry import in_real_manifold, prior_samples
from ae_core.runs.checkpoint import Checkpoint

from ...session.models import LoadedModel, load_model, names, same_samples
from ...session.views import View
from ...ui import link
from ...ui.layout import hidden_when_presenting, notice
from ...ui.packing import to_base64
from ..lesson.sayings import Saying, saying
from . import words
from .link import LIKE, RADIUS, SAMPLES
from .shared import begin, show_vectors, thing_of, vectors_key, with_models

SIDE = 6  # samples along a side of a grid
DRAWN, REAL = 300, 1000  # samples that are compared with so many decodes of codes


def matching_model(item: LoadedModel) -> str | None:
    """The model beside whose samples this one's are shown: of the other kind and of the same data; the one with the
    same seed and layers first, then by size. A neighbour map is none: its codes lie as a layout wants them.
    """
    mine, ranked = item.checkpoint, []
    for name, other in names(None, first="").items():
        if other.config.variant == "neighbour":
            continue
        if same_samples(mine, other) and other.config.gaussian != item.model.bottleneck.gaussian:
            size = abs(math.log(other.config.k / mine.config.k))
            ranked.append((other.config.variant == "nested", not same_recipe(mine, other), size, name))
    return min(ranked)[-1] if ranked else None


def same_recipe(a: Checkpoint, b: Checkpoint) -> bool:
    """Whether two models differ in nothing but their variant."""
    a_json, b_json = a.config.to_json(), b.config.to_json()
    return {key for key in a_json if a_json[key] != b_json[key]} <= {"variant", "sockets"}


def draws(item: LoadedModel, seed: int, count: int = SIDE * SIDE) -> tuple[np.ndarray, np.ndarray]:
    """(mean (k,), offsets (count, k)) of samples mean + temperature · offset: from the prior, or from the Gaussian
    fitted to a plain model's codes.
    """
    k, z = item.model.k, item.codes["z"]
    if item.model.bottleneck.gaussian:
        return np.zeros(k, np.float32), prior_samples(k, count, 1.0, seed)
    mean = z.mean(0, dtype=np.float64).astype(np.float32)
    return mean, prior_samples(k, count, 1.0, seed, z) - mean


def drawn_codes(item: LoadedModel, view: View, grid: int) -> np.ndarray:
    """The codes (N, k) that the page shows in this grid."""
    mean, offsets = draws(item, view.get("seed", 0))
    centre = (view.get("near") or [])[grid : grid + 1]
    if not centre or centre[0] is None or len(centre[0]) != item.model.k:
        return (mean + float(view.get("temperature", 1.0)) * offsets.astype(np.float64)).astype(np.float32)
    z = np.float32(centre[0]).astype(np.float64) + float(view.get("radius", RADIUS)) * offsets.astype(np.float64)
    z[0] = centre[0]  # itself first
    return z.astype(np.float32)


def decoded(item: LoadedModel, z: np.ndarray) -> np.ndarray:
    """What the decoder makes of codes (N, k): (N, C, …)."""
    with torch.no_grad():
        return item.model.decode(torch.from_numpy(np.ascontiguousarray(z, np.float32))).numpy()


@st.cache_data(max_entries=64, show_spinner=False)
def precision(name: str, mtime_ns: int, temperature: float) -> float:
    """Share of many draws at this temperature whose decodes look like those of real codes."""
    item = load_model(name)
    mean, offsets = draws(item, seed=1, count=DRAWN)
    few = np.linspace(0, len(item.codes["z"]) - 1, min(REAL, len(item.codes["z"]))).astype(int)
    return float(
        in_real_manifold(decoded(item, mean + temperature * offsets), decoded(item, item.codes["z"][few])).mean()
    )


def samples(item: LoadedModel, notes: DeltaGenerator) -> None:
    """The mode: its figure, and the models below it. `notes`: where a sentence on a bad link goes."""
    other = matching_model(item)
    try:
        views = [item, load_model(other)] if other else [item]
    except LatentError:
        views = [item]
    views.sort(key=lambda each: not each.model.bottleneck.gaussian)  # the one with a prior on the left
    begun = begin(vectors_key("samples", item), notes, lambda: view_from(link.asked(), views))
    with_models(views, lambda: samples_figure(item, views, begun))


def view_from(texts: Mapping[str, str], views: list[LoadedModel]) -> tuple[View, list[str]]:
    """(the draw and what more is like that a link says, what does not fit)."""
    view, problems = link.read(SAMPLES, texts)
    near: list[list[float] | None] = []
    for parameter, item in zip(LIKE, views, strict=False):
        said, odd = link.read([parameter], texts, item)
        near.append(said.get(parameter.key))
        problems += odd
    return {"seed": 0, **view, "near": near}, problems


def link_of(view: View) -> dict[str, str]:
    """What the link says of a view."""
    near = dict(zip((parameter.key for parameter in LIKE), view.get("near") or [], strict=False))
    return {**link.write(SAMPLES, view), **link.write(LIKE, near)}


@st.fragment
def samples_figure(item: LoadedModel, views: list[LoadedModel], begun: View) -> None:
    """The grids, and below them each as a file."""
    last = (st.session_state.get(vectors_key("samples", item)) or {}).get("view") or begun
    seed = last.get("seed", 0)
    sets = [draws(each, seed) for each in views]
    titles = [
        words.GRID.format(
            variant=each.checkpoint.config.row.short,
            dimensions="1 latent dimension" if each.model.k == 1 else f"{each.model.k} latent dimensions",
        )
        for each in views
    ]
    data = {
        "models": [each.checkpoint.name for each in views],
        "view": begun,
        "side": SIDE,
        "radius": RADIUS,
        "draw": {
            "seed": seed,
            "sets": [{"mean": to_base64(mean, "<f4"), "offsets": to_base64(offsets, "<f4")} for mean, offsets in sets],
        },
        "titles": titles,
        "notes": [words.FROM_PRIOR if each.model.bottleneck.gaussian else words.FROM_FIT for each in views],
    }
    view = show_vectors("samples", item, data, begun, link_of)
    with hidden_when_presenting("sheets"), st.container(horizontal=True, key="sheets"):
        for grid, each in enumerate(views):
            download(each, view, grid, titles[grid])
    said = noticed(views, float(view.get("temperature", 1.0)))
    notice(said.notice, said.question, words.SAMPLES_PRESS)


def download(item: LoadedModel, view: View, grid: int, title: str) -> None:
    """A button for the grid as a file: the same codes, decoded by torch."""
    name, signal = item.checkpoint.name, len(item.model.shape) == 2
    seed, temperature = view.get("seed", 0), view.get("temperature", 1.0)

    def file() -> bytes:
        z = drawn_codes(item, view, grid)
        if signal:
            return signal_table(decoded(item, z), z)
        caption = words.SHEET_CAPTION.format(name=name, seed=seed, temperature=temperature)
        return png_sheet(decoded(item, z), SIDE, caption, item.model.range)

    st.download_button(
        words.SHEET.format(kind=words.SHEET_KINDS[signal], title=title),
        file,
        file_name=f"{name}-samples-{seed}.{'csv' if signal else 'png'}",
        mime="text/csv" if signal else "image/png",
        on_click="ignore",
        icon=":material/download:",
        key=f"sheet-{name}",
        help=words.SHEET_HELP[signal],
    )


def noticed(views: list[LoadedModel], temperature: float) -> Saying:
    """What to notice, with how many of the draws look like anything real."""
    variational = [each for each in views if each.model.bottleneck.gaussian]
    plain = [each for each in views if not each.model.bottleneck.gaussian]
    if variational and plain:
        said = saying("samples, both")
        more = "" if same_recipe(variational[0].checkpoint, plain[0].checkpoint) else words.SAMPLES_NO_MATCH
    else:
        said, more = saying("samples, variational" if variational else "samples, plain"), ""
    shares = {each.checkpoint.config.row.short: precision(each.folder, each.mtime_ns, temperature) for each in views}
    measured = words.PRECISION.format(
        drawn=DRAWN,
        temperature=temperature,
        shares=words.AND.join(words.SHARE.format(share=share, name=name) for name, share in shares.items()),
        thing=thing_of(views[0]),
    )
    return said.asking(saying("samples")).filled(measured=more + measured)
