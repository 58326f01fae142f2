"""Whether the film of a run is one of its weights."""

from pathlib import Path

from ..base.belonging import weights_checksum
from ..training import snapshots
from .records import last_metrics


def of_these_weights(folder: Path) -> bool:
    """Whether the last epoch's snapshot was taken of the weights that are there; earlier versions do not say."""
    mine = weights_checksum(folder)  # first: while a training goes on, what is read after it only becomes newer
    line, made = last_metrics(folder), snapshots.epochs(folder)
    if not line or not made or made[-1] != line["epoch"]:
        return True
    return snapshots.made_from(folder, made[-1]) in ("", mine)
