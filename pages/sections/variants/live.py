"""The live figure of a variant, with its models, and what else some figures have below them."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError

from ...components.hint import hint
from ...components.variants import variants
from ...session.models import load_model
from ...session.views import View, leave, starting_view
from ...ui import link
from ...ui.layout import figure_slot, hidden_when_presenting, notice
from ...ui.markdown import show_error
from ...ui.wording import of_these_data, thing_of
from ..lesson.sayings import saying
from . import words
from .data import Items
from .download import downloads
from .figures import FIGURES, figure_data, measured
from .link import VARIANT, Scene, parameters
from .models import Models
from .own import is_own, said_of
from .recipes import own_needs, train_link
from .samples import samples_for

HINT_TARGET = ".lx-var input[type=range], .lx-var .lx-moved canvas"


def live(kind: str, variant: str, models: Models, notes: DeltaGenerator, file: str = "") -> Items | None:
    """The figure, or a sentence on what is missing; the models that are shown, by role. file: of a person's own samples
    that they are to be models of.
    """
    row = FIGURES[kind]
    roles = row.roles(models, variant)
    if roles is None:
        address = train_link(variant, **(own_needs(row.needs, file) if file else row.needs))
        st.info(words.NO_MODEL.format(link=address), icon=":material/model_training:")
        return None
    try:
        items = {role: load_model(name) for role, name in roles.items()}
        scene = Scene(items, samples_for(items))
    except LatentError as error:
        show_error(error)
        return None
    key = f"variant-{kind}-" + "-".join(roles.values()) + link.suffix()
    figure(kind, variant, scene, start(kind, scene, key, notes), key)
    return items


def start(kind: str, scene: Scene, key: str, notes: DeltaGenerator) -> View:
    """What the figure begins with: as the link says, or as it was left."""
    own = parameters(FIGURES[kind].parameters, scene)

    def from_link() -> View:
        values, problems = link.read(own, link.asked(), scene)
        link.warn_invalid_params(notes, problems)
        return values

    return {**link.defaults(own, scene), **starting_view("variants", key, "figure-view", from_link)}


@st.fragment
def figure(kind: str, variant: str, scene: Scene, begun: View, key: str) -> None:
    """The live figure; what was let go last goes into the link."""
    hint("variants", saying("variants").hint, HINT_TARGET, clear=".lx-var canvas")
    figure_slot(key, "22rem")
    own = parameters(FIGURES[kind].parameters, scene)
    data = {
        **figure_data(kind, scene.items),
        "own": {**link.own(key, own, scene), "also": {VARIANT.name: variant}},
        "start": begun,
    }
    view = variants(data, key=key, on_release=lambda: None)
    if view:
        leave("variants", key, view)
    shown = {**begun, **(view or {})}
    written = link.write(own, shown, scene)
    if any(written.values()):  # without it a link is one of old, and means another variant
        written[VARIANT.name] = variant
    link.set_query_params(written, chosen=shown.get("chosen", 0))
    link.send("figure")
    first = next(iter(scene.items.values())).checkpoint
    said, told = said_of(kind, first), measured(kind, scene.items)
    notice(f"{said.notice} {of_these_data(told, thing_of(first)) if is_own(first) else told}", said.question)
    with hidden_when_presenting("more"):
        below(kind, scene.items)


def below(kind: str, items: Items) -> None:
    """What else some figures have below them."""
    first = next(iter(items.values()))
    if kind in ("classes", "signal-classes"):
        downloads(first)
    if kind in ("noise", "signal-noise"):
        beginners_mistake(items, FIGURES[kind].needs)
    if kind == "cut":
        st.page_link(
            "pages/bottleneck.py",
            label=words.BOTTLENECK,
            icon=":material/open_in_new:",
            query_params={"model": first.checkpoint.name},
        )


def beginners_mistake(items: Items, recipe: dict[str, Any]) -> None:
    """What becomes of a denoising autoencoder whose loss compares with the noisy input; recipe: what the Train page
    needs to make one.
    """
    address = train_link("denoising", **{**recipe, "target": "noisy"})
    known = words.MISTAKE_SHOWN if "mistake" in items else words.MISTAKE_MISSING.format(link=address)
    st.caption(words.MISTAKE + known)
