"""What the five modes share: how a figure begins, and the models that stand unseen below it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ...components.channel import send_model
from ...components.register import key_part
from ...components.vectors import vectors
from ...session.models import LoadedModel
from ...session.views import View, leave, left, starting_view
from ...ui import link, wording
from ...ui.layout import figure_slot
from ...ui.wording import of_these_data
from .link import ENDS


def thing_of(item: LoadedModel) -> str:
    """What the model draws, in a sentence."""
    return of_these_data("picture", wording.thing_of(item.checkpoint))


def with_models(views: list[LoadedModel], draw: Callable[[], None]) -> None:
    """What `draw` draws, and below it, unseen, the models that it is about: nothing moves when one more comes."""
    place, blobs = st.container(), st.container()
    with blobs:
        for item in views:
            send_model(item.checkpoint.name, item.blob)
    with place:
        draw()


def begin(key: str, notes: Any, read: Callable[[], tuple[View, list[str]]]) -> View:
    """What the figure with this key begins with: what `read` makes of the link, once a turn, else what it was left
    with.

    read: gives (view, problems of the link); the problems are said in `notes`.
    """

    def from_link() -> View:
        view, problems = read()
        link.warn_invalid_params(notes, problems)
        return view

    return starting_view("interpolate", key, "figure", from_link)


def vectors_key(mode: str, item: LoadedModel) -> str:
    """The key of the component that shows one of the modes without a map."""
    return f"more-{mode}-{key_part(item.checkpoint.name)}{link.suffix()}"


def show_vectors(
    mode: str, item: LoadedModel, data: dict[str, Any], begun: View, link_of: Callable[[View], dict[str, str]]
) -> View:
    """One of the modes without a map; what was let go last is kept for the session and put into the link."""
    key = vectors_key(mode, item)
    figure_slot(key)
    view = vectors({"mode": mode, "revision": item.mtime_ns, "ends": ENDS, **data}, key=key, on_release=lambda: None)
    return settle(key, view, begun, link_of)


def settle(key: str, last: View | None, begun: View, link_of: Callable[[View], dict[str, str]]) -> View:
    """What is on the screen after a release (`last`), or before any; kept for the session, and put into the link."""
    view = last or begun
    before = left("interpolate", key)
    link.set_query_params(link_of(view))
    link.send("figure", chosen=view.get("choices", 0) > before.get("choices", 0))
    if last:
        leave("interpolate", key, last)
    return view
