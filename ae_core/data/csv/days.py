"""Tables with a row for each day and a column for each time of it, as meters are read: made one signal."""

import re

import numpy as np

from .candidates import is_days
from .columns import Column
from .moment_forms import DURATIONS, form_of
from .options import Options
from .table import Findings

DAY = 86_400
MIN_COLUMNS = 24  # of a day
NUMBERED = re.compile(r"(?:h|hr|hour|stunde|heure|hora|timme|uur|ora|time|t|q|qh|hh)?[ _.]?0*(\d{1,3})", re.IGNORECASE)


def unfolded(columns: list[Column], options: Options, findings: Findings) -> list[Column]:
    """The moments and the one signal of such a table; the columns themselves of any other."""
    days = [c for c in columns if c.times is not None and is_days(c.times)]
    numeric = [c for c in columns if c.numbers is not None and len(c.some)]
    if options.layout not in ("", "days") or options.columns or len(days) != 1 or len(numeric) < MIN_COLUMNS:
        return columns
    dates = days[0].times
    assert dates is not None, "they were chosen for having times"
    steps = np.diff(dates).astype("timedelta64[D]").astype(int)
    seconds = _seconds([c.name for c in numeric])
    if seconds is None or not len(steps) or np.isnat(dates).any() or not (steps > 0).all() or np.median(steps) != 1:
        return columns
    values = np.stack([c.numbers for c in numeric if c.numbers is not None], 1)
    times = (dates[:, None] + (seconds * 1_000_000_000).astype("timedelta64[ns]")).reshape(-1)
    text = (
        f"Each row is a day of {len(seconds)} values: {len(values):,} rows became a signal of {values.size:,} moments."
    )
    findings.note("layout", "days", text)
    if not options.layout:
        findings.doubt("layout", "days", "moments", 0.85, text)
    unit = numeric[0].unit
    return [Column("time", "", times=times, how=days[0].how), Column("value", unit, values.reshape(-1))]


def _seconds(names: list[str]) -> np.ndarray | None:
    """Seconds of the day at which the columns begin; None where their names do not part a day evenly."""
    form, share = form_of(names)
    if form == "d clock" and share == 1.0:
        parts = [re.match(DURATIONS["clock"], name.strip().lower()) for name in names]
        clock = np.array([3600 * int(part["h"]) + 60 * int(part["mi"]) for part in parts if part])
        if len(clock) < len(names):
            return None
        steps = np.diff(clock)
        even = (steps == steps[0]).all() and steps[0] * len(names) == DAY
        return clock if even and clock[0] <= steps[0] else None
    numbers = [NUMBERED.fullmatch(name.strip()) for name in names]
    if len(names) not in (24, 48, 96, 144, 288) or not all(numbers):
        return None
    order = np.array([int(number[1]) for number in numbers if number])
    return np.arange(len(names)) * (DAY // len(names)) if (np.diff(order) == 1).all() and order[0] <= 1 else None
