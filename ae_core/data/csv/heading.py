"""The lines above the rows: which of them names the columns, which holds units, and where the rows begin."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from ...base.errors import LatentError
from ...base.text import plural
from .cells import MISSING, MOMENT, NUMBER
from .moment_forms import is_moment
from .names import Row, are_units, is_comment, merged_names, name_row, tidy_names, under_groups, units_row
from .options import Options
from .table import Findings
from .values import is_text, is_value

MAX_HEADING = 12  # lines with names, units, kinds and settings
MAX_SETTINGS = 40  # lines of them above the heading
MAX_CELLS = 20_000
MIN_AXIS = 12  # numbers in a heading, from which on they may be an axis
YES_NO = {
    *[
        "1",
        "0",
        "true",
        "false",
        "t",
        "f",
        "yes",
        "no",
        "y",
        "n",
        "anomaly",
        "normal",
        "ok",
        "fault",
        "good",
        "bad",
        "pass",
        "fail",
        "error",
        "1.0",
        "0.0",
        "-1",
    ]
}


@dataclass(frozen=True)
class Heading:
    """names, units: of the columns; line: the number of the line at which the rows begin; name_line: of the one with
    the names, or None; body: some of the rows.
    """

    names: list[str]
    units: list[str]
    line: int
    name_line: int | None
    body: list[list[str]]


def find_heading(
    lines: list[Row],
    rows: list[Row],
    kept: list[Row],
    more: list[list[str]],
    options: Options,
    findings: Findings,
    quoted: bool,
) -> Heading:
    """lines: all of the first ones; rows: those with anything in them; kept: those that are no comments; more: rows
    from later places; quoted: whether the first line has a quote. LatentError where there are names and no values.
    """
    widths = Counter(len(row) for _, row in kept)
    counts = widths + Counter(len(row) for row in more)
    width = max(widths, key=lambda w: (counts[w], w))
    first = next(i for i, (_, row) in enumerate(kept) if len(row) == width)
    body = [row for _, row in kept[first:] if len(row) == width]
    if options.heading:
        return _named(lines, kept, options.heading - 1, width, findings)
    if options.header is None:
        begin = _first_data_row(kept, width, more)
        if begin:
            return _above(lines, kept, begin, width, findings)
    header = options.header
    if header is None:
        header = has_header(body)
    if header:
        return _first_row(lines, kept, first, body, width, findings, quoted)
    return _no_names(rows, kept, first, body, width, findings)


def _first_row(
    lines: list[Row], kept: list[Row], first: int, body: list[list[str]], width: int, findings: Findings, quoted: bool
) -> Heading:
    """The first row of the table's width names the columns."""
    names, body, at = body[0], body[1:], line_after(lines, kept[first][0])
    if not body:
        quote = " (or a quote is never closed)" if quoted else ""
        raise LatentError(f"The file holds names but no values{quote}: give one with a row for each moment below them.")
    text, units = "The first row names the columns.", [""] * width
    _note_preamble(first, findings)
    if are_units(names, body):
        units, at = [unit.strip("[]() ") for unit in body[0]], line_after(lines, kept[first + 1][0])
        text += " The second row holds their units."
        body = body[1:]
    findings.note("header", True, text)
    return Heading(*tidy_names(names, units), at, kept[first][0], body)


def _no_names(
    rows: list[Row], kept: list[Row], first: int, body: list[list[str]], width: int, findings: Findings
) -> Heading:
    """Values from the first row of the table's width on; names may stand in a comment, or in a row of another width."""
    names, header, name_line = [""] * width, False, None
    at, text = kept[first][0], "The columns have no names: the first row holds values already."
    above = [(line, row) for line, row in rows if line < at and "".join(row).strip("#/ ")]
    # np.savetxt and others write the names into a comment; R leaves out the name of the row names; some rows end
    # with a delimiter.
    last = [re.sub(r"^(#|//)\s*", "", above[-1][1][0]), *above[-1][1][1:]] if above else []
    last = [cell for cell in last if cell] if len(last) > width else last
    units = None
    if width > 1 and any(last) and len(last) == width and all(map(is_text, filter(None, last))):
        names, header, text = last, True, "The names stand in the comment above the first row."
        comments = [
            (line, [re.sub(r"^(#|//)\s*", "", row[0]), *row[1:]]) for line, row in above[-3:] if len(row) == width
        ]
        if len(comments) > 1:
            _, names = name_row(comments)
            units = units_row([row for _, row in comments if row != names], names)
    elif width > 1 and len(last) == width - 1 and all(map(is_text, last)):
        trailing = not any(row[-1] for row in body)
        names, header = [*last, ""] if trailing else ["row", *last], True
        text = (
            "The first row names the columns, all but the last, which is empty."
            if trailing
            else "The first row names all columns but the first."
        )
    if header:
        name_line = above[-1][0]
    _note_preamble(first, findings)
    findings.note("header", header, text)
    return Heading(*tidy_names(names, units or [""] * width), at, name_line, body)


