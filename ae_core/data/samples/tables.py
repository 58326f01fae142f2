"""Tables with a sample in each row: signals, pictures whose pixels are columns, or measurements."""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural
from ..csv.cells import listed
from ..csv.columns import Column, pick_column
from ..csv.options import make_options
from ..csv.reading import columns_of
from ..csv.table import Findings
from .axis import axis_of
from .collection import MAX_CLASSES, Collection, check_volume, whole_text
from .script import layout_of

IDS = {"id", "ids", "sample", "index", "no", "nr", "number", "row", "name", "key", "unnamed: 0", "#", "sampleid"}
LABELS = {"label", "labels", "class", "classes", "target", "y", "species", "diagnosis", "category", "klasse", "type"}
SIDES = (8, 64)  # of pictures whose pixels are columns
SMOOTH = 0.5  # of how much any two values differ: neighbours of a signal differ less
BLOCK = 64  # columns that are turned into rows at a time
MIN_LENGTH = 12  # values, below which a row is measurements unless its headings are an axis


def read_samples_table(data: bytes, label: str = "", group: str = "", kind: str = "", **said: Any) -> Collection:
    """The samples in the rows of a text table's or Parquet file's bytes.

    label, group: heading or number of a column (from 0, −1 the last), label "none", "" to find out; kind: what the
    samples are, "" to find out; said: how the table is to be read, see csv's `Options`. Raises LatentError.
    """
    findings = Findings()
    columns, _, _, marks = columns_of(data, make_options(layout="samples", most_bytes=None, **said), findings)
    if not columns or not len(columns[0]):
        raise LatentError("The table has no rows: give one with a sample in each row.")
    names, units = [c.name for c in columns], [c.unit for c in columns]
    group_column = _picked(columns, group, "the groups") if group else None
    label_column = _label(columns, label or marks.label or "", group_column)
    rest = [c for c in columns if c is not label_column and c is not group_column]
    id_column = next((c for c in rest[:2] if _is_id(c, rest)), None)
    body = [c for c in rest if c is not id_column and c.numbers is not None and len(c.some)]
    gone = [c.name for c in rest if c is not id_column and not any(c is other for other in body)]
    if not body:
        raise LatentError("No column of the table holds numbers: give one with a sample in each row.")
    check_volume(len(body[0]), len(body))
    place = {id(column): index for index, column in enumerate(columns)}
    at = None if label_column is None else place[id(label_column)]
    layout = layout_of(findings.notes, findings.left_out, tuple(place[id(column)] for column in body), at)
    values = _as_rows(body)
    collection = _of_kind(values, [c.name for c in body], [c.unit for c in body], kind)
    collection.layout = layout
    if gone:
        collection.note("columns", gone, f"Left out, since they hold no numbers: {listed(gone, 5)}.")
    if label_column is not None:
        collection.set_classes(_texts(label_column), label_column.name, bool(label))
    elif label != "none":
        collection.note("label", "none", "No column holds classes.")
    if group_column is not None:
        collection.groups = tuple(_texts(group_column))
        many = len(set(collection.groups))
        collection.note("group", group, f"{group_column.name[:40]!r} holds {plural(many, 'group')}, each kept whole.")
    if id_column is not None:
        collection.ids = tuple(_texts(id_column))
        collection.note("ids", id_column.name, f"{id_column.name[:40]!r} names the samples.")
    del names, units
    return collection


def _as_rows(columns: list[Column]) -> np.ndarray:
    """The columns' numbers as rows (N, D), float32; they are let go, as a table of 60,000 pictures is large."""
    values = np.empty((len(columns[0]), len(columns)), np.float32)
    for start in range(0, len(columns), BLOCK):  # column by column each value would lie in a line of memory of its own
        block = columns[start : start + BLOCK]
        values[:, start : start + BLOCK] = np.stack([c.numbers.astype(np.float32) for c in block]).T  # type: ignore[union-attr]
        for column in block:
            column.numbers = None
    return values


def _picked(columns: list[Column], name: str, what: str) -> Column:
    """The column of that heading, else of that number from 0, −1 the last. Raises LatentError where there is none."""
    if name in {c.name for c in columns} or not re.fullmatch(r"-?\d{1,6}", name):
        return pick_column(columns, name, what)
    if not -len(columns) <= int(name) < len(columns):
        raise LatentError(f"There is no column {name} for {what}: the table has {plural(len(columns), 'column')}.")
    return columns[int(name)]


