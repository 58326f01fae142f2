"""Which rows a flagged stretch is about.

A score looks back on a window, so that it rises after a fault has begun and falls long after it has ended. The rows
themselves know better: each one's own error, over what normal rows have, says how far it is abnormal by itself. It
counts as little as it is in the window that ends with the row and in the one that begins with it: behind a fault, the
second has nothing of it any more. Of a stretch and the window before it, the rows are named that together are most
abnormal: those from … to with the largest sum of what each has above the limit (Kadane's maximum subarray; Bentley
1984).
"""

import numpy as np

QUANTILE = 0.95  # of normal rows' own errors: the limit
UNIT = 32  # of a stored error: the limit itself; 255, nearly eight times as much, is as wild as any
LEAST = 6 * UNIT  # above the limit in all: less is chance, and the stretch is told by its score
MAX_SPREADS = 1000.0  # a value beyond is as wild as any
TINY = 1e-9


def limits(squared: np.ndarray) -> np.ndarray:
    """(C,) the squared errors that count as 1, of those of normal rows (N, C): so that in 95 % of the rows no channel
    is above its own.
    """
    squared = squared[np.isfinite(squared).all(1)]
    if not len(squared):
        return np.ones(squared.shape[1])
    own = np.quantile(squared, QUANTILE, axis=0)
    own = np.maximum(own, max(1e-3 * float(own.max()), TINY))
    channel_limits: np.ndarray = own * max(float(np.quantile((squared / own).max(1), QUANTILE)), TINY)
    return channel_limits


def squared_errors(values: np.ndarray, x_hat: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """(rows, C) of rows as they are, in the channels' units, and as they are rebuilt, scaled; in spreads². NaN where
    one of them is missing; of a channel that was constant when it was trained on (spread 0), 0 or, where it is another,
    infinite.
    """
    moved = np.abs(values - centre) > 1e-6 * np.maximum(np.abs(centre), 1e-30)
    with np.errstate(over="ignore"):
        scaled = (values - centre) / np.where(spread > 0, spread, 1.0)
        squared = np.square(np.clip(scaled, -MAX_SPREADS, MAX_SPREADS) - x_hat)
    constant = np.where(np.isnan(x_hat), np.nan, np.where(moved, np.inf, 0.0))
    return np.where(spread > 0, squared, constant)


def row_errors(squared: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """uint8 (rows,): the largest error of a row's channels over its limit, in UNITs; 0 where there is none.

    squared: (rows, C), see `squared_errors`; limit: (C,).
    """
    over = np.nan_to_num(squared / limit, nan=0.0, posinf=np.inf)
    return np.minimum(np.floor(over.max(1, initial=0.0) * UNIT), 255).astype(np.uint8)


def own_errors(errors: np.ndarray, scored: np.ndarray, window: int) -> np.ndarray:
    """uint8 (rows,): each row's own error, the less of the two windows that it begins and ends.

    errors: uint8 (rows, 2), of the last and of the first row of the window that ends with each; scored: bool (rows,),
    whether one does.
    """
    none = np.int16(256)
    last, first = (np.where(scored, side, none) for side in errors.T)
    begins = np.r_[first[window - 1 :], np.full(min(window - 1, len(first)), none)]
    less = np.minimum(last, begins)
    return np.where(less == none, 0, less).astype(np.uint8)


def named_rows(errors: np.ndarray, start: int, end: int, window: int, before: int = 0) -> tuple[int, int] | None:
    """(first row, row after the last) that the flagged stretch start … end − 1 is about; None where no rows stand out.

    Args:
        errors: uint8 (rows,), see `own_errors`.
        start, end: rows that the score flags.
        window: rows of a window, which the stretch may be late by.
        before: row after the stretch before, which is looked at no more.
    """
    first = max(before, start - window + 1, 0)
    total = np.r_[0, np.cumsum(errors[first:end].astype(np.int64) - UNIT)]
    lowest = np.minimum.accumulate(total)
    gain = total - lowest
    last = int(gain.argmax())
    if gain[last] < LEAST:
        return None
    return first + int(np.flatnonzero(total[:last] == lowest[last])[-1]), first + last
