"""NASA's C-MAPSS turbofans: no heading, blanks between, an engine's number, its cycle, three settings, sensors."""

import re

from .marks import Marks, plain_text

NUMBER = r"[-+]?\d+(\.\d*)?"


def read(lines: list[str], text: bytes) -> Marks | None:
    rows = [line.split() for line in lines[:60] if line.strip()]
    if len(rows) < 5 or len({len(row) for row in rows}) != 1 or not 8 <= len(rows[0]) <= 26:
        return None
    whole = all(re.fullmatch(r"\d+", row[0]) and re.fullmatch(r"\d+", row[1]) for row in rows)
    if not whole or [row[:2] for row in rows[:3]] != [[rows[0][0], "1"], [rows[0][0], "2"], [rows[0][0], "3"]]:
        return None
    if not all(
        abs(float(row[2])) < 50 and float(row[4]) in (60.0, 100.0)
        for row in rows
        if re.fullmatch(NUMBER, row[2]) and re.fullmatch(NUMBER, row[4])
    ):
        return None
    sensors = [f"s{j + 1}" for j in range(len(rows[0]) - 5)]
    names = ["unit", "cycle", "setting 1", "setting 2", "setting 3", *sensors]
    body = b"\n".join(b",".join(line.split()) for line in text.split(b"\n"))
    return Marks(
        "of the kind of NASA's C-MAPSS",
        plain_text([names]) + body,
        ("none",),
        said={"layout": "long", "time": ("none",)},
    )
