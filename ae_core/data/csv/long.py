"""Long tables: one value a row, with the name of what was measured beside it; devices one after the other."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...base.text import plural
from .candidates import Clock
from .cells import listed
from .columns import Column, read_words
from .epochs import stamps
from .options import Options
from .table import Findings
from .time_names import name_words

MAX_NAMES = 2000
MAX_TURNS = 60  # names of one value a row that take turns
KEY_WORDS = {
    *[
        "name",
        "varname",
        "tag",
        "tagname",
        "sensor",
        "sensorid",
        "entity",
        "entityid",
        "channel",
        "variable",
        "parameter",
        "field",
        "metric",
        "signal",
        "point",
        "item",
        "quantity",
    ],
    *[
        "series",
        "key",
        "attribute",
        "mnemonic",
        "measurement",
        "device",
        "node",
        "id",
        "machine",
        "unit",
        "station",
        "asset",
        "turbine",
        "engine",
        "group",
        "serial",
        "pump",
    ],
    *[
        "location",
        "site",
        "room",
        "probe",
        "address",
        "topic",
        "subject",
        "patient",
        "ticker",
        "symbol",
        "meter",
        "vehicle",
        "pid",
    ],
}
VALUE_WORDS = {
    *[
        "value",
        "val",
        "varvalue",
        "state",
        "reading",
        "wert",
        "valor",
        "valeur",
        "valore",
        "payload",
        "y",
        "measurement",
        "result",
        "data",
        "waarde",
    ]
}
NO_CHANNEL = {
    *[
        "validity",
        "quality",
        "status",
        "qualitycode",
        "flags",
        "time",
        "ms",
        "timems",
        "result",
        "table",
        "unit",
        "units",
        "source",
    ]
}


@dataclass(frozen=True)
class Long:
    """How a long table is laid out. key: the column that names what each row is of; values: those with the numbers;
    stacked: whether its blocks follow on each other, so that rows stay and are cut between them.
    """

    key: Column
    values: tuple[Column, ...]
    stacked: bool


def find_long(columns: list[Column], clock: Clock, options: Options) -> Long | None:
    """How a table is long; None where it is not."""
    if options.layout and options.layout != "long":
        return None
    clock = as_written(clock)
    used = {id(c) for c in (*clock.columns, *clock.others)}
    rest = [c for c in columns if id(c) not in used]
    keys = [c for c in rest if _codes(c) is not None]
    keys.sort(key=lambda c: (not _words(c) & KEY_WORDS, c.words is None))
    for key in keys:
        codes = _codes(key)
        if codes is None:
            continue
        values = [c for c in rest if c is not key and _holds_values(c)]
        moving = [c for c in values if len(np.unique(c.some)) > 1]
        values = moving or values  # a register's number, an hour of observation: the same throughout
        named = [c for c in values if _words(c) & VALUE_WORDS]
        if len(named) == 1 and (len(values) <= 2 or key.words is not None):
            values = named
        if not _repeats(codes, clock, columns, key) and not (
            len(named) == 1 and len(values) == 1 and _takes_turns(codes, clock, key)
        ):
            continue
        if values:
            blocks = int((np.diff(codes) != 0).sum()) + 1
            alone = len(values) == 1 and key.words is not None
            if (not alone and key.words is not None and len(values) == 1) or not values:
                continue
            if key.words is None and not _words(key) & KEY_WORDS:
                continue
            stacked = not alone and blocks <= 2 * len(np.unique(codes))
            return Long(key, tuple(values), stacked)
    return None


def as_written(clock: Clock) -> Clock:
    """The clock with the moments that are in the file: those of rounded seconds were put between each other."""
    if clock.kind != "start" or len(clock.columns) != 1 or clock.columns[0].numbers is None or not clock.scale:
        return clock
    numbers = clock.columns[0].numbers
    return replace(clock, times=stamps(numbers, clock.scale), seconds=numbers * clock.scale)


def _takes_turns(codes: np.ndarray, clock: Clock, key: Column) -> bool:
    """Whether each row has a moment of its own and the names in a column that is called so take turns."""
    if clock.times is None or key.words is None or not _words(key) & KEY_WORDS or len(np.unique(codes)) > MAX_TURNS:
        return False
    return bool((np.diff(codes) != 0).mean() > 0.3)


def _words(column: Column) -> frozenset[str]:
    words = name_words(column.name)
    return (
        words
        | {word.replace("_", "").replace(" ", "") for word in words}
        | {w for word in words for w in word.split("_")}
    )


def _codes(column: Column) -> np.ndarray | None:
    """int (rows,): which of its few names, each of several rows, a row has; None of a column that holds no names."""
    rows = len(column)
    if rows < 8:
        return None
    if column.words is not None:
        if column.words.null_count > 0.02 * rows:
            return None
        coded = pc.dictionary_encode(column.words).combine_chunks()
        codes, count = pc.fill_null(coded.indices, 0).to_numpy(zero_copy_only=False), len(coded.dictionary)
    elif column.numbers is not None and _words(column) & KEY_WORDS:
        there = column.some
        if len(there) < rows or (there != np.floor(there)).any():
            return None
        names, codes = np.unique(there, return_inverse=True)
        count = len(names)
    else:
        return None
    return codes if 1 < count <= min(MAX_NAMES, rows // 4) else None


def _repeats(codes: np.ndarray, clock: Clock, columns: list[Column], key: Column) -> bool:
    """Whether time goes on within each name, and not from row to row."""
    if clock.times is not None:
        known = ~np.isnat(clock.times)
        times, codes = clock.times[known].astype(np.int64), codes[known]
        order = np.argsort(codes, kind="stable")
        same = np.diff(codes[order]) == 0
        within, overall = np.diff(times[order])[same], np.diff(times)
        if abs((overall > 0).mean() - 1) < 1e-9 or (overall < 0).all():
            return False
        rising = float((within > 0).mean()) if len(within) else 0.0
        falling = float((within < 0).mean()) if len(within) else 0.0
        folds = float((overall <= 0).mean())
        # Blocks that follow on each other: time begins anew with the next name. A clock set back, or a row that is
        # there twice, makes no table of many.
        back = overall < 0
        names = len(np.unique(codes))
        anew = names > 1 and back.sum() >= names - 1 and (back & (np.diff(codes) != 0)).sum() > 0.8 * back.sum()
        return max(rising, falling) > 0.97 and bool(folds > 0.3 or anew)
    return _restarting(codes, columns, key) is not None


def _restarting(codes: np.ndarray, columns: list[Column], key: Column) -> Column | None:
    """A column that counts on by one within each block and begins anew with the next."""
    borders = np.diff(codes) != 0
    if not 1 <= borders.sum() <= len(np.unique(codes)) + 1:
        return None
    for column in columns:
        if column is key or column.numbers is None or len(column.some) < 0.99 * len(codes):
            continue
        known, rows = np.isfinite(column.numbers), np.arange(len(codes))
        steps = np.diff(np.interp(rows, rows[known], column.numbers[known]))
        inside = steps[~borders]
        # A row that is missing, or there twice, is a hole in the count and not another table.
        if (inside >= 0).all() and (inside == 1).mean() > 0.98 and (steps[borders] < 0).mean() > 0.8:
            return column
    return None


def _holds_values(column: Column) -> bool:
    if column.numbers is None or not len(column.some):
        return False
    return not _words(column) & NO_CHANNEL - {"result"} or bool(_words(column) & VALUE_WORDS)


def made_wide(
    layout: Long, clock: Clock, point: str, options: Options, findings: Findings
) -> tuple[list[Column], Clock]:
    """(columns, clock) of the wide table: a row for each moment, a channel for each name."""
    codes, clock = _codes(layout.key), as_written(clock)
    times = clock.times if clock.times is not None else np.zeros(len(layout.key), "datetime64[ns]")
    known = ~np.isnat(times)
    moments, at = np.unique(times[known], return_inverse=True)
    names = _names(layout.key)
    columns = []
    for value in layout.values:
        for name, which in names.items():
            rows = np.flatnonzero(known & (np.asarray(codes) == which))
            place = at[np.cumsum(known)[rows] - 1]
            title = name if len(layout.values) == 1 else f"{value.name} {name}"
            columns.append(_wide_column(title, value, rows, place, len(moments), point, options))
    seconds = None
    if clock.seconds is not None:
        seconds = np.full(len(moments), np.nan)
        seconds[at] = clock.seconds[known]
    findings.note(
        "layout", "long",
        f"The table is long, one value a row: {plural(len(names), 'name')} in {layout.key.name!r} became channels "
        f"({listed(list(names))}), and {len(times):,} rows became {len(moments):,}.",
    )  # fmt: skip
    return columns, Clock(clock.columns, moments, seconds, clock.how, clock.kind, clock.scale)


def wide_flags(flags: np.ndarray, clock: Clock) -> np.ndarray:
    """bool (moments,): whether any of a moment's rows is abnormal. flags: bool (rows,)."""
    times = clock.times if clock.times is not None else np.zeros(len(flags), "datetime64[ns]")
    known = ~np.isnat(times)
    moments, at = np.unique(times[known], return_inverse=True)
    return np.bincount(at, weights=flags[known], minlength=len(moments)) > 0


