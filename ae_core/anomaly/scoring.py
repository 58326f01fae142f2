"""Scoring a table with a run: its own when it was trained, any other later; cleaned and generated signals."""

import contextlib
import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..base.belonging import weights_checksum
from ..base.errors import LatentError
from ..base.options import check, knobs
from ..base.owners import own
from ..data.csv.pieces import PIECE
from ..data.csv.report import beginning
from ..data.csv.resample import breaks, filled
from ..data.csv.source import SAID, Csv
from ..data.csv.table import Table
from ..data.csv.uploads import CHECKSUM_DIGITS, SCORED, UPLOAD, make_room, uploads_folder
from ..data.csv.windows import Prepared
from ..io.tables import name_list
from ..latent.geometry import prior_samples
from ..runs.checkpoint import Checkpoint, read_checkpoint
from .detection import Detection, ModelScores
from .detector import BLOCK, Detector, HeldOut, Progress, silent
from .storage import DETECTION, load_detector, save_detection, save_detector
from .stream import Sees, score_in_pieces
from .thresholds import Rule

ALWAYS = ("missing", "values", "states", "fill")  # what holds for cells, in whatever file they stand
OF_LABEL = ("label", "normal_values")  # a file to be scored often has none
# What a run is made of: another file is scored with it as it is.
OF_RUN = ("window", "stride", "normal", "max_gap_steps", "resample_seconds", "score_type", "smoothing_rows", "variance")
READING = (*(name for name in SAID if name != "columns"), "header", "day_first", "fill", "resample_seconds")


def detect(checkpoint: Checkpoint) -> None:
    """Write the detector of a run on a table, and what it says of that table, into the run's folder. Raises
    LatentError.
    """
    origin = Csv(**checkpoint.config.source)
    ready = origin.prepare()
    detector = Detector.fit(checkpoint.model(), ready, origin.max_gap_steps, origin.scoring())
    save_detector(detector, checkpoint.folder)
    save_detection(detector.score(origin.table()), checkpoint.folder / DETECTION)


def score_file(checkpoint: Checkpoint, origin: Csv, progress: Progress = silent) -> Detection:
    """Score another table with a run's detector. Its normal stretch and labels play no part in that. Raises
    LatentError.
    """
    detector, origin = matching(checkpoint, origin)
    return detector.score(origin.table(), progress)


def check_compatible(checkpoint: Checkpoint, source: dict[str, Any]) -> None:
    """LatentError where settings of the source csv, which were said for another table, contradict how this run was
    trained: it has one window, one scaling and one score.
    """
    own, fields = Csv(**checkpoint.config.source), knobs(Csv)
    window = int(checkpoint.shape[-1])
    for name in (name for name in OF_RUN if name in source):
        value, kept = check(name, source[name], fields[name]), window if name == "window" else getattr(own, name)
        if value != kept:
            raise LatentError(
                f"The run was trained with {name.replace('_', '-')} {kept or 'automatic'}, not with {value}: leave it "
                "out, or train a run with it."
            )


def score_large(
    checkpoint: Checkpoint,
    origin: Csv,
    rule: Rule,
    path: Path,
    size: int = PIECE,
    progress: Callable[[int], object] = lambda rows: None,
    sees: Sees | None = None,
) -> Detection:
    """`score_in_pieces` of a file, `size` bytes at a time. Its normal stretch and labels play no part in that. Raises
    LatentError.
    """
    detector, origin = matching(checkpoint, origin)
    return score_in_pieces(detector, origin.in_pieces(size), rule, path, progress, sees)


def matching(checkpoint: Checkpoint, origin: Csv) -> tuple[Detector, Csv]:
    """A run's detector for another table, and that table read as the detector needs it. Raises LatentError."""
    trained_on, detector = Csv(**checkpoint.config.source), load_detector(checkpoint.folder, checkpoint.model())
    if origin != trained_on:
        scores = detector.held_out
        detector = dataclasses.replace(
            detector, held_out=HeldOut(scores.network, scores.pca, independent=scores.independent)
        )
    # The run's channels, whatever they look like in this file.
    columns = origin.columns or name_list(detector.preprocessing.names)
    return detector, dataclasses.replace(read_alike(trained_on, origin), columns=columns)


def read_alike(trained_on: Csv, origin: Csv) -> Csv:
    """Another file, read as a run's own was: with every setting that was said then, but where `origin` says its own.

    What this file cannot be read with, because it has no such column or is written otherwise, is left to be found out.
    """
    alike = _with_settings(trained_on, origin, READING)
    if alike == origin or not origin.here():
        return alike
    for names in (READING, [name for name in READING if name not in OF_LABEL], ALWAYS):
        alike = _with_settings(trained_on, origin, names)
        with contextlib.suppress(LatentError):
            beginning(alike)
            return alike
    return origin