def _label(columns: list[Column], said: str, group: Column | None) -> Column | None:
    """The column of classes: the one that was said, one that is called so, or else the first or last that looks so."""
    if said == "none":
        return None
    if said:
        return _picked(columns, said, "the label")
    others = [c for c in columns if c is not group]
    for column in others:
        plain = re.sub(r"[^a-z]", "", column.name.lower())
        if plain in LABELS and 1 < _kinds(column) <= MAX_CLASSES:
            return column
    if odd := _odd_one_out(others):
        return odd
    ends = [(at, near) for at, near in ((-1, -2), (0, 1)) if len(others) > 3 and _is_class(others[at], others[near])]
    if ends:
        # Both ends may look so: the one whose classes are more even is the likelier.
        return others[max(ends, key=lambda end: _evenness(others[end[0]]))[0]]
    words = [c for c in others if c.words is not None and 1 < _kinds(c) <= min(50, max(2, len(c) // 4))]
    return words[0] if words else None


def _odd_one_out(columns: list[Column]) -> Column | None:
    """The one column that is not numbered as all others are (p0, p1, which, p2 …), where it may hold classes."""
    numbered = [re.fullmatch(r"(.*?)[ _.]?\d+(?:\.\d+)?", c.name.strip()) for c in columns]
    odd = [c for c, match in zip(columns, numbered, strict=True) if match is None]
    stems = {match[1] for match in numbered if match}
    if len(columns) < MIN_LENGTH or len(odd) != 1 or len(stems) != 1:
        return None
    return odd[0] if 1 < _kinds(odd[0]) <= min(50, max(2, len(odd[0]) // 4)) else None


def _kinds(column: Column) -> int:
    """How many different values a column has; 0 where its numbers are not whole."""
    if column.numbers is not None:
        kinds = np.unique(column.some)
        return 0 if (kinds != np.floor(kinds)).any() else len(kinds)
    return 0 if column.words is None else len(column.words.drop_null().unique())


def _is_class(column: Column, neighbour: Column) -> bool:
    """Whether a first or last column may hold classes: few whole numbers, and its neighbour does not."""
    kinds = _kinds(column)
    if not 1 < kinds <= min(50, max(2, len(column) // 2)):
        return False
    return column.words is not None or not 1 < _kinds(neighbour) <= kinds


def _evenness(column: Column) -> float:
    counts = np.unique(np.array(_texts(column)), return_counts=True)[1]
    share = counts / counts.sum()
    return float(-(share * np.log(share)).sum() / math.log(max(len(share), 2)))


def _is_id(column: Column, columns: list[Column]) -> bool:
    """Whether a column names or numbers the samples."""
    named = re.sub(r"[^a-z: 0#]", "", column.name.lower()).strip() in IDS or not column.name
    if column.numbers is None:
        return column.words is not None and (named or _kinds(column) == len(column))
    some = column.some
    unique = len(some) == len(column) and len(np.unique(some)) == len(some) and bool((some == np.floor(some)).all())
    return unique and len(columns) > 3 and (named or bool((np.diff(some) == 1).all() and len(some) > 2))


def _texts(column: Column) -> list[str]:
    if column.numbers is not None:
        return [whole_text(number) for number in column.numbers.tolist()]
    if column.words is not None:
        return [text or "" for text in column.words.to_pylist()]
    times = column.times if column.times is not None else column.clock
    return [] if times is None else [str(time) for time in times]


def _of_kind(values: np.ndarray, names: Sequence[str], units: Sequence[str], kind: str) -> Collection:
    """Rows (N, D) as pictures, signals or measurements."""
    axis, axis_name, axis_unit = axis_of(names, units)
    picture = None if axis or kind in ("signals", "features") else _picture_shape(values, names, kind == "pictures")
    if picture is not None:
        made = _as_pictures(values, picture)
        collection = Collection(made, "pictures")
        _, channels, side = picture
        what = "colour" if channels == 3 else "grey levels"
        collection.note("kind", "pictures", f"Each row is a picture: {side}×{side} pixels in {what}.")
        return collection
    if kind == "pictures":
        raise LatentError(f"{values.shape[1]:,} columns are no square of pixels: choose kind signals or features.")
    if kind == "signals" or (kind != "features" and (axis or _is_signal(values))):
        same = set(units)
        unit = same.pop() if len(same) == 1 and not axis else ""
        collection = Collection(
            values[:, None], "signals", axis=axis, axis_name=axis_name, axis_unit=axis_unit, channels=(("", unit),)
        )
        along = f" along {axis_name or 'the numbers in the heading'}, {axis[0]:g} to {axis[-1]:g}" if axis else ""
        unit = f" {axis_unit}" if axis and axis_unit else ""
        collection.note("kind", "signals", f"Each row is a signal of {values.shape[1]:,} values{along}{unit}.")
        return collection
    collection = Collection(values[:, None], "features", channels=tuple(zip(names, units, strict=True)))
    count = plural(values.shape[1], "measurement")
    collection.note("kind", "features", f"Each row is a sample of {count}, each scaled by its own spread.")
    return collection


def _is_signal(values: np.ndarray) -> bool:
    """Whether neighbours in a row are alike."""
    if values.shape[1] < MIN_LENGTH:
        return False
    some = values[:: max(1, len(values) // 2000)]
    spread = float(np.nanvar(some))
    # Columns of unlike size are measurements, even where two neighbours of them are alike.
    return spread > 0 and float(np.nanmean(np.diff(some, axis=1) ** 2)) < SMOOTH * 2 * spread and not _unlike(some)


def _unlike(values: np.ndarray) -> bool:
    """Whether neighbouring columns differ in size as those of signals do not."""
    sizes = np.sqrt(np.nanmean(values.astype(np.float64) ** 2, 0)) + 1e-12
    return float(np.median(np.abs(np.diff(np.log(sizes))))) > 0.7


def _picture_shape(values: np.ndarray, names: Sequence[str], said: bool) -> tuple[str, int, int] | None:
    """(order of the columns, channels, side) of rows that are pictures."""
    width = values.shape[1]
    called = sum(bool(re.match(r"(pixel|px|pix)[ _.]?\d", name.lower())) for name in names) > 0.9 * width
    some = values[:: max(1, len(values) // 1000)]
    finite = some[np.isfinite(some)]
    if not len(finite) or finite.min() < 0 or finite.max() > 255:
        return None
    for channels in (1, 3):
        side = math.isqrt(width // channels)
        if side * side * channels != width or not SIDES[0] <= side <= SIDES[1]:
            continue
        whole = bool((finite == np.floor(finite)).all())
        if channels == 1 and (called or said or ((whole or finite.max() <= 1) and _has_rows(some, side))):
            return "chw", 1, side
        if channels == 3 and (called or said or whole):
            planes = float(np.mean(np.diff(some.reshape(len(some), 3, -1), axis=2) ** 2))
            pixels = float(np.mean((some[:, 3:] - some[:, :-3]) ** 2))
            return ("chw" if planes <= pixels else "hwc"), 3, side
    return None


def _has_rows(values: np.ndarray, side: int) -> bool:
    """Whether values `side` apart are more alike than those a little nearer or farther: one lies below the other."""

    def apart(lag: int) -> float:
        return float(np.nanmean((values[:, lag:] - values[:, :-lag]) ** 2))

    below = apart(side)
    return below < 0.9 * min(apart(side - 2), apart(side + 2)) or (
        below < min(apart(side // 2), apart(side + side // 2)) and side <= 10
    )


def _as_pictures(values: np.ndarray, shape: tuple[str, int, int]) -> np.ndarray:
    order, channels, side = shape
    made = values.reshape(-1, *((channels, side, side) if order == "chw" else (side, side, channels)))
    made = made if order == "chw" else np.moveaxis(made, -1, 1)
    high = float(np.nanmax(made))
    if 1 < high <= 255:
        with np.errstate(invalid="ignore"):  # a missing value is no byte, which the comparison says
            whole = made.astype(np.uint8)
        if bool((whole == made).all()):
            return whole if high > 16 else made / np.float32(high)
    return made if high <= 1 else made / np.float32(255)
