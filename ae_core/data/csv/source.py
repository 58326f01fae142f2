"""Your own table: read, cut into windows, and scaled by the stretch that you call normal.

Everything is decided by `Csv.prepare`, which training, scoring and the page share: the same file and knobs, the same
windows.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from ...base import budget
from ...base.belonging import arrays_checksum
from ...base.errors import LatentError
from ...base.options import option
from ...base.owners import owner
from .. import COPIES, Dataset, Progress, Source
from .cells import DECIMALS, DELIMITERS
from .fill import fill_table
from .options import ORIGINS, TIME_UNITS
from .resample import resampled
from .table import LAYOUTS, MAX_ROWS, Table, joined
from .uploads import is_upload, upload_or_path
from .windows import MIN_WINDOWS, Prepared, prepared

if TYPE_CHECKING:
    from torch import Tensor

LARGEST_STRIDE = 1_000_000


@dataclass(frozen=True)
class Scoring:
    """How windows become scores: see the knobs of Csv with these names."""

    score_type: str = "newest"
    smoothing_rows: int = 64
    variance: float = 0.7


# knobs that go to the reader as they are, where they are not empty
SAID = (
    *("delimiter", "decimal", "encoding", "heading", "leave_out", "layout", "time", "time_format", "time_unit"),
    *("time_origin", "time_step", "label", "normal_values", "columns", "steps", "missing", "values", "states"),
)


@dataclass(frozen=True)
class Csv(Source):
    """Windows of the channels of a table; what is not given is found out or proposed."""

    title: ClassVar = "Your own table (CSV)"
    about: ClassVar = (
        "Your own sensor data: a text table with a row for each moment and a column for each channel, cut into windows."
    )
    signals: ClassVar = True
    formerly: ClassVar = {"score_type": "combined"}

    file: str = option("", "the table: a file's path, or the name of an uploaded one")
    columns: str = option("", "channels, by name with commas between; empty: every column of numbers")
    normal: str = option(
        "",
        "stretches that are normal, START:END in rows or times, with commas between; empty: proposed",
    )
    window: int = option(
        0,
        "length of a window; 0: up to 128, as the normal stretch bears; for older scores the dominant period",
        low=0,
        high=65_536,
        unit="rows",
    )
    stride: int = option(
        0, "rows from one training window to the next; 0: proposed", low=0, high=1_000_000, unit="rows"
    )
    max_gap_steps: int = option(
        5,
        "longest gap that is filled by a straight line; windows never cross a longer one",
        low=0,
        high=10_000,
        unit="steps",
        aliases=("bridge",),
    )
    resample_seconds: float = option(
        0.0,
        "resample to a row every so many seconds (or 5min, 2h); 0: the rows as they are",
        low=0,
        high=1e7,
        unit="s",
        aliases=("every",),
    )
    score_type: str = option(
        "newest",
        "newest: the worst channel of the newest rows and the distance to the nearest normal codes; "
        "combined: error and place of the code, of the whole window; error: the mean squared error alone",
        choices=("newest", "combined", "error"),
        aliases=("scores",),
    )
    smoothing_rows: int = option(
        64,
        "rows over which scores are averaged, backwards; 1: each window by itself",
        low=1,
        high=100_000,
        unit="rows",
        aliases=("memory",),
    )
    variance: float = option(
        0.7, "share of the variance that the code keeps for scores, where it can be cut", low=0.05, high=0.999
    )
    time: str = option("", "time column, columns that say it together with commas between, or none; empty: found")
    label: str = option("", "column that says what is abnormal, or none; empty: found")
    delimiter: str = option("", "what separates columns; empty: found", choices=("", *DELIMITERS))
    decimal: str = option("", "decimal sign; empty: found", choices=("", *DECIMALS))
    header: str = option("", "whether the first row names the columns; empty: found", choices=("", "yes", "no"))
    heading: int = option(0, "number of the line that names the columns; 0: found", low=0, high=1_000_000)
    leave_out: str = option("", "lines that are no rows, such as 1-3,17,-1; -1 is the last")
    layout: str = option(
        "",
        "what a row is: a moment, a sample, one value of a long table, a day; across: the table lies on its side",
        choices=("", *LAYOUTS, "across", "days"),
    )
    time_format: str = option("", "how times are written, such as %d.%m.%Y %H:%M; empty: found")
    time_unit: str = option("", "of times that are numbers; empty: found", choices=("", *TIME_UNITS))
    time_origin: str = option(
        "", f"what times that are numbers count from: {', '.join(ORIGINS)} or a day; empty: found"
    )
    time_step: float = option(
        0.0, "seconds from row to row, without a time column; 0: as found", low=0, high=1e7, unit="s"
    )
    normal_values: str = option("", "values of the label that are normal, with commas between; empty: found")
    states: str = option("", "words as numbers, such as ON=1, OFF=0; empty: those that everybody knows")
    fill: str = option(
        "", "missing values are filled with last, line or none, or by channel: a: last, b: line; empty: proposed"
    )
    encoding: str = option("", "text encoding, such as utf-8, utf-16 or latin-1; empty: found")
    day_first: str = option("", "whether 1/2 is the first of February; empty: found", choices=("", "yes", "no"))
    missing: str = option("", "further texts that mean a missing value, with commas between, such as -999")
    values: str = option(
        "", "numbers that are values although they look like a missing one, with commas between, such as 850"
    )
    steps: str = option("", "counters, by name with commas between, whose steps from row to row are the channels")
    first: int = option(0, "rows that are read, from the beginning; 0: all", low=0, high=MAX_ROWS, unit="rows")
    most_mb: int = option(
        2000, "largest file that is read at once", low=1, high=100_000, unit="MB"
    )  # a page limits its uploads itself

    def path(self) -> Path:
        """The upload of that name, or else the file at that path."""
        return upload_or_path(self.file)

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
        from .pieces import LARGE  # not above: pandas comes with it, and a recipe that names a table reads none
        from .reading import read_table

        most = self.most_mb * 1_000_000
        table = (
            joined(list(self.in_pieces(LARGE)))
            if self.first
            else read_table(self.existing(), **self.said(), most_bytes=most)
        )
        checksum = arrays_checksum((table.values, table.time, table.label))
        return self.finished(replace(table, about=replace(table.about, checksum=checksum)))

    def finished(self, table: Table) -> Table:
        """A table as it was read, with missing values filled and resampled as these settings say. Raises
        LatentError.
        """
        table = fill_table(table, self.fill, self.max_gap_steps, bool(self.resample_seconds))
        return resampled(table, self.resample_seconds) if self.resample_seconds else table

    def in_pieces(self, size: int | None = None) -> Iterator[Table]:
        """The file as tables that follow on each other, of some `size` bytes each (None: PIECE), as its rows are
        (`resample_seconds` is not looked at). Raises LatentError.
        """
        from .pieces import PIECE, read_pieces

        return read_pieces(self.existing(), size or PIECE, **self.said(), rows=self.first)

    def existing(self) -> Path:
        """Where its file lies. LatentError where there is none, or none of whoever asks."""
        if not self.file:
            raise LatentError("No table is chosen: name one with file, a path or an uploaded file's name.")
        if not self.here():
            raise LatentError(
                f"There is no file {self.file[:200]!r}: check the name and the folder, or upload it again."
            )
        return self.path()

    def said(self) -> dict[str, Any]:
        """What the knobs say about the file, as `read_table` takes it."""
        yes = {"": None, "yes": True, "no": False}
        plain = {name: getattr(self, name) or None for name in SAID}
        return plain | {"header": yes[self.header], "day_first": yes[self.day_first]}

    def script(self) -> str:
        """Its table is the program's first argument, or else this one."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        settings = "".join(f", {name}={value!r}" for name, value in said.items() if name != "file")
        return inspect.cleandoc(f"""
            import sys

            from ae_core.data.csv.source import Csv

            # Your table, or another one as this program's argument. Latent Explorer's reader cuts it into windows: run
            # this beside ae_core/.
            table = Csv(file=sys.argv[1] if len(sys.argv) > 1 else {self.file!r}{settings})
            data = table.load()
            x_train, x_test = data.x_train, data.x_test
        """)

    def script_end(self, errors: str) -> str:
        """A score for each row that a window ends with, the threshold, and a file of them."""
        return inspect.cleandoc(f"""
            # A row's score is the error of the window that ends with it. The threshold lies above 99 % of the scores of
            # held-out normal windows.
            ready = table.prepare()
            windows, first_rows = ready.windows((0, len(ready.table)), 1)


            def scores(x):
                generator = Generator().manual_seed(seed)
                with torch.no_grad():
                    return torch.cat([{errors} for part in x.split(2000)])


            score, threshold = scores(torch.from_numpy(windows.copy())), torch.quantile(scores(x_test), 0.99)
            with open("scores.csv", "w") as file:
                print("row,score,threshold,abnormal", file=file)
                for row, value in zip(first_rows + ready.window - 1, score.tolist()):
                    print(f"{{row}},{{value:.6g}},{{threshold:.6g}},{{int(value > threshold)}}", file=file)
            print(f"threshold {{threshold:.6g}}: {{int((score > threshold).sum())}} of {{len(score)}} rows above it")
        """)

    def scoring(self) -> Scoring:
        return Scoring(self.score_type, self.smoothing_rows, self.variance)

    def prepare(self, table: Table | None = None) -> Prepared:
        """The table (read, unless given) with its windows, scaling and normal stretch. Raises LatentError."""
        return prepared(
            self.table() if table is None else table,
            self.window,
            self.stride,
            self.normal,
            self.max_gap_steps,
            self.score_type == "newest",
        )

    def load(self, progress: Progress | None = None) -> Dataset:
        ready = self.prepare()
        return dataset(ready, "csv")


