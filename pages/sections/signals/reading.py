"""From a file that was opened to a run on it: how it was read, what can be changed, and the recipe."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from ae_core import VARIANTS, LatentError
from ae_core.anomaly.detection import Detection, unscored
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.scoring import check_compatible
from ae_core.base.budget import BudgetError
from ae_core.base.options import knobs
from ae_core.base.text import plural
from ae_core.data.csv.cells import span
from ae_core.data.csv.checks import first_checks
from ae_core.data.csv.normal import Range, as_text, between, propose_normal, rows_of
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Table
from ae_core.data.csv.uploads import is_upload
from ae_core.data.csv.windows import Prepared
from ae_core.io.tables import name_list
from ae_core.jobs.queue import jobs
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import proposed_name

from ...components.signals import name_of, pack, signals
from ...session.futures import fit_button
from ...ui import link
from ...ui.file_chooser import forget_button
from ...ui.link import set_query_params
from ...ui.markdown import plain, show_error
from . import keys, words
from .link import READING as READ
from .open import AFTERWARDS, CUTTING, READING, SCORING, channels_of, close_file, open_file, opened, read
from .questions import doubts_of, questions
from .settings import help_of, reading_settings, remember
from .windows_map import windows_map

UNEVEN = 0.01  # share of the rows that may be late or early without a word on it
LATE = 0.02  # of a step: what counts as that
MAX_PROPOSED = 2_000_000  # values of a table whose windows are cut only to say what a recipe would take


@st.cache_resource(max_entries=4, show_spinner=words.DRAWING)
def unscored_table(source: str) -> tuple[Detection, bytes]:
    """A table that nothing was trained on yet, and its payload for the figure. source: settings of the csv, JSON."""
    ready = opened(source)[1]
    detection = unscored(ready.table, ready.normal, ready.window)
    return detection, pack(detection)


def show_unscored(source: str, stretches: tuple[Range, ...], revision: int = 0) -> str:
    """The figure without scores; the normal rows that were dragged in it, START:END, or ""."""
    blob, normal = unscored_table(source)[1], (stretches[0][0], stretches[-1][1])
    key = f"signals-bare-{name_of(blob)[:8]}"
    view = signals(blob, key, normal=normal, stretches=stretches, revision=revision)
    return view.normal or ""


def file_section(file: str, detectors: dict[str, Path]) -> None:
    """A file that was just opened: how it was read, its channels, what is normal, and the buttons."""
    take_answers()
    source, problems, fits = chosen_source(file), [], {}
    # What was said about the file lives through Back and reload.
    set_query_params({"read": urlencode({name: value for name, value in source.items() if name in READING})})
    wanted = st.session_state.get(keys.NORMAL, "")
    # Normal rows that cannot be must not take the figure along.
    for attempt in ([source | {"normal": wanted}] if wanted else []) + [source]:
        try:
            table, ready = opened(json.dumps(attempt))
            break
        except LatentError as error:
            problems += [str(error)] if str(error) not in problems else []
            fits |= error.fits if isinstance(error, BudgetError) else {}
    else:
        unreadable(file, problems, fits)
        return
    for sentence in problems:
        st.warning(plain(sentence))
    questions(table, attempt)
    normal = show_unscored(json.dumps(source), ready.stretches, hash((ready.stretches, *problems)) % 1_000_000)
    if normal and (file, normal) != st.session_state.get(keys.DRAGGED):
        st.session_state[keys.DRAGGED] = file, normal
        first, last = map(int, normal.split(":"))
        moved = as_text(between(ready.stretches, first, last))
        if moved != wanted:
            st.session_state[keys.NORMAL] = moved
            st.rerun()
    left, right = st.columns([0.62, 0.38], gap="large")
    with left:
        how_it_was_read(table, attempt)
    with right:
        training_form(table, ready, attempt)
        score_with_earlier(table, attempt, detectors)
    with st.expander(words.CHANGE_READING):
        reading_settings(source)
    forget_button(file, close_file)


def take_answers() -> None:
    """Let the widgets of the reading options say what the link says, once after it was followed."""
    link_now = link.current().values
    if not link.unread("read") or "read" not in link_now:
        return
    values, _ = link.read((READ,), link_now)
    for name, value in values.get("read", {}).items():
        st.session_state[keys.read(name)] = value


def unreadable(file: str, problems: list[str], fits: dict[str, Any]) -> None:
    """Why a file cannot be read, and the options to do something about it. fits: settings with which it could be."""
    show_error(" ".join(problems))
    if fits:
        fit_button(fits, set_reading)
    st.button(words.RESET_READING, icon=":material/restart_alt:", on_click=open_file, args=(file,), key=keys.RESTART)
    with st.expander(words.SET_READING, expanded=True):
        reading_settings(chosen_source(file))
    if is_upload(file):
        forget_button(file, close_file)


def set_reading(values: dict[str, Any]) -> None:
    """Set widgets of the reading options."""
    for name, value in values.items():
        st.session_state[keys.read(name)] = value


def chosen_source(file: str) -> dict[str, Any]:
    """The settings of the source csv that the widgets below the figure say."""
    state, fields = st.session_state, knobs(Csv)
    source: dict[str, Any] = {"file": file}
    for name in (*READING, *CUTTING, *SCORING):
        value = state.get(keys.read(name), fields[name].default)
        if value != fields[name].default:
            source[name] = value
    if state.get(keys.read("columns")):
        source["columns"] = name_list(state[keys.read("columns")])
    return source


# ---- How it was read


def how_it_was_read(table: Table, source: dict[str, Any]) -> None:
    """The reader's sentences, the channels to take, and the reading options."""
    st.markdown(words.DETECTED)
    uneven_time(table, source)
    st.markdown("\n".join(f"- {plain(note.text)}" for note in table.notes))
    names = read(json.dumps({key: value for key, value in source.items() if key not in ("columns", *AFTERWARDS)})).names
    chosen = st.session_state.get(keys.read("columns"), [])
    if any(name not in names for name in chosen):
        st.session_state[keys.read("columns")] = [name for name in chosen if name in names]
    st.multiselect(
        words.CHANNELS, names, key=keys.read("columns"), placeholder=words.CHANNELS_ALL, help=words.CHANNELS_HELP
    )
    if checks := checked(json.dumps(source)):
        st.markdown(words.FIRST_CHECKS + "\n" + "\n".join(f"- {plain(sentence)}" for sentence in checks))


