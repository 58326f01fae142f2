"""Scores of rows that come one at a time: those of the file that they make up, in memory that its length does not
change.

A row costs one window through the network. Scores are those of `Detector.score` but for the rounding of float32: a
window that is computed alone is rounded otherwise than one among two thousand.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ..base.errors import LatentError
from ..data.csv.resample import filled
from ..data.csv.table import Table
from ..data.csv.windows import WILD
from .calibration import NEWEST_WEIGHT
from .detector import MAX_SPREADS, Detector
from .newest import HISTORY, OFFSET, RENEWED, NewestCalibration
from .one_window import OneWindow
from .thresholds import HISTORY as RULE_HISTORY
from .thresholds import SIGMA, Rule, level

RULE_RENEWED = RULE_HISTORY // 32  # rows after which the rolling rule looks back again
NO_TIME = np.iinfo(np.int64).min

Network = Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True)
class ScoredRow:
    """What a row comes to; NaN where no window ends with it.

    row: its number, from 0. score, threshold, pca_score. abnormal: whether the score lies above the threshold.
    parts: (C,) each channel's part of the score.
    """

    row: int
    score: float
    threshold: float
    abnormal: bool
    pca_score: float
    parts: NDArray


class Level:
    """A rule's threshold from row to row. scores: (H,) ring of the last ones, for the rolling rule."""

    def __init__(self, detector: Detector, rule: Rule):
        held = detector.held_out.network
        self.rule, self.now = rule, level(held, rule, detector.held_out.independent)
        self.scores = np.resize(held[np.isfinite(held)], RULE_HISTORY).astype(np.float64)
        self.usual_score = float(np.median(self.scores))

    def next(self, row: int, score: float) -> float:
        """The threshold at a row, whose score is one of those before the next."""
        if self.rule.kind == "rolling" and row % RULE_RENEWED == 0:
            median = np.median(self.scores)
            self.now = float(median + self.rule.amount * SIGMA * np.median(np.abs(self.scores - median)))
        self.scores[row % RULE_HISTORY] = self.usual_score if np.isnan(score) else score
        return self.now


class _Smoothing:
    """How raw scores of one model become scores over time. history: (H,) ring of raw scores, or (rows, C) of parts."""

    def __init__(self, detector: Detector, side: int):
        self.calibration, self.scoring = detector.calibrations[side], detector.scoring
        channels = len(detector.preprocessing.names)
        if isinstance(self.calibration, NewestCalibration):
            before = np.resize(self.calibration.usual, HISTORY)
            self.ring, self.missing = before.astype(np.float64), float(np.median(before))
        else:
            self.ring, self.missing = np.full((self.scoring.smoothing_rows, channels), np.nan), np.nan
        self.base = 0.0

    def next(self, phi: NDArray, row: int, since: int) -> NDArray:
        """The parts (C,) of the score of a row's raw parts phi (C,). since: rows since its segment began."""
        if isinstance(self.calibration, NewestCalibration):
            if row % RENEWED == 0:
                self.base = float(np.median(self.ring))
            raw = float(phi.sum())
            self.ring[row % HISTORY] = self.missing if np.isnan(raw) else raw
            parts: NDArray = phi / np.sqrt(OFFSET + self.base)
            return parts
        rows = self.scoring.smoothing_rows
        if rows == 1:
            return phi
        self.ring[row % rows] = phi
        back = self.ring[(row - np.arange(min(rows, since + 1))) % rows]
        there = back[np.isfinite(back[:, 0])]
        slow = there.mean(0) if len(there) and np.isfinite(phi[0]) else np.full(len(phi), np.nan)
        if self.scoring.score_type == "error":
            return slow
        return slow / self.calibration.phi_limits[0] + NEWEST_WEIGHT * phi / self.calibration.phi_limits[1]


