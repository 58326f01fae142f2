"""Files that are larger than what is read at once: as tables that follow on each other.

The first piece decides the format, the columns and what they are; the others are read as it was. Text is cut at line
ends.
"""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from ...base.errors import LatentError
from .cells import DECIMALS, DELIMITERS, missing_tokens
from .clock import choose_time
from .columns import Column, make_columns, parse_numbers, pick_column
from .dialect import character, find_dialect, single_spaces, split_names, tidy_names
from .labels import flags_of
from .parse import parse_text
from .reading import make_table
from .table import EMPTY, MAX_LINE, MAX_VALUE, PARQUET, Note, Table
from .text import check_is_table, check_not_packed, encoded, encoding_note, encodings, existing_file, plain_text
from .times import stamps

LARGE = 200_000_000  # bytes, above which a file is better read in pieces
PIECE = 50_000_000  # bytes


def volume(file: str | Path) -> int:
    """Bytes of a file, or of the numbers in it where that is Parquet. Raises LatentError where it is not there or
    damaged.
    """
    path = existing_file(file)
    with path.open("rb") as raw:
        if raw.read(4) != b"PAR1":
            return path.stat().st_size
    with _opened(path) as parquet:
        return max(path.stat().st_size, 8 * parquet.metadata.num_rows * parquet.metadata.num_columns)


