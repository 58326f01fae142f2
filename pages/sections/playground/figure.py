"""The network that trains in the page, and what the link says of it."""

import base64
from functools import cache
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core.data import load_source, source

from ...components.playground import playground
from ...session.views import leave, starting_view
from ...ui import link
from ...ui.layout import figure_slot, notice
from . import words
from .link import PARAMETERS

View = dict[str, Any]
LEVELS = 16  # grey levels of the 8×8 digits


@cache
def digits() -> dict[str, Any]:
    """The 8×8 digits as the figure takes them: those that train first, then those that are held out."""
    data = load_source("digits", source("digits"))
    halves = (data.x_train, data.x_test)
    values = b"".join((half * LEVELS).round().byte().numpy().tobytes() for half in halves)
    labels = b"".join(half.byte().numpy().tobytes() for half in (data.y_train, data.y_test) if half is not None)
    return {
        "name": "digits",
        "shape": list(data.x_train.shape[1:]),
        "range": data.range,
        "values": base64.b64encode(values).decode(),
        "levels": LEVELS,
        "labels": base64.b64encode(labels).decode(),
        "classes": list(data.classes or ()),
        "train": len(data.x_train),
    }


def from_link(notes: DeltaGenerator) -> View:
    """What the link says, in the figure's own values."""
    texts = link.asked()
    begun, problems = link.read([each for each in PARAMETERS if each.name != "z"], texts)
    view = {**link.defaults(PARAMETERS), **begun}
    place, more = link.read([each for each in PARAMETERS if each.name == "z"], texts, view["k"])
    link.warn_invalid_params(notes, [*problems, *more])
    return of_figure({**view, **place})


def of_figure(view: View) -> View:
    """A link's values as the figure has them: hidden as numbers."""
    return {**view, "hidden": [int(size) for size in view["hidden"].split(",")]}


def of_link(view: View) -> View:
    """The figure's values as the link has them."""
    return {**view, "hidden": ",".join(str(int(size)) for size in view["hidden"])}


@st.fragment
def figure(notes: DeltaGenerator) -> None:
    """The playground, and below it what to notice."""
    key = f"playground{link.suffix()}"
    begun = starting_view("playground", key, "figure", lambda: from_link(notes))
    begun = begun or of_figure(link.defaults(PARAMETERS))
    figure_slot(key, "44rem")
    last = playground({**digits(), "revision": 0, **begun}, key=key)
    if last:
        leave("playground", key, last)
    view = last or begun
    link.set_query_params(link.write(PARAMETERS, of_link(view), view["k"]))
    notice(words.NOTICE, words.QUESTION, words.ANSWER)
    link.send("playground")
