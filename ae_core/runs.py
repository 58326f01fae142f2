"""Runs and checkpoints: a folder that holds one training, readable after a crash at any moment.

    config.json           the recipe, the samples' shape and range, the command that repeats it
    metrics.jsonl         a line an epoch: epoch, seconds, train_loss, test_loss and their terms
    weights.safetensors   half precision: what the browser computes with and torch computes with are the same numbers
    state.safetensors     full precision and Adam's moments, to go on from; gone once the run is done
    pca.safetensors       PCA of the training data with as many numbers, to stand beside
    codes.npz             z (and y, factors) of held-out samples, for the map
    measures.json         what was measured on held-out data at the end
    status.json           running, stopped, done or failed

A checkpoint is a run that ships, under checkpoints/. Nothing is ever unpickled.
"""

import json
import math
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from .autoencoder import Autoencoder
from .config import Config
from .data import Dataset
from .errors import LatentError
from .metrics import codes, measure
from .pca import PCA
from .training import Epoch, Step, Training

SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"
MOST_JSON = 4 << 20  # bytes; ours have a few thousand
MOST_CODES = 10_000  # held-out samples kept for the map
MOST_VALUES = 10_000_000  # in one sample


def runs_folder() -> Path:
    """Where runs are kept: `LATENT_RUNS`, by default `runs/` in the working directory."""
    return Path(os.environ.get("LATENT_RUNS") or "runs")


def checkpoints() -> dict[str, Path]:
    """The folders of the shipped checkpoints by name."""
    return _folders(SHIPPED)


def runs() -> dict[str, Path]:
    """The folders of the runs on this machine by name, newest first."""
    found = _folders(runs_folder())
    return dict(sorted(found.items(), key=lambda item: (item[1] / "config.json").stat().st_mtime, reverse=True))


