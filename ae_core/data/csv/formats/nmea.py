"""What GPS receivers say: sentences of NMEA 0183. Those of the most frequent moment-bearing kinds, one row a moment."""

import re

from .marks import Marks, plain_text

SENTENCE = re.compile(r"\$[A-Z]{2}([A-Z]{3}),([^*$]*)(?:\*[0-9A-Fa-f]{2})?\s*$")
FIELDS = {  # kind: (place of its field, name, unit); the moment stands first
    "GGA": ((5, "quality", ""), (6, "satellites", ""), (7, "hdop", ""), (8, "altitude", "m")),
    "RMC": ((6, "speed", "kn"), (7, "course", "°")),
}
PLACES = {"GGA": (1, 2, 3, 4), "RMC": (2, 3, 4, 5)}  # of latitude, N or S, longitude, E or W
DATE_AT = 8  # of RMC


def read(lines: list[str], text: bytes) -> Marks | None:
    some = [line for line in lines[:60] if line.strip()]
    if len(some) < 4 or sum(bool(SENTENCE.search(line)) for line in some) < 0.7 * len(some):
        return None
    moments: dict[tuple[str, str], dict[str, str]] = {}
    units: dict[str, str] = {}
    day = gone = 0
    date = last = ""
    for line in text.decode(errors="replace").split("\n"):
        match = SENTENCE.search(line)
        fields = match[2].split(",") if match else []
        kind = match[1] if match else ""
        if kind not in FIELDS or len(fields) < DATE_AT or not re.match(r"\d{6}", fields[0]):
            gone += bool(line.strip()) and not match
            continue
        if kind == "RMC" and len(fields) > DATE_AT and re.fullmatch(r"\d{6}", fields[DATE_AT]):
            date = f"20{fields[DATE_AT][4:]}-{fields[DATE_AT][2:4]}-{fields[DATE_AT][:2]}"
        day, last = day + (fields[0] < last), fields[0]
        clock = f"{fields[0][:2]}:{fields[0][2:4]}:{fields[0][4:]}"
        row = moments.setdefault((date or str(day), clock), {})
        lat, north, lon, east = (fields[place] for place in PLACES[kind])
        for name, degrees in (("latitude", _degrees(lat, north)), ("longitude", _degrees(lon, east))):
            row[name], units[name] = degrees, "°"
        for place, name, unit in FIELDS[kind]:
            row[name], units[name] = fields[place] if place < len(fields) else "", unit
    if len(moments) < 2:
        return None
    heading = ["time", *(f"{name} [{unit}]" if unit else name for name, unit in units.items())]
    dated = bool(date)
    rows = [
        [f"{of} {clock}" if dated and "-" in of else clock, *(row.get(name, "") for name in units)]
        for (of, clock), row in moments.items()
        if not dated or "-" in of
    ]
    return Marks("what a GPS receiver says (NMEA 0183)", plain_text([heading, *rows]), ("time",), left_out=gone)


def _degrees(text: str, side: str) -> str:
    """Degrees of "4807.038" and N, S, E or W: degrees and minutes."""
    match = re.fullmatch(r"(\d+?)(\d{2}(?:\.\d*)?)", text)
    if not match:
        return ""
    return f"{(int(match[1]) + float(match[2]) / 60) * (-1 if side in ('S', 'W') else 1):.7f}"
