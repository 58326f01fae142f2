"""What can be done with a single run: watch, download, rename, delete, upload, and its code."""

import streamlit as st

from ae_core import LatentError, read_checkpoint
from ae_core.base.limits import MEGABYTES
from ae_core.export.usage import usage
from ae_core.jobs.lane import lane
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.folder import delete_run, rename_run
from ae_core.runs.overview import Row
from ae_core.runs.rights import is_shared, may_change, share, unshare
from ae_core.runs.status import BUSY
from ae_core.training.script import script

from ...session.identity import base_address, is_private
from ...ui.download import download, download_onnx
from ...ui.markdown import plain, show_error
from ..train.actions import pages_with, resume, stop, what_else
from . import keys, words


def one_run(row: Row) -> None:
    """The buttons of a run, and its code."""
    mine = may_change(row.folder)
    with st.container(horizontal=True, vertical_alignment="center", key="one-run"):
        st.markdown(f"**{plain(row.name)}**", width="content")
        if row.shipped:
            pages_with(row.folder)
        else:
            st.page_link("pages/train.py", label=words.WATCH, icon=":material/movie:", query_params={"run": row.name})
            if row.state not in BUSY:
                what_else(row.folder, row.state)
            if mine:
                stop(row.folder) if row.state in BUSY else resume(row.folder, row.state)
        if (row.folder / "weights.safetensors").exists():
            download(
                words.DOWNLOAD, lambda: zip_run(read_checkpoint(row.folder)), f"{row.name}.zip", words.DOWNLOAD_HELP
            )
            download_onnx(lambda: read_checkpoint(row.folder), row.name)
        if mine and not row.shipped and row.state not in BUSY:
            rename(row)
            delete(row)
        if mine and not row.shipped and is_private():
            sharing(row)
    if not mine:
        st.caption(words.NOT_YOURS)
    code(row)


def rename(row: Row) -> None:
    """A new name for a run."""
    with st.popover(words.RENAME, icon=":material/edit:"):
        new = st.text_input(words.NEW_NAME, value=row.name, key=keys.new_name(row.name))
        if st.button(words.RENAME, key=keys.RENAME):
            try:
                folder = rename_run(row.name, new)
            except LatentError as error:
                show_error(error)
                return
            st.session_state[keys.SELECTED] = [folder.name]
            st.rerun()


def delete(row: Row) -> None:
    """Delete a run, after a second click."""
    with st.popover(words.DELETE, icon=":material/delete:"):
        st.write(words.DELETE_ABOUT.format(run=plain(row.name)))
        if st.button(words.DELETE_DO, key=keys.DELETE, type="primary"):
            try:
                delete_run(row.name)
            except LatentError as error:
                show_error(error)
                return
            st.session_state[keys.SELECTED] = []
            st.rerun()


def sharing(row: Row) -> None:
    """A link that shows a private run to whoever has it, and the end of that."""
    with st.popover(words.SHARE, icon=":material/share:"):
        st.write(words.SHARE_ABOUT)
        on = st.toggle(words.SHARE_DO, value=is_shared(row.folder), key=keys.sharing(row.name))
        try:
            if on:
                st.code(words.SHARE_LINK.format(base=base_address(), run=row.name, secret=share(row.folder)), None)
            else:
                unshare(row.folder)
        except (LatentError, OSError) as error:
            show_error(LatentError(str(error)))


def upload() -> None:
    """A run that somebody downloaded."""
    with st.popover(words.UPLOAD, icon=":material/upload:"):
        file = st.file_uploader(words.UPLOAD_FILE, type=["zip"], max_upload_size=MEGABYTES(), key=keys.UPLOAD)
        if file is None or st.session_state.get(keys.TAKEN) == file.file_id:
            return
        try:
            folder = unzip_run(file.getvalue(), file.name, lane.call)
        except LatentError as error:
            show_error(error)
            return
        st.session_state[keys.TAKEN], st.session_state[keys.SELECTED] = file.file_id, [folder.name]
        st.rerun()


@st.fragment
def code(row: Row) -> None:
    """The same run as a program, written when it is asked for."""
    section = st.expander(words.CODE, key=keys.CODE, on_change="rerun")
    if not section.open:
        return
    with section:
        try:
            run = read_checkpoint(row.folder)
            text = script(run.config, run.shape, run.range, run.classes)
        except LatentError as error:
            st.info(words.NO_CODE.format(error=plain(error)))
            return
        plain_torch, with_core = st.tabs(words.CODE_TABS)
        with plain_torch:
            st.caption(words.CODE_ABOUT)
            st.code(text, language="python", line_numbers=True, height=420)
        with with_core:
            st.caption(words.CORE_ABOUT)
            st.code(usage(run), language="python")
            st.caption(words.COMMAND_ABOUT)
            st.code(run.command or run.config.command(row.name), language="bash", wrap_lines=True)
