"""Signals: a table of sensor channels, from the file to what is abnormal in it, and back."""

from pages.ui.layout import hourglass, notice, page_head, rest

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.anomaly.detection import Detection, unscored
from ae_core.anomaly.findings import findings
from ae_core.anomaly.report import verdict
from ae_core.anomaly.scoring import scored_path
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.anomaly.thresholds import Rule
from ae_core.data.csv.uploads import is_upload
from ae_core.jobs.queue import jobs
from ae_core.model.config import Config
from ae_core.runs.checkpoint import Checkpoint, read_checkpoint
from ae_core.runs.folder import runs, shipped_folder
from ae_core.runs.records import read_config
from pages.components.hint import hint
from pages.components.signals import name_of, pack, pack_detail, signals
from pages.sections.signals.parts import cleaning, few_numbers, figures_table, generating, take_along, textbook_plant
from pages.sections.signals.setup import (
    EXAMPLE,
    obtainable,
    obtained,
    open_file,
    opened,
    plant_form,
    read_again,
    reading_knobs,
    settings,
    train_again,
    uploader,
)
from pages.sections.train.monitor import head
from pages.session.polling import follow
from pages.ui.markdown import plain, show_error
from pages.ui.url_state import odd_link, put

NEW = ""  # in the menu: a file that nothing was trained on yet, or a run at work


def detectors() -> dict[str, Path]:
    """Folders of the runs that can score a table, the example first, then this machine's, newest first."""
    own = {name: folder for name, folder in runs().items() if (folder / "detector.json").is_file()}
    return {EXAMPLE: shipped_folder(EXAMPLE), **own}


def at_work(name: str) -> bool:
    """Whether the link's run is on a table and has no scores yet."""
    folder = runs().get(name)
    return folder is not None and not (folder / DETECTION).is_file() and read_config(folder).data == "csv"


@st.cache_resource(max_entries=4, show_spinner="Opening the scores …")
def detection(path: str, written: int) -> tuple[Detection, bytes]:
    """What stands in a file of scores, and the same as the browser gets it."""
    found = load_detection(Path(path))
    return found, pack(found)


@st.cache_resource(max_entries=4, show_spinner="Drawing the signals …")
def bare(source: str) -> tuple[Detection, bytes]:
    """A table that nothing was trained on yet."""
    ready = opened(source)[1]
    found = unscored(ready.table, ready.normal, ready.window)
    return found, pack(found)


def asked_rule(odd: list[str]) -> Rule:
    """The threshold that the link asks for; what is wrong with it goes to `odd`."""
    try:
        return Rule.parse(st.query_params.get("threshold", "quantile"))
    except LatentError as error:
        odd.append(str(error).rstrip("."))
        return Rule()


def asked_view(rows: int, odd: list[str]) -> tuple[int, int] | None:
    """The rows that the link asks for."""
    text = st.query_params.get("view", "")
    first, _, last = text.partition(":")
    if first.isdecimal() and last.isdecimal() and len(first + last) < 20 and int(first) < int(last) <= rows:
        return int(first), int(last)
    if text:
        odd.append(f"view is FIRST:LAST within the {rows:,} rows")
    return None


def figure(
    found: Detection, blob: bytes, rule: Rule, network: str, odd: list[str]
) -> tuple[Rule, tuple[int, int] | None, str]:
    """The live figure; (the rule that holds now, the rows in view or None for all, the normal stretch that was dragged
    or "").
    """
    hint("signals", "Drag the threshold: what is flagged follows at once.", "[data-testid=threshold-slider]")
    rows, name, state = len(found.network.score), name_of(blob), st.session_state
    view, times = asked_view(rows, odd), state.get("signals-set", 0)
    detail = pack_detail(name, found, *view) if view else None
    shown = signals(blob, f"signals-figure-{name[:8]}", rule, view=view, revision=times, network=network, detail=detail)
    if (
        state.get("signals-set-seen", 0) != times
    ):  # the page set the threshold: what the figure said before counts no more
        state["signals-set-seen"], state["signals-past"] = times, shown.threshold
    if shown.threshold and shown.threshold != state.get("signals-past"):
        state["signals-past"] = None
        try:
            rule = Rule(shown.threshold["rule"], float(shown.threshold["amount"]))
        except (KeyError, TypeError, ValueError, LatentError):
            rule = Rule()
    if shown.view:
        first, last = int(shown.view["first"]), int(shown.view["last"])
        view = (first, last) if (first, last) != (0, rows) else None
        put({"view": f"{first}:{last}" if view else ""})
    put({"threshold": str(rule) if rule != Rule() else ""})
    return rule, view, shown.normal or ""


