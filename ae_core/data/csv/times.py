"""Dates in the usual forms, read quickly: a file has few days and few times of day, and each is parsed once."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...base.errors import LatentError
from .cells import MOMENT


def parse_times(strings: pa.ChunkedArray, seen: list[str], day_first: bool | None) -> tuple[np.ndarray, str]:
    """(datetime64[ns], what their format is) of texts; NaT for what is none."""
    matches = [m for cell in seen if (m := MOMENT.fullmatch(cell))]
    zone = any(m["zone"] for m in matches)
    # A comma before the fraction of a second, or after the date, reads like a point.
    strings = pc.replace_substring(strings, ",", ".")
    some = pa.chunked_array([[m[0].replace(",", ".") for m in matches]])
    formats = date_formats(matches, day_first)
    # Where the cells looked at can be read in both orders, the right one runs forward, and evenly.
    tried = {says: parse_dates(some, *form, zone) for says, form in formats.items()}

    def odd(says: str) -> tuple[int, int, int]:
        steps = tried[says].diff().dt.total_seconds().iloc[1:]
        return int(tried[says].isna().sum()), int((steps < 0).sum()), int((steps != steps.median()).sum())

    says = min(tried, key=odd)
    times = parse_dates(strings, *formats[says], zone)
    outside = ~times.between("1678-01-01", "2261-12-31")
    return times.mask(outside).to_numpy("datetime64[ns]"), says + (", turned into UTC" if zone else "")


def date_formats(matches: list[re.Match], day_first: bool | None) -> dict[str, tuple[str, str]]:
    """(strptime format of the date, and of what follows it) that fit, by what they mean; the likeliest first."""
    if all(re.match(r"\d{4}-?\d\d-?\d\d(?!\d)", m["date"]) for m in matches):
        return {"year first": ("ISO8601", "")}
    usual = Counter((re.sub(r"\d+", "", m["date"]), m["gap"], bool(m["clock"])) for m in matches).most_common(1)[0][0]
    match = next(m for m in matches if (re.sub(r"\d+", "", m["date"]), m["gap"], bool(m["clock"])) == usual)
    date, clock, tail = match["date"], match["clock"] or "", (match["gap"] or "").replace(",", ".")
    signs = re.findall(r"[-./ ]", date)
    sign = signs[0]
    if clock:
        half = clock[-1:].lower() == "m"
        tail += (
            ("%I" if half else "%H")
            + ":%M"
            + ":%S" * (clock.count(":") > 1)
            + ".%f" * bool(re.search(r"[.,]\d", clock))
        )
        tail += re.findall(r"\s*[AP]M$", clock, re.IGNORECASE)[0][:-2] + "%p" if half else ""
        tail += re.findall(r"^\s*", match["zone"])[0] + "%z" if match["zone"] else ""
    parts = date.split(sign)
    if len(parts[0]) == 4:
        return {"year first": (sign.join(("%Y", "%m", "%d")), tail)}
    year = "%Y" if len(parts[2]) == 4 else "%y"
    if parts[1].isalpha():
        return {"day, name of the month, year": (sign.join(("%d", "%b", year)), tail)}
    orders = {"day first": (sign.join(("%d", "%m", year)), tail), "month first": (sign.join(("%m", "%d", year)), tail)}
    if "%p" in tail:  # who writes 6:30 PM writes the month first
        orders = dict(reversed(orders.items()))
    return (
        orders
        if day_first is None
        else {says: form for says, form in orders.items() if says.startswith("day") == day_first}
    )


def parse_dates(strings: pa.ChunkedArray, date: str, tail: str, zone: bool) -> pd.Series:
    """datetime64 of texts, UTC where they have zones; NaT for what does not fit the formats."""

    def parse(texts: np.ndarray, form: str) -> pd.Series:
        # A few cells may have a zone where those that were looked at have none: in UTC they are all of one kind.
        return pd.to_datetime(pd.Series(texts, dtype="str"), format=form, errors="coerce", utc=True).dt.tz_localize(
            None
        )

    if tail[:1] in (" ", "T") and not zone and " " not in date:
        halves = pc.split_pattern(strings, tail[0], max_splits=1).combine_chunks()
        if pc.all(pc.equal(pc.list_value_length(halves), 2)).as_py():
            parts = []
            for half, form in enumerate(
                (date, tail[1:])
            ):  # a file has few days and few times of day: each is parsed once
                coded = pc.dictionary_encode(pc.list_element(halves, half))
                known = np.append(
                    parse(coded.dictionary.to_numpy(zero_copy_only=False), form).to_numpy("datetime64[us]"),
                    np.datetime64("NaT"),
                )
                parts.append(known[pc.fill_null(coded.indices, len(known) - 1).to_numpy(zero_copy_only=False)])
            return pd.Series(parts[0] + (parts[1] - np.datetime64("1900-01-01")))
    return parse(strings.to_numpy(), date + tail)


def formatted(strings: pa.ChunkedArray, form: str) -> np.ndarray:
    """datetime64[ns] of texts in a strptime format; NaT for what does not fit it. LatentError for what is no format."""
    try:
        times = pd.to_datetime(pd.Series(strings.to_numpy()), format=form, errors="coerce", utc="%z" in form)
    except (ValueError, TypeError) as error:
        raise LatentError(f"{form[:40]!r} is no format of a moment: such as %d.%m.%Y %H:%M:%S.") from error
    times = times.dt.tz_localize(None) if "%z" in form else times
    return times.mask(~times.between("1678-01-01", "2261-12-31")).to_numpy("datetime64[ns]")
