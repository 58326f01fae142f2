"""The k slider: what is left of a picture or a signal, by PCA and by a network, computed in the page while k moves."""

from collections.abc import Callable
from typing import Any

from ..register import component

_mount = component("bottleneck_slider", __file__)


def bottleneck_slider(data: dict[str, Any], key: str, on_release: Callable[[], None]) -> dict[str, Any] | None:
    """Show the nested model `data["model"]` (its two blobs are sent by `channel.send_model`) beside PCA; see view.js
    for `data`.

    Returns what was last let go: k, bits, residual, spectrum, input. `on_release` runs when that changes.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