def result(
    folder: Path,
    found: Detection,
    blob: bytes,
    rule: Rule,
    bar: DeltaGenerator,
    odd: list[str],
    other: dict[str, Any] | None = None,
) -> None:
    """Everything about a table that was scored; other: how it is read, where it is not the run's own."""
    checkpoint = read_checkpoint(folder)
    network = checkpoint.config.row.title.lower()
    rule, view, normal = figure(found, blob, rule, network, odd)
    if normal == "{}:{}".format(*found.normal):
        normal = ""
    with bar:
        again(checkpoint, normal, other)
    st.markdown(verdict(checkpoint, found, rule))
    made = findings(found, rule)
    notice(
        "drag the threshold: flagged stretches come and go at once. Click a stretch, and see which channel is to blame. The thin blue line is PCA's error, "
        f"by the same windows of {found.window:,} row{'s' * (found.window != 1)}, from {found.n_dims} number{'s' * (found.n_dims != 1)} each. "
        "A row's error looks back only, so it stays the same however long the file grows.",
        "Lower the threshold: more and more is flagged. Why is that not simply better?",
        "Normal rows err too, some a little more than others: at the 0.9 quantile one held-out normal row in ten is flagged although nothing was wrong. "
        "Each false alarm costs somebody a look, so the threshold weighs those against what is missed.",
    )
    with rest("result"):
        figures_table(found, made, rule, view, network)
        few_numbers(checkpoint, found, network)
        take_along(checkpoint, found, made, rule)
        cleaning(checkpoint)
        generating(checkpoint)
        if folder.name == EXAMPLE:
            textbook_plant()


def again(checkpoint: Checkpoint, normal: str, other: dict[str, Any] | None) -> None:
    """The way back from scores to the form, with what was chosen."""
    if not (other or obtainable(checkpoint)):
        if normal:
            st.caption("To train on this stretch, open the file again: it is not here any more.")
        return
    label = (
        "Train again with this normal stretch"
        if normal
        else "Train on this file"
        if other
        else "Change and train again"
    )
    if not st.button(
        label, type="primary" if normal else "secondary", icon=":material/model_training:", key="signals-again"
    ):
        return
    source = other or dict(checkpoint.config.source)
    try:
        if not other:
            source["file"] = obtained(checkpoint).file
        train_again(source, checkpoint.config, normal or str(source.get("normal", "")))
    except LatentError as error:
        show_error(error)
        return
    st.rerun()


def waiting(folder: Path) -> None:
    """A run at work, again and again; when it has ended the page hears of it."""

    def show() -> None:
        head(folder, jobs.status(folder), shipped=False)
        if lines := jobs.lines(folder):
            line = lines[-1]
            st.caption(
                f"Held-out error of a window {line.get('test_reconstruction', line['test_loss']):.4g} after epoch {line['epoch']}, {lines[0]['test_loss']:.4g} after the first."
            )

    follow([folder], show)
    text = json.dumps(dict(read_config(folder).source))
    blob = bare(text)[1]
    signals(blob, f"signals-bare-{name_of(blob)[:8]}", normal=opened(text)[1].normal)


def scoring(folder: Path, source: dict[str, Any], rule: Rule, bar: DeltaGenerator, odd: list[str]) -> None:
    """Another table by an earlier run: scored in the background, then shown."""
    path = scored_path(folder, source)
    if path.is_file():
        result(folder, *detection(str(path), path.stat().st_mtime_ns), rule, bar, odd, other=source)
        return

    future = asked_scores(str(folder), json.dumps(source))

    def again() -> None:
        if future.done():
            st.rerun()
        st.caption(f"A worker is scoring {plain(Path(source['file']).name)} with {plain(folder.name)} …")

    if not future.done():
        st.fragment(again, run_every=0.5)()
        return
    asked_scores.clear()
    try:
        future.result()
        st.rerun()
    except LatentError as error:
        show_error(error)


@st.cache_resource(max_entries=50, show_spinner=False)
def asked_scores(folder: str, source: str) -> Future:
    return jobs.score(Path(folder), json.loads(source))


