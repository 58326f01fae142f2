"""What leaves the app: ONNX files and code, on Runs and Signals; with the packages for it, and without."""

import io
import zipfile

import pytest

from ae_core import read_checkpoint
from ae_core.export.onnx import zip_onnx
from ae_core.export.usage import usage
from ae_core.training.script import script
from pages.sections.runs import keys
from pages.sections.runs import words as runs_words
from pages.ui import download

from ..support.apptest import opened, said

PAGES = [("runs", {"runs": "digits-vae-2d"}), ("signals", {})]


def buttons(at, kind):
    return {element.proto.label: element.proto for element in at.get(kind)}


@pytest.mark.parametrize(("page", "link"), PAGES)
def test_a_run_goes_out_as_onnx(page, link):
    pytest.importorskip("onnx")
    at = opened(page, **link)
    assert said(at) == ""
    assert not buttons(at, "download_button")[download.ONNX].disabled


@pytest.mark.parametrize(("page", "link"), PAGES)
def test_without_the_package_the_page_stands_and_says_so(page, link, monkeypatch):
    monkeypatch.setattr(download, "has_onnx", lambda: False)
    at = opened(page, **link)
    assert said(at) == ""
    button = buttons(at, "button")[download.ONNX]
    assert button.disabled
    assert "pip install onnx" in button.help


def test_what_the_button_gives():
    pytest.importorskip("onnx")
    names = {"encoder.onnx", "decoder.onnx", "reconstruction.onnx"}
    for name, more in (("digits-vae-2d", set()), ("plant-nested", {"detector.onnx", "detector.json", "over_time.py"})):
        with zipfile.ZipFile(io.BytesIO(zip_onnx(read_checkpoint(name)))) as archive:
            assert {each.removeprefix(f"{name}-onnx/") for each in archive.namelist()} == names | more


def test_runs_shows_the_code_both_ways():
    at = opened("runs", {keys.CODE: True}, runs="digits-vae-2d")
    assert said(at) == ""
    assert [tab.label for tab in at.tabs] == runs_words.CODE_TABS
    run = read_checkpoint("digits-vae-2d")
    plain, core, _ = (each.value for each in at.code)
    assert plain == script(run.config, run.shape, run.range, run.classes).rstrip()
    assert "ae_core" not in plain
    assert core == usage(run).rstrip()
