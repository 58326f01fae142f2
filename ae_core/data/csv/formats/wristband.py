"""Wristbands (Empatica's E4): the start in seconds since 1970, the rows a second, once for each column, then rows."""

import re

from .marks import Marks, after_lines, cells

EPOCHS = (9e8, 4e9)  # seconds since 1970: from 1998 to 2096
RATES = (0.01, 5000.0)  # rows a second
NUMBER = r"[-+]?\d+(?:\.\d+)?"
ROWS = 20  # that are looked at


def read(lines: list[str], text: bytes) -> Marks | None:
    rows = [cells(line) for line in lines[: ROWS + 2] if line.strip()]
    if len(rows) < 5 or len({len(row) for row in rows}) != 1:
        return None
    if not all(re.fullmatch(NUMBER, cell) for row in rows for cell in row) or len(set(rows[0]) | set(rows[1])) != 2:
        return None
    start, rate = float(rows[0][0]), float(rows[1][0])
    body = [abs(float(cell)) for row in rows[2:] for cell in row]
    if not (EPOCHS[0] < start < EPOCHS[1] and RATES[0] <= rate <= RATES[1] and max(body) < EPOCHS[0]):
        return None
    said = {"header": False, "delimiter": ",", "decimal": ".", "layout": "moments"}
    body_text = after_lines(text, 2)
    return Marks(
        "a wristband's, with its start and rate above", body_text, ("time",), step=1 / rate, start=start, said=said
    )
