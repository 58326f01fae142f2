"""A run as ONNX files: encoder, decoder, reconstruction, and a detector from a window to its raw score and shares.

What runs over time, such as the base that a score is divided by, is no part of a graph: `over_time.py` has it in a few
lines of NumPy.
"""

import io
import json
import tempfile
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..anomaly.detector import MAX_SPREADS, Detector
from ..anomaly.newest import DISTANCE_WEIGHT, MOVED_WEIGHT, NEAREST, TINY, NewestCalibration
from ..anomaly.storage import load_detector, load_threshold
from ..anomaly.thresholds import level
from ..base.errors import LatentError
from ..base.files import replace
from ..base.outputs import PRODUCER, check_ours, write_text
from ..base.version import __version__
from ..data.csv.windows import WILD
from ..model.autoencoder import Autoencoder
from ..runs.checkpoint import Checkpoint
from . import has_onnx
from .over_time import program

OPSET = 18


class _Encoder(nn.Module):
    def __init__(self, model: Autoencoder, k: int):
        super().__init__()
        self.model, self.k = model, k

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return self.model.encode(x, y)[:, : self.k]


class _Decoder(nn.Module):
    """Of the first k numbers of a code; the others are 0."""

    def __init__(self, model: Autoencoder, k: int):
        super().__init__()
        self.model, self.k = model, k

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        rest = z.new_zeros((z.shape[0], self.model.k - self.k))
        return self.model.decode(torch.cat([z, rest], 1) if self.k < self.model.k else z, y=y)


class _Reconstruction(nn.Module):
    def __init__(self, model: Autoencoder, k: int):
        super().__init__()
        self.encoder, self.decoder = _Encoder(model, k), _Decoder(model, k)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return self.decoder(self.encoder(x, y), y)


