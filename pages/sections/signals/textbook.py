"""The plant with which many introductions begin, measured on the spot in a worker."""

from concurrent.futures import Future

import numpy as np
import pandas as pd
import streamlit as st

from ae_core.anomaly.benchmark import CAUGHT, Row
from ae_core.base.text import plural
from ae_core.data.sensors import textbook
from ae_core.io.tables import csv_text
from ae_core.jobs.queue import jobs

from ...session.futures import show_future
from . import keys, words
from .open import keep, open_file

AS_A_TABLE = {  # how the table is to be trained on, so that it gives the same figures
    keys.read("window"): 1,
    keys.read("score_type"): "error",
    keys.read("smoothing_rows"): 1,
    keys.recipe("k"): 2,
}


def textbook_plant() -> None:
    """The section."""
    with st.expander(words.TEXTBOOK):
        normal, faulty, names = textbook()
        st.caption(
            words.TEXTBOOK_ABOUT.format(
                normal=len(normal),
                channels=plural(len(names), "channel"),
                faulty=len(faulty),
                first=names[0],
                second=names[1],
                caught=100 * CAUGHT,
            )
        )
        if not st.toggle(words.TEXTBOOK_MEASURE, key=keys.TEXTBOOK):
            return
        wanted = st.button(words.TEXTBOOK_OPEN, icon=":material/table:", key=keys.TEXTBOOK_OPEN)
        if wanted and (name := keep(textbook_csv(normal, faulty, names), "textbook.csv")):
            open_file(name, f"0:{len(normal)}", AS_A_TABLE)
            st.rerun()
        future = measured_textbook()
        rows = show_future(future, words.TEXTBOOK_WAIT, measured_textbook.clear, words.TEXTBOOK_FAILED)
        if rows is not None:
            st.table(pd.DataFrame([row_to_text(row) for row in rows]).set_index(""), width="content")


@st.cache_resource(show_spinner=False)
def measured_textbook() -> Future:
    """The figures of PCA and of a small network, asked for once."""
    return jobs.compare_textbook()


def textbook_csv(normal: np.ndarray, faulty: np.ndarray, names: tuple[str, ...]) -> bytes:
    """The samples (N, channels) as a table, with a label of the faulty ones."""
    rows = [[*(f"{value:.6g}" for value in row), label] for label, each in ((0, normal), (1, faulty)) for row in each]
    return csv_text([*names, "anomaly"], rows).encode()


def row_to_text(row: Row) -> dict[str, str]:
    """A model's figures as texts, by their headings."""
    texts = (
        row.model,
        f"{row.mse:.6f}",
        f"{100 * row.variance:.1f} %",
        f"{row.compression:g}:1",
        f"{row.caught} of {row.faulty}",
        f"{100 * row.false_alarms:.1f} %",
        f"{row.ratio:.2f}",
    )
    return dict(zip(words.TEXTBOOK_HEADINGS, texts, strict=True))
