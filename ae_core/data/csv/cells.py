"""What a cell of a table may hold: numbers with units, missing values, dates and times of day, as people write them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
DECIMALS = {"point": ".", "comma": ","}


def words_of(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MISSING = ("", *words_of("na n/a #n/a #na null (null) none nil nan - -- --- ? #value! #div/0! #ref! #num!"))
ABNORMAL = {*words_of("1 1.0 true t yes y anomaly anomalous abnormal attack fault faulty failure fail outlier bad")}
FINE = {*words_of("0 0.0 -1 false f no n normal ok good healthy inlier benign pass")}
UNIT = r"(?:[^\W\d_]|[°%‰$€£Ω\"′″])[^\s\d,;|=]*(?:[²³\d]|/[^\W\d_]+\d?)?"
PLAIN = r"(?:\d+(?:\.\d*|,\d+)?|[.,]\d+|\d{1,3}(?:(?:,\d{3})+(?:\.\d*)?|(?:\.\d{3})+(?:,\d*)?|(?:[ ']\d{3})+(?:[.,]\d*)?))(?:[eE][+-]?\d+)?"
NUMBER = re.compile(rf"[+-]?(?P<number>{PLAIN})\s*(?P<unit>{UNIT})?|[+-]?inf(?:inity)?", re.IGNORECASE)
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AP]M)?"
ZONE = r"(?:\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))"
DATE = r"(?P<date>\d{4}(?P<s>[-./])\d{1,2}(?P=s)\d{1,2}|\d{1,2}(?P<t>[-./])\d{1,2}(?P=t)(?:\d{4}|\d{2})|\d{1,2}(?P<u>[- ])[A-Z]{3}(?P=u)\d{4}|\d{8}(?=T))"
MOMENT = re.compile(rf"{DATE}(?:(?P<gap>T|,? +)(?P<clock>{CLOCK}|(?<=T)\d{{4,6}})(?P<zone>{ZONE})?)?", re.IGNORECASE)
LOOKALIKES = {
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u2212": "-",
    "\u2019": "'",
}  # in numbers, of the space, the minus and the apostrophe


def is_value(cell: str) -> bool:
    return cell.lower() in MISSING or bool(
        NUMBER.fullmatch(cell) or MOMENT.fullmatch(cell) or re.fullmatch(CLOCK, cell, re.IGNORECASE)
    )


def is_text(cell: str) -> bool:
    return not is_value(cell)


def decimal_sign(cells: Iterable[str], delimiter: str, fallback: str | None = None) -> tuple[str, str]:
    """The decimal sign and why; a lone "1,234" may be either, then the fallback or the delimiter decides."""
    votes, unsure = Counter(), Counter()
    for cell in cells:
        match = NUMBER.fullmatch(cell)
        number = ((match and match["number"]) or "").lower().split("e")[0]
        signs = [c for c in number if c in ".,"]
        if len(set(signs)) == 2:
            votes[signs[-1]] += 1
        elif len(signs) > 1:
            votes["." if signs[0] == "," else ","] += 1
        elif signs:
            (unsure if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", number) else votes)[signs[0]] += 1
    if votes:
        sign = max(sorted(votes), key=votes.get)
        return sign, f"{votes[sign]} of the cells looked at say so"
    if fallback:
        return fallback, "as in the other columns"
    if unsure[","] and delimiter in ";\t":
        return ",", "such files usually have it, but 1,234 could be a thousand: look at the values"
    return ".", "the usual one" if not unsure[","] else "1,234 is taken for a thousand: look at the values"


def missing_tokens(missing: str | Sequence[str]) -> tuple[str, ...]:
    """The texts that mean a missing value; half characters, which a link may bring, are in no file."""
    texts = missing.split(",") if isinstance(missing, str) else missing
    return tuple(text for text in (t.encode("utf-8", "ignore").decode().strip() for t in texts) if text)


def printable(text: str) -> str:
    """The text without what no screen shows: half characters, switches of direction, bells."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable())


def listed(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(n[:40] for n in names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def span(seconds: float) -> str:
    """A duration in words.

    >>> span(300), span(0.002), span(90_000)
    ('5 min', '2 ms', '25 h')
    """
    for size, unit in ((172_800, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / (86_400 if unit == 'd' else size):.4g} {unit}"
    return f"{seconds * 1e9:.4g} ns"
