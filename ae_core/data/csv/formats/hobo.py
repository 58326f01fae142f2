"""HOBOware: a title, numbered rows, events as columns of "Logged", a last row of events."""

from .marks import Marks, after_lines, cells, headed


def read(lines: list[str], text: bytes) -> Marks | None:
    at = 1 if lines[0].lstrip('\ufeff"').startswith("Plot Title") else 0
    if len(lines) < at + 3:
        return None
    delimiter = max(",;\t", key=lines[at].count)
    names = cells(lines[at], delimiter)
    when = next((name for name in names if name.lower().startswith("date time")), None)
    if not names or names[0] != "#" or when is None or not (at or "LGR S/N" in lines[at]):
        return None
    plain, units = zip(*(_split(name) for name in names), strict=True)
    return Marks(
        "an export of HOBOware", headed(plain, units, after_lines(text, at + 1), delimiter),
        (plain[names.index(when)],),
        drop=("#",), said={"delimiter": delimiter},
    )  # fmt: skip


def _split(name: str) -> tuple[str, str]:
    """(name, unit) of "Temp, °F (LGR S/N: 1, SEN S/N: 2)"."""
    bare = name.split(" (LGR")[0].split(" (SEN")[0].strip()
    if bare.lower().startswith("date time"):
        return "Date Time", ""
    head, comma, unit = bare.rpartition(", ")
    return (head, unit) if comma and len(unit) < 12 else (bare, "")