@st.cache_data(max_entries=16, show_spinner=False)
def checked(source: str) -> list[str]:
    """What a first look at the channels shows; source: settings of the csv, JSON."""
    table = opened(source)[0]
    return [note.text for note in first_checks(table)] if table.about.layout != "samples" else []


def uneven_time(table: Table, source: dict[str, Any]) -> None:
    """Where rows do not come evenly: what is done about it, and what else could be."""
    if table.time is None or not table.step or source.get("resample_seconds"):
        return
    between = np.abs(np.diff(table.time[~np.isnat(table.time)]).astype(np.int64)) / 1e9
    gaps = between > 1.5 * table.step
    uneven = float((np.abs(between[~gaps] - table.step) > LATE * table.step).mean())
    filled = source.get("max_gap_steps", knobs(Csv)["max_gap_steps"].default)
    long = between > (filled + 0.5) * table.step
    sentences = []
    if uneven > UNEVEN:
        sentences.append(words.uneven_rows(uneven, span(table.step)))
    if count := int(long.sum()):
        sentences.append(words.long_gaps(count, filled))
    if count := int((gaps & ~long).sum()):
        sentences.append(words.short_gaps(count))
    if not sentences:
        return
    st.info(" ".join(sentences), icon=":material/schedule:")
    every = float(f"{table.step:.6g}")
    known = table.time[~np.isnat(table.time)]
    became = round(float((known.max() - known.min()).astype(np.int64)) / 1e9 / every) + 1
    st.button(
        words.RESAMPLE.format(step=span(every), rows=f"{len(table):,}", became=f"{became:,}"),
        icon=":material/grid_on:",
        key=keys.RESAMPLE,
        on_click=lambda: st.session_state.update({keys.read("resample_seconds"): every}),
    )


# ---- What is trained, or scored


