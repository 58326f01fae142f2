"""OpenBCI's recordings: comments with %, a sample index that wraps, clocks in numbers and in words."""

import re

from .marks import Marks, cells


def read(lines: list[str], text: bytes) -> Marks | None:
    if not lines[0].startswith("%OpenBCI"):
        return None
    at = next((i for i, line in enumerate(lines) if not line.startswith("%")), 0)
    names = cells(lines[at])
    time = next((name for name in names if name.lower().startswith("timestamp")), None)
    if time is None:
        return None
    body = b"\n".join(text.split(b"\n")[at:])
    rates = [match for line in lines[:at] if (match := re.search(r"Sample Rate = ([\d.]+) Hz", line))]
    drop = [names[0]]
    drop += [f"Other {k + 1}" if k else "Other" for k in range(names.count("Other"))]
    title = "a recording of OpenBCI" + (f" at {rates[0][1]} Hz" if rates else "")
    return Marks(title, body, (time,), drop=tuple(drop))
