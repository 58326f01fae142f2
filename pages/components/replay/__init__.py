"""A training as a film: a slider over its epochs moves map and reconstructions, live and afterwards, computed in the
page.
"""

from collections.abc import Callable
from typing import Any

from ..register import component

_mount = component("replay", __file__)


def replay(data: dict[str, Any], key: str, on_release: Callable[[], None] = lambda: None) -> dict[str, Any] | None:
    """Show the run `data["run"]` (its epochs are sent by `channel.send_snapshots`); see view.js for `data`.

    Returns what was last let go: epoch, None for the newest. `on_release` runs when that changes.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
