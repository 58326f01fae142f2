"""Frames of a CAN bus: a moment, an identifier in hexadecimal digits, bytes; as candump writes them, or with commas."""

import re

from .marks import Marks, plain_text

DUMP = re.compile(r"^\((\d+\.\d+)\)\s+\S+\s+([0-9A-Fa-f]{3,8})#([0-9A-Fa-f]{0,16})\s*\S?\s*$")
COMMAS = re.compile(
    r"^(\d+\.\d+),([0-9A-Fa-f]{3,8}),(?:[A-Za-z]+,){0,3}([0-8])((?:,[0-9A-Fa-f]{2}){0,8})(?:,([A-Za-z]))?\s*$"
)
MOST = 60  # identifiers
INJECTED = "T"  # the flag of frames that do not belong there, beside R


def read(lines: list[str], text: bytes) -> Marks | None:
    some = [line for line in lines[:60] if line.strip()]
    pattern = next((each for each in (DUMP, COMMAS) if sum(map(bool, map(each.match, some))) > 0.9 * len(some)), None)
    if len(some) < 4 or pattern is None:
        return None
    frames, gone, flagged = [], 0, False
    for line in text.decode(errors="replace").split("\n"):
        match = pattern.match(line)
        if not match:
            gone += bool(line.strip())
            continue
        digits = match[3] if pattern is DUMP else match[4].replace(",", "")
        values = [str(int(digits[j : j + 2], 16)) for j in range(0, len(digits) - 1, 2)]
        flag = "" if pattern is DUMP else match[5] or ""
        flagged |= flag == INJECTED
        frames.append((match[1], match[2].upper(), values, flag))
    names = sorted({frame[1] for frame in frames})
    if not 1 <= len(names) <= MOST:
        return None
    width = {name: max(len(values) for _, of, values, _ in frames if of == name) for name in names}
    columns = [(name, j) for name in names for j in range(width[name])]
    heading = ["time", *(f"{name} byte {j}" for name, j in columns), *(["injected"] if flagged else [])]
    rows = (
        [when, *(values[j] if name == of and j < len(values) else "" for name, j in columns),
         *([str(int(flag == INJECTED))] if flagged else [])]
        for when, of, values, flag in frames
    )  # fmt: skip
    title = "frames of a CAN bus, a channel for each byte of each identifier"
    return Marks(title, plain_text([heading, *rows]), ("time",), "injected" if flagged else None, left_out=gone)
