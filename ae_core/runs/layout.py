"""The places that a neighbour map is trained towards, kept with the run: made once, also where it is resumed."""

from pathlib import Path

from ..base.errors import LatentError
from ..base.files import read_tensors, reading
from ..sockets.neighbours import Layout

LAYOUT = "layout.safetensors"


def read_layout(path: Path, train: int, test: int) -> Layout | None:
    """What a run kept of so many training and held-out samples; None where there is nothing that fits."""
    if not path.exists():
        return None
    try:
        with reading(path, "layout of these data"):
            tensors = read_tensors(path)
            layout = Layout(**tensors)
    except (LatentError, TypeError):  # damaged: it is made again
        return None
    sizes = (layout.neighbours.shape[:1], layout.places.shape, layout.places_test.shape)
    fits = sizes == ((train,), (train, 2), (test, 2))
    return layout if fits and bool(layout.places.isfinite().all() and layout.places_test.isfinite().all()) else None
