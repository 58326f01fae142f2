"""Reading a table of numbers whose format nobody wrote down: what is found out is said in sentences and can be changed.

The text is looked at in a few places to find its dialect; Arrow's reader then parses it, and columns that it leaves as
text (units in the cells, thousands separators, day-first times) are mended as whole columns. Nothing is ever evaluated.
"""

import codecs
import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from ...base.errors import LatentError

MOST_BYTES = 200_000_000
MOST_ROWS = 20_000_000
MOST_COLUMNS = 10_000
LARGEST = 1e150  # a value beyond it, whose square is no number any more, is no measurement
MOST_LINE = 4 << 20  # bytes; 10,000 columns of 400
MOST_CELLS = 20_000  # looked at one by one to tell the format
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
DECIMALS = {"point": ".", "comma": ","}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MISSING = ("", *_words("na n/a #n/a #na null (null) none nil nan - -- --- ? #value! #div/0! #ref! #num!"))
# Of columns that are called so and hold two kinds of values, the first in this order is the label, the others are left
# out.
LABELS = _words(
    "label labels anomaly is_anomaly isanomaly anomalous anomalies is_outlier outlier fault faulty is_fault failure target class attack"
)
LABELS += _words("normal/attack ground_truth is_abnormal abnormal changepoint is_changepoint")
ABNORMAL = {*_words("1 1.0 true t yes y anomaly anomalous abnormal attack fault faulty failure fail outlier bad")}
FINE = {*_words("0 0.0 -1 false f no n normal ok good healthy inlier benign pass")}
TIMELIKE = {
    *_words("time times timestamp datetime date ts t epoch unix unixtime utc clock zeit zeitstempel datum uhrzeit")
}
TIMELIKE |= {*_words("fecha hora heure temps horodatage ora tijd tid")}
ELAPSED = TIMELIKE | {
    *_words("elapsed seconds second sec s ms milliseconds us µs ns min minutes h hours since start in")
}
SECONDS = {
    "ms": 1e-3,
    "milliseconds": 1e-3,
    "us": 1e-6,
    "µs": 1e-6,
    "ns": 1e-9,
    "min": 60.0,
    "minutes": 60.0,
    "h": 3600.0,
    "hours": 3600.0,
}
COUNTERS = {"", "unnamed: 0", "#", *_words("index idx id row rows no nr lfd record")}
PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "ZIP or Excel",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
}
BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
UNFIT = {
    "idna",
    "punycode",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
}  # encodings of names and programs; some take ages
LOOKALIKES = {
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u2212": "-",
    "\u2019": "'",
}  # in numbers, of the space, the minus and the apostrophe

_UNIT = r"(?:[^\W\d_]|[°%‰$€£Ω\"′″])[^\s\d,;|=]*(?:[²³\d]|/[^\W\d_]+\d?)?"
_PLAIN = r"(?:\d+(?:\.\d*|,\d+)?|[.,]\d+|\d{1,3}(?:(?:,\d{3})+(?:\.\d*)?|(?:\.\d{3})+(?:,\d*)?|(?:[ ']\d{3})+(?:[.,]\d*)?))(?:[eE][+-]?\d+)?"
_NUMBER = re.compile(rf"[+-]?(?P<number>{_PLAIN})\s*(?P<unit>{_UNIT})?|[+-]?inf(?:inity)?", re.IGNORECASE)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AP]M)?"
_ZONE = r"(?:\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))"
_DATE = r"(?P<date>\d{4}(?P<s>[-./])\d{1,2}(?P=s)\d{1,2}|\d{1,2}(?P<t>[-./])\d{1,2}(?P=t)(?:\d{4}|\d{2})|\d{1,2}(?P<u>[- ])[A-Z]{3}(?P=u)\d{4}|\d{8}(?=T))"
_TIME = re.compile(rf"{_DATE}(?:(?P<gap>T|,? +)(?P<clock>{_CLOCK}|(?<=T)\d{{4,6}})(?P<zone>{_ZONE})?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One thing that was found out about a file: `what` is the keyword of `read_table` that changes it, where there is
    one.
    """

    what: str
    value: Any
    says: str  # a sentence for the screen


EMPTY = "The file is empty: give one with a row for each moment and a column for each channel."
PARQUET = Found("format", "parquet", "The file is Parquet: names and types are its own.")


@dataclass(frozen=True)
class Table:
    """Numbers in columns, a row for each row of the file, in its order.

    names, units: of the channels, C of each, a unit "" where none is known. values: (rows, C), NaN for missing;
    float64.
    time: datetime64[ns] (rows,), UTC where the file has zones, or None; step: median seconds between rows, or None.
    label: bool (rows,), True for abnormal, or None. found: what was decided on the way.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    time: np.ndarray | None = None
    step: float | None = None
    label: np.ndarray | None = None
    found: tuple[Found, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, which: slice | np.ndarray) -> "Table":
        """The table with these rows alone."""
        return replace(
            self,
            values=self.values[which],
            time=None if self.time is None else self.time[which],
            label=None if self.label is None else self.label[which],
        )


def joined(tables: Sequence[Table]) -> Table:
    """Tables with the same columns as one, the rows in their order; the rest is the first one's."""
    first, *more = tables
    if not more:
        return first
    parts = {name: [getattr(table, name) for table in tables] for name in ("values", "time", "label")}
    return replace(first, **{name: None if part[0] is None else np.concatenate(part) for name, part in parts.items()})


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
    most_bytes: int | None = MOST_BYTES,
) -> Table:
    """The table in a text file (or Parquet file) given by its path or its bytes; None everywhere: find out.

    delimiter: one of `DELIMITERS` or the character itself; decimal: "point" or "comma", or the character. time, label:
    a column's name, or "none"; columns: the channels' names, with commas between them if it is one text. missing:
    further texts that mean a missing value. Raises LatentError, a sentence, for what is no table of numbers.
    """
    tokens = _tokens(missing)
    delimiter, decimal = _character("delimiter", delimiter, DELIMITERS), _character("decimal", decimal, DECIMALS)
    data, found = _contents(file, most_bytes), []
    if data[:4] == b"PAR1":
        names, units, arrays = _parquet(data, most_bytes)
        found.append(PARQUET)
        point = decimal or "."
    else:
        text = _as_utf8(data, encoding, found)
        del data
        text, form = _form(text, delimiter, decimal, header, found)
        names, units, point = form.names, form.units, form.decimal
        arrays = _arrow(text, form, tokens, found)
    return _table(
        _columns(names, units, arrays, point, decimal is None, day_first, tokens), found, time, label, _names(columns)
    )


def _names(columns: str | Sequence[str] | None) -> list[str] | None:
    if columns is None or isinstance(columns, str):
        columns = next(csv.reader([columns or ""], skipinitialspace=True), [])
    return [name.strip() for name in columns if name.strip()] or None


