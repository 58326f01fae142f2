"""Windows of a table: how long, from where, and scaled by what is normal."""

import itertools
from dataclasses import dataclass

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural
from .._windows import Windows
from .normal import Range, normal_stretches
from .resample import breaks, filled
from .table import Table

MAX_WINDOW_VALUES = 4096  # in a proposed window: more makes PCA's covariance slow to decompose
MAX_WINDOWS = 10_000  # in a proposed training set: with more, neighbours are nearly the same
MAX_VALUES = 50_000_000  # in all training windows; 200 MB
WILD = 1e9
LONG_WINDOW = 128  # rows: what is normal shows in what came before, whatever the period
MIN_WINDOWS = 4  # windows in either part, below which there is nothing to learn or to measure


def dominant_period(values: np.ndarray) -> int:
    """The period, in rows, in which the channels of values (rows, C) repeat themselves most clearly; 0 where they do
    not.

    The first peak of the mean autocorrelation that comes near its highest one, so that a period wins over its
    multiples.
    """
    values = values[-(1 << 16) :]
    values = values[:, np.isfinite(values).any(0)]
    if len(values) < 16 or not values.shape[1]:
        return 0
    # One straight line is taken out: a drift correlates with itself at every lag.
    rows = np.linspace(-1, 1, len(values))
    centred = np.where(np.isfinite(values), values, np.nanmean(values, 0)) - np.nanmean(values, 0)
    centred = centred - np.outer(rows, rows @ centred / (rows @ rows))
    spread = centred.std(0)
    centred = centred[:, spread > 1e-9 * max(float(np.abs(np.nan_to_num(values)).max()), 1e-30)]
    if not centred.shape[1]:
        return 0
    size, half = 1 << (2 * len(values) - 1).bit_length(), len(values) // 2
    correlation = np.zeros(half)
    for column in centred.T:
        power = np.abs(np.fft.rfft(column, size)) ** 2
        own = np.fft.irfft(power, size)[:half]
        correlation += own / own[0]
    correlation *= len(values) / (len(values) - np.arange(half)) / centred.shape[1]
    below = np.flatnonzero(correlation < 0)
    if not len(below):
        return 0
    peaks = (
        below[0]
        + 1
        + np.flatnonzero(
            (correlation[below[0] + 1 : -1] >= correlation[below[0] : -2])
            & (correlation[below[0] + 1 : -1] > correlation[below[0] + 2 :])
        )
    )
    if not len(peaks) or correlation[peaks].max() < 0.2:
        return 0
    first = int(peaks[correlation[peaks] >= 0.9 * correlation[peaks].max()][0])
    around = slice(first, first + first // 5 + 2)  # noise makes little peaks on the way up
    return first + int(correlation[around].argmax())


def starts(values: np.ndarray, length: int, stride: int, cuts: np.ndarray | None = None) -> np.ndarray:
    """First rows (N,) of the windows of `length` rows, every `stride` rows, that have no NaN in values (rows, C) and no
    cut inside.

    cuts: bool (rows,), True where a row does not follow on the one before.
    """
    at = np.arange(0, len(values) - length + 1, stride)
    bad = np.r_[0, np.cumsum(np.isnan(values).any(1))]
    fine = bad[at + length] == bad[at]
    if cuts is not None:
        cut = np.r_[0, np.cumsum(cuts)]
        fine &= cut[at + length] == cut[at + 1]
    return at[fine]


def windows(values: np.ndarray, length: int, stride: int, cuts: np.ndarray | None = None) -> np.ndarray:
    """The windows at `starts`, (N, C, length), of values (rows, C), in its type."""
    at = starts(values, length, stride, cuts)
    if not len(at):
        return np.empty((0, values.shape[1], length), values.dtype)
    return np.lib.stride_tricks.sliding_window_view(values, length, axis=0)[at]


@dataclass(frozen=True)
class Prepared:
    """A table ready for training and scoring.

    table: with short gaps filled; cuts: bool (rows,), where a row does not follow on the one before (see `breaks`).
    centre, spread: (C,) of the training rows, see `robust`; spread 0 for a channel that does not change there. window,
    stride: in rows.
    normal, train, test: (first row, row after the last); train and test are the two parts of normal, which reaches
    from the first of its stretches to the last one's end.
    """

    table: Table
    cuts: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    window: int
    stride: int
    normal: tuple[int, int]
    train: tuple[int, int]
    test: tuple[int, int]
    stretches: tuple[Range, ...] = ()

    @property
    def abnormal(self) -> np.ndarray:
        """bool (rows,): labelled abnormal, or between the stretches that are normal."""
        return _abnormal(self.table, self.stretches)

    def scaled(self) -> np.ndarray:
        """float32 (rows, C): `scale` of the table."""
        return scale(self.table.values, self.centre, self.spread)

    def unscaled(self, x: np.ndarray) -> np.ndarray:
        """x (..., C, L) as `scaled` gives it, back in the channels' own units."""
        return x * self.spread[:, None] + self.centre[:, None]

    def windows(
        self, part: tuple[int, int], stride: int | None = None, healthy: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """(x (N, C, L) float32, scaled; their first rows (N,)) of the rows `part`; healthy: none with a row that is
        labelled abnormal or between the stretches that are normal.
        """
        values, at = self._cut(part, stride, healthy)
        if not len(at):
            return np.empty((0, values.shape[1], self.window), np.float32), at
        return np.lib.stride_tricks.sliding_window_view(values, self.window, axis=0)[at], at + part[0]

    def view(self, part: tuple[int, int], stride: int | None = None, healthy: bool = False) -> Windows:
        """As `windows`, without a copy: each is gathered when it is needed."""
        return Windows(*self._cut(part, stride, healthy), self.window)

    def first_rows(self, part: tuple[int, int], stride: int | None = None, healthy: bool = False) -> np.ndarray:
        """Where the windows of `view` begin, (N,)."""
        return self._cut(part, stride, healthy)[1] + part[0]

    def count(self, part: tuple[int, int], stride: int | None = None, healthy: bool = False) -> int:
        """How many windows `windows` gives; none is made."""
        return len(self._cut(part, stride, healthy)[1])

    def _cut(self, part: tuple[int, int], stride: int | None, healthy: bool) -> tuple[np.ndarray, np.ndarray]:
        """(the rows of a part, scaled, NaN where one is abnormal and healthy ones are wanted; the windows' first
        rows among them).
        """
        first, last = part
        values = scale(self.table.values[first:last], self.centre, self.spread)
        if healthy:
            values = np.where(self.abnormal[first:last, None], np.float32(np.nan), values)
        return values, starts(values, self.window, stride or self.stride, self.cuts[first:last])


def _abnormal(table: Table, stretches: tuple[Range, ...]) -> np.ndarray:
    bad = np.zeros(len(table), bool) if table.label is None else table.label.copy()
    for (_, end), (begin, _) in itertools.pairwise(stretches):
        bad[end:begin] = True
    return bad


def _held_out_from(stretches: tuple[Range, ...], rows: int) -> int:
    """The first row of the last fifth of the stretches' rows, `rows` in all."""
    left = rows // 5
    for first, last in reversed(stretches):
        if last - first >= left:
            return last - left
        left -= last - first
    return stretches[0][0]


def prepared(
    table: Table, window: int = 0, stride: int = 0, normal: str = "", max_gap_steps: int = 5, long: bool = False
) -> Prepared:
    """Decide what is normal, how long a window is and how the channels are scaled; 0 and "" propose.

    long: whether a proposed window is as long as the normal stretch bears, up to `LONG_WINDOW` rows, for a score that
    looks at its newest part; else it is the dominant period.

    The last fifth of the normal rows is held out; no window lies in both parts. Raises LatentError where too little is
    left.
    """
    cuts, table = breaks(table, max_gap_steps), filled(table, max_gap_steps)
    stretches = normal_stretches(table, normal)
    first, last = stretches[0][0], stretches[-1][1]
    rows, channels = sum(b - a for a, b in stretches), table.values.shape[1]
    if rows < 10:
        raise LatentError(
            f"The normal stretch has {plural(rows, 'row')}, and at least 10 are needed: choose a longer one or give "
            "a longer file."
        )
    held = _held_out_from(stretches, rows)
    train, test = (first, held), (held, last)
    healthy = table.values[slice(*train)][~_abnormal(table, stretches)[slice(*train)]]
    if window == 0:
        # A fifth is held out, and even that has to hold some windows; none lies in two stretches.
        held_out = max(min(end, test[1]) - max(begin, test[0]) for begin, end in stretches)
        wanted, most = (
            (LONG_WINDOW, min(2 * held_out // 3, held_out - MIN_WINDOWS + 1))
            if long
            else (_period(healthy), held_out // MIN_WINDOWS)
        )
        window = max(1, min(wanted, MAX_WINDOW_VALUES // channels, most))
    if stride == 0:
        count = train[1] - train[0]
        stride = max(1, -(-count // MAX_WINDOWS), -(-count * channels * window // MAX_VALUES))
        stride = min(stride, max(1, (test[1] - test[0] - window) // MIN_WINDOWS))
    present = np.isfinite(healthy).any(0) if len(healthy) else np.zeros(channels, bool)
    if not present.all():
        name = table.names[int(np.flatnonzero(~present)[0])]
        raise LatentError(
            f"The channel {name[:40]!r} has no value in the training part of the normal stretch: leave "
            "it out or choose another stretch."
        )
    return Prepared(table, cuts, *robust(healthy), window, stride, (first, last), train, test, stretches)


def _period(values: np.ndarray) -> int:
    """A window's rows that suit the dominant period."""
    return int(np.clip(dominant_period(values) or 32, 16, 256))


def robust(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(median, spread) (C,) of values (rows, C). The spread is the standard deviation that a Gaussian with these 5 %
    and 95 % quantiles has: a few wild values, which every log has, do not make all others look alike. Where the middle
    hardly moves it is the standard deviation itself.
    """
    centre, (lowest, low, high, highest) = (
        np.nanmedian(values, 0),
        np.nanquantile(values, (0.005, 0.05, 0.95, 0.995), axis=0),
    )
    spread = (high - low) / 3.29
    spread = np.where((spread > 1e-3 * (highest - lowest)) & (spread > 0), spread, np.nanstd(values, 0))
    # Rounding alone gives a constant 0.1 a spread of 1e-17.
    return centre, np.where(spread > 1e-9 * np.maximum(np.abs(centre), 1e-30), spread, 0.0)


def scale(values: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """float32 (rows, C): each channel less its centre, in its spreads, within ±`WILD`; 0 for one whose spread is 0."""
    apart = values - centre
    scaled = np.divide(apart, spread, out=np.where(np.isnan(apart), np.nan, 0.0), where=spread > 0)
    return np.clip(scaled, -WILD, WILD, out=scaled).astype(np.float32)
