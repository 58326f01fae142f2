"""Files that are larger than what is read at once: as tables that follow on each other.

The first piece decides the format, the columns and what they are; the others are read as it was. Text is cut at line
ends.
"""

import codecs
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from ...base.errors import LatentError
from ...io.packed import is_packed
from .clock import choose_time
from .columns import Column, make_columns, pick_column
from .counters import take_steps
from .dialect import find_dialect, single_spaces
from .epochs import stamps
from .formats import find_format
from .label_values import kinds_of
from .labels import flags_by
from .names import tidy_names
from .numerals import parse_numbers
from .options import Options, make_options
from .parse import parse_text
from .reading import make_table
from .sentinels import without
from .states import as_numbers
from .table import EMPTY, MAX_LINE, MAX_VALUE, PARQUET, Findings, Table
from .text import (
    check_is_table,
    contents,
    encoded,
    encoding_note,
    encodings,
    existing_file,
    plain_text,
)

LARGE = 200_000_000  # bytes, above which a file is better read in pieces
PIECE = 50_000_000  # bytes
Part = tuple[list[str], list[str], list[Any], str]  # names, units, columns, decimal sign


def volume(file: str | Path) -> int:
    """Bytes of a file, or of the numbers in it where that is Parquet. Raises LatentError where it is not there or
    damaged.
    """
    path = existing_file(file)
    with path.open("rb") as raw:
        head = raw.read(8)
    if is_packed(head) and path.stat().st_size <= LARGE:
        return len(contents(path, None))
    if head[:4] != b"PAR1":
        return path.stat().st_size
    with _opened(path) as parquet:
        return max(path.stat().st_size, 8 * parquet.metadata.num_rows * parquet.metadata.num_columns)


