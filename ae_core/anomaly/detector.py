"""A trained autoencoder as a detector: every row of a table gets a score, next to one from PCA of the same windows.

A row's score looks at the window of rows that ends with it, and at nothing after it: the same row gets the same score
however long the file is. A row with which no window ends, at the beginning and behind a gap, has none. How a window
becomes a score stands in `calibration`.
"""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from ..base.errors import LatentError
from ..base.text import plural
from ..data.csv.cells import span
from ..data.csv.resample import breaks, filled
from ..data.csv.source import Scoring
from ..data.csv.table import Table
from ..data.csv.windows import Prepared, scale
from ..model.autoencoder import Autoencoder
from ..pca import PCA
from ..sockets.bottleneck import Ordered
from .calibration import Calibration, TableStats, WindowStats
from .detection import Detection, LatentMap, ModelScores
from .named_rows import limits, row_errors, squared_errors
from .newest import NewestCalibration
from .thresholds import RULES, Rule, flags, independent_scores, levels

BLOCK = 2048  # windows scored at a time; always as many, so that a row's floats do not depend on how many follow
FLOAT32 = (-3e38, 3e38)
MAX_SPREADS = 1000.0  # a value beyond is as wild as any: its square must not drown what its channel does next
CALIBRATIONS: dict[str, type[Calibration | NewestCalibration]] = {
    "newest": NewestCalibration,
    "combined": Calibration,
    "error": Calibration,
}

Progress = Callable[[float], None]


def silent(share: float) -> None:
    """A progress that nobody looks at."""


