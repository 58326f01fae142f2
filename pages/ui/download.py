"""Files to download."""

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

from ae_core.export import has_onnx
from ae_core.runs.checkpoint import Checkpoint

ONNX = "ONNX"
ONNX_HELP = (
    "Encoder, decoder and reconstruction for any runtime of ONNX, in a zip file; of a run on a table also its "
    "detector, from a window to its score, and what runs over time as a few lines of NumPy."
)
NO_ONNX = "ONNX files need the package onnx on the server: pip install onnx."
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


def download_onnx(checkpoint: Callable[[], Checkpoint], name: str) -> None:
    """A button that gives a run's ONNX files in a zip; where the package is missing it says so, and gives none.

    checkpoint: reads the run when the button is pressed; name: of the run.
    """
    if not has_onnx():
        st.button(ONNX, icon=":material/download:", disabled=True, help=NO_ONNX, key=f"onnx-{name}")
        return

    def content() -> bytes:
        from ae_core.export.onnx import zip_onnx

        return zip_onnx(checkpoint())

    download(ONNX, content, f"{name}-onnx.zip", ONNX_HELP)
