"""Files and folders that the command line writes where it was told to: nothing that it did not write is overwritten,
and no folder is made for a path that was mistyped.
"""

import os
import re
from pathlib import Path

from .errors import LatentError
from .files import replace

GENERATOR = '<meta name="generator" content="Latent Explorer">'  # in the head of each page that is written
PRODUCER = "latent-explorer"  # in an ONNX file, and beside one
OVER_TIME = "How raw scores of detector.onnx become those of `score`."  # begins the program beside one
OURS = re.compile(
    rb'\A"?(time"?,"?)?score"?,"?threshold"?,"?abnormal|\Arow,score,abnormal,held_out|\A"?start"?,"?end"?,"?first_row|'
    + f"{re.escape(GENERATOR)}|{PRODUCER}|{re.escape(OVER_TIME)}".encode()
    + rb'|\A\{"names": \[.*"step_seconds"',  # beside an ONNX file, before it said whose it is
    re.DOTALL,
)
BEGINNING = 4096  # bytes, in which one of them stands


def check_outputs(table: Path, *paths: Path) -> None:
    """LatentError where one of the files that shall be written is a folder, cannot be made, was not written by this
    program, or is the table or another one of them.
    """
    taken = {table.resolve()}
    for path in paths:
        try:
            _check_output(path)
        except OSError as error:
            raise LatentError(
                f"{str(path)[:200]} cannot be written ({error.strerror or error}): choose another file for it."
            ) from error
        if path.resolve() in taken:
            raise LatentError(f"{path} would be written over: choose another file for what comes out.")
        check_ours(path)
        taken.add(path.resolve())


def check_ours(path: Path) -> None:
    """LatentError where a file holds something that this program did not write."""
    if path.is_file():
        with path.open("rb") as file:
            begins = file.read(BEGINNING)
        if begins and not OURS.search(begins):
            raise LatentError(f"{path} was not written by this program and stays as it is: choose another file.")


def check_folder(path: Path) -> None:
    """LatentError where a folder cannot be made: a file lies there, its name is too long, or the folder that it shall
    lie in is not there.
    """
    try:
        path.stat()
        is_there = True
    except FileNotFoundError:
        is_there = False
    except OSError as error:
        raise LatentError(
            f"{str(path)[:200]} cannot be made ({error.strerror or error}): choose another --out."
        ) from error
    if is_there and not path.is_dir():
        raise LatentError(f"{path} is a file, and a folder is needed: choose another --out.")
    if not is_there and not path.absolute().parent.is_dir():
        raise LatentError(f"There is no folder {path.parent}: make it, or choose another --out.")


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. LatentError where it cannot be."""
    try:
        replace(path, lambda beside: beside.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise LatentError(f"{path} cannot be written ({error.strerror or error}): choose another --out.") from error


def _check_output(path: Path) -> None:
    """LatentError, or OSError, where a file cannot be written."""
    parent, is_there = path.absolute().parent, path.exists()
    if is_there and not path.is_file():
        raise LatentError(f"{path} cannot be written: choose another file for it.")
    if not parent.is_dir():
        reason = "cannot be written" if parent.exists() or parent.is_file() else "lies in no folder that is there"
        if any(above.is_file() for above in parent.parents):
            reason = "cannot be written"
        raise LatentError(f"{path} {reason}: choose another file for it.")
    if not os.access(path if is_there else parent, os.W_OK):
        raise LatentError(f"{path} cannot be written: choose another file for it.")