def read_pieces(file: str | Path, size: int = PIECE, *, rows: int = 0, **said: Any) -> Iterator[Table]:
    """The tables, of some `size` bytes each, that `read_table` makes one of; said: see `Options`.

    rows: how many are read, from the beginning; 0: all. Each table has the channels of the first, or the ones in
    `columns`, NaN where it has no value. Raises LatentError where a piece does not read as the first one did.
    """
    options = make_options(**said)
    path, findings = existing_file(file), Findings()
    with _plain(path) as raw:
        head = raw.read(1 << 16)
    if rows:  # hardly more than those
        size = min(size, (1 << 20) + 2 * rows * len(head) // max(1, head.count(b"\n"), head.count(b"\r")))
    if head.startswith(b"PAR1"):
        findings.notes.append(PARQUET)
        parts: Iterator[Part] = ((*part, options.decimal or ".") for part in _batches(path, size))
    else:
        parts = _texts(path, size, options, findings)
    first: Table | None = None
    done, scale = 0, 0.0
    for names, units, arrays, point in parts:
        if rows:
            arrays = [array.slice(0, rows - done) for array in arrays]
        read = make_columns(names, units, arrays, point, options)
        if first is None:
            table, scale = _first(read, point, options, findings)
            first = table
            if (order := findings.value("day_first")) is not None:
                options = replace(options, day_first=order)
        else:
            table = _next(read, first, scale, point, options)
        done += len(table)
        yield table
        if rows and done >= rows:
            return
    if first is None:
        raise LatentError(EMPTY)


def _first(read: list[Column], point: str, options: Options, findings: Findings) -> tuple[Table, float]:
    """(the first piece, seconds in a number of its clock, 0 for texts)."""
    table = make_table(list(read), point, options, findings)
    about = table.about
    if about.layout == "long":
        raise LatentError(
            "The table is long, one value or device after the other, and too large to be read at once: "
            "make a wide one of it (a row for each moment), or allow more with --most-mb."
        )
    if about.clock == "day":
        raise LatentError(
            f"{about.time_columns[0][:40]!r} has times of day without dates, which cannot be told from piece to piece: "
            "leave the time out (time none)."
        )
    scale = 0.0
    if about.time_columns:
        clock = choose_time(read, replace(options, time=about.time_columns), Findings())
        scale = clock.scale if len(about.time_columns) == 1 else 0.0
    # A channel that was asked for and has no value so far may have some later on.
    wanted = [pick_column(read, name, "a channel") for name in options.columns]
    names = tuple(dict.fromkeys(column.name for column in wanted)) if wanted else table.names
    values = np.full((len(table), len(names)), np.nan)
    values[:, [names.index(name) for name in table.names]] = table.values
    units = tuple(pick_column(read, name, "a channel").unit for name in names)
    return replace(table, names=names, units=units, values=values), scale


def _next(read: list[Column], first: Table, scale: float, point: str, options: Options) -> Table:
    """A further piece, as the first one."""
    by, about = {column.name: column for column in read}, first.about
    states = {note.value[0]: note.value[1] for note in first.notes if note.what == "states"}
    markers = [note.value for note in first.notes if note.what == "missing_marker"]
    columns = []
    for name, unit in zip(first.names, first.units, strict=True):
        column = by[name]
        numbers = (
            as_numbers(column, states[name])
            if name in states and column.words is not None
            else _as_numbers(column, unit, point)
        )
        numbers = without(numbers, [*options.absent, *(value for of, value, _ in markers if of == name)])
        columns.append(take_steps(numbers) if name in options.steps else numbers)
    values = np.stack(columns, 1)
    values[np.abs(values) > MAX_VALUE] = np.nan
    times = _further_times(by, read, first, scale, point, options, len(values)) if first.time is not None else None
    flags = None
    if first.label is not None and about.label_column is not None:
        flags = _further_flags(by[about.label_column], about.label_values, len(values))
    return Table(first.names, first.units, values, times, first.step, flags, first.notes, about)


def _further_times(
    by: dict[str, Column], read: list[Column], first: Table, scale: float, point: str, options: Options, rows: int
) -> np.ndarray:
    names = first.about.time_columns
    clock = by[names[0]]
    if scale:
        if first.about.clock == "start":
            return stamps(_as_numbers(clock, "", point), scale)
        return choose_time([clock], replace(options, time=names), Findings()).times  # type: ignore[return-value]
    if _is_empty(clock):
        return np.full(rows, np.datetime64("NaT"), "datetime64[ns]")
    times = choose_time(read, replace(options, time=names), Findings()).times
    return times if times is not None else np.full(rows, np.datetime64("NaT"), "datetime64[ns]")


def _further_flags(column: Column, values: tuple[tuple[str, ...], tuple[str, ...]], rows: int) -> np.ndarray:
    """Which rows are abnormal, by the values that the first piece told. Raises LatentError where others come."""
    if _is_empty(column):
        return np.zeros(rows, bool)
    normal, abnormal = map(set, values)
    kinds, pair = set(kinds_of(column) or ("?",)), normal | abnormal <= {"0", "1"}
    if not kinds <= normal | abnormal | ({"0", "1"} if pair else set()):
        raise LatentError(
            f"The column {column.name[:40]!r} is a label in the first piece of the file and none later on: "
            "name another label column, or none."
        )
    return flags_by(column, frozenset(abnormal | ({"1"} if pair and "1" not in normal else set())))


def _is_empty(column: Column) -> bool:
    return column.numbers is not None and bool(np.isnan(column.numbers).all())


def _as_numbers(column: Column, unit: str, point: str) -> np.ndarray:
    """The numbers of a column that had some before, NaN for what is none."""
    if column.numbers is not None:
        return column.numbers
    if column.words is None:
        raise LatentError(
            f"The column {column.name[:40]!r} holds numbers in the first piece of the file and times "
            "later on: leave it out (columns)."
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


def _texts(path: Path, size: int, options: Options, findings: Findings) -> Iterator[Part]:
    """(names, units, columns, decimal sign) of each piece."""
    dialect, above = None, 0
    for text, name, whole in _cut(path, size, options.encoding, findings):
        data = encoded(plain_text(text), name)
        if dialect is None:
            check_is_table(text)
            marks = find_format(data, options, findings)
            if marks.text is not None or marks.step:
                raise LatentError(
                    f"The file is {marks.title} and too large to be read at once: allow more with "
                    "--most-mb, or save it as plain CSV."
                )
            data, dialect = find_dialect(data, options, findings)
        else:
            data, dialect = (
                single_spaces(data) if dialect.delimiter == " " else data,
                replace(dialect, offset=0, line=above),
            )
        above += data.count(b"\n")
        yield dialect.names, dialect.units, parse_text(data, dialect, options.missing, findings, whole), dialect.decimal


def _plain(path: Path) -> IO[bytes]:
    """A file to read from; of a packed one what is in it. Raises LatentError."""
    with path.open("rb") as file:
        packed = is_packed(file.read(8))
    if not packed:
        return path.open("rb")
    if path.stat().st_size > LARGE:
        raise LatentError("This is a packed file, too large to be unpacked here: unpack it, and give what is in it.")
    return io.BytesIO(contents(path, None))


def _cut(path: Path, size: int, encoding: str | None, findings: Findings) -> Iterator[tuple[str, str, bool]]:
    """(text that ends with a row, its encoding, whether it is the last) for each `size` bytes."""
    with _plain(path) as file:
        data = file.read(size)
        decoder, name, text = _decoder(data, encoding, findings)
        try:
            while data := file.read(size):
                if end := _last_end(text):
                    yield text[:end], name, False
                    text = text[end:]
                elif len(text) > size + MAX_LINE:
                    raise LatentError(
                        "The file has a line of more than 4 million characters, or thousands of empty "
                        "ones: this is no table with rows."
                    )
                text += decoder.decode(data).replace("\0", "")
            text += decoder.decode(b"", True)
        except UnicodeError:
            raise LatentError(
                f"The file does not go on as text in {name}: choose another encoding, or save it again as UTF-8."
            ) from None
    if text.strip("\r\n\x1a"):
        yield text, name, True


def _decoder(data: bytes, encoding: str | None, findings: Findings) -> tuple[codecs.IncrementalDecoder, str, str]:
    """(what decodes the rest of the file, the encoding, the text so far)."""
    choices = encodings(data, encoding)
    for name, says in choices:
        try:
            decoder = codecs.getincrementaldecoder(name)()
            text = decoder.decode(data).removeprefix("\ufeff").replace("\0", "")
        except UnicodeError:
            continue
        findings.notes.append(encoding_note(name, says))
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
                "A quote is never closed, so that the file cannot be cut into pieces: mend that line, "
                "or save the table as Parquet."
            )
    return 0
