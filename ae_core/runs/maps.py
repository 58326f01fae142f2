"""Maps of the same samples, to be held against each other: where PCA puts them, what a map keeps, and t-SNE's.

What takes seconds on MNIST, or needs its data, is kept beside the shipped checkpoints, in map.npz:
`save_map("mnist-vae-2d")` measures and writes it anew.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..base.belonging import CHECKSUM, belongs, weights_checksum
from ..base.errors import LatentError
from ..base.files import read_arrays, reading, replace
from ..data import Dataset
from ..latent.geometry import extent, plane
from ..latent.neighbourhoods import Kept, kept_neighbours, off_data_share, own_neighbour_accuracy
from ..pca import PCA
from .checkpoint import Checkpoint, read_checkpoint
from .folder import read_folder

FILE = "map.npz"
SIDE = 40  # places along a side of a map that are looked at for what is off the data
ASKED = 1000  # held-out samples that say what is usual
LAID_OUT = 1500  # held-out samples that t-SNE lays out: half a minute of one core, whatever they are
STEPS = 600  # of its descent; scikit-learn's own 1,000 move nothing that is seen
LEADING = 50  # components that t-SNE begins with (van der Maaten & Hinton 2008 take 30)
PERPLEXITY = 30.0
FIGURES = ("trustworthiness", "continuity", "own_accuracy", "off_data")
MOST_BYTES = 4 << 20


class MapFigures(NamedTuple):
    """What one map keeps, each 0..1; None where it was not or cannot be measured.

    Args:
        trustworthiness, continuity: of the 5 nearest (see `kept_neighbours`).
        own_accuracy: share of the samples whose class most of the 5 nearest others on the map have.
        off_data: share of the map's places whose picture is far from any training sample.
    """

    trustworthiness: float | None = None
    continuity: float | None = None
    own_accuracy: float | None = None
    off_data: float | None = None


class MeasuredMap(NamedTuple):
    """A model's map beside PCA's of the same samples.

    Args:
        pca: where PCA of the training samples puts the held-out ones whose codes are kept, (N, 2) float32.
        network, linear: what both keep.
    """

    pca: np.ndarray
    network: MapFigures
    linear: MapFigures


def is_map(checkpoint: Checkpoint) -> bool:
    """Whether a model's code is a place on a plane, and all that its decoder reads."""
    row = checkpoint.config.row
    return checkpoint.config.k == 2 and not row.discrete and not row.conditional


def _figures(data: Dataset, kept: Kept, places: np.ndarray, off_data: float | None = None) -> MapFigures:
    """What places (N, 2) of the first N held-out samples keep."""
    own = None if data.y_test is None else own_neighbour_accuracy(places, data.y_test[: len(places)].numpy())
    return MapFigures(kept.trustworthiness, kept.continuity, own, off_data)


def _off_data(data: Dataset, places: np.ndarray, decode: Callable[[Tensor], Tensor], gaussian: bool) -> float:
    box = extent(places, gaussian)
    grid = torch.from_numpy(plane(box, (0, 1), np.zeros(2, np.float32), SIDE))
    return off_data_share(decode, grid, torch.from_numpy(places[:ASKED]), data.x_train)


def measured_map(checkpoint: Checkpoint, data: Dataset | None = None) -> MeasuredMap:
    """Measure a model with two latent dimensions, and PCA. LatentError for another, or where its data cannot be had."""
    if not is_map(checkpoint):
        raise LatentError(f"{checkpoint.name} has no code of two numbers: it is no map to hold against others.")
    data = checkpoint.data(data)
    model, z = checkpoint.model(), checkpoint.codes()["z"]
    if len(z) < 4:
        raise LatentError(f"{checkpoint.name} has {len(z)} held-out samples: a map is judged by 4 or more.")
    pca = PCA(data.x_train, 2)
    linear = pca.encode(data.x_test[: len(z)]).numpy().astype(np.float32)
    kept, of_linear = kept_neighbours(data.x_test[: len(z)], torch.from_numpy(z), torch.from_numpy(linear))
    return MeasuredMap(
        linear,
        _figures(data, kept, z, _off_data(data, z, model.decode, model.bottleneck.gaussian)),
        _figures(data, of_linear, linear, _off_data(data, linear, pca.decode, False)),
    )


