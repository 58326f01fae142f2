"""What a run has written down of itself: its recipe, a line of figures an epoch, and the figures at the end."""

import functools
import json
import os
from pathlib import Path
from typing import Any

from ..base.belonging import CHECKSUM, belongs
from ..base.errors import LatentError
from ..base.files import read_json
from ..model.config import Config

MAX_METRICS_BYTES = 128 << 20  # bytes of metrics.jsonl; 100,000 epochs of ours have a quarter of that
DATA_CHECKSUM = "data_checksum"  # in config.json: of what was read of a person's own file
CHANGED = "was trained on other values than its file holds now"
KEPT_BYTES = 1 << 20  # of metrics.jsonl, up to which a file's lines are kept once they were read
SHOWN_LINES = 2000  # of a larger one: more than a chart has points
LINE_BYTES = 16 << 10  # of a line, more than any of ours has
LAST_BYTES = 64 << 10  # of it, in which the last line stands


def read_config(folder: Path) -> Config:
    """The recipe of a run that may have no data yet; LatentError where it cannot be read."""
    try:
        return Config.from_json(read_json(folder / "config.json")["config"])
    except (KeyError, TypeError) as error:
        raise LatentError(f"{folder / 'config.json'} is not one that this program wrote.") from error


class DataChangedError(LatentError):
    """A run's file holds other values than when the run began."""


def check_data(folder: Path, checksum: str) -> None:
    """DataChangedError where a run's data, of which this is the checksum, are others than those it began with."""
    about = read_json(folder / "config.json")
    before = about.get(DATA_CHECKSUM) if isinstance(about, dict) else None
    if before and checksum and before != checksum:
        raise DataChangedError(
            f"{folder.name} {CHANGED}: put the file back as it was, or start a new run with the same settings."
        )


def read_metrics(folder: Path) -> list[dict[str, float]]:
    """The lines of a run's metrics.jsonl, an epoch each; one that a crash cut off, or that is foreign, is left out."""
    path = folder / "metrics.jsonl"
    try:
        file = path.stat()
        if file.st_size > MAX_METRICS_BYTES:
            return []
        if file.st_size > KEPT_BYTES:
            return list(_lines(path))
        return list(_kept_lines(path, file.st_ino, file.st_size, file.st_mtime_ns))
    except OSError:
        return []


def shown_metrics(folder: Path) -> list[dict[str, float]]:
    """What is drawn of a run's metrics.jsonl: `read_metrics`, or of a large one the first line, the last, and
    SHOWN_LINES of those between, with which a page takes as long as with any other.
    """
    path = folder / "metrics.jsonl"
    by_epoch: dict[float, dict[str, float]] = {}
    try:
        if (size := path.stat().st_size) <= KEPT_BYTES:
            return read_metrics(folder)
        with path.open("rb") as file:
            for n in range(SHOWN_LINES):
                file.seek(size * n // SHOWN_LINES)
                if n:
                    file.readline(LINE_BYTES)  # it may be cut
                if numbers := _figures(file.readline(LINE_BYTES).decode("utf-8", errors="replace")):
                    by_epoch[numbers["epoch"]] = numbers
    except OSError:
        return []
    if last := last_metrics(folder):
        by_epoch[last["epoch"]] = last
    return [by_epoch[epoch] for epoch in sorted(by_epoch)]


def _lines(path: Path) -> tuple[dict[str, float], ...]:
    text = path.read_text("utf-8", errors="replace")
    return tuple(numbers for line in text.splitlines() if (numbers := _figures(line)))


@functools.lru_cache(maxsize=32)
def _kept_lines(path: Path, inode: int, size: int, mtime_ns: int) -> tuple[dict[str, float], ...]:
    """A file's lines as long as it stays as it is: a page that shows a run asks with each of its runs."""
    return _lines(path)


def last_metrics(folder: Path) -> dict[str, float] | None:
    """The last epoch's line of a run's metrics.jsonl, for which only the file's end is read; None where there is none.

    A list of runs costs the same, however many epochs they have.
    """
    try:
        with (folder / "metrics.jsonl").open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - LAST_BYTES))
            end = file.read(LAST_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return None
    lines = end.splitlines()[size > LAST_BYTES :]  # the first may be cut
    return next((numbers for line in reversed(lines) if (numbers := _figures(line))), None)


def epochs_made(folder: Path) -> int:
    """How many epochs a run has, as its last line says."""
    last = last_metrics(folder)
    return int(last["epoch"]) if last else 0


def _figures(line: str) -> dict[str, float] | None:
    """An epoch's figures in a line; None for one that was cut off or is foreign."""
    try:
        numbers = {name: value for name, value in json.loads(line).items() if is_figure(value)}
    except (ValueError, AttributeError, RecursionError):
        return None
    is_epoch = isinstance(numbers.get("epoch"), int) and numbers["epoch"] > 0
    return numbers if is_epoch and {"seconds", "train_loss", "test_loss"} <= set(numbers) else None


def read_measures(folder: Path) -> dict[str, Any]:
    """What measures.json says; nothing while the run is not done, or where other weights were measured."""
    path = folder / "measures.json"
    values = read_json(path) if path.exists() else {}
    if not isinstance(values, dict) or not belongs(folder, values.get(CHECKSUM)):
        return {}
    return {name: value for name, value in values.items() if all(map(is_figure, _listed(value)))}


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else [value]


def is_figure(value: Any) -> bool:
    """Whether a value of a JSON file, which may be any number, is one that can be drawn: finite, with room for a
    chart's margin, and exact where it is whole.
    """
    return abs(value) < 1e300 if type(value) is float else type(value) is int and abs(value) < 2**53


def rounded_figures(figures: dict[str, float | list[float]]) -> dict[str, float | list[float]]:
    """Five digits after the point: more would be noise, and less would hide differences."""
    return {
        name: [round(v, 5) for v in value] if isinstance(value, list) else round(value, 5)
        for name, value in figures.items()
    }
