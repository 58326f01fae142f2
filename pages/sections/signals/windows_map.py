"""A map of a table's windows: two numbers each, which Explore shows and Interpolate moves between."""

from pathlib import Path
from typing import Any

import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.recipe import recipe
from ae_core.data.csv.table import Table
from ae_core.data.csv.uploads import file_label
from ae_core.jobs.queue import jobs
from ae_core.runs.folder import runs
from ae_core.runs.records import read_config

from ...session.polling import follow
from ...ui.markdown import plain, show_error
from . import keys, words

VARIANT, K = "vae", 2
PASSES = 3  # as many as a detector has: a map of two numbers learns longer


def windows_map(table: Table, source: dict[str, Any]) -> None:
    """The button, how far the training is, and the doors to what it made. Raises LatentError."""
    folder = _mapped(source)
    if folder is None and st.button(
        words.MAP_WINDOWS, icon=":material/map:", key=keys.MAP, help=words.MAP_WINDOWS_HELP
    ):
        usual = recipe(table, source, VARIANT, k=K)
        config = recipe(table, source, VARIANT, k=K, epochs=min(300, PASSES * usual.epochs), keep="last")
        try:
            folder = jobs.submit(config, name=f"{file_label(source['file'])[:40]}-windows")
        except LatentError as error:
            show_error(error)
    if folder is not None:
        follow([folder], lambda: _progress(folder))


def _mapped(source: dict[str, Any]) -> Path | None:
    """The newest map of these windows."""
    for folder in runs().values():
        try:
            config = read_config(folder)
        except LatentError:
            continue
        if (config.data, config.variant, config.k) == ("csv", VARIANT, K) and dict(config.source) == source:
            return folder
    return None


def _progress(folder: Path) -> None:
    state = jobs.status(folder)
    if state["state"] in ("failed", "dead"):
        st.error(words.MAP_FAILED.format(reason=plain(str(state.get("message") or state["state"]))))
    elif not (folder / "codes.npz").is_file():
        st.progress(min(1.0, state["epoch"] / max(1, state["epochs"])), words.MAPPING_WINDOWS)
    else:
        with st.container(horizontal=True):
            for page, label in words.MAP_DOORS.items():
                st.page_link(
                    f"pages/{page}.py", label=label, icon=":material/open_in_new:", query_params={"model": folder.name}
                )
