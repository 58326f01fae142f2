"""What a run has written down of itself: its recipe, a line of figures an epoch, and the figures at the end."""

import json
from pathlib import Path
from typing import Any

from ..base.errors import LatentError
from ..base.files import read_json
from ..model.config import Config

MAX_METRICS_BYTES = 128 << 20  # bytes of metrics.jsonl; 100,000 epochs of ours have a quarter of that


def read_config(folder: Path) -> Config:
    """The recipe of a run that may have no data yet; LatentError where it cannot be read."""
    try:
        return Config.from_json(read_json(folder / "config.json")["config"])
    except (KeyError, TypeError) as error:
        raise LatentError(f"{folder / 'config.json'} is not one that this program wrote.") from error


def read_metrics(folder: Path) -> list[dict[str, float]]:
    """The lines of a run's metrics.jsonl, an epoch each; one that a crash cut off, or that is foreign, is left out."""
    lines = []
    try:
        if (folder / "metrics.jsonl").stat().st_size > MAX_METRICS_BYTES:
            return []
        text = (folder / "metrics.jsonl").read_text("utf-8", errors="replace")
    except OSError:
        return []
    for line in text.splitlines():
        try:
            numbers = {name: value for name, value in json.loads(line).items() if is_figure(value)}
        except (ValueError, AttributeError, RecursionError):
            continue
        if (
            {"epoch", "seconds", "train_loss", "test_loss"} <= set(numbers)
            and isinstance(numbers["epoch"], int)
            and numbers["epoch"] > 0
        ):
            lines.append(numbers)
    return lines


def read_measures(folder: Path) -> dict[str, Any]:
    """What measures.json says; nothing while the run is not done."""
    path = folder / "measures.json"
    values = read_json(path) if path.exists() else {}
    if not isinstance(values, dict):
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
