"""What the links to all pages may say. `python -m pages.sections.links` prints the documentation of it."""

import sys

from ..ui.link import HINTS, OPEN, PRESENT, Parameters, table
from .bottleneck import link as bottleneck
from .data import link as data
from .explore import link as explore
from .interpolate import link as interpolate
from .lesson.link import LESSON
from .playground import link as playground
from .runs import link as runs
from .signals import link as signals
from .train import link as train
from .variants import link as variants

PAGES: dict[str, Parameters] = {
    "data": data.PARAMETERS,
    "explore": explore.PARAMETERS,
    "bottleneck": bottleneck.PARAMETERS,
    "interpolate": interpolate.PARAMETERS,
    "train": train.PARAMETERS,
    "playground": playground.ALL,
    "runs": runs.PARAMETERS,
    "signals": signals.PARAMETERS,
    "variants": variants.PARAMETERS,
}


def documentation() -> str:
    """Every page's parameters, as Markdown."""
    parts = ["# What a link may say", "Written by `python -m pages.sections.links`: a test compares the two."]
    for title, parameters in {"every page": (PRESENT, OPEN, HINTS, LESSON), **PAGES}.items():
        parts += [f"## {title.capitalize()}", table(parameters)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(documentation())
