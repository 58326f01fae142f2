"""One button that makes a map and a model of every size of the samples, under one progress line, and three doors."""

from pathlib import Path
from typing import Any

import streamlit as st

from ae_core import Config, LatentError
from ae_core.data.samples.source import Prepared
from ae_core.jobs.queue import jobs
from ae_core.model.sample_recipes import map_recipe, nested_recipe
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.status import BUSY

from ...session.models import of_file, slides
from ...session.polling import follow
from ...ui.markdown import plain, show_error
from . import keys, words
from .open import trained

WANTED = ("vae", "nested")


def mapping(item: Prepared, source: dict[str, Any]) -> None:
    """The button, the progress of both trainings, the doors."""
    runs = trained(source, WANTED)
    if st.button(words.MAP, type="primary", icon=":material/map:", key=keys.MAP, disabled=len(runs) == len(WANTED)):
        submit(item, source, runs)
        runs = trained(source, WANTED)
    folders = [runs[variant] for variant in WANTED if variant in runs]
    st.page_link(
        "pages/playground.py",
        label=words.PLAY,
        icon=":material/open_in_new:",
        query_params={"data": "samples", **{name: str(text) for name, text in source.items()}},
    )
    if folders:
        follow(folders, lambda: progress(folders, words.MAPPING))
        doors(runs)


def submit(item: Prepared, source: dict[str, Any], runs: dict[str, Path]) -> None:
    """Queue what is not there yet; a sentence where that cannot be."""
    made = (source, item.x.shape[1:], len(item.train))
    for config in (map_recipe(*made), nested_recipe(*made)):
        if config.variant not in runs:
            send(config, "map" if config.variant == "vae" else "sizes")


def send(config: Config, what: str) -> None:
    """Queue a training under the name of its file."""
    try:
        jobs.submit(config, name=f"{of_file(config) or 'samples'}-{what}")
    except LatentError as error:
        show_error(error)


def progress(folders: list[Path], text: str) -> None:
    """One line for all of these trainings."""
    states = [jobs.status(folder) for folder in folders]
    failed = [each for each in states if each["state"] in ("failed", "dead")]
    if failed:
        st.error(words.FAILED.format(reason=plain(str(failed[0].get("message") or failed[0]["state"]))))
    if not any(each["state"] in BUSY for each in states):
        return
    done = sum(each["epoch"] + each.get("step", 0) / max(1, each.get("steps", 1)) for each in states)
    total = sum(each["epochs"] for each in states) or 1
    waits = all(each["state"] == "queued" for each in states)
    st.progress(min(1.0, done / total), words.STARTING if waits else text.format(done=int(done), all=total))


def doors(runs: dict[str, Path]) -> None:
    """Links to the three pages, which open together; where a training failed, to those that have their model."""
    ready = {variant: folder for variant, folder in runs.items() if (folder / "codes.npz").is_file()}
    if any(jobs.status(folder)["state"] in BUSY for folder in runs.values()):
        st.caption(words.DOORS_LATER)
        return
    if not ready:
        return
    with st.container(horizontal=True, key="data-doors"):
        for page, label in words.DOORS.items():
            folder = ready.get("nested" if page == "bottleneck" else "vae")
            if folder is None or (page == "bottleneck" and not slides(read_checkpoint(folder))):
                continue
            st.page_link(
                f"pages/{page}.py", label=label, icon=":material/open_in_new:", query_params={"model": folder.name}
            )