def training_form(table: Table, ready: Prepared, source: dict[str, Any]) -> None:
    """The recipe, and the button that trains it."""
    length = f" ({span(ready.window * table.step)})" if table.step else ""
    doubts = doubts_of(table, source)
    st.markdown(
        words.TABLE.format(
            rows=plural(len(table), "row"),
            channels=plural(len(table.names), "channel"),
            normal=rows_of(ready.stretches),
            window=plural(ready.window, "row") + length,
        )
    )
    normal_stretch(table, ready)
    left, right = st.columns(2)
    st.session_state.setdefault(keys.recipe("variant"), "nested")
    variant = left.selectbox(
        words.MODEL_KIND, list(VARIANTS), format_func=lambda name: VARIANTS[name].title, key=keys.recipe("variant")
    )
    proposed = _proposed(json.dumps(source), variant)
    k = right.number_input(words.LATENT.format(proposed=proposed["k"]), 0, 4096, key=keys.recipe("k"))
    window = ready.window if not source.get("window") else words.AUTOMATIC
    left.number_input(words.WINDOW.format(proposed=window), 0, 65_536, key=keys.read("window"), help=help_of("window"))
    epochs = right.number_input(words.EPOCHS.format(proposed=proposed["epochs"]), 0, 100_000, key=keys.recipe("epochs"))
    given = {name: int(value) for name, value in (("k", k), ("epochs", epochs)) if value}
    if doubts:
        st.caption(words.still_open([words.short_question(doubt) for doubt in doubts]))
    about: dict[str, Any] = {"key": keys.TRAIN, "icon": ":material/play_arrow:", "disabled": bool(doubts)}
    config = recipe(table, source, variant, **given) if not isinstance(proposed["k"], str) else None
    placeholder = proposed_name(config) if config else words.AUTOMATIC
    name = st.text_input(words.RUN_NAME, key=keys.recipe("name"), placeholder=placeholder, max_chars=80).strip()
    if st.button(words.TRAIN, type="primary", width="stretch", **about):
        run = jobs.submit(config or recipe(table, source, variant, **given), name or None)
        set_query_params({"run": run.name, "file": "", "read": "", "view": "", "threshold": ""})
        st.rerun()
    st.caption(words.TRAIN_ABOUT)
    windows_map(table, source)
    with st.expander(words.SCORING_SETTINGS):
        scoring_settings()


def normal_stretch(table: Table, ready: Prepared) -> None:
    """Why these rows are taken for normal, whether the machine was healthy there, and a field for others."""
    state = st.session_state
    wanted = state.get(keys.NORMAL, "")
    state[keys.NORMAL_TYPED] = wanted
    sentences = [words.HEALTHY] if wanted else [propose_normal(table).why, words.HEALTHY]
    if times := [ends for part in ready.stretches[:3] if (ends := _ends(table, part)) is not None]:
        more = " …" if len(ready.stretches) > 3 else ""
        sentences.insert(0, words.normal_times([words.NORMAL_TIMES.format(first=a, last=b) for a, b in times], more))
    st.caption(plain(" ".join(sentences)))
    st.text_input(
        words.NORMAL_ROWS,
        key=keys.NORMAL_TYPED,
        placeholder=words.NORMAL_PLACEHOLDER,
        help=words.NORMAL_HELP,
        on_change=lambda: state.update({keys.NORMAL: state[keys.NORMAL_TYPED].strip()}),
    )


def _ends(table: Table, normal: Range) -> tuple[str, str] | None:
    """When the first and the last of these rows are, where that is known."""
    if table.time is None or table.about.clock != "calendar":
        return None
    ends = table.time[[normal[0], normal[1] - 1]]
    if np.isnat(ends).any():
        return None
    first, last = (str(end).replace("T", " ") for end in ends.astype("datetime64[s]"))
    return first, last


@st.cache_data(max_entries=32, show_spinner=False)
def _proposed(source: str, variant: str) -> dict[str, Any]:
    """What the recipe takes where a setting is 0; source: settings of the csv, JSON."""
    table = opened(source)[0]
    if table.values.size > MAX_PROPOSED:
        return dict.fromkeys(("k", "epochs"), words.AUTOMATIC)
    try:
        config = recipe(table, json.loads(source), variant)
    except LatentError:  # which training says
        return dict.fromkeys(("k", "epochs"), words.AUTOMATIC)
    return {"k": config.k, "epochs": config.epochs}


def scoring_settings() -> None:
    """Widgets for how a window's error becomes a row's anomaly score."""
    remember(*SCORING)
    types = words.SCORE_TYPES
    st.selectbox(
        words.SCORE_FROM, list(types), format_func=types.get, key=keys.read("score_type"), help=help_of("score_type")
    )
    st.number_input(words.SMOOTHING, 1, 100_000, key=keys.read("smoothing_rows"), help=help_of("smoothing_rows"))
    st.slider(words.VARIANCE, 0.05, 0.999, key=keys.read("variance"), format="%.2f", help=help_of("variance"))


def score_with_earlier(table: Table, source: dict[str, Any], detectors: dict[str, Path]) -> None:
    """The runs whose channels are all in the table, and the button that scores it with one."""
    fitting = [name for name, folder in detectors.items() if set(channels_of(folder)) <= set(table.names)]
    if not fitting:
        return
    run = st.selectbox(words.EARLIER, fitting, key=keys.EARLIER)
    if st.button(words.SCORE, icon=":material/speed:", key=keys.SCORE):
        own, every = read_checkpoint(detectors[run]), "resample_seconds"
        try:
            check_compatible(own, {every: source[every]} if every in source else {})
        except LatentError as error:
            show_error(error)
            return
        said = {name: value for name, value in source.items() if name in READING}
        set_query_params({"run": run, "file": source["file"], "read": urlencode(said), "view": "", "threshold": ""})
        st.rerun()
