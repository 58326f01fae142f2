"""Explore: drag a point through a trained latent space and see what lives there."""

from pages.ui.layout import hidden_when_presenting, hourglass, page_head

import math

import streamlit as st

from ae_core import LatentError
from pages.components.channel import send_model
from pages.components.hint import hint
from pages.sections.explore import words
from pages.sections.explore.explanation import explanation
from pages.sections.explore.figure import figure, pad_key, start
from pages.sections.explore.first_steps import first_steps
from pages.sections.explore.held import hold_against
from pages.sections.explore.link import BESIDE, MODEL, PARAMETERS
from pages.sections.groups.own import own_groups
from pages.sections.lesson.sayings import saying
from pages.session.models import load_model, menu_title, names_or_error, same_samples, title
from pages.ui import link
from pages.ui.markdown import show_error
from pages.ui.wording import of_these_data, thing_of


def main() -> None:
    head, notes = st.container(), st.container()  # reserved: a note pushes no element into another's place
    if not (names := names_or_error(notes, first="mnist-vae-2d")):
        return
    with hidden_when_presenting("pickers"), st.container(horizontal=True, key="pickers"):
        model = link.linked_selectbox("explore", MODEL, words.MODEL, list(names), menu_title(names), notes)
        comparable = [name for name, other in names.items() if name != model and same_samples(other, names[model])]
        beside = link.linked_selectbox(
            "explore",
            BESIDE,
            words.BESIDE,
            ["", *comparable],
            lambda name: words.COMPARE.format(title=title(names[name])) if name else words.COMPARE_WITH_NOTHING,
            notes,
        )
        first_steps()
    try:
        views = [load_model(name) for name in (model, beside) if name]
    except LatentError as error:
        show_error(error)
        return
    config, shape = views[0].checkpoint.config, views[0].model.shape
    thing = of_these_data("picture", thing_of(views[0].checkpoint))
    with head:
        page_head(
            words.TITLE.format(thing=thing),
            words.SENTENCE,
            hourglass((math.prod(shape), *config.hidden), config.k, "decoder"),
        )
    place, blobs = st.container(), st.container()
    # Every model of this session stays on the page, so that going back to one sends nothing again.
    sent = st.session_state.setdefault("sent", [])
    sent.extend(item.checkpoint.name for item in views if item.checkpoint.name not in sent)
    with blobs:
        for name in sent:
            if name in names:
                send_model(name, load_model(name).blob)
    key = pad_key(views)
    begun = start(views, key, notes)
    with place:
        hint(
            "explore", saying("explore").filled(thing=thing).hint, "[data-testid=latent-pad]", clear=".lx-decode canvas"
        )
        figure(views, begun, key)
        with hidden_when_presenting("how"):
            own_groups(views[0])
            hold_against(views[0], names, notes)
        explanation(views[0])


link.run_page("explore", PARAMETERS, main)
