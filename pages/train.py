"""Train: an autoencoder of one's own, in the background, watched as it learns."""

from pages.ui.layout import hourglass, notice, page_head, rest

import contextlib
import json
import math
from concurrent.futures import Future
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import Config, LatentError
from ae_core.data import source
from ae_core.jobs.queue import jobs
from ae_core.model.presets import PRESETS
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import runs, shipped_folder
from ae_core.runs.records import read_config
from pages.components.hint import hint
from pages.sections.train.form import begin, recipe_form, use_preset
from pages.sections.train.monitor import duration, watch
from pages.session.polling import period
from pages.ui.markdown import show_error
from pages.ui.url_state import odd_link, put

EXAMPLE = "digits-vae-2d"  # a checkpoint that ships with its film


@st.cache_resource(show_spinner=False)
def warm_workers() -> None:
    jobs.warm()


def chosen_run(notes: DeltaGenerator) -> tuple[Path, bool]:
    """(the folder of the run on the screen, whether it is the shipped example)."""
    asked = st.query_params.get("run", "")
    known = runs()
    if asked in known:
        return known[asked], False
    if asked:
        odd_link(notes, [f"there is no run {asked[:60]!r} here, it may have been renamed or deleted"])
    return shipped_folder(EXAMPLE), True


def chosen_epoch(notes: DeltaGenerator) -> int | None:
    """The epoch that the link asks for."""
    asked = st.query_params.get("epoch")
    if asked is None or (asked.isdecimal() and len(asked) < 8):
        return int(asked) if asked else None
    odd_link(notes, ["epoch is a whole number"])
    return None


def presets() -> None:
    """Buttons that fill the form."""
    with st.container(horizontal=True, gap="small", key="presets"):
        for name, preset in PRESETS.items():
            st.button(
                preset.title,
                key=f"preset-{name}",
                help=preset.about,
                on_click=use_preset,
                args=(name, st.session_state["train-data"]),
            )


def start(config: Config | None) -> None:
    """The button, and below it, where it cannot push the button away, the estimate."""
    chosen = config is not None and source(config.data, **config.source)
    ready = config is not None and (chosen.here() or config.data in ("mnist", "fashion"))
    if st.button(
        "Train", type="primary", icon=":material/play_arrow:", key="train-start", width="stretch", disabled=not ready
    ):
        try:
            put({"run": jobs.submit(config).name, "epoch": ""})
            st.rerun()
        except LatentError as error:
            show_error(error)
    if config is None:
        return
    if not chosen.here():
        st.info(
            f"{chosen.title} are not in the data folder: Train fetches them once, where there is a network (LATENT_DATA names the folder). The small digits and the sinusoids are always here."
            if ready
            else "Upload a table to learn from."
        )
        return
    try:
        measured = asked(json.dumps(config.to_json()), config)
        if measured.done():
            estimate(config, measured)
        else:
            st.fragment(estimate_soon, run_every=period() / 2)(measured)
    except LatentError as error:
        show_error(error)


@st.cache_resource(max_entries=200, show_spinner=False)
def asked(recipe: str, _config: Config) -> Future:
    """The estimate of a recipe, asked for once: whoever wants the same gets the same."""
    return jobs.estimate(_config)


def estimate_soon(measured: Future) -> None:
    """A word until the estimate is there; then the page is told."""
    st.caption(
        "Measuring a few steps, to tell how long it takes …"
        if measured.running()
        else "How long it takes is measured as soon as a worker is free."
    )
    if measured.done():
        st.rerun()


def estimate(config: Config, measured: Future) -> None:
    """How long it would take, measured on a few steps in a worker."""
    try:
        found = measured.result()
    except LatentError as error:
        show_error(error)
        return
    except Exception as error:  # a worker that died takes its estimates along
        asked.clear()
        st.caption(f"How long it takes could not be measured ({type(error).__name__}).")
        return
    each = f"{found.epoch:.2f}" if found.epoch < 10 else f"{found.epoch:.0f}"
    st.caption(
        f"About **{duration(found.total)}** on {found.place}: {config.epochs:,} epochs of {each} s over {found.samples:,} samples, {found.parameters:,} weights. Measured on a few steps; the figures at the end come on top."
    )
    for remark in found.remarks:
        st.warning(remark.text)


def sizes(folder: Path) -> str:
    """The hourglass of the run on the screen."""
    try:
        run = read_checkpoint(folder)
        return hourglass((math.prod(run.shape), *run.config.hidden), run.config.k, "encode")
    except LatentError:  # it waits, and its data are not known yet
        with contextlib.suppress(LatentError):  # or it is broken, which is said where it is shown
            config = read_config(folder)
            return hourglass(config.hidden, config.k, "encode")
        return ""


def main() -> None:
    head, notes = st.container(), st.container()
    folder, shipped = chosen_run(notes)
    with head:
        page_head(
            "Watch a network learn",
            "Press Train. It learns in the background while you watch; slide over its epochs to see the map fall into place.",
            sizes(folder),
        )
    begin(notes)
    warm_workers()
    epoch = chosen_epoch(notes)
    view, form = st.columns([0.72, 0.28], gap="large")
    with form, rest("form"):
        presets()
        config = recipe_form()
        start(config)
    with view:
        hint("train", "Slide back to epoch 1.", "[data-testid=epoch-slider]")
        watch(folder, epoch, shipped)
        notice(
            "at first every sample lies in one heap and is redrawn as the average of all; then the classes part, and the drawings become single ones. "
            "The held-out curve tells whether it learns the subject or its examples by heart.",
            "Slide to the first epoch: what do all the reconstructions have in common, and why?",
            "They look nearly alike, like an average of everything: what all samples share lowers the error the most, so it is learned first. What tells them apart comes later.",
        )


main()