def dataset(ready: Prepared, name: str) -> Dataset:
    """The healthy windows of the training part and of the held-out part. Raises LatentError where there are hardly
    any.
    """
    train, test = (ready.view(part, healthy=True) for part in (ready.train, ready.test))
    if min(len(train), len(test)) < MIN_WINDOWS:
        rows = sum(last - first for first, last in ready.stretches)
        raise LatentError(
            f"The {rows:,} rows of the normal stretch give {len(train)} windows of {ready.window} "
            f"rows to train on and {len(test)} to test on, "
            f"and at least {MIN_WINDOWS} of each are needed: choose a shorter window, a smaller stride "
            "or a longer stretch."
        )
    ask_windows(ready, len(test))
    # Training windows are gathered a batch at a time; the held-out ones, a quarter as many, are asked for again and
    # again.
    return Dataset(name, cast("Tensor", train), test.gather(), None, checksum=ready.table.about.checksum)


def ask_windows(ready: Prepared, held_out: int) -> None:
    """Announce what the held-out windows and what is measured on them take. Raises BudgetError with a stride that
    fits.
    """
    size = ready.window * len(ready.table.names)
    rows = ready.test[1] - ready.test[0]

    def need(coarseness: int) -> float:  # grows as the stride becomes finer
        return COPIES * 4 * size * min(held_out, rows / (LARGEST_STRIDE - coarseness))

    wanted = min(ready.stride, LARGEST_STRIDE - 1)
    fitting = budget.largest_fitting(need, 1, LARGEST_STRIDE - wanted)
    stride = None if fitting is None else LARGEST_STRIDE - fitting
    if stride is not None and rows // stride < MIN_WINDOWS:
        stride = None
    advice = "choose a shorter window" if stride is None else f"stride {stride:,} fits"
    budget.ask(
        need(LARGEST_STRIDE - wanted),
        f"Windows of {ready.window:,} rows at stride {ready.stride:,} need",
        advice,
        {} if stride is None else {"stride": stride},
        keeps=4 * size * held_out,
    )
