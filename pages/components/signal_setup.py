"""From a file that was opened to a run on it: what was found, what can be changed, and the recipe."""

import json
from pathlib import Path
from typing import Any

import streamlit as st

from ae_core import VARIANTS, LatentError, jobs
from ae_core.data.csv import MOST_BYTES, Csv, Prepared, Table, is_upload, keep_upload, span
from ae_core.data.sensors import KINDS, gauges, plant_csv
from ae_core.options import knobs
from ae_core.runs import read_json
from ae_core.scoring import recipe

from .links import put

READING = ("delimiter", "decimal", "header", "encoding", "day_first", "time", "label", "missing")
CUTTING = ("window", "stride", "bridge", "every")
WHAT = {"spike": "vibration spike: raised", "drop": "temperature drop: lowered", "stuck": "stuck sensor: keeps its value", "drift": "drift: climbs"}


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def opened(source: str) -> tuple[Table, Prepared]:
    """The table that these knobs of the source csv name, and how it is cut into windows. Raises LatentError."""
    origin = Csv(**json.loads(source))
    table = origin.table()
    return table, origin.prepare(table)


def open_file(name: str, normal: str = "") -> None:
    """Show a file that was kept, as if it had just been opened."""
    for key in [key for key in st.session_state if str(key).startswith("read-")]:
        del st.session_state[key]
    st.session_state["signals-normal"] = normal
    st.session_state["signals-dragged"] = normal
    st.session_state["signals-opened"] = st.session_state.get("signals-opened", 0) + 1
    put({"file": name, "run": "", "view": "", "threshold": ""})


def uploader() -> None:
    """A table of the person's own; kept in the data folder, so that workers and later scores find it."""
    file = st.file_uploader("A CSV file: a row for each moment, a column for each sensor", type=["csv", "txt", "tsv", "parquet"], key="signals-upload")
    if file is None or st.session_state.get("signals-kept") == file.file_id:
        return
    try:
        if file.size > MOST_BYTES:
            raise LatentError(f"The file has {file.size >> 20:,} MB; the page takes {MOST_BYTES >> 20}, the command line more.")
        name = keep_upload(file.getvalue(), file.name)
    except LatentError as error:
        st.error(str(error))
        return
    st.session_state["signals-kept"] = file.file_id
    open_file(name)
    st.rerun()


