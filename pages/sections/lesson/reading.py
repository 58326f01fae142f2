"""Lessons as the pages have them: what one may name, and those that ship."""

import functools
from pathlib import Path

from ae_core import LatentError
from ae_core.lessons import Lesson, read_lesson

from ..links import PAGES
from . import words

SHIPPED = Path(__file__).with_name("shipped")
NAMES = ("latent-space", "machine")  # the first one is offered where no page has its own
FIRST_ON = {"machine": ["signals"]}

# The tasks, with the page that each is judged on (pages/components/lesson/judges.js); and what a lesson may
# move, or bring into sight.
TASKS = {
    "rebuild": "interpolate",
    "border": "explore",
    "hole": "explore",
    "smallest-k": "bottleneck",
    "gives-up": "variants",
    "threshold": "signals",
    "another-digit": "variants",
}
PARTS = (
    *("top", "draw-pad", "latent-pad", "decoded", "bottleneck-slider", "curve", "t-slider", "amount", "input", "again"),
    *("threshold-slider", "error-track", "error-histogram", "signal-lanes", "signal-map", "stretch-table"),
    "pca-switch",
)


def read(data: bytes | str) -> Lesson:
    """A lesson's file. Raises LatentError with the line of what is wrong."""
    return read_lesson(data, {page: [each.name for each in all_] for page, all_ in PAGES.items()}, TASKS, PARTS)


@functools.cache
def shipped(name: str) -> Lesson:
    """A lesson that ships. Raises LatentError for another name."""
    if name not in NAMES:
        raise LatentError(words.NO_LESSON.format(name=name[:40], names=", ".join(NAMES)))
    return read((SHIPPED / f"{name}.md").read_bytes())
