"""Variants: every autoencoder of the textbook, each changed in one part, with a figure that answers in the page."""

from pages.ui.layout import hidden_when_presenting, page_head

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import VARIANTS
from pages.components.channel import send_model
from pages.sections.variants import keys, words
from pages.sections.variants.background import sections
from pages.sections.variants.code import code, explanation
from pages.sections.variants.diagram import sockets
from pages.sections.variants.figures import OF, blobs
from pages.sections.variants.link import DATA, FIGURE, FIRST, PARAMETERS, VARIANT
from pages.sections.variants.live import live
from pages.sections.variants.models import Models
from pages.sections.variants.own import figures_of, files_of, left_out, models_of, title_of
from pages.session.models import names
from pages.ui import link

OLD_FIRST = "denoising"  # was that once: links of that time name a figure alone, or what is set in it


def choose(parameter: link.Choice, label: str, options: dict[str, str], first: str, notes: DeltaGenerator) -> str:
    """A row of choices that the link carries. options: their titles by name; first: the default."""
    chosen = st.pills(
        label,
        list(options),
        format_func=options.get,
        key=link.link_widget("variants", parameter, sorted(options, key=lambda name: name != first), notes),
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    link.set_query_params({parameter.name: chosen if chosen != first else ""})
    return chosen


def choose_variant(notes: DeltaGenerator) -> str:
    """The row of variants."""
    first = FIRST if FIRST in VARIANTS else next(iter(VARIANTS))
    asked = link.asked()
    if (
        VARIANT.name not in asked
        and any(each.name in asked for each in PARAMETERS)
        and VARIANT.name not in link.current().read
    ):
        link.current().asked[VARIANT.name] = OLD_FIRST
    return choose(VARIANT, words.THE_VARIANT, {name: row.short for name, row in VARIANTS.items()}, first, notes)


def choose_data(models: Models, notes: DeltaGenerator) -> str:
    """A file of the person's own whose models are shown, "" for those of other data; no menu where there is none."""
    files = files_of(models)
    if not files and DATA.name not in link.asked():
        return ""
    return link.linked_selectbox(
        "variants", DATA, words.THE_DATA, ["", *files], lambda file: files.get(file) or words.SHIPPED, notes
    )


def choose_figure(variant: str, notes: DeltaGenerator, own: Models | None) -> str:
    """The row of its figures, where there is more than one. own: the models of a person's own samples."""
    kinds, first = OF.get(variant, ("rebuild",)), None
    if own:
        if gone := left_out(kinds, own):
            st.caption(gone)
        kinds, first = figures_of(kinds, own), next(iter(own.values()))
    if len(kinds) > 1:
        kind = choose(FIGURE, words.THE_FIGURE, {k: title_of(k, first) for k in kinds}, kinds[0], notes)
        if kind != kinds[0]:  # a link that names a figure alone is one of old, and means another variant
            link.set_query_params({VARIANT.name: variant})
        return kind
    link.unread(FIGURE.name)  # what the link says of it was for this variant
    return kinds[0]


def main() -> None:
    # Reserved, so that a note never pushes an element into another's place.
    head, notes, body, unseen = (st.container() for _ in range(4))
    everything = names(notes, first="")
    with body:
        with hidden_when_presenting("pickers"), st.container(key=keys.PICKERS, gap="small"):
            variant = choose_variant(notes)
            row = VARIANTS[variant]
            with head:
                page_head(row.title, f"{row.idea} ({row.paper})", sockets(row))
            file = choose_data(everything, notes)
            models = models_of(everything, file)
            kind = choose_figure(variant, notes, models if file else None)
        items = live(kind, variant, models, notes, file)
        with hidden_when_presenting("how"):
            explanation(row)
            code(variant, items)
            sections()
    with unseen:
        for name, blob in blobs(items or {}).items():
            send_model(name, blob)


link.run_page("variants", PARAMETERS, main)
