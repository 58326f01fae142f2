"""A training that is written down as it goes: a crash at any moment leaves a run that can be read and resumed."""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from ..anomaly.scoring import detect
from ..base.belonging import CHECKSUM, forget_measured, weights_checksum
from ..base.errors import LatentError
from ..base.files import read_json, read_tensors, reading, replace, write_json
from ..base.locks import holding
from ..data import Dataset
from ..data._own import as_recorded
from ..model.config import Config
from ..model.metrics import ask_measuring, binarised, codes, figures, importance_weighted_nll
from ..pca import PCA
from ..runs.card import write_card
from ..runs.checkpoint import Checkpoint, half_precision, read_checkpoint
from ..runs.classifier import is_wanted, save_run_classifier
from ..runs.layout import LAYOUT, read_layout
from ..runs.records import DATA_CHECKSUM, check_data, read_config, read_measures, read_metrics, rounded_figures
from ..runs.status import BUSY, LOCK, STOP, changing, status, write_status
from ..training import snapshots
from ..training.diagnosis import unreachable
from ..training.loop import Epoch, Step, Training
from ..training.threads import fit_threads

MAX_CODES = 10_000  # held-out samples kept for the map
# In their codes, so that long ones, of which no map shows all, are kept of fewer; but of no fewer than 500
MAX_CODE_VALUES = 48_000
PULSE = 0.5  # seconds between two words on how far an epoch is
LOOK_SECONDS = 1.0  # at most as often it is asked whether there are more threads or fewer


def start_folder(folder: Path, config: Config, command: str | None = None) -> None:
    """Write what is known before the data are: the recipe."""
    write_json(folder / "config.json", {"config": config.to_json(), "command": command or config.command(folder.name)})


def metric_line(figures: Mapping[str, float]) -> str:
    """An epoch's line of metrics.jsonl."""
    return json.dumps(figures) + "\n"


def train_run(
    config: Config,
    folder: str | os.PathLike,
    data: Dataset | None = None,
    cancelled: Callable[[], bool | str] = lambda: False,
    command: str | None = None,
    wanted: Callable[[], bool] = lambda: True,
    threads: Callable[[], int] = torch.get_num_threads,
) -> Iterator[Step | Epoch]:
    """Train `config` into `folder`, yielding each step and epoch; what is on disk is always a readable run.

    A folder that holds an unfinished run of the same recipe is resumed; any other that is not empty is refused, as is
    one that another process is at work on. A file called "stop" in the folder ends the training after the step it is
    making, as `cancelled` does, whose text, if it gives one, the status then says; the file is taken away. wanted:
    asked of a folder that was there, once nobody else can be at work on it; if not, nothing is done. threads: as many
    as it may use, asked before the first step and after epochs; fewer are used where more do not pay.

    data: what the recipe names, where it is loaded already; any other dataset is written down as `own`, with a checksum
    (see data/_own.py), and its run goes on only with the same tensors.

    Raises LatentError; what went wrong then also stands in the folder's status.
    """
    folder = Path(folder)
    if data is not None:
        config = as_recorded(config, data)
    with _as_one_sentence(folder), contextlib.ExitStack() as stack:
        # A lock and half a file are what is left of a run that died at once.
        is_there = folder.exists() and any(path.name[0] != "." for path in folder.iterdir())
        if is_there:
            if not _unfinished(folder, config):
                raise LatentError(
                    f"{folder} is not empty and holds no unfinished run of this recipe: choose another --out."
                )
            stack.enter_context(_at_work(folder))
            if not wanted():
                return
        work = _Work(config, folder, data, lambda: cancelled() or (folder / STOP).exists(), threads)
        if not is_there:
            work.load()  # before anything is written: where the data cannot be had, no folder is left behind
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_at_work(folder))
            start_folder(folder, config, command)
        yield from work


