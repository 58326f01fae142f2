"""From text, or Parquet, to columns: Arrow reads them. A few lines that are no rows are mended or left out."""

import csv
import io
import re
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from ...base.budget import ask
from ...base.errors import LatentError
from ...base.text import plural
from .cells import MISSING, words_of
from .dialect import Dialect
from .names import tidy_names
from .table import MAX_COLUMNS, MAX_LINE, MAX_ROWS, Findings
from .values import is_value

MAX_ODD_SHARE = 0.005  # of the lines may be of another width; with more it is the delimiter that is wrong
MAX_FOOTER = 30  # lines at the end that may be sums, means, remarks
CELL_BYTES, ROW_BYTES = 30, 16  # of a table that is unpacked: its values, as numbers and as the table; row by row
TEXT_CELL_BYTES, TEXT_ROW_BYTES = 33, 31  # the same of a table in text, beside the text itself
SUMS = {
    *words_of("total totals sum summe gesamt somme suma summa totale totaal count anzahl nombre antal median médiane"),
    *words_of("mean average avg mittel mittelwert durchschnitt moyenne promedio media medel medelvärde gemiddelde"),
    *words_of("min minimum mínimo minimo mini max maximum máximo massimo maxi std stddev stdev sd standardabweichung"),
}
LOOKED_AT = 1 << 16  # bytes in which it shows what rows begin with
ANY_SUM = "|".join(sorted(SUMS, key=len, reverse=True))
BETWEEN = re.compile(rf"\n[\"\t ]*(?:tages|monats|zwischen|sub|daily )?(?:{ANY_SUM})\b[^\n]*".encode(), re.IGNORECASE)
Columns = list[Any]  # of pa.ChunkedArray


def parse_text(
    text: bytes, dialect: Dialect, tokens: tuple[str, ...], findings: Findings, whole: bool = True
) -> Columns:
    """The columns; whole: the text goes on to the end of the file, where the last line may be cut off."""
    text = text[: _end(text, dialect, whole)]
    text = _without_sums(text, dialect, findings) if whole else text
    text = _without_notes(text, dialect, findings) if whole else text
    text = _without_sums_between(text, dialect, findings)
    rows = text.count(b"\n", dialect.offset) + 1
    if rows > MAX_ROWS:
        raise LatentError(
            f"The file has about {rows:,} rows, and at most {MAX_ROWS:,} are read: take every second one, or a part."
        )
    columns = len(dialect.names)
    ask(
        rows * (TEXT_CELL_BYTES * columns + TEXT_ROW_BYTES) + len(text),
        f"{rows:,} rows × {columns:,} columns need",
        "leave some columns out, or bring fewer rows",
    )
    try:
        return _read(text[dialect.offset :], dialect, tokens)
    except pa.ArrowInvalid as error:
        mended = mend_lines(text, dialect, rows, whole, findings, error)
        try:
            return _read(mended, dialect, tokens)
        except pa.ArrowInvalid as again:
            raise _apart(again) from again


def _apart(error: Exception) -> LatentError:
    about = str(error).splitlines()[0][:80]
    return LatentError(f"The rows cannot be told apart ({about}): look for a quote that is never closed.")


def _end(text: bytes, dialect: Dialect, whole: bool) -> int:
    """Where the rows end: before line ends, the end of file that DOS wrote, and rows of delimiters alone."""
    end = len(text)
    while text[end - 1 : end] in (b"\n", b"\x1a"):
        end -= 1
    if not whole or len(dialect.names) < 2 or dialect.delimiter == " ":
        return end
    blank, gone = f'{dialect.delimiter} \t"'.encode(), 0
    while end > dialect.offset:
        start = text.rfind(b"\n", 0, end) + 1
        line = text[start:end]
        if line.strip(blank) or start <= dialect.offset or not line.strip():
            break
        end, gone = start - 1, gone + 1
    return end if gone > 1 or (gone and text.count(b"\n", dialect.offset, end) > 20) else len(text.rstrip(b"\n\x1a"))


