"""What is found in a file, without training on it: for `python -m ae_core read`, and for the page."""

from pathlib import Path
from typing import Any

import numpy as np

from ...base.text import plural
from ...io.packed import is_packed, unpacked
from .checks import first_checks
from .normal import propose_normal, rows_of
from .options import make_options
from .reading import table_of
from .source import Csv
from .table import SURE, Doubt, Findings, Table
from .text import as_utf8, contents, existing_file

BEGINNING = 1 << 17  # bytes that are read again for each look at what another setting does
QUICK_BYTES = 24 << 20  # of a larger file the beginning, the middle and the end are looked at


def report(file: str | Path, whole: bool = False, **said: Any) -> dict[str, Any]:
    """What was found, ready for JSON; see `as_json`. Raises LatentError for what is no table.

    whole: read all of a large file, and not its beginning, middle and end alone. said: see `Options`.
    """
    return as_json(*look(file, whole, **said))


def look(file: str | Path, whole: bool = False, **said: Any) -> tuple[Table, int | None]:
    """(the table, or what parts of a large file make; how many rows the whole has, by estimate, or None if known)."""
    options = make_options(**{"most_bytes": None, **said})
    path = existing_file(file)
    size = path.stat().st_size
    if whole or size <= QUICK_BYTES:
        return table_of(contents(path, options.most_bytes), options), None
    data, share = _parts(path, size)
    table = table_of(data, options)
    return table, None if data.startswith(b"PAR1") else round(len(table) / share)


def beginning(origin: Csv, size: int = BEGINNING) -> Table:
    """The table in the first `size` bytes of a source's file, as its settings read it: for a look at what they do.
    Raises LatentError.
    """
    data = _head(existing_file(origin.path()), size)
    return origin.finished(table_of(data, make_options(**{**origin.said(), "most_bytes": None})))


def _head(path: Path, size: int) -> bytes:
    """The first `size` bytes, up to a line's end; all of what cannot be cut at bytes."""
    with path.open("rb") as file:
        data = file.read(size)
        if _is_whole(data):
            return unpacked(data + file.read())
    return data if len(data) < size else data[: data.rfind(b"\n") + 1] or data


def _is_whole(head: bytes) -> bool:
    """Whether a file cannot be cut at bytes, or at line ends: Parquet, UTF-16, an array of JSON, what is packed."""
    return is_packed(head[:8]) or head.startswith((b"PAR1", b"\xff\xfe", b"\xfe\xff")) or head.lstrip()[:1] == b"["


def first_lines(file: str | Path, encoding: str | None = None, count: int = 12) -> list[str]:
    """The first lines of a text file as they stand there, [] of Parquet. Raises LatentError."""
    data = _head(existing_file(file), BEGINNING)
    if data.startswith(b"PAR1"):
        return []
    return as_utf8(data, encoding, Findings()).decode("utf-8", "replace").splitlines()[:count]


def _parts(path: Path, size: int) -> tuple[bytes, float]:
    """(the beginning, middle and end of a text file, cut at line ends; their share of it)."""
    third = QUICK_BYTES // 3
    with path.open("rb") as file:
        first = file.read(third)
        if _is_whole(first):
            return unpacked(first + file.read()), 1.0
        parts = [first[: first.rfind(b"\n") + 1]]
        for start in (size // 2, size - third):
            file.seek(start)
            part = file.read(third)
            begin = part.find(b"\n") + 1
            parts.append(part[begin : part.rfind(b"\n") + 1] if start != size - third else part[begin:])
    data = b"".join(parts)
    return data, len(data) / size


def as_json(table: Table, rows: int | None = None) -> dict[str, Any]:
    """{"layout", "rows", "channels", "time", "step", "first_time", "label", "abnormal_share", "missing_share",
    "lines_left_out", "doubts"}; rows: of the whole file where only parts were read.
    """
    about = table.about
    known = table.time[~np.isnat(table.time)] if table.time is not None else np.zeros(0, "datetime64[ns]")
    calendar = about.clock == "calendar" and len(known)
    kinds = about.kinds or ("number",) * len(table.names)
    return {
        "layout": about.layout,
        "rows": len(table) if rows is None else rows,
        "channels": [
            {"name": name, "unit": unit, "kind": kind}
            for name, unit, kind in zip(table.names, table.units, kinds, strict=True)
        ],
        "time": list(about.time_columns),
        "step": table.step,
        "first_time": str(known[0].astype("datetime64[ms]")) if calendar else None,
        "label": about.label_column,
        "abnormal_share": float(table.label.mean()) if table.label is not None else None,
        "missing_share": float(np.isnan(table.values).mean()) if table.values.size else 0.0,
        "lines_left_out": about.left_out,
        "doubts": [
            {"what": d.what, "chosen": d.chosen, "other": d.other, "confidence": d.confidence} for d in about.doubts
        ],
    }


def questions(doubts: tuple[Doubt, ...]) -> list[str]:
    """A line for each thing that is not sure, the least sure first."""
    return [
        f"? {doubt.text} ({100 * doubt.confidence:.0f} % sure; {doubt.what})"
        for doubt in doubts
        if doubt.confidence < SURE
    ]


def in_words(table: Table, rows: int | None = None) -> list[str]:
    """What was found, a line each: what is doubtful first."""
    about, count = table.about, len(table) if rows is None else rows
    what = {"moments": "a row for each moment", "samples": "a row for each sample", "long": "a long table"}[
        about.layout
    ]
    first = f"{'about ' if rows is not None else ''}{count:,} rows, {plural(len(table.names), 'channel')}, {what}"
    proposal = propose_normal(table)
    normal = [f"Proposed as normal: {rows_of(proposal.stretches)}. {proposal.why} Was the machine healthy there?"]
    notes = [*table.notes, *first_checks(table)] if about.layout != "samples" else table.notes
    return [
        *questions(about.doubts),
        first,
        *(f"  {note.text}" for note in notes),
        *(normal if about.layout != "samples" else []),
    ]
