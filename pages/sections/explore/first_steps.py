"""What an autoencoder is, as a picture with a sentence each, and an order in which to go through the pages."""

import html

import streamlit as st

from . import words


def first_steps() -> None:
    """A button that opens both."""
    with st.popover(words.FIRST_STEPS, icon=":material/school:", width="content", key="first-steps"):
        st.html(picture())
        st.markdown(words.ORDER)
        for number, (page, sentence) in enumerate(words.PAGES.items(), start=1):
            st.page_link(f"pages/{page}.py", label=f"{number}. **{page.capitalize()}**: {sentence}")


def picture() -> str:
    """Input → encoder → z → decoder → output, each with its sentence."""
    parts = "".join(
        f'<li class="lx-{kind}"><b style="--lx-tall:{tall}">{html.escape(name)}</b><p>{html.escape(sentence)}</p></li>'
        for name, kind, tall, sentence in words.PARTS
    )
    return f'<ol class="lx-parts" aria-label="{html.escape(words.PARTS_LABEL)}">{parts}</ol>'
