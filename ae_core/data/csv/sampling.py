"""How evenly the rows follow on each other, and what can be done where they do not, with its price."""

import numpy as np

from ...base.text import plural
from .cells import span
from .table import Findings

DAY = 86_400.0
COARSE = 0.2  # of the rows with the moment of the one before
MIN_ROUNDED = 20  # steps, from which on their mean is known to a twentieth of the last digit


def sampling(times: np.ndarray, seconds: np.ndarray | None, findings: Findings) -> float | None:
    """The median step in seconds; says how even it is. seconds: of clocks that count from the start."""
    known = ~np.isnat(times)
    between = np.diff(seconds[known]) if seconds is not None else np.diff(times[known]).astype(np.int64) / 1e9
    if not len(between) or not (between != 0).any():
        return None
    direction = -1.0 if (between < 0).sum() > (between > 0).sum() else 1.0
    between = between * direction
    if not (between > 0).any():
        return None
    step = _rounded(between) or float(np.median(between[between > 0]))
    step = float(f"{step:.9g}")
    gaps = between[between > 1.5 * step]
    odd = int((np.abs(between - step) > 0.02 * step).sum())
    many = f"all but {odd:,}" if odd < 0.01 * len(between) else f"{100 * (1 - odd / len(between)):.2g} %"
    text = f"A row every {span(step)}, " + (f"{many} of them within 2 % of that." if odd else "all of them.")
    if direction < 0:
        text += " The newest row comes first."
    back, same = int((between < 0).sum()), int((between == 0).sum())
    if back:
        text += f" Time runs backwards in {plural(back, 'place')}."
    if same:
        text += f" {plural(same, 'row')} {'has' if same == 1 else 'have'} the same time as the one before."
    findings.note("sampling", step, text)
    if same > COARSE * len(between) and seconds is None:
        rows = len(between) + 1
        finer = float(f"{(between.sum() / max(rows - 1, 1)):.6g}")
        findings.doubt(
            "step", f"{step:g} s", f"{finer:g} s", 0.7,
            f"{same:,} of {rows:,} rows have the same time as the one before: the moments are written too coarsely. "
            f"Rows that follow on each other evenly would be {span(finer)} apart.",
            {}, {"time": "none", "time_step": str(finer)},
        )  # fmt: skip
    if len(gaps):
        longest = float(gaps.max())
        findings.note(
            "gaps", len(gaps), f"{plural(len(gaps), 'gap')}, the longest {span(longest)} ({longest / step:,.0f} steps)."
        )
    _set_back(times[known], between, step, back, findings)
    _uneven(times[known], between, step, odd, findings)
    return step


def _rounded(between: np.ndarray) -> float | None:
    """The step of even moments that were written with too few digits, so that the steps between them are of two sizes
    that differ by the last digit; None where they are no such. The mean is right there, and the median is either.
    """
    low, high = float(between.min()), float(between.max())
    digit = high - low
    if len(between) < MIN_ROUNDED or not 1e-7 * low < digit < 0.3 * low:
        return None
    is_high = between > low + 0.5 * digit
    if (np.abs(between - np.where(is_high, high, low)) > 0.1 * digit).any() or min(is_high.sum(), (~is_high).sum()) < 3:
        return None
    step = float(between.mean())
    late = np.cumsum(between - step)
    if late.max() - late.min() > 1.2 * digit:
        return None
    return round(step, -int(np.floor(np.log10(digit / len(between)))) - 1)  # no more digits than it is known to


def _set_back(times: np.ndarray, between: np.ndarray, step: float, back: int, findings: Findings) -> None:
    """A clock that was set back is called that."""
    if not 0 < back <= 4:
        return
    at = int(np.argmin(between))
    size = -float(between[at]) + step
    if size > 2 * step:
        when = str(times[at + 1].astype("datetime64[s]")).replace("T", " ")
        why = ", as at the end of summer time" if abs(size - 3600) <= 1.5 * step else ""
        findings.note(
            "set_back", size, f"The clock was set back by {span(size)} at {when}{why}: windows do not cross it."
        )


def _uneven(times: np.ndarray, between: np.ndarray, step: float, odd: int, findings: Findings) -> None:
    """Resampling as a proposal, with how many rows it makes of how many."""
    if odd < 0.05 * len(between) or not (between >= 0).all():
        return
    length = float((times.max() - times.min()).astype(np.int64) / 1e9)
    rows = round(length / step) + 1 if step > 0 else 0
    if 0 < rows < 20_000_000:
        findings.note(
            "resample_seconds", step,
            f"The rows are uneven: resampled to {span(step)}, {plural(len(between) + 1, 'row')} become {rows:,}.",
        )  # fmt: skip
