"""The forms of moments and durations, one pattern each, and which of them cells have."""

import re
from collections.abc import Iterable

from .cells import MONTHS

_MONTH = r"(?P<mon>[a-zà-ÿ]{3,10}\.?)"

_CLOCK = (
    r"(?P<h>\d{1,2})(?:(?:[:.h_-]|时|時)\s?(?P<mi>\d{1,2})(?:(?:[:.m_-]|min|分)\s?(?P<s>\d{1,2})(?:[.,:](?P<f>\d{1,9}))?)?)?"
    r"(?:\s?(?:s|秒|分|uhr|hrs?))?\s*(?P<p>[ap](?:\.?\s?m\.?)?)?"
)

_COMPACT = r"(?P<h>\d{2})(?:(?P<mi>\d{2})(?:(?P<s>\d{2})(?:[.,]?(?P<f>\d{1,9}))?)?)?"

_ZONE = (
    r"(?:\s*(?P<z>z|(?:utc|gmt)\s?[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|[+-]\d{2}|[a-z]{3,4}))?(?:\s+[a-z]{3,4})?"
    r"(?:\s*\[[a-z_/+-]+\])?(?:\s+m=.*)?"
)

_REST = rf"(?:(?:t|,?\s+(?:a las |at |um |klo |kl\.? )?|\s*[-–]\s+|[_:/;-]){_CLOCK}{_ZONE})?"

_DAY = r"(?:[a-zà-ÿ]{2,10}\.?,?\s+)?"

DATES = {
    "ymd": rf"^{_DAY}(?P<y>\d{{4}})[-./: _]\s?(?P<m>\d{{1,2}})[-./: _]\s?(?P<d>\d{{1,2}})\.?{_REST}$",
    "ab": rf"^{_DAY}(?P<a>\d{{1,2}})[-./ ]\s?(?P<b>\d{{1,2}})[-./ ]\s?(?P<y>\d{{4}}|\d{{2}}){_REST}$",
    "dmony": rf"^{_DAY}(?P<d>\d{{1,2}})\.?[-/ ]?(?:\s?de\s|\s?)?{_MONTH}(?:\s?de\s|[-./, ]+\s?)"
    rf"(?P<y>\d{{4}}|\d{{2}}){_REST}$",
    "dmony glued": rf"^(?P<d>\d{{1,2}})(?P<mon>[a-z]{{3}})(?P<y>\d{{4}}|\d{{2}}){_REST}$",
    "mondy": rf"^{_DAY}{_MONTH}[-./ ]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ -]+(?P<y>\d{{4}}){_REST}$",
    "ymond": rf"^(?P<y>\d{{4}})[-./ ]?{_MONTH}[-./ ]?(?P<d>\d{{1,2}}){_REST}$",
    "ctime": rf"^{_DAY}{_MONTH}\s+(?P<d>\d{{1,2}}),?\s+{_CLOCK}{_ZONE}\s+(?P<y>\d{{4}})$",
    "compact": rf"^(?P<y>(?:19|20)\d{{2}})(?P<m>[01]\d)(?P<d>[0-3]\d)(?:[t _:-]?{_COMPACT}{_ZONE})?$",
    "compact clock": rf"^(?P<y>(?:19|20)\d{{2}})(?P<m>[01]\d)(?P<d>[0-3]\d){_REST}$",
    "dashed compact": rf"^(?P<y>(?:19|20)\d{{2}})[-./](?P<m>[01]\d)[-./](?P<d>[0-3]\d)[t _-]{_COMPACT}{_ZONE}$",
    "ab compact": rf"^(?P<a>\d{{1,2}})[-./](?P<b>\d{{1,2}})[-./](?P<y>\d{{4}}|\d{{2}})[t _-]{_COMPACT}{_ZONE}$",
    "doy": rf"^(?P<y>(?:19|20)\d{{2}})[-/. ]?(?P<j>[0-3]\d{{2}}){_REST}$",
    "cjk": rf"^(?P<y>\d{{4}})[年년]\s?(?P<m>\d{{1,2}})[月월]\s?(?P<d>\d{{1,2}})[日일号]?(?:\s*{_CLOCK}{_ZONE})?$",
    "month": rf"^{_MONTH}[-./ ']+(?P<y>\d{{4}}|\d{{2}})$",
    "ym": r"^(?P<y>(?:19|20)\d{2})[-./ ]?m?(?P<m>[01]?\d)$",
    "my": r"^(?P<m>[01]?\d)[-./](?P<y>(?:19|20)\d{2})$",
    "quarter": r"^(?P<y>(?:19|20)\d{2})[-/ ]?q(?P<q>[1-4])$",
    "week": r"^(?P<y>(?:19|20)\d{2})[-/ ]?w(?P<w>\d{1,2})(?:-(?P<wd>[1-7]))?$",
    "no year": rf"^{_DAY}{_MONTH}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}{_ZONE}$",
}

