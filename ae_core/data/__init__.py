"""Data sources, found by being here: each module defines one `Source`, registered under its file's name.

A source is a frozen dataclass of options with a `load()`; a new one is a new file and nothing else. Its module is
imported when it is asked for by name, and brings torch (see base/lazy.py) when it loads.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..base.display import Display
from ..base.errors import LatentError
from ..base.options import build
from ..base.own_modules import import_own_modules

if TYPE_CHECKING:
    from torch import Tensor

OWN = "own"  # the name of data that were handed over as tensors (see _own.py)
COPIES = 6  # of the held-out samples, while they are measured: themselves, reconstructions, differences, PCA's
Progress = Callable[[str, int, int], None]  # what is downloaded, bytes so far, bytes in all


@dataclass(frozen=True)
class Dataset:
    """Samples in the range that a model is to reproduce, split into a training and a held-out part.

    Args:
        name: of the source.
        x_train, x_test: float32, (N, *shape); shape is (C, H, W) for images and (C, L) for signals.
        range: (low, high) of the values where they are bounded (the output activation follows it), else None.
        y_train, y_test: int64 class indices (N,), or None.
        classes: names of the classes.
        factors_train, factors_test: float32 (N, F), the true generating factors where they are known.
        factor_names: (name, unit) of each factor.
        display: what the values stand for, where that is known.
        checksum: of what was read of a person's own file; "" for other data.
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
    display: Display | None = None
    checksum: str = ""
    # (the source that loaded it, its tensors' versions then); not copied by `replace`, whose result is another dataset
    _loaded: tuple[Source, int] | None = field(default=None, init=False, repr=False, compare=False)

    def is_of(self, origin: Source) -> bool:
        """Whether this source loaded it, with these options, and nothing was changed since."""
        return self._loaded == (origin, self._version)

    @property
    def _version(self) -> int:
        """How often its samples were written over in place."""
        return self.x_train._version + self.x_test._version

    @property
    def shape(self) -> tuple[int, ...]:
        """Of a sample: (C, H, W) or (C, L)."""
        return tuple(self.x_train.shape[1:])

    def held_out(self, count: int) -> tuple[Tensor, Tensor | None]:
        """x_test and y_test of the first `count` held-out samples."""
        return self.x_test[:count], None if self.y_test is None else self.y_test[:count]


@dataclass(frozen=True)
class Source:
    """Base of all sources. Subclasses add options as fields and say what they are."""

    title: ClassVar[str]
    about: ClassVar[str]  # one sentence for the form
    signals: ClassVar[bool] = False  # (C, L) rather than pictures (C, H, W)
    # Options whose default has changed: a stored recipe says them always, and one that does not, because it is older,
    # means these.
    formerly: ClassVar[Mapping[str, Any]] = {}

    def here(self) -> bool:
        """Whether `load` needs no network."""
        return True

    def load(self, progress: Progress | None = None) -> Dataset:
        """The data; may download, calling `progress`. Raises LatentError where they cannot be had."""
        raise NotImplementedError

    def script(self) -> str:
        """The same without this program: lines of plain Python that make x_train and x_test, float32 (N, *shape), with
        their imports at the top.

        A source that has none lets the program load them.
        """
        name = type(self).__module__.removeprefix("ae_core.data.").removesuffix(".source").rpartition(".")[2]
        knobs = [
            f"{f.name}={value!r}" for f in dataclasses.fields(self) if (value := getattr(self, f.name)) != f.default
        ]
        return inspect.cleandoc(f"""
            from ae_core import load_dataset

            # These data take more than a few lines to read: Latent Explorer's reader does it. Run this beside ae_core/.
            data = load_dataset({", ".join([repr(name), *knobs])})
            x_train, x_test = data.x_train, data.x_test
        """)

    def script_end(self, errors: str) -> str:
        """Lines that follow the training, where there is more to be had than its losses; "" where there is not.

        errors: an expression of the samples `part` (N, *shape), the error of each (N,).
        """
        return ""

    def script_labels(self) -> str:
        """Lines that follow those of `script` and make y_train and y_test, the classes, int64 (N,), where there are
        some.
        """
        return "y_train, y_test = data.y_train, data.y_test"


class Sources(MutableMapping[str, "type[Source]"]):
    """Every source by its file's name; its module is imported when it is asked for. One may be added by hand.

    `own` is there for those who ask for it, and not in the list that menus are made of.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, type[Source] | None] = {
            module.name: None for module in pkgutil.iter_modules(__path__) if module.name[0] != "_"
        }

    def __getitem__(self, name: str) -> type[Source]:
        if name == OWN:
            return _source_of("_own")
        kind = self._kinds[name] or _source_of(name)
        self._kinds[name] = kind
        return kind

    def __setitem__(self, name: str, kind: type[Source]) -> None:
        self._kinds[name] = kind

    def __delitem__(self, name: str) -> None:
        del self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def __contains__(self, name: object) -> bool:  # without an import
        return isinstance(name, str) and (name == OWN or name in self._kinds)


def _source_of(name: str) -> type[Source]:
    """The `Source` that the module of this name defines."""
    module = importlib.import_module(f"{__name__}.{name}")
    return next(
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Source)
        and f"{thing.__module__}.".startswith(f"{module.__name__}.")
    )


@cache
def _all_sources() -> Sources:
    return Sources()


def sources() -> Sources:
    """Every source by its file's name, and those that were added by hand."""
    import_own_modules()
    return _all_sources()


def source(name: str, **options: Any) -> Source:
    """The source of that name with its options set and checked; LatentError for an unknown name, option or value."""
    if name not in sources():
        raise LatentError(f"There is no data source {str(name)[:40]!r}; there are {', '.join(sources())}.")
    return build(sources()[name], options)


def load_dataset(name: str, progress: Progress | None = None, **options: Any) -> Dataset:
    """Load a data source by name, e.g. `load_dataset("sinusoids", complexity=3)`.

    >>> data = load_dataset("digits")
    >>> tuple(data.x_train.shape), tuple(data.x_test.shape), data.range
    ((1437, 1, 8, 8), (360, 1, 8, 8), (0.0, 1.0))
    """
    return load_source(name, source(name, **options), progress)


def load_source(name: str, origin: Source, progress: Progress | None = None) -> Dataset:
    """The data of a source, under its name; LatentError where they cannot be had."""
    data = dataclasses.replace(origin.load(progress), name=name)
    object.__setattr__(data, "_loaded", (origin, data._version))
    return data


def data_folder() -> Path:
    """Where downloaded data lives: `LATENT_DATA`, by default `data/` in the working directory."""
    return Path(os.environ.get("LATENT_DATA") or "data")
