"""The first sheet of an Excel workbook (.xlsx, ECMA-376) as the text of a table: values alone, nothing is computed."""

import csv
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from ...base.errors import LatentError
from .collection import MAX_VALUES

MAX_COLUMNS = 16_384  # that Excel has
ANY = "{*}"  # namespace: a strict workbook has others


def first_sheet(archive: zipfile.ZipFile) -> bytes:
    """The cells of a workbook's first sheet as CSV. Raises LatentError for a damaged workbook."""
    try:
        strings = _strings(archive)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        rows = list(_rows(archive, _path(archive), strings))
    except (KeyError, IndexError, ValueError, StopIteration, ElementTree.ParseError) as error:
        raise LatentError("The Excel file is damaged, or no .xlsx: save its first sheet as CSV.") from error
    width = max(map(len, rows), default=0)
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows if any(row))
    return out.getvalue().encode()


def _path(archive: zipfile.ZipFile) -> str:
    """Where the first sheet lies in the workbook."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheet = next(v for k, v in next(book.iterfind(f".//{ANY}sheet")).attrib.items() if k.endswith("}id"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(each.attrib["Target"] for each in relations if each.attrib["Id"] == sheet)
    return posixpath.normpath(posixpath.join("xl", target)).lstrip("/") if target[0] != "/" else target[1:]


def _strings(archive: zipfile.ZipFile) -> list[str]:
    """The texts that cells name by number."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in each.iterfind(f".//{ANY}t")) for each in root.iterfind(f".//{ANY}si")]


def _rows(archive: zipfile.ZipFile, path: str, strings: list[str]) -> Iterator[list[str]]:
    count = 0
    with archive.open(path) as sheet:
        for _, row in ElementTree.iterparse(sheet):
            if row.tag.rpartition("}")[2] != "row":
                continue
            cells: list[str] = []
            for cell in row.iterfind(f".//{ANY}c"):
                at = _column(cell.attrib.get("r", "")) if "r" in cell.attrib else len(cells)
                if at >= MAX_COLUMNS:
                    raise ValueError(at)
                cells += [""] * (at - len(cells) + 1)
                cells[at] = _text(cell, strings)
            count += len(cells)
            if count > MAX_VALUES:
                raise LatentError(f"The sheet has more than {MAX_VALUES:,} cells: save a part of it.")
            yield cells
            row.clear()


def _column(name: str) -> int:
    """
    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    number = 0
    for letter in re.match(r"[A-Z]{1,3}", name)[0]:  # type: ignore[index]
        number = 26 * number + ord(letter) - 64
    return number - 1


def _text(cell: ElementTree.Element, strings: list[str]) -> str:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iterfind(f".//{ANY}t"))
    value = cell.findtext(f"{ANY}v") or ""
    if kind == "s":
        return strings[int(value)]
    return "" if kind == "e" else value
