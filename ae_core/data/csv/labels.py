"""Which column says what is abnormal."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ...base.errors import LatentError
from .cells import ABNORMAL, FINE, listed, words_of
from .columns import Column, pick_column
from .table import Note

LABELS = words_of(
    "label labels anomaly is_anomaly isanomaly anomalous anomalies is_outlier outlier fault faulty is_fault failure target class attack"
)
LABELS += words_of("normal/attack ground_truth is_abnormal abnormal changepoint is_changepoint")


def flags_of(column: Column) -> np.ndarray | None:
    """bool (rows,), True for abnormal, of a column that holds two kinds of values; None of another."""
    if column.numbers is not None:
        kinds = set(np.unique(column.numbers[np.isfinite(column.numbers)]).tolist())
        return column.numbers == 1 if kinds and kinds <= {0.0, 1.0} else None
    if column.words is None:
        return None
    words = pc.utf8_lower(column.words)
    kinds = set(pc.unique(words.drop_null()).to_pylist()[:50])
    if not kinds or not kinds <= ABNORMAL | FINE:
        return None
    return pc.fill_null(pc.is_in(words, pa.array(sorted(ABNORMAL))), False).to_numpy()


def choose_label(columns: list[Column], asked: str | None, notes: list[Note]) -> tuple[np.ndarray | None, list[Column]]:
    """(flags, the columns that hold labels)."""
    if asked and asked.lower() != "none":
        chosen = pick_column(columns, asked, "the label")
        if (flags := flags_of(chosen)) is None:
            raise LatentError(
                f"The column {chosen.name[:40]!r} is no label: a label has 0 or 1, true or false, normal or anomaly in each row."
            )
        marks = [chosen]
    else:
        plain = {re.sub(r"[\s_\-]+", "_", c.name.strip().lower()): c for c in reversed(columns)}
        marks = [] if asked else [plain[name] for name in LABELS if name in plain and flags_of(plain[name]) is not None]
        flags = flags_of(marks[0]) if marks else None
    if flags is None:
        notes.append(Note("label", "none", "There is no label column."))
        return None, []
    says = f"{marks[0].name!r} says which rows are abnormal ({int(flags.sum()):,} of {len(flags):,})."
    if marks[1:]:
        says += f" {listed([c.name for c in marks[1:]])} {'look' if marks[2:] else 'looks'} like another label and is left out."
    notes.append(Note("label", marks[0].name, says))
    return flags, marks
