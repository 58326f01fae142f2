"""The button that starts a training, and the estimate of how long it takes."""

import json
from concurrent.futures import Future
from typing import Any

import streamlit as st

from ae_core import Config, LatentError
from ae_core.base.text import plural
from ae_core.data import source
from ae_core.jobs.queue import jobs

from ...session.futures import show_future
from ...session.polling import period
from ...ui.link import set_query_params
from ...ui.markdown import show_error
from ...ui.wording import format_duration
from . import keys, words

FETCHED = ("mnist", "fashion")  # data that a training downloads where they are not here


@st.cache_resource(show_spinner=False)
def warm_workers() -> None:
    """Let a worker import torch before somebody waits for it; once in a server's life."""
    jobs.warm()


def start(config: Config | None) -> None:
    """The button, and below it, where it cannot push the button away, the estimate."""
    data = source(config.data, **config.source) if config else None
    ready = data is not None and (data.here() or config.data in FETCHED)
    if st.button(
        words.TRAIN, type="primary", icon=":material/play_arrow:", key=keys.START, width="stretch", disabled=not ready
    ):
        try:
            set_query_params({"run": jobs.submit(config).name, "epoch": ""})
            st.rerun()
        except LatentError as error:
            show_error(error)
    if data is None:
        return
    if not data.here():
        st.info(words.NOT_FETCHED.format(data=data.title) if ready else words.NO_TABLE)
        return
    try:
        estimate(config)
    except LatentError as error:
        show_error(error)


@st.cache_resource(max_entries=200, show_spinner=False)
def asked_estimate(recipe: str, _config: Config) -> Future:
    """The estimate of a recipe, JSON, asked for once: whoever wants the same gets the same."""
    return jobs.estimate(_config)


def set_settings(values: dict[str, Any]) -> None:
    """Set widgets of the form."""
    for name, value in values.items():
        st.session_state[keys.setting(name)] = value


def estimate(config: Config) -> None:
    """How long a training would take, measured on a few steps in a worker. Raises LatentError."""
    recipe = json.dumps(config.to_json())
    future = asked_estimate(recipe, config)
    waiting = words.MEASURING if future.running() else words.QUEUED_ESTIMATE
    took = show_future(
        future,
        waiting,
        lambda: asked_estimate.clear(recipe, config),
        words.NO_ESTIMATE,
        seconds=period() / 2,
        fit=set_settings,
    )
    if took is None:
        return
    st.caption(
        words.ESTIMATE.format(
            total=format_duration(took.total),
            place=took.device,
            epochs=plural(config.epochs, "epoch"),
            each=f"{took.epoch:.2f}" if took.epoch < 10 else f"{took.epoch:.0f}",
            samples=took.samples,
            parameters=took.parameters,
        )
    )
    for remark in took.remarks:
        st.warning(remark.text)
