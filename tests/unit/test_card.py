"""The model card of a run's folder: what hubs read, what people read, and code that loads the folder from any place."""

import io
import re
import shutil
import zipfile

import pytest
import torch

from ae_core import Config, train_run
from ae_core.cli import main
from ae_core.data.sensors import plant
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.card import CARD, card
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import checkpoints, rename_run

yaml = pytest.importorskip("yaml")


def head_and_text(text):
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def test_a_run_says_what_it_is_and_loads_from_any_place(tmp_path):
    folder = tmp_path / "a run"
    for _ in train_run(Config(data="digits", variant="vae", k=2, hidden=(16,), epochs=1), folder):
        pass
    head, body = head_and_text((folder / CARD).read_text("utf-8"))
    assert head["library_name"] == "latent-explorer"
    assert {"autoencoder", "vae"} <= set(head["tags"])
    measures = read_checkpoint(folder).measures
    (result,) = head["model-index"][0]["results"]
    assert result["metrics"][0]["value"] == pytest.approx(measures["squared_error"] / 64, rel=1e-5)
    for heading in ("Use", "Data", "Recipe", "How well it does", "What it is not for", "Files"):
        assert f"\n## {heading}\n" in body
    assert f"| {measures['squared_error']:.4g} | {measures['pca_squared_error']:.4g} |" in body
    moved = tmp_path / "elsewhere"
    shutil.copytree(folder, moved)
    (code,) = re.findall(r"```python\n(.*?)```", body, re.S)
    names = {"x": torch.rand(3, 1, 8, 8)}
    exec(code.replace("PATH/TO/THIS/FOLDER", str(moved)), names)
    assert names["x_hat"].shape == (3, 1, 8, 8)


def test_the_card_of_a_table_names_channels_and_no_path(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    values = plant(400, 2, seed=0)[0]
    lines = "".join(f"{a:.6g},{b:.6g}\n" for a, b in values)
    (tmp_path / "pump <b>.csv").write_text(f"flow [l/min],![x](y)|z\n{lines}")
    options = ["--epochs", "1", "--hidden", "8", "--window", "8", "--out", str(tmp_path / "scores.csv")]
    assert main(["score", str(tmp_path / "pump <b>.csv"), *options]) == 0
    (folder,) = (tmp_path / "runs").iterdir()
    text = (folder / CARD).read_text("utf-8")
    assert str(tmp_path) not in text
    head, body = head_and_text(text)
    assert "time-series-anomaly-detection" in head["tags"]
    assert "flow \\[l/min]" in body
    assert "<b>" not in body
    assert "![x](" not in body
    assert "python -m ae_core score" in body
    packed = zip_run(read_checkpoint(folder))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read(f"{folder.name}/{CARD}").decode() == text
    again = unzip_run(packed, "again")
    assert "# again" in (again / CARD).read_text("utf-8")
    assert (rename_run("again", "better") / CARD).read_text("utf-8") == card(read_checkpoint("better"))


def test_shipped_ones_have_theirs():
    for name, folder in checkpoints().items():
        checkpoint = read_checkpoint(folder)
        text = (folder / CARD).read_text("utf-8")
        assert text == card(checkpoint), f"python -m ae_core measure {name} writes it anew"
        head, _ = head_and_text(text)
        assert head["model-index"][0]["name"] == name
