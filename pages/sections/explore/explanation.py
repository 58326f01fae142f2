"""How the model works, what was measured on held-out data, and the command that trained it."""

import streamlit as st

from ae_core.data import sources

from ...session.models import LoadedModel
from ...ui.wording import of_these_data, thing_of
from . import words


@st.fragment
def explanation(item: LoadedModel) -> None:
    """An expander, filled when it is opened: tables and code are two megabytes of Streamlit's scripts."""
    place = st.expander(words.HOW, key="explanation", on_change="rerun")
    if not place.open:
        return
    checkpoint, config = item.checkpoint, item.checkpoint.config
    with place:
        st.markdown(words.HOW_TEXT.replace("{thing}", of_these_data("picture", thing_of(checkpoint))))
        st.latex(words.LOSS_VAE if item.model.bottleneck.gaussian else words.LOSS)
        rows = [
            (*words.MEASURES[name], f"{value:.4g}", words.PUBLISHED.get((config.data, config.k, name), ""))
            for name, value in checkpoint.measures.items()
            if name in words.MEASURES
        ]
        if rows:
            titles, units, values, published = zip(*rows, strict=True)
            st.table(dict(zip(words.TABLE, (titles, values, published, units), strict=True)))
        st.markdown(words.ORIGIN.format(paper=config.row.paper, about=sources()[config.data].about))
        st.code(checkpoint.command, language="bash", wrap_lines=True)
