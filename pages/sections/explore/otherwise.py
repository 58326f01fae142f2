"""The nearest place that the classifier calls otherwise, and the straight way there."""

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from ae_core.latent.counterfactual import counterfactual

from ...session.classifiers import classifier_of
from ...session.models import LoadedModel
from ...ui.thumbnails import strip
from . import words

STEPS = 7  # pictures on the way


def otherwise(item: LoadedModel, z: np.ndarray) -> None:
    """Show the way from a code z (2,) to the nearest one of another class; nothing where there is no classifier."""
    classes = item.checkpoint.classes
    classifier = classifier_of(item) if item.model.k == 2 else None
    if classifier is None:
        return

    @torch.no_grad()
    def says(codes: Tensor) -> Tensor:
        return classifier(item.model.decode(codes)).argmax(1)

    start = torch.from_numpy(z).float()
    end = counterfactual(says, start, float(np.linalg.norm(item.box.high - item.box.low)))
    with st.container(key="otherwise"):
        if end is None:
            st.caption(words.OTHERWISE_NONE)
            return
        way = start + torch.linspace(0, 1, STEPS)[:, None] * (end - start)
        with torch.no_grad():
            pictures = item.model.decode(way)
        seen = [classes[int(c)] for c in [*says(way)[:-1], says(end[None])[0]]]
        st.markdown(words.OTHERWISE.format(now=seen[0], other=seen[-1], distance=float((end - start).norm())))
        strip(pictures.numpy(), [words.OTHERWISE_SEEN.format(name=name) for name in seen])
