"""Groups of samples that a visitor names: kept, taken along as a table, and brought again."""

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.latent.groups import checked_name, groups_csv, read_groups

from ...components.register import key_part
from ...session.groups import forget_groups, groups_of, keep_groups
from ...session.models import LoadedModel
from ...ui.download import download
from ...ui.layout import hidden_when_presenting
from ...ui.markdown import plain, show_error
from . import words

TAKEN = "groups-taken"  # the file that was read last
COLOURED = "groups-coloured"
UPLOAD_MB = 50


def naming(item: LoadedModel, rows: np.ndarray) -> None:
    """A field that makes these samples a group of one's own."""
    with st.form(f"group-name-{key_part(item.checkpoint.name)}", border=False, clear_on_submit=True):
        name = st.text_input(words.NAME, help=words.NAME_HELP, key="group-name")
        if not st.form_submit_button(words.KEEP, icon=":material/bookmark_add:"):
            return
    try:
        keep_groups(item, {checked_name(name): rows})
    except LatentError as error:
        show_error(error)
        return
    st.rerun()


def own_groups(item: LoadedModel, colours: bool = False) -> None:
    """What groups there are, as a table to take along, and a field for one that is brought. colours: whether the page
    asks here if its map is to be coloured by them.
    """
    with hidden_when_presenting("own-groups"), st.popover(words.OWN, icon=":material/bookmarks:"):
        _bring(item)
        groups = groups_of(item)
        if not groups:
            st.caption(words.NONE)
            return
        for name, rows in groups.items():
            st.markdown(words.SIZE.format(name=plain(name), count=len(rows)))
        st.caption(words.FOR_NOW)
        if colours:
            st.toggle(words.COLOURED, key=COLOURED, persist_state="session")
        codes = item.codes
        made = lambda: groups_csv(groups, codes["z"], codes.get("y"), item.checkpoint.classes)  # noqa: E731
        download(words.CSV, made, f"{item.checkpoint.name}-groups.csv")
        if st.button(words.FORGET, icon=":material/delete_forever:", key="groups-forget"):
            forget_groups(item)
            st.rerun()


def _bring(item: LoadedModel) -> None:
    file = st.file_uploader(words.FILE, type=["csv", "txt", "tsv"], max_upload_size=UPLOAD_MB, key="groups-file")
    if file is None or st.session_state.get(TAKEN) == (file.file_id, item.folder):
        return
    try:
        keep_groups(item, read_groups(file.getvalue(), len(item.checkpoint.codes()["z"])))
    except LatentError as error:
        show_error(error)
        return
    st.session_state[TAKEN] = (file.file_id, item.folder)
    st.rerun()