def finish_run(folder: str | os.PathLike, samples: int = 0, data: Dataset | None = None) -> None:
    """Measure a run that was stopped, as it is, or one anew: codes, PCA and figures, so that it can be looked at. It
    stays resumable.

    samples: for the likelihood of binarised test samples, as in `importance_weighted_nll`; it takes minutes, so 0
    leaves it out.
    data: of a run whose data are `own`, the tensors that it was trained on; of others, what the recipe names is loaded.

    Raises LatentError, and leaves what was measured as it is, where the data cannot be found again or are others.
    """
    folder = Path(folder)
    before = status(folder)  # before the lock is ours: a run whose worker died would seem to be at work
    if before["state"] in BUSY:
        raise LatentError(f"{folder.name} is at work: stop it or let it end.")
    with _as_one_sentence(folder), _at_work(folder):
        checkpoint = read_checkpoint(folder)
        data = checkpoint.data(data)
        ask_measuring(data, checkpoint.config.k)
        with changing(folder) as now:
            if now["state"] == "queued" != before["state"]:  # somebody has just resumed it, which comes first
                raise LatentError(f"{folder.name} is at work: stop it or let it end.")
            kept = {name: before[name] for name in ("epoch", "epochs", "message")}
            write_status(folder, "measuring", was=before["state"], **kept)
        try:
            for _ in measuring(checkpoint, data):
                pass
            if samples:
                nll, error = importance_weighted_nll(checkpoint.model(), binarised(data.x_test), samples, y=data.y_test)
                about: dict[str, float | list[float]] = {
                    "nll_binarised": nll,
                    "nll_binarised_standard_error": error,
                    "nll_samples": samples,
                }
                measures = {**read_measures(folder), **rounded_figures(about), CHECKSUM: weights_checksum(folder)}
                write_json(folder / "measures.json", measures)
        finally:
            with changing(folder) as now:
                if now["state"] == "measuring":  # else it was resumed meanwhile, and waits for this to end
                    write_json(folder / "status.json", before)


