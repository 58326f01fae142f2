"""The k slider: what is left of a picture or a signal, by PCA and by a network, computed in the page while k moves."""

from collections.abc import Callable

from ..register import component
from .types import BottleneckData, BottleneckView

_mount = component("bottleneck_slider", __file__)


def bottleneck_slider(data: BottleneckData, key: str, on_release: Callable[[], None]) -> BottleneckView | None:
    """Show the nested model `data["model"]` (`channel.send_model` sends it and its encoder) beside PCA.

    on_release: runs when what it returns has changed.
    Returns what was last let go; None before.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
