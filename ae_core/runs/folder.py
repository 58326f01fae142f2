"""Runs and checkpoints: a folder that holds one training, readable after a crash at any moment.

    config.json           the recipe, the samples' shape and range, the command that repeats it
    metrics.jsonl         a line an epoch: epoch, seconds, train_loss, test_loss and their terms
    weights.safetensors   half precision: what the browser computes with and torch computes with are the same numbers
    state.safetensors     full precision and Adam's moments, to go on from; gone once the run is done
    snapshots/            codes and reconstructions after each epoch (see snapshots.py)
    pca.safetensors       PCA of the training data with as many numbers, to stand beside
    codes.npz             z (and y, factors) of held-out samples, for the map
    detector.json, .safetensors  of a run on a table: what is usual, to score signals with (see detector.py)
    detection.npz         what it says of its own table, row by row
    measures.json         what was measured on held-out data at the end
    usefulness.json       what the codes are good for, where that was asked for (see usefulness.py)
    status.json           how it stands (see `status`)
    .lock                 held by the process that is at work on it
    stop                  somebody wants it to end

A checkpoint is a run that ships, under checkpoints/. Nothing is ever unpickled.
"""

import contextlib
import difflib
import json
import math
import os
import re
import shutil
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
from ..base.files import read_json, write_json
from ..base.locks import held
from ..base.owners import PRIVATE, common, everybodys, own
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..pca import PCA, all_finite
from ..sockets.networks import current_name

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
SHIPPED = Path(__file__).resolve().parents[2] / "checkpoints"
MOST_LINES = 128 << 20  # bytes of metrics.jsonl; 100,000 epochs of ours have a quarter of that
MOST_ARRAYS = 64 << 20  # bytes of codes.npz, unpacked
MOST_VALUES = 10_000_000  # in one sample


def runs_folder() -> Path:
    """Where runs are kept: `LATENT_RUNS`, by default `runs/` in the working directory; below it, where runs are private
    to whoever asks (see `owners`).
    """
    return own(Path(os.environ.get("LATENT_RUNS") or "runs"))


def checkpoints() -> dict[str, Path]:
    """The folders of the shipped checkpoints by name, also one in which something is missing: whoever reads it is told."""
    try:
        return {
            folder.name: folder for folder in sorted(SHIPPED.iterdir()) if folder.name[0] != "." and folder.is_dir()
        }
    except OSError:
        return {}


def shipped_folder(name: str) -> Path:
    """The folder of a checkpoint that ships, or would if it were there."""
    return SHIPPED / name


def runs() -> dict[str, Path]:
    """The folders of the runs on this machine by name, newest first."""

    def begun(folder: Path) -> float:
        with contextlib.suppress(OSError):  # somebody may just have deleted it
            return (folder / "config.json").stat().st_mtime
        return 0.0

    return dict(sorted(_folders(runs_folder()).items(), key=lambda item: begun(item[1]), reverse=True))


def everybodys_runs(folder: Path) -> list[Path]:
    """The folders of all runs, whoever has them, where the runs of `folder` lie: they share the machine."""
    return [run for parent in everybodys(common(folder)) for run in _folders(parent).values()]


def free_name(stem: str) -> str:
    """`stem`, or the first of stem-2, stem-3, … that no run and no checkpoint has."""
    number, name = 1, stem
    while (
        os.path.exists(runs_folder() / name) or (SHIPPED / name).exists()
    ):  # in a folder that may not be read nothing is; to make one says so
        number += 1
        name = f"{stem}-{number}"
    return name


def new_folder(stem: str) -> Path:
    """An empty run folder that nobody else has, called `stem` or stem-2, stem-3, …; LatentError where none can be made,
    or `stem` is no name.
    """
    check_name(stem)
    while True:
        folder = runs_folder() / free_name(stem)
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError as error:
            if folder.exists():
                continue  # somebody else was quicker
            reason = error.strerror
        except OSError as error:
            reason = error.strerror or str(error)
        raise LatentError(
            f"No run can be kept in {folder.parent} ({reason}): set LATENT_RUNS to a folder that can be written."
        )


