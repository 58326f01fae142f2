"""Campbell Scientific's TOA5: four lines above the rows, with where it comes from, names, units and kinds of value."""

from .marks import Marks, after_lines, cells, headed


def read(lines: list[str], text: bytes) -> Marks | None:
    first = cells(lines[0])
    if len(lines) < 5 or not first or first[0] not in ("TOA5", "TOACI1"):
        return None
    names = cells(lines[1])
    short = first[0] == "TOACI1"
    units = [] if short else cells(lines[2])
    units = ["" if unit.upper() in ("TS", "RN") else unit for unit in units]
    body = after_lines(text, 2 if short else 4)
    time = next((name for name in names if name.upper() in ("TIMESTAMP", "TMSTAMP")), None)
    drop = tuple(name for name in names if name.upper() in ("RECORD", "RECNBR"))
    return Marks("a Campbell Scientific TOA5 file", headed(names, units, body), (time,) if time else (), drop=drop)
