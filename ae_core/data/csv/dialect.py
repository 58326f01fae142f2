"""How text holds a table: what separates columns, where the rows begin, what the columns are called, the decimal sign.

The text is looked at in a few places; nothing is ever evaluated.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from ...base.errors import LatentError
from .cells import ABNORMAL, DECIMALS, DELIMITERS, FINE, MISSING, decimal_sign, is_text, is_value, printable
from .table import MAX_COLUMNS, MAX_LINE, Note

MAX_CELLS = 20_000  # looked at one by one to tell the format


@dataclass(frozen=True)
class Dialect:
    """How text holds a table. offset, line: the first byte and the number of the line at which the rows begin."""

    names: list[str]
    units: list[str]
    delimiter: str
    decimal: str
    offset: int
    line: int


def first_lines(text: bytes) -> tuple[list[str], list[str]]:
    """The first lines, and further ones from five places after them: what a format looks like shows late in some files."""
    end = text.find(b"\n", 0, MAX_LINE)
    if end < 0 and len(text) > MAX_LINE:
        raise LatentError(
            f"The first line has more than {MAX_LINE >> 20} million characters: this is no table with rows."
        )
    head = text[: min(len(text), max(1 << 18, 4 * end))]
    first = head.decode(errors="replace").split("\n")
    if len(head) < len(text) and len(first) > 1:
        first.pop()
    first = first[:300]
    widest = max(line.count(c) + 1 for line in first for c in DELIMITERS.values() if c != " ")
    if widest > MAX_COLUMNS:
        raise LatentError(
            f"A line has {widest:,} columns, and at most {MAX_COLUMNS:,} are read: leave some out, or turn the table on its side."
        )
    later: list[str] = []
    for share in (0.2, 0.4, 0.6, 0.8, 0.99):
        at = text.find(b"\n", max(len(head), int(share * len(text)))) + 1
        if at:
            later += text[at : at + (1 << 14)].decode(errors="replace").split("\n")[:40][:-1]
    return first, later


def cells_of(lines: Iterable[str], delimiter: str) -> list[tuple[int, list[str]]]:
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


def find_delimiter(lines: list[str]) -> tuple[str, str]:
    """The one that cuts most lines into equally many cells that mean something."""
    best = (-1.0, ",", "")
    for name, delimiter in DELIMITERS.items():
        rows = [
            row
            for _, row in cells_of((" ".join(line.split()) for line in lines) if delimiter == " " else lines, delimiter)
            if row
        ]
        widths = Counter(map(len, rows))
        width = max(widths, key=lambda w: (widths[w], w), default=1)
        body = [row for row in rows if len(row) == width][1:] or rows
        cells = [cell for row in body[:200] for cell in row[:50]]
        score = widths[width] / max(len(rows), 1) * (0.02 + sum(map(is_value, cells)) / max(len(cells), 1))
        if width == 1:
            score *= 0.999  # several columns before one, where both make sense
        if score > best[0] + 1e-9:
            best = (score, delimiter, f"Columns are separated by {name}s." if width > 1 else "There is one column.")
    return best[1:]


def single_spaces(text: bytes) -> bytes:
    """Lines in which spaces separate columns, with single ones."""
    return b"\n".join(b" ".join(line.split()) for line in text.split(b"\n"))


def find_dialect(
    text: bytes, delimiter: str | None, decimal: str | None, header: bool | None, notes: list[Note]
) -> tuple[bytes, Dialect]:
    """(UTF-8 text, with single spaces where those separate columns; how it holds a table)."""
    first, later = first_lines(text)
    told = re.fullmatch(r'"?sep=(.)"?', first[0].strip(), re.IGNORECASE)
    says = "Columns are separated as you said."
    if delimiter is None and told and told[1] in DELIMITERS.values():
        delimiter, says = told[1], "Columns are separated as the first line says."
    sensible = [line for line in first if line.strip() and not line.lstrip().startswith(("#", "//"))]
    if delimiter is None:
        delimiter, says = find_delimiter([*sensible[:200], *later])
    notes.append(Note("delimiter", next(n for n, c in DELIMITERS.items() if c == delimiter), says))
    if delimiter == " ":
        text = single_spaces(text)
        first = [" ".join(line.split()) for line in first]

    lines = cells_of(first, delimiter)
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
        header = has_header(body)
    if header:
        names, body, at = body[0], body[1:], line_after(lines, kept[start][0])
        says = "The first row names the columns."
    else:
        at, says = kept[start][0], "The columns have no names: the first row holds values already."
        above = [row for line, row in rows if line < at and not (told and line == 0)]
        # np.savetxt and others write the names into a comment; R leaves out the name of the row names; some rows end
        # with a delimiter.
        last = [re.sub(r"^(#|//)\s*", "", above[-1][0]), *above[-1][1:]] if above else []
        last = [cell for cell in last if cell] if len(last) > width else last
        if width > 1 and any(last) and len(last) == width and all(map(is_text, filter(None, last))):
            names, header, says = last, True, "The names stand in the comment above the first row."
        elif width > 1 and len(last) == width - 1 and all(map(is_text, last)):
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
        notes.append(
            Note(
                "preamble",
                start,
                f"{start} line{'s' * (start > 1)} above the table {'are' if start > 1 else 'is'} left out.",
            )
        )
    units = [""] * width
    if header and are_units(names, body):
        units, at = [unit.strip("[]() ") for unit in body[0]], line_after(lines, kept[start + 1][0])
        says += " The second row holds their units."
    names, units = tidy_names(names or [""] * width, units)
    notes.append(Note("header", header, says))

    inside = [
        cell
        for row in chain(body[:200], (row for _, row in cells_of(later, delimiter) if len(row) == width))
        for cell in row
    ]
    why = "as you said"
    if decimal is None:
        decimal, why = decimal_sign(inside[:: -(-len(inside) // MAX_CELLS)], delimiter)
    notes.append(
        Note(
            "decimal", next(n for n, c in DECIMALS.items() if c == decimal), f"The decimal sign is {decimal!r} ({why})."
        )
    )
    offset = sum(len(line.encode()) + 1 for line in first[:at])
    return text, Dialect(names, units, delimiter, decimal, offset, at)


def line_after(lines: list[tuple[int, list[str]]], line: int) -> int:
    """The line at which the row after the one at `line` begins, comments left out; a row without any value is a row."""
    return next((at for at, row in lines if at > line and not (row and row[0].startswith(("#", "//")))), line + 1)


def are_units(names: list[str], body: list[list[str]]) -> bool:
    """Whether the row below the names is all words and the next is not."""
    words = [all(map(is_text, filter(None, row))) and any(row) for row in body[:2]]
    return len(body) > 3 and words == [True, False] and body[0] != names


def has_header(body: list[list[str]]) -> bool:
    """Whether the first row is of another kind than those below it."""
    if len(body) == 1:
        return all(map(is_text, filter(None, body[0])))
    texts = numbers = changes = 0
    enough = max(6, min(100, MAX_CELLS // len(body[0])))
    for j, cell in enumerate(body[0]):
        below = [row[j].lower() for row in body[1:enough] if row[j].lower() not in MISSING]
        text = bool(cell) and is_text(cell) and not (cell.lower() in below and cell.lower() in ABNORMAL | FINE)
        texts += text
        changes += text and sum(is_value(c) or c in ABNORMAL | FINE for c in below) > 0.5 * len(below)
        numbers += is_value(cell) and cell.lower() not in MISSING
    # Columns may be called 0, 1, 2, …; a first value that says "error" is no reason to take a row of values for names.
    whole = [int(c) for c in body[0] if re.fullmatch(r"\d{1,5}", c)]
    counting = len(whole) == numbers and whole == sorted(set(whole))
    return changes > numbers or (changes > 0 and counting) or (texts > 0 and numbers == 0)


def tidy_names(names: Sequence[str], units: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names without units, each once: "temp [°C]" is temp in °C, a second a is "a 2", one without a name is "column 3"."""
    seen: Counter[str] = Counter()
    taken, used = set(names), set()
    tidy, own = [], []
    for j, (name, unit) in enumerate(zip(names, units, strict=True)):
        name = printable(" ".join(name.split()))[:200]
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
        own.append(printable(unit))
    return tidy, own


def split_names(columns: str | Sequence[str] | None) -> list[str] | None:
    if columns is None or isinstance(columns, str):
        columns = next(csv.reader([columns or ""], skipinitialspace=True), [])
    return [name.strip() for name in columns if name.strip()] or None


def character(what: str, value: str | None, known: dict[str, str]) -> str | None:
    value = known.get(value, value) or None
    if value is not None and value not in known.values():
        raise LatentError(f"{what} is one of {', '.join(known)}, not {value[:20]!r}.")
    return value
