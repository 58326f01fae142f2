"""Oscilloscopes: Rigol's start and increment above the rows; Tektronix' settings beside them, Siglent's above them."""

import re

from .marks import Marks, after_lines, cells, headed

SETTINGS = re.compile(
    r"^\W*(record length|sample interval|sampling interval|horizontal scale|horizontal units|model|firmware|"
    r"memory length|serial number|software version|vertical units|vertical offset|vertical position|"
    r"vertical scale|trigger|source|probe|waveform|lecroy|segments|analog|sampling period)", re.IGNORECASE
)  # fmt: skip


def read(lines: list[str], text: bytes) -> Marks | None:
    return _rigol(lines, text) or _tektronix(lines, text) or _siglent(lines, text)


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


def _siglent(lines: list[str], text: bytes) -> Marks | None:
    """A setting a line, then the units of time and volts, then two or more columns of numbers."""
    rows = [cells(line) for line in lines]
    if not SETTINGS.match(lines[0]):
        return None
    begin = next((i for i, row in enumerate(rows) if len(row) > 1 and all(map(_is_number, filter(None, row)))), 0)
    heading = rows[begin - 1]
    if not 4 <= begin <= 40 or len(heading) < 2 or heading[0].lower() not in ("second", "time", "s", "in s"):
        return None
    if not all(SETTINGS.match(line) for line in lines[: begin - 1] if line.strip()):
        return None
    said = {row[0].lower(): row[1:] for row in rows[: begin - 1] if row}
    sources = [name for name in said.get("source", []) if name]
    names = ["time", *(sources if len(sources) == len(heading) - 1 else [f"CH{j}" for j in range(1, len(heading))])]
    body = headed(names, ["s", *heading[1:]], after_lines(text, begin))
    return Marks("an oscilloscope's record (Siglent)", body, ("time",), said={"delimiter": ","})


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", cell) is not None
