"""The files of a detector (detector.json, detector.safetensors) and of a detection (detection.npz)."""

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from ..base.belonging import CHECKSUM, belongs, weights_checksum
from ..base.errors import LatentError
from ..base.files import read_arrays, read_json, read_tensors, reading, replace, write_json
from ..base.options import check, knobs
from ..data.csv.source import Csv, Scoring
from ..model.autoencoder import Autoencoder
from ..pca import PCA
from .detection import Detection, LatentMap, ModelScores
from .detector import CALIBRATIONS, Detector, HeldOut, Preprocessing
from .thresholds import Rule

DETECTION = "detection.npz"  # in a run's folder: the scores of its own table
THRESHOLD = "threshold.json"  # in a run's folder: the rule that was chosen for it
SIDES = ("network", "pca")
# The names in the files are those of the first version, which wrote thousands of them.
CALIBRATION_FILE = ("channel", "middle", "precision", "limits", "pace")  # as `Calibration`'s fields
NEWEST_FILE = ("newest_limits", "bank", "distance_limit", "usual", "code_scale")  # as `NewestCalibration`'s
SCORING_FILE = {"kind": "score_type", "memory": "smoothing_rows", "variance": "variance"}
MODEL_FILE = {  # `ModelScores`' fields, the network's and PCA's
    "x_hat": ("x_hat", "pca_hat"),
    "parts": ("parts", "pca_parts"),
    "score": ("score", "pca_score"),
    "held_out": ("held_score", "pca_held"),
}
ARRAYS = (
    *("time", "values", "x_hat", "pca_hat", "parts", "pca_parts", "score", "pca_score", "label"),
    *("held_score", "pca_held", "at", "z", "cluster", "row_error", "terms"),
)
OPTIONAL = ("time", "label", "row_error", "terms")


def save_detector(detector: Detector, folder: Path) -> None:
    """Write detector.json and detector.safetensors beside the run's weights."""
    own, held_out = detector.preprocessing, detector.held_out
    about = {
        "names": list(own.names),
        "units": list(own.units),
        "window": own.window,
        "step": own.step,
        "bridge": own.max_gap_steps,
        "kept": detector.n_dims,
        "scoring": {key: getattr(detector.scoring, name) for key, name in SCORING_FILE.items()},
        "normal": list(held_out.normal),
        "held": list(held_out.rows),
        CHECKSUM: weights_checksum(folder),
        **_independent(held_out.independent),
    }
    arrays = {
        "centre": own.centre,
        "spread": own.spread,
        "held_score": held_out.network,
        "pca_held": held_out.pca,
    }
    if own.ranges is not None:
        arrays["ranges"] = own.ranges
    if own.row_limits is not None:
        arrays["row_limits"] = own.row_limits
    for side, calibration in zip(SIDES, detector.calibrations, strict=True):
        for name, f in zip(_names(detector.scoring.score_type), fields(calibration), strict=True):
            arrays[f"{side}.{name}"] = getattr(calibration, f.name)
    tensors = {name: torch.from_numpy(np.ascontiguousarray(a, np.float64)) for name, a in arrays.items()}
    tensors |= {f"fit.{name}": tensor for name, tensor in detector.pca.tensors().items()}
    replace(folder / "detector.safetensors", lambda path: save_file(tensors, path))
    write_json(folder / "detector.json", about)


