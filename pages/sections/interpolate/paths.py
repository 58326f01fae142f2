"""The paths and ends of a morph, for its link and its figure."""

from typing import Any

import numpy as np

from ae_core.latent.morph import PATHS

from ...session.models import LoadedModel


def offered_paths(item: LoadedModel) -> list[str]:
    """The paths that make sense here: on a great circle only where the codes lie near a sphere."""
    return [path for path in PATHS if path != "spherical" or (item.model.bottleneck.gaussian and item.model.k > 2)]


def end_at(item: LoadedModel, index: int) -> dict[str, Any]:
    """A held-out sample's code as an end of a morph."""
    return {"index": index, "z": item.codes["z"][index].astype(float).tolist()}


def first_of_class(item: LoadedModel, name: str, otherwise: int) -> int:
    """The first held-out sample of the class of this name, or `otherwise`."""
    classes, y = item.checkpoint.classes, item.codes.get("y")
    rows = np.flatnonzero(y == classes.index(name)) if y is not None and name in classes else []
    return int(rows[0]) if len(rows) else otherwise


def default_ends(item: LoadedModel) -> dict[str, dict[str, Any]]:
    """A 1 that becomes a 7, where there are any."""
    return {
        "a": end_at(item, first_of_class(item, "1", 0)),
        "b": end_at(item, first_of_class(item, "7", len(item.codes["z"]) // 2)),
    }


def default_corners(item: LoadedModel) -> list[int]:
    """Four held-out samples, of different classes where there are so many."""
    count = len(item.codes["z"])
    return [first_of_class(item, name, i * (count - 1) // 3) for i, name in enumerate(("0", "1", "7", "4"))]
