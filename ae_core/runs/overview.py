"""All runs and checkpoints side by side: a row of figures each, and the settings in which some of them differ."""

import functools
from dataclasses import dataclass
from pathlib import Path

from ..base.errors import LatentError
from ..base.files import Stamp, stamps
from ..base.options import knobs
from ..data import source
from ..model.config import Config
from .folder import checkpoints, runs
from .records import last_metrics, read_config, read_measures
from .status import status

FIGURES = {  # as in measures.json: title, unit, decimals, whether less is better
    "squared_error": ("squared error", "a held-out sample", 2, True),
    "pca_squared_error": ("PCA's", "the same with as many numbers", 2, True),
    "negative_elbo": ("−ELBO", "nats a held-out sample", 2, True),
    "active_units": ("active units", "dimensions in use", 0, False),
    "neighbour_accuracy": ("5-NN", "class by the 5 nearest training codes, held out", 3, False),
    "probe_accuracy": ("linear probe", "class by logistic regression on the codes, held out", 3, False),
    "trustworthiness": ("trustworthiness", "whether near codes are near samples, 0 to 1", 3, False),
    "parameters": ("weights", "numbers that were trained", 0, True),
}
READ = ("config.json", "metrics.jsonl", "measures.json", "weights.safetensors")  # what a row is made of


@dataclass(frozen=True)
class Row:
    """A run or checkpoint in a table. figures: those of `FIGURES` that were measured; seconds: of training."""

    name: str
    folder: Path
    shipped: bool
    state: str
    epoch: int
    config: Config
    figures: dict[str, float]
    seconds: float | None


def rows() -> tuple[list[Row], list[str]]:
    """(every run, newest first, then every shipped checkpoint; a sentence for each folder that cannot be read)."""
    readable: list[Row] = []
    broken: list[str] = []
    for folders, shipped in ((runs(), False), (checkpoints(), True)):
        for name, folder in folders.items():
            try:
                config, figures, epoch, seconds = _facts(folder, stamps(folder, READ))
            except LatentError as error:
                broken.append(f"{name} is left out: {error}")
                continue
            state = "shipped" if shipped else status(folder)["state"]
            readable.append(Row(name, folder, shipped, state, epoch, config, dict(figures), seconds))
    return readable, broken


@functools.lru_cache(maxsize=2000)
def _facts(folder: Path, read: tuple[Stamp, ...]) -> tuple[Config, dict[str, float], int, float | None]:
    """(recipe, figures, epochs, seconds) of a run, as long as its files stay as they are. Raises LatentError."""
    config, last, measured = read_config(folder), last_metrics(folder), read_measures(folder)
    figures = {figure: measured[figure] for figure in FIGURES if isinstance(measured.get(figure), (int, float))}
    return config, figures, int(last["epoch"]) if last else 0, last["seconds"] if last else None


def settings(config: Config) -> dict[str, str]:
    """Every knob of a recipe by name, in words, with those that only its source and variant have."""
    values = {name: getattr(config, name) for name in knobs(Config)}
    parts = (source(config.data, **config.source), *config.row.sockets(dict(config.sockets)))
    values |= {name: getattr(part, name) for part in parts for name in knobs(type(part))}
    return {
        name: ", ".join(map(str, value))
        if isinstance(value, tuple)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
        for name, value in values.items()
    }


def differences(configs: list[Config]) -> dict[str, list[str]]:
    """The settings that are not the same in all of them: name → value in each, "–" where one has no such knob."""
    tables = [settings(config) for config in configs]
    names = dict.fromkeys(name for values in tables for name in values)
    table = {name: [values.get(name, "–") for values in tables] for name in names}
    return {name: values for name, values in table.items() if len(set(values)) > 1}
