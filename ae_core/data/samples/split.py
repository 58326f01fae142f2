"""What is held out of a collection: a share of each class, or whole groups; and what then lies on both sides."""

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural

HELD_OUT = 0.2
SEED = 0  # fixed, so that errors of different runs compare
NEAR = 1e-3  # of the usual squared distance between samples, below which two are nearly the same
COMPARED = (2000, 20_000)  # held-out and training samples that are compared with each other
PROJECTED = 48  # random directions in which they are


def split(y: np.ndarray | None, groups: tuple[str, ...] | None, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(training rows, held-out rows), both ascending, of these rows of a collection: a fifth of each class is held out,
    or of whole groups. Raises LatentError where there are fewer than two groups.
    """
    random = np.random.default_rng(SEED)
    if groups is not None:
        return _by_group(y, groups, rows, random)
    held: list[np.ndarray] = []
    labels = np.zeros(len(rows), int) if y is None else y[rows]
    carried = 0.0  # so that many small classes together give their fifth
    for label in np.unique(labels):
        own = random.permutation(rows[labels == label])
        wanted = HELD_OUT * len(own) + carried
        count = min(round(wanted), len(own) - 1)
        carried = min(wanted - count, 1.0)
        held.append(own[:count])
    test = np.sort(np.concatenate(held))
    return np.setdiff1d(rows, test), test


def _by_group(
    y: np.ndarray | None, groups: tuple[str, ...], rows: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Groups in random order are held out while that brings the classes nearer to their fifth."""
    _, group = np.unique(np.array(groups)[rows], return_inverse=True)
    labels = np.zeros(len(rows), int) if y is None else y[rows] + 1
    table = np.zeros((group.max() + 1, labels.max() + 1))
    np.add.at(table, (group, labels), 1)
    if len(table) < 2:
        raise LatentError("The groups are one alone, and one part has to be held out: name another column, or none.")
    wanted, have = HELD_OUT * table.sum(0), np.zeros(table.shape[1])
    held = np.zeros(len(table), bool)
    order = random.permutation(len(table))
    for each in order:
        if np.square(have + table[each] - wanted).sum() < np.square(have - wanted).sum() and held.sum() < len(held) - 1:
            held[each], have = True, have + table[each]
    if not held.any():
        held[order[np.argmin(table[order].sum(1))]] = True
    return rows[~held[group]], rows[held[group]]


def near_duplicates(x: np.ndarray, train: np.ndarray, test: np.ndarray) -> list[tuple[int, int]]:
    """(held-out row, training row) of samples x (N, …) that are nearly the same, looked for among the first of each."""
    test, train = test[: COMPARED[0]], train[: COMPARED[1]]
    if not len(test) or not len(train):
        return []
    a, b = (np.nan_to_num(x[rows].reshape(len(rows), -1).astype(np.float32)) for rows in (test, train))
    usual = 2 * float(b.var(0).sum())  # the mean squared distance of two samples
    project = np.random.default_rng(SEED).standard_normal((a.shape[1], PROJECTED)).astype(np.float32) / PROJECTED**0.5
    low, high = a @ project, b @ project
    apart = (low**2).sum(1)[:, None] + (high**2).sum(1) - 2 * low @ high.T
    nearest = apart.argmin(1)
    exact = np.square(a - b[nearest]).sum(1)
    return [(int(test[i]), int(train[nearest[i]])) for i in np.flatnonzero(exact <= NEAR * usual)]


def duplicates_sentence(pairs: list[tuple[int, int]]) -> str:
    """What near-duplicates across the split mean, "" without any."""
    if not pairs:
        return ""
    shown = ", ".join(f"{a:,} and {b:,}" for a, b in pairs[:3])
    return (
        f"{plural(len(pairs), 'held-out sample')} {'is' if len(pairs) == 1 else 'are'} nearly the same as a training "
        f"sample (rows {shown}): errors look smaller than on new ones; name a group column if there is one."
    )