def _character(what: str, value: str | None, known: dict[str, str]) -> str | None:
    value = known.get(value, value) or None
    if value is not None and value not in known.values():
        raise LatentError(f"{what} is one of {', '.join(known)}, not {value[:20]!r}.")
    return value


# From the file to text


def _there(file: str | Path) -> Path:
    path = Path(file)
    if not path.is_file():  # no folder, no device that never ends
        raise LatentError(f"There is no file {str(file)[:200]!r}: check the name and the folder.")
    return path


def _contents(file: str | Path | bytes, most: int | None) -> bytes:
    if isinstance(file, (bytes, bytearray, memoryview)):
        size, read = len(file), lambda: bytes(file)
    else:
        path = _there(file)
        size, read = path.stat().st_size, path.read_bytes
    if most is not None and size > most:
        raise LatentError(
            f"The file has {size / 1e6:,.0f} MB, and at most {most / 1e6:,.0f} MB are read here: leave out columns or rows, or use Parquet."
        )
    try:
        data = read()
    except OSError as error:
        raise LatentError(f"The file {str(file)[:200]!r} cannot be read ({error.strerror}).") from error
    _not_packed(data)
    return data


def _not_packed(data: bytes) -> None:
    for magic, kind in PACKED.items():
        if data.startswith(magic):
            raise LatentError(
                f"This is a packed file ({kind}) whatever its name says: unpack it, or save the sheet as CSV, and give that."
            )


def _as_utf8(data: bytes, encoding: str | None, found: list[Found]) -> bytes:
    """The text as UTF-8 with plain spaces, minus signs and line ends; says what the encoding was."""
    text, encoding, says = _decoded(data, encoding)
    _is_a_table(text)
    plain = _plain(text)
    found.append(_told(encoding, says))
    return (
        data.removeprefix(b"\xef\xbb\xbf")
        if plain is text and encoding in ("utf-8", "utf-8-sig")
        else _encoded(plain, encoding)
    )


def _is_a_table(text: str) -> None:
    """Raises LatentError for what is none at the first look."""
    head = text[:100_000]
    if sum(c < " " and c not in "\t\r\n\f\x1a" for c in head) > len(head) // 200:
        raise LatentError("This is a binary file, not a table of text: export the data as CSV and give that.")
    if not re.search(r"[^\s\x1a,;|]", text):
        raise LatentError(EMPTY)
    if re.match(r"\s*(<!?[a-z]|[{]|\[\s*[{\[])", head, re.IGNORECASE):
        raise LatentError("This is a web page or JSON, not a table: export the data as CSV and give that.")


def _plain(text: str) -> str:
    """The text itself, or, where it has others, with plain spaces, minus signs and line ends."""
    for other, plain in {**LOOKALIKES, "\r\n": "\n", "\r": "\n"}.items():
        if other in text:
            text = text.replace(other, plain)
    return text


def _told(encoding: str, says: str) -> Found:
    return Found("encoding", encoding, f"The text's encoding is {encoding} ({says}).")


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode()
    except UnicodeError:
        raise LatentError(
            f"The file is no text in {encoding}: choose another encoding, or save it again as UTF-8."
        ) from None


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str, str]:
    """(text, encoding, how it was told)."""
    choices = _encodings(data, encoding)
    for name, says in choices:
        try:
            return data.decode(name).removeprefix("\ufeff"), name, says
        except UnicodeError:
            continue
    raise LatentError(f"The file is no text in {choices[0][0]}: choose another encoding, or save it again as UTF-8.")


def _encodings(data: bytes, asked: str | None) -> list[tuple[str, str]]:
    """What the encoding may be, and how that shows; the first that fits is it. LatentError where the one that is asked
    for is none of texts.
    """
    if asked:
        try:
            fits = (
                asked.isascii()
                and codecs.lookup(asked)._is_text_encoding
                and codecs.lookup(asked).name.replace("_", "-") not in UNFIT
            )
        except (LookupError, ValueError):
            fits = False
        if not fits:
            raise LatentError(f"There is no text encoding {asked[:40]!r}: try utf-8, utf-16 or latin-1.")
        return [(asked, "as you said")]
    for mark, name in BOMS.items():
        if data.startswith(mark):
            return [(name, "by its byte-order mark")]
    head = data[: 1 << 14]
    zeros = [head[0::2].count(0), head[1::2].count(0)]
    if sum(zeros) > len(head) // 4 and min(zeros) < max(zeros) // 8:  # every other byte of Latin text is zero
        return [("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be", "every other byte is zero")]
    if sum(zeros):
        raise LatentError("This is a binary file, not a table of text: export the data as CSV and give that.")
    return [("utf-8", "all of it is valid"), ("cp1252", "it is no valid UTF-8"), ("latin-1", "it is no valid UTF-8")]


# From text to columns


def _lines(text: bytes) -> tuple[list[str], list[str]]:
    """The first lines, and further ones from five places after them: what a format looks like shows late in some files."""
    end = text.find(b"\n", 0, MOST_LINE)
    if end < 0 and len(text) > MOST_LINE:
        raise LatentError(
            f"The first line has more than {MOST_LINE >> 20} million characters: this is no table with rows."
        )
    head = text[: min(len(text), max(1 << 18, 4 * end))]
    first = head.decode(errors="replace").split("\n")
    if len(head) < len(text) and len(first) > 1:
        first.pop()
    first = first[:300]
    widest = max(line.count(c) + 1 for line in first for c in DELIMITERS.values() if c != " ")
    if widest > MOST_COLUMNS:
        raise LatentError(
            f"A line has {widest:,} columns, and at most {MOST_COLUMNS:,} are read: leave some out, or turn the table on its side."
        )
    later: list[str] = []
    for share in (0.2, 0.4, 0.6, 0.8, 0.99):
        at = text.find(b"\n", max(len(head), int(share * len(text)))) + 1
        if at:
            later += text[at : at + (1 << 14)].decode(errors="replace").split("\n")[:40][:-1]
    return first, later