def _without_sums(text: bytes, dialect: Dialect, findings: Findings) -> bytes:
    """The text without lines at its end that begin with a word for a sum or a mean, below rows that begin with a
    number.
    """
    end, lines = len(text), text.count(b"\n", dialect.offset) + 1
    gone = 0
    while gone < min(MAX_FOOTER, lines // 4):
        start = text.rfind(b"\n", 0, end) + 1
        cells = text[start:end].decode(errors="replace").split(dialect.delimiter)
        first = next((cell.strip(' "\t:.').lower() for cell in cells if cell.strip(' "\t')), "")
        if first.split(" ")[0] not in SUMS:
            break
        end, gone = start - 1, gone + 1
    before = text[text.rfind(b"\n", 0, end) + 1 : end].lstrip(b' "\t')
    if not gone or not before[:1].isdigit():
        return text
    said = "The last line holds a sum or a mean and is" if gone == 1 else f"The last {gone} lines hold sums and are"
    findings.note("cut_off", dialect.line + lines - gone + 1, f"{said} left out.")
    findings.left_out += gone
    return text[:end]


def _without_notes(text: bytes, dialect: Dialect, findings: Findings) -> bytes:
    """The text without lines at its end none of whose cells is a value: remarks below a table."""
    if len(dialect.names) < 2 or dialect.delimiter == " ":
        return text
    end, at, gone = len(text), len(text), 0
    for _ in range(MAX_FOOTER):
        start = text.rfind(b"\n", 0, at) + 1
        if start <= dialect.offset:
            break
        cells = [cell.strip(' "\t') for cell in text[start:at].decode(errors="replace").split(dialect.delimiter)]
        if any(is_value(cell) for cell in cells if cell):
            break
        at = start - 1
        if any(cells):
            end, gone = at, gone + 1
    while text[end - 1 : end] == b"\n":
        end -= 1
    before = text[text.rfind(b"\n", 0, end) + 1 : end].lstrip(b' "\t')
    if not gone or not before[:1].isdigit():
        return text
    verb = "is" if gone == 1 else "are"
    findings.note("cut_off", gone, f"{plural(gone, 'line')} below the rows, without a value, {verb} left out.")
    findings.left_out += gone
    return text[:end]


def _without_sums_between(text: bytes, dialect: Dialect, findings: Findings) -> bytes:
    """The text without lines of sums or means between rows that begin with a number, as after each day."""
    if len(dialect.names) < 2 or not BETWEEN.search(text, dialect.offset):
        return text
    lines = text[dialect.offset : dialect.offset + LOOKED_AT].split(b"\n")
    if sum(line.lstrip(b' "\t')[:1].isdigit() for line in lines) < 0.8 * len(lines):
        return text
    body, gone = BETWEEN.subn(b"", b"\n" + text[dialect.offset :])
    findings.note(
        "sums", gone, f"{plural(gone, 'line')} of sums between the rows {'is' if gone == 1 else 'are'} left out."
    )
    findings.left_out += gone
    return text[: dialect.offset] + body[1:]


def _read(text: bytes, dialect: Dialect, tokens: tuple[str, ...]) -> Columns:
    width = len(dialect.names)
    nulls = {form for token in MISSING for form in (token, token.upper(), token.capitalize())} | {"NaN", *tokens}
    convert = pa.csv.ConvertOptions(decimal_point=dialect.decimal, strings_can_be_null=True, null_values=sorted(nulls))
    # A row without a value is a blank line where there is one column: to leave it out would move all that follow.
    options = pa.csv.ParseOptions(
        delimiter=dialect.delimiter, newlines_in_values=b'"' in text, ignore_empty_lines=width > 1
    )
    reading = pa.csv.ReadOptions(
        column_names=[str(j) for j in range(width)], block_size=max(MAX_LINE, min(len(text), 1 << 23))
    )
    return list(pa.csv.read_csv(pa.BufferReader(pa.py_buffer(text)), reading, options, convert).columns)


def mend_lines(text: bytes, dialect: Dialect, rows: int, whole: bool, findings: Findings, error: Exception) -> bytes:
    """The rows with those of another width made as wide: cells that are missing are empty, empty ones too many are cut,
    and what fits in no way is left empty, so that each row keeps its place; lines at the end that are no rows go.
    Raises LatentError where too many are odd.
    """
    width = len(dialect.names)
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(text[dialect.offset :]), "utf-8", newline=""), delimiter=dialect.delimiter
    )
    kept: list[list[str]] = []
    odd: list[tuple[int, int, int]] = []  # (place among the kept, number of the line, how many cells)
    try:
        for row in reader:
            if row and len(row) != width:
                if any("\n" in cell for cell in row):  # a quote that is never closed takes all that follows
                    raise _apart(error) from error
                spare = [cell for cell in row[width:] if cell.strip()]
                if spare or len(row) < width:
                    odd.append((len(kept), dialect.line + reader.line_num, len(row)))
                row = [*row, *[""] * width][:width] if not spare else [""] * width
            if row or width == 1:
                kept.append(row)
    except csv.Error:
        raise _apart(error) from error
    if not odd and len(kept) < 2:
        raise _apart(error) from error
    footer = _footer(odd, len(kept), whole)
    odd, gone = odd[: len(odd) - len(footer)], len(footer)
    if len(odd) > MAX_ODD_SHARE * rows or (gone and rows - gone < 2):
        _, line, cells = (odd or footer)[0]
        raise LatentError(
            f"Line {line:,} has {plural(cells, 'column')} where the others have {width:,}: "
            "mend that line, or choose another delimiter."
        )
    kept = kept[: len(kept) - gone]
    if gone:
        said = (
            "The last line is cut off and left out."
            if gone == 1
            else f"The last {gone} lines are no rows and are left out."
        )
        findings.note("cut_off", footer[0][1], said)
    if odd:
        where = ", ".join(str(line) for _, line, _ in odd[:8]) + (" …" if len(odd) > 8 else "")
        verb = "has" if len(odd) == 1 else "have"
        findings.note(
            "odd_lines", tuple(line for _, line, _ in odd),
            f"{plural(len(odd), 'line')} ({where}) {verb} another number of cells: what is missing counts as missing.",
        )  # fmt: skip
    findings.left_out += len(odd) + gone
    out = io.StringIO()
    writer = csv.writer(out, delimiter=dialect.delimiter, lineterminator="\n")
    writer.writerows(kept)
    return out.getvalue().encode()


