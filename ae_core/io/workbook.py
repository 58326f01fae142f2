"""An Excel workbook (.xlsx, .xlsm) as the text of a table: what its cells showed last, nothing is computed."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable

from ..base.errors import LatentError

MAX_CELLS = 50_000_000
MAX_XML = 2_000_000_000  # bytes that its parts unpack to
DAMAGED = "The Excel file is damaged, or no .xlsx: save its first sheet as CSV."


def is_workbook(archive: zipfile.ZipFile) -> bool:
    return "xl/workbook.xml" in archive.namelist()


def first_sheet(data: bytes, most_cells: int = MAX_CELLS) -> bytes:
    """The cells of a workbook's first sheet with any in it as CSV, UTF-8; moments in ISO 8601, errors empty.

    Raises LatentError for a damaged workbook, or one with more cells than `most_cells`.
    """
    import openpyxl  # takes a fifth of a second, and few bring a workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_XML:
                raise LatentError("The Excel file unpacks to more than 2 GB: save a part of it as CSV.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what it says of its size may be wrong
            rows = _rows(sheet.iter_rows(values_only=True), most_cells)
            if rows:
                break
    except LatentError:
        raise
    except Exception as error:  # openpyxl raises a dozen kinds, and those of the XML parser
        raise LatentError(DAMAGED) from error
    width = max(map(len, rows), default=0)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([*row, *[""] * (width - len(row))] for row in rows)
    return out.getvalue().encode()


def _rows(sheet: Iterable[tuple[object, ...]], most: int) -> list[list[str]]:
    """The rows with anything in them, each without the empty cells at its end."""
    rows, count = [], 0
    for cells in sheet:
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        count += len(row)
        if count > most:
            raise LatentError(f"The sheet has more than {most:,} cells: save a part of it.")
        if row:
            rows.append(row)
    return rows


def _text(cell: object) -> str:
    """
    >>> _text(2.0), _text(True), _text(datetime.datetime(2024, 3, 4, 6)), _text("#N/A"), _text(None)
    ('2', 'true', '2024-03-04 06:00:00', '', '')
    """
    if cell is None or (isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?").isupper()):
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return _nearest(cell).isoformat(sep=" ")
    return str(cell).strip()


def _nearest(moment: datetime.datetime) -> datetime.datetime:
    """A moment without the rounding of the days that Excel counts: they are known to some ten microseconds."""
    return (moment + datetime.timedelta(microseconds=500)).replace(
        microsecond=(moment + datetime.timedelta(microseconds=500)).microsecond // 1000 * 1000
    )
