"""Groups of held-out samples that a visitor named: for all models of the same data, as long as the session lives."""

import streamlit as st

from ae_core.latent.groups import Groups, added, marks

from ..components.morph.types import GroupMean
from ..ui.packing import to_base64
from .models import LoadedModel

KEY, ALL = "groups", "all samples"


def _data_of(item: LoadedModel) -> tuple[object, ...]:
    """What two models have in common whose held-out samples are the same ones."""
    config = item.checkpoint.config
    return (config.data, tuple(config.source.items()), tuple(item.model.shape))


def groups_of(item: LoadedModel) -> Groups:
    """{name: rows of the samples whose codes are on this model's map}; those that have none there are left out."""
    kept: Groups = st.session_state.get(KEY, {}).get(_data_of(item), {})
    here = {name: rows[rows < len(item.codes["z"])] for name, rows in kept.items()}
    return {name: rows for name, rows in here.items() if len(rows)}


def keep_groups(item: LoadedModel, more: Groups) -> None:
    """Add groups; those of the same names are replaced. LatentError where they become too many."""
    kept = st.session_state.setdefault(KEY, {})
    kept[_data_of(item)] = added(kept.get(_data_of(item), {}), more)


def forget_groups(item: LoadedModel) -> None:
    """Forget all groups of these data."""
    st.session_state.get(KEY, {}).pop(_data_of(item), None)


def mean_codes(item: LoadedModel) -> list[GroupMean]:
    """What Interpolate offers: name and mean code of each group, and of all samples last where there is a group."""
    groups = groups_of(item)
    if not groups:
        return []
    z = item.codes["z"]
    means: list[GroupMean] = [{"name": name, "z": z[rows].mean(0).tolist()} for name, rows in groups.items()]
    return [*means, {"name": ALL, "z": z.mean(0).tolist()}]


def marked(item: LoadedModel) -> dict[str, object] | None:
    """The groups as classes to colour by, as a figure takes them (`OwnGroups`); None where there is none."""
    groups = groups_of(item)
    if not groups:
        return None
    return {"names": list(groups), "marks": to_base64(marks(groups, len(item.codes["z"])), "i1")}


def token(item: LoadedModel) -> str:
    """Another text for other groups, "" for none: a figure that shows them is built anew."""
    return "".join(f"{name}\n{hash(rows.tobytes())}\n" for name, rows in groups_of(item).items())
