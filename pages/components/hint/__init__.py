"""One sentence for a first visit, beside the control that it is about."""

import streamlit as st

from ..browser import component

_mount = component("hint", __file__)


def hint(name: str, sentence: str, target: str, side: str = "below") -> None:
    """Lay `sentence` over the page beside the first element that the CSS selector `target` finds, until it is moved or
    × is pressed.

    It is shown once: the browser keeps the name in its localStorage, and nothing is sent. side: below, above, or inside
    (at the top).
    """
    with st.container(key=f"hint-{name}"):
        _mount(data={"name": name, "sentence": sentence, "target": target, "side": side}, key=f"hint-{name}-of-page")
