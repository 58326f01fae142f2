"""From text, or Parquet, to columns: Arrow reads them."""

import csv
import io

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from ...base.errors import LatentError
from .cells import MISSING
from .dialect import Dialect, tidy_names
from .table import MAX_COLUMNS, MAX_LINE, MAX_ROWS, Note


def parse_text(
    text: bytes, form: Dialect, tokens: tuple[str, ...], notes: list[Note], whole: bool = True
) -> list[pa.ChunkedArray]:
    """The columns; whole: the text goes on to the end of the file, where the last line may be cut off."""
    offset, line, width, end = form.offset, form.line, len(form.names), len(text)
    while text[end - 1 : end] in (b"\n", b"\x1a"):  # a line end, or the end of file that DOS wrote
        end -= 1
    rows = text.count(b"\n", offset, end) + 1
    if rows > MAX_ROWS:
        raise LatentError(
            f"The file has about {rows:,} rows, and at most {MAX_ROWS:,} are read: take every second one, or a part."
        )
    nulls = {form for token in MISSING for form in (token, token.upper(), token.capitalize())} | {"NaN", *tokens}
    convert = pa.csv.ConvertOptions(decimal_point=form.decimal, strings_can_be_null=True, null_values=sorted(nulls))
    # A row without a value is a blank line where there is one column: to leave it out would move all that follow.
    options = pa.csv.ParseOptions(
        delimiter=form.delimiter, newlines_in_values=b'"' in text, ignore_empty_lines=width > 1
    )
    reading = pa.csv.ReadOptions(
        column_names=[str(j) for j in range(width)], block_size=max(MAX_LINE, min(len(text), 1 << 23))
    )
    buffer = pa.py_buffer(text)
    for last in (end, text.rfind(b"\n", 0, end)):
        try:
            read = pa.csv.read_csv(pa.BufferReader(buffer[offset:last]), reading, options, convert)
            break
        except pa.ArrowInvalid as error:
            wrong, cells = ragged_line(text, form)
            if wrong is None:
                raise LatentError(
                    f"The rows cannot be told apart ({str(error).splitlines()[0][:80]}): look for a quote that is never closed."
                ) from error
            if not whole or last < end or wrong < line + rows - 1 or cells > width or rows < 2:
                where = f"Line {wrong + 1:,} has {cells:,} column{'s' * (cells != 1)} where the others have {width:,}"
                raise LatentError(f"{where}: mend that line, or choose another delimiter.") from error
            notes.append(Note("cut_off", wrong + 1, "The last line is cut off and left out."))
    return read.columns


def ragged_line(text: bytes, form: Dialect) -> tuple[int | None, int]:
    """(number of the first line with another number of cells, how many it has)."""
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(text[form.offset :]), "utf-8", newline=""), delimiter=form.delimiter
    )
    try:
        for row in reader:
            if row and len(row) != len(form.names):
                return form.line + reader.line_num - 1, len(row)
    except csv.Error:
        pass
    return None, 0


def parse_parquet(data: bytes, most: int | None):
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(data))
        about = file.metadata
        unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        if about.num_columns > MAX_COLUMNS or about.num_rows > MAX_ROWS or (most is not None and unpacked > 20 * most):
            raise LatentError(
                f"The file holds {about.num_rows:,} rows × {about.num_columns:,} columns, too many to read here: leave some out."
            )
        read = file.read()
    except (pa.ArrowException, OSError) as error:
        raise LatentError("The file is damaged or no Parquet file: write it again.") from error
    names, units = tidy_names(read.column_names, [""] * read.num_columns)
    return names, units, read.columns
