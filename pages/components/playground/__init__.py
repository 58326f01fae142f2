"""A small network that trains in the page, in a worker, while its knobs are turned."""

from ..register import component
from .types import PlaygroundData, PlaygroundKept, PlaygroundView

_mount = component("playground", __file__)


def playground(data: PlaygroundData, key: str) -> tuple[PlaygroundView | None, PlaygroundKept | None]:
    """Show a network that trains on the samples in `data`.

    Returns its knobs as they were let go last, and the network that was to be kept last; None before.
    """
    shown = _mount(
        data=data,
        key=key,
        on_view_change=lambda: None,
        on_kept_change=lambda: None,
        default={"view": None, "kept": None},
    )
    return shown.view, shown.kept