class _Detector(nn.Module):
    """What `Detector` makes of one window, in the channels' units: its raw score, and each channel's share of it."""

    def __init__(self, detector: Detector):
        super().__init__()
        own, calibration = detector.preprocessing, detector.calibrations[0]
        self.detector, self.newest = detector, isinstance(calibration, NewestCalibration)
        k = detector.n_dims or detector.model.k
        self.encoder, self.decoder = _Encoder(detector.model, k), _Decoder(detector.model, k)
        self.rows = own.window
        self.fixed = {name: torch.from_numpy(array) for name, array in vars(calibration).items()}
        self.centre, self.spread = (torch.from_numpy(part)[:, None] for part in (own.centre, own.spread))
        self.tolerance = 1e-6 * self.centre.abs().clamp(min=1e-30)

    def forward(self, window: Tensor) -> tuple[Tensor, Tensor]:
        apart = window - self.centre  # in float64: a large value that hardly moves would drown in float32's rounding
        moves = self.spread > 0
        x = torch.where(moves, apart / torch.where(moves, self.spread, torch.ones_like(self.spread)), 0.0 * apart)
        x = x.clamp(-WILD, WILD)
        if self.newest:
            x = x.clamp(-MAX_SPREADS, MAX_SPREADS)
        x = x.float()
        z = self.encoder(x)
        x_hat = self.decoder(z)
        squared, z = (x_hat - x).square().double(), z.double()
        energy = x_hat.double().square().mean(2) + 1e-12
        share = energy / energy.sum(1, keepdim=True)
        parts = self._newest(squared, z, share, apart) if self.newest else self._whole(squared, z, share)
        score = parts.sum(1)
        return score.float(), (parts / score[:, None].clamp(min=1e-30)).float()

    def _newest(self, squared: Tensor, z: Tensor, share: Tensor, apart: Tensor) -> Tensor:
        """As `NewestCalibration.phi`."""
        quarter, half = max(1, self.rows // 4), max(1, self.rows // 2)
        recent = torch.stack([squared[:, :, self.rows - count :].mean(2) for count in (quarter, half)], 2)
        errors = recent / self.fixed["limits"]
        squares = errors.square().sum(2)
        blame = squares / squares.sum(1, keepdim=True).clamp(min=TINY)
        bank, z = self.fixed["bank"], z * self.fixed["scale"]
        from_bank = (z.square().sum(1)[:, None] - 2 * z @ bank.T + bank.square().sum(1)).clamp(min=0)
        near = from_bank.topk(min(NEAREST, len(bank)), largest=False).values.sqrt().mean(1)
        distance = DISTANCE_WEIGHT * near / self.fixed["distance_limit"]
        other = (self.spread <= 0) & (apart.abs() > self.tolerance)
        moved = other[:, :, self.rows - quarter :].double().mean(2)
        most = moved.max(1, keepdim=True).values
        moved = MOVED_WEIGHT * most * moved / moved.sum(1, keepdim=True).clamp(min=TINY)
        return errors.max(1).values.sum(1)[:, None] * blame + distance[:, None] * share + moved

    def _whole(self, squared: Tensor, z: Tensor, share: Tensor) -> Tensor:
        """As `Calibration.phi`."""
        error = squared.mean(2)
        if self.detector.scoring.score_type == "error":
            return error / error.shape[1]
        apart = z - self.fixed["mean"]
        t2 = ((apart @ self.fixed["precision"]) * apart).sum(1)
        limits = self.fixed["limits"]
        return error / self.fixed["channel"] / error.shape[1] / limits[0] + (t2 / limits[1])[:, None] * share


def export_onnx(checkpoint: Checkpoint, folder: Path, k: int | None = None) -> list[Path]:
    """Write a run's ONNX files, opset 18, and what runs over time beside a detector; the files that were written.

    encoder.onnx: x (N, *shape) → z (N, k), of a class-conditional model also the classes y (N,) int64.
    decoder.onnx: z (N, k) → x_hat (N, *shape). reconstruction.onnx: x → x_hat.
    detector.onnx, of a run on a table: window (N, C, L) float64, in the channels' units → score (N,), shares (N, C).
    detector.json, over_time.py: names, threshold, and how scores become those of `score`.

    k: how many of an ordered code's first numbers are kept; None: all. Raises LatentError.
    """
    needed()
    model = checkpoint.model()
    if k is not None and not (checkpoint.config.variant == "nested" and 1 <= k <= model.k):
        raise LatentError(f"k cuts the code of a nested model, 1 to {model.k} numbers: leave it out.")
    size = k or model.k
    about = {
        "program": f"Latent Explorer {__version__}",
        "run": checkpoint.name,
        "variant": checkpoint.config.variant,
        "k": str(size),
        "range": "unbounded" if checkpoint.range is None else "{:g}..{:g}".format(*checkpoint.range),
    }
    if checkpoint.display is not None:
        about["display"] = json.dumps(checkpoint.display.to_json())
    if checkpoint.classes:
        about["classes"] = json.dumps(checkpoint.classes)
    labels = (torch.zeros(2, dtype=torch.int64),) if model.n_classes else ()
    x, z = torch.zeros(2, *model.shape), torch.zeros(2, size)
    y = ("y",) if labels else ()
    whole = _Reconstruction(model, size)
    detector = None
    if (checkpoint.folder / "detector.json").is_file():
        detector = load_detector(checkpoint.folder, model)
        about |= {"names": json.dumps(detector.preprocessing.names), "units": json.dumps(detector.preprocessing.units)}
    names = ["encoder.onnx", "decoder.onnx", "reconstruction.onnx"]
    beside = {} if detector is None else _beside(checkpoint, detector)
    for name in [*names, *(["detector.onnx", *beside] if detector else [])]:  # all of them, before one is written
        check_ours(folder / name)
    written = [
        _write(folder / "encoder.onnx", _Encoder(model, size), (x, *labels), ("x", *y), ("z",), about),
        _write(folder / "decoder.onnx", _Decoder(model, size), (z, *labels), ("z", *y), ("x_hat",), about),
        _write(folder / "reconstruction.onnx", whole, (x, *labels), ("x", *y), ("x_hat",), about),
    ]
    if detector is not None:
        windows = torch.zeros(2, *model.shape, dtype=torch.float64)
        outputs = ("score", "shares")
        written.append(_write(folder / "detector.onnx", _Detector(detector), (windows,), ("window",), outputs, about))
        for name, text in beside.items():
            write_text(folder / name, text)
            written.append(folder / name)
    return written


def zip_onnx(checkpoint: Checkpoint) -> bytes:
    """All of `export_onnx` as a zip file. Raises LatentError."""
    file = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in export_onnx(checkpoint, Path(folder)):
            archive.write(path, f"{checkpoint.name}-onnx/{path.name}")
    return file.getvalue()


def _beside(checkpoint: Checkpoint, detector: Detector) -> dict[str, str]:
    """Texts of the files that stand beside detector.onnx, by name."""
    own, calibration = detector.preprocessing, detector.calibrations[0]
    rule = load_threshold(checkpoint.folder)
    about: dict[str, Any] = {
        "program": PRODUCER,
        "names": own.names,
        "units": own.units,
        "window": own.window,
        "step_seconds": own.step,
        "score_type": detector.scoring.score_type,
        "threshold_rule": str(rule),
        "threshold": level(detector.held_out.network, rule, detector.held_out.independent),
    }
    if isinstance(calibration, NewestCalibration):
        about["usual"] = calibration.usual.tolist()
    else:
        about |= {"smoothing_rows": detector.scoring.smoothing_rows, "limits": calibration.phi_limits.tolist()}
    return {
        "detector.json": json.dumps(about, ensure_ascii=False),
        "over_time.py": program(detector.scoring.score_type),
    }


def needed() -> None:
    """LatentError where a package is missing that writes ONNX files."""
    if not has_onnx():
        raise LatentError("ONNX files need the package onnx: pip install onnx, or latent-explorer[onnx].")


def _write(
    path: Path,
    module: nn.Module,
    example: tuple[Tensor, ...],
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    about: Mapping[str, str],
) -> Path:
    """One file: the module's graph for any number of samples, with what it is in its metadata."""
    import onnx

    target: Any = io.BytesIO()  # which the signature forgets
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # that this exporter is the older one, and that checks are not in the graph
        torch.onnx.export(
            module.eval(),
            example,
            target,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {0: "samples"} for name in (*inputs, *outputs)},
            opset_version=OPSET,
            dynamo=False,  # in a twentieth of the time, and without onnxscript
        )
    graph = onnx.load_model_from_string(target.getvalue())
    onnx.helper.set_model_props(graph, dict(about))
    graph.producer_name, graph.doc_string = PRODUCER, f"{path.stem} of {about['run']}"
    try:
        path.parent.mkdir(exist_ok=True)
        replace(path, lambda beside: beside.write_bytes(graph.SerializeToString()))
    except OSError as error:
        raise LatentError(f"{path} cannot be written ({error.strerror or error}): choose another --out.") from error
    return path
