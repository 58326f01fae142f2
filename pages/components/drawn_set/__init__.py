"""A data set that is drawn by hand in the page, picture by picture, each with its class."""

from ..register import component
from .types import DrawnSetData, DrawnSetView

_mount = component("drawn_set", __file__)


def drawn_set(data: DrawnSetData, key: str) -> DrawnSetView | None:
    """Show a sheet to draw on and what was drawn so far.

    Returns the pictures and their classes as they were when the person had enough; None before.
    """
    return _mount(data=data, key=key, on_view_change=lambda: None, default={"view": None}).view
