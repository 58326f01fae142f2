"""Your own samples: read, split, and scaled by what is trained on.

Everything is decided by `Samples.prepare`, which training, scoring and the page share: the same file and knobs, the
same split.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ...base.belonging import arrays_checksum
from ...base.display import Display
from ...base.errors import LatentError
from ...base.options import option
from ...base.owners import owner
from ...base.text import plural
from .. import Dataset, Progress, Source
from ..csv.cells import DECIMALS, DELIMITERS
from ..csv.uploads import file_label, is_upload, upload_or_path
from .collection import MIN_SAMPLES, Collection
from .script import plain_lines
from .split import duplicates_sentence, near_duplicates, split

WILD = 1e6  # spreads, beyond which a scaled value is cut


@dataclass(frozen=True, eq=False)
class Prepared:
    """A collection ready for training and scoring.

    x: (N, *shape) float32, scaled, missing values filled; a sample without any value is all 0 and in neither part.
    train, test: rows of the collection, ascending. display: see base/display.py. range: of the values, or None.
    """

    collection: Collection
    x: np.ndarray
    train: np.ndarray
    test: np.ndarray
    display: Display
    range: tuple[float, float] | None

    def duplicates(self) -> str:
        """A sentence on held-out samples that are nearly the same as training samples, "" without any."""
        return duplicates_sentence(near_duplicates(self.x, self.train, self.test))


@dataclass(frozen=True)
class Samples(Source):
    """Samples of a file or folder; what is not given is found out."""

    title: ClassVar = "Your own samples"
    about: ClassVar = (
        "Your own signals, pictures or measurements: a table with a sample in each row, arrays, or a zip of pictures."
    )

    file: str = option("", "the table: a file's path, or the name of an uploaded one")
    label: str = option("", "column that says what is abnormal, or none; empty: found")
    group: str = option("", "column of groups (patients, machines, sessions) that are kept whole; heading or number")
    kind: str = option("", "what a sample is; empty: found", choices=("", "signals", "pictures", "features"))
    normal_class: str = option("", "class that is normal: trained on alone; empty: all are trained on")
    lengths: str = option(
        "", "what is done with signals of unequal lengths; empty: found", choices=("", "cut", "pad", "resample")
    )
    side: int = option(0, "side of pictures; 0: found, 16 to 64", low=0, high=64, unit="pixels")
    colour: str = option("", "of pictures; empty: found", choices=("", "grey", "colour"))
    delimiter: str = option("", "what separates columns; empty: found", choices=("", *DELIMITERS))
    decimal: str = option("", "decimal sign; empty: found", choices=("", *DECIMALS))
    header: str = option("", "whether the first row names the columns; empty: found", choices=("", "yes", "no"))
    encoding: str = option("", "text encoding, such as utf-8, utf-16 or latin-1; empty: found")
    missing: str = option("", "further texts that mean a missing value, with commas between, such as -999")

    def path(self) -> Path:
        """The upload of that name, or else the file or folder at that path."""
        return upload_or_path(self.file)

    def here(self) -> bool:
        """Whether the file is there; where a visitor asks whose uploads are private, only their own are."""
        if owner() is not None and not is_upload(self.file):
            return False
        try:
            return bool(self.file) and self.path().exists()
        except (OSError, ValueError):
            return False

    def collection(self) -> Collection:
        """The samples as they are in the file. Raises LatentError."""
        if not self.file:
            raise LatentError("No samples are chosen: name a file or a folder of pictures with file.")
        if not self.here():
            raise LatentError(
                f"There is no file {self.file[:200]!r}: check the name and the folder, or bring it again."
            )
        stamp = self.path().stat()
        return _read(str(self.path()), stamp.st_mtime_ns, stamp.st_size, tuple(sorted(self.said().items())))

    def said(self) -> dict[str, Any]:
        """What the knobs say about the file, as `read_collection` takes it."""
        names = ("label", "group", "kind", "lengths", "side", "colour")
        plain = {name: getattr(self, name) for name in names}
        table = {name: getattr(self, name) or None for name in ("delimiter", "decimal", "encoding", "missing")}
        return plain | table | {"header": {"": None, "yes": True, "no": False}[self.header]}

    def prepare(self, collection: Collection | None = None) -> Prepared:
        """The samples (read, unless given) with their split and scaling. Raises LatentError."""
        return prepared(self.collection() if collection is None else collection, self.normal_class)

    def script(self) -> str:
        """Lines of plain Python where a few do; else this program's reader."""
        try:
            collection = self.collection() if self.here() else None
            normal = None
            if collection is not None and self.normal_class:
                index = np.flatnonzero(_is_normal(collection, self.normal_class))
                normal = int(collection.y[index[0]]) if collection.y is not None and len(index) else None
        except LatentError:
            collection = None
        if collection is not None and (lines := plain_lines(self._named(), collection, normal)):
            return lines
        return super().script()

    def _named(self) -> str:
        """The file as its owner knows it: where a page keeps an upload is nobody's business."""
        return f"{file_label(self.file)}.csv" if is_upload(self.file) else self.file

    def script_labels(self) -> str:
        if "load_dataset" in self.script():
            return super().script_labels()
        return "y_train, y_test = torch.from_numpy(y[train]), torch.from_numpy(y[test])"

    def load(self, progress: Progress | None = None) -> Dataset:
        import torch

        ready = self.prepare()
        y = ready.collection.y
        labelled = y is not None and bool((y[np.concatenate([ready.train, ready.test])] >= 0).all())

        def classes(rows: np.ndarray) -> Any:
            return torch.from_numpy(y[rows]) if y is not None and labelled else None

        return Dataset(
            "samples",
            torch.from_numpy(ready.x[ready.train]),
            torch.from_numpy(ready.x[ready.test]),
            ready.range,
            classes(ready.train),
            classes(ready.test),
            ready.collection.classes if labelled else (),
            display=ready.display,
            checksum=arrays_checksum((ready.collection.values, y)),
        )


