"""Snapshots of a training, to be replayed: codes of held-out samples and a few reconstructions.

    snapshots/samples.safetensors   x of the pictures, (M, *shape); y and factors of the N samples whose codes are kept
    snapshots/000012.safetensors    after epoch 12: z (N, k), x_hat (M, *shape), both in half precision
    snapshots/000000.safetensors    the same before the training

Of a long training every second, fourth, … epoch is kept, so that the folder stays small.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from ..base.belonging import CHECKSUM, weights_checksum
from ..base.budget import ask
from ..base.files import read_tensors, reading, replace
from ..data import Dataset
from ..model.autoencoder import Autoencoder
from ..model.metrics import active_units, squared_error
from ..pca import PCA
from ..sockets.penalty import gaussian_kl

MAX_EPOCHS = 120  # that are kept
MAX_SAMPLES = 2000  # whose codes are kept
MAX_NUMBERS = 128_000  # in them, so that long codes are kept of fewer samples
PICTURES = 8  # where there are no classes; else one of each class
COPIES = 3  # of the watched samples: PCA's reconstructions, or the network's, and what they are compared by
COLLAPSED = 0.01  # nats: a dimension with less KL than that carries no information about the sample


class Samples(NamedTuple):
    """The held-out samples that are watched.

    Args:
        x: (N, *shape).
        y: their classes (N,), where there are some.
        drawn: the rows among them whose reconstructions are kept.
        pca_squared_error: of PCA with the same k, summed over a sample's values, in data units².
    """

    x: Tensor
    y: Tensor | None
    drawn: list[int]
    pca_squared_error: float


def begin(folder: Path, data: Dataset, k: int, pca: PCA) -> Samples:
    """Choose the samples to watch, and write down what does not change.

    Args:
        folder: of the run.
        data: whose held-out samples are watched.
        k: dimensions of a code.
        pca: of the training data, with the same k.
    """
    count = min(MAX_SAMPLES, max(200, MAX_NUMBERS // k))
    x, y = data.held_out(count)
    need = COPIES * 4 * x.numel()
    ask(need, f"A film of {len(x):,} samples of {x[0].numel():,} values needs", "make the samples smaller")
    if y is None:
        drawn = list(range(min(PICTURES, len(x))))
    else:
        drawn = [int(rows[0]) for c in range(len(data.classes)) if len(rows := (y == c).nonzero()[:, 0])][:10]
    tensors = {"x": x[drawn].half()}
    if y is not None:
        tensors["y"] = y
    if data.factors_test is not None:
        tensors["factors"] = data.factors_test[:count]
    (folder / "snapshots").mkdir(exist_ok=True)
    _write(
        folder / "snapshots" / "samples.safetensors",
        {name: part.contiguous() for name, part in tensors.items()},
    )
    return Samples(x, y, drawn, squared_error(x, pca.reconstruct(x)))


@torch.no_grad()
def take(model: Autoencoder, samples: Samples) -> tuple[dict[str, Tensor], dict[str, float]]:
    """(the tensors that `keep` writes, metrics of the watched samples; pca_… of PCA with the same k)."""
    device = next(model.parameters()).device
    x = samples.x.to(device)
    model.eval()
    code = model.code(x, y=samples.y)
    x_hat = model.decode(code.mu, y=samples.y)
    figures = {
        "squared_error": squared_error(x, x_hat),
        "pca_squared_error": samples.pca_squared_error,
        "active_units": active_units(code.mu),
    }
    if code.logvar is not None:
        figures["collapsed_units"] = int((gaussian_kl(code.mu, code.logvar).mean(0) < COLLAPSED).sum())
    # Half precision holds up to 65,504; what lies beyond has diverged.
    halves = {"z": code.mu, "x_hat": x_hat[samples.drawn]}
    return {name: value.clamp(-6e4, 6e4).half().cpu().contiguous() for name, value in halves.items()}, figures


def keep(folder: Path, epoch: int, tensors: dict[str, Tensor]) -> None:
    """Write the snapshot of `epoch`, whose weights are kept already, and drop older ones where they have become too
    many.
    """
    _write(_path(folder, epoch), tensors, {CHECKSUM: weights_checksum(folder)})
    stride = 1
    while epoch > MAX_EPOCHS * stride:
        stride *= 2
    for older in epochs(folder):
        if older % stride and older not in (0, 1, epoch):
            _path(folder, older).unlink(missing_ok=True)


def forget(folder: Path, after: int) -> None:
    """Drop the snapshots of epochs later than `after`: they will be made again."""
    for epoch in epochs(folder):
        if epoch > after:
            _path(folder, epoch).unlink(missing_ok=True)


def epochs(folder: Path) -> list[int]:
    """The epochs of which there is a snapshot, rising."""
    return sorted(int(path.stem) for path in (folder / "snapshots").glob("*.safetensors") if path.stem.isdecimal())


def made_from(folder: Path, epoch: int) -> str:
    """The checksum of the weights that a snapshot was taken of; "" where it does not say, or cannot be read."""
    try:
        with safe_open(_path(folder, epoch), framework="pt") as file:
            return str((file.metadata() or {}).get(CHECKSUM, ""))
    except (OSError, SafetensorError):  # whoever reads it says so
        return ""


def read(folder: Path, epoch: int | None = None) -> dict[str, Tensor]:
    """A snapshot's tensors, z (N, k) and x_hat (M, *shape); without `epoch` those of the samples, x (M, *shape), y (N,)
    and factors (N, F). LatentError where they cannot be read, or are not what `keep` and `begin` write.
    """
    path = folder / "snapshots" / "samples.safetensors" if epoch is None else _path(folder, epoch)
    ranks = {"x": (3, 4), "y": (1,), "factors": (2,)} if epoch is None else {"z": (2,), "x_hat": (3, 4)}
    kinds = {"y": torch.int64, "factors": torch.float32}  # the others are halves
    lost = "this epoch cannot be replayed"
    with reading(path, "snapshot of this training", missing=lost, advice=lost):
        tensors = read_tensors(path)
        fits = set(ranks) - set(kinds) <= set(tensors) <= set(ranks)
        if not fits or not all(
            part.ndim in ranks[name]
            and part.dtype == kinds.get(name, torch.float16)
            and len(part)
            and part.isfinite().all()
            for name, part in tensors.items()
        ):
            raise ValueError("other tensors than a snapshot has")
        return tensors


def maps(codes: list[np.ndarray], before: np.ndarray | None = None) -> list[np.ndarray]:
    """A map (N, 2) for each snapshot's codes (N, k), aligned so that it does not turn over from one to the next.

    k = 2: the codes themselves. k = 1: the code, and a spread that only keeps the points apart. k > 2: the two leading
    principal components, rotated and mirrored onto those of the snapshot before (orthogonal Procrustes: Schönemann
    1966).

    Args:
        codes: of each snapshot, in order.
        before: the map that the first one is aligned with.
    """
    planes = []
    for z in codes:
        z = z.astype(np.float64)
        if z.shape[1] == 1:
            spread = (np.arange(len(z)) * 0.618034) % 1  # the golden ratio: even, and never in rows
            plane = np.column_stack([z, spread])
        elif z.shape[1] == 2:
            plane = z
        else:
            centred = z - z.mean(0)
            plane = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
            if before is not None:
                u, _, v = np.linalg.svd(plane.T @ (before - before.mean(0)))
                plane = plane @ (u @ v)
        planes.append(plane.astype(np.float32))
        before = plane
    return planes


def _path(folder: Path, epoch: int) -> Path:
    return folder / "snapshots" / f"{epoch:06}.safetensors"


def _write(path: Path, tensors: dict[str, Tensor], about: dict[str, str] | None = None) -> None:
    replace(path, lambda beside: save_file(tensors, beside, about))
