"""The live figure of a variant: what its part of the autoencoder changes, computed in the page."""

from collections.abc import Callable

from ..register import component
from .types import VariantsData, VariantsView

_mount = component("variants", __file__)


def variants(data: VariantsData, key: str, on_release: Callable[[], None]) -> VariantsView | None:
    """Show the figure `data["figure"]` of the models in `data["roles"]` (`channel.send_model` sends them).

    on_release: runs when what it returns has changed.
    Returns what was last let go, as `data["start"]` has it; None before.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
