"""A small network that trains in the page, in a worker, while its knobs are turned."""

from ..register import component
from .types import PlaygroundData, PlaygroundView

_mount = component("playground", __file__)


def playground(data: PlaygroundData, key: str) -> PlaygroundView | None:
    """Show a network that trains on the samples in `data`.

    Returns its knobs as they were let go last; None before.
    """
    return _mount(data=data, key=key, on_view_change=lambda: None, default={"view": None}).view
