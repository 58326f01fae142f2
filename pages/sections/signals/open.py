"""Which tables and runs there are: reading a table once, keeping what is uploaded, simulating a plant, finding runs."""

import csv
import json
from pathlib import Path
from typing import Any

import streamlit as st

from ae_core import Config, LatentError
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.storage import DETECTION
from ae_core.base.files import read_json
from ae_core.base.limits import check_rows
from ae_core.base.options import knobs
from ae_core.data.csv.report import beginning
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Table
from ae_core.data.csv.uploads import file_label, is_upload
from ae_core.data.csv.windows import Prepared
from ae_core.data.sensors import KINDS, example, gauges, plant_csv
from ae_core.jobs.lane import lane, table_to_keep
from ae_core.runs.checkpoint import Checkpoint
from ae_core.runs.folder import runs, shipped_folder
from ae_core.runs.records import read_config
from ae_core.runs.status import BUSY, status

from ...ui.file_chooser import choose_file, keep_file, remember
from ...ui.link import set_query_params
from ...ui.markdown import show_error
from . import keys, words

EXAMPLE = "plant-nested"  # the checkpoint that is shown where nothing is asked for
READING = (
    *("heading", "header", "leave_out", "encoding", "delimiter", "decimal", "layout", "states"),
    *("time", "time_format", "time_unit", "time_origin", "time_step", "day_first"),
    *("label", "normal_values", "missing", "values", "fill", "steps"),
)
CUTTING = ("window", "stride", "max_gap_steps", "resample_seconds")
SCORING = ("score_type", "smoothing_rows", "variance")
AFTERWARDS = (
    "normal",
    "window",
    "stride",
    *SCORING,
)  # what can be changed without reading the file again


def detectors() -> dict[str, Path]:
    """Folders of the runs that can score a table, the example first, then this machine's, newest first."""
    own = {name: folder for name, folder in runs().items() if (folder / "detector.json").is_file()}
    return {EXAMPLE: shipped_folder(EXAMPLE), **own}


def in_training(name: str) -> bool:
    """Whether a run is on a table and has no scores yet. Raises LatentError where its recipe cannot be read."""
    folder = runs().get(name)
    return folder is not None and not (folder / DETECTION).is_file() and read_config(folder).data == "csv"


def file_of(folder: Path) -> str:
    """What the file is called that a run was trained on; "" where it cannot be told."""
    try:
        return file_label(str(read_config(folder).source.get("file", "")))
    except LatentError:
        return ""


def training_runs() -> list[str]:
    """The names of the runs on tables that are waiting or at work, newest first."""
    return [name for name, folder in runs().items() if status(folder)["state"] in BUSY and in_training(name)]


def channels_of(folder: Path) -> list[str]:
    """The channels that a run's detector looks at; none that any table has where that cannot be read."""
    try:
        return [str(name) for name in read_json(folder / "detector.json")["names"]]
    except (LatentError, KeyError, TypeError):
        return ["\0"]


@st.cache_resource(max_entries=4, show_spinner=words.READING_FILE)
def read(source: str) -> Table:
    """The table that these settings of the source csv name, JSON. Raises LatentError."""
    origin = Csv(**json.loads(source))
    origin.existing()  # asked here: outside the server nobody knows whose it is
    table = lane.call(table_to_keep, origin)
    check_rows(len(table))  # resampled it may have grown
    return table


@st.cache_resource(max_entries=6, show_spinner=words.CUTTING_WINDOWS)
def opened(source: str) -> tuple[Table, Prepared]:
    """(the table that these settings of the source csv name, JSON; how it is cut into windows). Raises LatentError."""
    wanted = json.loads(source)
    table = read(json.dumps({name: value for name, value in wanted.items() if name not in AFTERWARDS}))
    return table, Csv(**wanted).prepare(table)


def read_beginning(origin: Csv) -> Table:
    """The table in the beginning of a file, see `beginning`. Raises LatentError."""
    origin.existing()
    return lane.call(beginning, origin)


def open_file(name: str, normal: str = "", chosen: dict[str, Any] | None = None) -> None:
    """Show a file that was kept, as if it had just been opened.

    normal: its normal rows, START:END. chosen: what the widgets say then, by their keys.
    """
    remember(name)
    state = st.session_state
    for key in [key for key in state if str(key).startswith((keys.READ, keys.RECIPE))]:
        del state[key]
    for key, value in (chosen or {}).items():
        state[key] = value
    state[keys.NORMAL] = normal
    state[keys.OPENED] = state.get(keys.OPENED, 0) + 1
    set_query_params({"file": name, "run": "", "read": "", "view": "", "threshold": ""})


