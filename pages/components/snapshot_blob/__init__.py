"""Sends a few epochs of a training to the browser; `replay` finds them there by the run's name."""

import streamlit as st

from ..browser import component

_mount = component("snapshot_blob", __file__)


def snapshot_blob(run: str, chunk: int, blob: bytes) -> None:
    """Register `blob` (see ae_core.blob.pack_snapshots), which is chunk number `chunk` (from 0) of `run`. Shows
    nothing.
    """
    with st.container(key=f"blob-{run}-{chunk}"):
        _mount(data=blob, key=f"snapshots-{run}-{chunk}", height=1)
