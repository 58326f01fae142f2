"""Scoring a file piece by piece: with the floats that it has in one go, in memory that its length does not change."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..base.errors import LatentError
from ..base.files import replace
from ..data.csv.resample import direction
from ..data.csv.table import Table, joined
from ..io.tables import csv_text, numbers_csv
from .calibration import WindowStats
from .detection import Detection
from .detector import Detector
from .newest import RENEWED
from .report import scores_csv_block
from .thresholds import HISTORY, Rule, levels

# Numbers of a large file that are scored at once: what a detector holds next to them is many times as much.
MAX_VALUES_AT_ONCE = 2_000_000
LINES_AT_ONCE = 1 << 16
# What is told of rows that were just scored: the rows, and what the network makes of the windows that end with them.
Sees = Callable[[Table, WindowStats], object]


class StreamState(NamedTuple):
    """What the scores of a file's next rows need of those before them.

    Attributes:
        table: the last of them.
        phi: φ of their windows (rows, C), the network's and PCA's.
        segment_start: bool (rows,).
        windows: how many there were.
        forward: the file's `direction`.
        rows: of the file that were read.
    """

    table: Table
    phi: tuple[np.ndarray, ...]
    segment_start: np.ndarray
    windows: int = 0
    forward: float | None = None
    rows: int = 0


def score_next(
    detector: Detector, table: Table, state: StreamState | None = None, sees: Sees | None = None
) -> tuple[Detection, StreamState]:
    """Score the rows of a file that follow on `state`, None at its beginning. sees: told what the network makes of
    them.

    Returns:
        The scores, without a map, that `Detector.score` gives for the whole file; what goes before the next rows.

    Raises:
        LatentError: where a channel is missing.
    """
    own, scoring = detector.preprocessing, detector.scoring
    table = own.matched(table)
    state = state or StreamState(table.rows(slice(0)), (np.empty((0, len(own.names))),) * 2, np.empty(0, bool))
    done, table = len(state.segment_start), joined([state.table, table])
    forward = state.forward or direction(table)
    stats = detector.window_stats(table, since=done, past=state.windows, forward=forward)
    segment_start = stats.segment_start
    segment_start[:done] = state.segment_start
    phi = tuple(
        np.concatenate([before, calibration.phi(each, scoring)[done:]])
        for calibration, each, before in zip(detector.calibrations, stats.models, state.phi, strict=True)
    )
    new = slice(done, None)
    parts = [
        calibration.smoothed(part, scoring, segment_start)[new]
        for calibration, part in zip(detector.calibrations, phi, strict=True)
    ]
    detection = detector.detection(table.rows(new), [each.rows(new) for each in stats.models], parts)
    if sees:
        sees(table.rows(new), stats.network.rows(new))
    # As far back as a window, the gap before it, and the smoothing reach.
    rows = max(own.window + own.max_gap_steps + 2, scoring.smoothing_rows, detector.calibrations[0].history)
    read = state.rows + len(table) - done
    # From where the base is renewed in one go, too.
    tail = slice(-(-(-rows // RENEWED) * RENEWED + read % RENEWED), None)
    windows = state.windows + int(stats.network.finite().sum())
    tails = tuple(part[tail] for part in phi)
    return detection, StreamState(table.rows(tail), tails, segment_start[tail], windows, forward, read)


def score_in_pieces(
    detector: Detector,
    tables: Iterable[Table],
    rule: Rule,
    path: Path,
    progress: Callable[[int], object] = lambda rows: None,
    sees: Sees | None = None,
) -> Detection:
    """Score tables that follow on each other as if they were one, with the same floats, and write `scores_csv` of it;
    half a file is never seen.

    Args:
        detector: a run's.
        tables: the pieces of a file.
        rule: where the threshold lies.
        path: the file that is written.
        progress: told how many rows have just been done.
        sees: told the rows of one block after the other, and what the network makes of them.

    Returns:
        What `findings` and `summary` look at: the parts in float32, PCA's as one column; signals and map are left out.

    Raises:
        LatentError: where no row has a score, or the file cannot be written.
    """
    blocks: list[Detection] = []
    nothing = np.empty((0, len(detector.preprocessing.names)), np.float32)

    def write(beside: Path) -> None:
        with beside.open("w", encoding="utf-8") as file:
            for detection, threshold in _scored(detector, tables, rule, sees):
                file.write(scores_csv_block(detection, threshold, header=not blocks))
                network, pca = detection.network, detection.pca
                blocks.append(
                    dataclasses.replace(
                        detection,
                        values=nothing,
                        network=dataclasses.replace(network, x_hat=nothing, parts=network.parts.astype(np.float32)),
                        pca=dataclasses.replace(pca, x_hat=nothing, parts=pca.score[:, None]),
                    )
                )
                progress(len(detection))

    try:
        replace(path, write)
    except OSError as error:
        raise LatentError(f"{path} cannot be written ({error.strerror or error}): choose another --out.") from error
    return _together(blocks)


def add_columns(path: Path, columns: Mapping[str, np.ndarray]) -> None:
    """Put further columns, a number for each row, at the end of a file of scores; half a file is never seen. Raises
    LatentError.
    """

    def write(beside: Path) -> None:
        with path.open(encoding="utf-8", newline="") as old, beside.open("w", encoding="utf-8", newline="") as new:
            new.write(f"{old.readline().rstrip()},{csv_text([*columns])}")
            for start in itertools.count(0, LINES_AT_ONCE):
                part = [(name, column[start : start + LINES_AT_ONCE]) for name, column in columns.items()]
                lines = numbers_csv(None, part, header=False).splitlines(keepends=True)
                if not lines:
                    return
                new.writelines(f"{line.rstrip()},{more}" for line, more in zip(old, lines, strict=False))

    try:
        replace(path, write)
    except OSError as error:
        raise LatentError(f"{path} cannot be written ({error.strerror or error}): choose another --out.") from error


def _together(blocks: list[Detection]) -> Detection:
    """Detections of rows that follow on each other as one."""
    last = blocks[-1]
    network, pca = (
        dataclasses.replace(
            getattr(last, side),
            parts=np.concatenate([getattr(block, side).parts for block in blocks]),
            score=np.concatenate([getattr(block, side).score for block in blocks]),
        )
        for side in ("network", "pca")
    )
    times, labels, own = (
        [part for block in blocks if (part := getattr(block, name)) is not None]
        for name in ("time", "label", "row_error")
    )
    rows = len(network.score)
    return dataclasses.replace(
        last,
        values=np.broadcast_to(np.float32(np.nan), (rows, len(last.names))),  # left out, in no memory
        network=network,
        pca=pca,
        time=np.concatenate(times) if times else None,
        label=np.concatenate(labels) if labels else None,
        row_error=np.concatenate(own) if own else None,
    )


def _scored(
    detector: Detector, tables: Iterable[Table], rule: Rule, sees: Sees | None
) -> Iterator[tuple[Detection, np.ndarray]]:
    """(detection, threshold (rows,)) of one block of rows after the other."""
    state: StreamState | None = None
    before, done = np.empty(0), 0
    rows = max(1, MAX_VALUES_AT_ONCE // len(detector.preprocessing.names))
    for table in tables:
        for start in range(0, len(table), rows):
            detection, state = score_next(detector, table.rows(slice(start, start + rows)), state, sees)
            score = np.concatenate([before, detection.network.score])
            yield detection, levels(score, detection.network.held_out, rule, detection.independent)[len(before) :]
            done += len(detection.network.score)
            before = score[-(HISTORY + done % (HISTORY // 32)) :]  # the rolling rule looks back from every 16th row
    if not (state and state.windows):
        empty = Table(detector.preprocessing.names, detector.preprocessing.units, np.empty((0, 0)))
        raise detector.preprocessing.no_window(state.table if state else empty)
