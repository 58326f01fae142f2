"""Lines in, a line a row of scores out, and what is kept so that both can go on another day."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import LatentError
from ..base.files import read_arrays, reading, replace
from ..data.csv.live import Hints, LiveReader, Row
from ..io.tables import DIGITS, csv_text
from .detector import Detector
from .judged.live import THRESHOLD, Heard, JudgedScores
from .online import OnlineScorer, ScoredRow
from .thresholds import Rule

FORMATS = ("csv", "jsonl")


class LiveScores:
    """Scores lines as they come.

    Args:
        detector: a run's.
        rule: where the threshold lies.
        hints: of the table that the run was trained on.
        form: of what is written, one of FORMATS; "": as what is read.
        heard: what was judged of the table that the run learned from; scores by it stand beside the others.

    Attributes:
        wrong: what is wrong with the row that was scored last, "" for nothing.
        row: how many were scored.
    """

    def __init__(self, detector: Detector, rule: Rule, hints: Hints, form: str = "", heard: Heard | None = None):
        self.names = detector.preprocessing.names
        self.reader, self.scorer = LiveReader(self.names, hints), OnlineScorer(detector, rule)
        self.form, self.wrong = form, ""
        self.judged = JudgedScores(detector, heard) if heard else None
        self.of = fingerprint(detector, rule, heard)

    @property
    def row(self) -> int:
        return self.scorer.row

    def feed(self, line: str) -> str | None:
        """What a line comes to: one of scores, behind a heading where it is the first of a CSV; None where it is no
        row.
        """
        row = self.reader.row(line)
        if row is None:
            return None
        scored = self.scorer.score(row.values, row.time)
        self.wrong = row.wrong
        more = self.judged.next(scored, row.values, self.scorer.newest) if self.judged else {}
        self.form = self.form or {"json": "jsonl"}.get(self.reader.kind, "csv")
        if self.form == "jsonl":
            said = answer(scored, self.names, row.time) | as_json(more)
            return json.dumps(said, ensure_ascii=False) + "\n"
        return (self._heading(more) if scored.row == 0 else "") + self._cells(scored, row, more)

    def _heading(self, more: dict[str, float]) -> str:
        time = ("time",) if self.reader.timed else ()
        parts = (f"{name} part" for name in self.names)
        return csv_text([*time, "score", "threshold", "abnormal", "pca_score", *parts, *more])

    def _cells(self, scored: ScoredRow, row: Row, more: dict[str, float]) -> str:
        cells = [] if not self.reader.timed else ["" if np.isnat(row.time) else written(row.time)]
        numbers = (scored.score, scored.threshold, float(scored.abnormal), scored.pca_score, *scored.parts.tolist())
        numbers = (*numbers, *more.values())
        return ",".join((*cells, *(f"{number:.{DIGITS}g}" if number == number else "" for number in numbers))) + "\n"

    def _beside(self) -> dict[str, np.ndarray]:
        """What the next rows' scores with judgements need of those before, by name."""
        return self.judged.state() if self.judged else {}

    def save(self, path: Path, beside: dict[str, Any]) -> None:
        """Keep all that the next rows need in a file; beside: what else is to be known then, as JSON."""
        about = {
            "of": self.of,
            "heading": self.reader.heading,
            "kind": self.reader.kind,
            "timed": self.reader.timed,
            "form": self.form,
            **beside,
        }
        text = np.frombuffer(json.dumps(about).encode(), np.uint8)
        arrays: dict[str, Any] = {**self.scorer.state(), **self._beside(), "before": self.reader.before, "about": text}

        def write(beside_it: Path) -> None:
            with beside_it.open("wb") as file:
                np.savez(file, **arrays)

        replace(path, write)

    def restore(self, path: Path) -> dict[str, Any]:
        """Go on from what `save` wrote; what was kept beside. Raises LatentError where it is another run's."""
        beside = self._beside()
        names = [*self.scorer.state(), *beside, "before", "about"]
        with reading(path, "state of scores", advice="delete it: what it holds is computed again"):
            arrays = read_arrays(path, names)
            if "about" not in arrays:
                raise ValueError("a part is missing")
            about: dict[str, Any] = json.loads(arrays.pop("about").tobytes())
            if "judged_threshold" in about and beside:  # of a time when it stood there
                arrays[THRESHOLD] = np.array([about["judged_threshold"]], np.float64)
            if {*arrays, "about"} != set(names):
                raise ValueError("a part is missing")
        if about.get("of") != self.of:
            raise LatentError(
                f"{path} belongs to scores of another run or threshold: give another --out, or delete both."
            )
        before = arrays.pop("before")
        if self.judged is not None:
            self.judged.restore({name: arrays.pop(name) for name in beside})
        self.scorer.restore(arrays)
        self.reader.rejoin(about["heading"])
        self.reader.kind, self.reader.timed, self.form = about["kind"], about["timed"], about["form"]
        self.reader.before = before
        return about


def answer(scored: ScoredRow, names: tuple[str, ...], time: np.datetime64) -> dict[str, Any]:
    """A row's scores as JSON has them, with null for what there is none of."""
    parts = as_json(dict(zip(names, scored.parts.tolist(), strict=True)))
    return {
        "row": scored.row,
        "time": None if np.isnat(time) else written(time),
        "score": _number(scored.score),
        "threshold": _number(scored.threshold),
        "abnormal": scored.abnormal,
        "pca_score": _number(scored.pca_score),
        "parts": parts,
    }


def as_json(numbers: Mapping[str, float]) -> dict[str, float | None]:
    """Numbers by name as JSON has them, with null for what there is none of."""
    return {name: _number(value) for name, value in numbers.items()}


def written(time: np.datetime64) -> str:
    """A moment as files of scores have it."""
    return str(time.astype("datetime64[ms]"))


def _number(value: float) -> float | None:
    return float(f"{value:.{DIGITS}g}") if value == value else None


def fingerprint(detector: Detector, rule: Rule, heard: Heard | None = None) -> str:
    """What tells a detector, its threshold and what was judged from others."""
    own = detector.preprocessing
    parts = [own.names, own.window, own.step, own.max_gap_steps, detector.n_dims, str(detector.scoring), str(rule)]
    digest = hashlib.sha256(json.dumps(parts).encode())
    digest.update(detector.held_out.network.tobytes())
    digest.update(own.centre.tobytes())
    if heard:
        digest.update(str(heard.rule).encode())
        digest.update(b"".join(part.tobytes() for part in heard.said.normal) + b" faults ")
        digest.update(b"".join(part.tobytes() for part in heard.said.faults))
    return digest.hexdigest()[:16]
