"""The page "Your data": a file is opened, mapped, and shown on every page; what is abnormal is found."""

import base64
import time

import numpy as np
import pytest

from ae_core import train_run
from ae_core.anomaly.samples import VARIANT, detector_recipe
from ae_core.cli import main
from ae_core.data.csv.uploads import keep_upload, uploads_folder
from ae_core.data.samples.source import Samples
from ae_core.jobs.queue import jobs
from ae_core.runs.folder import runs
from pages.sections.data import keys, words
from pages.sections.data.examples import example

from ..support import own_data
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
    assert said(at) == ""
    assert [at.button(key=keys.card(name)).label for name in KINDS] == list(words.EXAMPLE_NAMES.values())
    at.button(key=keys.card("patients")).click().run()
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


def test_the_three_doors_open_together(tmp_path, monkeypatch):
    own = own_data.make("pulses", tmp_path / "runs", tmp_path / "data")
    labels = set(words.DOORS.values())

    def doors(at) -> set[str]:
        return {link.proto.label for link in at.get("page_link")} & labels

    at = opened("data", file=own.file)
    assert doors(at) == labels
    assert words.DOORS_LATER not in texts(at)
    status = jobs.status
    monkeypatch.setattr(
        jobs, "status", lambda folder: status(folder) | ({"state": "running"} if folder.name == own.sizes else {})
    )
    at = opened("data", file=own.file)
    assert doors(at) == set()
    assert words.DOORS_LATER in texts(at)


def test_what_is_abnormal_is_the_same_on_the_page_and_in_the_shell(tmp_path, capsys):
    file = kept("pulses")
    given = {"file": file, "normal_class": "red"}
    origin = Samples(**given)
    config = detector_recipe(origin, origin.prepare(), hidden=(16,), epochs=3, device="cpu")
    assert config.variant == VARIANT
    for _ in train_run(config, tmp_path / "runs" / "pulses-detector"):
        pass
    at = opened("data", file=file, normal="red")
    assert said(at) == ""
    (figure,) = pads(at, "sample_scores")
    command = ["score", str(uploads_folder() / file), "--data", "samples", "--label", "dye", "--normal-class", "red"]
    command += ["--checkpoint", str(tmp_path / "runs" / "pulses-detector"), "--out", str(tmp_path / "s.csv")]
    assert main(command) == 0
    printed = capsys.readouterr().out
    role = np.frombuffer(base64.b64decode(figure["roles"]), np.uint8)
    assert [method["name"] for method in figure["methods"]] == ["network", "PCA"]
    for method in figure["methods"]:
        line = next(line for line in printed.splitlines() if line.startswith(method["name"]))
        score = np.frombuffer(base64.b64decode(method["scores"]), "<f8")
        level = np.quantile(score[role == 1], figure["quantile"])
        found, alarms = ((score[role == each] > level).sum() for each in (2, 1))
        judged = {"precision": found / (found + alarms), "recall": found / (role == 2).sum()}
        assert all(f"{heading} {value:.1%}" in line for heading, value in judged.items())
        assert all(f"{name} {method[key]:.3f}" in line for name, key in (("AUC-PR", "auc_pr"), ("AUC-ROC", "auc_roc")))
    lines = (tmp_path / "s.csv").read_text().splitlines()
    assert lines[0] == "row,score,abnormal,held_out"
    assert len(lines) == 601
    score = np.frombuffer(base64.b64decode(figure["methods"][0]["scores"]), "<f8")
    assert [line.split(",")[1] for line in lines[1:]] == [f"{each:.9g}" for each in score]
    again = opened("data", file=file, normal="red", threshold="0.8")
    assert pads(again, "sample_scores")[0]["quantile"] == 0.8
    wrong = opened("data", file=file, normal="red", threshold="7")
    assert "threshold must be between 0.5 and 0.999" in said(wrong)


def test_variants_and_menus_of_ones_own(tmp_path):
    own = own_data.make("pulses", tmp_path / "runs", tmp_path / "data")
    at = opened("variants", variant="vae", of=own.file)
    assert said(at) == ""
    (figure,) = pads(at, "variants")
    assert [role["name"] for role in figure["roles"].values()] == [own.map]
    assert figure["samples"]["noun"] == "signal"
    assert figure["samples"]["classes"] == ["green", "red"]
    assert "digit" not in texts(at)
    assert "β from small to large" in texts(at)  # is said to be of no use here
    at = opened("variants", variant="cvae", of=own.file)
    (info,) = at.info
    assert "data=samples" in info.value
    assert f"file={own.file}" in info.value
    menu = opened("explore", model=own.map).selectbox(key="explore-model")
    assert menu.value == own.map
    assert menu.options[0].startswith("Shipped › MNIST")
    assert [each.partition(" ›")[0] for each in menu.options[1:4]] == ["Yours", "Yours", "Shipped"]
    assert menu.options[1].startswith("Yours › pulses · ")
