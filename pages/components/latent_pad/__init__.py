"""The draggable latent map with the decode beside it, computed in the page."""

from collections.abc import Callable
from typing import Any

from ..browser import component

_mount = component("latent_pad", __file__)


def latent_pad(data: dict[str, Any], key: str, on_release: Callable[[], None]) -> dict[str, Any] | None:
    """Show one pad a model in `data["views"]` (their blobs are sent by `model_blob`); see view.js for `data`.

    Returns what was last let go: z, backdrop, colour, hidden, axes, and sheet: the picture that was drawn or uploaded,
    {"values": base64, a byte a value}, or None while the sheet is closed. `on_release` runs when that changes.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
