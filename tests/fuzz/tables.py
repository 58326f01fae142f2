"""CSV: the reader, in one go and in pieces, the windows and the scorer."""

import dataclasses
import math
import random
from pathlib import Path
from typing import Any

import numpy as np

from ae_core import LatentError
from ae_core.data.csv.pieces import read_pieces
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Table, joined

from .mutations import NUMBERS, WILD_TEXT, wild_bytes
from .rules import holds, one_sentence
from .trained import scorer


def tables() -> list[bytes]:
    """Valid ones, in the ways in which spreadsheets and loggers write them."""
    from ..unit.test_pieces import TEXTS

    found = [text.encode() for text in TEXTS.values()]
    found += [
        TEXTS["german"].encode("cp1252"),
        TEXTS["german"].encode("utf-16"),
        TEXTS["plain"].encode("utf-16-be"),
        b"\xef\xbb\xbf" + TEXTS["windows"].encode(),
    ]
    found += [
        b"sep=;\n" + TEXTS["german"].encode(),
        "Zeit;T [°C];p\n01.02.2024 10:00;1.234,5;-3\n01.02.2024 10:01;1.235,5;-4\n".encode(),
    ]
    return found


def wild_table(dice: random.Random, given: dict, corpus: list[dict]) -> dict:
    data, knobs = given["data"], dict(given["knobs"])
    if dice.random() < 0.5:
        data = wild_bytes(dice, data, [other["data"] for other in corpus])
    else:  # cell by cell
        text = data.decode("utf-8", "replace")
        mark = dice.choice([c for c in ",;\t| " if c in text] or [","])
        lines = [line.split(mark) for line in text.split("\n")]
        for _ in range(dice.choice((1, 1, 3, 20))):
            line = dice.choice(lines)
            column, how = dice.randrange(len(line)), dice.random()
            if how < 0.6:
                line[column] = dice.choice(
                    (
                        *NUMBERS,
                        *WILD_TEXT,
                        "2024-13-45",
                        "31.02.2024 25:61",
                        "12:00 AM",
                        "NaT",
                        "true",
                        "1.234,5",
                        "1'000",
                        "12 kg",
                        "9999-12-31",
                    )
                )
            elif how < 0.7:
                line.insert(column, dice.choice(NUMBERS))
            elif how < 0.8 and len(line) > 1:
                del line[column]
            elif how < 0.9:
                lines.insert(dice.randrange(len(lines)), list(dice.choice(lines)))
            else:
                for other in lines:
                    if column < len(other):
                        other[column] = line[column]
        data = "\n".join(map(mark.join, lines)).encode("utf-8", "surrogatepass")
    if dice.random() < 0.5:
        choices = {
            "delimiter": ("comma", "semicolon", "tab", "pipe", "space"),
            "decimal": ("point", "comma"),
            "header": ("yes", "no"),
            "day_first": ("yes", "no"),
            "encoding": ("utf-8", "utf-16", "latin-1", "hex", "rot13", "idna", "punycode", "utf-7", "zlib", *WILD_TEXT),
            **dict.fromkeys(
                ("time", "label", "columns", "missing", "normal"),
                (*WILD_TEXT, *NUMBERS, "time", "a", "b", "none", "a,b", "Zeit", "0:40", "2024-03-01:"),
            ),
            **dict.fromkeys(
                ("window", "stride", "max_gap_steps", "bridge", "memory", "first"), (*NUMBERS, 0, 1, 2, 7, 300, 10_000)
            ),
            **dict.fromkeys(("every", "resample_seconds", "variance"), (*NUMBERS, 0.1, 0.999, 30, 1e-9, 1e7)),
        }
        name = dice.choice(list(choices))
        knobs[name] = dice.choice(choices[name])
    return {"data": data[: 1 << 20], "knobs": knobs}


def sound_table(table: Table) -> None:
    count = len(table.names)
    holds(count and len(set(table.names)) == count == len(table.units), f"names {table.names}")
    holds(
        table.values.shape == (len(table), count) and table.values.dtype == np.float64,
        f"values {table.values.shape} {table.values.dtype}",
    )
    holds(not np.isinf(table.values).any(), "infinite values")
    for part, kind in ((table.time, "datetime64[ns]"), (table.label, "bool")):
        holds(part is None or (part.shape == (len(table),) and part.dtype == kind), f"{kind} {part!r:.100}")
    holds(table.step is None or 0 < table.step < math.inf, f"step {table.step}")
    for note in table.notes:
        holds(note.text.endswith((".", ")")) and "\n" not in note.text, f"note {note.text!r}")


def try_table(given: dict, place: Path) -> None:
    from ae_core.data.csv.windows import prepared

    source = _checked(Csv, {"file": "table.csv", **given["knobs"]})
    path = place / "table.csv"
    path.write_bytes(given["data"])
    origin = dataclasses.replace(source, file=str(path))
    table = origin.table()
    sound_table(table)
    if not origin.resample_seconds and not origin.first:
        try:
            together = joined(list(read_pieces(path, max(1, len(given["data"]) // 3), **origin.said())))
            sound_table(dataclasses.replace(together, step=None))
        except LatentError as error:
            one_sentence(str(error))
    scores = table.values.shape[1] >= 2 and len(given["data"]) % 3 == 0  # takes as long as all the rest
    score = scorer(place).score(_matched(table)).network.score if scores else np.zeros(0)
    holds(not np.isinf(score).any() and (score[np.isfinite(score)] >= 0).all(), "scores below 0 or infinite")
    ready = prepared(table, origin.window, origin.stride, origin.normal, origin.max_gap_steps)
    x, _ = ready.windows(ready.train)
    holds(
        x.dtype == np.float32 and np.isfinite(x).all() and x.shape[1:] == (len(table.names), ready.window),
        f"windows {x.shape} {x.dtype}",
    )


def _checked(owner: type, values: dict) -> Any:
    from ae_core.base.options import build

    return build(owner, values)


def _matched(table: Table) -> Table:
    return dataclasses.replace(table, names=("a", "b"), units=("", ""), values=table.values[:, :2])
