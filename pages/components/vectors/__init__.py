"""Moving through a latent space without a map: by attribute vectors, along its dimensions, by chance. Computed in the
page.
"""

from collections.abc import Callable

from ..register import component
from .types import (
    ArithmeticData,
    ArithmeticView,
    SamplesData,
    SamplesView,
    TraversalsData,
    TraversalsView,
)

_mount = component("vectors", __file__)


def vectors(
    data: ArithmeticData | TraversalsData | SamplesData, key: str, on_release: Callable[[], None]
) -> ArithmeticView | TraversalsView | SamplesView | None:
    """Show `data["mode"]` of `data["models"]` (`channel.send_model` sends them).

    on_release: runs when what it returns has changed.
    Returns what was last let go; None before.
    """
    return _mount(data=data, key=key, on_view_change=on_release, default={"view": None}).view
