"""Rows that are unlike all others: parts of a table from which nobody should learn what is normal."""

import itertools
import warnings
from dataclasses import dataclass

import numpy as np

from .table import Table

BLOCKS = 20  # parts of a table that are compared
UNLIKE = 12.0  # robust spreads, from which on a block is unlike all others in a channel
FAR, TIMES = 8.0, 3.0  # robust spreads among blocks and size beside the usual, from which on it is in the windows' PCA
WINDOW, MAX_SIZE, MAX_DIMS = 32, 512, 8  # rows and values of a window, dimensions of its PCA
CLIP = 8.0  # robust spreads; what lies farther out does not turn the axes
KEPT = 0.9  # of the variance


@dataclass(frozen=True)
class Unlike:
    """rows: bool (rows,), those that are unlike the others; why: of each run of them in words, such as "in 'a'"."""

    rows: np.ndarray
    why: tuple[str, ...] = ()


def unlike_rows(table: Table) -> Unlike:
    """Blocks of rows whose middle lies far outside that of all other blocks in some channel, or whose windows lie far
    from all others in the windows' own principal components, or off them. Where many blocks are odd, none is.
    """
    rows, bad = len(table), np.zeros(len(table), bool)
    if rows < 20 * BLOCKS:
        return Unlike(bad)
    edges = np.linspace(0, rows, BLOCKS + 1).astype(int)
    far, windows = _far_channels(table.values, edges), _far_windows(table.values, edges)
    odd = far.any(1) | windows
    if not odd.any() or odd.sum() > BLOCKS // 4:
        odd = far.any(1) if 0 < far.any(1).sum() <= BLOCKS // 4 else np.zeros(BLOCKS, bool)
    runs = np.flatnonzero(np.diff(np.r_[0, odd.astype(np.int8), 0]))
    why = []
    for first, last in zip(runs[::2], runs[1::2], strict=True):
        bad[edges[first] : edges[last]] = True
        names = [repr(table.names[j]) for j in np.flatnonzero(far[first:last].any(0))]
        why.append(
            f"in {', '.join(names[:3])}{' …' * (len(names) > 3)}" if names else "in how its channels go together"
        )
    return Unlike(bad, tuple(why))


def _far_channels(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """bool (BLOCKS, C): the block's median lies far from all others'."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of blocks without a value
        middles = np.stack([np.nanmedian(values[a:b], 0) for a, b in itertools.pairwise(edges)])
        spreads = np.stack([np.nanquantile(values[a:b], (0.1, 0.9), axis=0) for a, b in itertools.pairwise(edges)])
        centre, width = np.nanmedian(middles, 0), np.nanmedian(spreads[:, 1] - spreads[:, 0], 0)
        wander = 1.5 * np.nanmedian(np.abs(middles - centre), 0)
    scale = np.maximum(np.maximum(width / 2.5, wander), 1e-12 * np.maximum(np.abs(centre), 1e-30))
    far = np.nan_to_num(np.abs(middles - centre) / scale, nan=0.0, posinf=0.0) > UNLIKE
    far[:, ~(width > 0)] = False  # a channel that hardly ever moves
    return far


def _far_windows(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """bool (BLOCKS,): the block's windows lie far from the others, along the principal components or off them."""
    x, block = _windows(values, edges)
    if x.shape[1] < 2 or len(x) < 5 * BLOCKS:
        return np.zeros(BLOCKS, bool)
    variance, axes = np.linalg.eigh(x.T @ x / len(x))
    order = np.argsort(variance)[::-1]
    explained = np.cumsum(variance[order]) / max(variance.sum(), 1e-30)
    kept = axes[:, order[: min(MAX_DIMS, int(np.searchsorted(explained, KEPT)) + 1, x.shape[1] - 1)]]
    codes = x @ kept
    spread = 1.4826 * np.median(np.abs(codes - np.median(codes, 0)), 0)
    away = ((codes - np.median(codes, 0)) ** 2)[:, spread > 0] / spread[spread > 0] ** 2
    off = ((x - codes @ kept.T) ** 2).mean(1)
    return np.asarray(_stands_out(away.mean(1) if away.shape[1] else off, block) | _stands_out(off, block))


def _stands_out(score: np.ndarray, block: np.ndarray) -> np.ndarray:
    """bool (BLOCKS,): blocks whose median score lies far above that of all others."""
    middles = np.array([np.median(score[block == i]) if (block == i).any() else np.nan for i in range(BLOCKS)])
    usual = float(np.nanmedian(middles))
    logs = np.log(np.maximum(np.nan_to_num(middles, nan=usual), 1e-12) / max(usual, 1e-12))
    spread = max(1.4826 * float(np.median(np.abs(logs))), 0.05)
    return np.asarray((logs > FAR * spread) & (logs > np.log(TIMES)))


def _windows(values: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(windows (N, size) in robust spreads, clipped; the block of each)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        some = values[:: max(1, len(values) // 50_000)]
        low, centre, high = np.nanquantile(some, (0.05, 0.5, 0.95), axis=0)
    spread = (high - low) / 3.29
    moving = np.flatnonzero(spread > 1e-9 * np.maximum(np.abs(np.nan_to_num(centre)), 1e-30))[:MAX_SIZE]
    length = int(max(1, min(WINDOW, MAX_SIZE // max(len(moving), 1), len(values) // (10 * BLOCKS))))
    starts = np.arange(0, len(values) - length + 1, max(length, len(values) // 4000))
    at = starts[:, None] + np.arange(length)
    cut = (values[at][:, :, moving] - centre[moving]) / spread[moving] if len(moving) else np.zeros((len(at), 0))
    x = np.clip(np.nan_to_num(cut), -CLIP, CLIP).reshape(len(at), -1)
    return x - np.median(x, 0), np.searchsorted(edges, starts, side="right") - 1
