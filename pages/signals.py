"""Signals: a table of sensor channels, from the file to what is abnormal in it, and back."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError, jobs
from ae_core.anomaly import Rule
from ae_core.data.csv import is_upload
from ae_core.detector import Detection, unscored
from ae_core.runs import BUSY, checkpoints, read_checkpoint, read_config, runs
from ae_core.scoring import DETECTION, findings, load, scored_path, verdict
from pages.components.frame import hourglass, page_head
from pages.components.links import odd_link, put
from pages.components.signal_parts import cleaning, figures_table, generating, take_along
from pages.components.signal_setup import opened, plant_form, read_again, settings, uploader
from pages.components.signals import name_of, pack, pack_detail, signals
from pages.components.watch import head

EXAMPLE = "plant-nested"
NEW = ""  # in the menu: a file that nothing was trained on yet, or a run at work


def detectors() -> dict[str, Path]:
    """Folders of the runs that can score a table, the example first, then this machine's, newest first."""
    own = {name: folder for name, folder in runs().items() if (folder / "detector.json").is_file()}
    return {EXAMPLE: checkpoints()[EXAMPLE], **own}


def at_work(name: str) -> bool:
    """Whether the link's run is on a table and has no scores yet."""
    folder = runs().get(name)
    return folder is not None and not (folder / DETECTION).is_file() and read_config(folder).data == "csv"


@st.cache_resource(max_entries=4, show_spinner="Opening the scores …")
def detection(path: str, written: int) -> tuple[Detection, bytes]:
    """What stands in a file of scores, and the same as the browser gets it."""
    found = load(Path(path))
    return found, pack(found)


@st.cache_resource(max_entries=4, show_spinner="Drawing the signals …")
def bare(source: str) -> tuple[Detection, bytes]:
    """A table that nothing was trained on yet."""
    ready = opened(source)[1]
    found = unscored(ready.table, ready.normal, ready.window)
    return found, pack(found)


def asked_rule(notes: DeltaGenerator) -> Rule:
    """The threshold that the link asks for."""
    try:
        return Rule.parse(st.query_params.get("threshold", "quantile"))
    except LatentError as error:
        odd_link(notes, [str(error).rstrip(".")])
        return Rule()


def asked_view(rows: int) -> tuple[int, int] | None:
    """The rows that the link asks for."""
    first, _, last = st.query_params.get("view", "").partition(":")
    if first.isdecimal() and last.isdecimal() and len(first + last) < 20 and int(first) < int(last) <= rows:
        return int(first), int(last)
    return None


def figure(found: Detection, blob: bytes, rule: Rule, key: str) -> Rule:
    """The live figure; the rule that holds now."""
    rows = len(found.score)
    view = asked_view(rows)
    shown = signals(blob, key, rule, view=view, detail=pack_detail(name_of(blob), found, *view) if view else None)
    if shown.threshold:
        try:
            rule = Rule(shown.threshold["rule"], float(shown.threshold["amount"]))
        except (KeyError, TypeError, ValueError, LatentError):
            rule = Rule()
    if shown.view:
        first, last = int(shown.view["first"]), int(shown.view["last"])
        put({"view": f"{first}:{last}" if (first, last) != (0, rows) else ""})
    if shown.normal and shown.normal != st.session_state.get("signals-dragged"):
        st.session_state["signals-dragged"] = shown.normal
        st.session_state["signals-normal"] = shown.normal
        st.rerun()
    put({"threshold": str(rule) if rule != Rule() else ""})
    return rule


def result(folder: Path, found: Detection, blob: bytes, rule: Rule) -> None:
    """Everything about a table that was scored."""
    rule = figure(found, blob, rule, "signals-figure")
    checkpoint = read_checkpoint(folder)
    st.markdown(verdict(checkpoint, found, rule))
    made = findings(found, rule)
    st.caption(
        "**Notice:** drag the threshold: flagged stretches come and go at once. Click a stretch, and see which channel is to blame. The dashed line is PCA's score, "
        f"by the same windows of {found.window:,} rows and the same rule, from {found.kept} number{'s' * (found.kept != 1)} each. "
        "A row's score looks back only, so it stays the same however long the file grows."
    )
    figures_table(found, rule)
    take_along(checkpoint, found, made, rule)
    cleaning(checkpoint)
    generating(checkpoint)


