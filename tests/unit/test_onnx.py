"""ONNX files against torch, for every variant; a detector's and what runs over time against `score`."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
import torch

from ae_core import VARIANTS, Autoencoder, LatentError
from ae_core.anomaly.storage import save_detector
from ae_core.cli import main
from ae_core.data.csv.source import Scoring
from ae_core.data.sensors import plant
from ae_core.export.onnx import OPSET, _Detector, export_onnx
from ae_core.runs.checkpoint import Checkpoint, read_checkpoint

from ..support.variants import config_of
from .test_detector import fitted, table_of

onnxruntime = pytest.importorskip("onnxruntime")


@dataclasses.dataclass(frozen=True)
class Made(Checkpoint):
    """A checkpoint with weights that were never written."""

    made: Autoencoder | None = None

    def model(self):
        return self.made


def made(model, folder, classes=()):
    return Made(folder, model.config, model.shape, model.range, classes, (), "", made=model)


def run(path, **inputs):
    session = onnxruntime.InferenceSession(path)
    return session.run(None, inputs), session.get_modelmeta().custom_metadata_map


def opset(path):
    """The version of the operators that a file is written in."""
    import onnx

    return {each.domain: each.version for each in onnx.load(path).opset_import}[""]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_is_the_one_of_torch(variant, tmp_path):
    torch.manual_seed(0)
    model = Autoencoder(config_of(variant), (1, 8, 8), (0.0, 1.0), 10).eval().requires_grad_(False)
    export_onnx(made(model, tmp_path / "run", tuple("0123456789")), tmp_path)
    x, y = torch.rand(7, 1, 8, 8), torch.arange(7)
    label = {"y": y.numpy()} if model.n_classes else {}
    z = model.encode(x, y)
    (codes,), about = run(tmp_path / "encoder.onnx", x=x.numpy(), **label)
    np.testing.assert_allclose(codes, z, rtol=0, atol=1e-5)
    (decoded,), _ = run(tmp_path / "decoder.onnx", z=z.numpy(), **label)
    np.testing.assert_allclose(decoded, model.decode(z, y=y), rtol=0, atol=1e-5)
    (whole,), _ = run(tmp_path / "reconstruction.onnx", x=x.numpy(), **label)
    np.testing.assert_allclose(whole, model.reconstruct(x, y=y), rtol=0, atol=1e-5)
    assert about["variant"] == variant
    assert json.loads(about["classes"]) == list("0123456789")
    for name in ("encoder", "decoder", "reconstruction"):
        assert opset(tmp_path / f"{name}.onnx") == OPSET == 18


@pytest.mark.parametrize("k", [1, 3])
def test_a_nested_code_is_cut(k, tmp_path):
    checkpoint = read_checkpoint("digits-nested")
    export_onnx(checkpoint, tmp_path, k)
    model, x = checkpoint.model(), torch.rand(5, 1, 8, 8)
    (codes,), _ = run(tmp_path / "encoder.onnx", x=x.numpy())
    assert codes.shape == (5, k)
    (decoded,), _ = run(tmp_path / "decoder.onnx", z=codes)
    np.testing.assert_allclose(decoded, model.reconstruct(x, k), rtol=0, atol=1e-5)
    (whole,), about = run(tmp_path / "reconstruction.onnx", x=x.numpy())
    np.testing.assert_allclose(whole, model.reconstruct(x, k), rtol=0, atol=1e-5)
    assert about["k"] == str(k)


def test_only_a_nested_code_is_cut(tmp_path, capsys):
    assert main(["export", "digits-vae-2d", "--onnx", "--k", "1", "--out", str(tmp_path)]) == 2
    assert "nested" in capsys.readouterr().err
    assert main(["export", "digits-vae-2d"]) == 2


@pytest.mark.parametrize(
    "scoring", [Scoring("newest"), Scoring("combined", 20), Scoring("error", 20), Scoring("combined", 1)], ids=str
)
def test_a_detector_and_what_runs_over_time_have_the_scores_of_score(scoring, tmp_path):
    values = np.c_[plant(1500, 3, seed=3)[0], np.full(1500, 7.25)]
    table = dataclasses.replace(table_of(values), units=("mm/s", "", "°C", ""))
    detector = fitted(table, scoring, epochs=1)
    values[900:905, 3] += 1
    values[1200:1240, 1] += 6
    (tmp_path / "run").mkdir()
    save_detector(detector, tmp_path / "run")
    export_onnx(made(detector.model, tmp_path / "run"), tmp_path)
    expected = detector.score(table_of(values)).network
    windows = np.lib.stride_tricks.sliding_window_view(values, detector.preprocessing.window, axis=0)
    (raw, shares), about = run(tmp_path / "detector.onnx", window=windows.copy())
    with torch.no_grad():
        of_torch = _Detector(detector).eval()(torch.from_numpy(windows.copy()))
    np.testing.assert_allclose(raw, of_torch[0], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(shares, of_torch[1], rtol=0, atol=1e-5)
    stats = detector.window_stats(table_of(values)).network
    phi = detector.calibrations[0].phi(stats, detector.scoring)[detector.preprocessing.window - 1 :]
    np.testing.assert_allclose(raw, phi.sum(1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(shares, phi / phi.sum(1, keepdims=True), rtol=0, atol=1e-4)
    assert json.loads(about["names"]) == list(detector.preprocessing.names)
    assert json.loads(about["units"]) == list(detector.preprocessing.units) == ["mm/s", "", "°C", ""]
    assert opset(tmp_path / "detector.onnx") == OPSET
    np.save(tmp_path / "rows.npy", values)
    command = [sys.executable, str(tmp_path / "over_time.py"), str(tmp_path / "rows.npy")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    score = [float(line.split(",")[1]) for line in done.stdout.splitlines()]
    np.testing.assert_allclose(score, expected.score, rtol=2e-4)


@pytest.mark.parametrize("name", ["detector.json", "over_time.py", "decoder.onnx"])
def test_what_the_program_did_not_write_stays_and_nothing_is_written_beside(name, tmp_path):
    detector = fitted(table_of(plant(600, 3, seed=3)[0]), Scoring("newest"), epochs=0)
    (tmp_path / "run").mkdir()
    save_detector(detector, tmp_path / "run")
    checkpoint, out = made(detector.model, tmp_path / "run"), tmp_path / "out"
    out.mkdir()
    (out / name).write_text("my own")
    with pytest.raises(LatentError, match=f"{name} was not written by this program and stays as it is"):
        export_onnx(checkpoint, out)
    assert [path.name for path in out.iterdir()] == [name]
    (out / name).unlink()
    export_onnx(checkpoint, out)
    about = json.loads((out / "detector.json").read_text())
    earlier = {key: value for key, value in about.items() if key != "program"}  # as earlier versions wrote it
    (out / "detector.json").write_text(json.dumps(earlier))
    export_onnx(checkpoint, out)
    assert json.loads((out / "detector.json").read_text()) == about


def test_without_onnx_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LatentError, match="pip install"):
        export_onnx(read_checkpoint("digits-vae-2d"), tmp_path)
