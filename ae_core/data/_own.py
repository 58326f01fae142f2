"""One's own tensors: how they become a dataset, and how a run that saw them is written down.

No file says where such data come from, so a run keeps a checksum of them. It can be looked at as any other; to measure
it anew, or to go on with it, the same tensors are handed over again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..base.errors import LatentError
from ..base.options import option
from . import OWN, Dataset, Progress, Source

if TYPE_CHECKING:
    import numpy as np
    import torch
    from torch import Tensor
else:
    from ..base.lazy import numpy as np
    from ..base.lazy import torch

DIGITS = 16  # of a checksum: 64 bits


@dataclass(frozen=True)
class Own(Source):
    """Tensors that were handed over in Python."""

    title: ClassVar = "Tensors of one's own"
    about: ClassVar = "Tensors that were handed over in Python; the run keeps a checksum of them."

    checksum: str = option("", "of the tensors")
    called: str = option("", "what the dataset was called")

    def here(self) -> bool:
        return False

    def load(self, progress: Progress | None = None) -> Dataset:
        raise LatentError(
            f"This run was trained on tensors that were handed over in Python ({self.called or 'without a name'}, "
            f"checksum {self.checksum or 'unknown'}), so they cannot be loaded: hand over the same ones, as in "
            "train_run(config, folder, data) or finish_run(folder, data=data)."
        )

    def script(self) -> str:
        return inspect.cleandoc("""
            # The run's own tensors, float32 (N, *shape). They were handed over in Python, so save them beside this
            # program first: torch.save({"x_train": x_train, "x_test": x_test}, "own.pt"), and y_train, y_test if read.
            own = torch.load("own.pt", weights_only=True)
            x_train, x_test = own["x_train"], own["x_test"]
        """)

    def script_labels(self) -> str:
        return 'y_train, y_test = own["y_train"], own["y_test"]'


def checksum(data: Dataset) -> str:
    """Of all that a training reads of a dataset, in hexadecimal digits: whatever differs in a bit has another one."""
    digest = hashlib.sha256(repr((data.range, data.classes)).encode())
    for tensor in (data.x_train, data.x_test, data.y_train, data.y_test):
        if tensor is not None:
            values = tensor.detach().cpu().contiguous()
            digest.update(repr((values.dtype, tuple(values.shape))).encode())
            digest.update(values.numpy().data)
    return digest.hexdigest()[:DIGITS]


def own_options(data: Dataset) -> dict[str, str]:
    """The options of `Own` that name this dataset."""
    return {"checksum": checksum(data), "called": data.name if data.name != OWN else ""}


def own_dataset(
    x: Any,
    y: Any = None,
    held_out: Any = 0.2,
    y_held_out: Any = None,
    range: tuple[float, float] | None = None,
    name: str = OWN,
    seed: int = 0,
) -> Dataset:
    """A dataset of arrays of one's own.

    Args:
        x: samples (N, D), (N, C, L) or (N, C, H, W): a torch tensor, NumPy array or DataFrame of any kind of numbers.
            Rows of D values become (1, D). Values are taken as they are, as float32.
        y: classes (N,), numbers or names, where there are some.
        held_out: the share of the samples that is held out, drawn at random, or the held-out samples themselves.
        y_held_out: their classes, where they are given themselves.
        range: (low, high) of the values where they are bounded, e.g. (0, 1) for pixels; None: unbounded.
        name: what the data are called.
        seed: of the draw.

    Raises LatentError where these are no such numbers.

    >>> data = own_dataset(np.zeros((10, 3)), range=(0, 1))
    >>> tuple(data.x_train.shape), tuple(data.x_test.shape)
    ((8, 1, 3), (2, 1, 3))
    """
    x, names = _as_samples(x), _classes(y, y_held_out)
    labels = None if y is None else _as_classes(y, names, len(x))
    if isinstance(held_out, (int, float)):
        if not 0 < held_out < 1:
            raise LatentError(f"held_out is a share between 0 and 1, or the held-out samples, not {held_out:g}.")
        order = np.random.default_rng(seed).permutation(len(x))
        count = max(1, round(held_out * len(x)))
        test, train = (torch.from_numpy(np.sort(rows)) for rows in (order[:count], order[count:]))
        x_train, x_test = x[train], x[test]
        y_train, y_test = (None, None) if labels is None else (labels[train], labels[test])
    else:
        x_train, x_test, y_train = x, _as_samples(held_out), labels
        y_test = None if y_held_out is None else _as_classes(y_held_out, names, len(x_test))
    limits = None if range is None else (float(range[0]), float(range[1]))
    return Dataset(name, x_train, x_test, limits, y_train, y_test, tuple(map(str, names)))


def _as_samples(values: Any) -> Tensor:
    """float32 (N, C, L) or (N, C, H, W) of an array of numbers; rows of D values as (N, 1, D)."""
    try:
        x = values.detach().cpu() if isinstance(values, torch.Tensor) else torch.from_numpy(np.array(values))
        x = x.to(torch.float32)
    except (TypeError, ValueError, RuntimeError):
        raise LatentError("Samples are an array of numbers, (N, D), (N, C, L) or (N, C, H, W).") from None
    if x.ndim == 2:
        x = x[:, None]
    if x.ndim not in (3, 4) or not x.numel():
        raise LatentError(f"Samples are an array (N, D), (N, C, L) or (N, C, H, W), not of shape {tuple(x.shape)}.")
    return x


def _classes(*labels: Any) -> list:
    """The distinct classes of all labels, in order."""
    given = [np.asarray(part).ravel() for part in labels if part is not None]
    if any(part.dtype.kind == "f" and not np.isfinite(part).all() for part in given):
        raise LatentError("Classes are numbers or names, and some of these are not a number.")
    return sorted(set(np.concatenate(given).tolist())) if given else []


def _as_classes(labels: Any, names: list, samples: int) -> Tensor:
    if (shape := np.shape(labels)) not in ((samples,), (samples, 1)):
        raise LatentError(f"Classes are one a sample: {samples:,} here, not an array of shape {tuple(shape)}.")
    index = {name: number for number, name in enumerate(names)}
    return torch.tensor([index[label] for label in np.asarray(labels).ravel().tolist()], dtype=torch.int64)


def as_recorded(config: Any, data: Dataset) -> Any:
    """The recipe (a `Config`) under which a run on this dataset is written down: the same where its source loaded the
    data as they are, else one whose data are `own` with a checksum.

    Raises LatentError where the recipe names other tensors.
    """
    from . import source

    options: Mapping[str, Any] = config.source
    if config.data != OWN and data.is_of(source(config.data, **options)):
        return config
    mine = own_options(data)
    if config.data == OWN and options.get("checksum", mine["checksum"]) != mine["checksum"]:
        raise LatentError(
            f"These are other tensors than the run's: their checksum is {mine['checksum']}, "
            f"the run's {options['checksum']}. Hand over the same ones, or choose another folder."
        )
    return dataclasses.replace(config, data=OWN, source=mine)