def _with_settings(trained_on: Csv, origin: Csv, names: Iterable[str]) -> Csv:
    fields = knobs(Csv)
    said = {
        name: getattr(trained_on, name)
        for name in names
        if getattr(origin, name) == fields[name].default != getattr(trained_on, name)
    }
    return dataclasses.replace(origin, **said)


def score_into(folder: Path, source: dict[str, Any], path: Path) -> Path:
    """What a worker does to score another table with a run: the file of `save_detection` at `path`, made now or before.
    Raises LatentError.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            make_room(path.parent)
            save_detection(score_file(read_checkpoint(folder), Csv(**source)), path)
    except OSError as error:
        raise LatentError(
            f"The scores cannot be kept ({error.strerror or error}): LATENT_DATA names a folder that can be written."
        ) from error
    return path


def scored_path(folder: Path, source: dict[str, Any]) -> Path:
    """Where the scores of another table by this run are kept: beside the uploads of whoever asks, because a run that
    ships is not written into.
    """
    stamp = (folder / "detector.json").stat().st_mtime_ns if (folder / "detector.json").is_file() else 0
    key = json.dumps([str(folder.resolve()), stamp, weights_checksum(folder), source], sort_keys=True)
    name = str(source.get("file", ""))
    table = Path(name).stem[-CHECKSUM_DIGITS:] if re.fullmatch(UPLOAD, name) else "file"  # it is forgotten with them
    return own(uploads_folder()) / SCORED / f"{table}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"


@torch.no_grad()
def cleaned(checkpoint: Checkpoint, origin: Csv) -> tuple[Table, np.ndarray]:
    """A table's signals as the network rebuilds them: each row is the mean of all windows that it lies in.

    origin: the run's own table, or another, which is read as that was.

    Returns:
        The table; (rows, C) in the channels' units, NaN where no complete window lies.

    Raises:
        LatentError: where a channel is missing.
    """
    detector, origin = matching(checkpoint, origin)
    model, table, own_units = detector.model, origin.table(), detector.preprocessing
    table, window = own_units.matched(table), own_units.window
    gaps, nowhere = own_units.max_gap_steps, (0, 0)
    about = (own_units.centre, own_units.spread, window, 1, nowhere, nowhere, nowhere)
    ready = Prepared(filled(table, gaps), breaks(table, gaps), *about)
    x, at = ready.view((0, len(table)), 1), ready.first_rows((0, len(table)), 1)
    sums, counts = np.zeros(table.values.shape), np.zeros(len(table))
    for start in range(0, len(x), BLOCK):
        part = model.reconstruct(x[start : start + BLOCK]).numpy()
        rows = at[start : start + BLOCK]
        for j in range(window):
            sums[rows + j] += part[:, :, j]  # within one j no row comes twice
            counts[rows + j] += 1
    mean = np.divide(sums, counts[:, None], out=np.full(sums.shape, np.nan), where=counts[:, None] > 0)
    return table, mean * own_units.spread + own_units.centre


@torch.no_grad()
def generated(
    checkpoint: Checkpoint, count: int, temperature: float = 1.0, seed: int = 0
) -> tuple[Detector, np.ndarray]:
    """Windows that the network decodes from random codes: from the prior where it has one, else from a Gaussian fitted
    to its held-out codes.

    Returns:
        The run's detector; windows (count, C, L) in the channels' units.

    Raises:
        LatentError: where the run has no detector.
    """
    model = checkpoint.model()
    detector = load_detector(checkpoint.folder, model)
    codes = None if model.bottleneck.gaussian else checkpoint.codes()["z"]
    z = np.asarray(prior_samples(model.k, count, temperature, seed, codes), np.float32)
    x = model.decode(torch.from_numpy(z)).numpy()
    own_units = detector.preprocessing
    return detector, x * own_units.spread[:, None] + own_units.centre[:, None]


def as_read(detection: Detection, origin: Csv) -> Detection:
    """With a row for each row of the file, where the table was resampled before it was scored: each has the scores of
    the moment nearest to it.
    """
    time = detection.time
    if not origin.resample_seconds or time is None:
        return detection
    table = dataclasses.replace(origin, resample_seconds=0.0).table()
    assert table.time is not None, "a table without times cannot be resampled"
    steps = np.searchsorted(time[1:] - (time[1:] - time[:-1]) // 2, table.time)
    rows = np.where(np.isnat(table.time), 0, np.minimum(steps, len(time) - 1))

    def taken(model: ModelScores) -> ModelScores:
        return ModelScores(model.x_hat[rows], model.parts[rows], model.score[rows], model.held_out)

    return dataclasses.replace(
        detection,
        values=detection.values[rows],
        network=taken(detection.network),
        pca=taken(detection.pca),
        time=table.time,
        label=table.label,
        row_error=None if detection.row_error is None else detection.row_error[rows],
        terms=None if detection.terms is None else detection.terms[rows],
    )
