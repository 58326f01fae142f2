"""The page "Your data": a file is opened, mapped, and shown on every page; what is abnormal is found."""

import time

import pytest

from ae_core.data.csv.uploads import keep_upload
from ae_core.jobs.queue import jobs
from ae_core.runs.folder import runs
from pages.sections.data import keys, words
from pages.sections.data.examples import example

from ..support.apptest import ROOT, link_of, opened, pads, said

KINDS = list(words.EXAMPLE_NAMES)


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))


def kept(name: str) -> str:
    return keep_upload(*example(name))


def texts(at) -> str:
    return " ".join(element.value for element in [*at.markdown, *at.caption])


def test_opens_without_a_file_and_takes_an_example():
    at = opened("data")
    assert words.NOTHING_YET in said(at)
    at.selectbox(key=f"{keys.EXAMPLE}-0").set_value("patients").run()
    assert said(at) == ""
    assert link_of(at)["file"].startswith("patients-")
    assert "30 measurements" in texts(at)
    assert "benign" in texts(at)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_file_is_shown(name):
    at = opened("data", file=kept(name))
    assert said(at) == ""
    assert "PCA needs" in texts(at)
    assert "held out" in texts(at)


def test_a_bad_file_and_a_foreign_link_are_a_sentence():
    assert "pickle" in said(opened("data", file=keep_upload(b"\x80\x04x", "a.csv")))
    assert words.FILE_GONE in said(opened("data", file="../etc/passwd"))
    at = opened("data", file=kept("pulses"), normal="blue", kind="moon", label="dye")
    assert "no such class" in said(at)
    assert "kind" in said(at)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_mapped_samples_open_on_every_page(name):
    at = opened("data", file=kept(name))
    at.button(key=keys.MAP).click().run()
    assert said(at) == ""
    folders = list(runs().values())
    assert len(folders) == 2
    end = time.monotonic() + 300
    while any(jobs.status(folder)["state"] not in ("done", "failed", "dead") for folder in folders):
        assert time.monotonic() < end
        time.sleep(0.5)
    assert [jobs.status(folder)["state"] for folder in folders] == ["done", "done"]
    at.run()
    by_name = {folder.name.rpartition("-")[2]: folder.name for folder in folders}
    pages = {"explore": "map", "interpolate": "map", "runs": "map", "variants": "map", "train": "map"}
    for page, which in pages.items():
        shown = opened(page, model=by_name[which]) if page in ("explore", "interpolate") else opened(page)
        assert said(shown) == "", page
    (pad,) = pads(opened("explore", model=by_name["map"]))
    assert pad["views"] == [by_name["map"]]
    at = opened("bottleneck", model=by_name["sizes"])
    assert said(at) == ""
    (slider,) = pads(at, "bottleneck_slider")
    assert slider["samples"]["count"] > 20
    assert "digit" not in " ".join(e.value for e in [*at.markdown, *at.caption] if "small digits" not in e.value)
