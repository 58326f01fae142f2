"""Oscilloscopes: Rigol's start and increment above the rows; Tektronix' settings beside them."""

import re

from .marks import Marks, after_lines, cells, headed

SETTINGS = re.compile(
    r"^\W*(record length|sample interval|sampling interval|horizontal scale|horizontal units|model|firmware|"
    r"memory length|"
    r"vertical scale|trigger|source|probe|waveform|lecroy|segments|analog|sampling period)", re.IGNORECASE
)  # fmt: skip


def read(lines: list[str], text: bytes) -> Marks | None:
    return _rigol(lines, text) or _tektronix(lines, text)


def _rigol(lines: list[str], text: bytes) -> Marks | None:
    """X, CH1, CH2, Start, Increment; Sequence, Volt, Volt, start, increment."""
    names = cells(lines[0])
    lower = [name.lower() for name in names]
    if len(lines) < 4 or lower[:1] != ["x"] or "start" not in lower or "increment" not in lower:
        return None
    values = cells(lines[1])
    at, step_at = lower.index("start"), lower.index("increment")
    try:
        start, step = float(values[at]), float(values[step_at])
    except (ValueError, IndexError):
        return None
    channels = names[1:at]
    width = lines[2].count(",") + 1
    padded = [*channels, *[f"column {j}" for j in range(len(channels) + 2, width + 1)]]
    body = after_lines(text, 2)
    blank = headed(["X", *channels, *[""] * (len(padded) - len(channels))], ["", *values[1:at]], body)
    said = {"header": True}
    return Marks("an oscilloscope's record (Rigol)", blank, ("X",), step=step, start=start, counter="X", said=said)


def _tektronix(lines: list[str], text: bytes) -> Marks | None:
    """Settings in the first columns of the rows themselves, time and volts in the two or three columns after them."""
    rows = [cells(line) for line in lines[:40] if line.strip()]
    if len(rows) < 20 or not re.match(r"\W*record length", rows[0][0] if rows[0] else "", re.IGNORECASE):
        return None
    last = [j for j in range(len(rows[-1])) if rows[-1][j]]
    if len(last) < 2 or not all(len(row) > last[-1] and row[last[0]] and row[last[-1]] for row in rows if len(row) > 4):
        return None
    if not last[0] >= 2:
        return None
    names = ["time [s]", *(f"CH{k + 1}" if len(last) > 2 else "CH1" for k in range(len(last) - 1))]
    body = []
    for line in text.decode(errors="replace").split("\n"):
        row = cells(line)
        if len(row) > last[-1]:
            body.append(",".join(row[j] for j in last))
    return Marks("an oscilloscope's record (Tektronix)", (",".join(names) + "\n" + "\n".join(body)).encode(), ("time",))
