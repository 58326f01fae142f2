"""A run folder, read and checked: its model, PCA, codes and figures."""

import math
import os
import struct
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from ..base.errors import LatentError
from ..base.files import read_json
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..pca import PCA, all_finite
from .folder import read_folder
from .records import read_measures, read_metrics

# What zipfile and NumPy, which reads an old array's head as Python, raise for an archive that is cut, altered or
# encrypted
DAMAGED = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    MemoryError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
)
MAX_CODES_BYTES = 64 << 20  # bytes of codes.npz, unpacked
MAX_SAMPLE_VALUES = 10_000_000  # in one sample


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
        """LatentError where weights, codes or figures are missing or cut off: a look at their heads alone, so that a
        menu of dozens can afford it.
        """
        for name, look in {
            "weights.safetensors": lambda path: safe_open(path, framework="pt"),
            "codes.npz": zipfile.ZipFile,
        }.items():
            try:
                with look(self.folder / name):
                    pass
            except (SafetensorError, *DAMAGED) as error:
                why = "is missing" if isinstance(error, FileNotFoundError) else "is damaged"
                raise LatentError(f"{self.folder / name} {why}: copy or train it again.") from error
        self.check_measures()

    def check_measures(self) -> None:
        """LatentError where a figure or a curve is missing that every finished run of its kind has."""
        wanted = {
            "squared_error",
            "pca_squared_error",
            *(("kl", "reconstruction") if self.config.row.bottleneck.gaussian else ()),
        }
        curves = {"error_by_size", "pca_error_by_size", "explained"} if self.config.variant == "nested" else set()
        if not (
            wanted <= set(self.measures)
            and curves <= set(self.curves)
            and all(len(self.curves[name]) == self.config.k for name in curves)
        ):
            raise LatentError(f"{self.folder / 'measures.json'} is missing or not whole: copy or train it again.")

    def model(self) -> Autoencoder:
        """The trained model in eval mode, float32 on the CPU. Names, shapes and sizes are checked before anything is
        read.
        """
        path = self.folder / "weights.safetensors"
        with torch.device("meta"):
            model = Autoencoder(self.config, self.shape, self.range, len(self.classes))
        wanted = {name: list(value.shape) for name, value in model.state_dict().items()}
        try:
            with safe_open(path, framework="pt") as file:
                found = {name: file.get_slice(name).get_shape() for name in file.keys()}
                if found != wanted:
                    raise LatentError(
                        f"The weights in {path} do not fit its config.json: the folder was put together from two."
                    )
                tensors = {name: file.get_tensor(name) for name in wanted}
        except FileNotFoundError as error:
            raise LatentError(f"{path} is missing: the run has no weights yet, or the copy is not whole.") from error
        except (
            SafetensorError,
            OSError,
            MemoryError,
            AttributeError,
            KeyError,
        ) as error:  # the last two: a number format that torch has not
            raise LatentError(f"{path} is damaged or no safetensors file: copy or train it again.") from error
        try:
            model.load_state_dict(all_finite(tensors), assign=True)
        except ValueError as error:
            raise LatentError(f"The weights in {path} are not all numbers: train it again.") from error
        return model.eval().requires_grad_(False)

    def pca(self) -> PCA:
        """PCA of the training data with as many numbers as the code has (or as the data, where they have fewer)."""
        path = self.folder / "pca.safetensors"
        try:
            if path.stat().st_size > 4 * (self.config.k + 3) * (math.prod(self.shape) + 1) + (1 << 16):
                raise ValueError
            return PCA.restored(load_file(path), self.shape)
        except FileNotFoundError as error:
            raise LatentError(f"{path} is missing: the run is not done, or the copy is not whole.") from error
        except (
            SafetensorError,
            OSError,
            KeyError,
            ValueError,
            RuntimeError,
            TypeError,
            AttributeError,
            MemoryError,
        ) as error:
            raise LatentError(f"{path} is damaged or does not fit this model: copy or train it again.") from error

    def codes(self) -> dict[str, np.ndarray]:
        """z (N, k) float32 of held-out samples; y (N,) int64 and factors (N, F) float32 where the data has them."""
        path = self.folder / "codes.npz"
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(part.file_size for part in archive.infolist()) > MAX_CODES_BYTES:
                    raise LatentError(f"{path} would unpack to more than 64 MB: it is not one of ours.")
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in ("z", "y", "factors") if name in file}
            if any(value.dtype.kind not in ("iu" if name == "y" else "f") for name, value in arrays.items()):
                raise ValueError
            with np.errstate(over="ignore"):  # what is too large is infinite, and refused as that
                arrays = {name: value.astype(np.int64 if name == "y" else np.float32) for name, value in arrays.items()}
            z = arrays["z"]
            if z.ndim != 2 or z.shape[1] != self.config.k or not np.isfinite(z).all() or not len(z):
                raise ValueError
            if any(len(value) != len(z) for value in arrays.values()):
                raise ValueError
            y, factors = arrays.get("y"), arrays.get("factors")
            if y is not None and (y.ndim != 1 or y.min() < 0 or y.max() >= max(1, len(self.classes))):
                raise ValueError
            if factors is not None and (
                factors.shape != (len(z), len(self.factor_names)) or not np.isfinite(factors).all()
            ):
                raise ValueError
        except FileNotFoundError as error:
            raise LatentError(f"{path} is missing: the run is not done, or the copy is not whole.") from error
        except DAMAGED as error:
            if isinstance(error, LatentError):
                raise
            raise LatentError(f"{path} is damaged or does not fit this model: copy or train it again.") from error
        return arrays


def read_checkpoint(name_or_folder: str | os.PathLike) -> Checkpoint:
    """Find and check a checkpoint: a folder, the name of a shipped one, or the name of a run."""
    folder = read_folder(name_or_folder)
    about = read_json(folder / "config.json")
    if isinstance(about, dict) and "config" in about and "shape" not in about:  # its data have not been read yet
        raise LatentError(
            f"{folder.name} has nothing to show yet: it was queued, stopped or interrupted before its first step."
        )
    try:
        shape = tuple(about["shape"])
        limits = about["range"]
        classes = tuple(str(c) for c in about.get("classes", ()))
        factor_names = tuple((str(name), str(unit)) for name, unit in about.get("factor_names", ()))
        if not (
            len(shape) in (2, 3)
            and all(type(n) is int and n > 0 for n in shape)
            and math.prod(shape) <= MAX_SAMPLE_VALUES
        ):
            raise ValueError
        if limits is not None:
            limits = (float(limits[0]), float(limits[1]))
            if not (math.isfinite(limits[0]) and limits[0] < limits[1] < math.inf):
                raise ValueError
        config = Config.from_json(about["config"])
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        reason = str(error) if isinstance(error, LatentError) else "its shape, range or recipe is missing or wrong."
        raise LatentError(f"{folder / 'config.json'} is not one that this program wrote: {reason}") from error
    return Checkpoint(folder, config, shape, limits, classes, factor_names, str(about.get("command", "")))


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
