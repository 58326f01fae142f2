"""One sample turned into another, or four into each other, computed in the page while t or the handle moves."""

from collections.abc import Callable

from ..register import component
from .types import CornersData, CornersView, MorphData, MorphView

_mount = component("morph", __file__)


def morph(data: MorphData | CornersData, key: str, on_release: Callable[[], None]) -> MorphView | CornersView | None:
    """Show the figure `data["figure"]` of the model `data["model"]`, whose blob is sent by `channel.send_model`.

    on_release: runs when what it returns has changed.
    Returns what was last let go: ends, path and t, or the four corners and the place between them; None before.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
