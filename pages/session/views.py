"""What stood in a live figure, for when somebody comes back to it: from another page, model or mode."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ..ui import link

View = dict[str, Any]


@dataclass
class Views:
    """The figures of a page. left: what was let go last in each, by key; start: what the present one began with."""

    left: dict[str, View] = field(default_factory=dict)
    key: str = ""
    start: View = field(default_factory=dict)


def _views(page: str) -> Views:
    return st.session_state.setdefault("views", {}).setdefault(page, Views())


def starting_view(page: str, key: str, part: str, from_link: Callable[[], View], forget: bool = False) -> View:
    """What the figure with this key begins with: what the link says (`from_link`) where the page was opened by one,
    else what it was left with, else nothing. It stays the same while the figure stands.

    part: of the page, for `link.unread`; forget: whether the view is of one model only, and another begins anew.
    What the link says of another figure is taken out of it.
    """
    views = _views(page)
    opened = link.unread(part)
    if opened or (forget and views.key != key):
        views.left.clear()
    if opened or views.key != key or key not in st.session_state:
        if opened or views.key != key:
            link.clear()
        views.start = from_link() if opened else views.left.get(key, {})
        views.key, views.left[key] = key, views.start
    return views.start


def left(page: str, key: str) -> View:
    """What was let go last in a figure."""
    return _views(page).left.get(key, {})


def leave(page: str, key: str, view: View) -> None:
    """Keep what was let go in a figure."""
    _views(page).left[key] = view
