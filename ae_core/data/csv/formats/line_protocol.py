"""InfluxDB's line protocol: a measurement with its tags, fields with values, and when, on each line."""

import re

from .marks import Marks, plain_text

LINE = re.compile(
    r"^(?P<series>(?:\\.|[^\s\\,=#])+(?:,(?:\\.|[^\s\\,=])+=(?:\\.|[^\s\\,=])+)*) "
    r"(?P<fields>(?:\\.|\"(?:\\.|[^\"\\])*\"|[^\s\\\"])+=(?:\\.|\"(?:\\.|[^\"\\])*\"|[^\s\\\"])+)"
    r"(?: (?P<time>-?\d+))?\s*$"
)
FIELD = re.compile(r"((?:\\.|[^\\,=])+)=(\"(?:\\.|[^\"\\])*\"|(?:\\.|[^\\,\"])+)")
WHOLE = re.compile(r"(-?\d+)[iu]")


def read(lines: list[str], text: bytes) -> Marks | None:
    some = [line for line in lines[:60] if line.strip() and not line.startswith("#")]
    if len(some) < 4 or sum(bool((m := LINE.match(line)) and m["time"]) for line in some) < 0.7 * len(some):
        return None
    rows: list[tuple[str, str, str, str]] = []  # (time, series, field, value)
    gone = 0
    for line in text.decode(errors="replace").split("\n"):
        match = LINE.match(line.rstrip("\r"))
        if not match or not match["time"]:
            gone += bool(line.strip()) and not line.startswith("#")
            continue
        for name, value in FIELD.findall(match["fields"]):
            value = whole[1] if (whole := WHOLE.fullmatch(value)) else value.strip('"')
            rows.append((match["time"], _plain(match["series"]), _plain(name), value))
    several = len({series for _, series, _, _ in rows}) > 1
    plain = [(time, f"{series} {name}" if several else name, value) for time, series, name, value in rows]
    fields = {name for _, name, _ in plain}
    if len(fields) == 1:
        title = next(iter(fields))
        made, said = plain_text([("time", title), *((time, value) for time, _, value in plain)]), {}
    else:
        made, said = plain_text([("time", "name", "value"), *plain]), {"layout": "long"}
    return Marks(
        "InfluxDB's line protocol", made, ("time",), said={"delimiter": ",", "decimal": ".", **said}, left_out=gone
    )


def _plain(name: str) -> str:
    """A name without the signs that keep its commas and blanks."""
    return re.sub(r"\\(.)", r"\1", name)
