"""A file of samples: brought or taken as an example, kept, read once, and how it is to be read."""

import json
from pathlib import Path
from typing import Any

import streamlit as st

from ae_core import LatentError
from ae_core.base.limits import MEGABYTES
from ae_core.base.owners import owner
from ae_core.data.csv.uploads import keep_upload
from ae_core.data.samples.source import Prepared, Samples
from ae_core.jobs.lane import lane
from ae_core.runs.folder import runs
from ae_core.runs.records import read_config

from ...ui.link import set_query_params
from ...ui.markdown import show_error
from ...ui.upload import where_it_lies
from . import keys, words
from .examples import example

ENDINGS = ["csv", "txt", "tsv", "ts", "dat", "parquet", "npy", "npz", "zip", "gz"]


def open_file(data: bytes, name: str) -> None:
    """Keep a file and show it; a sentence where that cannot be."""
    try:
        kept = keep_upload(data, name)
    except LatentError as error:
        show_error(error)
        return
    state = st.session_state
    state[keys.OPENED] = state.get(keys.OPENED, 0) + 1
    for name in ("label", "group", "kind"):
        state.pop(keys.setting(name), None)
    set_query_params({"file": kept, "label": "", "group": "", "kind": "", "normal": ""})
    st.rerun()


def doors_in() -> None:
    """Where a file comes in."""
    turn = st.session_state.setdefault(keys.OPENED, 0)
    left, right = st.columns([0.62, 0.38], gap="large", vertical_alignment="bottom")
    with left:
        file = st.file_uploader(words.UPLOAD, type=ENDINGS, max_upload_size=MEGABYTES(), key=f"{keys.UPLOAD}-{turn}")
        st.caption(where_it_lies())
    with right:
        chosen = st.selectbox(
            words.EXAMPLES,
            list(words.EXAMPLE_NAMES),
            index=None,
            format_func=words.EXAMPLE_NAMES.get,
            key=f"{keys.EXAMPLE}-{turn}",
        )
    if file is not None:
        open_file(file.getvalue(), file.name)
    elif chosen:
        open_file(*example(chosen))


@st.cache_resource(max_entries=3, show_spinner=words.READING)
def prepared(source: str, whose: str | None) -> Prepared:
    """The samples that these knobs of the source name, JSON, whoever's they are. Raises LatentError."""
    origin = Samples(**json.loads(source))
    return lane.call(origin.prepare) if origin.here() else origin.prepare()


def close_file() -> None:
    """Show no file any more, and keep nothing of it."""
    prepared.clear()
    set_query_params(dict.fromkeys(("file", "label", "group", "kind", "normal"), ""))


def ready(source: dict[str, Any]) -> Prepared:
    """The samples that these knobs of the source name. Raises LatentError."""
    return prepared(json.dumps(source, sort_keys=True), owner())


def trained(source: dict[str, Any], variants: tuple[str, ...]) -> dict[str, Path]:
    """The newest run of each variant on just these samples, {variant: folder}."""
    found: dict[str, Path] = {}
    for folder in runs().values():
        try:
            config = read_config(folder)
        except LatentError:
            continue
        if config.data == "samples" and dict(config.source) == source and config.variant in variants:
            found.setdefault(config.variant, folder)
    return found