def plant_form() -> None:
    """A made-up plant with a fault of one's own: the case in which the answer is known."""
    channels = st.number_input("channels", 2, 200, 6, key="plant-channels")
    rows = st.number_input("rows (one a minute)", 200, 100_000, 3000, step=500, key="plant-rows")
    kind = st.selectbox("fault", KINDS, format_func=WHAT.get, key="plant-kind")
    names = gauges(int(channels))[0]
    where = st.selectbox("in channel", range(int(channels)), format_func=lambda i: names[i], key="plant-where")
    start = st.number_input("from row", int(rows) // 3, int(rows) - 1, max(int(rows) * 2 // 3, int(rows) // 3), key="plant-start")
    length = st.number_input("for rows", 1, int(rows) - int(start), min(100, int(rows) - int(start)), key="plant-length")
    size = st.number_input("size, in standard deviations", 0.0, 20.0, 3.2, key="plant-size", disabled=kind == "stuck")
    if st.button("Make it", type="primary", key="plant-make"):
        data = plant_csv(int(rows), int(channels), 0, ((kind, int(start), int(length), int(where), float(size)),))
        try:
            open_file(keep_upload(data, "plant.csv"), f"0:{int(rows) // 2}")
        except OSError as error:
            st.error(f"The plant's table cannot be kept ({error.strerror or error}): LATENT_DATA names a folder that can be written.")
            return
        st.rerun()


def read_again(file: str) -> dict[str, Any]:
    """What was found in the file, with widgets that change it; the knobs of the source csv that they say."""
    state, fields = st.session_state, knobs(Csv)
    source: dict[str, Any] = {"file": file}
    for name in (*READING, *CUTTING):
        value = state.get(f"read-{name}", fields[name].default)
        if value != fields[name].default:
            source[name] = value
    if state.get("read-columns"):
        source["columns"] = ",".join(state["read-columns"])
    return source


def settings(table: Table, ready: Prepared, source: dict[str, Any], known: dict[str, Path]) -> None:
    """What was found, what shall be otherwise, and the buttons that train or score."""
    left, right = st.columns([0.62, 0.38], gap="large")
    with left:
        found_in(table, source)
    with right:
        st.markdown(
            f"**{len(table):,} rows**, {len(table.names):,} channel{'s' * (len(table.names) != 1)}. Normal: rows {ready.normal[0]:,} to {ready.normal[1] - 1:,}; "
            f"its last fifth is held out. Windows of {ready.window:,} row{'s' * (ready.window != 1)}{lasts(ready.window, table.step)}."
        )
        a, b = st.columns(2)
        variant = a.selectbox("With", list(VARIANTS), list(VARIANTS).index("nested"), format_func=lambda name: VARIANTS[name].title, key="signals-variant")
        a.number_input("window, rows (0: proposed)", 0, 65_536, key="read-window", help=knobs(Csv)["window"].metadata["knob"].help)
        k = b.number_input("numbers in the code (0: proposed)", 0, 4096, 0, key="signals-k")
        epochs = b.number_input("epochs (0: proposed)", 0, 100_000, 0, key="signals-epochs")
        given = {name: int(value) for name, value in (("k", k), ("epochs", epochs)) if value}
        if st.button("Train and find", type="primary", icon=":material/play_arrow:", key="signals-train", width="stretch"):
            run = jobs.submit(recipe(table, source, variant, **given), name=None)
            put({"run": run.name, "file": "", "view": "", "threshold": ""})
            st.rerun()
        st.caption("It learns the normal stretch alone, in the background; PCA of the same windows stands beside it.")
        fitting = [name for name, folder in known.items() if set(channels_of(folder)) <= set(table.names)]
        if fitting:
            run = st.selectbox("Or score it with an earlier run", fitting, key="signals-earlier")
            if st.button("Score", icon=":material/speed:", key="signals-score"):
                put({"run": run, "file": source["file"], "view": "", "threshold": ""})
                st.rerun()


def found_in(table: Table, source: dict[str, Any]) -> None:
    """The reader's sentences, the channels to take, and the reading knobs."""
    st.markdown("**What was found in the file**")
    st.markdown("\n".join(f"- {escaped(found.says)}" for found in table.found))
    every = opened(json.dumps({key: value for key, value in source.items() if key not in ("columns", "normal")}))[0].names
    st.multiselect("Channels", every, key="read-columns", placeholder="all of them", help="Only these are looked at.")
    fields = knobs(Csv)
    with st.expander("It was read wrongly, or has gaps"):
        for at in range(0, len(READING), 2):
            for column, name in zip(st.columns(2), READING[at : at + 2], strict=False):
                knob, label = fields[name].metadata["knob"], name.replace("_", " ")
                if knob.choices:
                    column.selectbox(label, knob.choices, key=f"read-{name}", format_func=lambda choice: choice or "found by itself", help=knob.help)
                else:
                    column.text_input(label, key=f"read-{name}", placeholder="found by itself", help=knob.help)
        a, b, c = st.columns(3)
        a.number_input("bridge gaps of up to, rows", 0, 10_000, 5, key="read-bridge", help=fields["bridge"].metadata["knob"].help)
        b.number_input("resample to, seconds (0: no)", 0.0, 1e7, 0.0, key="read-every", format="%g", help=fields["every"].metadata["knob"].help)
        c.number_input("stride, rows (0: proposed)", 0, 1_000_000, key="read-stride", help=fields["stride"].metadata["knob"].help)


def channels_of(folder: Path) -> list[str]:
    """The channels that a run's detector looks at; none where that cannot be read."""
    try:
        return [str(name) for name in read_json(folder / "detector.json")["names"]]
    except (LatentError, KeyError, TypeError):
        return ["\0"]


def escaped(text: str) -> str:
    """A sentence with texts of the file in it, as Markdown that shows them as they are."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-!|$~:" else c for c in text)


def lasts(rows: int, step: float | None) -> str:
    return f" ({span(rows * step)})" if step else ""


__all__ = ["found_in", "is_upload", "open_file", "opened", "plant_form", "read_again", "settings", "uploader"]
