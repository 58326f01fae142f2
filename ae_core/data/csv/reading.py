"""Reading a table of numbers whose format nobody wrote down: what is found out is said in sentences and can be changed.

text → format or dialect → columns → layout → time, label, channels → table
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...io.tables import name_list
from .candidates import Clock
from .channels import Channels, choose_channels, note_oddities
from .clock import choose_time
from .columns import Column, make_columns
from .days import unfolded
from .dialect import find_dialect
from .formats import Marks, find_format
from .label_values import kinds_of
from .labels import Label, choose_label, instead_of, label_of, usual_class
from .layout import are_samples, axis_of, is_across, turned
from .long import find_long, group_of, made_wide, wide_flags
from .options import Options, make_options
from .parse import parse_parquet, parse_text
from .sampling import sampling
from .stray_quotes import without_stray_quotes
from .table import PARQUET, About, Findings, Table
from .text import as_utf8, contents

FINEST = 5e-9  # seconds, below which moments of whole nanoseconds would not tell rows apart


def read_table(file: str | Path | bytes, **said: Any) -> Table:
    """The table in a text file (or Parquet file) given by its path or its bytes.

    said: what a person says about it, see `Options`; None and what is not said is found out. Raises LatentError, a
    sentence, for what is no table of numbers.
    """
    options = make_options(**said)
    return table_of(contents(file, options.most_bytes), options)


def table_of(data: bytes, options: Options) -> Table:
    """The table in a file's bytes. Raises LatentError."""
    findings = Findings()
    columns, point, options, marks = columns_of(data, options, findings)
    return make_table(columns, point, options, findings, marks)


def columns_of(data: bytes, options: Options, findings: Findings) -> tuple[list[Column], str, Options, Marks]:
    """(the columns in a file's bytes, its decimal sign, the options with what its format says, its format's marks).

    What a row is, and which column is what, is not asked yet. Raises LatentError.
    """
    if data[:4] == b"PAR1":
        names, units, arrays = parse_parquet(data, options.most_bytes)
        findings.notes.append(PARQUET)
        point, marks = options.decimal or ".", Marks()
    else:
        text = without_stray_quotes(as_utf8(data, options.encoding, findings), findings)
        del data
        marks = find_format(text, options, findings)
        text = marks.text if marks.text is not None else text
        options = marks.options(options)
        text, dialect = find_dialect(text, options, findings)
        names, units, point = dialect.names, dialect.units, dialect.decimal
        arrays = parse_text(text, dialect, options.missing, findings)
    return make_columns(names, units, arrays, point, options), point, options, marks


def make_table(
    columns: list[Column], point: str, options: Options, findings: Findings, marks: Marks | None = None
) -> Table:
    """The table that columns make: layout, time, label, channels. Raises LatentError."""
    marks = marks or Marks()
    columns = marks.applied(columns)
    if why := is_across(columns, options):
        columns = turned(columns, why, findings)
    else:
        columns = unfolded(columns, options, findings)
    clock = choose_time(columns, options, findings, marks.time)
    layout, group = "moments", None
    gone: list[Column] = []
    label, label_columns = choose_label(columns, options, findings, marks.label)
    candidates = [c for c in columns if c not in label_columns]
    if long := find_long(candidates, clock, options):
        layout = "long"
        if long.stacked or clock.times is None:
            group, gone = group_of(long, columns, findings)
        else:
            if label:
                label = replace(label, flags=wide_flags(label.flags, clock))
            columns, clock = made_wide(long, clock, point, options, findings)
    samples = layout == "moments" and not why and are_samples(candidates, clock.times is not None, options, findings)
    if samples:
        layout = "samples"
        label, label_columns = _label_of_samples(columns, label, label_columns, options, findings)
    taken = {id(c) for c in (*clock.columns, *clock.others, *label_columns, *gone)}
    rest = [c for c in columns if id(c) not in taken]
    channels = _channels(rest, columns, options, findings, samples)
    return _finished(channels, clock, label, layout, group, options, findings)


def _channels(
    rest: list[Column], columns: list[Column], options: Options, findings: Findings, samples: bool
) -> Channels:
    if not samples or options.columns:
        return choose_channels(rest, columns, options, findings)
    quiet = Findings()
    numeric = [c for c in rest if c.numbers is not None]
    ids = [
        c for c in numeric[:2] if len(np.unique(c.some)) == len(c) and (np.diff(c.some) == 1).all() and len(numeric) > 3
    ]
    kept = [c for c in numeric if c not in ids]
    chosen = choose_channels(kept, columns, replace(options, columns=tuple(c.name for c in kept if len(c.some))), quiet)
    findings.notes.append(next(note for note in quiet.notes if note.what == "columns"))
    return chosen


def _label_of_samples(
    columns: list[Column], label: Label | None, label_columns: list[Column], options: Options, findings: Findings
) -> tuple[Label | None, list[Column]]:
    """The class of each sample: in a column that is called so, else in the first or the last one."""
    if label or options.no_label:
        return label, label_columns
    words = [column for column in columns if column.words is not None]
    for column in (columns[-1], columns[0], *words):
        kinds = kinds_of(column)
        if kinds is None or not 1 < len(kinds) <= min(50, max(2, len(column) // 4)):
            continue
        inferred = label_of(column, options, True) or (usual_class(column) if column.words is not None else None)
        if inferred:
            findings.notes[:] = [note for note in findings.notes if note.what != "label"]
            normal = ", ".join(sorted(inferred.normal))
            findings.note(
                "label", column.name, f"{column.name!r} holds the class of each sample; {normal} is taken for normal."
            )
            findings.doubt(
                "label", f"{column.name}: normal is {normal}", f"normal is {', '.join(sorted(inferred.abnormal)[:5])}",
                min(inferred.confidence, 0.75), f"{column.name!r} holds classes; {normal} is taken for the normal one.",
                {"label": column.name, "normal_values": name_list(sorted(inferred.normal))},
                instead_of(replace(inferred, other="another as normal")),
            )  # fmt: skip
            return inferred, [column]
    return None, []


def _finished(
    channels: Channels,
    clock: Clock,
    label: Label | None,
    layout: str,
    group: np.ndarray | None,
    options: Options,
    findings: Findings,
) -> Table:
    values = np.stack([column.numbers for column in channels.columns if column.numbers is not None], 1)
    note_oddities(channels.columns, values, findings)
    step = sampling(clock.times, clock.seconds, findings) if clock.times is not None else None
    times = clock.times if step is None or step >= FINEST else None
    flags = label.flags if label and len(label.flags) == len(values) else None
    if group is not None and clock.times is None:
        step = None
    about = About(
        layout=layout,
        kinds=channels.kinds,
        time_columns=tuple(c.name for c in clock.columns),
        label_column=label.column.name if label and flags is not None else None,
        left_out=findings.left_out,
        doubts=tuple(sorted(findings.doubts, key=lambda doubt: doubt.confidence)),
        axis=axis_of([c.name for c in channels.columns]) if layout == "samples" else (),
        clock=clock.kind if clock.times is not None else "",
        label_values=(tuple(sorted(label.normal)), tuple(sorted(label.abnormal))) if label else ((), ()),
    )
    names, units = (tuple(getattr(c, part) for c in channels.columns) for part in ("name", "unit"))
    return Table(names, units, values, times, step, flags, tuple(findings.notes), about, group)
