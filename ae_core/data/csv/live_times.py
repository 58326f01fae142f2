"""Moments that come one at a time: ISO 8601 first, as it is read quickest, then the other usual forms, then numbers."""

import datetime
import math

import numpy as np

from .cells import MOMENT
from .times import date_formats

NO_MOMENT = np.datetime64("NaT", "ns")
# A number is so many of a unit since 1970 from here on; below, it counts from the start.
EPOCHS = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3), (1e8, 1.0))
NANOSECONDS = 2**63  # that a moment has at most


class Moments:
    """Reads moments as the cells of a time column hold them.

    Args:
        form: as in strptime; "": found out.
        seconds: in one of times that are numbers and do not count from 1970.
        day_first: whether 1/2 is the first of February; None: as the first moment has it.
    """

    def __init__(self, form: str = "", seconds: float = 1.0, day_first: bool | None = None):
        self.form, self.seconds, self.day_first = form, seconds, day_first

    def read(self, cell: str) -> np.datetime64:
        """A moment in UTC, datetime64[ns]; NaT for what is none."""
        if not self.form:
            try:
                return self.number(float(cell))
            except ValueError:
                pass
            try:
                return _from(datetime.datetime.fromisoformat(cell.replace(",", ".")))
            except ValueError:
                pass
        for form in (self.form, *self._forms(cell)):
            if not form:
                continue
            try:
                moment = datetime.datetime.strptime(_plain(cell), form)
            except ValueError:
                continue
            self.form = form
            return _from(moment)
        return NO_MOMENT

    def number(self, value: float) -> np.datetime64:
        """A moment in UTC of a number; NaT for one that is none."""
        if not math.isfinite(value):
            return NO_MOMENT
        size = next((size for least, size in EPOCHS if abs(value) >= least), self.seconds)
        # Whole and fraction apart, so that microseconds of a moment in our days are not rounded away.
        whole = math.floor(value * size)
        nanoseconds = int(whole) * 10**9 + round((value * size - whole) * 1e9)
        return np.datetime64(nanoseconds, "ns") if abs(nanoseconds) < NANOSECONDS else NO_MOMENT

    def _forms(self, cell: str) -> list[str]:
        """The strptime formats that a cell may have."""
        match = MOMENT.fullmatch(cell)
        forms = date_formats([match], self.day_first).values() if match else ()
        return [date + tail for date, tail in forms if date != "ISO8601"]


def _plain(cell: str) -> str:
    """With the fraction of a second as strptime takes it: behind a point, and no finer than microseconds."""
    return cell.replace(",", ".")


def _from(moment: datetime.datetime) -> np.datetime64:
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return np.datetime64(moment, "ns") if 1678 < moment.year < 2262 else NO_MOMENT
