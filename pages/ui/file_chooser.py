"""The one chooser of files, on every page that takes them: a file that is brought, or one that is here already."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ae_core import LatentError
from ae_core.base.limits import DAYS, MEGABYTES
from ae_core.base.text import plural
from ae_core.data.csv.uploads import file_label, forget_upload, is_upload, keep_upload, plain_upload
from ae_core.io.packed import is_packed
from ae_core.jobs.lane import lane
from ae_core.runs.folder import runs
from ae_core.runs.records import read_config

from .markdown import show_error

UPLOAD = "A table with a sample or a moment in each row (CSV, Excel, Parquet …), arrays, or a zip of pictures"
AGAIN = "or one that is here"
ENDINGS = [
    *("csv", "txt", "tsv", "ts", "dat", "tab", "data", "asc", "prn", "log", "lvm", "arff", "json", "jsonl"),
    *("ndjson", "parquet", "xlsx", "xlsm", "npy", "npz", "zip", "gz", "bz2", "xz"),
]
OPENED = "files-opened"  # names of kept files, the last one first
MOST = 30  # in the menu
KEPT = "It is kept on this server until you forget it, or until newer ones need the room; nothing leaves this server."
KEPT_FOR = (
    "It is kept on this server until you forget it, {days} after it was last opened at the latest; nothing leaves this "
    "server."
)
FORGET, FORGET_KEY = "Forget this file", "forget-file"
FORGET_HELP = "Removes the file and its scores from this server; runs that were trained on it stay."


def where_it_lies() -> str:
    """Where a table lies that is brought, and for how long, in a sentence."""
    return KEPT_FOR.format(days=plural(DAYS(), "day")) if DAYS() else KEPT


def forget_button(name: str, forgotten: Callable[[], None]) -> None:
    """A button that removes a table that was kept. forgotten: what the page does then."""
    if not st.button(FORGET, key=FORGET_KEY, icon=":material/delete_forever:", help=FORGET_HELP):
        return
    try:
        forget_upload(name)
    except LatentError as error:
        show_error(error)
        return
    st.session_state[OPENED] = [each for each in st.session_state.get(OPENED, []) if each != name]
    forgotten()
    st.rerun()


def choose_file(key: str) -> str | None:
    """The kept name of a file that was just chosen; None without one, or after a sentence on why it cannot be kept.

    key: of the uploader; another one after each file that was taken, which empties it.
    """
    state, taken = st.session_state, f"{key}-taken"
    file = st.file_uploader(UPLOAD, type=ENDINGS, max_upload_size=MEGABYTES(), key=key)
    st.caption(where_it_lies())
    here = opened()
    again = st.selectbox(AGAIN, here, index=None, format_func=_label, key=f"{key}-again") if here else None
    before = state.get(taken, ("", None))
    state[taken] = (file.file_id if file else "", again)
    if again and again != before[1]:
        return again
    if file is None or file.file_id == before[0]:
        return None
    try:
        name = keep_file(file.getvalue(), file.name)
    except LatentError as error:
        state[taken] = ("", again)  # the sentence stays as long as the file
        show_error(error)
        return None
    remember(name)
    return name


def keep_file(data: bytes, name: str) -> str:
    """The name under which a file was kept; what is packed is unpacked outside the server. Raises LatentError."""
    return keep_upload(lane.call(plain_upload, data) if is_packed(data[:8]) else data, name)


def remember(name: str) -> None:
    """A kept file was opened in this session."""
    names = [name, *(each for each in st.session_state.get(OPENED, []) if each != name)]
    st.session_state[OPENED] = names[:MOST]


def opened() -> list[str]:
    """The files that this session has opened and those that the person's runs were trained on: others' names are
    nobody's business.
    """
    opened_files = list(st.session_state.get(OPENED, []))
    for folder in runs().values():
        try:
            source = read_config(folder).source
        except LatentError:
            continue
        opened_files.append(str(source.get("file", "")))
    return [name for name in dict.fromkeys(opened_files) if is_upload(name)][:MOST]


def _label(name: str) -> str:
    return f"{file_label(name)} ({Path(name).stem[-4:]})"
