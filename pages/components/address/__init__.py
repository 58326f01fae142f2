"""The browser's address bar: the page's link is written into it, and Back and Forward are heard."""

import streamlit as st

from ..register import component
from .types import AddressData

_mount = component("address", __file__)


def address(data: AddressData, key: str) -> None:
    """Write the link. `st.session_state[key]["back"]` has what is heard of Back: {"page", "search", "n", "again"}."""
    with st.container(key=f"unseen-{key}"):
        _mount(data=data, key=key, on_back_change=lambda: None, default={"back": None})
