"""aeon's and sktime's .ts: comments, @ lines, a signal a line, its channels apart by colons, the class at the end."""

from ....base.errors import LatentError
from .marks import Marks, plain_text


def read(lines: list[str], text: bytes) -> Marks | None:
    if not any(line.lower().startswith("@problemname") for line in lines[:200]):
        return None
    said: dict[str, str] = {}
    rows: list[list[str]] = []
    started = False
    for line in text.decode(errors="replace").split("\n"):
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        if plain.startswith("@"):
            started |= plain.lower() == "@data"
            name, _, value = plain[1:].partition(" ")
            said[name.lower()] = value.strip()
        elif started:
            rows.append(plain.split(":"))
    if not rows:
        raise LatentError("The .ts file has no lines after @data: download it again.")
    classes = said.get("classlabel", "false").lower().startswith("true") or said.get(
        "targetlabel", "false"
    ).lower().startswith("true")
    width = max(set(map(len, rows)), key=[len(row) for row in rows].count)
    channels = width - classes
    lengths = [
        max(part.count(",") + 1 for part in (row[c] for row in rows if len(row) == width)) for c in range(channels)
    ]
    heading = [f"t{t}" if channels == 1 else f"dim {c + 1} t{t}" for c in range(channels) for t in range(lengths[c])]
    made = []
    for row in rows:
        if len(row) != width:
            continue
        cells = [(part.split(",") + [""] * lengths[c])[: lengths[c]] for c, part in enumerate(row[:channels])]
        made.append([cell.strip() for part in cells for cell in part] + ([row[-1].strip()] if classes else []))
    table = plain_text([[*heading, *(["class"] if classes else [])], *made])
    return Marks(
        ("of aeon and sktime "
        f"(.ts{f', {channels} channels' if channels > 1 else ''})"), table, label="class" if classes else None,
        left_out=len(rows) - len(made), said={"layout": "samples"},
    )  # fmt: skip
