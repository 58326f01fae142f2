"""Names and units in a heading."""

import re
from collections import Counter
from collections.abc import Sequence

from .cells import UNITS, printable, words_of
from .values import is_text

Row = tuple[int, list[str]]  # the number of its first line, and its cells

TIME_WORDS = re.compile(
    r"\b(time|date|datetime|timestamp|ts|zeit|datum|uhrzeit|zeitstempel|fecha|hora|heure|temps|horodatage|data|ora|tijd|"
    r"time_?stamp|date.?time|utc|epoch|x-axis|elapsed)\b|时间|日期|時刻|日時|[Dd]ate.?[Tt]ime|[Tt]ime.?[Ss]tamp",
    re.IGNORECASE,
)

ENDS = {  # of a name: the unit, and what the name must speak of
    "mm_s": ("mm/s", ""), "m_s": ("m/s", ""), "l_min": ("l/min", ""), "l_h": ("l/h", ""), "m3_h": ("m³/h", ""),
    "degC": ("°C", ""), "degF": ("°F", ""), "C": ("°C", "temp|^t"), "K": ("K", "temp"),
    "bar": ("bar", ""), "mbar": ("mbar", ""), "Pa": ("Pa", ""), "hPa": ("hPa", ""), "kPa": ("kPa", ""),
    "rpm": ("rpm", ""), "Hz": ("Hz", ""), "kHz": ("kHz", ""), "kW": ("kW", ""), "kWh": ("kWh", ""),
    "W": ("W", "power|leistung"), "A": ("A", "current|strom|amp"), "mA": ("mA", ""),
    "V": ("V", "volt|spannung"), "mV": ("mV", ""), "kV": ("kV", ""), "mm": ("mm", ""), "pct": ("%", ""),
}  # fmt: skip
# What reads like a unit but ends names as something else: A/D, S/N, N/C, "time in day".
NO_END = {*words_of("d c f n t in day days none - raw count counts bit bits string float int enum bool boolean ts g m")}


def name_row(fitting: list[Row]) -> Row:
    """The row that names the columns: one with a word for time, else the one with most different words, the lowest."""
    plain = [
        (line, row) for line, row in fitting if not _are_known_units(row) and any(map(is_text, filter(None, row)))
    ] or fitting
    timed = [(line, row) for line, row in plain if any(TIME_WORDS.search(cell) for cell in row) and len(set(row)) > 1]
    pool = timed or plain

    def words(row: list[str]) -> int:
        return len({cell for cell in row if cell and (is_text(cell) or re.fullmatch(r"\d+", cell))})

    most = max(words(row) for _, row in pool)
    best = [each for each in pool if words(each[1]) >= 0.9 * most]
    if not timed and len(best) > 1 and len(best[0][1]) == len(best[-1][1]):
        return best[0] if len(best) > 2 or len(pool) == 2 else best[-1]
    return best[-1] if not timed else max(best, key=lambda each: (words(each[1]), each[0]))


def _are_known_units(row: list[str]) -> bool:
    cells = [cell.strip("[]() ").lower() for cell in row if cell]
    return len(cells) > 0 and sum(cell in UNITS for cell in cells) >= 0.6 * len(cells)


def units_row(rows: list[list[str]], names: list[str]) -> list[str] | None:
    """The row that holds units: known ones, or the only row of words below the names."""
    for row in rows:
        if _are_known_units(row) and row != names:
            return [cell.strip("[]() ") for cell in row]
    if len(rows) == 1 and all(is_text(cell) for cell in rows[0] if cell) and rows[0] != names:
        short = sum(len(cell) <= 12 for cell in rows[0]) == len(rows[0])
        return [cell.strip("[]() ") for cell in rows[0]] if short and len(rows[0]) == len(names) else None
    return None


def merged_names(row: list[str], others: list[list[str]], width: int) -> list[str]:
    """The names, where one is empty or a bare number that of another row of the heading whose words differ."""
    names = [*row, *[""] * width][:width]
    bare = [j for j, name in enumerate(names) if not name or re.fullmatch(r"\d+", name)]
    for other in others:
        words = [other[j] for j in bare if j < len(other) and other[j]]
        if (
            len(words) > 1
            and len(set(words)) == len(words)
            and all(map(is_text, words))
            and len(words) >= 0.6 * len(bare)
        ):
            for j in bare:
                if j < len(other) and other[j]:
                    names[j] = other[j]
            break
    return names


