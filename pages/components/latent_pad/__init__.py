"""The draggable latent map with the decode beside it, computed in the page."""

from collections.abc import Callable

from ..register import component
from .types import LatentPadData, LatentPadView

_mount = component("latent_pad", __file__)


def latent_pad(data: LatentPadData, key: str, on_release: Callable[[], None]) -> LatentPadView | None:
    """Show one pad a model in `data["views"]` (`channel.send_model` sends them).

    on_release: runs when what it returns has changed.
    Returns what was last let go; None before.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
