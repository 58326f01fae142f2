"""A training as a film: a slider over its epochs moves map and reconstructions, live and afterwards, computed in the
page.
"""

from collections.abc import Callable

from ..register import component
from .types import ReplayData, ReplayView

_mount = component("replay", __file__)


def replay(data: ReplayData, key: str, on_release: Callable[[], None] = lambda: None) -> ReplayView | None:
    """Show the run `data["run"]` (`channel.send_snapshots` sends its epochs).

    on_release: runs when what it returns has changed.
    Returns what was last let go; None before.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