def _cells(lines: Iterable[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """(number of its first line, cells) of each row."""
    rows, at = [], 0
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=True)
    try:
        for row in reader:
            rows.append(
                (at, [cell.strip() for cell in (row[:-1] if delimiter == " " and row and not row[-1] else row)])
            )
            at = reader.line_num
    except csv.Error:
        pass  # a quote that never closes: the reader proper will say so
    return rows


def _sensible(cell: str) -> bool:
    return cell.lower() in MISSING or bool(
        _NUMBER.fullmatch(cell) or _TIME.fullmatch(cell) or re.fullmatch(_CLOCK, cell, re.IGNORECASE)
    )


def _delimiter(lines: list[str]) -> tuple[str, str]:
    """The one that cuts most lines into equally many cells that mean something."""
    best = (-1.0, ",", "")
    for name, delimiter in DELIMITERS.items():
        rows = [
            row
            for _, row in _cells((" ".join(line.split()) for line in lines) if delimiter == " " else lines, delimiter)
            if row
        ]
        widths = Counter(map(len, rows))
        width = max(widths, key=lambda w: (widths[w], w), default=1)
        body = [row for row in rows if len(row) == width][1:] or rows
        cells = [cell for row in body[:200] for cell in row[:50]]
        score = widths[width] / max(len(rows), 1) * (0.02 + sum(map(_sensible, cells)) / max(len(cells), 1))
        if width == 1:
            score *= 0.999  # several columns before one, where both make sense
        if score > best[0] + 1e-9:
            best = (score, delimiter, f"Columns are separated by {name}s." if width > 1 else "There is one column.")
    return best[1:]


def _decimal(cells: Iterable[str], delimiter: str, fallback: str | None = None) -> tuple[str, str]:
    """The decimal sign and why; a lone "1,234" may be either, then the fallback or the delimiter decides."""
    votes, unsure = Counter(), Counter()
    for cell in cells:
        match = _NUMBER.fullmatch(cell)
        number = ((match and match["number"]) or "").lower().split("e")[0]
        signs = [c for c in number if c in ".,"]
        if len(set(signs)) == 2:
            votes[signs[-1]] += 1
        elif len(signs) > 1:
            votes["." if signs[0] == "," else ","] += 1
        elif signs:
            (unsure if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", number) else votes)[signs[0]] += 1
    if votes:
        sign = max(sorted(votes), key=votes.get)
        return sign, f"{votes[sign]} of the cells looked at say so"
    if fallback:
        return fallback, "as in the other columns"
    if unsure[","] and delimiter in ";\t":
        return ",", "such files usually have it, but 1,234 could be a thousand: look at the values"
    return ".", "the usual one" if not unsure[","] else "1,234 is taken for a thousand: look at the values"


def _is_text(cell: str) -> bool:
    return not _sensible(cell)


@dataclass(frozen=True)
class _Form:
    """How text holds a table. offset, line: the first byte and the number of the line at which the rows begin."""

    names: list[str]
    units: list[str]
    delimiter: str
    decimal: str
    offset: int
    line: int


def _spaced(text: bytes) -> bytes:
    """Lines in which spaces separate columns, with single ones."""
    return b"\n".join(b" ".join(line.split()) for line in text.split(b"\n"))


def _form(
    text: bytes, delimiter: str | None, decimal: str | None, header: bool | None, found: list[Found]
) -> tuple[bytes, _Form]:
    """(UTF-8 text, with single spaces where those separate columns; how it holds a table)."""
    first, later = _lines(text)
    told = re.fullmatch(r'"?sep=(.)"?', first[0].strip(), re.IGNORECASE)
    says = "Columns are separated as you said."
    if delimiter is None and told and told[1] in DELIMITERS.values():
        delimiter, says = told[1], "Columns are separated as the first line says."
    sensible = [line for line in first if line.strip() and not line.lstrip().startswith(("#", "//"))]
    if delimiter is None:
        delimiter, says = _delimiter([*sensible[:200], *later])
    found.append(Found("delimiter", next(n for n, c in DELIMITERS.items() if c == delimiter), says))
    if delimiter == " ":
        text = _spaced(text)
        first = [" ".join(line.split()) for line in first]

    lines = _cells(first, delimiter)
    rows = [(at, row) for at, row in lines if any(row)]
    kept = [(at, row) for at, row in rows if not (row[0].startswith(("#", "//")) or (told and at == 0))]
    widths = Counter(len(row) for _, row in kept)
    width = max(widths, key=lambda w: (widths[w], w), default=0)
    if not kept:
        raise LatentError(
            "The file holds nothing but comments: give one with a row for each moment and a column for each channel."
        )
    start = next(i for i, (_, row) in enumerate(kept) if len(row) == width)
    body = [row for _, row in kept[start:] if len(row) == width]
    names = None
    if header is None:
        header = _has_header(body)
    if header:
        names, body, at = body[0], body[1:], _after(lines, kept[start][0])
        says = "The first row names the columns."
    else:
        at, says = kept[start][0], "The columns have no names: the first row holds values already."
        above = [row for line, row in rows if line < at and not (told and line == 0)]
        # np.savetxt and others write the names into a comment; R leaves out the name of the row names; some rows end
        # with a delimiter.
        last = [re.sub(r"^(#|//)\s*", "", above[-1][0]), *above[-1][1:]] if above else []
        last = [cell for cell in last if cell] if len(last) > width else last
        if width > 1 and any(last) and len(last) == width and all(map(_is_text, filter(None, last))):
            names, header, says = last, True, "The names stand in the comment above the first row."
        elif width > 1 and len(last) == width - 1 and all(map(_is_text, last)):
            trailing = not any(row[-1] for row in body)
            names, header = [*last, ""] if trailing else ["row", *last], True
            says = (
                "The first row names the columns, all but the last, which is empty."
                if trailing
                else "The first row names all columns but the first."
            )
    if not body:
        quote = " (or a quote is never closed)" if '"' in first[0] else ""
        raise LatentError(f"The file holds names but no values{quote}: give one with a row for each moment below them.")
    if start:
        found.append(
            Found(
                "preamble",
                start,
                f"{start} line{'s' * (start > 1)} above the table {'are' if start > 1 else 'is'} left out.",
            )
        )
    units = [""] * width
    if header and _are_units(names, body):
        units, at = [unit.strip("[]() ") for unit in body[0]], _after(lines, kept[start + 1][0])
        says += " The second row holds their units."
    names, units = _tidy(names or [""] * width, units)
    found.append(Found("header", header, says))

    inside = [
        cell
        for row in chain(body[:200], (row for _, row in _cells(later, delimiter) if len(row) == width))
        for cell in row
    ]
    why = "as you said"
    if decimal is None:
        decimal, why = _decimal(inside[:: -(-len(inside) // MOST_CELLS)], delimiter)
    found.append(
        Found(
            "decimal", next(n for n, c in DECIMALS.items() if c == decimal), f"The decimal sign is {decimal!r} ({why})."
        )
    )
    offset = sum(len(line.encode()) + 1 for line in first[:at])
    return text, _Form(names, units, delimiter, decimal, offset, at)


def _after(lines: list[tuple[int, list[str]]], line: int) -> int:
    """The line at which the row after the one at `line` begins, comments left out; a row without any value is a row."""
    return next((at for at, row in lines if at > line and not (row and row[0].startswith(("#", "//")))), line + 1)


def _are_units(names: list[str], body: list[list[str]]) -> bool:
    """Whether the row below the names is all words and the next is not."""
    words = [all(map(_is_text, filter(None, row))) and any(row) for row in body[:2]]
    return len(body) > 3 and words == [True, False] and body[0] != names


def _has_header(body: list[list[str]]) -> bool:
    """Whether the first row is of another kind than those below it."""
    if len(body) == 1:
        return all(map(_is_text, filter(None, body[0])))
    texts = numbers = changes = 0
    enough = max(6, min(100, MOST_CELLS // len(body[0])))
    for j, cell in enumerate(body[0]):
        below = [row[j].lower() for row in body[1:enough] if row[j].lower() not in MISSING]
        text = bool(cell) and _is_text(cell) and not (cell.lower() in below and cell.lower() in ABNORMAL | FINE)
        texts += text
        changes += text and sum(_sensible(c) or c in ABNORMAL | FINE for c in below) > 0.5 * len(below)
        numbers += _sensible(cell) and cell.lower() not in MISSING
    # Columns may be called 0, 1, 2, …; a first value that says "error" is no reason to take a row of values for names.
    whole = [int(c) for c in body[0] if re.fullmatch(r"\d{1,5}", c)]
    counting = len(whole) == numbers and whole == sorted(set(whole))
    return changes > numbers or (changes > 0 and counting) or (texts > 0 and numbers == 0)


def _tidy(names: Sequence[str], units: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names without units, each once: "temp [°C]" is temp in °C, a second a is "a 2", one without a name is "column 3"."""
    seen: Counter[str] = Counter()
    taken, used = set(names), set()
    tidy, own = [], []
    for j, (name, unit) in enumerate(zip(names, units, strict=True)):
        name = _printable(" ".join(name.split()))[:200]
        match = re.fullmatch(r"(.*\S)\s*(?:\[([^\[\]]{0,20})\]|\(([^()]{0,12})\))", name)
        if match and not re.fullmatch(r"\d*", match[2] or match[3] or ""):
            name, unit = match[1], (match[2] or match[3]).strip()
        name = name or f"column {j + 1}"
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name} {seen[name]}"
        while unique in used or (seen[name] > 1 and unique in taken):
            seen[name] += 1
            unique = f"{name} {seen[name]}"
        used.add(unique)
        tidy.append(unique)
        own.append(_printable(unit))
    return tidy, own


def _tokens(missing: str | Sequence[str]) -> tuple[str, ...]:
    """The texts that mean a missing value; half characters, which a link may bring, are in no file."""
    texts = missing.split(",") if isinstance(missing, str) else missing
    return tuple(text for text in (t.encode("utf-8", "ignore").decode().strip() for t in texts) if text)


def _printable(text: str) -> str:
    """The text without what no screen shows: half characters, switches of direction, bells."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable())


def _arrow(
    text: bytes, form: _Form, tokens: tuple[str, ...], found: list[Found], whole: bool = True
) -> list[pa.ChunkedArray]:
    """The columns; whole: the text goes on to the end of the file, where the last line may be cut off."""
    offset, line, width, end = form.offset, form.line, len(form.names), len(text)
    while text[end - 1 : end] in (b"\n", b"\x1a"):  # a line end, or the end of file that DOS wrote
        end -= 1
    rows = text.count(b"\n", offset, end) + 1
    if rows > MOST_ROWS:
        raise LatentError(
            f"The file has about {rows:,} rows, and at most {MOST_ROWS:,} are read: take every second one, or a part."
        )
    nulls = {form for token in MISSING for form in (token, token.upper(), token.capitalize())} | {"NaN", *tokens}
    convert = pa.csv.ConvertOptions(decimal_point=form.decimal, strings_can_be_null=True, null_values=sorted(nulls))
    # A row without a value is a blank line where there is one column: to leave it out would move all that follow.
    options = pa.csv.ParseOptions(
        delimiter=form.delimiter, newlines_in_values=b'"' in text, ignore_empty_lines=width > 1
    )
    reading = pa.csv.ReadOptions(
        column_names=[str(j) for j in range(width)], block_size=max(MOST_LINE, min(len(text), 1 << 23))
    )
    buffer = pa.py_buffer(text)
    for last in (end, text.rfind(b"\n", 0, end)):
        try:
            read = pa.csv.read_csv(pa.BufferReader(buffer[offset:last]), reading, options, convert)
            break
        except pa.ArrowInvalid as error:
            wrong, cells = _ragged(text, form)
            if wrong is None:
                raise LatentError(
                    f"The rows cannot be told apart ({str(error).splitlines()[0][:80]}): look for a quote that is never closed."
                ) from error
            if not whole or last < end or wrong < line + rows - 1 or cells > width or rows < 2:
                where = f"Line {wrong + 1:,} has {cells:,} column{'s' * (cells != 1)} where the others have {width:,}"
                raise LatentError(f"{where}: mend that line, or choose another delimiter.") from error
            found.append(Found("cut_off", wrong + 1, "The last line is cut off and left out."))
    return read.columns


def _ragged(text: bytes, form: _Form) -> tuple[int | None, int]:
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


def _parquet(data: bytes, most: int | None):
    try:
        file = pa.parquet.ParquetFile(pa.BufferReader(data))
        about = file.metadata
        unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        if (
            about.num_columns > MOST_COLUMNS
            or about.num_rows > MOST_ROWS
            or (most is not None and unpacked > 20 * most)
        ):
            raise LatentError(
                f"The file holds {about.num_rows:,} rows × {about.num_columns:,} columns, too many to read here: leave some out."
            )
        read = file.read()
    except (pa.ArrowException, OSError) as error:
        raise LatentError("The file is damaged or no Parquet file: write it again.") from error
    names, units = _tidy(read.column_names, [""] * read.num_columns)
    return names, units, read.columns


# From columns to channels, times and labels


@dataclass(eq=False)
class _Column:
    """A column on its way: numbers, times (with the sentence on their format), seconds of the day, or text."""

    name: str
    unit: str
    numbers: np.ndarray | None = None
    times: np.ndarray | None = None
    clock: np.ndarray | None = None
    words: pa.ChunkedArray | None = None
    says: str = ""
    bad: int = 0  # cells that are neither a number nor missing
    example: str = ""
    whole: bool = False  # written as whole numbers
    scale: float = 0.0  # seconds in one of its numbers, where those count from 1970 or from the start


def _strings(array: pa.ChunkedArray, tokens: tuple[str, ...]) -> pa.ChunkedArray:
    """The texts without spaces around them, null where they mean a missing value."""
    array = pc.utf8_trim_whitespace(pc.cast(array, pa.string()))
    gone = pc.is_in(pc.utf8_lower(array), pa.array([*MISSING, *(t.lower() for t in tokens)]))
    return pc.if_else(gone, pa.scalar(None, pa.string()), array)


def _look(strings: pa.ChunkedArray, most: int = 400) -> list[str]:
    """Some of the texts from all over the column."""
    there = strings.drop_null()
    every = max(1, len(there) // most)
    return there.take(pa.array(range(0, len(there), every))).to_pylist() if every > 1 else there.to_pylist()


def _columns(
    names: Sequence[str],
    units: Sequence[str],
    arrays: Sequence[pa.ChunkedArray],
    point: str,
    own: bool,
    day_first: bool | None,
    tokens: tuple[str, ...],
) -> list[_Column]:
    """own: whether columns that are text so far may have another decimal sign than `point`."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # Arrow lets go of the interpreter while it works
        return list(
            threads.map(lambda c: _column(*c, point, own, day_first, tokens), zip(names, units, arrays, strict=True))
        )


def _column(
    name: str,
    unit: str,
    array: pa.ChunkedArray,
    decimal: str,
    own: bool,
    day_first: bool | None,
    tokens: tuple[str, ...],
) -> _Column:
    kind, column = array.type, _Column(name, unit)
    if pa.types.is_dictionary(kind):
        array, kind = pc.cast(array, kind.value_type), kind.value_type
    if pa.types.is_null(kind):
        column.numbers = np.full(len(array), np.nan)
    elif (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        column.whole = pa.types.is_boolean(kind) or pa.types.is_integer(kind)
        column.numbers = pc.cast(
            pc.cast(array, pa.int8()) if pa.types.is_boolean(kind) else array, pa.float64(), safe=False
        ).to_numpy()
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        zone = pa.types.is_timestamp(kind) and kind.tz
        try:
            column.times = pc.cast(pc.cast(array, pa.timestamp("ns", zone or None)), pa.timestamp("ns")).to_numpy()
        except pa.ArrowInvalid:  # before 1678 or after 2261
            column.words = pc.cast(array, pa.string())
        column.says = "year first" + (", turned into UTC" if zone else "")
    elif pa.types.is_time(kind):
        column.clock = pc.cast(pc.cast(array, pa.time64("us")), pa.int64()).to_numpy().astype(float) / 1e6
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        _read_words(column, _strings(array, tokens), decimal, own, day_first)
    return column


def _read_words(column: _Column, strings: pa.ChunkedArray, decimal: str, own: bool, day_first: bool | None) -> None:
    seen = _look(strings)
    there = len(strings) - strings.null_count
    if not seen:
        column.numbers = np.full(len(strings), np.nan)
        return
    if sum(bool(_TIME.fullmatch(cell)) for cell in seen) > 0.5 * len(seen):
        column.times, column.says = _times(strings, seen, day_first)
    elif all(re.fullmatch(_CLOCK, cell, re.IGNORECASE) for cell in seen):
        day = pd.to_timedelta(
            pd.Series(pc.replace_substring(strings, ",", ".").to_numpy()).where(
                lambda s: s.str.count(":") != 1, lambda s: s + ":00"
            ),
            errors="coerce",
        )
        column.clock = day.dt.total_seconds().to_numpy()
    else:
        matches = [m for cell in seen if (m := _NUMBER.fullmatch(cell))]
        if len(matches) > 0.5 * len(seen):
            unit = Counter(m["unit"] or "" for m in matches).most_common(1)[0][0]
            sign = _decimal(seen, "", decimal)[0] if own else decimal
            values, fine = _numbers(strings, sign, unit)
            if fine > 0.5 * there:
                column.numbers, column.unit, column.bad = values, unit or column.unit, there - fine
                if column.bad:
                    wrong = pc.and_(pc.is_valid(strings), pa.chunked_array([np.isnan(values)]).combine_chunks())
                    column.example = strings.filter(wrong)[0].as_py()[:30]
                return
    column.words = strings


def _numbers(strings: pa.ChunkedArray, decimal: str, unit: str) -> tuple[np.ndarray, int]:
    """(float64 with NaN for what is none, how many are numbers) of texts with thousands separators and this unit."""
    groups = "' " + (".," if decimal == "," else ",").replace(decimal, "")
    whole = rf"(?:\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+)"
    point, end = re.escape(decimal), rf"\s*(?:{re.escape(unit)})?" if unit else ""
    pattern = rf"^[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?{end}$"
    fine = pc.match_substring_regex(strings, pattern)
    strings = pc.if_else(fine, strings, pa.scalar(None, pa.string()))
    if unit[:1] in ("e", "E"):  # taken from the end alone: it may look like an exponent
        strings = pc.replace_substring_regex(strings, rf"\s*{re.escape(unit)}$", "")
    elif unit:
        strings = pc.utf8_trim_whitespace(pc.replace_substring(strings, unit, ""))
    for gone, instead in (*((g, "") for g in groups), (decimal, ".")):
        if gone != instead and pc.any(pc.match_substring(strings, gone)).as_py():  # to look is quicker than to copy
            strings = pc.replace_substring(strings, gone, instead)
    return pc.cast(strings, pa.float64()).to_numpy(), pc.sum(fine).as_py() or 0


def _times(strings: pa.ChunkedArray, seen: list[str], day_first: bool | None) -> tuple[np.ndarray, str]:
    """(datetime64[ns], what their format is) of texts; NaT for what is none."""
    matches = [m for cell in seen if (m := _TIME.fullmatch(cell))]
    zone = any(m["zone"] for m in matches)
    # A comma before the fraction of a second, or after the date, reads like a point.
    strings = pc.replace_substring(strings, ",", ".")
    some = pa.chunked_array([[m[0].replace(",", ".") for m in matches]])
    formats = _formats(matches, day_first)
    # Where the cells looked at can be read in both orders, the right one runs forward, and evenly.
    tried = {says: _stamped(some, *form, zone) for says, form in formats.items()}

    def odd(says: str) -> tuple[int, int, int]:
        steps = tried[says].diff().dt.total_seconds().iloc[1:]
        return int(tried[says].isna().sum()), int((steps < 0).sum()), int((steps != steps.median()).sum())

    says = min(tried, key=odd)
    times = _stamped(strings, *formats[says], zone)
    outside = ~times.between("1678-01-01", "2261-12-31")
    return times.mask(outside).to_numpy("datetime64[ns]"), says + (", turned into UTC" if zone else "")


def _formats(matches: list[re.Match], day_first: bool | None) -> dict[str, tuple[str, str]]:
    """(strptime format of the date, and of what follows it) that fit, by what they mean; the likeliest first."""
    if all(re.match(r"\d{4}-?\d\d-?\d\d(?!\d)", m["date"]) for m in matches):
        return {"year first": ("ISO8601", "")}
    usual = Counter((re.sub(r"\d+", "", m["date"]), m["gap"], bool(m["clock"])) for m in matches).most_common(1)[0][0]
    match = next(m for m in matches if (re.sub(r"\d+", "", m["date"]), m["gap"], bool(m["clock"])) == usual)
    date, clock, tail = match["date"], match["clock"] or "", (match["gap"] or "").replace(",", ".")
    sign = re.search(r"[-./ ]", date)[0]
    if clock:
        half = clock[-1:].lower() == "m"
        tail += (
            ("%I" if half else "%H")
            + ":%M"
            + ":%S" * (clock.count(":") > 1)
            + ".%f" * bool(re.search(r"[.,]\d", clock))
        )
        tail += re.search(r"\s*[AP]M$", clock, re.IGNORECASE)[0][:-2] + "%p" if half else ""
        tail += re.match(r"\s*", match["zone"])[0] + "%z" if match["zone"] else ""
    parts = date.split(sign)
    if len(parts[0]) == 4:
        return {"year first": (sign.join(("%Y", "%m", "%d")), tail)}
    year = "%Y" if len(parts[2]) == 4 else "%y"
    if parts[1].isalpha():
        return {"day, name of the month, year": (sign.join(("%d", "%b", year)), tail)}
    orders = {"day first": (sign.join(("%d", "%m", year)), tail), "month first": (sign.join(("%m", "%d", year)), tail)}
    if "%p" in tail:  # who writes 6:30 PM writes the month first
        orders = dict(reversed(orders.items()))
    return (
        orders
        if day_first is None
        else {says: form for says, form in orders.items() if says.startswith("day") == day_first}
    )


def _stamped(strings: pa.ChunkedArray, date: str, tail: str, zone: bool) -> pd.Series:
    """datetime64 of texts, UTC where they have zones; NaT for what does not fit the formats."""

    def parse(texts: np.ndarray, form: str) -> pd.Series:
        return pd.to_datetime(pd.Series(texts, dtype="str"), format=form, errors="coerce", utc=zone)

    if tail[:1] in (" ", "T") and not zone and " " not in date:
        halves = pc.split_pattern(strings, tail[0], max_splits=1).combine_chunks()
        if pc.all(pc.equal(pc.list_value_length(halves), 2)).as_py():
            parts = []
            for half, form in enumerate(
                (date, tail[1:])
            ):  # a file has few days and few times of day: each is parsed once
                coded = pc.dictionary_encode(pc.list_element(halves, half))
                known = np.append(
                    parse(coded.dictionary.to_numpy(zero_copy_only=False), form).to_numpy("datetime64[us]"),
                    np.datetime64("NaT"),
                )
                parts.append(known[pc.fill_null(coded.indices, len(known) - 1).to_numpy(zero_copy_only=False)])
            return pd.Series(parts[0] + (parts[1] - np.datetime64("1900-01-01")))
    times = parse(strings.to_numpy(), date + tail)
    return times.dt.tz_localize(None) if zone else times


def _name_words(column: _Column) -> set[str]:
    return set(re.findall(r"[^\W_]+", column.name.lower()))


def _timing(column: _Column, chosen: bool) -> bool:
    """Turn a column of numbers into times, in place, where it is a clock: seconds since 1970 or since the start, or
    20240131.
    """
    numbers, words = column.numbers, _name_words(column)
    if numbers is None or not len(numbers) or not np.isfinite(numbers).any():
        return False
    there = numbers[np.isfinite(numbers)]
    middle, forward = float(np.median(there)), bool((np.diff(there) >= 0).all()) and there[-1] > there[0]
    for scale, unit in ((1.0, "seconds"), (1e-3, "milliseconds"), (1e-6, "microseconds"), (1e-9, "nanoseconds")):
        if 3e8 <= middle * scale < 8e9 and (
            chosen or words & TIMELIKE or (forward and column.whole and column.name.startswith("column "))
        ):
            column.times, column.says, column.scale = _stamps(numbers, scale), f"{unit} since 1970", scale
            return True
    if column.whole and there.min() > 19_000_000 and there.max() < 23_000_000 and (chosen or words & TIMELIKE):
        written = pd.Series(numbers).astype("Int64").astype("str")
        days = pd.to_datetime(written, format="%Y%m%d", errors="coerce")
        if days.notna().sum() == len(there):
            column.times, column.says = days.to_numpy("datetime64[ns]"), "year, month and day in one number"
            return True
    unit = column.unit.lower() or next(iter(words & set(SECONDS)), "s")
    steady = forward and len(there) > 2 and bool((np.diff(there) > 0).all())
    named = words & (TIMELIKE | {"elapsed", "seconds"}) and words <= ELAPSED
    if steady and (chosen or named) and float(np.abs(there).max()) * SECONDS.get(unit, 1.0) < 9e9:
        column.scale = SECONDS.get(unit, 1.0)
        column.times, column.says = (
            _stamps(numbers, column.scale),
            f"{unit} since the start, shown as if that were 1970",
        )
        return True
    return False


def _stamps(numbers: np.ndarray, scale: float) -> np.ndarray:
    """datetime64[ns] of numbers of `scale` seconds since 1970; their last digits, which are rounding, are dropped; NaT
    outside 1678 to 2261.
    """
    fine = np.abs(numbers) * scale < 9.2e9
    times = np.full(len(numbers), np.datetime64("NaT"), "datetime64[ns]")
    whole = np.floor(numbers[fine])
    part = np.round((numbers[fine] - whole) * 1e6) * (scale * 1e3)
    times[fine] = (whole.astype(np.int64) * round(scale * 1e9) + part.astype(np.int64)).astype("datetime64[ns]")
    return times


def _flags(column: _Column) -> np.ndarray | None:
    """bool (rows,), True for abnormal, of a column that holds two kinds of values; None of another."""
    if column.numbers is not None:
        kinds = set(np.unique(column.numbers[np.isfinite(column.numbers)]).tolist())
        return column.numbers == 1 if kinds and kinds <= {0.0, 1.0} else None
    if column.words is None:
        return None
    words = pc.utf8_lower(column.words)
    kinds = set(pc.unique(words.drop_null()).to_pylist()[:50])
    if not kinds or not kinds <= ABNORMAL | FINE:
        return None
    return pc.fill_null(pc.is_in(words, pa.array(sorted(ABNORMAL))), False).to_numpy()


def _pick(columns: list[_Column], name: str, what: str) -> _Column:
    for same in (
        lambda c: c.name == name,
        lambda c: c.name.lower() == name.strip().lower(),
        lambda c: f"{c.name} [{c.unit}]" == name,
    ):
        if picked := next(filter(same, columns), None):
            return picked
    raise LatentError(f"There is no column {name[:40]!r} for {what}; there are {_listed([c.name for c in columns])}.")


def _listed(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(n[:40] for n in names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _table(
    columns: list[_Column], found: list[Found], time: str | None, label: str | None, wanted: list[str] | None
) -> Table:
    clock, *clocks = _choose_time(columns, time, found)
    flags, marks = _choose_label(columns, label, found)
    channels = _choose_channels([c for c in columns if c not in (clock, *clocks, *marks)], columns, wanted, found)
    values = np.stack([column.numbers for column in channels], 1)
    _count_oddities(channels, values, found)
    times = clock.times if clock else None
    step = _sampling(times, found) if clock else None
    return Table(
        tuple(c.name for c in channels), tuple(c.unit for c in channels), values, times, step, flags, tuple(found)
    )


def _choose_time(columns: list[_Column], asked: str | None, found: list[Found]) -> list[_Column | None]:
    """The column that is the time, or None, and the one with the time of day if that was another."""
    chosen = None
    if asked and asked.lower() != "none":
        chosen = _pick(columns, asked, "the time")
        if chosen.times is None and not _timing(chosen, True):
            raise LatentError(f"The column {chosen.name[:40]!r} holds no times: choose another time column, or none.")
    elif not asked:
        candidates = [c for c in columns if c.times is not None or _timing(c, False)]
        chosen = next((c for c in candidates if _name_words(c) & TIMELIKE), next(iter(candidates), None))
    for column in columns:
        if column.times is not None and column is not chosen and column.numbers is not None:
            column.times = None  # a second clock in numbers is a channel after all
    day = next((c for c in columns if c.clock is not None and np.isfinite(c.clock).any()), None)
    if chosen is None and day is not None and not asked:
        # A clock alone: where it falls back by half a day, the next day has begun.
        passed = np.cumsum(np.r_[0, np.diff(pd.Series(day.clock).ffill().bfill()) < -43_200])
        day.times, day.clock, day.says = (
            _stamps(day.clock + 86_400.0 * passed, 1.0),
            None,
            "a time of day, shown as if it were of 1970",
        )
        chosen, day = day, None
    if chosen is None:
        found.append(Found("time", "none", "There is no time column: rows are taken for evenly spaced."))
        return [None]
    says = f"{chosen.name!r} is the time ({chosen.says})."
    midnight = chosen.times.astype("datetime64[D]").astype("datetime64[ns]")
    parts = [chosen]
    if day is not None and ((midnight == chosen.times) | np.isnat(chosen.times)).all():
        parts.append(day)
        fine = np.isfinite(day.clock) & ~np.isnat(chosen.times)
        times = np.full(len(midnight), np.datetime64("NaT"), "datetime64[ns]")
        times[fine] = midnight[fine] + np.round(day.clock[fine] * 1e9).astype("timedelta64[ns]")
        chosen.times, says = times, f"{chosen.name!r} and {day.name!r} together are the time ({chosen.says})."
    if unread := int(np.isnat(chosen.times).sum()):
        says += f" {unread:,} of its cells cannot be read as times."
    if chosen.says.startswith(("day first", "month first")):
        found.append(Found("day_first", chosen.says.startswith("day"), f"Dates are read {chosen.says.split(',')[0]}."))
    found.append(Found("time", chosen.name, says))
    return parts


def _choose_label(
    columns: list[_Column], asked: str | None, found: list[Found]
) -> tuple[np.ndarray | None, list[_Column]]:
    """(flags, the columns that hold labels)."""
    if asked and asked.lower() != "none":
        chosen = _pick(columns, asked, "the label")
        if (flags := _flags(chosen)) is None:
            raise LatentError(
                f"The column {chosen.name[:40]!r} is no label: a label has 0 or 1, true or false, normal or anomaly in each row."
            )
        marks = [chosen]
    else:
        plain = {re.sub(r"[\s_\-]+", "_", c.name.strip().lower()): c for c in reversed(columns)}
        marks = [] if asked else [plain[name] for name in LABELS if name in plain and _flags(plain[name]) is not None]
        flags = _flags(marks[0]) if marks else None
    if flags is None:
        found.append(Found("label", "none", "There is no label column."))
        return None, []
    says = f"{marks[0].name!r} says which rows are abnormal ({int(flags.sum()):,} of {len(flags):,})."
    if marks[1:]:
        says += f" {_listed([c.name for c in marks[1:]])} {'look' if marks[2:] else 'looks'} like another label and is left out."
    found.append(Found("label", marks[0].name, says))
    return flags, marks


def _choose_channels(
    rest: list[_Column], columns: list[_Column], wanted: list[str] | None, found: list[Found]
) -> list[_Column]:
    if wanted:
        picked = [_pick(columns, name, "a channel") for name in dict.fromkeys(wanted)]
        if words := [c.name for c in picked if c.numbers is None]:
            raise LatentError(f"The column {words[0][:40]!r} holds no numbers: leave it out of the channels.")
        left = []
    else:
        left = [c for c in rest if c.numbers is None]
        picked = [c for c in rest if c.numbers is not None]
        counters = [c for c in picked if c is columns[0] and len(picked) > 1 and _counts(c)]
        picked = [c for c in picked if c not in counters]
        if left:
            verb = (
                "hold text or times and are"
                if len(left) > 1
                else f"holds {'text' if left[0].words is not None else 'times'} and is"
            )
            found.append(
                Found("text", tuple(c.name for c in left), f"{_listed([c.name for c in left])} {verb} left out.")
            )
        if counters:
            found.append(
                Found("counter", counters[0].name, f"{counters[0].name!r} only counts the rows and is left out.")
            )
    empty = [c for c in picked if np.isnan(c.numbers).all()]
    picked = [c for c in picked if c not in empty]
    if empty:
        found.append(
            Found(
                "empty", tuple(c.name for c in empty), f"{_listed([c.name for c in empty])}: no value at all, left out."
            )
        )
    if not picked:
        why = (
            "all values are missing"
            if empty
            else f"they hold text, such as {_example(left)!r}"
            if left
            else "the time and the label are all there is"
        )
        raise LatentError(
            f"No column holds numbers ({why}): check the delimiter and the decimal sign, or give another file."
        )
    says = f"{len(picked):,} channel{'s' * (len(picked) > 1)}: {_listed([f'{c.name} [{c.unit}]' if c.unit else c.name for c in picked])}."
    found.append(Found("columns", tuple(c.name for c in picked), says))
    return picked


def _example(columns: list[_Column]) -> str:
    return next(
        (
            c.words.drop_null()[0].as_py()[:30]
            for c in columns
            if c.words is not None and len(c.words) > c.words.null_count
        ),
        columns[0].name[:30],
    )


def _counts(column: _Column) -> bool:
    named = column.name.lower() in COUNTERS or column.name in ("column 1", "row")
    return (
        named
        and len(column.numbers) > 1
        and bool((column.numbers == column.numbers[0] + np.arange(len(column.numbers))).all())
    )


def _count_oddities(channels: list[_Column], values: np.ndarray, found: list[Found]) -> None:
    infinite = np.abs(values) > LARGEST
    if count := int(infinite.sum()):
        values[infinite] = np.nan
        where = _listed([c.name for c, there in zip(channels, infinite.any(0), strict=True) if there])
        found.append(
            Found(
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
            found.append(Found("unreadable", (column.name, column.bad), f"{said}: taken as missing."))
    absent = np.isnan(values)
    if count := int(absent.sum()):
        worst = max(range(len(channels)), key=lambda j: absent[:, j].sum())
        where = f", most of them in {channels[worst].name!r}" if len(channels) > 1 else ""
        found.append(Found("missing", count, f"{count:,} of {values.size:,} values are missing{where}."))
    flat = [
        c.name
        for c, low, high in zip(channels, np.fmin.reduce(values), np.fmax.reduce(values), strict=True)
        if low == high
    ]
    if flat and len(values) > 1:
        found.append(Found("constant", tuple(flat), f"{_listed(flat)} never change{'s' * (len(flat) == 1)}."))


def _sampling(times: np.ndarray, found: list[Found]) -> float | None:
    """The median step in seconds; says how even it is."""
    between = np.diff(times[~np.isnat(times)]).astype(np.int64) / 1e9
    if not len(between) or not (between != 0).any():
        return None
    direction = -1.0 if (between < 0).sum() > (between > 0).sum() else 1.0
    between *= direction
    step = float(np.median(between[between > 0]))
    gaps = between[between > 1.5 * step]
    odd = int((np.abs(between - step) > 0.02 * step).sum())
    many = f"all but {odd:,}" if odd < 0.01 * len(between) else f"{100 * (1 - odd / len(between)):.2g} %"
    says = f"A row every {span(step)}, " + (f"{many} of them within 2 % of that." if odd else "all of them.")
    if direction < 0:
        says += " The newest row comes first."
    back, same = int((between < 0).sum()), int((between == 0).sum())
    if back:
        says += f" Time runs backwards in {back:,} place{'s' * (back > 1)}."
    if same:
        says += f" {same:,} row{'s have' if same > 1 else ' has'} the same time as the one before."
    found.append(Found("sampling", step, says))
    if len(gaps):
        longest = float(gaps.max())
        found.append(
            Found(
                "gaps",
                len(gaps),
                f"{len(gaps):,} gap{'s' * (len(gaps) > 1)}, the longest {span(longest)} ({longest / step:,.0f} steps).",
            )
        )
    return step


def span(seconds: float) -> str:
    """A duration in words.

    >>> span(300), span(0.002), span(90_000)
    ('5 min', '2 ms', '25 h')
    """
    for size, unit in ((172_800, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / (86_400 if unit == 'd' else size):.4g} {unit}"
    return f"{seconds * 1e9:.4g} ns"


# Uneven sampling and gaps


def direction(table: Table) -> float:
    """1 where times go forward, −1 where the newest row comes first."""
    if table.time is None:
        return 1.0
    between = np.diff(table.time)
    return -1.0 if (between < np.timedelta64(0)).sum() > (between > np.timedelta64(0)).sum() else 1.0


def breaks(table: Table, longest: float, forward: float | None = None) -> np.ndarray:
    """bool (rows,): True where more than `longest` steps lie between a row and the one before, or time jumps backwards.

    A single step is no gap, whatever `longest` is. forward: the `direction` of the file that the table is a piece of;
    None: its own.
    """
    cut = np.zeros(len(table), bool)
    if table.time is not None and table.step:
        between = np.diff(table.time).astype(np.int64) / 1e9
        unknown = np.isnat(table.time[1:]) | np.isnat(table.time[:-1])
        forward = forward or direction(table)
        cut[1:] = ~unknown & ((between * forward > (max(longest, 1) + 0.5) * table.step) | (between * forward < 0))
    return cut


def pieces(table: Table, longest: float) -> list[Table]:
    """The table cut where `breaks` says so, or where no channel has a value for more than `longest` rows."""
    absent = np.isnan(table.values).all(1)
    away = absent & (_runs(absent) > longest)
    edges = np.flatnonzero(breaks(table, longest) | np.r_[False, away[1:] != away[:-1]])
    spans = zip([0, *edges], [*edges, len(table)], strict=True)
    return [table.rows(slice(a, b)) for a, b in spans if b > a and not away[a]]


def _runs(absent: np.ndarray) -> np.ndarray:
    """For each True the length of the run that it is in; 0 for False."""
    edges = np.flatnonzero(np.diff(np.r_[0, absent.astype(np.int8), 0]))
    lengths = np.zeros(len(absent), np.int64)
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        lengths[a:b] = b - a
    return lengths


def filled(table: Table, longest: float) -> Table:
    """Runs of at most `longest` missing values filled with the straight line between their neighbours; none at the
    ends.
    """
    values = table.values.copy()
    at = np.arange(len(values), dtype=float)
    for column in values.T:
        absent = np.isnan(column)
        short = absent & (_runs(absent) <= longest)
        if short.any() and not absent.all():
            first, last = np.flatnonzero(~absent)[[0, -1]]
            short[:first] = short[last + 1 :] = False
            column[short] = np.interp(at[short], at[~absent], column[~absent])
    return replace(table, values=values)


def resampled(table: Table, step: float) -> Table:
    """Rows every `step` seconds from the first time to the last: means of the rows that fall nearest to each, or, where
    the step is finer than the table's, the straight line between neighbours; nothing is made up inside gaps (more than
    1.5 steps): NaN there. A row is abnormal if any of those it is made of is. Raises LatentError without times, or
    where there would be too many rows.
    """
    if table.time is None or not table.step:
        raise LatentError(
            "Without a time column there is nothing to resample by: choose one, or go on with the rows as they are."
        )
    known = ~np.isnat(table.time)
    order = np.flatnonzero(known)[np.argsort(table.time[known], kind="stable")]
    start = table.time[order[0]]
    at = (table.time[order] - start).astype(np.int64) / 1e9
    if not (step > 0 and float(at[-1]) < (MOST_ROWS - 1) * step):
        raise LatentError(f"A step of {step:g} s would give more than {MOST_ROWS:,} rows: choose a longer one.")
    count = round(float(at[-1]) / step) + 1
    grid = np.arange(count) * step
    nearest = np.minimum(np.round(at / step).astype(np.int64), count - 1)
    values = np.full((count, table.values.shape[1]), np.nan)
    for j, column in enumerate(table.values[order].T):
        there = np.isfinite(column)
        if not there.any():
            continue
        sums, counts = (np.bincount(nearest[there], weights, count) for weights in (column[there], None))
        values[:, j] = np.divide(sums, counts, out=np.full(count, np.nan), where=counts > 0)
        times = at[there]
        right = np.clip(np.searchsorted(times, grid), 1, max(len(times) - 1, 1))
        if len(times) > 1:
            near = (times[right] - times[right - 1] <= 1.5 * table.step) & (grid <= times[-1]) & (grid >= times[0])
            fill = near & (counts == 0 if step >= table.step else True)
            values[fill, j] = np.interp(grid[fill], times, column[there])
    label = None
    if table.label is not None:
        label = np.bincount(nearest, table.label[order], count) > 0
    return replace(
        table, values=values, time=start + np.round(grid * 1e9).astype("timedelta64[ns]"), step=float(step), label=label
    )