def measuring(checkpoint: Checkpoint, data: Dataset, pca: PCA | None = None) -> Iterator[None]:
    """Write codes.npz, pca.safetensors and measures.json of a run whose weights are there; yields now and then."""
    folder, made_from = checkpoint.folder, weights_checksum(checkpoint.folder)
    model = checkpoint.model()
    # Of a plane every digit is kept; of longer codes, which nobody reads off a map, half precision.
    count = min(MAX_CODES, max(500, MAX_CODE_VALUES // model.k))
    arrays = {"z": codes(model, *data.held_out(count)).numpy().astype(np.float32 if model.k <= 2 else np.float16)}
    arrays[CHECKSUM] = np.array(made_from)
    if data.y_test is not None:
        arrays["y"] = data.y_test[:count].numpy().astype(np.int64)
    if data.factors_test is not None:
        arrays["factors"] = data.factors_test[:count].numpy()
    pca = pca or PCA(data.x_train, model.k)
    tensors = {**pca.tensors(), "components": pca.components.half()}  # as the weights are
    replace(folder / "pca.safetensors", lambda p: save_file(tensors, p))
    pca = PCA.from_tensors(tensors, data.shape)  # what is measured is what is kept
    measures: dict[str, float | list[float]] = {}
    for part in figures(model, data, pca):
        measures |= part
        yield
    write_json(folder / "measures.json", {**rounded_figures(measures), CHECKSUM: made_from})
    if checkpoint.config.data == "csv":
        detect(read_checkpoint(folder))
        yield
    if is_wanted(checkpoint, data):
        save_run_classifier(checkpoint, data)
        yield
    write_card(read_checkpoint(folder))
    # Last, because a run that has its codes counts as one that can be shown.
    replace(folder / "codes.npz", lambda path: _save_codes(path, arrays))


def _save_codes(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with path.open("wb") as file:  # to a path NumPy would add its own ending
        np.savez_compressed(file, allow_pickle=False, **arrays)


class _Progress:
    """Says in a run's status how far it is, and not too often."""

    def __init__(self, folder: Path, epochs: int):
        self.folder, self.epochs = folder, epochs
        self._written = 0.0  # when the status was last written
        self._pace: tuple[float, int] | None = None  # when this process made its first step, and which

    @property
    def due(self) -> bool:
        """Whether the status was written a while ago."""
        return time.monotonic() - self._written > PULSE

    def fetched(self, file: str, done: int, total: int) -> None:
        """Say how far a download is, where there is a folder to say it in."""
        if self.folder.exists() and self.due:
            self.tell("running", message=f"Fetching {file}: {done / 1e6:.1f} of {total / 1e6:.1f} MB")

    def tell(self, state: str, epoch: int | None = None, message: str = "", **pace: float) -> None:
        """Write the status. epoch: the last one that was made; None: as many as metrics.jsonl has lines."""
        epoch = len(read_metrics(self.folder)) if epoch is None else epoch
        about = {"epoch": epoch, "epochs": self.epochs, "message": message, "pid": os.getpid()}
        write_status(self.folder, state, **about, **pace)
        self._written = time.monotonic()

    def tell_layout(self) -> None:
        """Say that neighbours are looked for, where there is a folder to say it in."""
        if self.folder.exists():
            self.tell("running", message="Finding neighbours and laying them out")

    def tell_step(self, event: Step, training: Training, samples: int) -> None:
        """Write how far the epoch is, how fast it goes and how long all of them may still take."""
        done = training.epoch * event.steps + event.step
        began, before = self._pace = self._pace or (time.monotonic(), done - 1)
        # Evaluation and writing included.
        seconds = (time.monotonic() - began) / max(1, done - 1 - before) or training.seconds / done
        self.tell(
            "running",
            training.epoch,
            step=event.step,
            steps=event.steps,
            rate=round(samples / event.steps / seconds, 1),
            left=round(seconds * (self.epochs * event.steps - done), 1),
        )

    def let_next_step_tell(self) -> None:
        """After an epoch: what the status says of it is past."""
        self._written = 0.0


class _Recorder:
    """A training, once its data are known, and what is written of it."""

    def __init__(self, folder: Path, data: Dataset, training: Training, pca: PCA):
        self.folder, self.data, self.training, self.pca = folder, data, training, pca

    def begin(self) -> None:
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
            **({DATA_CHECKSUM: data.checksum} if data.checksum else {}),
            **({"display": data.display.to_json()} if data.display else {}),
            "made_with": training.made_with(),
        }
        write_json(folder / "config.json", {**read_json(folder / "config.json"), **about})
        replace(folder / "pca.safetensors", lambda p: save_file(self.pca.tensors(), p))
        if training.layout is not None:
            layout = training.layout.tensors()
            replace(folder / LAYOUT, lambda p: save_file(layout, p))
        # Lines and snapshots of epochs that the state does not know are made again.
        kept = [line for line in read_metrics(folder) if line["epoch"] <= training.epoch]
        replace(folder / "metrics.jsonl", lambda p: p.write_text("".join(map(metric_line, kept))))
        self.samples = snapshots.begin(folder, data, training.config.k, self.pca)
        snapshots.forget(folder, training.epoch)
        if training.epoch == 0:  # the film begins before the training does
            snapshots.keep(folder, 0, snapshots.take(training.model, self.samples)[0])

    def keep(self, event: Epoch) -> None:
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
            file.write(metric_line({**line, **event.parts, **beside}))
        forget_measured(folder)  # of a run that was stopped and measured: it does not belong to what comes now
        replace(folder / "weights.safetensors", lambda p: save_file(weights, p))
        snapshots.keep(folder, event.epoch, taken)
        replace(folder / "state.safetensors", lambda p: save_file(training.state(), p))


class _Work:
    """One training and the folder it fills; iterating does it."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        data: Dataset | None,
        cancelled: Callable[[], bool | str],
        threads: Callable[[], int],
    ):
        self.config, self.folder, self.data, self.cancelled, self.threads = config, folder, data, cancelled, threads
        self.progress = _Progress(folder, config.epochs)
        self.recorder: _Recorder | None = None

    def load(self) -> None:
        """Data, PCA beside, and the training where it was; each takes a while, so a wish to stop is heard between them
        and leaves no training.
        """
        path = self.folder / "state.safetensors"
        state = None
        if path.exists():
            with reading(path, "state of this run", advice="this run cannot go on, start a new one"):
                state = read_tensors(path)
        data = self.data = self.data or self.config.load(self.progress.fetched)
        if state is not None:
            check_data(self.folder, data.checksum)
        if self.cancelled():
            return
        path = self.folder / "pca.safetensors"
        try:
            with reading(path, "PCA of these data"):
                pca = PCA.from_tensors(read_tensors(path), data.shape)
        except LatentError:  # there is none yet, or it is damaged
            pca = PCA(data.x_train, self.config.k)
        if self.cancelled():
            return
        layout = None
        if self.config.row.penalty.needs_places:
            self.progress.tell_layout()
            layout = read_layout(self.folder / LAYOUT, len(data.x_train), len(data.x_test))
        training = Training(self.config, data, state, lambda: bool(self.cancelled()), pca, layout)
        ask_measuring(data, self.config.k)  # now, not when all epochs are made
        self.recorder = _Recorder(self.folder, data, training, pca)

    @property
    def epoch(self) -> int | None:
        """The last epoch that was made; None before the training is loaded."""
        return self.recorder.training.epoch if self.recorder else None

    def __iter__(self) -> Iterator[Step | Epoch]:
        try:
            self.progress.tell("running", self.epoch)
            if self.recorder is None:
                self.load()
            if self.recorder is not None:
                yield from self._train(self.recorder)
                if self.epoch == self.config.epochs and self._measure(self.recorder):
                    return
            reason = self.cancelled()
            (self.folder / STOP).unlink(missing_ok=True)  # it has had its effect: whoever goes on shall not meet it
            self.progress.tell("stopped", self.epoch, reason if isinstance(reason, str) else "")
        except (GeneratorExit, KeyboardInterrupt):
            self.progress.tell("stopped", self.epoch)
            raise
        except (LatentError, OSError, SafetensorError) as error:
            with contextlib.suppress(OSError):  # a full disk may have no room for the reason
                self.progress.tell("failed", self.epoch, str(_sentence(error, self.folder)))
            raise

    def _train(self, recorder: _Recorder) -> Iterator[Step | Epoch]:
        most, looked = self.threads(), time.monotonic()
        self._fit_threads(recorder.training, most)
        recorder.begin()
        samples = len(recorder.data.x_train)
        for event in recorder.training:
            if isinstance(event, Epoch):
                recorder.keep(event)
                self.progress.let_next_step_tell()
                if time.monotonic() - looked > LOOK_SECONDS:
                    before, most, looked = most, self.threads(), time.monotonic()
                    if most != before:
                        self._fit_threads(recorder.training, most)
            elif self.progress.due:
                self.progress.tell_step(event, recorder.training, samples)
            yield event

    def _fit_threads(self, training: Training, most: int) -> None:
        some = torch.arange(min(self.config.batch_size, len(training.x)))
        y = None if training.y is None else training.y[some]
        places = training.places_of(some.to(training.device))
        fit_threads(lambda x: training.model.losses(x, training.generator(1), y, places), training.x[some], most)

    def _measure(self, recorder: _Recorder) -> bool:
        """Measure a run that has all of its epochs; whether that was not stopped, so that it is done."""
        self.progress.tell("measuring", self.epoch)
        for _ in measuring(read_checkpoint(self.folder), recorder.data, recorder.pca):
            if self.cancelled():
                return False
        self.progress.tell("done", self.epoch)
        (self.folder / "state.safetensors").unlink(missing_ok=True)
        return True


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
        f"{folder} cannot be written ({reason}): free some space or choose another --out. "
        "What was kept before is whole."
    )
