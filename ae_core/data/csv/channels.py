"""Which columns are channels, and what is odd about their values."""

from dataclasses import dataclass

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural
from ...io.tables import name_list
from .cells import listed
from .columns import Column, pick_column
from .counters import take_steps, without_counters
from .options import Options
from .sentinels import blank_sentinels
from .states import MAX_KINDS, as_numbers, kinds_in, known_states
from .table import MAX_VALUE, Findings


@dataclass(frozen=True)
class Channels:
    """The columns that a model looks at, and the kind of each, see `About`."""

    columns: list[Column]
    kinds: tuple[str, ...]


def choose_channels(rest: list[Column], columns: list[Column], options: Options, findings: Findings) -> Channels:
    """rest: the columns that are neither time nor label. Raises LatentError where none holds numbers."""
    states = [c for c in rest if c.words is not None and _read_states(c, c.name in options.columns, options, findings)]
    if options.columns:
        picked = [pick_column(columns, name, "a channel") for name in dict.fromkeys(options.columns)]
        unread = [c for c in picked if c.numbers is None and c.words is not None]
        states += [c for c in unread if _read_states(c, True, options, findings)]
        if words := [c.name for c in picked if c.numbers is None]:
            raise LatentError(f"The column {words[0][:40]!r} holds no numbers: leave it out of the channels.")
        left: list[Column] = []
    else:
        left = [c for c in rest if c.numbers is None]
        picked = [c for c in rest if c.numbers is not None]
        _note_words(left, findings)
    blank_sentinels(picked, options, findings)
    _take_steps(columns, picked, options, findings)
    picked = _without_empty(picked, left, findings)
    if not options.columns:
        picked = without_counters(picked, columns, findings)
    text = (
        f"{plural(len(picked), 'channel')}: {listed([f'{c.name} [{c.unit}]' if c.unit else c.name for c in picked])}."
    )
    findings.note("columns", tuple(c.name for c in picked), text)
    own = [c.doubt for c in picked if c.doubt is not None and c.doubt.what == "decimal"]
    if own and all(doubt.what != "decimal" for doubt in findings.doubts):
        findings.doubts.append(own[0])
    return Channels(picked, tuple("state" if c in states else "number" for c in picked))


def _take_steps(columns: list[Column], picked: list[Column], options: Options, findings: Findings) -> None:
    """Let counters that a person named be their own steps."""
    named = [pick_column(columns, name, "a counter") for name in dict.fromkeys(options.steps)]
    taken = [column for column in picked if any(column is each for each in named)]
    for column in taken:
        column.numbers = take_steps(column.numbers) if column.numbers is not None else None
    if taken:
        findings.note(
            "steps", tuple(c.name for c in taken), f"Of {listed([c.name for c in taken])} the steps are taken."
        )


def _read_states(column: Column, asked: bool, options: Options, findings: Findings) -> bool:
    """Whether a column of words is one of states, which are made numbers in place."""
    kinds = kinds_in(column)
    said = {kind: number for kind, number in options.states.items() if kind in kinds} if options.states else {}
    numbers = said or known_states(column)
    if not numbers and asked and 1 < len(kinds) <= min(MAX_KINDS, len(column) // 3):
        numbers = {kind: float(i) for i, kind in enumerate(sorted(kinds))}
    if numbers:
        column.numbers = as_numbers(column, numbers)
        as_text = ", ".join(
            f"{word} = {number:g}" for word, number in sorted(numbers.items(), key=lambda each: each[1])[:8]
        )
        findings.note("states", (column.name, numbers), f"{column.name!r} holds states in words, read as {as_text}.")
    return bool(numbers)


def _note_words(left: list[Column], findings: Findings) -> None:
    if not left:
        return
    verb = (
        "hold text or times and are"
        if len(left) > 1
        else f"holds {'text' if left[0].words is not None else 'times'} and is"
    )
    findings.note("text", tuple(c.name for c in left), f"{listed([c.name for c in left])} {verb} left out.")
    for column in left:
        kinds = kinds_in(column)
        if 2 <= len(kinds) <= MAX_KINDS and column.words is not None and len(column) >= 20:
            findings.doubt(
                "states", f"{column.name}: left out", f"{column.name}: states as numbers", 0.75,
                f"{column.name!r} holds words ({listed(kinds, 4)}) and is left out; as states they can be numbers.",
                {}, {"states": name_list([f"{kind}={number}" for number, kind in enumerate(sorted(kinds))])},
            )  # fmt: skip


def _without_empty(picked: list[Column], left: list[Column], findings: Findings) -> list[Column]:
    """The channels that have a value. Raises LatentError where none has."""
    values = [c for c in picked if c.numbers is not None and not np.isnan(c.numbers).all()]
    # One whose every value is too large for a number has none either, where others have some.
    some = [c for c in values if c.numbers is not None and (np.abs(c.some) <= MAX_VALUE).any()] or values
    empty = [c for c in picked if c not in some]
    picked = [c for c in picked if c not in empty]
    named = [c for c in empty if not c.name.startswith("column ")]
    if named:
        findings.note(
            "empty", tuple(c.name for c in named), f"{listed([c.name for c in named])}: no value at all, left out."
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
    return picked


def example_of(columns: list[Column]) -> str:
    for column in columns:
        if column.words is not None and len(column.words) > column.words.null_count:
            return str(column.words.drop_null()[0].as_py()[:30])
    return columns[0].name[:30]


def note_oddities(channels: list[Column], values: np.ndarray, findings: Findings) -> None:
    """Say what is infinite, unreadable, missing or constant; what is infinite becomes NaN in place. LatentError where
    nothing is left.
    """
    infinite = np.abs(values) > MAX_VALUE
    if count := int(infinite.sum()):
        values[infinite] = np.nan
        where = listed([c.name for c, there in zip(channels, infinite.any(0), strict=True) if there])
        text = f"{plural(count, 'value')} in {where} too large for a number or infinite: taken as missing."
        findings.note("infinite", count, text)
        if np.isnan(values).all():
            raise LatentError(
                "Every value is infinite or too large for a number: check the decimal sign, or give another file."
            )
    _note_unreadable(channels, findings)
    absent = np.isnan(values)
    if count := int(absent.sum()):
        worst = max(range(len(channels)), key=lambda j: absent[:, j].sum())
        where = f", most of them in {channels[worst].name!r}" if len(channels) > 1 else ""
        findings.note("missing", count, f"{count:,} of {values.size:,} values are missing{where}.")
    extremes = zip(channels, np.fmin.reduce(values), np.fmax.reduce(values), strict=True)
    flat = [c.name for c, low, high in extremes if low == high]
    if flat and len(values) > 1:
        findings.note("constant", tuple(flat), f"{listed(flat)} never change{'s' if len(flat) == 1 else ''}.")


def _note_unreadable(channels: list[Column], findings: Findings) -> None:
    """One sentence for each of the first columns with such cells, one for all others."""
    bad = [c for c in channels if c.bad]
    for column in bad[:5]:
        verb = "are" if column.bad > 1 else "is"
        said = f"{plural(column.bad, 'cell')} of {column.name!r} {verb} no number (such as {column.example!r})"
        findings.note("unreadable", (column.name, column.bad), f"{said}: taken as missing.")
    if bad[5:]:
        count = sum(c.bad for c in bad[5:])
        findings.note(
            "unreadable",
            ("", count),
            f"{plural(count, 'cell')} of {plural(len(bad) - 5, 'further column')} are no numbers.",
        )