def check_name(name: str) -> None:
    """LatentError where a run cannot be called that: a name is a folder's, and never leads out of the runs."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", name):
        raise LatentError(
            "A run's name has up to 80 letters, digits, dots, dashes and underscores, and begins with a letter or digit."
        )
    if name.lower() == PRIVATE:  # also where a file system takes both for the same
        raise LatentError(f"A run cannot be called {name}, as the folder of everybody's runs is: choose another name.")


def own_run(name: str) -> Path:
    """The folder of a run of this machine that may be changed; LatentError for a shipped checkpoint or a name that is
    none.
    """
    folder = runs().get(name)
    if folder is None:
        shipped = " It ships with the program and stays." if name in checkpoints() else ""
        raise LatentError(f"There is no run {name[:80]!r} here.{shipped}")
    return folder


def rename_run(name: str, new: str) -> Path:
    """Call a run `new`; LatentError where it is at work, or the new name is taken or no name."""
    folder, new = own_run(name), new.strip()
    check_name(new)
    if new in runs() or new in checkpoints() or (runs_folder() / new).exists():
        raise LatentError(f"There is a run or checkpoint {new!r} already: choose another name.")
    if status(folder)["state"] in BUSY:
        raise LatentError(f"{name} is at work: stop it or let it end, then rename it.")
    try:
        return folder.rename(folder.with_name(new))
    except OSError as error:
        raise LatentError(f"{folder} cannot be renamed ({error.strerror or error}).") from error


def delete_run(name: str) -> None:
    """Remove a run for good; LatentError where it is at work, or cannot be removed."""
    folder = own_run(name)
    if status(folder)["state"] in BUSY:
        raise LatentError(f"{name} is at work: stop it first.")
    try:
        # Out of sight in one step: a run that is half removed would look like a broken one.
        shutil.rmtree(folder.rename(folder.with_name(f".deleted-{name}-{os.getpid()}")))
    except OSError as error:
        raise LatentError(f"{folder} cannot be removed ({error.strerror or error}).") from error


def _folders(parent: Path) -> dict[str, Path]:
    try:
        return {
            folder.name: folder
            for folder in sorted(parent.iterdir())
            if folder.name[0] != "." and os.path.isfile(folder / "config.json")
        }
    except OSError:
        return {}


def read_metrics(folder: Path) -> list[dict[str, float]]:
    """The lines of a run's metrics.jsonl, an epoch each; one that a crash cut off, or that is foreign, is left out."""
    lines = []
    try:
        if (folder / "metrics.jsonl").stat().st_size > MOST_LINES:
            return []
        text = (folder / "metrics.jsonl").read_text("utf-8", errors="replace")
    except OSError:
        return []
    for line in text.splitlines():
        try:
            numbers = {name: value for name, value in json.loads(line).items() if is_figure(value)}
        except (ValueError, AttributeError, RecursionError):
            continue
        if (
            {"epoch", "seconds", "train_loss", "test_loss"} <= set(numbers)
            and isinstance(numbers["epoch"], int)
            and numbers["epoch"] > 0
        ):
            lines.append(numbers)
    return lines


def is_figure(value: Any) -> bool:
    """Whether a value of a JSON file, which may be any number, is one that can be drawn: finite, with room for a
    chart's margin, and exact where it is whole.
    """
    return abs(value) < 1e300 if type(value) is float else type(value) is int and abs(value) < 2**53


def rounded_figures(figures: dict[str, float | list[float]]) -> dict[str, float | list[float]]:
    """Five digits after the point: more would be noise, and less would hide differences."""
    return {
        name: [round(v, 5) for v in value] if isinstance(value, list) else round(value, 5)
        for name, value in figures.items()
    }


def rounded(model: Autoencoder) -> dict[str, Tensor]:
    """The model's weights in half precision; LatentError where one is too large for it."""
    halves = {name: value.detach().cpu().half().contiguous() for name, value in model.state_dict().items()}
    if not all(bool(value.isfinite().all()) for value in halves.values()):
        raise LatentError("The weights have grown beyond 65,504: the training diverged, lower the learning rate.")
    return halves


def read_config(folder: Path) -> Config:
    """The recipe of a run that may have no data yet; LatentError where it cannot be read."""
    try:
        return Config.from_json(read_json(folder / "config.json")["config"])
    except (KeyError, TypeError) as error:
        raise LatentError(f"{folder / 'config.json'} is not one that this program wrote.") from error


