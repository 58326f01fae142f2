"""Windows of a table of sensors as a map: Signals makes it, Explore shows it."""

import dataclasses

import numpy as np

from ae_core import train_run
from ae_core.data.csv.uploads import keep_upload
from ae_core.jobs.queue import jobs
from pages.sections.signals import keys, words

from ..support.apptest import ROOT, opened, pads, said


def test_windows_of_a_table_are_mapped_and_open_on_explore(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    asked = []

    def submit(config, name):
        asked.append((config, name))
        for _ in train_run(dataclasses.replace(config, epochs=1, device="cpu"), tmp_path / "runs" / name):
            pass
        return tmp_path / "runs" / name

    monkeypatch.setattr(jobs, "submit", submit)
    random, t = np.random.default_rng(0), np.arange(600)
    lines = [f"{n},{np.sin(n / 9):.4f},{np.cos(n / 9) + random.normal(0, 0.1):.4f}" for n in t]
    file = keep_upload("\n".join(["second,a,b", *lines]).encode(), "pump.csv")
    at = opened("signals", file=file)
    at.button(key=keys.MAP).click().run()
    assert said(at) == ""
    ((config, name),) = asked
    assert (config.data, config.variant, config.k, config.source["file"], name) == (
        "csv",
        "vae",
        2,
        file,
        "pump-windows",
    )
    labels = [link.proto.label for link in at.get("page_link")]
    assert set(words.MAP_DOORS.values()) <= set(labels)
    (pad,) = pads(opened("explore", model="pump-windows"))
    assert pad["views"] == ["pump-windows"]
