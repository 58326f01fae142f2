"""Sends a detection, or a stretch of it in full, to the browser; `signals` finds it there by its name."""

import streamlit as st

from ..browser import component

_mount = component("signal_blob", __file__)


def signal_blob(slot: str, blob: bytes) -> None:
    """Register `blob` (see signals.packing). Shows nothing. slot: tells the blobs of a page apart."""
    with st.container(key=f"blob-{slot}"):
        _mount(data=blob, key=f"signal-{slot}", height=1)
