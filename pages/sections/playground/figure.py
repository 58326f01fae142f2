"""The network that trains in the page, and what the link says of it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError

from ...components.playground import playground
from ...session.views import leave, starting_view
from ...ui import link
from ...ui.layout import figure_slot, hidden_when_presenting, notice
from ...ui.markdown import show_error
from ..data.link import FILE, READ
from ..lesson.sayings import saying
from . import keys, words
from .keep import keep
from .link import PARAMETERS
from .samples import OWN, choices, samples

View = dict[str, Any]
HAND = ("z", "out")  # what depends on the rest of the link


def from_link(notes: DeltaGenerator) -> View:
    """What the link says, in the figure's own values."""
    texts = link.asked()
    begun, problems = link.read([each for each in PARAMETERS if each.name not in HAND], texts)
    view = {**link.defaults(PARAMETERS), **begun}
    hand, more = link.read([each for each in PARAMETERS if each.name in HAND], texts, view["k"])
    file, unknown = own_file(texts)
    if view["data"] == OWN and not file:
        unknown = unknown or [words.NO_FILE]
        view["data"] = "digits"
    link.warn_invalid_params(notes, [*problems, *more, *unknown])
    return of_figure({**view, **hand})


def own_file(texts: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What the link says of a file of one's own, and what does not fit; nothing without a file."""
    file, problems = link.read((FILE, *READ), texts)
    if "file" in file:
        return file, problems
    problems += [words.NOT_MEANT.format(name=each.name) for each in READ if each.key in file]
    return {}, problems


def of_figure(view: View) -> View:
    """A link's values as the figure has them: hidden as numbers, the second network's knob apart from its value."""
    compare, _, other = (view["compare"] or "").partition(":")
    hidden = [int(size) for size in view["hidden"].split(",")]
    return {**view, "hidden": hidden, "out": view["out"] or [], "compare": compare, "other": other}


def of_link(view: View) -> View:
    """The figure's values as the link has them."""
    compare = f"{view['compare']}:{view['other']}" if view["compare"] else None
    hidden = ",".join(str(int(size)) for size in view["hidden"])
    return {**view, "hidden": hidden, "out": view["out"] or None, "compare": compare}


@st.fragment
def figure(notes: DeltaGenerator) -> None:
    """The playground, and below it what to notice."""
    key = f"playground{link.suffix()}"
    start = starting_view("playground", key, "figure", lambda: from_link(notes))
    # What it began with stays the same while it stands, or its samples would be sent with every knob; other samples
    # are another beginning.
    chosen = st.session_state.get(keys.CHOSEN)
    begun = chosen["view"] if chosen and chosen["start"] is start else start or of_figure(link.defaults(PARAMETERS))
    file, _ = own_file(link.current().values)
    link.set_query_params({each.name: "" for each in (FILE, *READ) if each.key not in file})
    try:
        taken = samples(begun["data"], file)
    except LatentError as error:
        show_error(error)
        taken = samples("digits", {})
    figure_slot(key, "46rem")
    offered = choices(file)
    last, kept = playground({**begun, **taken, "choices": offered, "revision": 0}, key=key)
    if last and last["data"] != begun["data"]:
        view = {**last, "z": None, "out": [], "colour": None}
        st.session_state[keys.CHOSEN] = {"start": start, "view": view}
        leave("playground", key, view)
        st.rerun(scope="fragment")
    keep(kept, file)
    if last:
        leave("playground", key, last)
    view = last or begun
    link.set_query_params(link.write(PARAMETERS, of_link(view), view["k"]))
    said = saying("playground")
    notice(said.notice, said.question)
    if OWN not in (each["value"] for each in offered):
        with hidden_when_presenting("playground-own"):
            st.page_link("pages/data.py", label=words.BRING, icon=":material/upload_file:")
    link.send("playground")
