"""What a row of a file is: a moment, a sample, or one value of a long table; and whether the table lies on its side."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ...base.text import plural
from .columns import Column
from .label_values import kinds_of
from .labels import name_tier
from .moment_forms import form_of
from .moments import read_moments
from .options import Options
from .table import MAX_VALUE, Findings
from .time_names import name_words

MIN_LENGTH = 12  # numbers in a row, from which on it may be a signal
PIXEL = re.compile(r"(?:pixel|pix|px)[ _]?\d+|\d+x\d+", re.IGNORECASE)  # a heading of pictures, a number of each
MAX_LOOKED_AT = 2_000_000  # cells


@dataclass(frozen=True)
class Shape:
    """What the cells of a file look like, as one matrix. along, down: how much neighbours in a row, and in a column,
    differ, as a share of how all cells do: 0 smooth, 1 unrelated. scales: how much the rows' own levels differ, 0 to 1.
    """

    along: float
    down: float
    scales: float


def shape_of(numeric: list[Column]) -> Shape | None:
    """The shape of columns of numbers; None where they are too few."""
    if len(numeric) < MIN_LENGTH or len(numeric[0]) < 3:
        return None
    rows = len(numeric[0])
    step = max(1, rows * len(numeric) // MAX_LOOKED_AT)
    block = max(2, min(rows, 4000 // step))
    at = np.unique(
        np.concatenate([np.arange(s, min(s + block, rows)) for s in np.linspace(0, rows - block, 3).astype(int)])
    )
    values = np.stack([column.numbers[at] for column in numeric if column.numbers is not None], 1)
    values = np.where(np.abs(values) < MAX_VALUE**0.5, values, np.nan)
    values = values[:, np.isfinite(values).any(0)]
    values = values[np.isfinite(values).any(1)]
    at = at[: len(values)]
    if values.shape[1] < MIN_LENGTH:
        return None
    spread = np.nanvar(values)
    if not spread > 0:
        return None
    follows = np.diff(at) == 1
    along = float(np.nanmean(np.diff(values, axis=1) ** 2) / (2 * spread))
    down = float(np.nanmean(np.diff(values, axis=0)[follows] ** 2) / (2 * spread)) if follows.any() else 1.0
    scales = float(np.nanvar(np.nanmean(values, 1)) / spread)
    return Shape(along, down, scales)


def is_across(columns: list[Column], options: Options) -> str:
    """Why a table lies on its side: "times" stand in its heading, its "rows" are whole records; else ""."""
    if options.layout == "across":
        return "said"
    if options.layout:
        return ""
    words = [c for c in columns if c.words is not None]
    numeric = [c for c in columns if c.numbers is not None]
    if len(numeric) < MIN_LENGTH or len(words) > 6:
        return ""
    names = [c.name for c in numeric]
    form, share = form_of(names[:: max(1, len(names) // 200)])
    if share > 0.9 and not form.startswith("d ") and form not in ("ym", "my", "doy", "week"):
        return "times"
    rows = len(columns[0])
    if any(c.times is not None or c.clock is not None for c in columns) or rows < 2 or len(numeric) < 4 * rows:
        return ""
    shape = shape_of(numeric)
    if shape and shape.scales > 0.9 and shape.along < 0.1 and shape.down > 0.5:
        return "rows"
    return "rows" if form.startswith("d ") and share > 0.9 and words and rows <= 200 else ""


def turned(columns: list[Column], why: str, findings: Findings) -> list[Column]:
    """The table with its rows as columns: names and units come from its first columns, moments from its heading."""
    words = [c for c in columns if c.words is not None]
    numeric = [c for c in columns if c.numbers is not None]
    rows = len(columns[0])
    values = np.stack([c.numbers for c in numeric if c.numbers is not None])
    names = [str(name) for name in words[0].words.to_pylist()] if words else [f"row {i + 1}" for i in range(rows)]
    units = [""] * rows
    for other in words[1:]:
        if name_words(other.name) & {"unit", "units", "einheit", "unité", "unidad", "eu"}:
            units = [unit or "" for unit in other.words.to_pylist()]
    channels = [Column(name or f"row {i + 1}", units[i], values[:, i]) for i, name in enumerate(names)]
    _unlike(channels)
    if why == "times" or form_of([c.name for c in numeric])[1] > 0.9:
        cells = [c.name for c in numeric]
        moments = read_moments(pa.chunked_array([pa.array(cells)]), cells, None)
        if moments is not None:
            channels.insert(0, Column("time", "", times=moments.times, clock=moments.seconds, how=moments.how))
    findings.note(
        "layout",
        "across",
        f"The table lies on its side: its {plural(rows, 'row')} are the channels, its columns the moments.",
    )
    if why == "rows":
        findings.doubt(
            "layout", "across", "samples", 0.8,
            f"Each of the {rows:,} rows holds a whole record: they are taken for channels, and may be samples instead.",
        )  # fmt: skip
    return channels


def _unlike(columns: list[Column]) -> None:
    """Give each a name of its own."""
    taken: set[str] = set()
    for column in columns:
        name, count = column.name, 1
        while column.name in taken:
            count += 1
            column.name = f"{name} {count}"
        taken.add(column.name)


def are_samples(columns: list[Column], has_time: bool, options: Options, findings: Findings) -> bool:
    """Whether each row is a sample of its own: a signal, a picture, a spectrum, or independent measurements."""
    if options.layout:
        return options.layout == "samples"
    numeric = [c for c in columns if c.numbers is not None and len(c.some)]
    if has_time or not columns or len(columns[0]) < 5:
        return False
    body = [c for c in numeric if not _is_class(c, columns)]
    if len(body) > MIN_LENGTH and sum(bool(PIXEL.fullmatch(c.name)) for c in body) > 0.9 * len(body):
        findings.note("layout", "samples", f"Each row is a sample of its own, a picture of {len(body):,} pixels.")
        return True
    shape = shape_of(body)
    if shape and (
        (shape.along < 0.4 * shape.down and shape.down > 0.2 and shape.along < 0.5)
        or (shape.along < 0.15 * shape.down and shape.down > 0.02)
    ):
        sure = 0.97 if shape.along < 0.15 * shape.down and shape.down > 0.4 else 0.8
        findings.note("layout", "samples", f"Each row is a sample of its own, a signal of {len(body):,} values.")
        if sure < 0.95:
            findings.doubt(
                "layout",
                "samples",
                "moments",
                sure,
                "Each row looks like a sample of its own, a whole signal; it may be a moment.",
            )
        return True
    return _are_independent(body, columns, findings)


def _is_class(column: Column, columns: list[Column]) -> bool:
    """Whether a first or last column may hold classes: few whole numbers, unlike its neighbours."""
    if column is not columns[0] and column is not columns[-1]:
        return name_tier(column.name) in (1, 2) and kinds_of(column) is not None
    kinds = kinds_of(column)
    return kinds is not None and 1 < len(kinds) <= 50 and len(kinds) < len(column) / 4


def _are_independent(body: list[Column], columns: list[Column], findings: Findings) -> bool:
    """Whether rows have nothing to do with their neighbours, as those of patients or parts; asked in any case."""
    rows = len(columns[0])
    if rows < 60 or len(body) < 3:
        return False
    groups = _groups(columns)
    related = []
    for column in body[:60]:
        values = column.some
        if len(values) > 30 and values.std() > 0 and len(np.unique(values)) > 5:
            centred = values - values.mean()
            if groups is not None and len(values) == rows:  # sorted by class, each row is still a sample of its own
                sums, counts = np.bincount(groups, values), np.bincount(groups)
                centred = values - (sums / np.maximum(counts, 1))[groups]
            if (spread := (centred**2).sum()) > 0:
                related.append(float((centred[1:] * centred[:-1]).sum() / spread))
    if len(related) < 3 or np.quantile(np.abs(related), 0.8) > 0.25:
        return False
    classes = [
        c
        for c in columns
        if name_tier(c.name) in (1, 2) or (c.words is not None and (k := kinds_of(c)) and 1 < len(k) <= 20)
    ]
    if classes:
        findings.note(
            "layout",
            "samples",
            f"Rows have nothing to do with their neighbours: each is a sample of {len(body)} measurements.",
        )
    chosen, other = ("samples", "moments") if classes else ("moments", "samples")
    findings.doubt(
        "layout", chosen, other, 0.7 if classes else 0.6,
        f"Rows have nothing to do with their neighbours: they are taken for {chosen}, and may be {other}.",
    )  # fmt: skip
    return bool(classes)


def _groups(columns: list[Column]) -> np.ndarray | None:
    """int (rows,): the class of each row, in the last or the first column of a few words; None where there is none."""
    for column in (columns[-1], columns[0], *columns[1:-1]):
        kinds = kinds_of(column) if column.words is not None else None
        if kinds and 1 < len(kinds) <= 20:
            coded = pc.dictionary_encode(pc.fill_null(column.words, "")).combine_chunks()
            return coded.indices.to_numpy(zero_copy_only=False)
    return None


def axis_of(names: list[str]) -> tuple[float, ...]:
    """The numbers in the headings of samples, such as wavelengths; () where those are no numbers."""
    try:
        axis = tuple(float(name.replace(",", ".").lstrip("Xxtv_")) for name in names)
    except ValueError:
        return ()
    steps = np.diff(axis)
    return axis if len(axis) > 2 and ((steps > 0).all() or (steps < 0).all()) else ()
