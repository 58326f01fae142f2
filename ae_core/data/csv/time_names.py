"""Headings that sound like time, and units of time in them."""

import re
from functools import lru_cache

from .cells import words_of
from .columns import Column

STRONG = {
    *words_of(
        "time times timestamp timestamps datetime datetimes date dates ts tstamp tmstamp timestr epoch unix unixtime"
    ),
    *words_of(
        "utc clock zeit zeiten zeitstempel zeitpunkt datum uhrzeit fecha hora heure temps horodatage ora tijd tid"
    ),
    *words_of(
        "tijdstip elapsed elapsedtime seconds sekunden secs millis micros nanos milliseconds microseconds msecs msec"
    ),
    *words_of(
        "usec created recorded logged when moment dt datenum datetimeutc localtime czas orario instante datahora"
    ),
    *("时间", "日期", "时间戳", "時刻", "日時", "時間", "시간", "日付", "x-axis", "datum/zeit"),
}

WEAK = {
    *words_of("x t s ms us µs ns sec second h hour hours minutes ticks frame frames uptime index sample d day days")
}

UNIT_WORDS = {
    "ns": 1e-9, "nanos": 1e-9, "nanoseconds": 1e-9, "us": 1e-6, "µs": 1e-6, "usec": 1e-6, "usecs": 1e-6, "micros": 1e-6,
    "microseconds": 1e-6, "microsecond": 1e-6, "ms": 1e-3, "msec": 1e-3, "msecs": 1e-3, "millis": 1e-3,
    "milliseconds": 1e-3,
    "millisecond": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "sekunden": 1.0,
    "segundos": 1.0,
    "min": 60.0, "mins": 60.0, "minute": 60.0, "minutes": 60.0, "minuten": 60.0, "h": 3600.0, "hr": 3600.0,
    "hrs": 3600.0,
    "hour": 3600.0, "hours": 3600.0, "stunden": 3600.0, "d": 86_400.0, "day": 86_400.0, "days": 86_400.0,
    "tage": 86_400.0,
}  # fmt: skip


@lru_cache(1 << 15)  # asked for thousands of times of a wide table's headings
def name_words(name: str) -> frozenset[str]:
    """The words of a heading, in small letters, and the heading as a whole.

    >>> sorted(name_words("recordedAt_ms"))
    ['at', 'ms', 'recorded', 'recordedat_ms']
    """
    split = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    return frozenset({word.lower() for word in re.findall(r"[^\W_]+", split)} | {name.strip().lower()})


def time_name(name: str) -> float:
    """How much a heading sounds like time, 0 to 1."""
    words = name_words(name)
    if words & STRONG or re.search(r"时间|日期|時刻|日時|date_?time|time_?stamp|y{2,4}-?mm-?dd", name.lower()):
        return 1.0
    short = words - {name.strip().lower()}
    if "t" in short and short <= {"t", *UNIT_WORDS}:
        return 1.0
    return 0.5 if words & WEAK and len(words) <= 3 else 0.0


def unit_of(column: Column) -> float:
    """Seconds in one of its numbers, as its unit or name says; 1 where neither does."""
    return seconds_of(column.name, column.unit)


def seconds_of(name: str, unit: str) -> float:
    """Seconds in one of the numbers of a heading with a unit; 1 where neither says how many."""
    if unit.lower() in UNIT_WORDS:
        return UNIT_WORDS[unit.lower()]
    named = [word for word in name_words(name) if word in UNIT_WORDS]
    return UNIT_WORDS[min(named, key=len)] if named else 1.0
