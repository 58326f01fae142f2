"""Lines of plain Python that read, split and scale a table of samples as `Samples.prepare` does."""

import inspect
from typing import Any

import numpy as np

from ..csv.cells import DELIMITERS
from .collection import Collection, Layout, whole_text
from .split import HELD_OUT, SEED


def plain_lines(path: str, collection: Collection, normal: int | None) -> str:
    """The lines, or "" where a few would not do: of other files than tables, of groups, missing values, or rows that
    were mended.

    normal: the class that is trained on alone, None for all.
    """
    layout, y, values = collection.layout, collection.y, collection.values
    grey = collection.kind == "pictures" and values.dtype == np.uint8 and values.shape[1] == 1
    if layout is None or collection.groups is not None or not (grey or collection.kind in ("signals", "features")):
        return ""
    if (y is not None and (y < 0).any()) or not np.isfinite(values).all() or (y is None and normal is not None):
        return ""
    spaced = layout.delimiter == " "
    number = "float(row[c])" if layout.decimal == "." else 'float(row[c].replace(",", "."))'
    cut = "line.split() for line in file if line.strip()" if spaced else "row for row in reader if row"
    lines = [
        "import sys",
        "import numpy as np" if spaced else "import csv\nimport numpy as np",
        "# Your samples, one in each row; another file of the same kind as this program's argument.",
        f"path = sys.argv[1] if len(sys.argv) > 1 else {path!r}",
        f'with open(path, newline="", encoding={layout.encoding!r}) as file:',
        *([] if spaced else [f"    reader = csv.reader(file, delimiter={layout.delimiter!r}, skipinitialspace=True)"]),
        f"    rows = [{cut}][-{len(collection)}:]  # below the heading",
        f"values = np.array([[{number} for c in {_columns(layout.columns)}] for row in rows], np.float32)",
    ]
    lines += _classes(layout, collection)
    lines.append("all_rows = np.arange(len(rows))" if normal is None else f"all_rows = np.flatnonzero(y == {normal})")
    lines += inspect.cleandoc(f"""
        # A fifth of each class is held out; what is left over by one is given to the next.
        random, held_out, carried = np.random.default_rng({SEED}), [], 0.0
        for label in np.unique(y[all_rows]):
            own = random.permutation(all_rows[y[all_rows] == label])
            count = min(round({HELD_OUT} * len(own) + carried), len(own) - 1)
            carried = min({HELD_OUT} * len(own) + carried - count, 1.0)
            held_out.append(own[:count])
        test = np.sort(np.concatenate(held_out))
        train = np.setdiff1d(all_rows, test)
    """).splitlines()
    lines += _scaled(collection)
    lines.append("x_train, x_test = torch.from_numpy(x[train]), torch.from_numpy(x[test])")
    return "\n".join(lines)


def _columns(columns: tuple[int, ...]) -> str:
    """
    >>> _columns((1, 2, 3)), _columns((0, 2))
    ('range(1, 4)', '(0, 2)')
    """
    first, last = columns[0], columns[-1]
    return f"range({first}, {last + 1})" if columns == tuple(range(first, last + 1)) else repr(columns)


def _classes(layout: Layout, collection: Collection) -> list[str]:
    label = layout.label
    if label is None or collection.y is None:
        return ["y = np.zeros(len(rows), int)"]
    number = all(_is_number(name) for name in collection.classes)
    cell = f"row[{label}]" if layout.decimal == "." else f"row[{label}].replace(',', '.')"
    name = f'f"{{float({cell}):g}}"' if number else f"row[{label}].strip()"
    return [f"classes = {list(collection.classes)!r}", f"y = np.array([classes.index({name}) for row in rows])"]


def _is_number(name: str) -> bool:
    try:
        return whole_text(float(name)) == name
    except ValueError:
        return False


def _scaled(collection: Collection) -> list[str]:
    shape = ", ".join(map(str, collection.values.shape[1:]))
    if collection.kind == "pictures":
        return [f"x = values.reshape(-1, {shape}) / np.float32(255)"]
    axis = "0" if collection.kind == "features" else "None"
    return [
        "# Less the mean, in standard deviations: those of the training rows.",
        "learned = values[train].astype(np.float64)",
        f"centre, spread = learned.mean({axis}).astype(np.float32), learned.std({axis}).astype(np.float32)",
        f"x = ((values - centre) / np.where(spread > 0, spread, np.inf)).astype(np.float32).reshape(-1, {shape})",
    ]


def layout_of(notes: list[Any], left_out: int, columns: tuple[int, ...], label: int | None) -> Layout | None:
    """How a text holds the samples, where nothing of it was mended; None elsewhere."""
    said = {note.what: note.value for note in notes}
    if left_out or "delimiter" not in said or "encoding" not in said:
        return None
    decimal = "," if said.get("decimal") == "comma" else "."
    return Layout(DELIMITERS[said["delimiter"]], decimal, str(said["encoding"]), columns, label)
