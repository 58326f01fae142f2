"""All samples of a set, by class, as small pictures or traces: only those in sight are drawn."""

from ..register import component
from .types import GalleryData

_mount = component("gallery", __file__)


def gallery(data: GalleryData, key: str) -> None:
    """Show the samples in `data`."""
    _mount(data=data, key=key)