def load_detector(folder: Path, model: Autoencoder) -> Detector:
    """What `save_detector` wrote, for the run's model. Raises LatentError where it is missing or does not fit."""
    if not (folder / "detector.json").is_file():
        raise LatentError(
            f"{folder.name} cannot score signals: it was not trained on a table. "
            "Choose another run, or train one on the Signals page."
        )
    try:
        with reading(folder / "detector.safetensors", "detector of this run"):
            said = read_json(folder / "detector.json")
            about = _checked_about(said, model)
            tensors = read_tensors(folder / "detector.safetensors")
            fit = {name.removeprefix("fit."): t for name, t in tensors.items() if name.startswith("fit.")}
            pca = PCA.from_tensors(fit, model.shape)
            arrays = {name: t.numpy() for name, t in tensors.items() if not name.startswith("fit.")}
            kind = about["scoring"].score_type
            _check_calibration(arrays, len(about["names"]), (about["kept"] or model.k, pca.k), kind)
    except LatentError as error:
        raise LatentError(f"What {folder.name} knows of its signals is damaged: train it again.") from error
    if not belongs(folder, said.get(CHECKSUM)):
        raise LatentError(
            f"What {folder.name} knows of its signals was learned with other weights than it has now: measure it again."
        )
    if kind == "newest":  # runs of a time when codes had their own units
        arrays = {f"{side}.code_scale": np.ones(arrays[f"{side}.bank"].shape[1]) for side in SIDES} | arrays
    made = CALIBRATIONS[kind]
    network, pca_side = (made(*(arrays[f"{side}.{name}"] for name in _names(kind))) for side in SIDES)
    return Detector(
        model,
        pca,
        Preprocessing(
            about["names"],
            about["units"],
            arrays["centre"],
            arrays["spread"],
            about["window"],
            about["step"],
            about["bridge"],
            arrays.get("ranges"),
            arrays.get("row_limits"),
        ),
        about["kept"],
        about["scoring"],
        (network, pca_side),
        HeldOut(arrays["held_score"], arrays["pca_held"], about["normal"], about["held"], about["independent"]),
    )


def _checked_about(about: Any, model: Autoencoder) -> dict[str, Any]:
    """detector.json's values in their own types; ValueError where one is missing, of another kind or does not fit the
    model.
    """
    wanted = {"names", "units", "window", "step", "bridge", "kept", "scoring", "normal", "held"}
    if not isinstance(about, dict) or not wanted <= about.keys() or not isinstance(about["scoring"], dict):
        raise ValueError("a part is missing")
    names, units = (_texts(about[key]) for key in ("names", "units"))
    normal, held = (_pair(about[key]) for key in ("normal", "held"))
    window, max_gap_steps, step, n_dims = about["window"], about["bridge"], about["step"], about["kept"]
    if type(window) is not int or model.shape != (len(names), window) or len(units) != len(names):
        raise ValueError("it was made for another shape")
    if type(max_gap_steps) is not int or max_gap_steps < 0:
        raise ValueError("gaps are counted in whole steps")
    if step is not None and not (type(step) in (int, float) and 0 < step < math.inf):
        raise ValueError("a step is a number of seconds")
    if n_dims is not None and not (type(n_dims) is int and 0 < n_dims <= model.k):
        raise ValueError("it uses more dimensions than the code has")
    if not about["scoring"].keys() >= SCORING_FILE.keys():
        raise ValueError("how to score is missing")
    known = knobs(Csv)
    scoring = Scoring(**{name: check(name, about["scoring"][key], known[name]) for key, name in SCORING_FILE.items()})
    return {
        "names": names,
        "units": units,
        "window": window,
        "step": None if step is None else float(step),
        "bridge": max_gap_steps,
        "kept": n_dims,
        "scoring": scoring,
        "normal": normal,
        "held": held,
        "independent": _number_of_scores(about),
    }


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError("no list of texts")
    return tuple(value)


