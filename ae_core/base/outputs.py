"""Files that the command line writes where it was told to."""

import os
from pathlib import Path

from .errors import LatentError
from .files import replace


def check_outputs(table: Path, *paths: Path) -> None:
    """LatentError where one of the files that shall be written is a folder, cannot be made, or is the table or another
    one of them.
    """
    taken = {table.resolve()}
    for path in paths:
        parent = next(p for p in path.resolve().parents if p.exists())
        if path.is_dir() or not parent.is_dir() or not os.access(path if path.exists() else parent, os.W_OK):
            raise LatentError(f"{path} cannot be written: choose another file for it.")
        if path.resolve() in taken:
            raise LatentError(f"{path} would be written over: choose another file for what comes out.")
        taken.add(path.resolve())


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. LatentError where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, lambda beside: beside.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise LatentError(f"{path} cannot be written ({error.strerror or error}): choose another --out.") from error
