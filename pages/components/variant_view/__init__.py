"""The live figure of a variant: what its socket changes, computed in the page."""

from collections.abc import Callable
from typing import Any

from ..register import component

_mount = component("variant_view", __file__)


def variant_view(data: dict[str, Any], key: str, on_release: Callable[[], None]) -> dict[str, Any] | None:
    """Show the figure `data["figure"]` of the models in `data["roles"]` (their blobs are sent by `channel.send_model`);
    see view.js for `data`.

    Returns what was last let go, text and numbers by name; which they are depends on the figure. `on_release` runs when
    that changes.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
