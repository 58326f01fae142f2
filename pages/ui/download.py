"""Files to download."""

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

KINDS = {
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".html": "text/html",
    ".npz": "application/octet-stream",
    ".png": "image/png",
    ".py": "text/x-python",
    ".zip": "application/zip",
}


def download(label: str, content: Callable[[], bytes | str] | str, file: str, help: str | None = None) -> None:
    """A button that gives a file; the page does not run again for it.

    content: of the file, or a function that makes it when the button is pressed.
    file: its name, whose end says the kind.
    """
    ending = PurePath(file).suffix
    icon = ":material/code:" if ending == ".py" else ":material/download:"
    st.download_button(label, content, file, KINDS[ending], icon=icon, on_click="ignore", help=help)