@dataclass(frozen=True)
class Preprocessing:
    """How a table becomes windows, as the table that the model was trained on did.

    Attributes:
        names, units: of the C channels.
        centre, spread: (C,) of its training rows; spread 0 for a channel that does not change there.
        window: rows of a window.
        step: seconds from row to row, or None.
        max_gap_steps: longest gap that is filled by a straight line.
        ranges: (2, C) least and most of each channel in its normal rows, in its units; None: not kept then.
        row_limits: (2, C) squared errors of a window's last and first row that count as 1, in spreads²; None: not kept
            then.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    centre: np.ndarray
    spread: np.ndarray
    window: int
    step: float | None
    max_gap_steps: int
    ranges: np.ndarray | None = None
    row_limits: np.ndarray | None = None

    def end_errors(self, values: np.ndarray, stats: WindowStats) -> tuple[np.ndarray, np.ndarray]:
        """Squared errors of the last and of the first row of the window that ends with each row, (rows, C) each.

        values: (rows, C) of the table, in the channels' units.
        """
        assert stats.first is not None, "PCA's windows are not asked for their rows"
        return squared_errors(values, stats.x_hat, self.centre, self.spread), stats.first

    def row_errors(self, values: np.ndarray, stats: WindowStats) -> np.ndarray | None:
        """What `Detection.row_error` holds, of rows (rows, C) and the windows that end with them."""
        if self.row_limits is None:
            return None
        ends = zip(self.end_errors(values, stats), self.row_limits, strict=True)
        return np.stack([row_errors(squared, limit) for squared, limit in ends], 1)

    def matched(self, table: Table) -> Table:
        """The table with these channels, by name and in this order. Raises LatentError where one is missing."""
        missing = [name for name in self.names if name not in table.names]
        if missing:
            raise LatentError(
                f"The file has no channel {missing[0][:40]!r}, which the run was trained on; "
                f"it has {', '.join(table.names)[:200]}."
            )
        order = [table.names.index(name) for name in self.names]
        units = tuple(table.units[i] for i in order)
        return dataclasses.replace(table, names=self.names, units=units, values=table.values[:, order])

    def unscaled(self, x: np.ndarray) -> np.ndarray:
        """Scaled rows (rows, C) in the channels' own units, float32."""
        return np.where(self.spread > 0, x * self.spread + self.centre, self.centre).astype(np.float32)

    def trailing_values(self, table: Table, forward: float | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A table's values and what of them is known at each row.

        A gap is filled only for the windows that end behind it: before, nobody knows how long it will be.

        Returns:
            values: (rows, C) float32, scaled, short gaps filled.
            last: (rows, C), for each row the last one up to it at which each channel had a value.
            segment_start: bool (rows,), a row that follows on none.
        """
        rows = np.arange(len(table))
        # The step is not the file's own: its median is another one in a longer file.
        table = dataclasses.replace(table, step=self.step)
        segment_start = breaks(table, self.max_gap_steps, forward)
        segment_start[:1] = True
        finite = np.isfinite(table.values)
        last = np.maximum.accumulate(np.where(finite, rows[:, None], -1), 0)
        lost = (last < 0) | (rows[:, None] - last > self.max_gap_steps)
        last = np.where(lost, rows[:, None], last)
        values = scale(filled(table, self.max_gap_steps).values, self.centre, self.spread)
        gap = np.asarray(lost.any(1))
        segment_start |= np.r_[False, gap[:-1]]
        return values, last, segment_start

    def complete(self, values: np.ndarray, last: np.ndarray, segment_start: np.ndarray) -> np.ndarray:
        """The rows (N,) with which a window ends, of what `trailing_values` gives."""
        rows = np.arange(len(values))
        segment_begin = np.maximum.accumulate(np.where(segment_start, rows, 0))
        finite = ~np.isnan(values[rows[:, None].clip(max=last), np.arange(values.shape[1])]).any(1)
        return np.flatnonzero(finite & (rows - segment_begin >= self.window - 1))

    def cut(self, values: np.ndarray, last: np.ndarray, at: np.ndarray) -> np.ndarray:
        """The windows (N, C, L) that end with the rows `at` (N,), float32."""
        index = at[:, None] - np.arange(self.window - 1, -1, -1)
        return np.stack([values[np.minimum(index, last[at, c][:, None]), c] for c in range(values.shape[1])], 1)

    def trailing_windows(self, table: Table, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """(the rows with which so many windows end, the windows (N, C, L)), until there are no more."""
        values, last, segment_start = self.trailing_values(table)
        values = np.clip(values, -MAX_SPREADS, MAX_SPREADS)
        at = self.complete(values, last, segment_start)
        for start in range(0, len(at), size):
            yield at[start : start + size], self.cut(values, last, at[start : start + size])

    def no_window(self, table: Table) -> LatentError:
        """Why no row of a table has a score."""
        if self.step and table.step and table.step > (max(self.max_gap_steps, 1) + 0.5) * self.step:
            return LatentError(
                f"The run was trained on a row every {span(self.step)} and the file has one every {span(table.step)}, "
                "so that no rows follow on each other: give a file that is sampled as finely, or train a run on this "
                "one."
            )
        return LatentError(
            f"The file has no gap-free segment of {plural(self.window, 'row')} (one window): give a longer file."
        )


@dataclass(frozen=True)
class HeldOut:
    """The scores of the run's own held-out normal rows, which thresholds are learned from.

    Attributes:
        network, pca: (H,) each.
        normal: first row, row after the last, of the normal stretch; (0, 0) for another table.
        rows: the same of its held-out part.
        independent: as how many independent scores they count; infinite for runs of a time when nobody asked.
    """

    network: np.ndarray = field(default_factory=lambda: np.empty(0))
    pca: np.ndarray = field(default_factory=lambda: np.empty(0))
    normal: tuple[int, int] = (0, 0)
    rows: tuple[int, int] = (0, 0)
    independent: float = math.inf


@dataclass(frozen=True)
class Detector:
    """A model, PCA of the same size, and what both make of normal rows.

    Attributes:
        model: trained on the windows of a table.
        pca: of the same windows, cut to as many components as are used.
        preprocessing: how that table became windows.
        n_dims: latent dimensions that are used, where the code can be cut.
        scoring: how a window becomes a score.
        calibrations: the network's and PCA's.
        held_out: their scores of the table's held-out normal rows.
    """

    model: Autoencoder
    pca: PCA
    preprocessing: Preprocessing
    n_dims: int | None
    scoring: Scoring
    calibrations: tuple[Calibration | NewestCalibration, ...] = ()
    held_out: HeldOut = field(default_factory=HeldOut)

    @classmethod
    def fit(cls, model: Autoencoder, ready: Prepared, max_gap_steps: int, scoring: Scoring | None = None) -> "Detector":
        """Learn what is normal from the training part of the normal stretch, and keep the scores of its held-out part.

        Args:
            model: trained on the windows of `ready`.
            ready: the table, prepared.
            max_gap_steps: as the table was prepared with.
            scoring: how a window becomes a score.
        """
        scoring, table, (first, last) = scoring or Scoring(), ready.table, ready.normal
        pca, n_dims = _pca_beside(model, ready, scoring.variance)
        own = Preprocessing(
            names=table.names,
            units=table.units,
            centre=ready.centre,
            spread=ready.spread,
            window=ready.window,
            step=table.step,
            max_gap_steps=max_gap_steps,
            ranges=_ranges(table.rows(slice(first, last)), ready.centre),
        )
        bare = cls(model, pca, own, n_dims, scoring)
        stats = bare.window_stats(table.rows(slice(first, last)))
        normal_rows = stats.network.finite()
        normal_rows &= ~ready.abnormal[first:last]
        # Of the whole normal stretch: the network was trained on its first part, and rows that it never saw are normal
        # too.
        kind, window = CALIBRATIONS[scoring.score_type], ready.window
        fits = [
            kind.fit(each, normal_rows, stats.segment_start, scoring, window, code_scale(decode, each.z[normal_rows]))
            for each, decode in zip(stats.models, (bare._decoded, pca.decode), strict=True)
        ]
        bare = dataclasses.replace(bare, calibrations=tuple(calibration for calibration, _ in fits))
        newest = scoring.score_type == "newest"
        held_out = _held_out(normal_rows, ready.test[0] - first, window if newest else 1)
        independent = independent_scores(int(held_out.sum()), window) if newest else math.inf
        rows = (first + int(held_out.argmax()), ready.test[1]) if newest else ready.test
        network, pca_scores = (
            calibration.smoothed(phi, scoring, stats.segment_start).sum(1)[held_out] for calibration, phi in fits
        )
        ends = own.end_errors(table.values[first:last][normal_rows], stats.network.rows(normal_rows))
        own = dataclasses.replace(own, row_limits=np.stack([limits(squared) for squared in ends]))
        scores = HeldOut(network, pca_scores, ready.normal, rows, independent)
        return dataclasses.replace(bare, preprocessing=own, held_out=scores)

    def window_stats(
        self,
        table: Table,
        progress: Progress = silent,
        since: int = 0,
        past: int = 0,
        forward: float | None = None,
    ) -> TableStats:
        """What the network and PCA make of each row's window.

        Args:
            table: with this detector's channels, in its order.
            progress: told the share that is done, 0..1.
            since: the first row that is looked at.
            past: how many complete windows the file had before the table.
            forward: as `breaks` takes it.

        Raises:
            LatentError: where the model's floats overflow.
        """
        rows, channels = table.values.shape
        values, last, segment_start = self.preprocessing.trailing_values(table, forward)
        newest = self.scoring.score_type == "newest"
        if newest:
            values = np.clip(values, -MAX_SPREADS, MAX_SPREADS)
        network, pca = (
            WindowStats(
                *(np.full((rows, n), np.nan, np.float32) for n in (channels, k, channels, channels)),
                *([np.full((rows, channels, 2), np.nan, np.float32), self._moved(table)] if newest else []),
            )
            for k in (self.n_dims or self.model.k, self.pca.k)
        )
        network = network._replace(first=np.full((rows, channels), np.nan, np.float32))
        valid_rows = self.preprocessing.complete(values, last, segment_start)
        valid_rows = valid_rows[valid_rows >= since]
        # A window has the same place in its block, and so the same floats, in pieces as in one go.
        for start in range(-(past % BLOCK), len(valid_rows), BLOCK):
            at = valid_rows[max(start, 0) : start + BLOCK]
            if not len(at):
                break
            x = self.preprocessing.cut(values, last, at)
            self._fill(network, self.rebuilt, x, at, max(-start, 0))
            self._fill(pca, self.rebuilt_by_pca, x, at, max(-start, 0))
            progress(min(1.0, (start + BLOCK) / len(valid_rows)))
        return TableStats(network, pca, segment_start)

    def _fill(
        self,
        stats: WindowStats,
        reconstruct: Callable[[Tensor], tuple[Tensor, Tensor]],
        x: np.ndarray,
        at: np.ndarray,
        offset: int,
    ) -> None:
        """Write what a model makes of windows x (B, C, L), which end with the rows `at`, into `stats`; offset: their
        place in the block.
        """
        block = slice(offset, offset + len(at))
        padded = torch.zeros(BLOCK, *x.shape[1:])
        padded[block] = torch.from_numpy(x)
        z, x_hat = (t[block].numpy().astype(np.float64) for t in reconstruct(padded))
        error, energy = np.square(x_hat - x).mean(2), np.square(x_hat).mean(2) + 1e-12
        if not np.max([error.max(), energy.sum(1).max(), np.abs(z).max()]) < FLOAT32[1]:  # nor NaN
            raise LatentError(
                "This model's reconstructions of these rows overflow: its files are damaged, train it again."
            )
        stats.error[at], stats.z[at], stats.x_hat[at] = error, z, x_hat[:, :, -1]
        stats.share[at] = energy / energy.sum(1, keepdims=True)
        if stats.first is not None:
            stats.first[at] = np.square((x_hat - x)[:, :, 0])
        if stats.newest is not None:
            rows = x.shape[2]
            for part, count in enumerate((max(1, rows // 4), max(1, rows // 2))):
                stats.newest[at, :, part] = np.square((x_hat - x)[:, :, rows - count :]).mean(2)

    def _moved(self, table: Table) -> np.ndarray:
        """(rows, C) float32: in what share of the newest quarter of a window, which ends with the row, a channel that
        was constant on the training rows has another value.
        """
        own = self.preprocessing
        tolerance = 1e-6 * np.maximum(np.abs(own.centre), 1e-30)
        other = (own.spread == 0) & (np.abs(np.nan_to_num(table.values - own.centre)) > tolerance)
        count = max(1, own.window // 4)
        sums = np.r_[np.zeros((1, other.shape[1]), np.int64), np.cumsum(other, 0)]
        rows = np.arange(len(other))
        return ((sums[rows + 1] - sums[np.maximum(rows + 1 - count, 0)]) / count).astype(np.float32)

    @torch.no_grad()
    def rebuilt(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(z, x_hat) of windows x (N, C, L), scaled: (N, n_dims) or (N, k), and (N, C, L)."""
        z = self.model.encode(x)
        return z[:, : self.n_dims], self.model.decode(z, k=self.n_dims)

    def _decoded(self, z: Tensor) -> Tensor:
        """Windows of the numbers of codes that are used, (N, C, L)."""
        return self.model.decode(torch.nn.functional.pad(z, (0, self.model.k - z.shape[1])), k=self.n_dims)

    def rebuilt_by_pca(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As `rebuilt`, by PCA."""
        z = self.pca.encode(x)
        return z, self.pca.decode(z)

    def parts(self, stats: TableStats) -> list[np.ndarray]:
        """Each channel's part of the score, (rows, C), the network's and PCA's."""
        return [
            calibration.parts(each, self.scoring, stats.segment_start)
            for calibration, each in zip(self.calibrations, stats.models, strict=True)
        ]

    def score(self, table: Table, progress: Progress = silent) -> Detection:
        """Every row of a table with these channels. Raises LatentError where one is missing."""
        table = self.preprocessing.matched(table)
        stats = self.window_stats(table, progress)
        if not np.isfinite(stats.network.z).any():
            raise self.preprocessing.no_window(table)
        calibration, terms = self.calibrations[0], None
        if isinstance(calibration, NewestCalibration):
            apart = calibration.apart(stats.network)
            own = calibration.parts(stats.network, self.scoring, stats.segment_start, apart)
            parts = [own, self.calibrations[1].parts(stats.pca, self.scoring, stats.segment_start)]
            terms = calibration.made_of(stats.network, apart)
        else:
            parts = self.parts(stats)
        score = parts[0].sum(1)
        latent_map = LatentMap.of(stats.network.z, self.preprocessing.window, score, self._flagged(score))
        return self.detection(table, stats.models, parts, latent_map=latent_map, terms=terms)

    def _flagged(self, score: np.ndarray) -> np.ndarray:
        """bool (rows,): what any rule flags as it is set by default."""
        held = self.held_out.network
        if not np.isfinite(held).any():
            return np.zeros(len(score), bool)
        known = [Rule(kind, amount) for kind, amount in RULES.items()]
        return np.any([flags(score, levels(score, held, rule, self.held_out.independent)) for rule in known], 0)

    def detection(
        self, table: Table, stats: Sequence[WindowStats], parts: Sequence[np.ndarray], **more: Any
    ) -> Detection:
        """What the rows of a table come to. stats, parts: of these rows, the network's and PCA's; more: what else the
        detection holds.
        """
        held_out = (self.held_out.network, self.held_out.pca)
        network, pca = (
            ModelScores(self.preprocessing.unscaled(each.x_hat), part, part.sum(1), scores)
            for each, part, scores in zip(stats, parts, held_out, strict=True)
        )
        return Detection(
            names=self.preprocessing.names,
            units=self.preprocessing.units,
            time=table.time,
            step=self.preprocessing.step or table.step,
            values=np.clip(table.values, *FLOAT32).astype(np.float32),
            label=table.label,
            normal=self.held_out.normal,
            held_out=self.held_out.rows,
            window=self.preprocessing.window,
            n_dims=self.pca.k,
            network=network,
            pca=pca,
            independent=self.held_out.independent,
            row_error=self.preprocessing.row_errors(table.values, stats[0]),
            **more,
        )


def _ranges(table: Table, centre: np.ndarray) -> np.ndarray:
    """(2, C): the least and the most of each channel in rows that are not labelled abnormal."""
    values = table.values if table.label is None else table.values[~table.label]
    least, most = (each.reduce(values, 0, initial=np.nan) for each in (np.fmin, np.fmax))
    ranges: np.ndarray = np.where(np.isfinite([least, most]), [least, most], centre)
    return ranges


@torch.no_grad()
def code_scale(decode: Callable[[Tensor], Tensor], z: np.ndarray, most: int = 32) -> np.ndarray:
    """(k,): by how much a decoded window moves for each unit of a code's numbers, the root of its mean square over some
    of the codes z (N, k) when they move by a standard deviation.
    """
    some = torch.from_numpy(z[np.unique(np.linspace(0, len(z) - 1, most).astype(int))].astype(np.float32))
    steps = np.where((spread := z.std(0, dtype=np.float64)) > 0, spread, 1.0)
    here, scale = decode(some), np.empty(len(steps))
    for n, step in enumerate(steps):
        there = some.clone()
        there[:, n] += float(step)
        scale[n] = float((decode(there) - here).square().flatten(1).sum(1).double().mean().sqrt()) / step
    return np.where(np.isfinite(scale), scale, 1.0)


def _held_out(normal_rows: np.ndarray, start: int, window: int) -> np.ndarray:
    """Which of the normal rows (rows,) are held out: those whose windows begin at `start` or later. Where there are
    none, those that end there.
    """
    rows = np.arange(len(normal_rows))
    unseen = normal_rows & (rows >= start + window - 1)
    return unseen if unseen.any() else normal_rows & (rows >= start)


def _pca_beside(model: Autoencoder, ready: Prepared, variance: float) -> tuple[PCA, int | None]:
    """(PCA of the training windows, of as many dimensions as the code has or, where it can be cut, as keep this share
    of the variance; that number of dimensions, None where the code cannot be cut).
    """
    x = ready.view(ready.train, healthy=True)
    most = max(1, min(model.k, x[0].numel() - 1))
    pca = PCA(cast("Tensor", x), most)
    ordered = isinstance(model.bottleneck, Ordered)
    n_dims = min(most, int((pca.explained() < variance).sum()) + 1) if ordered else None
    pca.k = n_dims or most
    pca.components, pca.variance = pca.components[: pca.k].contiguous(), pca.variance[: pca.k]
    return pca, n_dims
