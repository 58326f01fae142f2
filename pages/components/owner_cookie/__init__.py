"""Lets a browser keep what the server knows it by, so that its runs are found again after a reload."""

import streamlit as st

from ..register import component
from .types import OwnerCookieData

_mount = component("owner_cookie", __file__)


def owner_cookie(name: str, token: str, seconds: int) -> str:
    """Keep `token` in the cookie `name` for so many seconds from now. Shows nothing.

    Gives the token that this browser has kept, which another tab may just have made.
    """
    with st.container(key="blob-owner"):
        data: OwnerCookieData = {"name": name, "token": token, "seconds": seconds}
        kept = _mount(data=data, key="owner-cookie", height=1, on_token_change=lambda: None)
    return str(kept.token or token)
