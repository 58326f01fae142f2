"""A run folder, read and checked: its model, PCA, codes and figures."""

import math
import os
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..base.belonging import CHECKSUM, belongs
from ..base.display import Display
from ..base.errors import LatentError
from ..base.files import read_arrays, read_json, read_tensors, reading, tensor_shapes
from ..base.text import plural, times
from ..data import Dataset
from ..data._own import as_recorded
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..pca import PCA, all_finite
from ..sockets.networks import current_name
from .folder import read_folder
from .records import check_data, read_measures, read_metrics

MAX_CODES_BYTES = 64 << 20  # bytes of codes.npz, unpacked
MAX_SAMPLE_VALUES = 10_000_000  # in one sample
NO_WEIGHTS = "the run has no weights yet, or the copy is not whole"


@dataclass(frozen=True)
class Checkpoint:
    """A run folder, read and checked, the weights not yet loaded."""

    folder: Path
    config: Config
    shape: tuple[int, ...]
    range: tuple[float, float] | None
    classes: tuple[str, ...]
    factor_names: tuple[tuple[str, str], ...]
    command: str
    display: Display | None = None

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def measures(self) -> dict[str, float]:
        """Figures on held-out data; empty while the run is not done."""
        return {str(n): float(v) for n, v in self._measured().items() if isinstance(v, (int, float))}

    @cached_property
    def curves(self) -> dict[str, list[float]]:
        """Measured curves by name, e.g. the held-out error with 1, 2, … numbers kept."""
        return {str(n): [float(e) for e in v] for n, v in self._measured().items() if isinstance(v, list)}

    def _measured(self) -> dict[str, Any]:
        return read_measures(self.folder)

    def metrics(self) -> list[dict[str, float]]:
        """The lines of metrics.jsonl."""
        return read_metrics(self.folder)

    def check(self) -> None:
        """Look at the heads of weights and codes alone, so that a menu of dozens can afford it, and at the figures.

        Raises:
            LatentError: where one of them is missing or cut off.
        """
        weights, codes = self.folder / "weights.safetensors", self.folder / "codes.npz"
        with reading(weights, "weights", NO_WEIGHTS):
            tensor_shapes(weights)
        with reading(codes, "codes"), zipfile.ZipFile(codes):
            pass
        self.check_measures()

    def check_measures(self) -> None:
        """LatentError where a figure or a curve is missing that every finished run of its kind has."""
        wanted = {
            "squared_error",
            "pca_squared_error",
            *(("kl", "reconstruction") if self.config.gaussian else ()),
        }
        curves = {"error_by_size", "pca_error_by_size", "explained"} if self.config.variant == "nested" else set()
        if not (
            wanted <= set(self.measures)
            and curves <= set(self.curves)
            and all(len(self.curves[name]) == self.config.k for name in curves)
        ):
            raise LatentError(f"{self.folder / 'measures.json'} is missing or not whole: copy or train it again.")

    def model(self) -> Autoencoder:
        """The trained model in eval mode, float32 on the CPU.

        Names, shapes and sizes are checked before anything is read. Raises LatentError where the weights are missing,
        damaged or another model's.
        """
        path = self.folder / "weights.safetensors"
        with torch.device("meta"):
            model = Autoencoder(self.config, self.shape, self.range, len(self.classes))
        expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
        with reading(path, "weights", NO_WEIGHTS):
            if {current_name(name): shape for name, shape in tensor_shapes(path).items()} != expected:
                raise LatentError(
                    f"The weights in {path} do not fit its config.json: "
                    "weights and config.json come from different runs."
                )
            tensors = {current_name(name): tensor for name, tensor in read_tensors(path).items()}
        try:
            model.load_state_dict(all_finite(tensors), assign=True)
        except ValueError as error:
            raise LatentError(f"The weights in {path} are not all numbers: train it again.") from error
        return model.eval().requires_grad_(False)

    def data(self, given: Dataset | None = None) -> Dataset:
        """The data that the run was trained on: loaded, or the ones that were `given`.

        Raises LatentError where they cannot be had, or are others than the run's.
        """
        if given is None:
            data = self.config.load()
        else:
            data = given
            if as_recorded(self.config, data) != self.config:
                raise LatentError(f"{self.name} was trained on {self.config.data}, and these are other data.")
        if data.shape != self.shape or data.classes != self.classes:
            raise LatentError(
                f"{self.name} was trained on samples of {times(self.shape)} values in "
                f"{plural(len(self.classes), 'class', 'classes')}; {self.config.data} has {times(data.shape)} in "
                f"{len(data.classes)}: these are other data, and nothing was measured."
            )
        check_data(self.folder, data.checksum)
        return data

    def pca(self) -> PCA:
        """PCA of the training data, of the same number of dimensions as the code (or as the data, where they have
        fewer). Raises LatentError where it is missing, damaged or of other data.
        """
        path = self.folder / "pca.safetensors"
        with reading(path, "PCA of this model"):
            if path.stat().st_size > 4 * (self.config.k + 3) * (math.prod(self.shape) + 1) + (1 << 16):
                raise ValueError("it is larger than a PCA of k components")
            return PCA.from_tensors(read_tensors(path), self.shape)

    def codes(self) -> dict[str, np.ndarray]:
        """Codes of held-out samples, and what is known of these samples.

        Returns:
            z: (N, k) float32.
            y: (N,) int64 classes, where the data have them.
            factors: (N, F) float32, where the data have them.

        Raises:
            LatentError: where the file is missing, damaged or another model's.
        """
        path = self.folder / "codes.npz"
        with reading(path, "codes of this model"):
            arrays = read_arrays(path, ("z", "y", "factors", CHECKSUM), MAX_CODES_BYTES)
            made_from = arrays.pop(CHECKSUM, None)
            if made_from is not None and not belongs(self.folder, str(made_from)):
                raise LatentError(
                    f"The codes of {self.name} were made from other weights than it has now: measure it again."
                )
            if any(value.dtype.kind not in ("iu" if name == "y" else "f") for name, value in arrays.items()):
                raise ValueError("codes are numbers, classes whole ones")
            with np.errstate(over="ignore"):  # what is too large is infinite, and refused as that
                arrays = {name: value.astype(np.int64 if name == "y" else np.float32) for name, value in arrays.items()}
            self._check_codes(arrays)
        return arrays

    def _check_codes(self, arrays: dict[str, np.ndarray]) -> None:
        """ValueError where arrays of numbers are not this model's codes."""
        z, y, factors = arrays.get("z"), arrays.get("y"), arrays.get("factors")
        if z is None or z.ndim != 2 or z.shape[1] != self.config.k or not len(z) or not np.isfinite(z).all():
            raise ValueError(f"z is not (N, {self.config.k})")
        if any(value.shape[:1] != z.shape[:1] for value in arrays.values()):
            raise ValueError("not as many classes or factors as codes")
        if y is not None and (y.ndim != 1 or y.min() < 0 or y.max() >= max(1, len(self.classes))):
            raise ValueError("y is no class")
        if factors is not None and (
            factors.shape != (len(z), len(self.factor_names)) or not np.isfinite(factors).all()
        ):
            raise ValueError("factors do not have their names")