DURATIONS = {
    "days": r"^(?P<sg>-)?(?:(?P<dd>\d+)\s*d(?:ays?|\.)?[ ,]*\+?)"
    r"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?$",
    "only days": r"^(?P<sg>-)?(?P<dd>\d+)\s*days?$",
    "dotted days": r"^(?P<sg>-)?(?P<dd>\d{1,5})\.(?P<h>\d{2}):(?P<mi>\d{2}):(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?$",
    "iso": r"^(?P<sg>-)?p(?:(?P<dd>\d+)d)?t(?:(?P<h>\d+)h)?(?:(?P<mi>\d+)m)?(?:(?P<s>\d+)(?:[.,](?P<f>\d{1,9}))?s)?$",
    "clock": r"^(?P<sg>-)?(?P<h>\d{1,5})[:h](?P<mi>\d{2})(?:[:m](?P<s>\d{2})(?:[.,:;](?P<f>\d{1,9}))?s?)?"
    r"\s*(?P<p>[ap](?:\.?\s?m\.?)?)?(?:\s*(?:z|utc|gmt|uhr|h))?$",
    "short clock": r"^(?P<h>\d{1,2}):(?P<mi>\d{1,2}):(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?$",
    "dotted": r"^(?P<h>[0-2]?\d)[.-](?P<mi>[0-5]\d)[.-](?P<s>[0-5]\d)(?:[.,](?P<f>\d{1,9}))?$",
    "minutes": r"^(?P<mi>\d{1,5}):(?P<s>\d{2})[.,](?P<f>\d{1,9})$",
    "letters": r"^(?:(?P<dd>\d+)\s?d(?:ays?)?\s?)?(?:(?P<h>\d+)\s?h(?:ours?|rs?)?\s?)?(?:(?P<mi>\d+)\s?m(?:in)?\s?)?"
    r"(?:(?P<s>\d+)(?:[.,](?P<f>\d{1,9}))?\s?s(?:ec)?)$",
    "cjk": r"^(?P<h>\d{1,2})[时時点]\s?(?P<mi>\d{1,2})分(?:\s?(?P<s>\d{1,2})秒)?$",
}

_INTERVALS = (  # of two moments, the first of which is taken
    re.compile(r"^(\S.*?\S)(?:\s+[-–—]\s+|\s+(?:to|bis|until|--)\s+|\s*(?:→|~)\s*)[^\s;\t][^;\t]*$", re.IGNORECASE),
    re.compile(r"^([^/]{6,})\s*/\s*[^/]{4,}$"),
)

_CLOCK_FIRST = re.compile(
    r"^(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]\.?m\.?)?),?\s+"
    r"(\d{1,4}[-./]\d{1,2}[-./]\d{2,4}|\d{1,2}[ -][a-zà-ÿ]{3,9}[ -]\d{2,4})$"
)
_BEFORE_NOON = ("上午", "午前", "오전")
_HALF = re.compile(
    r"(上午|午前|오전|下午|午後|오후)\s*(\d{1,2}(?:[:.]\d{2}){1,2})"
)  # before the time of day, as is usual there
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")

COMPILED = {
    name: re.compile(pattern) for name, pattern in {**DATES, **{f"d {k}": v for k, v in DURATIONS.items()}}.items()
}

ORDERS = {"day first": ("a", "b", "y"), "month first": ("b", "a", "y"), "year first, of two digits": ("y", "b", "a")}


def form_of(cells: Iterable[str]) -> tuple[str, float]:
    """(the form that most of the cells have, their share); ("", 0.0) where none has any."""
    texts = [plain_moment(cell) for cell in cells]
    best, most = "", 0
    for name, pattern in COMPILED.items():
        count = sum(bool((match := pattern.match(text)) and _sound(match)) for text in texts)
        if count > most:
            best, most = name, count
    return best, most / max(len(texts), 1)


def is_moment(cell: str) -> bool:
    """Whether a single cell is written as a moment or a duration, in a way that nothing else is."""
    if len(cell) < 6 or not any(c.isdigit() for c in cell) or len(cell) > 80:
        return False
    text = plain_moment(cell)
    return any(
        (match := pattern.match(text)) and _sound(match)
        for name, pattern in COMPILED.items()
        if name not in ("ym", "my", "doy", "month", "compact", "d letters", "d dotted days")
    )


def plain_moment(cell: str) -> str:
    """A cell in small letters, of two moments the first, without what only surrounds the moment.

    >>> plain_moment("[04/Mar/2024:06:00:00 +0000]"), plain_moment("2024/3/4 下午 6:00:00")
    ('04/mar/2024:06:00:00 +0000', '2024/3/4 6:00:00 pm')
    >>> plain_moment("4th March 2024"), plain_moment("4.3.2024 6:00 - 4.3.2024 7:00")
    ('4 march 2024', '4.3.2024 6:00')
    >>> plain_moment("06:00:04 04/03/2024")
    '04/03/2024 06:00:04'
    """
    cell = cell.strip().strip("'\"").lower()
    if cell[:1] == "[" and cell[-1:] == "]":
        cell = cell[1:-1]
    cell = _CLOCK_FIRST.sub(r"\2 \1", cell)
    cell = _ORDINAL.sub(r"\1", _HALF.sub(lambda m: f"{m[2]} {'am' if m[1] in _BEFORE_NOON else 'pm'}", cell))
    for pattern in _INTERVALS:
        match = pattern.match(cell)
        if match and any(form.match(match[1].strip()) for form in COMPILED.values()) and not _whole(cell):
            return match[1].strip()
    return cell


def _whole(cell: str) -> bool:
    return any(pattern.match(cell) for name, pattern in COMPILED.items() if name not in ("ab compact",))


def _sound(match: re.Match[str]) -> bool:
    parts = match.groupdict()
    if parts.get("mon") and not month_number(parts["mon"]):
        return False
    limits = (
        ("m", 1, 12),
        ("d", 1, 31),
        ("h", 0, 10_000_000),
        ("mi", 0, 10_000_000),
        ("s", 0, 99),
        ("j", 1, 366),
        ("w", 1, 53),
    )
    return all(not parts.get(name) or low <= int(parts[name]) <= high for name, low, high in limits) and (
        not parts.get("a")
        or (1 <= int(parts["a"]) <= (31 if len(parts["y"]) == 4 else 99) and 1 <= int(parts["b"]) <= 31)
    )


def month_number(name: str) -> int:
    """1 to 12 of a month's name in one of several languages, 0 of another word."""
    name = name.strip(". ").lower()
    return next((MONTHS[name[:n]] for n in (5, 4, 3) if name[:n] in MONTHS), 0)