def close_file() -> None:
    """Show no file any more, and keep nothing of it."""
    read.clear()
    opened.clear()
    set_query_params({"file": "", "read": "", "view": "", "threshold": ""})


def keep(data: bytes, name: str) -> str | None:
    """The name under which a table was kept; None, and a sentence on the screen, where it cannot be."""
    try:
        return keep_file(data, name)
    except LatentError as error:
        show_error(error)
        return None


@st.cache_resource(show_spinner=False)
def warm_lane() -> None:
    """Let what reads a visitor's file start before one comes; once in a server's life."""
    lane.warm()


def uploader(run: str = "") -> None:
    """A table of the person's own; kept in the data folder, so that workers and later scores find it.

    run: the one that scores it; "": what to do with it is asked.
    """
    warm_lane()
    name = choose_file(f"signals-upload-{run}{st.session_state[keys.OPENED]}")
    if name:
        open_file(name)
        if run:
            set_query_params({"run": run})
        st.rerun()


def has_table(checkpoint: Checkpoint) -> bool:
    """Whether the page may and can read the run's own table: an uploaded one, or the example's, which can be made."""
    return checkpoint.name == EXAMPLE or is_upload(str(checkpoint.config.source.get("file", "")))


def table_of(checkpoint: Checkpoint) -> Csv:
    """The run's own table, where `has_table`. Raises LatentError."""
    source = dict(checkpoint.config.source)
    if checkpoint.name == EXAMPLE:
        source["file"] = keep_file(example(), "plant.csv")
    return Csv(**source)


def as_settings(origin: Csv) -> dict[str, Any]:
    """The settings of a source that are not the usual ones."""
    return {name: getattr(origin, name) for name, f in knobs(Csv).items() if getattr(origin, name) != f.default}


def train_again(source: dict[str, Any], config: Config, normal: str) -> None:
    """Open the form with a table, how it was read, and a recipe. Raises LatentError."""
    fields = knobs(Csv)
    chosen = {keys.read(name): source.get(name, fields[name].default) for name in (*READING, *CUTTING, *SCORING)}
    if source.get("columns"):
        chosen[keys.read("columns")] = next(csv.reader([source["columns"]], skipinitialspace=True))
    table = opened(json.dumps(source))[0]
    chosen[keys.CLOSED] = [doubt.text for doubt in table.about.doubts]  # they were answered before it trained
    proposed = recipe(table, source, config.variant)
    chosen[keys.recipe("variant")] = config.variant
    chosen |= {
        keys.recipe(name): 0 if (value := getattr(config, name)) == getattr(proposed, name) else value
        for name in ("k", "epochs")
    }
    open_file(source["file"], normal, chosen)


def plant_form() -> None:
    """A simulated plant with a fault of one's own: the case in which the answer is known."""
    channels = int(st.number_input(words.PLANT_CHANNELS, 2, 200, 6, key=keys.plant("channels")))
    rows = int(st.number_input(words.PLANT_ROWS, 200, 100_000, 3000, step=500, key=keys.plant("rows")))
    kind = st.selectbox(words.PLANT_FAULT, KINDS, format_func=words.FAULTS.get, key=keys.plant("kind"))
    names = gauges(channels)[0]
    where = st.selectbox(words.PLANT_WHERE, range(channels), format_func=lambda i: names[i], key=keys.plant("where"))
    start = int(st.number_input(words.PLANT_START, rows // 3, rows - 1, rows * 2 // 3, key=keys.plant("start")))
    longest = rows - start
    length = int(st.number_input(words.PLANT_LENGTH, 1, longest, min(100, longest), key=keys.plant("length")))
    size = float(st.number_input(words.PLANT_SIZE, 0.0, 20.0, 3.2, key=keys.plant("size"), disabled=kind == "stuck"))
    if st.button(words.PLANT_MAKE, type="primary", key=keys.plant("make")):
        data = plant_csv(rows, channels, 0, ((kind, start, length, int(where), size),))
        if name := keep(data, "plant.csv"):
            open_file(name, f"0:{min(rows // 2, start)}")
            st.rerun()