def read_measures(folder: Path) -> dict[str, Any]:
    """What measures.json says; nothing while the run is not done."""
    path = folder / "measures.json"
    values = read_json(path) if path.exists() else {}
    if not isinstance(values, dict):
        return {}
    return {name: value for name, value in values.items() if all(map(is_figure, _listed(value)))}


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else [value]


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
                found = {current_name(name): file.get_slice(name).get_shape() for name in file.keys()}
                if found != wanted:
                    raise LatentError(
                        f"The weights in {path} do not fit its config.json: the folder was put together from two."
                    )
                tensors = {current_name(name): file.get_tensor(name) for name in file.keys()}
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
            return PCA.from_tensors(load_file(path), self.shape)
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
                if sum(part.file_size for part in archive.infolist()) > MOST_ARRAYS:
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


def read_folder(name_or_folder: str | os.PathLike) -> Path:
    """The folder that is meant: one, the name of a shipped checkpoint, or the name of a run."""
    named = {**runs(), **checkpoints()}
    folder = named.get(str(name_or_folder)) or Path(name_or_folder)
    if not (folder / "config.json").is_file() and folder not in named.values():
        near = difflib.get_close_matches(
            str(name_or_folder)[:80], named, n=8, cutoff=0
        )  # of dozens, those whose names are most alike
        more = f" and {len(named) - len(near)} more" if len(named) > len(near) else ""
        raise LatentError(
            f"There is no checkpoint {str(name_or_folder)[:80]!r}; there are {', '.join(near) or 'none'}{more}."
        )
    return folder


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
            len(shape) in (2, 3) and all(type(n) is int and n > 0 for n in shape) and math.prod(shape) <= MOST_VALUES
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


BUSY = ("queued", "running", "measuring")
STATES = (*BUSY, "stopped", "done", "failed", "dead")
STOP, LOCK = "stop", ".lock"


def write_status(folder: Path, state: str, **about: Any) -> None:
    """Say how a run stands; `about` holds what `status` gives besides."""
    write_json(folder / "status.json", {"state": state, **about})


def status(folder: Path) -> dict[str, Any]:
    """How a run stands.

    A folder whose status cannot be read counts as done where it was measured and nothing is left to go on with, else as
    dead.

    state: queued, running (epochs are made), measuring (the figures at the end), stopped, done, failed, or dead where
    its worker or the queue it waited in is gone; epoch, epochs; message: what went wrong. While it runs also step,
    steps (in this epoch), rate (samples a second) and left (seconds). While it is queued, queue (a lock file) and since
    (when it came).
    """
    found = _status(folder)
    if found["state"] == "queued" and (folder / STOP).exists():
        return {**found, "state": "stopped"}
    holder = common(folder.parent) / str(found.get("queue")) if found["state"] == "queued" else folder / LOCK
    if found["state"] in BUSY and not held(holder):
        # It may have ended, or begun, between the two looks.
        again = _status(folder)
        if again["state"] != found["state"]:
            return status(folder) if again["state"] in BUSY else again
        if "was" in found:  # a measuring that was cut off changes nothing
            return {**found, "state": found["was"]}
        gone = "The queue it waited in is gone" if found["state"] == "queued" else "Its worker process is gone"
        return {**found, "state": "dead", "message": f"{gone}: resume it, and it goes on from its last epoch."}
    return found


def _is_status(found: dict[str, Any]) -> bool:
    """Whether each part of a status is of its kind."""
    pace = ("step", "steps", "rate", "left")
    return (
        found.get("state") in STATES
        and found.get("was", "done") in STATES
        and isinstance(found.get("message", ""), str)
        and all(
            type(found.get(name, 0)) is int and 0 <= found.get(name, 0) < 2**63
            for name in ("epoch", "epochs", "since", "step", "steps")
        )
        and all(is_figure(found[name]) and found[name] >= 0 for name in pace if name in found)
        and sum(name in found for name in pace) in (0, len(pace))
    )


def _status(folder: Path) -> dict[str, Any]:
    with contextlib.suppress(LatentError):
        found = read_json(folder / "status.json")
        if isinstance(found, dict) and _is_status(found):
            return {"epoch": 0, "epochs": 0, "message": "", **found}
    made = len(read_metrics(folder))
    if (folder / "measures.json").exists() and not (folder / "state.safetensors").exists():
        return {"state": "done", "epoch": made, "epochs": made, "message": ""}
    return {
        "state": "dead",
        "epoch": made,
        "epochs": made,
        "message": "The run's status cannot be read: resume it, and it goes on from its last epoch.",
    }
