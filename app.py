"""Latent Explorer: the page list."""

import streamlit as st

from pages.components.server import warm_up

st.set_page_config(page_title="Latent Explorer", page_icon="⧗", layout="wide")
warm_up()
pages = [
    st.Page("pages/explore.py", title="Explore", default=True),
    st.Page("pages/bottleneck.py", title="Bottleneck"),
    st.Page("pages/interpolate.py", title="Interpolate"),
    st.Page("pages/train.py", title="Train"),
    st.Page("pages/runs.py", title="Runs"),
    st.Page("pages/signals.py", title="Signals"),
    st.Page("pages/variants.py", title="Variants"),
]
st.navigation(pages, position="top").run()