def _named(lines: list[Row], kept: list[Row], line: int, width: int, findings: Findings) -> Heading:
    """The line that a person said names the columns; the rows begin with the first of values below it."""
    row = next((row for at, row in lines if at == line), None)
    if not row or not any(row):
        raise LatentError(f"Line {line + 1:,} names no columns: say another heading, or leave it out.")
    below = [each for each in kept if each[0] > line]
    width = Counter(len(each) for _, each in below).most_common(1)[0][0] if below else width
    begin = _first_data_row(below, width, []) if below else None
    at = below[begin or 0][0] if below else line + 1
    units = units_row([each for _, each in below[: begin or 0]], row)
    names = [*row, *[""] * width][:width]
    findings.note("header", True, f"Line {line + 1:,} names the columns, as you said.")
    return Heading(
        *tidy_names(names, [*(units or []), *[""] * width][:width]), at, line, [r for _, r in below[begin or 0 :]]
    )


def _first_data_row(kept: list[Row], width: int, more: list[list[str]]) -> int | None:
    """Index of the first row whose cells are of the kind that those far below are; None where that cannot be told."""
    body = [row for _, row in kept if len(row) == width]
    sample = (body[len(body) // 2 :] + [row for row in more if len(row) == width])[:200]
    if len(sample) < 3 or len(body) < 5:
        return None
    step = max(1, width // 400)
    value: dict[int, str] = {}  # columns that hold values, and of which kind
    for j in range(0, width, step):
        there = [row[j] for row in sample[:60] if row[j].lower() not in MISSING]
        if there and sum(is_value(cell) or cell.lower() in YES_NO for cell in there) >= 0.8 * len(there):
            value[j] = _kind_of(there)
    if not value:
        return None
    for i, (_, row) in enumerate(kept):
        if len(row) == width and not _is_heading_row(row, value):
            return _after_settings(kept, i, width, value)
        if i > 280:
            break
    return None


def _after_settings(kept: list[Row], begin: int, width: int, value: dict[int, str]) -> int:
    """The first row of values where some of the settings above them hold numbers, too: most of the rows up to the last
    line of the heading are of its kind.
    """
    like = [len(row) != width or _is_heading_row(row, value) for _, row in kept[begin : begin + MAX_SETTINGS]]
    end = max((j + 1 for j in range(len(like)) if like[j] and 2 * sum(like[: j + 1]) > j + 1), default=0)
    return begin + end if begin + end + 3 <= len(kept) else begin


def _kind_of(cells: list[str]) -> str:
    """What most cells of a column are: a plain number, a number (with a unit), a moment, another value."""
    enough = 0.8 * len(cells)
    if sum(bool(re.fullmatch(r"[-+\d.,eE' ]+", cell)) for cell in cells) >= enough:
        return "plain"
    if sum(bool(NUMBER.fullmatch(cell)) for cell in cells) >= enough:
        return "number"
    return "moment" if sum(bool(MOMENT.fullmatch(cell)) or is_moment(cell) for cell in cells) >= enough else "value"


def _is_heading_row(row: list[str], value: dict[int, str]) -> bool:
    """Whether a row is of another kind than those below; value: kinds of the columns that hold values."""
    cells = [row[j] for j in value if row[j].lower() not in MISSING]
    texts = sum(is_text(cell) and cell.lower() not in YES_NO for cell in cells)
    for j, kind in value.items():
        cell = row[j]
        if kind == "moment" and cell.lower() not in MISSING and is_text(cell):
            return True
        other = kind in ("plain", "number") and bool(MOMENT.fullmatch(cell))
        texts += other or (
            kind == "plain"
            and bool(re.search(r"[^\W\d_eE]", cell))
            and is_value(cell)
            and cell.lower() not in (*MISSING, *YES_NO, "inf", "-inf")
        )
    if 2 * texts > len(cells):
        return True
    # Names such as time, 0, 1, 2: a word over the moments and ascending whole numbers over the rest.
    whole = [int(cell) for cell in cells if re.fullmatch(r"\d{1,5}", cell)]
    if texts > 0 and len(whole) + texts == len(cells) > 1 and whole == sorted(set(whole)):
        return True
    return _is_axis(cells)


def _is_axis(cells: list[str]) -> bool:
    """Whether numbers go up, or down, evenly, as wavelengths do in a heading."""
    if len(cells) < MIN_AXIS or not all(re.fullmatch(r"-?\d+(\.\d+)?", cell) for cell in cells):
        return False
    numbers = [float(cell) for cell in cells]
    steps = [b - a for a, b in itertools.pairwise(numbers)]
    middle = sorted(steps)[len(steps) // 2]
    return middle != 0 and all(abs(step - middle) <= 0.02 * abs(middle) for step in steps)


def _above(lines: list[Row], kept: list[Row], begin: int, width: int, findings: Findings) -> Heading:
    """The heading in the rows above the first of values."""
    block = kept[max(0, begin - MAX_HEADING) : begin]
    fitting = [(at, row) for at, row in block if _fits(row, width)]
    if not fitting:  # lines of settings alone, of other widths
        names = [""] * width
        body = [row for _, row in kept[begin:] if len(row) == width]
        findings.note("header", False, "The columns have no names: the first row holds values already.")
        _note_preamble(begin, findings)
        return Heading(*tidy_names(names, [""] * width), kept[begin][0], None, body)
    filled = {line: sum(map(bool, row)) for line, row in fitting}
    wide = [(line, row) for line, row in fitting if len(row) == width]
    if wide and max(filled[line] for line, _ in wide) >= max(filled.values()):
        fitting = wide  # a line of settings is as long as it happens to be
    at, row = name_row(fitting)
    others = [each for line, each in fitting if line != at]
    below = [each for line, each in fitting if line > at]
    units = units_row(below, row) or units_row(others, row)
    names = merged_names(row, [each for each in others if each is not units], width)
    above = [each for line, each in fitting if line < at and each is not units]
    names = under_groups(names, above[-1]) if above else names
    text = "The first row names the columns."
    if block[0][0] != at or len(fitting) > 1:
        text = f"Line {at + 1:,} names the columns."
    if units:
        text += " The row below holds their units." if units in below else " Another row holds their units."
    findings.note("header", True, text)
    _note_preamble(next(i for i, (line, _) in enumerate(kept) if line == at), findings)
    if len(row) < width and any(any(each[len(row) :]) for _, each in kept[begin : begin + 50] if len(each) == width):
        _short_heading(
            names, row, [each for _, each in kept[begin : begin + 50] if len(each) == width], width, findings
        )
    last = kept[begin - 1][0]
    start = kept[begin][0] if len(fitting) > 2 else line_after(lines, last)
    body = [each for _, each in kept[begin:] if len(each) == width]
    return Heading(*tidy_names(names, [*(units or []), *[""] * width][:width]), start, at, body)


def _short_heading(names: list[str], row: list[str], body: list[list[str]], width: int, findings: Findings) -> None:
    """A heading with fewer names than there are columns: whose are missing, those of the first or of the last ones?"""
    spare = width - len(row)
    leading = all(is_text(each[0]) for each in body) and not is_text(body[0][-1]) and spare == 1
    if leading:  # as R writes row names
        names[:] = ["row", *row]
        return
    findings.doubt(
        "heading", f"the last {spare} have no names", f"the first {spare} have none", 0.7,
        f"The heading has {len(row)} names for {width} columns: the last {spare} were taken to have none.",
    )  # fmt: skip


def _fits(row: list[str], width: int) -> bool:
    """Whether a row may belong to the heading of a table of that width."""
    filled = len(row)
    while filled and not row[filled - 1]:
        filled -= 1
    return filled > 0 and (
        len(row) == width or (filled > 1 and width / 8 <= filled <= width + 3 and filled >= min(3, width))
    )


def _note_preamble(count: int, findings: Findings) -> None:
    if count:
        verb = "are" if count > 1 else "is"
        findings.note("preamble", count, f"{plural(count, 'line')} above the table {verb} left out.")


def line_after(lines: list[Row], line: int) -> int:
    """The line at which the row after the one at `line` begins, comments left out; a row without any value is a row."""
    return next((at for at, row in lines if at > line and not (row and is_comment(row[0]))), line + 1)


def has_header(body: list[list[str]]) -> bool:
    """Whether the first row is of another kind than those below it."""
    if len(body) == 1:
        return all(map(is_text, filter(None, body[0])))
    texts = numbers = changes = 0
    enough = max(6, min(100, MAX_CELLS // len(body[0])))
    for j, cell in enumerate(body[0]):
        below = [row[j].lower() for row in body[1:enough] if row[j].lower() not in MISSING]
        text = bool(cell) and is_text(cell) and not (cell.lower() in below and cell.lower() in YES_NO)
        if MOMENT.fullmatch(cell) and below and sum(bool(NUMBER.fullmatch(c)) for c in below) > 0.8 * len(below):
            text = True  # a moment over numbers: the table lies on its side
        texts += text
        changes += text and sum(is_value(c) or c in YES_NO for c in below) > 0.5 * len(below)
        numbers += not text and is_value(cell) and cell.lower() not in MISSING
    # Columns may be called 0, 1, 2, …; a first value that says "error" is no reason to take a row of values for names.
    whole = [int(c) for c in body[0] if re.fullmatch(r"\d{1,5}", c)]
    counting = len(whole) == numbers and whole == sorted(set(whole))
    return changes > numbers or (changes > 0 and counting) or (texts > 0 and numbers == 0)
