"""Signals: a table of sensor channels, from the file to what is abnormal in it, and back."""

from pages.ui.layout import hidden_when_presenting, hourglass, page_head

import json
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.storage import DETECTION
from ae_core.model.config import Config
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import runs
from ae_core.runs.records import read_config
from pages.sections.signals import keys, words
from pages.sections.signals.link import FILE, PARAMETERS, READING, RUN
from pages.sections.signals.menus import menus
from pages.sections.signals.open import EXAMPLE, detectors, in_training, opened
from pages.sections.signals.reading import file_section
from pages.sections.signals.results import in_training_section, score_file, scored, without_scores
from pages.ui import link
from pages.ui.markdown import show_error


def asked(known: dict[str, Path], problems: list[str]) -> tuple[str, str, dict[str, Any]]:
    """(the run, the file, how that is read) that the link asks for, "" where it asks for none; what does not fit goes
    to `problems`.
    """
    now = link.current().values
    name = now.get("run", "")
    names = [*known, name] if name and in_training(name) else known
    values, misfits = link.read((FILE, READING, RUN), now, names)
    problems += misfits
    link.set_query_params({each.name: "" for each in (RUN, FILE, READING) if each.name not in values})
    return values.get("run", ""), values.get("file", ""), values.get("read", {})


def glass(known: dict[str, Path], run: str, file: str) -> str:
    """The network as an hourglass; none before there is one."""

    def drawn(config: Config, size: int) -> str:
        return hourglass((size, *config.hidden), config.k, "bottleneck")

    if file and not run:
        return ""
    try:
        if run and run not in known:
            config = read_config(runs()[run])
            table, ready = opened(json.dumps(dict(config.source)))
            return drawn(config, len(table.names) * ready.window)
        checkpoint = read_checkpoint(known[run or EXAMPLE])
        return drawn(checkpoint.config, int(np.prod(checkpoint.shape)))
    except LatentError:  # the page says so where it shows the run
        return ""


def main() -> None:
    top, notes, below = st.container(), st.container(), st.container()
    known, problems = detectors(), []
    run, file, reading = asked(known, problems)
    with top:
        page_head(words.TITLE, words.SENTENCE, glass(known, run, file))
    with below:
        with hidden_when_presenting("bar"):
            bar = st.container(horizontal=True, vertical_alignment="center", key=keys.BAR)
        body = st.container()
    with bar:
        menus(known, run, file)
    with body:
        try:
            if file and run:
                score_file(known[run], {"file": file, **reading}, bar, problems)
            elif file:
                file_section(file, known)
            elif run and run not in known:
                in_training_section(runs()[run])
            else:
                folder = known[run or EXAMPLE]
                if (folder / DETECTION).is_file():
                    scored(folder, folder / DETECTION, bar, problems)
                else:
                    without_scores(folder, bar, problems)
        except LatentError as error:
            show_error(error)
    link.warn_invalid_params(notes, problems)


link.run_page("signals", PARAMETERS, main)
