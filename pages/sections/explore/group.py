"""What Python knows of a group of samples that a line was drawn around: samples, errors, mean code, a table."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
import torch
from sklearn.neighbors import NearestNeighbors

from ae_core.io.tables import csv_text
from ae_core.latent.geometry import Extent, inside
from ae_core.model.metrics import clamped, reconstructions

from ...session.models import LoadedModel, held_out
from ...ui.download import download
from ...ui.thumbnails import strip
from ..groups.own import naming
from . import words

SHOWN = 24  # samples of a group as pictures
ALIKE = 12  # others that are like them
ASKED = 200  # members, evenly, that others are compared with


def members(z: np.ndarray, box: Extent, line: Sequence[float], axes: Sequence[int]) -> np.ndarray:
    """The rows of codes z (N, k) inside a line of (u, v) corners on the map of these axes, as the page has them."""
    a, b = axes
    u = (z[:, a] - box.low[a]) / (box.high[a] - box.low[a] or 1)
    v = 1 - (z[:, b] - box.low[b]) / (box.high[b] - box.low[b] or 1) if z.shape[1] > 1 else np.full(len(z), 0.5)
    return np.flatnonzero(inside(np.asarray(line, float).reshape(-1, 2), np.stack([u, v], 1)))


def table(item: LoadedModel, rows: np.ndarray) -> str:
    """A line a sample: its index among the held-out ones, its code, and its class where there are some."""
    classes = item.checkpoint.classes if "y" in item.codes else ()
    header = ["index", *(f"z{i + 1}" for i in range(item.model.k)), *(["class"] if classes else [])]
    lines = []
    for n in rows.tolist():
        named = [classes[item.codes["y"][n]]] if classes else []
        lines.append([n, *(f"{value:.6g}" for value in item.codes["z"][n]), *named])
    return csv_text(header, lines)


def group(item: LoadedModel, line: Sequence[float], axes: Sequence[int]) -> None:
    """Show the samples inside a line: as many as there is room for, and what was measured on all of them."""
    if len(line) < 6 or len(line) % 2:
        return
    z, config = item.codes["z"], item.checkpoint.config
    rows = members(z, item.box, line, axes)
    with st.container(key="group"):
        if not len(rows):
            st.caption(words.GROUP_EMPTY)
            return
        originals = held_out(config.data, tuple(config.source.items()))
        some = rows[np.linspace(0, len(rows) - 1, min(SHOWN, len(rows))).round().astype(int)]
        mean = z[rows].mean(0)
        with torch.no_grad():
            made = item.model.decode(torch.from_numpy(z[some])) if originals is None else originals[some.tolist()]
            middle = item.model.decode(torch.from_numpy(mean)[None])
        what = words.DECODED if originals is None else words.ORIGINALS
        part = words.GROUP_SHOWN.format(shown=len(some)) if len(some) < len(rows) else ""
        st.markdown(words.GROUP.format(count=len(rows), of=part, what=what))
        captions = (
            [words.MEAN_CODE, *(item.checkpoint.classes[c] for c in item.codes["y"][some])]
            if (item.checkpoint.classes and "y" in item.codes)
            else [words.MEAN_CODE, *(f"{n}" for n in some)]
        )
        strip(torch.cat([middle, made]).numpy(), captions)
        said = ""
        if originals is not None:
            errors = _errors(item, originals)
            said = words.GROUP_ERROR.format(error=errors[rows].mean(), all=len(errors), whole=errors.mean())
        st.caption(said + words.GROUP_MEAN.format(mean=", ".join(f"{value:.3g}" for value in mean)))
        _others(item, rows, originals)
        naming(item, rows)
        download(words.GROUP_CSV, lambda: table(item, rows), f"{item.checkpoint.name}-group.csv")


def alike(x: np.ndarray, rows: np.ndarray, count: int = ALIKE) -> np.ndarray:
    """The rows of x (N, D), other than `rows`, that are nearest to one of these, the nearest first, (≤ count,)."""
    others = np.setdiff1d(np.arange(len(x)), rows)
    some = rows[np.linspace(0, len(rows) - 1, min(ASKED, len(rows))).round().astype(int)]
    if not len(others):
        return others
    away = NearestNeighbors(n_neighbors=1).fit(x[some]).kneighbors(x[others])[0][:, 0]
    return others[away.argsort(kind="stable")[:count]]


def _others(item: LoadedModel, rows: np.ndarray, originals: torch.Tensor | None) -> None:
    """Samples outside that are like those inside: by their own values where they are here, else by their codes."""
    z, checkpoint = item.codes["z"], item.checkpoint
    similar = alike(z if originals is None else originals[: len(z)].flatten(1).numpy(), rows)
    if not len(similar):
        return
    st.markdown(words.GROUP_OTHERS.format(by=words.BY_CODE if originals is None else words.BY_VALUE))
    with torch.no_grad():
        made = item.model.decode(torch.from_numpy(z[similar])) if originals is None else originals[similar.tolist()]
    named = checkpoint.classes and "y" in item.codes
    strip(made.numpy(), [checkpoint.classes[item.codes["y"][n]] if named else f"{n}" for n in similar])


@st.cache_data(max_entries=8, show_spinner=False, hash_funcs={LoadedModel: lambda item: (item.folder, item.mtime_ns)})
def _errors(item: LoadedModel, _originals: torch.Tensor) -> np.ndarray:
    """Squared error of each held-out sample whose code is on the map."""
    x = _originals[: len(item.codes["z"])]
    return (clamped(reconstructions(item.model, x), item.model.range) - x).square().flatten(1).sum(1).numpy()
