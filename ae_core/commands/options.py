"""A recipe's knobs as options, grouped by what one wants to do, and back.

The dozen that most people want stand in --help, all of them in --help-all; none stands where the command cannot use it.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import Field
from typing import Any

from ..base.options import Knob, knobs
from ..data import sources
from ..data.csv.source import Csv
from ..data.samples.source import Samples
from ..model.config import Config, all_knobs
from ..model.variants import VARIANTS

COMMON = {  # of each command: the knobs that --help shows
    "train": ("k", "hidden", "epochs", "lr", "batch_size", "seed", "beta", "file", "normal", "window"),
    "sweep": ("k", "hidden", "epochs", "lr", "batch_size", "seed", "file", "normal", "window"),
    "score": ("normal", "columns", "label", "time", "missing", "window", "epochs"),
    "read": ("columns", "time", "label", "missing", "delimiter", "decimal", "day_first"),
}
READING, TABLE = "how the table is read", "windows of the table, what is normal in them, and their scores"
SAMPLES = "a person's own samples (only with samples, which read label, delimiter and their like as csv does)"
NETWORK = "the network and its training"
PROPOSED = ("k", "hidden", "batch_size", "epochs", "keep", "lr")  # by `recipe`, for a table that is scored
CUTTING = (
    *("normal", "window", "stride", "max_gap_steps", "resample_seconds"),
    *("score_type", "smoothing_rows", "variance"),
)

Fields = Mapping[str, Field]


def add_options(parser: argparse.ArgumentParser, command: str, everything: bool = True) -> None:
    """An option for every knob that `command` can use.

    everything: whether help shows all of them, or the common ones alone.
    """
    for title, fields in groups(command).items():
        shown = everything or any(name in COMMON[command] for name in fields)
        group = parser.add_argument_group(title) if shown else parser
        for name, f in fields.items():
            knob: Knob = f.metadata["knob"]
            default = "as suits the table" if command == "score" and name in PROPOSED else f.default
            help_ = knob_help(knob, default) if everything or name in COMMON[command] else argparse.SUPPRESS
            group.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="…", help=help_)
            for alias in knob.aliases:
                group.add_argument(f"--{alias.replace('_', '-')}", dest=name, help=argparse.SUPPRESS)


def groups(command: str) -> dict[str, Fields]:
    """The knobs that a command can use, by what one wants to do with them."""
    table = knobs(Csv)
    of_table = {
        READING: {name: f for name, f in table.items() if name not in ("file", *CUTTING)},
        TABLE: {name: table[name] for name in CUTTING},
    }
    of_samples = {SAMPLES: {name: f for name, f in knobs(Samples).items() if name not in table}}
    if command == "read":
        return {READING: of_table[READING] | {name: table[name] for name in ("resample_seconds", "max_gap_steps")}}
    grouped: dict[str, Fields] = {NETWORK: {n: f for n, f in knobs(Config).items() if n not in ("data", "variant")}}
    if command == "score":
        grouped = {TABLE: of_table[TABLE], READING: of_table[READING]} | of_samples | grouped
    else:
        others = [(name, knobs(kind)) for name, kind in sources().items() if kind not in (Csv, Samples)]
        grouped |= _by_owner(others, "source") | of_samples
        grouped |= {f"{title} (only with csv)": fields for title, fields in of_table.items()}
        grouped[f"{READING} (only with csv)"] = {"file": table["file"], **grouped[f"{READING} (only with csv)"]}
    return grouped | _by_owner([(name, row.knobs()) for name, row in VARIANTS.items()], "sockets")


def _by_owner(owners: Sequence[tuple[str, Fields]], part: str) -> dict[str, Fields]:
    """Knobs of sources or variants, by the names of those that have them."""
    holders: dict[str, list[str]] = {}
    for title, fields in owners:
        for name in fields:
            holders.setdefault(name, []).append(title)
    own = {name: f for name, (where, f) in all_knobs().items() if where == part and name in holders}
    titles = dict.fromkeys(tuple(holders[name]) for name in own)
    return {
        f"only with {', '.join(titles_)}": {name: f for name, f in own.items() if tuple(holders[name]) == titles_}
        for titles_ in titles
    }


def knob_help(knob: Knob, default: Any) -> str:
    """What a knob is, its choices, and its default where that says something."""
    choices = [choice for choice in knob.choices if choice]
    said = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    unit = f" {knob.unit}" if knob.unit else ""
    more = [f"one of {', '.join(choices)}"] if choices else []
    if said not in ("", "None") and not (said in ("0", "0.0") and "0:" in knob.help):
        more.append(f"default {said}{unit}")
    beside = f" ({'; '.join(more)})" if more else ""
    return f"{knob.help}{beside}".replace("%", "%%")


def config_from(args: argparse.Namespace) -> Config:
    """The recipe that was asked for; knobs that were not given keep their defaults."""
    given: dict[str, Any] = {n: v for n in knobs(Config) if (v := getattr(args, n, None)) is not None}
    for name, (part, _) in all_knobs().items():
        if (value := getattr(args, name, None)) is not None:
            given.setdefault(part, {})[name] = value
    return Config(**given)
