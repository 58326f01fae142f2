"""Windows of a signal that overlap, as a view of its rows: each is gathered when it is needed, and none is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from ..base.lazy import torch


class Windows:
    """Stands for a tensor (N, C, L), or (N, C·L) where it is `flat`, of windows of `rows`.

    What training asks of its samples (`len`, `shape`, `split`, `index_select`, indexing) gathers the windows that are
    meant. Anything else that a tensor can do, and any function of torch, gathers all of them first.

    Args:
        rows: (rows, C) float32.
        at: (N,), the first row of each window.
        length: L.

    >>> x = Windows(np.arange(6, dtype=np.float32)[:, None], np.array([0, 2, 3]), 3)
    >>> x.shape, x[1:].tolist()
    ((3, 1, 3), [[[2.0, 3.0, 4.0]], [[3.0, 4.0, 5.0]]])
    """

    def __init__(self, rows: np.ndarray, at: np.ndarray, length: int, flat: bool = False):
        self._rows, self._at, self._length, self._flat = rows, at, length, flat
        channels = rows.shape[1]
        self.shape = (len(at), channels * length) if flat else (len(at), channels, length)
        self.ndim = len(self.shape)
        count, lengths = max(0, len(rows) - length + 1), torch.from_numpy(rows).stride()
        # (rows − L + 1, C, L): every window, none of them copied
        self._view = torch.from_numpy(rows).as_strided((count, channels, length), (*lengths, lengths[0]))

    def __len__(self) -> int:
        return len(self._at)

    def gather(self, which: Any = slice(None)) -> Tensor:
        """The windows `which` (a slice, or their numbers) as a tensor of their own."""
        x = self._view.index_select(0, torch.from_numpy(np.ascontiguousarray(self._at[which], np.int64)))
        return x.flatten(1) if self._flat else x

    def __getitem__(self, which: Any) -> Tensor:
        if isinstance(which, int):
            return self.gather(np.array([which]))[0]
        if isinstance(which, tuple) or which is None or which is Ellipsis:
            return self.gather()[which]
        return self.gather(which.cpu().numpy() if isinstance(which, torch.Tensor) else which)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def index_select(self, dim: int, index: Tensor) -> Tensor:
        """As a tensor's, of windows alone."""
        return self[index] if dim == 0 else self.gather().index_select(dim, index)

    def split(self, size: int) -> Iterator[Tensor]:
        """So many windows at a time."""
        return (self.gather(slice(i, i + size)) for i in range(0, len(self), size))

    def flatten(self, start: int = 0) -> Windows | Tensor:
        """As a tensor's; (N, C·L) is a view, too."""
        return Windows(self._rows, self._at, self._length, flat=True) if start == 1 else self.gather().flatten(start)

    def to(self, *where: Any) -> Windows | Tensor:
        """Itself, where that is the CPU; a graphics card gets them all."""
        there = self.gather(slice(0, 1)).to(*where)
        return self if there.device.type == "cpu" and there.dtype == torch.float32 else self.gather().to(*where)

    @property
    def device(self) -> Any:
        return self._view.device

    @property
    def _version(self) -> int:
        """How often its rows were written over in place, as a tensor says it."""
        return int(self._view._version)

    @property
    def dtype(self) -> Any:
        return self._view.dtype

    def __array__(self, *about: Any, **named: Any) -> np.ndarray:
        return np.asarray(self.gather().numpy(), *about)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # nothing of the copying and pickling protocols is a tensor's
            raise AttributeError(name)
        return getattr(self.gather(), name)

    def __sub__(self, other: Any) -> Tensor:
        return self.gather() - other

    @classmethod
    def __torch_function__(
        cls, function: Callable[..., Any], types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        return function(*map(_gathered, args), **{name: _gathered(value) for name, value in (kwargs or {}).items()})


def _gathered(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(map(_gathered, value))
    return value.gather() if isinstance(value, Windows) else value