@torch.no_grad()
def _traced(detector: Detector) -> Network:
    """`Detector.network` for one window as a graph, which goes from layer to layer without Python, in half of the
    time.
    """
    x = torch.zeros(1, *detector.model.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that checks are not in the graph, and that a later torch traces otherwise
        graph: Network = torch.jit.trace(detector.rebuilt, x, check_trace=False)
    for _ in range(3):  # the first calls choose how it is run
        graph(x)
    return graph


class OnlineScorer:
    """A detector that is given one row after the other.

    Args:
        detector: a run's.
        rule: where the threshold lies.
        network: of another scorer of the same detector, which takes a moment to make.

    Raises LatentError where the rule's threshold cannot be learned.
    """

    def __init__(self, detector: Detector, rule: Rule, network: Network | None = None):
        own = detector.preprocessing
        self.detector, self.rule = detector, rule
        self.channels, self.window = len(own.names), own.window
        self.size = own.window + own.max_gap_steps + 2  # rows that a window and the gap before it reach back
        self.values = np.full((self.size, self.channels), np.nan)  # the last rows, the newest last
        self.scaled = np.full((self.size, self.channels), np.nan, np.float32)
        self.other = np.zeros((max(1, own.window // 4), self.channels), bool)  # ring: constant channels that moved
        self.last = np.full(self.channels, -1)  # the last row at which each channel had a value
        self.row, self.since, self.time, self.lost = 0, -1, NO_TIME, False
        self.smoothing = [_Smoothing(detector, side) for side in (0, 1)]
        self.level = Level(detector, rule)
        self.newest: tuple[NDArray, NDArray] | None = None  # code (k,) of the last window, and how it rebuilds its row
        self.network = network or _traced(detector)
        self.one_window = [OneWindow(each, own.window, detector.scoring.score_type) for each in detector.calibrations]
        self.constant, self.tolerance = own.spread <= 0, 1e-6 * np.maximum(np.abs(own.centre), 1e-30)
        self.divisor = np.where(self.constant, 1.0, own.spread)
        self.most = MAX_SPREADS if detector.scoring.score_type == "newest" else WILD
        self.nothing, self.still = np.full(self.channels, np.nan), np.zeros(self.channels)

    def fresh(self) -> "OnlineScorer":
        """Another one, at the beginning."""
        return OnlineScorer(self.detector, self.rule, self.network)

    @torch.inference_mode()
    def score(self, values: NDArray, time: np.datetime64 | None = None) -> ScoredRow:
        """The next row. values: (C,) in the detector's order and units, NaN for missing; time: where it is known."""
        own, row = self.detector.preprocessing, self.row
        values = np.where(np.isfinite(values), values, np.nan)
        self._follow(values, time)
        raw, self.newest = [self.nothing] * 2, None
        x = self._window()
        if x is not None:
            moved = self.other.mean(0) if self.constant.any() else self.still
            raw = [self._phi(side, x, moved) for side in (0, 1)]
        parts, pca = (each.next(phi, row, self.since) for each, phi in zip(self.smoothing, raw, strict=True))
        score = float(parts.sum())
        threshold = self.level.next(row, score)
        self.row += 1
        self.lost = bool((self.last < 0).any() or (row - self.last > own.max_gap_steps).any())
        return ScoredRow(row, score, threshold, score > threshold, float(pca.sum()), parts)

    def _follow(self, values: NDArray, time: np.datetime64 | None) -> None:
        """Take a row in: does it follow on the one before, and what is known of each channel."""
        own = self.detector.preprocessing
        cut = self.row == 0 or self.lost
        if time is not None and own.step and not np.isnat(time):
            now = int(time.astype("datetime64[ns]").astype(np.int64))
            if self.time != NO_TIME:
                between = (now - self.time) / 1e9
                cut |= between > (max(own.max_gap_steps, 1) + 0.5) * own.step or between < 0
            self.time = now
        else:
            self.time = NO_TIME
        self.since = 0 if cut else self.since + 1
        self.last[~np.isnan(values)] = self.row
        self.values[:-1] = self.values[1:]
        self.values[-1] = values
        self.scaled[:-1] = self.scaled[1:]
        self.scaled[-1] = self._scale(values[None])[0]
        if self.constant.any():
            moved = np.abs(np.nan_to_num(values - own.centre)) > self.tolerance
            self.other[self.row % len(self.other)] = self.constant & moved

    def _scale(self, values: NDArray) -> NDArray:
        """float32, as `scale` and what a detector's score makes of it."""
        apart = values - self.detector.preprocessing.centre
        if self.constant.any():
            apart = np.where(self.constant, 0 * apart, apart)
        scaled = apart / self.divisor
        return np.clip(scaled, -self.most, self.most, out=scaled).astype(np.float32)

    def _window(self) -> NDArray | None:
        """The window (C, L) that ends with the newest row; None where there is none."""
        back = self.row - self.last
        own = self.detector.preprocessing
        if self.since < self.window - 1 or (self.last < 0).any() or (back > own.max_gap_steps).any():
            return None
        recent = self.scaled
        if np.isnan(self.values).any():  # gaps that ended are straight lines; one that lasts holds its last value
            table = Table(own.names, own.units, self.values)
            recent = self._scale(filled(table, own.max_gap_steps).values)
            for channel in np.flatnonzero(back):
                recent[self.size - back[channel] :, channel] = recent[self.size - 1 - back[channel], channel]
        x = np.ascontiguousarray(recent[self.size - self.window :].T)
        return None if np.isnan(x).any() else x

    def _phi(self, side: int, x: NDArray, moved: NDArray) -> NDArray:
        """Each channel's part (C,) of the raw score of a window x (C, L), by the network or, side 1, by PCA."""
        made = (self.detector.rebuilt_by_pca if side else self.network)(torch.from_numpy(x)[None])
        z, x_hat = (part.numpy()[0].astype(np.float64) for part in made)
        if not side:
            self.newest = z, x_hat[:, -1]
        return self.one_window[side].phi(x, z, x_hat, moved)

    def state(self) -> dict[str, NDArray]:
        """All that the next rows' scores need of those before them, by name."""
        numbers = np.array([self.row, self.since, self.time, int(self.lost)], np.int64)
        levels = np.array([self.level.now, *(each.base for each in self.smoothing)])
        arrays = {"numbers": numbers, "levels": levels, "last": self.last, "values": self.values}
        rings = {f"ring.{side}": each.ring for side, each in enumerate(self.smoothing)}
        copies = {**arrays, "other": self.other.astype(np.uint8), "scores": self.level.scores, **rings}
        return {name: array.copy() for name, array in copies.items()}

    def restore(self, state: dict[str, NDArray]) -> None:
        """Go on from what `state` gave. Raises LatentError where it is another detector's."""
        mine = self.state()
        if {n: (a.shape, a.dtype) for n, a in state.items()} != {n: (a.shape, a.dtype) for n, a in mine.items()}:
            raise LatentError("The state that was kept is another detector's: delete it, or name another file.")
        self.row, self.since, self.time = (int(n) for n in state["numbers"][:3])
        self.lost = bool(state["numbers"][3])
        self.level.now = float(state["levels"][0])
        self.last, self.values = state["last"].copy(), state["values"].copy()
        self.scaled = self._scale(self.values)
        self.other, self.level.scores = state["other"].astype(bool), state["scores"].copy()
        for side, each in enumerate(self.smoothing):
            each.base, each.ring = float(state["levels"][1 + side]), state[f"ring.{side}"].copy()
