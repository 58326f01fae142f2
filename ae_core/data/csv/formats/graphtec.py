"""Graphtec's midi loggers: settings, then Number, Date&Time, microseconds, channels and alarms, units a line below."""

from .marks import Marks, after_lines, cells, headed


def read(lines: list[str], text: bytes) -> Marks | None:
    delimiter = "\t" if "\t" in "".join(lines[:3]) else ","
    if not lines[0].lower().startswith("vendor") or "graphtec" not in lines[0].lower():
        return None
    at = next((i for i, line in enumerate(lines) if line.startswith("Number" + delimiter)), None)
    if at is None or at + 2 >= len(lines):
        return None
    upper, lower = cells(lines[at], delimiter), cells(lines[at + 1], delimiter)
    width = len(lower)
    names = lower[: width - len(upper[2:])] + upper[2:] if len(upper) < width else upper
    names, units = list(names), [""] * width
    for j in range(width):
        if names[j].upper().startswith("CH"):
            units[j] = lower[j]
        elif lower[j] in ("Date", "Time", "us", "ms"):
            names[j] = lower[j]
    alarms = tuple(name for name in names if name.lower().startswith("alarm"))
    time = tuple(name for name in names if name in ("Date", "Time", "us", "ms"))
    body = after_lines(text, at + 2)
    return Marks(
        "a Graphtec logger's", headed(names, units, body, delimiter), time, drop=(names[0], *alarms),
        said={"delimiter": delimiter}
    )  # fmt: skip
