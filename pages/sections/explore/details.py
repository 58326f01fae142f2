"""What Python knows of the place where the dot rests: the nearest held-out samples, and how far the code comes back."""

import numpy as np
import streamlit as st
import torch

from ae_core.latent.geometry import neighbour_distance

from ...session.models import LoadedModel, held_out, load_model
from ...ui.thumbnails import strip
from ...ui.wording import of_these_data, thing_of
from . import words

NEAREST = 6


def details(item: LoadedModel, z: np.ndarray) -> None:
    """The nearest samples of a code z, (k,), and how far they are."""
    z_codes = item.codes["z"]
    away = np.linalg.norm(z_codes - z, axis=1)
    order = away.argsort()[:NEAREST]
    config = item.checkpoint.config
    originals = held_out(config.data, tuple(config.source.items()))
    with torch.no_grad():
        pictures = (
            item.model.decode(torch.from_numpy(z_codes[order])) if originals is None else originals[order.tolist()]
        )
        back = item.model.encode(item.model.decode(torch.from_numpy(z)[None]))[0].numpy()
    distance = away[order[-1]]
    farther = float((_neighbour_distances(item.folder, item.mtime_ns) >= distance).mean())
    with st.container(key="details"):
        what = words.DECODED if originals is None else words.ORIGINALS
        st.markdown(words.NEAREST.format(nearest=len(order), count=len(z_codes), what=what))
        strip(pictures.numpy(), [caption(item, n, float(away[n])) for n in order])
        st.caption(
            of_these_data(words.DISTANCES, thing_of(item.checkpoint)).format(
                nearest=len(order),
                distance=distance,
                farther=farther,
                drift=np.linalg.norm(back - z),
                unit=words.UNITS[item.model.bottleneck.gaussian],
            )
        )


def caption(item: LoadedModel, n: int, distance: float) -> str:
    """Class or factors of sample n, and how far away its code is."""
    away = words.AWAY.format(distance=distance)
    if item.checkpoint.classes and "y" in item.codes:
        return f"{item.checkpoint.classes[item.codes['y'][n]]} · {away}"
    if "factors" in item.codes:
        return ", ".join(
            f"{name} {value:.2f}"
            for (name, _), value in zip(item.checkpoint.factor_names, item.codes["factors"][n], strict=True)
        )
    return away


@st.cache_data(max_entries=32, show_spinner=False)
def _neighbour_distances(name: str, mtime_ns: int) -> np.ndarray:
    """For each code, the distance to the farthest of its NEAREST nearest others."""
    z = load_model(name).codes["z"]
    return neighbour_distance(z, z, neighbours=NEAREST + 1)  # the nearest one of a code is itself
