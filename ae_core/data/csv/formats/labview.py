"""LabVIEW's measurement files (.lvm): settings in segments, each closed by ***End_of_Header***, tabs between."""

import re

from .marks import Marks, cells, headed


def read(lines: list[str], text: bytes) -> Marks | None:
    if not lines[0].startswith("LabVIEW Measurement"):
        return None
    ends = [i for i, line in enumerate(lines) if line.startswith("***End_of_Header***")]
    if not ends:
        return None
    settings = {
        cells(line, "\t")[0].lower(): cells(line, "\t")[1:]
        for line in lines[: ends[-1]]
        if line.strip() and "\t" in line
    }
    decimal = (settings.get("decimal_separator") or ["."])[0] or "."
    all_lines = text.decode(errors="replace").split("\n")
    at = ends[-1] + 1
    names = cells(all_lines[at], "\t") if at < len(all_lines) else []
    has_names = bool(names) and not re.match(r"[-+\d.,]+$", names[-1] or "x")
    rows = all_lines[at + has_names :]
    width = max((len(row.split("\t")) for row in rows[:20] if row.strip()), default=0)
    names = (names if has_names else ["X_Value", *(f"channel {j}" for j in range(1, width))])[:width]
    names = [*names, *[""] * width][:width]
    units = settings.get("y_unit_label", [])
    body = "\n".join(row for row in rows if row.strip() and not row.startswith("***")).encode()
    used = [*(["s"] if names and names[0].lower().startswith("x") else [""]), *units]
    drop = tuple(name for name in names if name.lower() == "comment")
    given = {"delimiter": "\t", "decimal": decimal}
    first = names[0] if names and names[0] else ""
    fixed = (settings.get("x_columns") or ["One"])[0].lower() == "no"
    step = float((settings.get("delta_x") or ["0"])[0].replace(",", ".") or 0)
    if fixed and step > 0:
        names[0] = names[0] or "X_Value"
        return Marks(
            "a LabVIEW measurement",
            headed(names, used, body, "\t"),
            drop=(*drop, *([names[0]] if not rows[0].split("\t")[0].strip() else [])),
            step=step,
            said=given,
        )
    return Marks(
        "a LabVIEW measurement",
        headed(names, used, body, "\t"),
        (first,) if first.lower().startswith("x") else (),
        drop=drop,
        said=given,
    )
