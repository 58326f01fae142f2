"""What a dataset must be before anything trains on it; what is not is said in a sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..base.errors import LatentError
from ..base.text import times
from ._windows import Windows

if TYPE_CHECKING:
    import torch

    from . import Dataset
else:
    from ..base.lazy import torch

BATCH = 1024  # samples that are looked at at once
SLACK = 1e-4  # of the range: values of a float32 that was scaled lie so far outside


def check_dataset(data: Dataset) -> None:
    """Raises LatentError where a dataset's samples are no finite float32 in its range, or its labels do not fit."""
    for name, x, y in (("x_train", data.x_train, data.y_train), ("x_test", data.x_test, data.y_test)):
        if not isinstance(x, (torch.Tensor, Windows)):
            raise LatentError(f"{name} is a {type(x).__name__}, not a torch tensor: own_dataset(x) makes one of it.")
        if x.dtype != torch.float32:
            raise LatentError(f"{name} is of {x.dtype}, not float32: take {name}.float(), or own_dataset(x).")
        if not len(x):
            raise LatentError(f"{name} has no samples: a training needs samples to learn and some that are held out.")
        if x.ndim not in (3, 4) or x.shape[1:] != data.x_train.shape[1:]:
            raise LatentError(
                f"{name} has samples of {times(x.shape[1:]) or 'one'} values: they are (C, H, W) or (C, L), and of "
                "one shape in both parts."
            )
        ends = [part.aminmax() for part in x.split(BATCH)]  # some at a time: windows are gathered for it
        low, high = float(torch.stack([end.min for end in ends]).min()), float(torch.stack([e.max for e in ends]).max())
        if not math.isfinite(low) or not math.isfinite(high):  # a NaN is the least and the largest of its batch
            raise LatentError(f"{name} has values that are not finite (NaN or infinite): leave them out or fill them.")
        if data.range is not None:
            room = SLACK * (data.range[1] - data.range[0])
            if low < data.range[0] - room or high > data.range[1] + room:
                raise LatentError(
                    f"{name} has values from {low:g} to {high:g}, outside of the range {data.range[0]:g} to "
                    f"{data.range[1]:g} that it declares: scale them, or declare range=None."
                )
        if y is not None and data.classes:
            fits = y.shape == (len(x),) and not y.is_floating_point()
            if not fits or not 0 <= int(y.min()) <= int(y.max()) < len(data.classes):
                raise LatentError(
                    f"The labels of {name} are {len(x):,} whole numbers from 0 to {len(data.classes) - 1}, one a "
                    f"sample; there are {len(y):,}."
                )
