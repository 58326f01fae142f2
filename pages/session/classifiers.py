"""The classifiers that ship, as the browser takes them: one for all models of the same data."""

import functools
import math

from ae_core import LatentError
from ae_core.latent.payload import pack_classifier
from ae_core.training.classifier import load_classifier

from .models import LoadedModel


def classifier_blob(views: list[LoadedModel]) -> tuple[str, bytes] | None:
    """(name, bytes) of the classifier for what these models draw; None where there is none."""
    checkpoint = views[0].checkpoint
    if not checkpoint.classes or checkpoint.config.data == "own":
        return None
    return _packed(checkpoint.config.data, tuple(checkpoint.shape), checkpoint.classes)


@functools.lru_cache(maxsize=8)
def _packed(data: str, shape: tuple[int, ...], classes: tuple[str, ...]) -> tuple[str, bytes] | None:
    try:
        model = load_classifier(data, math.prod(shape), len(classes))
    except LatentError:  # damaged: the map is there without it
        return None
    name = f"{data}:classifier"
    return None if model is None else (name, pack_classifier(name, data, model, shape, classes))
