"""What a serial monitor shows: a time of day and an arrow before each line; values with their names in one cell."""

import re
from collections import Counter

from .marks import Marks, plain_text

ARROW = re.compile(r"^(\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,6})?) -> ?(.*)$")
CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,6})?"
STAMP = rf"\[?(\d{{4}}-\d\d-\d\d[T ]{CLOCK}Z?|[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d|{CLOCK})\]?"
LOG = re.compile(
    rf"^{STAMP}\s(?:.*?[\s\]:])??((?:[^\W\d][\w.]{{0,30}}=[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[^\s,;=]{{0,8}}[\s,;]*)+)$"
)
PAIR = re.compile(
    r"^\s*([^\W\d][^:=,;\t]{0,30}?)\s*[:=]\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\s,;\d:=]{0,8})\s*$"
)


def read(lines: list[str], text: bytes) -> Marks | None:
    some = [line.rstrip("\r") for line in lines[:60] if line.strip()]
    arrows = sum(bool(ARROW.match(line)) for line in some) > 0.7 * len(some)
    stripped = [match[2] if (match := ARROW.match(line)) else line for line in some]
    signs = Counter(sign for line in stripped for sign in "\t,;" if sign in line)
    delimiter = signs.most_common(1)[0][0] if signs else " "
    pairs = sum(bool(_pairs(line, delimiter)) for line in stripped) > 0.7 * len(some)
    logged = sum(bool(LOG.match(line)) for line in some) > 0.7 * len(some) and not arrows
    if len(some) < 4 or not (arrows or pairs or logged):
        return None
    if logged:
        return _log(text)
    return _plain(text, arrows, pairs, delimiter)


def _pairs(line: str, delimiter: str) -> list[tuple[str, str, str]]:
    """(name, value, unit) of each cell; [] of a line that has a cell of another kind."""
    pairs = []
    for cell in line.split(delimiter) if delimiter != " " else re.split(r"\s+(?=[^\W\d])", line):
        if not cell.strip():
            continue
        match = PAIR.match(cell)
        if not match:
            return []
        pairs.append((match[1], match[2], match[3]))
    return pairs


def _plain(text: bytes, arrows: bool, pairs: bool, delimiter: str) -> Marks | None:
    names: dict[str, str] = {}
    rows: list[tuple[str, dict[str, str] | str]] = []
    for line in text.decode(errors="replace").split("\n"):
        match = ARROW.match(line.rstrip("\r")) if arrows else None
        rest = match[2] if match else line
        if not rest.strip() or (arrows and not match):
            continue
        cells: dict[str, str] | str = rest
        if pairs:
            cells = {}
            for name, value, unit in _pairs(rest, delimiter):
                names.setdefault(name, unit)
                cells[name] = value
        rows.append((match[1] if match else "", cells))
    title = "copied from a serial monitor" if arrows else "of values with their names in each cell"
    if not pairs:
        body = "\n".join(f"{when}{delimiter}{rest}" for when, rest in rows)
        return Marks(title, body.encode(), said={"delimiter": delimiter})
    heading = [*(["time"] if arrows else []), *(f"{n} [{u}]" if u else n for n, u in names.items())]
    made = [
        [*([when] if arrows else []), *(cells.get(n, "") if isinstance(cells, dict) else "" for n in names)]
        for when, cells in rows
    ]
    return Marks(title, plain_text([heading, *made]), ("time",) if arrows else ())


def _log(text: bytes) -> Marks:
    """Lines of a log, each with when it was written, who wrote it, and values with their names."""
    names: dict[str, str] = {}
    rows, gone = [], 0
    for line in text.decode(errors="replace").split("\n"):
        match = LOG.match(line.rstrip("\r"))
        if not match:
            gone += bool(line.strip())
            continue
        cells = {}
        for name, value, unit in _pairs(re.sub(r"[,;]", " ", match[2]).strip(), " "):
            names.setdefault(name, unit)
            cells[name] = value
        rows.append((match[1].replace(",", "."), cells))
    heading = ["time", *(f"{n} [{u}]" if u else n for n, u in names.items())]
    made = [[re.sub(r"^[A-Z][a-z]{2} [ \d]\d ", "", when), *(cells.get(n, "") for n in names)] for when, cells in rows]
    return Marks("a log of values with their names", plain_text([heading, *made]), ("time",), left_out=gone)