def read_checkpoint(name_or_folder: str | os.PathLike) -> Checkpoint:
    """Find and check a checkpoint: a folder, the name of a shipped one, or the name of a run."""
    folder = read_folder(name_or_folder)
    about = read_json(folder / "config.json")
    if isinstance(about, dict) and "config" in about and "shape" not in about:  # its data have not been read yet
        raise LatentError(
            f"{folder.name} has nothing to show yet: it was queued, stopped or interrupted before its first step."
        )
    try:
        shape, limits = _checked_shape(about["shape"]), _checked_range(about["range"])
        classes = tuple(str(c) for c in about.get("classes", ()))
        factor_names = tuple((str(name), str(unit)) for name, unit in about.get("factor_names", ()))
        config = Config.from_json(about["config"])
        display = Display.from_json(about["display"], shape) if about.get("display") else None
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:  # of JSON, which may hold anything
        reason = str(error) if isinstance(error, LatentError) else "its shape, range or recipe is missing or wrong."
        raise LatentError(f"{folder / 'config.json'} is not one that this program wrote: {reason}") from error
    command = str(about.get("command") or config.command(folder.name))
    return Checkpoint(folder, config, shape, limits, classes, factor_names, command, display)


def _checked_shape(value: Any) -> tuple[int, ...]:
    """A sample's shape as config.json has it, (C, L) or (C, H, W); ValueError for anything else."""
    shape = tuple(value)
    sizes = len(shape) in (2, 3) and all(type(n) is int and n > 0 for n in shape)
    if not sizes or math.prod(shape) > MAX_SAMPLE_VALUES:
        raise ValueError("no shape of a sample")
    return shape


def _checked_range(value: Any) -> tuple[float, float] | None:
    """The (least, greatest) value of the data as config.json has it, None where they have no limits; ValueError for
    anything else.
    """
    if value is None:
        return None
    low, high = float(value[0]), float(value[1])
    if not (math.isfinite(low) and low < high < math.inf):
        raise ValueError("no range of values")
    return low, high


def load_checkpoint(name_or_folder: str | os.PathLike) -> Autoencoder:
    """The trained model of a checkpoint or run, in eval mode.

    Raises LatentError, one sentence, where the folder is missing, cut, foreign or damaged.

    >>> model = load_checkpoint("digits-vae-2d")
    >>> tuple(model.decode(torch.zeros(1, 2)).shape)
    (1, 1, 8, 8)
    """
    return read_checkpoint(name_or_folder).model()


def half_precision(model: Autoencoder) -> dict[str, Tensor]:
    """The model's weights in half precision; LatentError where one is too large for it."""
    halves = {name: value.detach().cpu().half().contiguous() for name, value in model.state_dict().items()}
    if not all(bool(value.isfinite().all()) for value in halves.values()):
        raise LatentError("The weights have grown beyond 65,504: the training diverged, lower the learning rate.")
    return halves