def under_groups(names: list[str], above: list[str]) -> list[str]:
    """Names that are there twice, each behind that of its group in the row above, whose cells are merged: a group's
    name stands over its first column alone.

    >>> under_groups(["Time", "T", "p", "T", "p"], ["", "Line 1", "", "Line 2", ""])
    ['Time', 'Line 1 T', 'Line 1 p', 'Line 2 T', 'Line 2 p']
    """
    groups, group = [], ""
    for j in range(len(names)):
        group = (above[j] if j < len(above) else "") or group
        groups.append(group)
    there = {cell for cell in above if cell}
    if len(there) < 2 or not all(map(is_text, there)):
        return names
    often = Counter(names)
    told = [
        f"{group} {name}" if often[name] > 1 and name and group else name
        for group, name in zip(groups, names, strict=True)
    ]
    return told if len(set(told)) > len(set(names)) else names


def is_comment(cell: str) -> bool:
    """Whether a line that begins with this cell is a remark; ####### is a cell that was too narrow for its content."""
    return cell.startswith(("#", "//")) and not re.fullmatch(r"#{3,}", cell)


def split_unit(name: str) -> tuple[str, str]:
    """(name, unit) of a heading such as "temp [°C]", "RH, %", "RPM(rpm)"; "CO(GT)" has none.

    >>> split_unit("temp [°C]"), split_unit("RH, %"), split_unit("RPM(rpm)"), split_unit("CO(GT)")
    (('temp', '°C'), ('RH', '%'), ('RPM', 'rpm'), ('CO(GT)', ''))
    """
    name = re.sub(r"\s*\((?:LGR|SEN|S/N|LBL)[^()]*\)$", "", name)
    match = re.fullmatch(r"(.*\S)\s*(?:\[([^\[\]]{0,20})\]|\(([^()]{0,12})\))", name)
    if match and not re.fullmatch(r"\d*", match[2] or match[3] or ""):
        unit = (match[2] or match[3]).strip()
        glued = match[2] is None and name[len(match[1])] == "("
        if not glued or unit.lower() in UNITS:
            return match[1], unit
    match = re.fullmatch(r"(.*[^\s,]),\s*(\S{1,10})", name)
    if match and match[2].lower() in UNITS:
        return match[1], match[2]
    return name, ""


def unit_at_end(name: str) -> str:
    """The unit that a name ends with, as "Lagertemp_C" does; "" where it has none. The name keeps it. A single letter
    is one only behind what is measured in it.

    >>> unit_at_end("Lagertemp_C"), unit_at_end("vib_mm_s"), unit_at_end("class_A"), unit_at_end("oil_bar")
    ('°C', 'mm/s', '', 'bar')
    >>> unit_at_end("Ewe/V"), unit_at_end("Temp <°C>"), unit_at_end("Druck in bar"), unit_at_end("S/N")
    ('V', '°C', 'bar', '')
    """
    match = re.fullmatch(r"(\S.*?)(?:/| in |\s*<)([^\s<>]{1,8})(>?)", name)
    if match and match[2].lower() in UNITS - NO_END and match[1].lower() not in UNITS:
        return match[2]
    for end, (unit, measured) in ENDS.items():
        if name.endswith(f"_{end}") and re.search(measured, name[: -len(end) - 1], re.IGNORECASE):
            return unit
    return ""


def tidy_names(names: Sequence[str], units: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names without units, each once: "temp [°C]" is temp in °C, a second a is "a 2", one without a name is "column
    3".
    """
    seen: Counter[str] = Counter()
    taken, used = set(names), set()
    tidy, own = [], []
    for j, (name, unit) in enumerate(zip(names, units, strict=True)):
        name, inner = split_unit(printable(" ".join(name.split()))[:200])
        name = name or f"column {j + 1}"
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name} {seen[name]}"
        while unique in used or (seen[name] > 1 and unique in taken):
            seen[name] += 1
            unique = f"{name} {seen[name]}"
        used.add(unique)
        tidy.append(unique)
        own.append(printable(inner or unit) or unit_at_end(name))
    return tidy, own


def are_units(names: list[str], body: list[list[str]]) -> bool:
    """Whether the row below the names is all words and the next is not."""
    words = [all(map(is_text, filter(None, row))) and any(row) for row in body[:2]]
    return len(body) > 3 and words == [True, False] and body[0] != names
