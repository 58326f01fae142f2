"""A row of decodes and a slider for each latent dimension."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core.latent.geometry import kl_by_dimension

from ...session.models import LoadedModel, held_out, load_model
from ...session.views import View
from ...ui import link
from ...ui.layout import notice
from ..lesson.sayings import saying
from . import words
from .link import TRAVERSALS
from .shared import begin, show_vectors, vectors_key, with_models

IDLE = 0.01  # nats: a dimension with less KL carries nothing


def _samples_to_measure(item: LoadedModel) -> tuple[torch.Tensor, str]:
    """Samples to measure on, and what they are in words: the held-out ones, else the decodes of their codes."""
    config = item.checkpoint.config
    originals = held_out(config.data, tuple(config.source.items()))
    if originals is not None and originals.shape[1:] == item.model.shape:
        return originals, words.MEASURED_ON_DATA.format(count=len(originals))
    with torch.no_grad():
        made = torch.cat([item.model.decode(part) for part in torch.from_numpy(item.codes["z"]).split(2000)])
    return made, words.MEASURED_ON_DECODES.format(count=len(made))


@st.cache_data(max_entries=16, show_spinner=words.MEASURING_DIMENSIONS)
def dimensions(name: str, mtime_ns: int, here: bool) -> tuple[list[float], str]:
    """KL of each dimension in nats, and what it was measured on. here: whether the data are, so that the answer changes
    when they come.
    """
    item = load_model(name)
    x, samples = _samples_to_measure(item)
    return kl_by_dimension(item.model, x).tolist(), samples


def traversals(item: LoadedModel, notes: DeltaGenerator) -> None:
    """The mode: its figure, and the model below it. `notes`: where a sentence on a bad link goes."""
    begun = begin(vectors_key("traversals", item), notes, lambda: view_from(link.asked(), item))
    with_models([item], lambda: traversals_figure(item, begun))


def view_from(texts: Mapping[str, str], item: LoadedModel) -> tuple[View, list[str]]:
    """(the base and the moved dimensions that a link says, what does not fit)."""
    view, problems = link.read(TRAVERSALS, texts, item)
    return {"base": None, "moved": {}, **view}, problems


@st.fragment
def traversals_figure(item: LoadedModel, begun: View) -> None:
    """The sliders and their rows, sorted by what each dimension carries."""
    gaussian, z, k, config = item.model.bottleneck.gaussian, item.codes["z"], item.model.k, item.checkpoint.config
    kl, note, idle, samples = None, "", 0, ""
    if gaussian:
        here = held_out(config.data, tuple(config.source.items())) is not None
        kl, samples = dimensions(item.folder, item.mtime_ns, here)
        idle = sum(value < IDLE for value in kl)
        note = words.ACTIVE.format(active=k - idle, k=k)
    centre, scale = (np.zeros(k), np.ones(k)) if gaussian else (z.mean(0), z.std(0))
    data = {
        "models": [item.checkpoint.name],
        "own": link.own(vectors_key("traversals", item), TRAVERSALS),
        "view": begun,
        "gaussian": gaussian,
        "kl": kl,
        "idle": IDLE,
        "centre": centre.astype(np.float32).tolist(),
        "scale": scale.astype(np.float32).tolist(),
        "note": note,
    }
    show_vectors("traversals", item, data, begun, lambda view: link.write(TRAVERSALS, view, item))
    if gaussian:
        said = saying("traversals, some idle" if idle else "traversals, all active")
        unit, order = words.SIGMA_PRIOR, words.ORDER_KL
    else:
        said = saying("traversals, plain")
        unit, order = words.SIGMA_CODES, words.ORDER_SPREAD
    said = said.asking(saying("traversals")).filled(samples=samples, order=order)
    notice(said.notice, said.question, words.TRAVERSALS_ROWS.format(unit=unit))
