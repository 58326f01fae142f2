"""Reading a table of numbers whose format nobody wrote down: what is found out is said in sentences and can be changed.

text → dialect → columns → times, labels, channels → table
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .cells import DECIMALS, DELIMITERS, missing_tokens
from .channels import choose_channels, note_oddities
from .clock import choose_time, sampling
from .columns import Column, make_columns
from .dialect import character, find_dialect, split_names
from .labels import choose_label
from .parse import parse_parquet, parse_text
from .table import MAX_BYTES, PARQUET, Note, Table
from .text import as_utf8, contents


def read_table(
    file: str | Path | bytes,
    *,
    delimiter: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
    encoding: str | None = None,
    time: str | None = None,
    label: str | None = None,
    columns: str | Sequence[str] | None = None,
    day_first: bool | None = None,
    missing: str | Sequence[str] = (),
    most_bytes: int | None = MAX_BYTES,
) -> Table:
    """The table in a text file (or Parquet file) given by its path or its bytes; None everywhere: find out.

    delimiter: one of `DELIMITERS` or the character itself; decimal: "point" or "comma", or the character. time, label:
    a column's name, or "none"; columns: the channels' names, with commas between them if it is one text. missing:
    further texts that mean a missing value. Raises LatentError, a sentence, for what is no table of numbers.
    """
    tokens = missing_tokens(missing)
    delimiter, decimal = character("delimiter", delimiter, DELIMITERS), character("decimal", decimal, DECIMALS)
    data, notes = contents(file, most_bytes), []
    if data[:4] == b"PAR1":
        names, units, arrays = parse_parquet(data, most_bytes)
        notes.append(PARQUET)
        point = decimal or "."
    else:
        text = as_utf8(data, encoding, notes)
        del data
        text, form = find_dialect(text, delimiter, decimal, header, notes)
        names, units, point = form.names, form.units, form.decimal
        arrays = parse_text(text, form, tokens, notes)
    return make_table(
        make_columns(names, units, arrays, point, decimal is None, day_first, tokens),
        notes,
        time,
        label,
        split_names(columns),
    )


def make_table(
    columns: list[Column], notes: list[Note], time: str | None, label: str | None, wanted: list[str] | None
) -> Table:
    clock, *clocks = choose_time(columns, time, notes)
    flags, marks = choose_label(columns, label, notes)
    channels = choose_channels([c for c in columns if c not in (clock, *clocks, *marks)], columns, wanted, notes)
    values = np.stack([column.numbers for column in channels], 1)
    note_oddities(channels, values, notes)
    times = clock.times if clock else None
    step = sampling(times, notes) if clock else None
    return Table(
        tuple(c.name for c in channels), tuple(c.unit for c in channels), values, times, step, flags, tuple(notes)
    )
