"""A file that a run scores, compared with the one it was trained on: what is not alike is said before the scores."""

import numpy as np

from ..base.text import plural
from ..data.csv.cells import span
from .detector import Preprocessing

SAME_STEP = 0.02  # of a step, within which two are the same
MAX_NAMED = 3  # channels whose ranges are written out
USUAL_SPREADS = 4.0  # spreads about the centre, for runs that were trained before they kept their ranges


def outside(own: Preprocessing, values: np.ndarray) -> np.ndarray:
    """bool (rows, C): which values (rows, C), in the channels' units, lie outside the run's range of normal rows."""
    low, high = ranges(own)
    beyond = np.maximum(1e-6 * np.maximum(np.abs(low), np.abs(high)), 1e-12)  # values are kept in float32
    return (values < low - beyond) | (values > high + beyond)


def ranges(own: Preprocessing) -> tuple[np.ndarray, np.ndarray]:
    """(least, most) of each channel, (C,) each, in the run's normal rows."""
    if own.ranges is not None:
        return own.ranges[0], own.ranges[1]
    return own.centre - USUAL_SPREADS * own.spread, own.centre + USUAL_SPREADS * own.spread


def step_of(time: np.ndarray | None) -> float | None:
    """The usual seconds from row to row of times (rows,), None where there is none."""
    if time is None or len(known := time[~np.isnat(time)]) < 2:
        return None
    return abs(float(np.median(np.diff(known).astype(np.int64)))) / 1e9 or None


def comparison(own: Preprocessing, values: np.ndarray, time: np.ndarray | None) -> str:
    """A sentence: channels, step, and the share of rows outside the ranges of what the run was trained on.

    values: (rows, C) with the run's channels, in their units. time: (rows,) or None.
    """
    says = [f"Compared with the file that the run was trained on: {_channels(len(own.names))}"]
    step = step_of(time)
    if step and own.step:
        same = abs(step - own.step) <= SAME_STEP * own.step
        says.append(f"a row every {span(step)}" + (", as there" if same else f", there every {span(own.step)}"))
    elif step or own.step:
        says.append("times here alone" if step else "no times, which it had")
    far = outside(own, values)
    share, rows = far.any(1).mean(), far.sum(0)
    if not share:
        return f"{'; '.join([*says, 'no row outside the ranges of its normal rows'])}."
    low, high = ranges(own)
    named = [
        f"{own.names[c]} from {np.nanmin(values[:, c]):.4g} to {np.nanmax(values[:, c]):.4g}, "
        f"there {low[c]:.4g} to {high[c]:.4g}"
        for c in np.argsort(-rows, kind="stable")[:MAX_NAMED]
        if rows[c]
    ]
    says.append(f"{_share(float(share))} of the rows outside the ranges of its normal rows ({'; '.join(named)})")
    return f"{'; '.join(says)}."


def _channels(count: int) -> str:
    return "the same channel" if count == 1 else f"the same {plural(count, 'channel')}"


def _share(share: float) -> str:
    return f"{share:.1%}".replace("%", " %") if share >= 0.001 else "less than 0.1 %"
