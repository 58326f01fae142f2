"""The map on Explore held against others of the same samples."""

from collections.abc import Mapping

from streamlit.delta_generator import DeltaGenerator

from ae_core import Checkpoint, LatentError
from ae_core.model.variants import VARIANTS
from ae_core.runs.folder import SHIPPED
from ae_core.runs.maps import is_map

from ...session.models import LoadedModel, load_model
from ...ui.markdown import show_error
from ..maps.held import MOST, comparable, held_maps, set_aside, toggled


def hold_against(item: LoadedModel, models: Mapping[str, Checkpoint], notes: DeltaGenerator) -> None:
    """A switch, and below it this map and one of each other kind of the same samples; nothing where it is no map."""
    if not is_map(item.checkpoint):
        set_aside(notes)
        return
    others = comparable([item.checkpoint, *(each for each in models.values() if each.folder != item.checkpoint.folder)])
    kinds: dict[tuple[str, bool], Checkpoint] = {_kind(item.checkpoint): item.checkpoint}
    for each in sorted(others[1:], key=_unusual):
        kinds.setdefault(_kind(each), each)
    order = list(VARIANTS)
    shown = sorted(list(kinds.values())[:MOST], key=lambda each: (order.index(each.config.variant), _kind(each)))
    if not toggled("explore", notes):
        return
    try:
        loaded = [load_model(str(each.folder)) for each in shown]
    except LatentError as error:
        show_error(error)
        return
    held_maps("explore", loaded, notes)


def _kind(checkpoint: Checkpoint) -> tuple[str, bool]:
    return checkpoint.config.variant, checkpoint.config.gaussian


def _unusual(checkpoint: Checkpoint) -> tuple[bool, int, float, str]:
    """Of one kind that which comes first is shown: shipped, without settings of its own, the largest."""
    size = checkpoint.measures.get("parameters", 0)
    return checkpoint.folder.parent != SHIPPED, len(checkpoint.config.sockets), -size, checkpoint.name
