"""The maps of the runs that are selected, held against each other."""

import contextlib

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import Checkpoint, LatentError, read_checkpoint
from ae_core.runs.overview import Row

from ...session.models import load_model
from ...ui.layout import hidden_when_presenting
from ...ui.markdown import plain
from ..maps import words
from ..maps.held import MOST, comparable, held_maps, toggled


def held(rows: list[Row], notes: DeltaGenerator) -> None:
    """A switch, and below it the maps of those runs that have the same samples."""
    with hidden_when_presenting("maps"):
        if not toggled("runs", notes):
            return
        readable: list[Checkpoint] = []
        for row in rows:
            with contextlib.suppress(LatentError):
                readable.append(read_checkpoint(row.folder))
        shown = comparable([each for each in readable if (each.folder / "codes.npz").exists()])
        if not shown:
            st.caption(words.NONE)
            return
        left_out = [row.name for row in rows if row.folder not in {each.folder for each in shown}]
        if left_out:
            st.caption(words.ONLY.format(names=plain(", ".join(left_out))))
        if len(shown) > MOST:
            st.caption(words.MOST.format(count=MOST))
        held_maps("runs", [load_model(str(each.folder)) for each in shown[:MOST]], notes)