def waiting(folder: Path) -> None:
    """A run at work, again and again; when it has ended the page hears of it."""

    def again() -> None:
        state = jobs.status(folder)
        if state["state"] not in BUSY:
            st.rerun()
        head(folder, state, shipped=False)
        if lines := jobs.lines(folder):
            line = lines[-1]
            st.caption(
                f"Held-out error of a window {line.get('test_reconstruction', line['test_loss']):.4g} after epoch {line['epoch']}, {lines[0]['test_loss']:.4g} after the first."
            )

    state = jobs.status(folder)
    if state["state"] in BUSY:
        st.fragment(again, run_every=0.7)()
    else:
        head(folder, state, shipped=False)
    source = dict(read_config(folder).source)
    signals(bare(json.dumps(source))[1], "signals-bare", normal=opened(json.dumps(source))[1].normal)


def scoring(folder: Path, source: dict[str, Any], rule: Rule) -> None:
    """Another table by an earlier run: scored in the background, then shown."""
    path = scored_path(folder, source)
    if path.is_file():
        result(folder, *detection(str(path), path.stat().st_mtime_ns), rule)
        return

    future = asked_scores(str(folder), json.dumps(source))

    def again() -> None:
        if future.done():
            st.rerun()
        st.caption(f"A worker is scoring {source['file']} with {folder.name} …")

    if not future.done():
        st.fragment(again, run_every=0.5)()
        return
    asked_scores.clear()
    try:
        future.result()
        st.rerun()
    except LatentError as error:
        st.error(str(error))


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
    if file and not is_upload(file):
        odd_link(notes, ["the file is not here any more: open it again"])
        file = ""
    if asked and asked not in known and not (asked in runs() and at_work(asked)):
        odd_link(notes, [f"there is no run {asked[:60]!r} on a table here"])
        asked = ""
    rule = asked_rule(notes)
    with place:
        bar, body = st.container(horizontal=True, vertical_alignment="center", key="signals-bar"), st.container()
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
                "Run", names, format_func=lambda name: name or "the new one", key="signals-run", on_change=choose, label_visibility="collapsed", width=260
            )
    with body:
        try:
            if file and asked:
                scoring(known[asked], {"file": file}, rule)
            elif file:
                setup(file, known)
            elif asked and asked not in known:
                waiting(runs()[asked])
            else:
                folder = known[asked or EXAMPLE]
                path = folder / DETECTION
                result(folder, *detection(str(path), path.stat().st_mtime_ns if path.is_file() else 0), rule)
        except LatentError as error:
            st.error(str(error))
    with top:
        sizes, waist = (120, 64), 12
        if not file and (asked in known or not asked):
            config, shape = read_checkpoint(known[asked or EXAMPLE]).config, read_checkpoint(known[asked or EXAMPLE]).shape
            sizes, waist = (int(np.prod(shape)), *config.hidden), config.k
        page_head(
            "What is abnormal in a signal",
            "Open a CSV of sensor channels, or look at the plant: drag the threshold and see what is flagged, when, and which channel is to blame.",
            hourglass(sizes, waist, "waist"),
        )


def setup(file: str, known: dict[str, Path]) -> None:
    """A file that was just opened: what was found in it, its channels, what is normal, and the button."""
    source = read_again(file)
    table, ready = opened(json.dumps(source))
    wanted = st.session_state.get("signals-normal") or source.get("normal", "")
    if wanted and wanted != f"{ready.normal[0]}:{ready.normal[1]}":
        source = source | {"normal": wanted}
        table, ready = opened(json.dumps(source))
    _, blob = bare(json.dumps({key: value for key, value in source.items() if key != "normal"}))
    shown = signals(blob, "signals-bare", normal=ready.normal, revision=hash(ready.normal) % 1_000_000)
    if shown.normal and shown.normal != st.session_state.get("signals-normal"):
        st.session_state["signals-normal"] = shown.normal
        st.rerun()
    settings(table, ready, source, known)


main()
