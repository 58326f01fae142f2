"""Formats with a name, each in a module of its own that knows it by its marks.

A module `read(lines, text)` looks at the first lines and returns `Marks`, or None where the file is none of its kind; a
new format is a new module, found by being here.
"""

import importlib
import pkgutil
from collections.abc import Callable

from ..options import Options
from ..table import Findings
from .marks import Marks

Reader = Callable[[list[str], bytes], Marks | None]


def readers() -> dict[str, Reader]:
    """{name of the module: its reader} of every format."""
    by_name = {}
    for module in pkgutil.iter_modules(__path__):
        reader = getattr(importlib.import_module(f"{__name__}.{module.name}"), "read", None)
        if reader:
            by_name[module.name] = reader
    return by_name


def find_format(text: bytes, options: Options, findings: Findings) -> Marks:
    """The marks of the format that a text has, or none; says which it is."""
    if options.heading or options.header is not None:
        return Marks()
    lines = text[: 1 << 16].decode(errors="replace").split("\n")[:400]
    for reader in readers().values():
        marks = reader(lines, text)
        if marks:
            findings.note("format", marks.title, f"The file is {marks.title}.")
            findings.left_out += marks.left_out
            return marks
    return Marks()


__all__ = ["Marks", "find_format", "readers"]
