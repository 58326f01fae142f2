"""Moving through a latent space without a map: by attribute vectors, along its dimensions, by chance. Computed in the
page.
"""

from collections.abc import Callable
from typing import Any

from ..register import component

_mount = component("vectors", __file__)


def vectors(data: dict[str, Any], key: str, on_release: Callable[[], None]) -> dict[str, Any] | None:
    """Show `data["mode"]`, one of arithmetic, traversals, samples, of `data["models"]` (their blobs are sent by
    `channel.send_model`); see view.js for `data`.

    Returns what was last let go; what it holds depends on the mode. `on_release` runs when that changes.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