def choose() -> None:
    """Show the run that was chosen in the menu."""
    put({"run": st.session_state["signals-run"] or "", "file": "", "view": ""})


def main() -> None:
    top, notes, place = st.container(), st.container(), st.container()
    known = detectors()
    asked, file = st.query_params.get("run", ""), st.query_params.get("file", "")
    odd: list[str] = []
    if file and not is_upload(file):
        odd.append("the file is not here any more: open it again")
        file = ""
    if asked and asked not in known and not (asked in runs() and at_work(asked)):
        odd.append(f"there is no run {asked[:60]!r} on a table here")
        asked = ""
    with top:
        page_head(
            "What is abnormal in a signal",
            "Open a CSV of sensor channels, or look at the plant: drag the threshold and see what is flagged, when, and which channel is to blame.",
            glass(known, asked, file),
        )
    rule = asked_rule(odd)
    with place:
        with rest("bar"):
            bar = st.container(horizontal=True, vertical_alignment="center", key="signals-bar")
        body = st.container()
    with bar:
        turn = st.session_state.setdefault("signals-opened", 0)  # what was opened closes the menus
        with st.popover("Open a CSV", icon=":material/upload_file:", type="primary", key=f"signals-open-{turn}"):
            uploader()
        with st.popover("Make a plant", icon=":material/factory:", key=f"signals-plant-{turn}"):
            plant_form()
        if len(known) > 1 or asked or file:
            names = [NEW, *known] if (file and not asked) or (asked not in known and asked) else list(known)
            st.session_state["signals-run"] = asked or (NEW if file else EXAMPLE) if names[0] != NEW else NEW
            st.selectbox(
                "Run",
                names,
                format_func=lambda name: name or "the new one",
                key="signals-run",
                on_change=choose,
                label_visibility="collapsed",
                width=260,
            )
    with body:
        try:
            if file and asked:
                scoring(known[asked], {"file": file}, rule, bar, odd)
            elif file:
                setup(file, known)
            elif asked and asked not in known:
                waiting(runs()[asked])
            else:
                folder = known[asked or EXAMPLE]
                path = folder / DETECTION
                result(folder, *detection(str(path), path.stat().st_mtime_ns if path.is_file() else 0), rule, bar, odd)
        except LatentError as error:
            show_error(error)
    odd_link(notes, odd)


def glass(known: dict[str, Path], asked: str, file: str) -> str:
    """The network as an hourglass; none before there is one."""
    if file and not asked:
        return ""
    try:
        if asked and asked not in known:
            config = read_config(runs()[asked])
            table, ready = opened(json.dumps(dict(config.source)))
            return drawn(config, len(table.names) * ready.window)
        checkpoint = read_checkpoint(known[asked or EXAMPLE])
        return drawn(checkpoint.config, int(np.prod(checkpoint.shape)))
    except LatentError:  # the page says so where it shows the run
        return ""


def drawn(config: Config, size: int) -> str:
    return hourglass((size, *config.hidden), config.k, "waist")


def setup(file: str, known: dict[str, Path]) -> None:
    """A file that was just opened: what was found in it, its channels, what is normal, and the button."""
    source, state, said = read_again(file), st.session_state, []
    wanted = state.get("signals-normal", "")
    for attempt in ([source | {"normal": wanted}] if wanted else []) + [
        source
    ]:  # a stretch that cannot be must not take the figure along
        try:
            table, ready = opened(json.dumps(attempt))
            break
        except LatentError as error:
            said += [str(error)] if str(error) not in said else []
    else:
        show_error(" ".join(said))
        st.button(
            "Read it as if it had just been opened",
            icon=":material/restart_alt:",
            on_click=open_file,
            args=(file,),
            key="signals-restart",
        )
        with st.expander("Say how it is to be read", expanded=True):
            reading_knobs()
        return
    for sentence in said:
        st.warning(plain(sentence))
    _, blob = bare(json.dumps(source))
    shown = signals(
        blob, f"signals-bare-{name_of(blob)[:8]}", normal=ready.normal, revision=hash((ready.normal, *said)) % 1_000_000
    )
    if shown.normal and shown.normal != wanted:
        state["signals-normal"] = shown.normal
        st.rerun()
    settings(table, ready, attempt, known)


main()
