"""One run on the screen, while it is made and afterwards: its status, its film, its curves and what stands out."""

from pathlib import Path
from typing import Any

import streamlit as st

from ae_core import Config, LatentError
from ae_core.base.files import read_json
from ae_core.jobs.queue import jobs
from ae_core.runs.records import read_config
from ae_core.runs.rights import may_change, stopped_by
from ae_core.runs.status import BUSY
from ae_core.training.diagnosis import remarks

from ...components.channel import send_snapshots
from ...components.register import key_part
from ...components.replay import replay
from ...session.identity import local_time, name_of
from ...session.polling import follow
from ...ui import link
from ...ui.charts import channel, chart, legend
from ...ui.layout import figure_slot, hidden_when_presenting
from ...ui.markdown import plain, show_error
from ...ui.wording import format_duration
from . import words
from .actions import resume, stop, what_else
from .film import film

Lines = list[dict[str, float]]  # metrics.jsonl: one an epoch


def watch(folder: Path, epoch: int | None = None, shipped: bool = False) -> None:
    """Show a run, again and again while it is at work; when it has ended the page hears of it."""
    follow([folder], lambda: look(folder, jobs.status(folder), epoch, shipped))


def look(folder: Path, state: dict[str, Any], epoch: int | None, shipped: bool) -> None:
    """The run as it stands now. epoch: where its film begins, None for the newest."""
    head(folder, state, shipped)
    lines = jobs.lines(folder)
    with st.container(key="film"):
        show_film(folder, state, epoch, shipped)
    try:
        config, about = read_config(folder), read_json(folder / "config.json")
    except LatentError as error:
        show_error(error)
        return
    for remark in remarks(config, about, lines, ended=state["state"] not in BUSY):
        if remark.grave:
            st.error(remark.text, icon=":material/report:")
        else:
            st.warning(remark.text, icon=":material/info:")
    if lines:
        with hidden_when_presenting("curves"):
            curves(config, lines)


def show_film(folder: Path, state: dict[str, Any], epoch: int | None, shipped: bool) -> None:
    """The run's film, or a word while there is none."""
    made = film(folder)
    blocks = made.grow() if made else []
    if made and (blocks or state["state"] in BUSY):
        key = f"replay-{key_part(folder.name)}-{'shipped' if shipped else 'run'}{link.suffix()}"
        figure_slot(key, "31rem")
        view = replay(made.data(state, epoch), key=key)
        for number, block in enumerate(blocks):
            send_snapshots(folder.name, number, block)
        if view:
            link.set_query_params({"epoch": str(view["epoch"]) if view.get("epoch") else ""})
            link.send("film")
    elif state["state"] in BUSY:
        st.container(height=420, border=True).caption(plain(state["message"]) or words.PREPARING)


def head(folder: Path, state: dict[str, Any], shipped: bool) -> None:
    """Name, progress and what can be done about it."""
    now = state["state"]
    # Resume takes the very place of Stop: a button that comes or goes beside it would push it away from under the
    # pointer.
    with st.container(horizontal=True, vertical_alignment="center", key="run-head"):
        st.markdown(" · ".join([f"**{plain(folder.name)}**", *progress(folder, state, shipped)]), width="stretch")
        others = st.container(horizontal=True, vertical_alignment="center", width="content", key="run-others")
        mine = may_change(folder)
        if now in ("queued", "running") and mine:
            stop(folder)
        elif now not in BUSY and not shipped:
            with others:
                what_else(folder, now)
            if mine:
                resume(folder, now)
    if now in BUSY:
        within = state.get("step", 0) / max(1, state.get("steps", 1)) if now == "running" else 0
        st.progress(min(1.0, (state["epoch"] + within) / max(1, state["epochs"])))
    if state["message"] and now not in BUSY:
        (st.error if now in ("failed", "dead") else st.info)(plain(state["message"]))


def progress(folder: Path, state: dict[str, Any], shipped: bool) -> list[str]:
    """How far a run is, in a few words."""
    now, epochs = state["state"], state["epochs"]
    if now == "queued":
        return [words.POSITION.format(position=jobs.position(folder))]
    stepping = now == "running" and "step" in state
    parts = [words.SHIPPED if shipped else words.STATES.get(now, now)]
    if epochs:
        parts.append(words.EPOCH.format(epoch=min(state["epoch"] + stepping, epochs), epochs=epochs))
    if now == "stopped" and (stop_of := stopped_by(folder)):
        who, when = stop_of
        parts[0] = words.STOPPED_BY.format(who=name_of(who), when=local_time(when))
    if stepping:
        facts = {**state, "left": format_duration(state["left"])}
        parts += [part.format(**facts) for part in words.STEP]
    return parts


def curves(config: Config, lines: Lines) -> None:
    """Losses over the epochs, training and held out; their parts apart; the squared error next to PCA's."""
    epoch = channel("x", title="epoch", scale={"domain": [0, config.epochs]}, axis={"grid": False, "tickMinStep": 1})
    parts = ("reconstruction", "kl") if "test_kl" in lines[-1] else ()
    charts = {
        words.CURVES.get(name, name): {words.TRAINING: f"train_{name}", words.HELD_OUT: f"test_{name}"}
        for name in ("loss", *parts)
    }
    if "squared_error" in lines[-1]:
        charts[words.SQUARED_ERROR] = {words.HELD_OUT: "squared_error", words.PCA: "pca_squared_error"}
    legend([words.TRAINING, words.HELD_OUT, words.PCA])
    for column, (title, curve) in zip(st.columns(len(charts)), charts.items(), strict=True):
        points = [(who, line["epoch"], line[key]) for who, key in curve.items() for line in lines if key in line]
        with column:
            chart(
                points,
                epoch,
                channel("y", title=None, scale={"zero": False}),
                dots=len(lines) == 1,
                height=200,
                legend=False,
                title=title,
            )
    st.caption(words.curves_caption(words.NATS if "test_kl" in lines[-1] else words.SUMMED, config.k))