def read_pieces(
    file: str | Path,
    size: int = PIECE,
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
    rows: int = 0,
) -> Iterator[Table]:
    """The tables, of some `size` bytes each, that `read_table` makes one of; the keywords are its own.

    rows: how many are read, from the beginning; 0: all. Each table has the channels of the first, or the ones in
    `columns`, NaN where it has no value. Raises LatentError where a piece does not read as the first one did.
    """
    tokens = missing_tokens(missing)
    path, notes, wanted = existing_file(file), [], split_names(columns)
    with path.open("rb") as raw:
        head = raw.read(1 << 16)
    if rows:  # hardly more than those
        size = min(size, (1 << 20) + 2 * rows * len(head) // max(1, head.count(b"\n"), head.count(b"\r")))
    if head.startswith(b"PAR1"):
        notes.append(PARQUET)
        parts = ((*part, decimal or ".") for part in _batches(path, size))
    else:
        parts = _texts(
            path,
            size,
            encoding,
            character("delimiter", delimiter, DELIMITERS),
            character("decimal", decimal, DECIMALS),
            header,
            tokens,
            notes,
        )
    first, done = None, 0
    for names, units, arrays, point in parts:
        if rows:
            arrays = [array.slice(0, rows - done) for array in arrays]
        read = make_columns(names, units, arrays, point, decimal is None, day_first, tokens)
        if first is None:
            table = first = _first(read, notes, time, label, wanted)
            first_notes = {f.what: f.value for f in notes}
            scale, day_first = (
                next((c.scale for c in read if c.name == first_notes["time"]), 0.0),
                first_notes.get("day_first", day_first),
            )
        else:
            table = _next(read, first, first_notes["time"], first_notes["label"], scale, point)
        done += len(table)
        yield table
        if rows and done >= rows:
            return
    if first is None:
        raise LatentError(EMPTY)


def _first(
    read: list[Column], notes: list[Note], time: str | None, label: str | None, wanted: list[str] | None
) -> Table:
    table = make_table(read, notes, time, label, wanted)
    clock = next((c for c in read if c.name == next(f.value for f in notes if f.what == "time")), None)
    if clock is not None and clock.how.startswith("a time of day"):
        raise LatentError(
            f"{clock.name[:40]!r} has times of day without dates, which cannot be told from piece to piece: leave the time out (time none)."
        )
    # A channel that was asked for and has no value so far may have some later on.
    names = (
        tuple(dict.fromkeys(pick_column(read, name, "a channel").name for name in wanted)) if wanted else table.names
    )
    values = np.full((len(table), len(names)), np.nan)
    values[:, [names.index(name) for name in table.names]] = table.values
    units = tuple(pick_column(read, name, "a channel").unit for name in names)
    return replace(table, names=names, units=units, values=values)


def _next(read: list[Column], first: Table, time: str, label: str, scale: float, point: str) -> Table:
    """A further piece, as the first one."""
    by = {column.name: column for column in read}
    values = np.stack(
        [_as_numbers(by[name], unit, point) for name, unit in zip(first.names, first.units, strict=True)], 1
    )
    values[np.abs(values) > MAX_VALUE] = np.nan
    times = flags = None
    if first.time is not None:
        clock = by[time]
        if scale:
            times = stamps(_as_numbers(clock, "", point), scale)
        elif _is_empty(clock):
            times = np.full(len(values), np.datetime64("NaT"), "datetime64[ns]")
        else:
            times = choose_time(read, time, [])[0].times
    if first.label is not None:
        flags = np.zeros(len(values), bool) if _is_empty(by[label]) else flags_of(by[label])
        if flags is None:
            raise LatentError(
                f"The column {label[:40]!r} is a label in the first piece of the file and none later on: name another label column, or none."
            )
    return Table(first.names, first.units, values, times, first.step, flags, first.notes)


def _is_empty(column: Column) -> bool:
    return column.numbers is not None and bool(np.isnan(column.numbers).all())


def _as_numbers(column: Column, unit: str, point: str) -> np.ndarray:
    """The numbers of a column that had some before, NaN for what is none."""
    if column.numbers is not None:
        return column.numbers
    if column.words is None:
        raise LatentError(
            f"The column {column.name[:40]!r} holds numbers in the first piece of the file and times later on: leave it out (columns)."
        )
    return parse_numbers(column.words, point, unit)[0]


def _opened(path: Path) -> pa.parquet.ParquetFile:
    try:
        return pa.parquet.ParquetFile(path, pre_buffer=False)  # else all of a column is held
    except (pa.ArrowException, OSError) as error:
        raise LatentError("The file is damaged or no Parquet file: write it again.") from error


def _batches(path: Path, size: int) -> Iterator[tuple[list[str], list[str], list[pa.ChunkedArray]]]:
    """(names, units, columns) of so many rows that their numbers are `size` bytes."""
    with _opened(path) as file:
        rows, held = max(1, size // (8 * max(1, file.metadata.num_columns))), []
        names, units = tidy_names(file.schema_arrow.names, [""] * len(file.schema_arrow.names))
        try:
            for batch in file.iter_batches(min(rows, 1 << 16)):
                held.append(batch)
                if sum(map(len, held)) >= rows:
                    yield names, units, pa.Table.from_batches(held).columns
                    held = []
        except (pa.ArrowException, OSError) as error:
            raise LatentError("The file is damaged or no Parquet file: write it again.") from error
        if held or not file.metadata.num_rows:
            yield names, units, pa.Table.from_batches(held, file.schema_arrow).columns


def _texts(
    path: Path,
    size: int,
    encoding: str | None,
    delimiter: str | None,
    decimal: str | None,
    header: bool | None,
    tokens: tuple[str, ...],
    notes: list[Note],
) -> Iterator[tuple[list[str], list[str], list[pa.ChunkedArray], str]]:
    """(names, units, columns, decimal sign) of each piece."""
    form, above = None, 0
    for text, name, whole in _cut(path, size, encoding, notes):
        data = encoded(plain_text(text), name)
        if form is None:
            check_is_table(text)
            data, form = find_dialect(data, delimiter, decimal, header, notes)
        else:
            data, form = single_spaces(data) if form.delimiter == " " else data, replace(form, offset=0, line=above)
        above += data.count(b"\n")
        yield form.names, form.units, parse_text(data, form, tokens, notes, whole), form.decimal


def _cut(path: Path, size: int, encoding: str | None, notes: list[Note]) -> Iterator[tuple[str, str, bool]]:
    """(text that ends with a row, its encoding, whether it is the last) for each `size` bytes."""
    with path.open("rb") as file:
        data = file.read(size)
        check_not_packed(data)
        decoder, name, text = _decoder(data, encoding, notes)
        try:
            while data := file.read(size):
                if end := _last_end(text):
                    yield text[:end], name, False
                    text = text[end:]
                elif len(text) > size + MAX_LINE:
                    raise LatentError(
                        "The file has a line of more than 4 million characters, or thousands of empty ones: this is no table with rows."
                    )
                text += decoder.decode(data)
            text += decoder.decode(b"", True)
        except UnicodeError:
            raise LatentError(
                f"The file does not go on as text in {name}: choose another encoding, or save it again as UTF-8."
            ) from None
    if text.strip("\r\n\x1a"):
        yield text, name, True


def _decoder(data: bytes, encoding: str | None, notes: list[Note]) -> tuple[codecs.IncrementalDecoder, str, str]:
    """(what decodes the rest of the file, the encoding, the text so far)."""
    choices = encodings(data, encoding)
    for name, says in choices:
        try:
            decoder = codecs.getincrementaldecoder(name)()
            text = decoder.decode(data).removeprefix("\ufeff")
        except UnicodeError:
            continue
        notes.append(encoding_note(name, says))
        return decoder, name, text
    raise LatentError(f"The file is no text in {choices[0][0]}: choose another encoding, or save it again as UTF-8.")


def _last_end(text: str) -> int:
    """How much of a text ends with a row: at a line end in no quoted cell, and not after an empty line, which may be a
    row of missing values that the reader would take for the end of the file. 0: nothing does.
    """
    end = "\n" if "\n" in text else "\r"
    cut = text.rfind(end, 0, len(text) - (end == "\r")) + 1  # the last one may be half of a line end
    inside, most = text.count('"', 0, cut) % 2, max(0, cut - MAX_LINE)
    while cut:
        start = text.rfind(end, 0, cut - 1) + 1
        line = text[start:cut]
        if not inside and line.strip("\r\n"):
            return cut
        inside ^= line.count('"') % 2
        cut = start
        if inside and cut < most:
            raise LatentError(
                "A quote is never closed, so that the file cannot be cut into pieces: mend that line, or save the table as Parquet."
            )
    return 0
