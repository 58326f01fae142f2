"""How text holds a table: what separates columns, where the rows begin, the decimal sign. The text is looked at in a
few places; nothing is ever evaluated.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ...base.errors import LatentError
from ...base.text import plural
from .cells import DECIMALS, DELIMITERS, decimal_sign
from .heading import Heading, find_heading
from .names import Row, is_comment
from .options import Options, lines_to_leave_out
from .table import MAX_COLUMNS, MAX_LINE, Findings
from .values import is_value

MAX_CELLS = 20_000  # looked at one by one to tell the format
COMMENTS = ("#", "//")


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
    """The first lines, and further ones from five places after them: what a format looks like shows late in some
    files.
    """
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
            f"A line has {widest:,} columns, and at most {MAX_COLUMNS:,} are read: "
            "leave some out, or turn the table on its side."
        )
    later: list[str] = []
    for share in (0.2, 0.4, 0.6, 0.8, 0.99):
        at = text.find(b"\n", max(len(head), int(share * len(text)))) + 1
        if at:
            later += text[at : at + (1 << 14)].decode(errors="replace").split("\n")[:40][:-1]
    return first, later


def cells_of(lines: Iterable[str], delimiter: str) -> list[Row]:
    """(number of its first line, cells) of each row."""
    rows, at = [], 0
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=True)
    try:
        for row in reader:
            cut = row[:-1] if delimiter == " " and row and not row[-1] else row
            rows.append((at, [_unquoted(cell.strip()) for cell in cut]))
            at = reader.line_num
    except csv.Error:
        pass  # a quote that never closes: the reader proper will say so
    return rows


def _unquoted(cell: str) -> str:
    return cell[1:-1].strip() if len(cell) > 1 and cell[0] == cell[-1] == "'" else cell


def find_delimiter(lines: list[str], findings: Findings) -> tuple[str, str]:
    """The one that cuts most lines into equally many cells that mean something, and a sentence."""
    ranking: list[tuple[float, int, str, str, int]] = []
    tabbed = sum("\t" in line for line in lines) > 0.5 * len(lines)
    for name, delimiter in DELIMITERS.items():
        spaced = delimiter == " "
        rows = [
            row
            for _, row in cells_of((" ".join(line.split()) for line in lines) if spaced else lines, delimiter)
            if row
        ]
        widths = Counter(map(len, rows))
        width = max(widths, key=lambda w: (widths[w], w), default=1)
        body = [row for row in rows if len(row) == width][1:] or rows
        cells = [cell for row in body[:200] for cell in row[:50]]
        score = widths[width] / max(len(rows), 1) * (0.02 + sum(map(is_value, cells)) / max(len(cells), 1))
        if width == 1:
            score *= 0.999  # several columns before one, where both make sense
        if spaced and tabbed:
            score *= 0.3  # blanks within cells that tabs separate, as in "+ 0.081"
        ranking.append((score, -len(ranking), name, delimiter, width))
    best, second = sorted(ranking, reverse=True)[:2]
    if second[0] > 0.97 * best[0] and second[4] > 1 and best[4] > 1 and second[4] != best[4]:
        findings.doubt(
            "delimiter", best[2], second[2], 0.6 + 2 * (1 - second[0] / best[0]),
            f"Columns may be separated by {best[2]}s ({best[4]} columns) or by {second[2]}s "
            f"({second[4]}): {best[2]}s were taken.",
        )  # fmt: skip
    return best[3], f"Columns are separated by {best[2]}s." if best[4] > 1 else "There is one column."


def single_spaces(text: bytes) -> bytes:
    """Lines in which spaces separate columns, with single ones."""
    return b"\n".join(b" ".join(line.split()) for line in text.split(b"\n"))


def without_lines(text: bytes, options: Options) -> bytes:
    """The text without the lines that a person wants left out, and without those above the heading they named."""
    if not options.leave_out:
        return text
    lines = text.split(b"\n")
    gone = lines_to_leave_out(options.leave_out, len(lines) - (not lines[-1]))
    return b"\n".join(line for at, line in enumerate(lines) if at not in gone)


def find_dialect(text: bytes, options: Options, findings: Findings) -> tuple[bytes, Dialect]:
    """(UTF-8 text, with single spaces where those separate columns; how it holds a table)."""
    text = without_lines(text, options)
    first, later = first_lines(text)
    delimiter, skipped = _delimiter(first, later, options, findings)
    if delimiter == " ":
        text = single_spaces(text)
        first = [" ".join(line.split()) for line in first]
    lines = cells_of(first, delimiter)
    rows = [(at, row) for at, row in lines if any(row)]
    kept = [(at, row) for at, row in rows if not (is_comment(row[0]) or (skipped and at == 0))]
    if not kept:
        raise LatentError(
            "The file holds nothing but comments: give one with a row for each moment and a column for each channel."
        )
    more = [row for _, row in cells_of(later, delimiter) if row]
    heading = find_heading(lines, rows[1:] if skipped else rows, kept, more, options, findings, '"' in first[0])
    text = _without_repeated(text, first, heading, findings)
    text = _without_comments(text, first, heading, delimiter, findings)
    inside = [cell for row in heading.body[:200] + more for cell in row]
    decimal = options.decimal or _decimal(inside[:: -(-len(inside) // MAX_CELLS) or 1], delimiter, findings)
    sign = next(name for name, c in DECIMALS.items() if c == decimal)
    if options.decimal:
        findings.note("decimal", sign, f"The decimal sign is {decimal!r} (as you said).")
    offset = sum(len(line.encode()) + 1 for line in first[: heading.line])
    return text, Dialect(heading.names, heading.units, delimiter, decimal, offset, heading.line)


def _delimiter(first: list[str], later: list[str], options: Options, findings: Findings) -> tuple[str, bool]:
    """(the delimiter, whether the first line says it and is no row)."""
    said = re.fullmatch(r'"?sep=(.)"?', first[0].strip(), re.IGNORECASE)
    delimiter, text = options.delimiter, "Columns are separated as you said."
    if delimiter is None and said and said[1] in DELIMITERS.values():
        delimiter, text = said[1], "Columns are separated as the first line says."
    if delimiter is None:
        sensible = [line for line in first if line.strip() and not line.lstrip().startswith(COMMENTS)]
        delimiter, text = find_delimiter([*sensible[:200], *later], findings)
    findings.note("delimiter", next(n for n, c in DELIMITERS.items() if c == delimiter), text)
    return delimiter, bool(said)


def _decimal(cells: list[str], delimiter: str, findings: Findings) -> str:
    decimal, why, sure = decimal_sign(cells, delimiter)
    name = next(n for n, c in DECIMALS.items() if c == decimal)
    findings.note("decimal", name, f"The decimal sign is {decimal!r} ({why}).")
    if not sure:
        other = next(n for n in DECIMALS if n != name)
        example = next((cell for cell in cells if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}.*", cell)), "1,234")
        findings.doubt(
            "decimal", name, other, 0.6,
            f"{example[:20]!r} may be a thousand or a number with three decimals: the decimal sign was "
            f"taken to be the {name}.",
        )  # fmt: skip
    return decimal


def _without_repeated(text: bytes, first: list[str], heading: Heading, findings: Findings) -> bytes:
    """The text without the heading where it occurs again further down, as loggers write it after each start."""
    if heading.name_line is None or len(heading.names) < 2:
        return text
    line = first[heading.name_line].encode()
    again = b"\n" + line + b"\n"
    cut = text.find(again, sum(len(each.encode()) + 1 for each in first[: heading.line]) - 1)
    if cut < 0 or not line.strip():
        return text
    tail = text[cut:]
    count = tail.count(again)
    below = b"".join(each.encode() + b"\n" for each in first[heading.name_line + 1 : heading.line])  # its units
    lines = len(first[heading.name_line + 1 : heading.line])
    for block in dict.fromkeys((again + below, again)):
        findings.left_out += tail.count(block) * (1 + (lines if block != again else 0))
        while block in tail:
            tail = tail.replace(block, b"\n")
    findings.note("repeated", count, f"The heading occurs again {plural(count, 'time')} and is left out there.")
    return text[:cut] + tail


def _without_comments(text: bytes, first: list[str], heading: Heading, delimiter: str, findings: Findings) -> bytes:
    """The text without remarks between its rows: lines that begin as a comment and have too few cells for a row."""
    if not any(sign[:1].encode() in text for sign in COMMENTS):  # a byte is found in a tenth of the time of two
        return text
    start = sum(len(line.encode()) + 1 for line in first[: heading.line])
    body, least = text[start:], len(heading.names) - 1
    if least < 1 or delimiter == " " or not any(b"\n" + sign.encode() in body for sign in COMMENTS):
        return text
    lines = body.split(b"\n")
    signs, mark = tuple(sign.encode() for sign in COMMENTS), delimiter.encode()
    kept = [line for line in lines if not (line.startswith(signs) and line.count(mark) < least)]
    if gone := len(lines) - len(kept):
        findings.left_out += gone
        findings.note(
            "remarks", gone, f"{plural(gone, 'remark')} between the rows {'is' if gone == 1 else 'are'} left out."
        )
    return text[:start] + b"\n".join(kept)
