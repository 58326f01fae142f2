"""One sentence for a first visit, beside the control that it is about."""

from typing import Literal

import streamlit as st

from ..register import component
from .types import HintData

_mount = component("hint", __file__)


def hint(
    name: str,
    sentence: str,
    target: str,
    side: Literal["below", "above"] = "below",
    clear: str = "",
    ends: str = "",
) -> None:
    """Lay `sentence` over the page beside a control, until that is moved or × is pressed.

    name: the browser keeps it in its localStorage, so that the hint is shown once; nothing is sent.
    target: a CSS selector; the first element that it finds is meant.
    side: of the control, where there is room.
    clear: a selector of what else it speaks of: it lies on neither.
    ends: a selector of what else ends it, besides the control.

    A link with hints=off shows none, for as long as the tab is open.
    """
    with st.container(key=f"hint-{name}"):
        data: HintData = {
            "name": name,
            "sentence": sentence,
            "target": target,
            "side": side,
            "clear": clear,
            "ends": ends,
        }
        _mount(data=data, key=f"hint-{name}-of-page")
