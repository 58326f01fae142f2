"""The browser's address bar: the page's link is written into it, and Back and Forward are heard."""

from typing import Any

import streamlit as st

from ..browser import component

_mount = component("address", __file__)


def address(data: dict[str, Any], key: str) -> None:
    """Write the link; see view.js for `data`. What is heard of Back stands in `st.session_state[key]["back"]`: {"page",
    "search", "n"}.
    """
    with st.container(key=key.replace("address", "unseen-address", 1)):
        _mount(data=data, key=key, on_back_change=lambda: None, default={"back": None})