def save_map(name_or_folder: str | os.PathLike) -> Path:
    """Measure a checkpoint's or run's map and write it into its folder; the file. LatentError where it cannot be."""
    checkpoint = read_checkpoint(name_or_folder)
    return _write(checkpoint, measured_map(checkpoint))


def _write(checkpoint: Checkpoint, measured: MeasuredMap) -> Path:
    path = checkpoint.folder / FILE
    rows = np.array([[np.nan if v is None else v for v in each] for each in (measured.network, measured.linear)])
    made_from = np.array(weights_checksum(checkpoint.folder))

    def write(at: Path) -> None:
        with at.open("wb") as file:  # to a path NumPy would add its own ending
            arrays = {"pca": measured.pca.astype(np.float16), "figures": rows, CHECKSUM: made_from}
            np.savez_compressed(file, allow_pickle=False, **arrays)

    replace(path, write)
    return path


def load_map(name_or_folder: str | os.PathLike) -> MeasuredMap | None:
    """What `save_map` wrote; None where there is nothing, or nothing of these weights. LatentError if it is damaged."""
    folder = read_folder(name_or_folder)
    path = folder / FILE
    if not path.exists():
        return None
    with reading(path, "map of this model"):
        arrays = read_arrays(path, ("pca", "figures", CHECKSUM), MOST_BYTES)
        if not belongs(folder, str(arrays.pop(CHECKSUM, ""))):
            return None
        pca, rows = arrays.get("pca", np.zeros(0)), arrays.get("figures", np.zeros(0))
        if pca.ndim != 2 or pca.shape[1] != 2 or rows.shape != (2, len(FIGURES)):
            raise ValueError("not a place a sample and the figures of two maps")
        if not pca.dtype.kind == rows.dtype.kind == "f" or not np.isfinite(pca).all() or np.isinf(rows).any():
            raise ValueError("places and figures are finite")
    network, linear = (MapFigures(*(None if np.isnan(v) else float(v) for v in row)) for row in rows)
    return MeasuredMap(pca.astype(np.float32), network, linear)


def still_layout(data: Dataset, count: int = LAID_OUT) -> tuple[np.ndarray, MapFigures]:
    """(t-SNE's places of the first `count` held-out samples, (N, 2) float32, and what they keep): van der Maaten &
    Hinton 2008, as scikit-learn has it. No decoder comes with it: it cannot draw. LatentError for fewer than 4 samples.
    """
    from sklearn.manifold import TSNE

    x = data.x_test[:count]
    if len(x) < 4:
        raise LatentError(f"t-SNE lays out 4 samples or more, not {len(x)}.")
    flat = x.flatten(1)
    leading = PCA(flat, min(LEADING, *flat.shape)).encode(flat).numpy()
    start = np.pad(leading, ((0, 0), (0, 1)))[:, :2]
    spread = float(start[:, 0].std())
    if spread <= 1e-6 * float(flat.abs().max()):  # all samples alike: scikit-learn's finds no neighbours, and dies
        return _laid_out(data, np.zeros((len(x), 2)))
    made = TSNE(
        init=1e-4 * start / spread,
        perplexity=min(PERPLEXITY, (len(x) - 1) / 3),
        max_iter=STEPS,
        random_state=0,
        n_jobs=1,
    )
    return _laid_out(data, made.fit_transform(leading))


def _laid_out(data: Dataset, places: np.ndarray) -> tuple[np.ndarray, MapFigures]:
    places = places.astype(np.float32)
    (kept,) = kept_neighbours(data.x_test[: len(places)], torch.from_numpy(places))
    return places, _figures(data, kept, places)


def layout_of(folder: str) -> tuple[np.ndarray, MapFigures]:
    """`still_layout` of a run's held-out samples, for a process beside the server."""
    return still_layout(read_checkpoint(folder).data())


def measured_in(folder: str) -> MeasuredMap:
    """`measured_map` of a run, kept with it where its folder can be written; for a process beside the server."""
    checkpoint = read_checkpoint(folder)
    measured = measured_map(checkpoint)
    with contextlib.suppress(OSError):
        _write(checkpoint, measured)
    return measured