def _names(key: Column) -> dict[str, int]:
    if key.words is not None:
        return {
            name: i for i, name in enumerate(pc.dictionary_encode(key.words).combine_chunks().dictionary.to_pylist())
        }
    return {f"{key.name} {value:g}": i for i, value in enumerate(np.unique(key.some))}


def _wide_column(
    name: str, value: Column, rows: np.ndarray, place: np.ndarray, count: int, point: str, options: Options
) -> Column:
    column = Column(name, value.unit)
    if value.raw is not None:  # among its cells are words, which may be another name's states
        cells = pd.Series(value.raw.take(pa.array(rows)).to_numpy(), index=place)
        cells = cells[~cells.index.duplicated(keep="last")].reindex(range(count))
        strings = pa.chunked_array([pa.array([None if c is None or c != c else c for c in cells], pa.string())])
        read_words(column, strings, point, options)
        return column
    numbers = np.full(count, np.nan)
    numbers[place] = value.numbers[rows] if value.numbers is not None else np.nan
    column.numbers, column.whole = numbers, value.whole
    return column


def group_of(layout: Long, columns: list[Column], findings: Findings) -> tuple[np.ndarray, list[Column]]:
    """(int (rows,): the block of each row; the columns that are no channels) of devices that are stacked."""
    codes = np.asarray(_codes(layout.key))
    group = np.r_[0, np.cumsum(np.diff(codes) != 0)]
    gone = [layout.key]
    if restarting := _restarting(codes, columns, layout.key):
        gone.append(restarting)
    count = len(np.unique(codes))
    findings.note(
        "layout", "long",
        f"{plural(count, 'device')} of {layout.key.name!r} are stacked on each other: windows are cut between them.",
    )  # fmt: skip
    return group, gone
