"""Which columns are channels, and what is odd about their values."""

import numpy as np

from ...base.errors import LatentError
from .cells import listed, words_of
from .columns import Column, pick_column
from .table import MAX_VALUE, Note

COUNTERS = {"", "unnamed: 0", "#", *words_of("index idx id row rows no nr lfd record")}


def choose_channels(
    rest: list[Column], columns: list[Column], wanted: list[str] | None, notes: list[Note]
) -> list[Column]:
    if wanted:
        picked = [pick_column(columns, name, "a channel") for name in dict.fromkeys(wanted)]
        if words := [c.name for c in picked if c.numbers is None]:
            raise LatentError(f"The column {words[0][:40]!r} holds no numbers: leave it out of the channels.")
        left = []
    else:
        left = [c for c in rest if c.numbers is None]
        picked = [c for c in rest if c.numbers is not None]
        counters = [c for c in picked if c is columns[0] and len(picked) > 1 and is_counter(c)]
        picked = [c for c in picked if c not in counters]
        if left:
            verb = (
                "hold text or times and are"
                if len(left) > 1
                else f"holds {'text' if left[0].words is not None else 'times'} and is"
            )
            notes.append(
                Note("text", tuple(c.name for c in left), f"{listed([c.name for c in left])} {verb} left out.")
            )
        if counters:
            notes.append(
                Note("counter", counters[0].name, f"{counters[0].name!r} only counts the rows and is left out.")
            )
    empty = [c for c in picked if np.isnan(c.numbers).all()]
    picked = [c for c in picked if c not in empty]
    if empty:
        notes.append(
            Note(
                "empty", tuple(c.name for c in empty), f"{listed([c.name for c in empty])}: no value at all, left out."
            )
        )
    if not picked:
        why = (
            "all values are missing"
            if empty
            else f"they hold text, such as {example_of(left)!r}"
            if left
            else "the time and the label are all there is"
        )
        raise LatentError(
            f"No column holds numbers ({why}): check the delimiter and the decimal sign, or give another file."
        )
    says = f"{len(picked):,} channel{'s' * (len(picked) > 1)}: {listed([f'{c.name} [{c.unit}]' if c.unit else c.name for c in picked])}."
    notes.append(Note("columns", tuple(c.name for c in picked), says))
    return picked


def example_of(columns: list[Column]) -> str:
    return next(
        (
            c.words.drop_null()[0].as_py()[:30]
            for c in columns
            if c.words is not None and len(c.words) > c.words.null_count
        ),
        columns[0].name[:30],
    )


def is_counter(column: Column) -> bool:
    named = column.name.lower() in COUNTERS or column.name in ("column 1", "row")
    return (
        named
        and len(column.numbers) > 1
        and bool((column.numbers == column.numbers[0] + np.arange(len(column.numbers))).all())
    )


def note_oddities(channels: list[Column], values: np.ndarray, notes: list[Note]) -> None:
    infinite = np.abs(values) > MAX_VALUE
    if count := int(infinite.sum()):
        values[infinite] = np.nan
        where = listed([c.name for c, there in zip(channels, infinite.any(0), strict=True) if there])
        notes.append(
            Note(
                "infinite",
                count,
                f"{count:,} value{'s' * (count > 1)} in {where} too large for a number or infinite: taken as missing.",
            )
        )
        if np.isnan(values).all():
            raise LatentError(
                "Every value is infinite or too large for a number: check the decimal sign, or give another file."
            )
    for column in channels:
        if column.bad:
            said = f"{column.bad:,} cell{'s' * (column.bad > 1)} of {column.name!r} {'are' if column.bad > 1 else 'is'} no number (such as {column.example!r})"
            notes.append(Note("unreadable", (column.name, column.bad), f"{said}: taken as missing."))
    absent = np.isnan(values)
    if count := int(absent.sum()):
        worst = max(range(len(channels)), key=lambda j: absent[:, j].sum())
        where = f", most of them in {channels[worst].name!r}" if len(channels) > 1 else ""
        notes.append(Note("missing", count, f"{count:,} of {values.size:,} values are missing{where}."))
    flat = [
        c.name
        for c, low, high in zip(channels, np.fmin.reduce(values), np.fmax.reduce(values), strict=True)
        if low == high
    ]
    if flat and len(values) > 1:
        notes.append(Note("constant", tuple(flat), f"{listed(flat)} never change{'s' * (len(flat) == 1)}."))