@lru_cache(maxsize=2)
def _read(path: str, mtime_ns: int, size: int, said: tuple[tuple[str, Any], ...]) -> Collection:
    from .reading import read_collection  # not above: pyarrow comes with it, and a recipe reads no file

    collection = read_collection(path, **dict(said))
    collection.values.setflags(write=False)  # shared by all who ask
    return collection


def prepared(collection: Collection, normal_class: str = "") -> Prepared:
    """Decide what is held out and how values are scaled. Raises LatentError where too little is left."""
    values = collection.values
    whole = np.flatnonzero(np.isfinite(values).reshape(len(values), -1).any(1)) if values.dtype != np.uint8 else None
    rows = np.arange(len(values)) if whole is None else whole
    if normal_class:
        rows = rows[_is_normal(collection, normal_class)[rows]]
    if len(rows) < MIN_SAMPLES:
        of = f" of the class {normal_class!r}" if normal_class else ""
        raise LatentError(f"There are {plural(len(rows), 'sample')}{of}, and at least {MIN_SAMPLES} are needed.")
    train, test = split(collection.y, collection.groups, rows)
    x, display, limits = _scaled(collection, train)
    if not (x[train] != x[train[0]]).any():
        raise LatentError("All samples are alike: there is nothing that a model could learn from them.")
    return Prepared(collection, x, train, test, display, limits)


def _is_normal(collection: Collection, name: str) -> np.ndarray:
    """bool (N,), which samples are of the class. Raises LatentError where there is none of that name."""
    if collection.y is None:
        raise LatentError("The samples have no classes, so that none is normal: name their column with label.")
    wanted = [index for index, each in enumerate(collection.classes) if each == name or _same_number(each, name)]
    if not wanted:
        raise LatentError(
            f"There is no class {name[:40]!r}; there are {', '.join(collection.classes[:12])}: choose one of them."
        )
    return collection.y == wanted[0]


def _same_number(a: str, b: str) -> bool:
    try:
        return float(a) == float(b)
    except ValueError:
        return False


def _scaled(collection: Collection, train: np.ndarray) -> tuple[np.ndarray, Display, tuple[float, float] | None]:
    """(x, how it is shown, its range): pictures in 0..1, signals by a spread a channel, measurements by one each; all
    learned on the training rows.
    """
    values, kind = collection.values, collection.kind
    channels = collection.channels or tuple(("", "") for _ in range(values.shape[1]))
    if kind == "pictures":
        x = values.astype(np.float32)
        if values.dtype == np.uint8:
            x /= 255
        np.nan_to_num(x, copy=False)
        scale = 255.0 if values.dtype == np.uint8 else 1.0
        size = values.shape[1]
        shown = tuple(zip(("red", "green", "blue"), [""] * 3, strict=True)) if size == 3 else (("", ""),) * size
        return x, Display(kind, channels=shown, centre=(0.0,) * size, spread=(scale,) * size), (0.0, 1.0)
    each = (0,) if kind == "features" else (0, 2)
    learned = values[train].astype(np.float64)
    with np.errstate(all="ignore"):
        centre, spread = np.nanmean(learned, each), np.nanstd(learned, each)
    centre, spread = np.nan_to_num(centre).reshape(-1), np.nan_to_num(spread).reshape(-1)
    spread = np.where(spread > 1e-9 * np.maximum(np.abs(centre), 1e-30), spread, 0.0)  # 0.1 has a spread of rounding
    x = scaled_rows(values, kind, centre, spread)
    shown = Display(
        kind,
        collection.axis,
        collection.axis_name,
        collection.axis_unit,
        channels,
        tuple(float(v) for v in centre),
        tuple(float(v) for v in spread),
    )
    return x, shown, None


def scaled_rows(values: np.ndarray, kind: str, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Signals or measurements (N, C, L) less their centre, in their spreads, float32, missing values filled."""
    along = (None, slice(None)) if kind == "features" else (slice(None), None)
    scale_by = np.where(spread > 0, spread, np.inf)[along]
    with np.errstate(over="ignore"):  # what is too large is cut
        x = ((values - centre[along].astype(np.float32)) / scale_by.astype(np.float32)).astype(np.float32)
    np.clip(x, -WILD, WILD, out=x)
    _fill(x, kind)
    return x


def _fill(x: np.ndarray, kind: str) -> None:
    """Missing values in place: of signals by straight lines along them, of measurements by the mean, which is 0."""
    gaps = ~np.isfinite(x)
    if kind == "signals":
        for row, channel in np.argwhere(gaps.any(2) & ~gaps.all(2)):
            line, gone = x[row, channel], gaps[row, channel]
            line[gone] = np.interp(np.flatnonzero(gone), np.flatnonzero(~gone), line[~gone])
    x[~np.isfinite(x)] = 0.0


def with_missing_said(collection: Collection) -> Collection:
    """The collection with a sentence on its missing values, where there are some."""
    if collection.values.dtype == np.uint8:
        return collection
    gone = ~np.isfinite(collection.values)
    count, empty = int(gone.sum()), int(gone.reshape(len(gone), -1).all(1).sum())
    if not count:
        return collection
    how = "by straight lines" if collection.kind == "signals" else "by the mean"
    noted = replace(collection, notes=list(collection.notes))
    noted.note("missing", count, f"{plural(count, 'value')} {'is' if count == 1 else 'are'} missing: filled {how}.")
    if empty:
        noted.note("missing", empty, f"{plural(empty, 'sample')} without any value: not used.")
    return noted
