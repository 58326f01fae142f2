"""Lets a browser keep what the server knows it by, so that its runs are found again after a reload."""

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component("owner_cookie", js=Path(__file__).with_name("view.js").read_text("utf-8"))


def owner_cookie(name: str, token: str, seconds: int) -> str:
    """Keep `token` in the cookie `name` for so many seconds from now; gives the one that this browser has kept, which
    another tab may just have made. Shows nothing.
    """
    with st.container(key="blob-owner"):
        kept = _mount(
            data={"name": name, "token": token, "seconds": seconds},
            key="owner-cookie",
            height=1,
            on_token_change=lambda: None,
        )
    return str(kept.token or token)