def _pair(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or not all(type(n) is int and 0 <= n < 2**53 for n in value):
        raise ValueError("no first row and row after the last")
    return value[0], value[1]


def _independent(scores: float) -> dict[str, float]:
    """As how many independent scores the held-out ones count, where that is known."""
    return {"independent": scores} if math.isfinite(scores) else {}


def _number_of_scores(about: dict[str, Any]) -> float:
    """What `_independent` kept; ValueError where it is no number from 1."""
    scores = about.get("independent", math.inf)
    if type(scores) not in (int, float) or not scores >= 1:
        raise ValueError("scores are counted from 1")
    return float(scores)


def _names(score_type: str) -> tuple[str, ...]:
    """The names in the file of a calibration's fields."""
    return NEWEST_FILE if score_type == "newest" else CALIBRATION_FILE


def _check_calibration(arrays: dict[str, np.ndarray], channels: int, sizes: tuple[int, int], kind: str) -> None:
    """ValueError where the arrays are not those of a detector of so many channels. sizes: dimensions of the network's
    and PCA's codes; kind: as `Scoring.score_type`.
    """
    names = _names(kind)
    wanted: dict[str, tuple[int, ...]] = {"centre": (channels,), "spread": (channels,)}
    # of runs since they are compared with a file, and since stretches are told by the rows that they are about
    optional: dict[str, tuple[int, ...]] = {"ranges": (2, channels), "row_limits": (2, channels)}
    wanted |= {name: shape for name, shape in optional.items() if name in arrays}
    wanted |= {name: (arrays[name].size,) for name in ("held_score", "pca_held") if name in arrays}
    for side, k in zip(SIDES, sizes, strict=True):
        shapes: tuple[tuple[int, ...], ...] = ((channels,), (k,), (k, k), (2,), (2,))
        if kind == "newest":
            rows = [len(arrays.get(f"{side}.{name}", ())) for name in ("bank", "usual")]
            shapes = ((channels, 2), (max(1, rows[0]), k), (1,), (max(1, rows[1]),), (k,))
        wanted |= {f"{side}.{name}": shape for name, shape in zip(names, shapes, strict=True)}
        if f"{side}.code_scale" not in arrays:  # as above
            wanted.pop(f"{side}.code_scale", None)
    if not {"held_score", "pca_held"} <= wanted.keys():
        raise ValueError("the held-out scores are missing")
    if {name: array.shape for name, array in arrays.items()} != wanted:
        raise ValueError("it was made for other channels or another code")
    if not all(array.dtype == np.float64 and np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("not all numbers")
    divided = [name for name in names if name in ("channel", "limits", "pace", "newest_limits", "distance_limit")]
    divisors = [arrays[f"{side}.{name}"] for side in SIDES for name in divided]
    divisors += [arrays[name] for name in ("row_limits",) if name in arrays]
    if not all((part > 0).all() for part in divisors) or (arrays["spread"] < 0).any():
        raise ValueError("what is divided by is positive")


def save_threshold(rule: Rule, folder: Path) -> None:
    """Keep the threshold that was chosen for a run in its folder: it goes with the run, its zip, and every next file.
    Raises LatentError where it cannot be written.
    """
    try:
        write_json(folder / THRESHOLD, {"threshold": str(rule)})
    except OSError as error:
        raise LatentError(
            f"The threshold cannot be kept ({error.strerror or error}): LATENT_RUNS names a folder that can be written."
        ) from error


def load_threshold(folder: Path) -> Rule:
    """The threshold that was chosen for a run; the default where none was, or none can be read."""
    if not (folder / THRESHOLD).is_file():
        return Rule()
    try:
        return Rule.parse(str(read_json(folder / THRESHOLD)["threshold"]))
    except (LatentError, KeyError, TypeError):
        return Rule()


def save_detection(detection: Detection, path: Path) -> None:
    """Write all of it into one file; half a file is never seen."""
    values: dict[str, Any] = {name: getattr(detection, name) for name in ("values", *OPTIONAL)}
    for name, keys in MODEL_FILE.items():
        values |= zip(keys, (getattr(model, name) for model in (detection.network, detection.pca)), strict=True)
    values |= {f.name: getattr(detection.latent_map, f.name) for f in fields(LatentMap)}
    values |= {name: values[name].astype(np.float32) for name in ("parts", "pca_parts")}
    about = {
        "names": detection.names,
        "units": detection.units,
        "time": None,
        "step": detection.step,
        "label": None,
        "row_error": None,
        "terms": None,
        "normal": detection.normal,
        "held": detection.held_out,
        "window": detection.window,
        "kept": detection.n_dims,
        CHECKSUM: weights_checksum(path.parent),
        **_independent(detection.independent),
    }
    about = {name: value for name, value in about.items() if name not in OPTIONAL or values[name] is None}
    arrays = {name: values[name] for name in ARRAYS if values[name] is not None}

    def write(part: Path) -> None:
        with part.open("wb") as file:
            np.savez(file, about=np.array(json.dumps(about)), **arrays)

    replace(path, write)


def load_detection(path: Path) -> Detection:
    """What `save_detection` wrote. Raises LatentError where it is not there or damaged."""
    try:
        with reading(path, "scores"):
            # `save_detection` packs nothing, and numbers hardly shrink.
            arrays = read_arrays(path, (*ARRAYS, "about"), max_bytes=8 * path.stat().st_size)
            if not arrays.keys() >= {"about", *ARRAYS} - set(OPTIONAL) or arrays["about"].dtype.kind != "U":
                raise ValueError("a part is missing")
            try:
                about = json.loads(str(arrays.pop("about")))
            except RecursionError as error:
                raise ValueError("no detection's JSON") from error
            if not isinstance(about, dict) or not about.keys() >= {"names", "units", "step", "window", "kept"}:
                raise ValueError("a part is missing")
            if not belongs(path.parent, about.get(CHECKSUM)):
                raise ValueError("other weights have said it")
            return _checked_detection(arrays, about)
    except LatentError as error:
        raise LatentError(
            f"The scores in {path.parent.name} are not there or damaged: score the file again."
        ) from error


def _checked_detection(arrays: dict[str, np.ndarray], about: dict[str, Any]) -> Detection:
    """A detection of a file's arrays and JSON; ValueError where a part has not the type and the size that it should."""
    names, units = _texts(about["names"]), _texts(about["units"])
    normal, held_out = _pair(about.get("normal")), _pair(about.get("held"))
    step, numbers = about["step"], (about["window"], about["kept"])
    rows, channels, points = len(arrays["score"]), len(names), len(arrays["at"])
    table: tuple[int, ...] = (rows, channels)
    wanted = dict.fromkeys(("values", "x_hat", "pca_hat", "parts", "pca_parts"), (table, "f"))
    wanted |= dict.fromkeys(("score", "pca_score"), ((rows,), "f"))
    wanted |= {name: ((arrays[name].size,), "f") for name in ("held_score", "pca_held")}
    wanted |= {"at": ((points,), "i"), "cluster": ((points,), "i"), "z": ((points, 2), "f")}
    wanted |= {
        "time": ((rows,), "M"),
        "label": ((rows,), "b"),
        "row_error": ((rows, 2), "u"),
        "terms": ((rows, 4), "f"),
    }
    if not rows or not channels or len(units) != channels:
        raise ValueError("there are no rows or no channels")
    if any((array.shape, array.dtype.kind) != wanted[name] for name, array in arrays.items()):
        raise ValueError("a part has another size or type")
    if any(np.isinf(array).any() for name, array in arrays.items() if wanted[name][1] == "f"):
        raise ValueError("a number is infinite")
    if not (np.isfinite(arrays["z"]).all() and all(np.isfinite(arrays[n]).any() for n in ("held_score", "pca_held"))):
        raise ValueError("the map or the held-out scores are missing")
    if not all(type(n) is int and 0 <= n < 2**53 for n in numbers):
        raise ValueError("no whole numbers")
    if step is not None and not (type(step) in (int, float) and 0 < step < math.inf):
        raise ValueError("a step is a number of seconds")
    network, pca = (
        ModelScores(**{name: arrays[keys[side]] for name, keys in MODEL_FILE.items()}) for side in range(len(SIDES))
    )
    return Detection(
        names=names,
        units=units,
        time=arrays.get("time"),
        step=step,
        values=arrays["values"],
        label=arrays.get("label"),
        normal=normal,
        held_out=held_out,
        window=numbers[0],
        n_dims=numbers[1],
        network=network,
        pca=pca,
        latent_map=LatentMap(**{f.name: arrays[f.name] for f in fields(LatentMap)}),
        terms=arrays.get("terms"),
        row_error=None if "row_error" not in arrays else arrays["row_error"].astype(np.uint8),
        independent=_number_of_scores(about),
    )
