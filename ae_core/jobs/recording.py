"""A training that is written down as it goes, so that a crash at any moment leaves a run that can be read and resumed."""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ..anomaly.scoring import detect
from ..base.errors import LatentError
from ..base.files import read_json, replace, write_json
from ..base.locks import holding
from ..data import Dataset
from ..model.config import Config
from ..model.metrics import binarised, codes, figures, importance_weighted_nll
from ..pca import PCA
from ..runs.checkpoint import Checkpoint, half_precision, read_checkpoint
from ..runs.records import read_config, read_measures, read_metrics, rounded_figures
from ..runs.status import BUSY, LOCK, STOP, status, write_status
from ..training import snapshots
from ..training.diagnosis import unreachable
from ..training.loop import Epoch, Step, Training

MOST_CODES = 10_000  # held-out samples kept for the map
MOST_NUMBERS = (
    48_000  # in their codes, so that long ones, of which no map shows all, are kept of fewer; but of no fewer than 500
)
PULSE = 0.5  # seconds between two words on how far an epoch is


def start_folder(folder: Path, config: Config, command: str | None = None) -> None:
    """Write what is known before the data are: the recipe."""
    write_json(folder / "config.json", {"config": config.to_json(), "command": command or config.command(folder.name)})


def train_run(
    config: Config,
    folder: str | os.PathLike,
    data: Dataset | None = None,
    cancelled: Callable[[], bool | str] = lambda: False,
    command: str | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> Iterator[Step | Epoch]:
    """Train `config` into `folder`, yielding each step and epoch; what is on disk is always a readable run.

    A folder that holds an unfinished run of the same recipe is resumed; any other that is not empty is refused, as is
    one that another process is at work on. A file called "stop" in the folder ends the training after the step it is
    making, as `cancelled` does, whose text, if it gives one, the status then says; the file is taken away. wanted:
    asked of a folder that was there, once nobody else can be at work on it; if not, nothing is done. Raises
    LatentError; what went wrong then also stands in the folder's status.
    """
    folder = Path(folder)
    with _as_one_sentence(folder), contextlib.ExitStack() as stack:
        # A lock and half a file are what is left of a run that died at once.
        begun = folder.exists() and any(path.name[0] != "." for path in folder.iterdir())
        if begun:
            if not _unfinished(folder, config):
                raise LatentError(
                    f"{folder} is not empty and holds no unfinished run of this recipe: choose another --out."
                )
            stack.enter_context(_at_work(folder))
            if not wanted():
                return
        work = _Work(config, folder, data, lambda: cancelled() or (folder / STOP).exists())
        if not begun:
            work.load()  # before anything is written: where the data cannot be had, no folder is left behind
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_at_work(folder))
            start_folder(folder, config, command)
        yield from work


def finish_run(folder: Path, samples: int = 0) -> None:
    """Measure a run that was stopped, as it is, or one anew: codes, PCA and figures, so that it can be looked at. It
    stays resumable.

    samples: for the likelihood of binarised test samples, as in `importance_weighted_nll`; it takes minutes, so 0
    leaves it out.
    """
    folder = Path(folder)
    before = status(folder)  # before the lock is ours: a run whose worker died would seem to be at work
    if before["state"] in BUSY:
        raise LatentError(f"{folder.name} is at work: stop it or let it end.")
    with _as_one_sentence(folder), _at_work(folder):
        checkpoint = read_checkpoint(folder)
        write_status(
            folder, "measuring", was=before["state"], **{name: before[name] for name in ("epoch", "epochs", "message")}
        )
        try:
            data = checkpoint.config.load()
            for _ in measuring(checkpoint, data):
                pass
            if samples:
                nll, error = importance_weighted_nll(checkpoint.model(), binarised(data.x_test), samples)
                about = {"nll_binarised": nll, "nll_binarised_standard_error": error, "nll_samples": samples}
                write_json(folder / "measures.json", {**read_measures(folder), **rounded_figures(about)})
        finally:
            write_json(folder / "status.json", before)


