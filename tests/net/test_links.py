"""Thirty links as they were once sent: each shows what it showed, with a note where it asks for what cannot be."""

import json
import shutil
from pathlib import Path

import pytest
import streamlit as st

from ..support.apptest import ROOT
from .screen import look

HERE = Path(__file__).resolve().parent
LINKS = json.loads((HERE / "links.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def machine(monkeypatch, tmp_path):
    """A machine with the runs of `folders`, and without data of its own."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    for folder in (HERE / "folders").iterdir():
        if folder.is_dir():
            shutil.copytree(folder, tmp_path / "runs" / folder.name)


@pytest.fixture(autouse=True, scope="module")
def nothing_kept():
    """What the pages keep was read on another machine, as it were."""
    st.cache_data.clear()
    yield
    st.cache_data.clear()


def test_there_are_thirty_of_all_pages():
    assert len(LINKS) == 30
    assert len({each["url"].partition("?")[0] for each in LINKS}) == 7


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["url"][:60])
def test_a_link_shows_what_it_showed(link):
    now, odd = look(link["url"]), set(link["note"] or ())
    assert same(now["shows"], link["shows"]), now["shows"]
    assert (now["note"] is None) == (link["note"] is None)
    assert set(now["note"] or ()) >= odd, "the note names fewer parameters than before"
    written, before = ({key: value for key, value in each["link"].items() if key not in odd} for each in (now, link))
    assert written == before


def same(now, before) -> bool:
    """Equal, floats but for rounding."""
    if isinstance(before, dict):
        return (
            isinstance(now, dict) and now.keys() == before.keys() and all(same(now[key], before[key]) for key in before)
        )
    if isinstance(before, list):
        return isinstance(now, list) and len(now) == len(before) and all(map(same, now, before))
    return now == (pytest.approx(before, rel=1e-5, abs=1e-6) if isinstance(before, float) else before)
