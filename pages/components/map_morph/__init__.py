"""Several maps of the same samples, one turning into the other in the page."""

from collections.abc import Callable

from ..register import component
from .types import MapMorphData, MapMorphView

_mount = component("map_morph", __file__)


def map_morph(data: MapMorphData, key: str, on_release: Callable[[], None] = lambda: None) -> MapMorphView | None:
    """Show the maps in `data`.

    on_release: runs when what it returns has changed.
    Returns what was last let go; None before.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