def measuring(checkpoint: Checkpoint, data: Dataset, pca: PCA | None = None) -> Iterator[None]:
    """Write codes.npz, pca.safetensors and measures.json of a run whose weights are there; yields now and then."""
    folder, model = checkpoint.folder, checkpoint.model()
    # Of a plane every digit is kept; of longer codes, which nobody reads off a map, half precision.
    count = min(MOST_CODES, max(500, MOST_NUMBERS // model.k))
    arrays = {"z": codes(model, *data.held_out(count)).numpy().astype(np.float32 if model.k <= 2 else np.float16)}
    if data.y_test is not None:
        arrays["y"] = data.y_test[:count].numpy().astype(np.int64)
    if data.factors_test is not None:
        arrays["factors"] = data.factors_test[:count].numpy()
    pca = pca or PCA(data.x_train, model.k)
    tensors = {**pca.tensors(), "components": pca.components.half()}  # as the weights are
    replace(folder / "pca.safetensors", lambda p: save_file(tensors, p))
    pca = PCA.from_tensors(tensors, data.shape)  # what is measured is what is kept
    found: dict[str, float | list[float]] = {}
    for part in figures(model, data, pca):
        found |= part
        yield
    write_json(folder / "measures.json", rounded_figures(found))
    if checkpoint.config.data == "csv":
        detect(read_checkpoint(folder))
        yield
    # Last, because a run that has its codes counts as one that can be shown.
    replace(folder / "codes.npz", lambda path: _save_codes(path, arrays))


def _save_codes(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with path.open("wb") as file:  # to a path NumPy would add its own ending
        np.savez_compressed(file, **arrays)


class _Work:
    """One training and the folder it fills; iterating does it."""

    def __init__(self, config: Config, folder: Path, data: Dataset | None, cancelled: Callable[[], bool | str]):
        self.config, self.folder, self.data, self.cancelled = config, folder, data, cancelled
        self.training: Training | None = None
        self.told = 0.0  # when the status was last written
        self.pace: tuple[float, int] | None = None  # when this process made its first step, and which

    def load(self) -> None:
        """Data, PCA beside, and the training where it was; each takes a while, so a wish to stop is heard between them
        and leaves no training.
        """
        try:
            state = load_file(self.folder / "state.safetensors")
        except FileNotFoundError:
            state = None
        except SafetensorError as error:
            raise LatentError(
                f"{self.folder / 'state.safetensors'} is damaged, so this run cannot go on: start a new one."
            ) from error
        self.data = self.data or self.config.load(self._fetched)
        if self.cancelled():
            return
        try:
            self.pca = PCA.from_tensors(load_file(self.folder / "pca.safetensors"), self.data.shape)
        except (
            OSError,
            SafetensorError,
            KeyError,
            ValueError,
            TypeError,
            RuntimeError,
        ):  # there is none yet, or it is damaged
            self.pca = PCA(self.data.x_train, self.config.k)
        if self.cancelled():
            return
        self.training = Training(self.config, self.data, state, self.cancelled, self.pca)

    def _fetched(self, file: str, done: int, total: int) -> None:
        """Say how far a download is, where there is a folder to say it in."""
        if self.folder.exists() and time.monotonic() - self.told > PULSE:
            self.tell("running", f"Fetching {file}: {done / 1e6:.1f} of {total / 1e6:.1f} MB")

    def tell(self, state: str, message: str = "", event: Step | None = None) -> None:
        """Write the status; with a step also how far the epoch is, how fast it goes and how long it may still take."""
        training = self.training
        about = {
            "epoch": training.epoch if training else len(read_metrics(self.folder)),
            "epochs": self.config.epochs,
            "message": message,
            "pid": os.getpid(),
        }
        if event is not None:
            done = training.epoch * event.steps + event.step
            began, before = self.pace = self.pace or (time.monotonic(), done - 1)
            seconds = (time.monotonic() - began) / max(
                1, done - 1 - before
            ) or training.seconds / done  # evaluation and writing included
            about |= {
                "step": event.step,
                "steps": event.steps,
                "rate": round(len(self.data.x_train) / event.steps / seconds, 1),
            }
            about["left"] = round(seconds * (self.config.epochs * event.steps - done), 1)
        write_status(self.folder, state, **about)
        self.told = time.monotonic()

    def __iter__(self) -> Iterator[Step | Epoch]:
        try:
            self.tell("running")
            if self.training is None:
                self.load()
            if self.training is not None:
                self._begin()
            for event in self.training or ():
                if isinstance(event, Epoch):
                    self._keep(event)
                    self.told = 0.0
                elif time.monotonic() - self.told > PULSE:
                    self.tell("running", event=event)
                yield event
            if self.training is not None and self.training.epoch == self.config.epochs:
                self.tell("measuring")
                for _ in measuring(read_checkpoint(self.folder), self.data, self.pca):
                    if self.cancelled():
                        break
                else:
                    self.tell("done")
                    (self.folder / "state.safetensors").unlink(missing_ok=True)
                    return
            why = self.cancelled()
            (self.folder / STOP).unlink(missing_ok=True)  # it has had its effect: whoever goes on shall not meet it
            self.tell("stopped", why if isinstance(why, str) else "")
        except (GeneratorExit, KeyboardInterrupt):
            self.tell("stopped")
            raise
        except (LatentError, OSError, SafetensorError) as error:
            with contextlib.suppress(OSError):  # a full disk may have no room for the reason
                self.tell("failed", str(_sentence(error, self.folder)))
            raise

    def _begin(self) -> None:
        """What is written once the data are known."""
        folder, data, training = self.folder, self.data, self.training
        for half in folder.rglob(".*.safetensors.*"):  # of a process that was killed as it wrote
            half.unlink(missing_ok=True)
        about = {
            "shape": list(data.shape),
            "range": data.range,
            "classes": list(data.classes),
            "factor_names": [list(f) for f in data.factor_names],
            "unreachable": unreachable(training.model.output, data.x_train),
        }
        write_json(folder / "config.json", {**read_json(folder / "config.json"), **about})
        replace(folder / "pca.safetensors", lambda p: save_file(self.pca.tensors(), p))
        # Lines and snapshots of epochs that the state does not know are made again.
        kept = [line for line in read_metrics(folder) if line["epoch"] <= training.epoch]
        replace(folder / "metrics.jsonl", lambda p: p.write_text("".join(json.dumps(line) + "\n" for line in kept)))
        self.samples = snapshots.begin(folder, data, self.config.k, self.pca)
        snapshots.forget(folder, training.epoch)

    def _keep(self, event: Epoch) -> None:
        """An epoch's line, snapshot, weights and state. The state comes last: a crash before it means that the epoch is
        made again.
        """
        folder, training = self.folder, self.training
        # Weights that half precision cannot hold end the training before anything of the last good epoch is replaced.
        weights = half_precision(training.model)
        taken, beside = snapshots.take(training.model, self.samples)
        line = {
            "epoch": event.epoch,
            "seconds": round(event.seconds, 3),
            "train_loss": event.train_loss,
            "test_loss": event.test_loss,
        }
        with (folder / "metrics.jsonl").open("a") as file:
            file.write(json.dumps({**line, **event.parts, **beside}) + "\n")
        snapshots.keep(folder, event.epoch, taken)
        replace(folder / "weights.safetensors", lambda p: save_file(weights, p))
        replace(folder / "state.safetensors", lambda p: save_file(training.state(), p))


def _unfinished(folder: Path, config: Config) -> bool:
    """Whether the folder holds a run of this recipe that was queued or has begun, and has not ended."""
    try:
        return read_config(folder) == config and status(folder)["state"] != "done"
    except LatentError:
        return False


@contextlib.contextmanager
def _at_work(folder: Path) -> Iterator[None]:
    with holding(folder / LOCK) as mine:
        if not mine:
            raise LatentError(f"{folder} is being trained by another process: let it end, or stop it.")
        yield


@contextlib.contextmanager
def _as_one_sentence(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, SafetensorError) as error:
        raise _sentence(error, folder) from error


def _sentence(error: Exception, folder: Path) -> LatentError:
    if isinstance(error, LatentError):
        return error
    reason = getattr(error, "strerror", None) or error
    return LatentError(
        f"{folder} cannot be written ({reason}): free some space or choose another --out. What was kept before is whole."
    )