def free_name(stem: str) -> str:
    """`stem`, or the first of stem-2, stem-3, … that no run has."""
    number, name = 1, stem
    while (runs_folder() / name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def _folders(parent: Path) -> dict[str, Path]:
    try:
        return {folder.name: folder for folder in sorted(parent.iterdir()) if (folder / "config.json").is_file()}
    except OSError:
        return {}


def replace(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` make a file beside `path` and rename it there: readers see the old one or the new one, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        beside.chmod(0o644)  # safetensors writes for its owner alone, and a run may be read by another server
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    replace(path, lambda beside: beside.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8"))


def read_json(path: Path) -> Any:
    """The file's value; LatentError where it is missing, oversized or no JSON."""
    try:
        if path.stat().st_size > MOST_JSON:
            raise LatentError(f"{path} is too large to be one of ours ({path.stat().st_size:,} bytes).")
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, LatentError):
            raise
        why = "is missing" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise LatentError(f"{path} {why}: this is no complete checkpoint folder.") from error


def read_metrics(folder: Path) -> list[dict[str, float]]:
    """The lines of a run's metrics.jsonl, an epoch each; one that a crash cut off is left out."""
    lines = []
    try:
        text = (folder / "metrics.jsonl").read_text("utf-8", errors="replace")
    except OSError:
        return []
    for line in text.splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return [line for line in lines if isinstance(line, dict) and "epoch" in line]


def rounded_figures(figures: dict[str, float | list[float]]) -> dict[str, float | list[float]]:
    """Five digits after the point: more would be noise, and less would hide differences."""
    return {name: [round(v, 5) for v in value] if isinstance(value, list) else round(value, 5) for name, value in figures.items()}


def rounded(model: Autoencoder) -> dict[str, Tensor]:
    """The model's weights in half precision; LatentError where one is too large for it."""
    halves = {name: value.detach().cpu().half().contiguous() for name, value in model.state_dict().items()}
    if not all(bool(value.isfinite().all()) for value in halves.values()):
        raise LatentError("The weights have grown beyond 65,504: the training diverged, lower the learning rate.")
    return halves


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
        curves = {str(n): v for n, v in self._measured().items() if isinstance(v, list)}
        return {n: [float(e) for e in v] for n, v in curves.items() if all(isinstance(e, (int, float)) for e in v)}

    def _measured(self) -> dict[str, Any]:
        path = self.folder / "measures.json"
        values = read_json(path) if path.exists() else {}
        return values if isinstance(values, dict) else {}

    def metrics(self) -> list[dict[str, float]]:
        """The lines of metrics.jsonl."""
        return read_metrics(self.folder)

    def model(self) -> Autoencoder:
        """The trained model in eval mode, float32 on the CPU. Names, shapes and sizes are checked before anything is read."""
        path = self.folder / "weights.safetensors"
        with torch.device("meta"):
            model = Autoencoder(self.config, self.shape, self.range)
        wanted = {name: list(value.shape) for name, value in model.state_dict().items()}
        try:
            with safe_open(path, framework="pt") as file:
                found = {name: file.get_slice(name).get_shape() for name in file.keys()}
                if found != wanted:
                    raise LatentError(f"The weights in {path} do not fit its config.json: the folder was put together from two.")
                tensors = {name: file.get_tensor(name).float() for name in wanted}
        except FileNotFoundError as error:
            raise LatentError(f"{path} is missing: the run has no weights yet, or the copy is not whole.") from error
        except (SafetensorError, OSError, MemoryError) as error:
            raise LatentError(f"{path} is damaged or no safetensors file: copy or train it again.") from error
        if not all(bool(value.isfinite().all()) for value in tensors.values()):
            raise LatentError(f"The weights in {path} are not all numbers: train it again.")
        model.load_state_dict(tensors, assign=True)
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
        except (SafetensorError, OSError, KeyError, ValueError, RuntimeError) as error:
            raise LatentError(f"{path} is damaged or does not fit this model: copy or train it again.") from error

    def codes(self) -> dict[str, np.ndarray]:
        """z (N, k) float32 of held-out samples; y (N,) int64 and factors (N, F) float32 where the data has them."""
        path = self.folder / "codes.npz"
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(part.file_size for part in archive.infolist()) > 64 << 20:
                    raise LatentError(f"{path} would unpack to more than 64 MB: it is not one of ours.")
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in ("z", "y", "factors") if name in file}
            z = arrays["z"].astype(np.float32)
            if z.ndim != 2 or z.shape[1] != self.config.k or not np.isfinite(z).all() or not len(z):
                raise ValueError
            if any(len(value) != len(z) for value in arrays.values()):
                raise ValueError
        except FileNotFoundError as error:
            raise LatentError(f"{path} is missing: the run is not done, or the copy is not whole.") from error
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            if isinstance(error, LatentError):
                raise
            raise LatentError(f"{path} is damaged or does not fit this model: copy or train it again.") from error
        return {**arrays, "z": z}


def read_checkpoint(name_or_folder: str | os.PathLike) -> Checkpoint:
    """Find and check a checkpoint: a folder, the name of a shipped one, or the name of a run."""
    named = {**runs(), **checkpoints()}
    folder = named.get(str(name_or_folder)) or Path(name_or_folder)
    if not (folder / "config.json").is_file():
        raise LatentError(f"There is no checkpoint {str(name_or_folder)[:80]!r}; there are {', '.join(named) or 'none'}.")
    about = read_json(folder / "config.json")
    try:
        shape = tuple(about["shape"])
        limits = about["range"]
        classes = tuple(str(c) for c in about.get("classes", ()))
        factor_names = tuple((str(name), str(unit)) for name, unit in about.get("factor_names", ()))
        if not (len(shape) in (2, 3) and all(type(n) is int and n > 0 for n in shape) and math.prod(shape) <= MOST_VALUES):
            raise ValueError
        if limits is not None:
            limits = (float(limits[0]), float(limits[1]))
        config = Config.from_json(about["config"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        reason = str(error) if isinstance(error, LatentError) else "its shape, range or recipe is missing"
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


def write_status(folder: Path, state: str, epoch: int = 0, epochs: int = 0, message: str = "") -> None:
    """Say how a run stands: queued, running, stopped, done or failed."""
    write_json(folder / "status.json", {"state": state, "epoch": epoch, "epochs": epochs, "pid": os.getpid(), "message": message})


def start_folder(folder: Path, config: Config, command: str | None = None) -> None:
    """Write what is known before the data are: the recipe. The run is queued."""
    write_json(folder / "config.json", {"config": config.to_json(), "command": command or config.command(folder.name)})
    write_status(folder, "queued", epochs=config.epochs)


def train_run(
    config: Config,
    folder: str | os.PathLike,
    data: Dataset | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    command: str | None = None,
) -> Iterator[Step | Epoch]:
    """Train `config` into `folder`, yielding each step and epoch; what is on disk is always a readable run.

    A folder that holds an unfinished run of the same recipe is resumed; any other that is not empty is refused.
    """
    folder = Path(folder)
    try:
        empty = not folder.exists() or not any(folder.iterdir())
        if not empty and not _unfinished(folder, config):
            raise LatentError(f"{folder} is not empty and holds no unfinished run of this recipe: choose another --out.")
        data = data or config.load()
        saved = folder / "state.safetensors"
        training = Training(config, data, load_file(saved) if saved.exists() else None, cancelled)
        folder.mkdir(parents=True, exist_ok=True)
        if empty:
            start_folder(folder, config, command)
        about = {
            "shape": list(data.shape),
            "range": data.range,
            "classes": list(data.classes),
            "factor_names": [list(f) for f in data.factor_names],
        }
        write_json(folder / "config.json", {**read_json(folder / "config.json"), **about})
        # Lines of epochs that the state does not know are made again.
        kept = [line for line in read_metrics(folder) if line["epoch"] <= training.epoch]
        replace(folder / "metrics.jsonl", lambda p: p.write_text("".join(json.dumps(line) + "\n" for line in kept)))
        yield from _train_into(folder, training, data)
    except SafetensorError as error:
        raise LatentError(f"{folder}/state.safetensors is damaged, so this run cannot go on: start a new one.") from error
    except OSError as error:
        raise LatentError(f"{folder} cannot be written ({error.strerror or error}): free some space or choose another --out.") from error


def _unfinished(folder: Path, config: Config) -> bool:
    """Whether the folder holds a run of this recipe that was queued or has begun, and has not ended."""
    try:
        recipe = Config.from_json(read_json(folder / "config.json")["config"])
        return recipe == config and read_json(folder / "status.json").get("state") != "done"
    except (LatentError, KeyError, TypeError, AttributeError):
        return False


def _train_into(folder: Path, training: Training, data: Dataset) -> Iterator[Step | Epoch]:
    config = training.config

    def status(state: str, message: str = "") -> None:
        write_status(folder, state, training.epoch, config.epochs, message)

    status("running")
    try:
        for event in training:
            if isinstance(event, Epoch):
                line = {"epoch": event.epoch, "seconds": round(event.seconds, 3), "train_loss": event.train_loss, "test_loss": event.test_loss, **event.parts}
                with (folder / "metrics.jsonl").open("a") as file:
                    file.write(json.dumps(line) + "\n")
                # The state comes last: a crash before it means that this epoch is made again, and its line is replaced.
                replace(folder / "weights.safetensors", lambda p: save_file(rounded(training.model), p))
                replace(folder / "state.safetensors", lambda p: save_file(training.state(), p))
            yield event
    except LatentError as error:
        status("failed", str(error))
        raise
    except GeneratorExit:
        status("stopped")
        raise
    if training.epoch < config.epochs:
        status("stopped")
        return
    model = read_checkpoint(folder).model()
    arrays = {"z": codes(model, data.x_test[:MOST_CODES]).numpy()}
    if data.y_test is not None:
        arrays["y"] = data.y_test[:MOST_CODES].numpy().astype(np.int64)
    if data.factors_test is not None:
        arrays["factors"] = data.factors_test[:MOST_CODES].numpy()
    replace(folder / "codes.npz", lambda p: np.savez_compressed(p.open("wb"), **arrays))
    pca = PCA(data.x_train, model.k)
    replace(folder / "pca.safetensors", lambda p: save_file(pca.tensors(), p))
    write_json(folder / "measures.json", rounded_figures(measure(model, data, pca)))
    status("done")
    (folder / "state.safetensors").unlink(missing_ok=True)