def _footer(odd: list[tuple[int, int, int]], rows: int, whole: bool) -> list[tuple[int, int, int]]:
    """The odd lines that stand together at the end of the file."""
    if not whole:
        return []
    count = 0
    while count < min(len(odd), MAX_FOOTER) and odd[-1 - count][0] == rows - 1 - count:
        count += 1
    return odd[len(odd) - count :]


def parse_parquet(data: bytes, most: int | None) -> tuple[list[str], list[str], Columns]:
    """(names, units, columns) of a Parquet file. Raises LatentError."""
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(data))
        about = file.metadata
        unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        if about.num_columns > MAX_COLUMNS or about.num_rows > MAX_ROWS or (most is not None and unpacked > 20 * most):
            raise LatentError(
                f"The file holds {about.num_rows:,} rows × {about.num_columns:,} columns, "
                "too many to read here: leave some out."
            )
        ask(
            about.num_rows * (CELL_BYTES * about.num_columns + ROW_BYTES),
            f"{about.num_rows:,} rows × {about.num_columns:,} columns need",
            "leave some columns out, or bring fewer rows",
        )  # what is packed to nothing, as constant columns are, unpacks
        read = file.read()
    except (pa.ArrowException, OSError) as error:
        raise LatentError("The file is damaged or no Parquet file: write it again.") from error
    names, units = tidy_names(read.column_names, [""] * read.num_columns)
    return names, units, list(read.columns)
