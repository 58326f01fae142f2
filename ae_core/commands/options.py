"""A recipe's knobs as options, and back."""

import argparse
from typing import Any

from ..base.options import Knob, knobs
from ..data import sources
from ..model.config import Config, all_knobs
from ..model.variants import VARIANTS


def add_options(parser: argparse.ArgumentParser) -> None:
    """An option for every knob: the recipe's own, then those of single sources and variants."""
    groups: list[Any] = [(parser, {n: f for n, f in knobs(Config).items() if n not in ("data", "variant")})]
    own = {name: f for name, (_, f) in all_knobs().items()}
    owners: dict[str, list[str]] = {name: [] for name in own}
    of_sources = [(name, knobs(kind)) for name, kind in sources().items()]
    of_variants = [(name, row.knobs()) for name, row in VARIANTS.items()]
    for title, fields in of_sources + of_variants:
        for name in fields:
            owners[name].append(title)
    for holders in dict.fromkeys(tuple(o) for o in owners.values()):
        group = parser.add_argument_group(f"only with {', '.join(holders)}")
        groups.append((group, {n: f for n, f in own.items() if tuple(owners[n]) == holders}))
    for group, fields in groups:
        for name, f in fields.items():
            knob: Knob = f.metadata["knob"]
            default = ",".join(map(str, f.default)) if isinstance(f.default, tuple) else f.default
            unit = f" {knob.unit}" if knob.unit else ""
            group.add_argument(
                f"--{name.replace('_', '-')}",
                dest=name,
                metavar="…",
                help=f"{knob.help} (default {default}{unit})".replace("%", "%%"),
            )
            for alias in knob.aliases:
                group.add_argument(f"--{alias.replace('_', '-')}", dest=name, help=argparse.SUPPRESS)


def config_from(args: argparse.Namespace) -> Config:
    """The recipe that was asked for; knobs that were not given keep their defaults."""
    given: dict[str, Any] = {n: getattr(args, n) for n in knobs(Config) if getattr(args, n) is not None}
    for name, (part, _) in all_knobs().items():
        if getattr(args, name) is not None:
            given.setdefault(part, {})[name] = getattr(args, name)
    return Config(**given)
