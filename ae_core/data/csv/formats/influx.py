"""InfluxDB's annotated CSV: lines with #, an empty first column, one field a row, annotations before each table."""

import csv
import io

from .marks import Marks, plain_text

ANNOTATIONS = ("#datatype", "#group", "#default")
OWN = ("", "result", "table", "_start", "_stop", "_time", "_value", "_field", "_measurement")


def read(lines: list[str], text: bytes) -> Marks | None:
    if not any(line.startswith(ANNOTATIONS[:2]) for line in lines[:5]):
        return None
    rows: list[dict[str, str]] = []
    heading: list[str] = []
    for row in csv.reader(io.StringIO(text.decode(errors="replace"))):
        if row and row[0].startswith(ANNOTATIONS):
            heading = []
        elif row and row[0].startswith("#"):
            continue
        elif not any(row):
            continue  # between two tables, or a line that was lost
        elif not heading or {"result", "table"} <= set(row):
            heading = row
        else:
            rows.append(dict(zip(heading, row, strict=False)))
    if not rows or "_value" not in rows[0] or "_time" not in rows[0]:
        return _pivoted(rows)
    tags = [name for name in rows[0] if name not in OWN and len({row.get(name) for row in rows}) > 1]
    several = len({row.get("_measurement") for row in rows}) > 1
    names = (["_measurement"] if several else []) + ["_field", *tags]
    plain = [
        (row.get("_time") or "", " ".join(row.get(n) or "" for n in names).strip(), row.get("_value") or "")
        for row in rows
    ]
    return Marks(
        "InfluxDB's annotated CSV", plain_text([("time", "name", "value"), *plain]), ("time",), said={"layout": "long"}
    )


def _pivoted(rows: list[dict[str, str]]) -> Marks | None:
    """A table that was made wide by pivot() already."""
    if not rows:
        return None
    names = [n for n in rows[0] if n not in ("", "result", "table", "_start", "_stop") and n != "_measurement"]
    plain = [[row.get(name, "") for name in names] for row in rows]
    return Marks("InfluxDB's annotated CSV", plain_text([names, *plain]), ("_time",) if "_time" in names else ())
