"""Latent Explorer: the page list."""

import contextlib
import sys

import streamlit as st

st.set_page_config(page_title="Latent Explorer", page_icon="⧗", layout="wide")
LOADING = "The server has just started and is getting ready: a few seconds …"


def main() -> None:
    # A fresh server imports torch for its first visitor, who would else look at an empty window.
    slot = st.empty()  # always there, or all elements would move up by one when the word has gone
    with slot, contextlib.nullcontext() if "pages.session.startup" in sys.modules else st.spinner(LOADING):
        from pages.ui.layout import page_row

        from ae_core import LatentError
        from ae_core.base import limits
        from ae_core.runs.folder import runs_folder
        from pages.sections.lesson.panel import panel
        from pages.session.identity import NOT_SHARED, keep_cookie, open_shared
        from pages.session.startup import tune
        from pages.ui.markdown import show_error

        tune()
    keep_cookie()
    try:
        limits.check()
    except LatentError as error:
        show_error(error)
        st.stop()
    pages = [
        st.Page("pages/explore.py", title="Explore", default=True),
        st.Page("pages/bottleneck.py", title="Bottleneck"),
        st.Page("pages/interpolate.py", title="Interpolate"),
        st.Page("pages/data.py", title="Your data"),
        st.Page("pages/playground.py", title="Playground"),
        st.Page("pages/train.py", title="Train"),
        st.Page("pages/runs.py", title="Runs"),
        st.Page("pages/signals.py", title="Signals"),
        st.Page("pages/variants.py", title="Variants"),
    ]
    page = st.navigation(pages, position="hidden" if st.context.is_embedded else "top")
    page_row(pages)
    if open_shared(runs_folder()):
        st.info(NOT_SHARED, icon=":material/link_off:")
    with st.container(key="lesson"):  # before the page: it is there while that is made, and stays as pages are turned
        panel(page.url_path or "explore")
    page.run()


main()
