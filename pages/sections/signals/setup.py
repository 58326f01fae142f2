"""From a file that was opened to a run on it: what was found, what can be changed, and the recipe."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from ae_core import VARIANTS, Config, LatentError
from ae_core.anomaly.recipe import recipe
from ae_core.base.files import read_json
from ae_core.base.limits import MEGABYTES, check_rows
from ae_core.base.options import knobs
from ae_core.data.csv.cells import span
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Table
from ae_core.data.csv.uploads import is_upload, keep_upload
from ae_core.data.csv.windows import Prepared
from ae_core.data.sensors import KINDS, example, gauges, plant_csv
from ae_core.io.tables import name_list
from ae_core.jobs.queue import jobs
from ae_core.runs.checkpoint import Checkpoint

from ...ui.markdown import plain, show_error
from ...ui.url_state import put

EXAMPLE = "plant-nested"
READING = ("delimiter", "decimal", "header", "encoding", "day_first", "time", "label", "missing")
CUTTING = ("window", "stride", "max_gap_steps", "resample_seconds")
SCORING = ("score_type", "smoothing_rows", "variance")
AFTERWARDS = (
    "normal",
    "window",
    "stride",
    "max_gap_steps",
    *SCORING,
)  # what can be changed without reading the file again
WHAT = {
    "spike": "vibration spike: raised",
    "drop": "temperature drop: lowered",
    "stuck": "stuck sensor: keeps its value",
    "drift": "drift: climbs",
}


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def read(source: str) -> Table:
    """The table that these knobs of the source csv name. Raises LatentError."""
    table = Csv(**json.loads(source)).table()
    check_rows(len(table))  # resampled it may have grown
    return table


@st.cache_resource(max_entries=6, show_spinner="Looking at the signals …")
def opened(source: str) -> tuple[Table, Prepared]:
    """The table that these knobs of the source csv name, and how it is cut into windows. Raises LatentError."""
    wanted = json.loads(source)
    table = read(json.dumps({name: value for name, value in wanted.items() if name not in AFTERWARDS}))
    return table, Csv(**wanted).prepare(table)


def open_file(name: str, normal: str = "", chosen: dict[str, Any] | None = None) -> None:
    """Show a file that was kept, as if it had just been opened; chosen: what the widgets say then, by their keys."""
    state = st.session_state
    for key in [key for key in state if str(key).startswith(("read-", "train-with-"))]:
        del state[key]
    for key, value in (chosen or {}).items():
        state[key] = value
    state["signals-normal"] = normal
    state["signals-opened"] = state.get("signals-opened", 0) + 1
    put({"file": name, "run": "", "view": "", "threshold": ""})


def keep(data: bytes, name: str) -> str | None:
    """The name under which a table was kept; None, and a sentence on the screen, where it cannot be."""
    try:
        return keep_upload(data, name)
    except LatentError as error:
        show_error(error)
        return None


def uploader() -> None:
    """A table of the person's own; kept in the data folder, so that workers and later scores find it."""
    key = f"signals-upload-{st.session_state['signals-opened']}"
    file = st.file_uploader(
        "A CSV file: a row for each moment, a column for each sensor",
        type=["csv", "txt", "tsv", "parquet"],
        max_upload_size=MEGABYTES(),
        key=key,
    )
    if file is None:
        return
    if name := keep(file.getvalue(), file.name):
        open_file(name)
        st.rerun()


def obtainable(checkpoint: Checkpoint) -> bool:
    """Whether the page may and can read the run's own table: an uploaded one, or the example's, which can be made."""
    return checkpoint.name == EXAMPLE or is_upload(str(checkpoint.config.source.get("file", "")))


def obtained(checkpoint: Checkpoint) -> Csv:
    """The run's own table. Raises LatentError."""
    source = dict(checkpoint.config.source)
    if checkpoint.name == EXAMPLE:
        source["file"] = keep_upload(example(), "plant.csv")
    return Csv(**source)


def train_again(source: dict[str, Any], config: Config, normal: str) -> None:
    """Open the form with a table, how it was read, and a recipe. Raises LatentError."""
    fields = knobs(Csv)
    chosen = {f"read-{name}": source.get(name, fields[name].default) for name in (*READING, *CUTTING, *SCORING)}
    if source.get("columns"):
        chosen["read-columns"] = next(csv.reader([source["columns"]], skipinitialspace=True))
    proposed = recipe(opened(json.dumps(source))[0], source, config.variant)
    chosen["train-with-variant"] = config.variant
    chosen |= {
        f"train-with-{name}": 0 if (value := getattr(config, name)) == getattr(proposed, name) else value
        for name in ("k", "epochs")
    }
    open_file(source["file"], normal, chosen)


