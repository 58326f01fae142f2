"""How long each path of a morph is, and whether the choice matters."""

import numpy as np
import streamlit as st

from ae_core.latent.morph import Morph
from ae_core.latent.paths import curve_length, decoded_length

from ...session.models import LoadedModel, load_model
from . import words
from .shared import thing_of

FINE = 257  # points of a path when its length is measured
HARDLY = 0.03  # two lengths that are closer than this share hardly differ


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={Morph: lambda way: (way.a.tobytes(), way.b.tobytes())})
def path_lengths(name: str, mtime_ns: int, ways: dict[str, Morph]) -> dict[str, tuple[float, float]]:
    """(in latent space, among what is decoded) of each path; it is all in their ends."""
    item, t = load_model(name), np.linspace(0, 1, FINE)
    return {path: (curve_length(way.at(t)), decoded_length(item.model, way.at(t))) for path, way in ways.items()}


def lengths(item: LoadedModel, ways: dict[str, Morph]) -> None:
    """The table of lengths, and a sentence on it."""
    rows = path_lengths(item.folder, item.mtime_ns, ways)
    latent, straight = rows["straight"]
    shares = {path: change / straight if straight else 1.0 for path, (_, change) in rows.items()}
    columns = (
        list(rows),
        [f"{length:.2f}" for length, _ in rows.values()],
        [f"{change:.2f}" for _, change in rows.values()],
        [f"{100 * share:.0f} %" if straight else "–" for share in shares.values()],
    )
    unit, thing = words.UNITS[item.model.bottleneck.gaussian], thing_of(item)
    titles = [title.format(unit=unit, thing=thing) for title in words.LENGTHS]
    st.table(dict(zip(titles, columns, strict=True)))
    st.caption(verdict(shares, rows["geodesic"][0] / max(latent, 1e-12), thing))


def verdict(shares: dict[str, float], detour: float, thing: str) -> str:
    """The table in a sentence. shares: decoded lengths, the straight path's being 1; detour: the geodesic's latent
    length, likewise.
    """
    saved = 1 - shares["geodesic"]
    if saved < HARDLY:
        sentences = [words.AS_GOOD.format(saved=100 * max(saved, 0), thing=thing)]
    else:
        sentences = [words.SHORTER.format(saved=100 * saved, detour=detour, thing=thing)]
    if "spherical" in shares:
        gap = shares["spherical"] - 1
        if abs(gap) < HARDLY:
            sentences.append(words.ALIKE.format(gap=100 * gap))
        else:
            sentences.append(words.DIFFERS.format(gap=100 * abs(gap), more=words.MORE if gap > 0 else words.LESS))
    return " ".join(sentences).replace("-", "−") + " " + words.MEANING
