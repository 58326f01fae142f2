"""Texts of users on the screen as they are: a file's name, a column, a class or a link's part is never read as
Markdown.
"""

import functools
import os
import re
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ae_core import LatentError
from ae_core.base.owners import OWNER, PRIVATE
from ae_core.runs.folder import SHIPPED

THE_SERVER = "the server's folder"
OWNERS = re.compile(rf"\b{PRIVATE}/{OWNER}/")
JOINER = "\u2060"  # no width, no break
# What means something to Markdown anywhere; _ does only where it stands at a word's edge, a colon where the name of a
# directive follows, the last ones at a beginning.
SPECIAL = re.compile(r"[\\`*\[\]<>$~|{}&]|(?<![^\W_])_|_(?![^\W_])|:(?=[a-z])|^[-+#=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
# Streamlit looks for icons and emoji, and its Markdown for addresses, in what is left after escaping: only something in
# between keeps them apart.
LOOKED_FOR = re.compile(
    r":(?=material/|[\w+-]+:)(?!\d+:)|(?<=:)/(?=/)|(?<=www)(?=\.)|(?<=[\w.+-]@)(?=[\w-]+\.)", re.IGNORECASE
)


def without_server_paths(text: str) -> str:
    """A sentence in which no folder of the server is named: what lies in one is called from there on."""
    if "/" not in text and "\\" not in text:
        return text
    folders = _server_folders(*(os.environ.get(name, "") for name in ("LATENT_RUNS", "LATENT_DATA")), os.getcwd())
    for folder in folders:
        text = text.replace(f"{folder}{os.sep}", "").replace(folder, THE_SERVER)
    return OWNERS.sub("", text)


@functools.lru_cache(maxsize=16)
def _server_folders(runs: str, data: str, cwd: str) -> tuple[str, ...]:
    """The longest first, so that nothing is left of one that lies in another."""
    named = [Path(runs or "runs"), Path(data or "data"), SHIPPED, Path(cwd), Path(tempfile.gettempdir())]
    absolute = [Path(cwd) / path for path in named]
    both = {str(path) for each in absolute for path in (each, each.resolve()) if len(path.parts) > 1}
    return tuple(sorted(both, key=len, reverse=True))


def plain(text: object) -> str:
    """A text that may come from a user, on one line, as Markdown that shows it as it is. Sentences that have nothing
    special in them stay the same.
    """
    line = without_server_paths(" ".join(str(text).split()))
    return SPECIAL.sub(r"\\\g<0>", LOOKED_FOR.sub(rf"\g<0>{JOINER}", line))


def show_error(error: LatentError | str, place: DeltaGenerator | None = None) -> None:
    """What went wrong, in one sentence, in red; place: where, if not here."""
    (place or st).error(plain(error))


def plain_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts, headings and row names `st.table` shows as they are: it takes them for Markdown."""
    shown = frame.map(lambda value: plain(value) if isinstance(value, str) else value)
    return shown.rename(index=_named, columns=_named)


def _named(name: object) -> object:
    return plain(name) if isinstance(name, str) else name
