"""Sends a trained model to the browser once; other components on the page find it there by name."""

import streamlit as st

from ..browser import component

_mount = component("model_blob", __file__)


def model_blob(name: str, blob: bytes) -> None:
    """Register `blob` (see ae_core.blob) under the name in its header. Shows nothing."""
    with st.container(key=f"blob-{name}"):
        _mount(data=blob, key=f"model-{name}", height=1)