def plant_form() -> None:
    """A made-up plant with a fault of one's own: the case in which the answer is known."""
    channels = st.number_input("channels", 2, 200, 6, key="plant-channels")
    rows = st.number_input("rows (one a minute)", 200, 100_000, 3000, step=500, key="plant-rows")
    kind = st.selectbox("fault", KINDS, format_func=WHAT.get, key="plant-kind")
    names = gauges(int(channels))[0]
    where = st.selectbox("in channel", range(int(channels)), format_func=lambda i: names[i], key="plant-where")
    start = st.number_input("from row", int(rows) // 3, int(rows) - 1, int(rows) * 2 // 3, key="plant-start")
    length = st.number_input(
        "for rows", 1, int(rows) - int(start), min(100, int(rows) - int(start)), key="plant-length"
    )
    size = st.number_input("size, in standard deviations", 0.0, 20.0, 3.2, key="plant-size", disabled=kind == "stuck")
    if st.button("Make it", type="primary", key="plant-make"):
        data = plant_csv(int(rows), int(channels), 0, ((kind, int(start), int(length), int(where), float(size)),))
        if name := keep(data, "plant.csv"):
            open_file(name, f"0:{min(int(rows) // 2, int(start))}")
            st.rerun()


def read_again(file: str) -> dict[str, Any]:
    """The knobs of the source csv that the widgets below the figure say."""
    state, fields = st.session_state, knobs(Csv)
    source: dict[str, Any] = {"file": file}
    for name in (*READING, *CUTTING, *SCORING):
        value = state.get(f"read-{name}", fields[name].default)
        if value != fields[name].default:
            source[name] = value
    if state.get("read-columns"):
        source["columns"] = name_list(state["read-columns"])
    return source


def settings(table: Table, ready: Prepared, source: dict[str, Any], known: dict[str, Path]) -> None:
    """What was found, what shall be otherwise, and the buttons that train or score."""
    left, right = st.columns([0.62, 0.38], gap="large")
    with left:
        found_in(table, source)
    with right:
        st.markdown(
            f"**{len(table):,} rows**, {len(table.names):,} channel{'s' * (len(table.names) != 1)}. Normal: rows {ready.normal[0]:,} to {ready.normal[1] - 1:,} "
            f"(drag its edges in the figure); its last fifth is held out. Windows of {ready.window:,} row{'s' * (ready.window != 1)}{lasts(ready.window, table.step)}."
        )
        a, b = st.columns(2)
        state = st.session_state
        state.setdefault("train-with-variant", "nested")
        variant = a.selectbox(
            "With", list(VARIANTS), format_func=lambda name: VARIANTS[name].title, key="train-with-variant"
        )
        k = b.number_input("numbers in the code (0: proposed)", 0, 4096, key="train-with-k")
        a.number_input(
            "window, rows (0: proposed)", 0, 65_536, key="read-window", help=knobs(Csv)["window"].metadata["knob"].help
        )
        epochs = b.number_input("epochs (0: proposed)", 0, 100_000, key="train-with-epochs")
        given = {name: int(value) for name, value in (("k", k), ("epochs", epochs)) if value}
        if st.button(
            "Train and find", type="primary", icon=":material/play_arrow:", key="signals-train", width="stretch"
        ):
            run = jobs.submit(recipe(table, source, variant, **given))
            put({"run": run.name, "file": "", "view": "", "threshold": ""})
            st.rerun()
        st.caption("It learns the normal stretch alone, in the background; PCA of the same windows stands beside it.")
        with st.expander("How windows become scores"):
            scoring_knobs()
        fitting = [name for name, folder in known.items() if set(channels_of(folder)) <= set(table.names)]
        if fitting:
            run = st.selectbox("Or score it with an earlier run", fitting, key="signals-earlier")
            if st.button("Score", icon=":material/speed:", key="signals-score"):
                put({"run": run, "file": source["file"], "view": "", "threshold": ""})
                st.rerun()


def scoring_knobs() -> None:
    """The knobs of the source csv that say how a window's error becomes a row's score."""
    fields = knobs(Csv)
    for name in SCORING:
        st.session_state.setdefault(f"read-{name}", fields[name].default)
    labels = {"combined": "error, and where its code lies", "error": "mean squared error alone"}
    st.selectbox(
        "A window's oddness is its",
        list(labels),
        format_func=labels.get,
        key="read-score_type",
        help=fields["score_type"].metadata["knob"].help,
    )
    st.number_input(
        "averaged over, rows back",
        1,
        100_000,
        key="read-smoothing_rows",
        help=fields["smoothing_rows"].metadata["knob"].help,
    )
    st.slider(
        "numbers of the code that count: those that keep this share of the variance",
        0.05,
        0.999,
        key="read-variance",
        format="%.2f",
    )


def found_in(table: Table, source: dict[str, Any]) -> None:
    """The reader's sentences, the channels to take, and the reading knobs."""
    st.markdown("**What was found in the file**")
    unevenly(table, source)
    st.markdown("\n".join(f"- {plain(note.text)}" for note in table.notes))
    every = read(json.dumps({key: value for key, value in source.items() if key not in ("columns", *AFTERWARDS)})).names
    if gone := [name for name in st.session_state.get("read-columns", []) if name not in every]:
        st.session_state["read-columns"] = [name for name in st.session_state["read-columns"] if name not in gone]
    st.multiselect("Channels", every, key="read-columns", placeholder="all of them", help="Only these are looked at.")
    with st.expander("It was read wrongly, or has gaps"):
        reading_knobs()


def reading_knobs() -> None:
    """The knobs of the source csv that say how the file is read and cut."""
    fields, state = knobs(Csv), st.session_state
    for at in range(0, len(READING), 2):
        for column, name in zip(st.columns(2), READING[at : at + 2], strict=False):
            knob, label = fields[name].metadata["knob"], name.replace("_", " ")
            if knob.choices:
                column.selectbox(
                    label,
                    knob.choices,
                    key=f"read-{name}",
                    format_func=lambda choice: choice or "found by itself",
                    help=knob.help,
                )
            else:
                column.text_input(label, key=f"read-{name}", placeholder="found by itself", help=knob.help)
    for name in ("max_gap_steps", "resample_seconds"):
        state.setdefault(f"read-{name}", fields[name].default)
    a, b, c = st.columns(3)
    a.number_input(
        "bridge gaps of up to, steps",
        0,
        10_000,
        key="read-max_gap_steps",
        help=fields["max_gap_steps"].metadata["knob"].help,
    )
    b.number_input(
        "resample to, seconds (0: no)",
        0.0,
        1e7,
        key="read-resample_seconds",
        format="%g",
        help=fields["resample_seconds"].metadata["knob"].help,
    )
    c.number_input(
        "stride, rows (0: proposed)", 0, 1_000_000, key="read-stride", help=fields["stride"].metadata["knob"].help
    )


def unevenly(table: Table, source: dict[str, Any]) -> None:
    """Where rows do not follow on each other evenly: what is done about it, and what else could be."""
    if table.time is None or not table.step or source.get("resample_seconds"):
        return
    between = np.abs(np.diff(table.time[~np.isnat(table.time)]).astype(np.int64)) / 1e9
    gaps = between > 1.5 * table.step
    odd, bridge = (
        float((np.abs(between[~gaps] - table.step) > 0.02 * table.step).mean()),
        source.get("max_gap_steps", knobs(Csv)["max_gap_steps"].default),
    )
    says = []
    if odd > 0.01:
        says.append(
            f"{100 * odd:.0f} % of the rows do not come every {span(table.step)}: as they are, they count as if they did; resampling makes it true."
        )
    if count := int((between > (bridge + 0.5) * table.step).sum()):
        says.append(
            f"{count:,} gap{'s are' if count > 1 else ' is'} longer than {bridge} steps: no window crosses {'them' if count > 1 else 'it'}."
        )
    if count := int((gaps & (between <= (bridge + 0.5) * table.step)).sum()):
        says.append(
            f"{count:,} shorter gap{'s are' if count > 1 else ' is'} passed over as if no time had gone by; resampling fills {'them' if count > 1 else 'it'}, and to bridge 0 steps cuts there."
        )
    if not says:
        return
    st.info(" ".join(says), icon=":material/schedule:")
    every = float(f"{table.step:.6g}")
    st.button(
        f"Resample to a row every {span(every)}",
        icon=":material/grid_on:",
        key="signals-resample",
        on_click=lambda: st.session_state.update({"read-resample_seconds": every}),
    )


def channels_of(folder: Path) -> list[str]:
    """The channels that a run's detector looks at; none where that cannot be read."""
    try:
        return [str(name) for name in read_json(folder / "detector.json")["names"]]
    except (LatentError, KeyError, TypeError):
        return ["\0"]


def lasts(rows: int, step: float | None) -> str:
    return f" ({span(rows * step)})" if step else ""
