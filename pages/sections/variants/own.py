"""Variants of a person's own samples: whose runs are here, and which figures make sense for them."""

from ae_core.runs.checkpoint import Checkpoint

from ...session.models import of_file
from ...ui.wording import of_these_data, thing_of
from ..lesson.sayings import Saying, saying
from . import words
from .models import Models

PICTURES_ALONE = ("mask", "tokens")  # patches of a picture are masked, tokens have places on it
SHIPPED_ALONE = ("beta",)  # models that differ in β alone, by their names
OTHERWISE = {"noise": "signal-noise", "classes": "signal-classes"}  # of signals


def files_of(models: Models) -> dict[str, str]:
    """{kept file: what a menu calls it} of the runs on a person's own samples."""
    files = {}
    for checkpoint in models.values():
        if checkpoint.config.data == "samples":
            files.setdefault(str(checkpoint.config.source.get("file", "")), of_file(checkpoint.config))
    return files


def models_of(models: Models, file: str) -> Models:
    """Those of these samples; with file "" those of no person's own."""
    if not file:
        return {name: each for name, each in models.items() if each.config.data != "samples"}
    return {
        name: each
        for name, each in models.items()
        if each.config.data == "samples" and each.config.source.get("file") == file
    }


def figures_of(kinds: tuple[str, ...], models: Models) -> tuple[str, ...]:
    """Of a variant's figures those that make sense for these samples."""
    flat = any(len(each.shape) == 2 for each in models.values())
    fitting = []
    for kind in kinds:
        if kind in SHIPPED_ALONE or (flat and kind in PICTURES_ALONE) or (kind in OTHERWISE.values()):
            continue
        fitting.append(OTHERWISE.get(kind, kind) if flat else kind)
    return tuple(fitting) or ("rebuild",)


def left_out(kinds: tuple[str, ...], models: Models) -> str:
    """A sentence on figures that make no sense for these samples; "" where all do."""
    flat = any(len(each.shape) == 2 for each in models.values())
    gone = [k for k in kinds if k in SHIPPED_ALONE or (flat and k in PICTURES_ALONE)]
    return words.LEFT_OUT.format(figures=", ".join(words.FIGURES[kind] for kind in gone)) if gone else ""


def is_own(checkpoint: Checkpoint) -> bool:
    return checkpoint.config.data == "samples"


def title_of(kind: str, checkpoint: Checkpoint | None) -> str:
    """What a figure is called, of these samples."""
    if checkpoint is None or not is_own(checkpoint):
        return words.FIGURES[kind]
    return words.OWN_CLASSES if "classes" in kind else of_these_data(words.FIGURES[kind], thing_of(checkpoint))


def said_of(kind: str, checkpoint: Checkpoint) -> Saying:
    """What is said of a figure, of these samples."""
    if not is_own(checkpoint):
        return saying(kind)
    return saying("classes, own" if "classes" in kind else kind).about(thing_of(checkpoint))
