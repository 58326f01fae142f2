"""A network that trained in the page is kept as a run like any other."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from ae_core import Config, LatentError, read_checkpoint
from ae_core.jobs.keeping import keep_network

from ...components.playground.types import PlaygroundKept
from ...session.models import slides
from ...ui.markdown import plain, show_error
from . import keys, words
from .samples import recipe_of

BATCH = 64  # as training/session.js
MAX_POINTS = 20_000  # of a curve that is written down
PAGES = {
    "explore": ("Explore", "model"),
    "bottleneck": ("Bottleneck", "model"),
    "interpolate": ("Interpolate", "model"),
    "runs": ("Runs", "runs"),
}
# What a variant's own knobs are called in a recipe.
SOCKETS = {
    "vae": {"beta": "beta"},
    "denoising": {"amount": "noise"},
    "masked": {"hidden_share": "masked"},
    "sparse": {"sparsity_weight": "sparsity"},
    "contractive": {"contraction": "contraction"},
}


def config_of(kept: PlaygroundKept, file: Mapping[str, str]) -> Config:
    """The recipe that is nearest to what the page did. file: of one's own samples; LatentError where none is."""
    view: dict[str, Any] = dict(kept["view"])
    data, source = recipe_of(view["data"], file)
    sockets = {name: view[knob] for name, knob in SOCKETS.get(view["variant"], {}).items()}
    return Config(
        data=data,
        source=source,
        variant=view["variant"],
        k=int(view["k"]),
        hidden=tuple(int(size) for size in view["hidden"]),
        activation=view["activation"],
        epochs=epoch_of(kept["steps"], kept["used"]),
        batch_size=BATCH,
        lr=view["lr"],
        weight_decay=view["decay"],
        seed=int(view["seed"]),
        sockets=sockets,
    )


def epoch_of(steps: int, samples: int) -> int:
    """How many passes over the samples so many steps are."""
    return max(1, round(steps / max(1, -(-samples // BATCH))))


def curve_of(kept: PlaygroundKept) -> list[dict[str, float]]:
    """What was measured on the way, as a run has it."""
    return [
        {
            "epoch": epoch_of(point["step"], kept["used"]),
            "train_loss": point["trainLoss"],
            "test_loss": point["testLoss"],
            "squared_error": point["test"],
            "pca_squared_error": kept["pca"],
        }
        for point in kept["curve"][:MAX_POINTS]
        if point["step"]
    ]


def keep(kept: PlaygroundKept | None, file: Mapping[str, str]) -> None:
    """Write down what was to be kept last, once, and say where it is now."""
    if kept is None:
        return
    known = st.session_state.setdefault(keys.KEPT, {})
    if known.get("stamp") != kept["stamp"]:
        known.clear()
        known["stamp"] = kept["stamp"]
        try:
            weights = np.frombuffer(base64.b64decode(kept["weights"]), np.float32)
            folder = keep_network(config_of(kept, file), weights, curve_of(kept))
            known["name"], known["slides"] = folder.name, slides(read_checkpoint(folder))
        except (LatentError, ValueError, KeyError, TypeError) as error:
            known["error"] = error if isinstance(error, LatentError) else LatentError(words.NOT_KEPT)
    if "error" in known:
        show_error(known["error"])
        return
    with st.container(key="playground-kept"):
        st.markdown(words.KEPT.format(name=plain(known["name"])))
        with st.container(horizontal=True):
            for page, (title, name) in PAGES.items():
                if page != "bottleneck" or known["slides"]:
                    label = words.OPEN.format(page=title)
                    st.page_link(f"pages/{page}.py", label=label, query_params={name: known["name"]})
        if not known["slides"]:
            st.caption(words.NOT_CUT)
