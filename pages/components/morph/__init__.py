"""One sample turned into another, or four into each other, computed in the page while t or the handle moves."""

from collections.abc import Callable
from typing import Any

from ..register import component

_mount = component("morph", __file__)


def morph(data: dict[str, Any], key: str, on_release: Callable[[], None]) -> dict[str, Any] | None:
    """Show the figure `data["figure"]` (morph or corners) of the model `data["model"]`, whose blob is sent by
    `channel.send_model`; see view.js for `data`.

    Returns what was last let go: ends, path and t, or the four corners and the place between them. `on_release` runs
    when that changes.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
