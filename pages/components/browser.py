"""Registers the browser components: a folder with view.js (and view.html, view.css) beside its Python face."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

SHARED = [Path(__file__).with_name(file) for file in ("evaluator.js", "drawing.js", "pencil.js", "figure.js")]


def component(name: str, module: str) -> Callable:
    """The component whose files lie beside `module`; evaluator, drawing, pencil and figure stand in front of its
    view.js, as one module.
    """

    def text(file: str) -> str | None:
        path = Path(module).with_name(file)
        return path.read_text("utf-8") if path.exists() else None

    return st.components.v2.component(
        name,
        html=text("view.html"),
        css=text("view.css"),
        js="\n".join([*(file.read_text("utf-8") for file in SHARED), text("view.js")]),
        isolate_styles=False,
    )
