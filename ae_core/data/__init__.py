"""Data sources, found by being here: each module defines one `Source`, registered under its file's name.

A source is a frozen dataclass of knobs with a `load()`; a new one is a new file and nothing else.
"""

import dataclasses
import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from torch import Tensor

from ..base.errors import LatentError
from ..base.options import build

Progress = Callable[[str, int, int], None]  # what is fetched, bytes so far, bytes in all


@dataclass(frozen=True)
class Dataset:
    """Samples in the range that a model is to reproduce.

    x_train, x_test: float32, (N, *shape); shape is (C, H, W) for images and (C, L) for signals.
    range: (low, high) of the values where they are bounded (the output activation follows it), else None.
    y_train, y_test: int64 class indices (N,), or None; classes: their names.
    factors_train, factors_test: float32 (N, F), the true generating factors where they are known;
        factor_names: (name, unit) of each.
    """

    name: str
    x_train: Tensor
    x_test: Tensor
    range: tuple[float, float] | None
    y_train: Tensor | None = None
    y_test: Tensor | None = None
    classes: tuple[str, ...] = ()
    factors_train: Tensor | None = None
    factors_test: Tensor | None = None
    factor_names: tuple[tuple[str, str], ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.x_train.shape[1:])

    def held_out(self, most: int) -> tuple[Tensor, Tensor | None]:
        """x_test and y_test of the first `most` held-out samples."""
        return self.x_test[:most], None if self.y_test is None else self.y_test[:most]


@dataclass(frozen=True)
class Source:
    """Base of all sources. Subclasses add knobs as fields and say what they are."""

    title: ClassVar[str]
    about: ClassVar[str]  # one sentence for the form
    signals: ClassVar[bool] = False  # (C, L) rather than pictures (C, H, W)

    def here(self) -> bool:
        """Whether `load` needs no network."""
        return True

    def load(self, progress: Progress | None = None) -> Dataset:
        """The data; may download, calling `progress`. Raises LatentError where it cannot be had."""
        raise NotImplementedError

    def script(self) -> str:
        """The same without this program: lines of plain Python that make x_train and x_test, float32 (N, *shape), with
        their imports on top.

        A source that has none lets the program load them.
        """
        name = type(self).__module__.removeprefix("ae_core.data.").removesuffix(".source").rpartition(".")[2]
        knobs = [
            f"{f.name}={value!r}" for f in dataclasses.fields(self) if (value := getattr(self, f.name)) != f.default
        ]
        return inspect.cleandoc(f"""
            from ae_core import load_dataset

            # What is read here takes more than a few lines, so Latent Explorer's own reader does it: run this beside its ae_core/.
            data = load_dataset({", ".join([repr(name), *knobs])})
            x_train, x_test = data.x_train, data.x_test
        """)

    def script_labels(self) -> str:
        """Lines that follow those of `script` and make y_train and y_test, the classes, int64 (N,), where there are
        some.
        """
        return "y_train, y_test = data.y_train, data.y_test"


@cache
def sources() -> dict[str, type[Source]]:
    """Every source by its file's name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            contents = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
            for thing in contents:
                if (
                    isinstance(thing, type)
                    and issubclass(thing, Source)
                    and f"{thing.__module__}.".startswith(f"{__name__}.{module.name}.")
                ):
                    found[module.name] = thing
    return found


def source(name: str, **options: Any) -> Source:
    """The source of that name with its knobs set and checked."""
    if name not in sources():
        raise LatentError(f"There is no data source {str(name)[:40]!r}; there are {', '.join(sources())}.")
    return build(sources()[name], options)


def load_dataset(name: str, progress: Progress | None = None, **options: Any) -> Dataset:
    """Load a data source by name, e.g. `load_dataset("sinusoids", complexity=3)`.

    >>> data = load_dataset("digits")
    >>> tuple(data.x_train.shape), tuple(data.x_test.shape), data.range
    ((1437, 1, 8, 8), (360, 1, 8, 8), (0.0, 1.0))
    """
    return dataclasses.replace(source(name, **options).load(progress), name=name)


def data_folder() -> Path:
    """Where downloaded data lives: `LATENT_DATA`, by default `data/` in the working directory."""
    return Path(os.environ.get("LATENT_DATA") or "data")
