"""Siemens WinCC's logs of tags: VarName, TimeString, VarValue, Validity, Time_ms; lines with $RT_…$ are no values."""

from .marks import Marks, cells


def read(lines: list[str], text: bytes) -> Marks | None:
    delimiter = ";" if ";" in lines[0] else "\t" if "\t" in lines[0] else ","
    if [name.lower() for name in cells(lines[0], delimiter)[:3]] != ["varname", "timestring", "varvalue"]:
        return None
    rows = text.split(b"\n")
    kept = [row for row in rows if b"$RT_" not in row[:40]]
    return Marks(
        "a log of Siemens WinCC", b"\n".join(kept), ("TimeString",), drop=("Validity", "Time_ms"),
        left_out=len(rows) - len(kept),
        said={"layout": "long", "delimiter": delimiter},
    )  # fmt: skip
