"""Your own table: read (see `read_table`), cut into windows, and scaled by the stretch that you call normal.

Everything is decided by `Csv.prepare`, which training, scoring and the page share: the same file and knobs, the same
windows.
"""

import contextlib
import hashlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from pyarrow import parquet

from ...base import limits
from ...base.errors import LatentError
from ...base.options import option
from ...base.owners import OWNER, PRIVATE, own, owner
from .. import Dataset, Progress, Source, data_folder
from .pieces import LARGE, PIECE, read_pieces, volume
from .table import (
    DECIMALS,
    DELIMITERS,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Found,
    Table,
    breaks,
    direction,
    filled,
    joined,
    pieces,
    read_table,
    resampled,
    safe_cell,
    span,
)

__all__ = [
    "LARGE",
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "PIECE",
    "Csv",
    "Found",
    "Prepared",
    "Table",
    "breaks",
    "direction",
    "dominant_period",
    "filled",
]
__all__ += [
    "is_upload",
    "joined",
    "keep_upload",
    "pieces",
    "prepared",
    "read_pieces",
    "read_table",
    "resampled",
    "safe_cell",
    "span",
    "starts",
    "stretch",
]
__all__ += ["make_room", "own_name", "uploads_folder", "volume", "windows"]

MOST_WINDOW_VALUES = 4096  # in a proposed window: more makes PCA's covariance slow to decompose
MOST_WINDOWS = 10_000  # in a proposed training set: with more, neighbours are nearly the same
MOST_VALUES = 50_000_000  # in all training windows; 200 MB
# spreads: a value further away counts as so far, or a network would make infinities of it, and those are no scores
WILD = 1e9
UPLOAD = rf"({PRIVATE}/{OWNER}/)?[a-z0-9][a-z0-9-]*-[0-9a-f]{{10}}\.csv"  # a name that `keep_upload` gives
FEWEST = 4  # windows in either part, below which there is nothing to learn or to measure


def uploads_folder() -> Path:
    """Where the page keeps the files that were given to it; the knob `file` names them from here."""
    return data_folder() / "uploads"


def keep_upload(data: bytes, name: str) -> str:
    """Store `data` under a safe name made of `name` and its own checksum; return that name, for the knob `file`.

    Where uploads are private (see `owners`) the name begins with the folder of whoever asks. The same bytes under the
    same name are stored once. A half-written file is never seen. The oldest give way where more are kept than
    `limits.FILES`. LatentError where it is larger than a page takes, or cannot be written.
    """
    limits.check_size(len(data))
    limits.check_rows(_rows(data))
    folder = own(uploads_folder())
    stem = re.sub(r"[^a-z0-9]+", "-", Path(name.replace("\\", "/")).stem.lower()).strip("-")[:40] or "table"
    kept = f"{stem}-{hashlib.sha256(data).hexdigest()[:10]}.csv"
    path, beside = folder / kept, folder / f".{kept}.{os.getpid()}"
    try:
        if path.exists():
            with contextlib.suppress(OSError):  # another account's
                os.utime(path)  # somebody still wants it
        else:
            limits.check_disk_space(folder)
            folder.mkdir(parents=True, exist_ok=True)
            make_room(folder)
            try:
                beside.write_bytes(data)
                os.replace(beside, path)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise LatentError(
            f"The table cannot be kept ({error.strerror or error}): LATENT_DATA names a folder that can be written."
        ) from error
    return path.relative_to(uploads_folder()).as_posix()


def _rows(data: bytes) -> int:
    """Rows of a table that came as bytes, as far as that is known before it is read: lines without a heading; those of
    Parquet.
    """
    if data[:4] == b"PAR1":
        try:
            return parquet.read_metadata(io.BytesIO(data)).num_rows
        except (pa.ArrowException, OSError):  # its reader says what is wrong
            return 0
    return max(data.count(b"\n"), data.count(b"\r")) - 1


def make_room(folder: Path) -> None:
    """Remove the files of `folder` that were kept longest ago, until one more makes no more than `limits.FILES`."""
    kept = sorted(
        (file for file in folder.iterdir() if file.is_file() and file.name[0] != "."),
        key=lambda file: file.stat().st_mtime_ns,
        reverse=True,
    )
    for old in kept[limits.FILES() - 1 :]:
        old.unlink(missing_ok=True)


