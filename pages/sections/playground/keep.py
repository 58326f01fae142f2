"""A network that trained in the page is kept as a run like any other."""

import base64
from typing import Any

import numpy as np
import streamlit as st

from ae_core import Config, LatentError
from ae_core.jobs.keeping import keep_network

from ...components.playground.types import PlaygroundKept
from ...ui.markdown import plain, show_error
from . import keys, words

BATCH = 64  # as training/session.js
MAX_POINTS = 5000  # of a curve that is written down
# What a variant's own knobs are called in a recipe.
SOCKETS = {
    "vae": {"beta": "beta"},
    "denoising": {"amount": "noise"},
    "masked": {"hidden_share": "masked"},
    "sparse": {"sparsity_weight": "sparsity"},
    "contractive": {"contraction": "contraction"},
}


def config_of(view: dict[str, Any], steps: int, samples: int, side: int) -> Config:
    """The recipe that is nearest to what the page did. side: the last size of a sample; LatentError where none is."""
    sockets = {name: view[knob] for name, knob in SOCKETS.get(view["variant"], {}).items()}
    if view["variant"] == "masked":
        sockets["patch"] = max(1, side // 4)  # as training/corruption.js
    return Config(
        data="digits",
        variant=view["variant"],
        k=int(view["k"]),
        hidden=tuple(int(size) for size in view["hidden"]),
        activation=view["activation"],
        epochs=max(1, round(steps * BATCH / samples)),
        batch_size=BATCH,
        lr=view["lr"],
        weight_decay=view["decay"],
        seed=int(view["seed"]),
        sockets=sockets,
    )


def keep(kept: PlaygroundKept | None, data: dict[str, Any]) -> None:
    """Write down what was to be kept last, once, and say where it is now."""
    if kept is None:
        return
    known = st.session_state.setdefault(keys.KEPT, {})
    if known.get("stamp") != kept["stamp"]:
        known.clear()
        known["stamp"] = kept["stamp"]
        try:
            weights = np.frombuffer(base64.b64decode(kept["weights"]), np.float32)
            config = config_of(dict(kept["view"]), kept["steps"], data["train"], data["shape"][-1])
            known["name"] = keep_network(config, weights, kept["curve"][:MAX_POINTS]).name
        except (LatentError, ValueError, KeyError, TypeError) as error:
            known["error"] = error if isinstance(error, LatentError) else LatentError(words.NOT_KEPT)
    if "error" in known:
        show_error(known["error"])
        return
    with st.container(key="playground-kept", horizontal=True):
        st.markdown(words.KEPT.format(name=plain(known["name"])))
        for page, title in (("explore", "Explore"), ("runs", "Runs")):
            name = "model" if page == "explore" else "runs"
            st.page_link(f"pages/{page}.py", label=words.OPEN.format(page=title), query_params={name: known["name"]})