def is_upload(name: str) -> bool:
    """Whether `name` is one that `keep_upload` gave to whoever asks, and the file is there: what the web page may read
    for a foreign run or link.
    """
    if not re.fullmatch(UPLOAD, name):
        return False
    path = uploads_folder() / name
    return path.parent == own(uploads_folder()) and os.path.isfile(path) and not path.is_symlink()


def own_name(name: str) -> str:
    """The upload of that name, whatever folder it lay in, as one of whoever asks."""
    return (own(uploads_folder()) / Path(name).name).relative_to(uploads_folder()).as_posix()


def dominant_period(values: np.ndarray) -> int:
    """The period, in rows, in which the channels of values (rows, C) repeat themselves most clearly; 0 where they do
    not.

    The first peak of the mean autocorrelation that comes near its highest one, so that a period wins over its
    multiples.
    """
    values = values[-(1 << 16) :]
    values = values[:, np.isfinite(values).any(0)]
    if len(values) < 16 or not values.shape[1]:
        return 0
    # One straight line is taken out: a drift correlates with itself at every lag.
    rows = np.linspace(-1, 1, len(values))
    centred = np.where(np.isfinite(values), values, np.nanmean(values, 0)) - np.nanmean(values, 0)
    centred = centred - np.outer(rows, rows @ centred / (rows @ rows))
    spread = centred.std(0)
    centred = centred[:, spread > 1e-9 * max(float(np.abs(np.nan_to_num(values)).max()), 1e-30)]
    if not centred.shape[1]:
        return 0
    size, half = 1 << (2 * len(values) - 1).bit_length(), len(values) // 2
    correlation = np.zeros(half)
    for column in centred.T:
        power = np.abs(np.fft.rfft(column, size)) ** 2
        own = np.fft.irfft(power, size)[:half]
        correlation += own / own[0]
    correlation *= len(values) / (len(values) - np.arange(half)) / centred.shape[1]
    below = np.flatnonzero(correlation < 0)
    if not len(below):
        return 0
    peaks = (
        below[0]
        + 1
        + np.flatnonzero(
            (correlation[below[0] + 1 : -1] >= correlation[below[0] : -2])
            & (correlation[below[0] + 1 : -1] > correlation[below[0] + 2 :])
        )
    )
    if not len(peaks) or correlation[peaks].max() < 0.2:
        return 0
    first = int(peaks[correlation[peaks] >= 0.9 * correlation[peaks].max()][0])
    around = slice(first, first + first // 5 + 2)  # noise makes little peaks on the way up
    return first + int(correlation[around].argmax())


def starts(values: np.ndarray, length: int, stride: int, cuts: np.ndarray | None = None) -> np.ndarray:
    """First rows (N,) of the windows of `length` rows, every `stride` rows, that have no NaN in values (rows, C) and no
    cut inside.

    cuts: bool (rows,), True where a row does not follow on the one before.
    """
    at = np.arange(0, len(values) - length + 1, stride)
    bad = np.r_[0, np.cumsum(np.isnan(values).any(1))]
    fine = bad[at + length] == bad[at]
    if cuts is not None:
        cut = np.r_[0, np.cumsum(cuts)]
        fine &= cut[at + length] == cut[at + 1]
    return at[fine]


def windows(values: np.ndarray, length: int, stride: int, cuts: np.ndarray | None = None) -> np.ndarray:
    """The windows at `starts`, (N, C, length), of values (rows, C), in its type."""
    at = starts(values, length, stride, cuts)
    if not len(at):
        return np.empty((0, values.shape[1], length), values.dtype)
    return np.lib.stride_tricks.sliding_window_view(values, length, axis=0)[at]


@dataclass(frozen=True)
class Prepared:
    """A table ready for training and scoring.

    table: with short gaps filled; cuts: bool (rows,), where a row does not follow on the one before (see `breaks`).
    centre, spread: (C,) of the training rows, see `robust`; spread 0 for a channel that does not change there. window,
    stride: in rows.
    normal, train, test: (first row, row after the last); train and test are the two parts of normal.
    """

    table: Table
    cuts: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    window: int
    stride: int
    normal: tuple[int, int]
    train: tuple[int, int]
    test: tuple[int, int]

    def scaled(self) -> np.ndarray:
        """float32 (rows, C): `scale` of the table."""
        return scale(self.table.values, self.centre, self.spread)

    def unscaled(self, x: np.ndarray) -> np.ndarray:
        """x (..., C, L) as `scaled` gives it, back in the channels' own units."""
        return x * self.spread[:, None] + self.centre[:, None]

    def windows(
        self, part: tuple[int, int], stride: int | None = None, healthy: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """(x (N, C, L) float32, scaled; their first rows (N,)) of the rows `part`; healthy: none with a row that is
        labelled abnormal.
        """
        first, last = part
        values = self.scaled()[first:last]
        if healthy and self.table.label is not None:
            values = np.where(self.table.label[first:last, None], np.float32(np.nan), values)
        at = starts(values, self.window, stride or self.stride, self.cuts[first:last])
        if not len(at):
            return np.empty((0, values.shape[1], self.window), np.float32), at
        return np.lib.stride_tricks.sliding_window_view(values, self.window, axis=0)[at], at + first


def prepared(table: Table, window: int = 0, stride: int = 0, normal: str = "", bridge: int = 5) -> Prepared:
    """Decide what is normal, how long a window is and how the channels are scaled; 0 and "" propose.

    The last fifth of the normal rows is held out; no window lies in both parts. Raises LatentError where too little is
    left.
    """
    cuts, table = breaks(table, bridge), filled(table, bridge)
    first, last = stretch(table, normal)
    rows, channels = last - first, table.values.shape[1]
    if rows < 10:
        raise LatentError(
            f"The normal stretch has {rows} row{'s' * (rows != 1)}, and at least 10 are needed: choose a longer one or give a longer file."
        )
    train, test = (first, last - rows // 5), (last - rows // 5, last)
    healthy = table.values[slice(*train)]
    if table.label is not None:
        healthy = healthy[~table.label[slice(*train)]]
    if window == 0:
        period = dominant_period(healthy) or 32
        # A fifth is held out, and even that has to hold some windows.
        window = max(
            1, min(int(np.clip(period, 16, 256)), MOST_WINDOW_VALUES // channels, (test[1] - test[0]) // FEWEST)
        )
    if stride == 0:
        count = train[1] - train[0]
        stride = max(1, -(-count // MOST_WINDOWS), -(-count * channels * window // MOST_VALUES))
        stride = min(stride, max(1, (test[1] - test[0] - window) // FEWEST))
    present = np.isfinite(healthy).any(0) if len(healthy) else np.zeros(channels, bool)
    if not present.all():
        name = table.names[int(np.flatnonzero(~present)[0])]
        raise LatentError(
            f"The channel {name[:40]!r} has no value in the training part of the normal stretch: leave it out or choose another stretch."
        )
    return Prepared(table, cuts, *robust(healthy), window, stride, (first, last), train, test)


def robust(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(median, spread) (C,) of values (rows, C). The spread is the standard deviation that a Gaussian with these 5 %
    and 95 % quantiles has: a few wild values, which every log has, do not make all others look alike. Where the middle
    hardly moves it is the standard deviation itself.
    """
    centre, (lowest, low, high, highest) = (
        np.nanmedian(values, 0),
        np.nanquantile(values, (0.005, 0.05, 0.95, 0.995), axis=0),
    )
    spread = (high - low) / 3.29
    spread = np.where((spread > 1e-3 * (highest - lowest)) & (spread > 0), spread, np.nanstd(values, 0))
    # Rounding alone gives a constant 0.1 a spread of 1e-17.
    return centre, np.where(spread > 1e-9 * np.maximum(np.abs(centre), 1e-30), spread, 0.0)


def scale(values: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """float32 (rows, C): each channel less its centre, in its spreads, within ±`WILD`; 0 for one whose spread is 0."""
    apart = values - centre
    scaled = np.divide(apart, spread, out=np.where(np.isnan(apart), np.nan, 0.0), where=spread > 0)
    return np.clip(scaled, -WILD, WILD, out=scaled).astype(np.float32)


def stretch(table: Table, normal: str, more: bool = False) -> tuple[int, int]:
    """(first row, row after the last) of START:END, in rows or in times, either end may be left out; of "" the first 60
    %.

    Rows count from 0 and END is the row after the last; times are those in the file, END included. more: the file goes
    on behind the table, and the stretch must not. Raises LatentError.
    """
    rows = len(table)
    if not normal.strip():
        return 0, max(1, round(0.6 * rows))
    for cut in [i for i, c in enumerate(normal) if c == ":"]:
        ends = normal[:cut].strip(), normal[cut + 1 :].strip()
        if all(re.fullmatch(r"\d*", end) for end in ends):
            first, last = int(ends[0] or 0), min(int(ends[1] or rows), rows)
            over = not ends[1] or int(ends[1]) > rows
            break
        if table.time is not None and all(not end or _moment(end) is not None for end in ends):
            known = ~np.isnat(table.time)
            inside = (
                known
                & (table.time >= _moment(ends[0]) if ends[0] else known)
                & (table.time <= _moment(ends[1]) if ends[1] else known)
            )
            at = np.flatnonzero(inside)
            first, last = (int(at[0]), int(at[-1]) + 1) if len(at) else (0, 0)
            over = last == rows
            break
    else:
        hint = "" if table.time is not None else " (the file has no time column)"
        raise LatentError(
            f"normal is START:END in rows or times{hint}, such as 0:400 or 2024-01-01:2024-02-01, not {normal[:60]!r}."
        )
    if more and (over or last <= first):
        raise LatentError(
            f"A file this large is read in pieces, and what is normal lies within the first, {rows:,} rows{_between(table)}: {normal[:60]!r} does not."
        )
    if last <= first:
        raise LatentError(
            f"No row of the file lies in the normal stretch {normal[:60]!r}: it has {rows:,} rows{_between(table)}."
        )
    return first, last


def _moment(text: str) -> np.datetime64 | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?", text):
        return None
    try:
        return pd.Timestamp(text).to_datetime64().astype("datetime64[ns]")
    except ValueError:
        return None


def _between(table: Table) -> str:
    if table.time is None or np.isnat(table.time).all():
        return ""
    known = table.time[~np.isnat(table.time)]
    return f" from {known.min().astype('datetime64[s]')} to {known.max().astype('datetime64[s]')}"


@dataclass(frozen=True)
class Scoring:
    """How windows become scores: `kind`, `memory` and `variance` as Csv's scores, memory and variance say."""

    kind: str = "combined"
    memory: int = 64
    variance: float = 0.7


SCORING_KNOBS = {"kind": "scores", "memory": "memory", "variance": "variance"}  # Scoring's fields by Csv's names


@dataclass(frozen=True)
class Csv(Source):
    """Windows of the channels of a table; what is not given is found out or proposed."""

    title: ClassVar = "Your own table (CSV)"
    about: ClassVar = (
        "Your own sensor data: a text table with a row for each moment and a column for each channel, cut into windows."
    )
    signals: ClassVar = True

    file: str = option("", "the table: a file's path, or the name of an uploaded one")
    columns: str = option("", "channels, by name with commas between; empty: every column of numbers")
    normal: str = option("", "stretch that is normal, START:END in rows or times; empty: the first 60 %")
    window: int = option(0, "length of a window; 0: the dominant period, 16 to 256", low=0, high=65_536, unit="rows")
    stride: int = option(
        0, "rows from one training window to the next; 0: proposed", low=0, high=1_000_000, unit="rows"
    )
    bridge: int = option(
        5,
        "longest gap that is filled by a straight line; windows never cross a longer one",
        low=0,
        high=10_000,
        unit="steps",
    )
    every: float = option(
        0.0, "resample to a row every so many seconds; 0: the rows as they are", low=0, high=1e7, unit="s"
    )
    scores: str = option(
        "combined",
        "combined: error and place of the code; error: the mean squared error alone",
        choices=("combined", "error"),
    )
    memory: int = option(
        64, "rows over which scores are averaged, backwards; 1: each window by itself", low=1, high=100_000, unit="rows"
    )
    variance: float = option(
        0.7, "share of the variance that the code keeps for scores, where it can be cut", low=0.05, high=0.999
    )
    time: str = option("", "time column, or none; empty: found")
    label: str = option("", "column that says what is abnormal, or none; empty: found")
    delimiter: str = option("", "what separates columns; empty: found", choices=("", *DELIMITERS))
    decimal: str = option("", "decimal sign; empty: found", choices=("", *DECIMALS))
    header: str = option("", "whether the first row names the columns; empty: found", choices=("", "yes", "no"))
    encoding: str = option("", "text encoding, such as utf-8, utf-16 or latin-1; empty: found")
    day_first: str = option("", "whether 1/2 is the first of February; empty: found", choices=("", "yes", "no"))
    missing: str = option("", "further texts that mean a missing value, with commas between, such as -999")
    first: int = option(0, "rows that are read, from the beginning; 0: all", low=0, high=MOST_ROWS, unit="rows")
    most_mb: int = option(
        2000, "largest file that is read at once", low=1, high=100_000, unit="MB"
    )  # a page limits its uploads itself

    def path(self) -> Path:
        """The upload of that name, or else the file at that path."""
        kept = uploads_folder() / self.file
        return (
            kept
            if self.file and (self.file == kept.name or re.fullmatch(UPLOAD, self.file)) and kept.is_file()
            else Path(self.file)
        )

    def here(self) -> bool:
        """Whether the file is there; where a visitor asks whose uploads are private, only their own are."""
        if owner() is not None and not is_upload(self.file):
            return False
        try:
            return bool(self.file) and self.path().is_file()
        except (OSError, ValueError):
            return False

    def table(self) -> Table:
        """The file, read with these knobs. Raises LatentError."""
        most = self.most_mb * 1_000_000
        table = (
            joined(list(self.in_pieces(LARGE)))
            if self.first
            else read_table(self._found(), **self._reading(), most_bytes=most)
        )
        return resampled(table, self.every) if self.every else table

    def in_pieces(self, size: int = PIECE) -> Iterator[Table]:
        """The file as tables that follow on each other, of some `size` bytes each, as its rows are (`every` is not
        looked at). Raises LatentError.
        """
        return read_pieces(self._found(), size, **self._reading(), rows=self.first)

    def _found(self) -> Path:
        if not self.file:
            raise LatentError("No table is chosen: name one with file, a path or an uploaded file's name.")
        if not self.here():
            raise LatentError(
                f"There is no file {self.file[:200]!r}: check the name and the folder, or upload it again."
            )
        return self.path()

    def _reading(self) -> dict[str, Any]:
        yes = {"": None, "yes": True, "no": False}
        plain = {
            name: getattr(self, name) or None
            for name in ("delimiter", "decimal", "encoding", "time", "label", "columns")
        }
        return plain | {"header": yes[self.header], "day_first": yes[self.day_first], "missing": self.missing}

    def scoring(self) -> Scoring:
        return Scoring(self.scores, self.memory, self.variance)

    def prepare(self, table: Table | None = None) -> Prepared:
        """The table (read, unless given) with its windows, scaling and normal stretch. Raises LatentError."""
        return prepared(self.table() if table is None else table, self.window, self.stride, self.normal, self.bridge)

    def load(self, progress: Progress | None = None) -> Dataset:
        ready = self.prepare()
        return dataset(ready, "csv")


def dataset(ready: Prepared, name: str) -> Dataset:
    """The healthy windows of the training part and of the held-out part. Raises LatentError where there are hardly any."""
    parts = [ready.windows(part, healthy=True)[0] for part in (ready.train, ready.test)]
    if min(map(len, parts)) < FEWEST:
        rows = ready.normal[1] - ready.normal[0]
        raise LatentError(
            f"The {rows:,} rows of the normal stretch give {len(parts[0])} windows of {ready.window} rows to train on and {len(parts[1])} to test on, "
            f"and at least {FEWEST} of each are needed: choose a shorter window, a smaller stride or a longer stretch."
        )
    x, x_test = (torch.from_numpy(np.ascontiguousarray(part)) for part in parts)
    return Dataset(name, x, x_test, None)
