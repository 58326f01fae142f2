"""From a table to scores and back to files: a recipe that suits it, a detector beside each run on a table, and what is
written of it.
"""

import csv
import dataclasses
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from pyarrow.csv import WriteOptions, write_csv

from ..base.errors import LatentError
from ..base.files import replace
from ..base.owners import own
from ..data.csv.source import (
    PIECE,
    Csv,
    Prepared,
    Table,
    breaks,
    filled,
    make_room,
    prepared,
    safe_cell,
    span,
    uploads_folder,
)
from ..latent.geometry import prior_samples
from ..model.config import Config
from ..runs.folder import DAMAGED, Checkpoint, read_checkpoint
from .detector import ROWS, Detection, Detector
from .metrics import at_threshold, auc_pr, best_level, events, vus_pr
from .thresholds import HISTORY, LIMITS, Rule, Stretch, expected_alarms, flags, level, levels, stretches

STEPS = 500  # of training, for small tables; large ones get three passes at least
FEWEST_NUMBERS, MOST_NUMBERS = 2, 64  # in the code of a proposed recipe
DETECTION = "detection.npz"
# numbers of a large file that are scored at once: what a detector holds beside them is many times as much
AT_ONCE = 2_000_000
Progress = Callable[[float], None]


def recipe(table: Table, source: dict[str, Any], variant: str = "nested", **settings: Any) -> Config:
    """A recipe for the table that the knobs `source` of the source csv name; settings: whatever shall be otherwise.
    Raises LatentError.
    """
    knobs = {name: source[name] for name in ("window", "stride", "normal", "bridge") if name in source}
    ready = prepared(table, **knobs)
    count = len(ready.windows(ready.train, healthy=True)[0])
    size = ready.window * len(table.names)
    batch = int(settings.get("batch_size") or max(1, min(64 if count < 5000 else 256, count)))
    plain = {
        "k": max(
            1,
            min(
                MOST_NUMBERS if variant == "nested" else max(FEWEST_NUMBERS, size // 8),
                size - 1 or 1,
                max(1, count - 1),
            ),
        ),
        "hidden": (64,) if count < 5000 else (256, 128),
        "batch_size": batch,
        "epochs": int(np.clip(round(STEPS * batch / max(count, 1)), 3, 100)),
        "keep": "best",
        "lr": 1e-4 if count < 5000 else 5e-4,  # few windows: a network that moves far from PCA learns them by heart
    }
    if variant == "linear":
        plain["hidden"] = ()
    return Config(data="csv", variant=variant, source=source, **(plain | settings))


def detect(checkpoint: Checkpoint) -> None:
    """Write the detector of a run on a table, and what it says of that table, into the run's folder. Raises
    LatentError.
    """
    origin = Csv(**checkpoint.config.source)
    ready = origin.prepare()
    detector = Detector.fit(checkpoint.model(), ready, origin.bridge, origin.scoring())
    detector.save(checkpoint.folder)
    save(detector.score(origin.table()), checkpoint.folder / DETECTION)


def score_file(checkpoint: Checkpoint, origin: Csv, progress: Progress = lambda share: None) -> Detection:
    """Score another table with a run's detector. Its normal stretch and labels play no part in that. Raises
    LatentError.
    """
    detector, origin = _matching(checkpoint, origin)
    return detector.score(origin.table(), progress)


def _matching(checkpoint: Checkpoint, origin: Csv) -> tuple[Detector, Csv]:
    """A run's detector for another table, and that table read as the detector needs it."""
    own, detector = Csv(**checkpoint.config.source), Detector.load(checkpoint.folder, checkpoint.model())
    if origin != own:
        detector = dataclasses.replace(detector, normal=(0, 0), held=(0, 0))
    # The run's channels, whatever they look like in this file, and what it took for missing.
    names = _lines([detector.names]).rstrip("\n")
    return detector, dataclasses.replace(origin, columns=origin.columns or names, missing=origin.missing or own.missing)


def score_large(
    checkpoint: Checkpoint,
    origin: Csv,
    rule: Rule,
    path: Path,
    size: int = PIECE,
    progress: Callable[[int], None] = lambda rows: None,
) -> Detection:
    """`score_in_pieces` of a file, `size` bytes at a time. Its normal stretch and labels play no part in that. Raises
    LatentError.
    """
    detector, origin = _matching(checkpoint, origin)
    return score_in_pieces(detector, origin.in_pieces(size), rule, path, progress)


def score_in_pieces(
    detector: Detector,
    tables: Iterable[Table],
    rule: Rule,
    path: Path,
    progress: Callable[[int], None] = lambda rows: None,
) -> Detection:
    """Score tables that follow on each other as if they were one, with the same floats, and write `scores_csv` of it;
    half a file is never seen.

    The detection has what `findings` and `summary` look at: the parts in float32, PCA's as one column; the signals and
    the map are left out.
    progress: told how many rows have just been done. Raises LatentError.
    """
    kept: list[Detection] = []
    nothing = np.empty((0, len(detector.names)), np.float32)

    def write(beside: Path) -> None:
        with beside.open("w", encoding="utf-8") as file:
            for found, threshold in _scored(detector, tables, rule):
                file.write(_scores_csv(found, threshold, head=not kept))
                short = {"parts": found.parts.astype(np.float32), "pca_parts": found.pca_score[:, None]}
                kept.append(dataclasses.replace(found, values=nothing, x_hat=nothing, pca_hat=nothing, **short))
                progress(len(found.score))

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, write)
    except OSError as error:
        raise LatentError(f"{path} cannot be written ({error.strerror or error}): choose another --out.") from error
    whole = {
        name: [getattr(part, name) for part in kept]
        for name in ("time", "label", "parts", "pca_parts", "score", "pca_score")
    }
    return dataclasses.replace(
        kept[-1], **{name: None if part[0] is None else np.concatenate(part) for name, part in whole.items()}
    )


def _scored(detector: Detector, tables: Iterable[Table], rule: Rule) -> Iterator[tuple[Detection, np.ndarray]]:
    """(detection, threshold (rows,)) of one stretch of rows after the other, from the first that has a score."""
    past, before, done, most = None, np.empty(0), 0, max(1, AT_ONCE // len(detector.names))
    for table in tables:
        for start in range(0, len(table), most):
            found, past = detector.score_next(table.rows(slice(start, start + most)), past)
            if not len(found.score):
                continue
            score = np.concatenate([before, found.score])
            yield found, levels(score, found.held_score, rule)[len(before) :]
            done += len(found.score)
            before = score[-(HISTORY + done % (HISTORY // 32)) :]  # the rolling rule looks back from every 16th row
    if not done:
        raise detector.no_window(past.table)


def score_into(folder: Path, source: dict[str, Any], path: Path) -> Path:
    """What a worker does to score another table with a run: the file of `save` at `path`, made now or before. Raises
    LatentError.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            make_room(path.parent)
            save(score_file(read_checkpoint(folder), Csv(**source)), path)
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
    digest = hashlib.sha256(json.dumps([str(folder.resolve()), stamp, source], sort_keys=True).encode()).hexdigest()[
        :16
    ]
    return own(uploads_folder()) / "scored" / f"{digest}.npz"


@torch.no_grad()
def cleaned(checkpoint: Checkpoint, origin: Csv) -> tuple[Table, np.ndarray]:
    """(the table; (rows, C) the same signals as the network rebuilds them, in their units): each row is the mean of all
    windows that it lies in.

    NaN where no whole window lies. Raises LatentError.
    """
    model, table = checkpoint.model(), origin.table()
    detector = Detector.load(checkpoint.folder, model)
    table = detector.matched(table)
    ready = Prepared(
        filled(table, detector.bridge),
        breaks(table, detector.bridge),
        detector.centre,
        detector.spread,
        detector.window,
        1,
        (0, 0),
        (0, 0),
        (0, 0),
    )
    x, at = ready.windows((0, len(table)), 1)
    sums, counts = np.zeros(table.values.shape), np.zeros(len(table))
    for start in range(0, len(x), ROWS):
        part = model.reconstruct(torch.from_numpy(np.ascontiguousarray(x[start : start + ROWS]))).numpy()
        rows = at[start : start + ROWS]
        for j in range(detector.window):
            sums[rows + j] += part[:, :, j]  # within one j no row comes twice
            counts[rows + j] += 1
    mean = np.divide(sums, counts[:, None], out=np.full(sums.shape, np.nan), where=counts[:, None] > 0)
    return table, mean * detector.spread + detector.centre


@torch.no_grad()
def generated(
    checkpoint: Checkpoint, count: int, temperature: float = 1.0, seed: int = 0
) -> tuple[Detector, np.ndarray]:
    """(the run's detector, windows (count, C, L) in the channels' units) that the network makes of random codes.

    From the prior where it has one, else from a Gaussian fitted to its held-out codes. Raises LatentError.
    """
    model = checkpoint.model()
    detector = Detector.load(checkpoint.folder, model)
    codes = None if model.bottleneck.gaussian else checkpoint.codes()["z"]
    x = model.decode(
        torch.from_numpy(np.asarray(prior_samples(model.k, count, temperature, seed, codes), np.float32))
    ).numpy()
    return detector, x * detector.spread[:, None] + detector.centre[:, None]


def cleaned_csv(table: Table, signal: np.ndarray) -> str:
    """A line for each row: time, then each channel as it was and cleaned."""
    each = zip(table.names, table.values.T, signal.T, strict=True)
    return _table_csv(
        table.time,
        [
            (safe_cell(name + end), column)
            for name, raw, clean in each
            for end, column in (("", raw), (" cleaned", clean))
        ],
    )


def windows_csv(names: tuple[str, ...], x: np.ndarray) -> str:
    """A line for each row of each window of x (N, C, L): window and row, from 0, then the channels."""
    heads = ["window", "row", *map(safe_cell, names)]
    return _lines(
        [heads], ([n, t, *(f"{v:.7g}" for v in x[n, :, t])] for n in range(len(x)) for t in range(x.shape[2]))
    )


def as_read(found: Detection, origin: Csv) -> Detection:
    """With a row for each row of the file, where the table was resampled before it was scored: each has the scores of
    the moment nearest to it.
    """
    if not origin.every:
        return found
    table = dataclasses.replace(origin, every=0.0).table()
    steps = np.searchsorted(found.time[1:] - (found.time[1:] - found.time[:-1]) // 2, table.time)
    rows = np.where(np.isnat(table.time), 0, np.minimum(steps, len(found.time) - 1))
    taken = {
        name: getattr(found, name)[rows]
        for name in ("values", "x_hat", "pca_hat", "parts", "pca_parts", "score", "pca_score")
    }
    return dataclasses.replace(found, **taken, time=table.time, label=table.label)


def save(detection: Detection, path: Path) -> None:
    """Write all of it into one file; half a file is never seen."""
    plain = {f.name: getattr(detection, f.name) for f in dataclasses.fields(Detection)}
    arrays = {name: value for name, value in plain.items() if isinstance(value, np.ndarray)}
    for name in ("parts", "pca_parts"):
        arrays[name] = arrays[name].astype(np.float32)
    about = {name: value for name, value in plain.items() if not isinstance(value, np.ndarray)}

    def write(part: Path) -> None:
        with part.open("wb") as file:
            np.savez(file, about=np.array(json.dumps(about)), **arrays)

    replace(path, write)


def load(path: Path) -> Detection:
    """What `save` wrote. Raises LatentError where it is not there or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            if (
                sum(part.file_size for part in archive.infolist()) > 8 * path.stat().st_size
            ):  # `save` packs nothing, and numbers hardly shrink
                raise ValueError
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files if name != "about"}
            found |= {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in json.loads(str(file["about"])).items()
            }
        detection = Detection(**found)
        if not _is_whole(detection):
            raise ValueError
        return detection
    except (*DAMAGED, AttributeError, RecursionError) as error:
        raise LatentError(
            f"The scores in {path.parent.name} are not there or damaged: score the file again."
        ) from error


def _is_whole(found: Detection) -> bool:
    """Whether everything in a detection has the type and the size that it should."""
    rows, channels, places = len(found.score), len(found.names), len(found.at)
    table, row, place = (rows, channels), (rows,), (places,)
    wanted = dict.fromkeys(("values", "x_hat", "pca_hat", "parts", "pca_parts"), (table, "f")) | dict.fromkeys(
        ("score", "pca_score"), (row, "f")
    )
    wanted |= {"held_score": (found.held_score.shape[:1], "f"), "pca_held": (found.pca_held.shape[:1], "f")}
    wanted |= {
        "at": (place, "i"),
        "cluster": (place, "i"),
        "z": ((places, 2), "f"),
        "time": (row, "M"),
        "label": (row, "b"),
    }
    arrays = {
        name: array for name in wanted if (array := getattr(found, name)) is not None or name not in ("time", "label")
    }
    numbers = (*found.normal, *found.held, found.window, found.kept)
    return (
        rows > 0
        and channels > 0
        and len(found.units) == channels
        and all((array.shape, array.dtype.kind) == wanted[name] for name, array in arrays.items())
        and not any(np.isinf(array).any() for name, array in arrays.items() if wanted[name][1] == "f")
        and bool(
            np.isfinite(found.z).all() and np.isfinite(found.held_score).any() and np.isfinite(found.pca_held).any()
        )
        and len(found.normal) == len(found.held) == 2
        and all(type(n) is int and 0 <= n < 2**53 for n in numbers)
        and all(isinstance(text, str) for text in (*found.names, *found.units))
        and (found.step is None or 0 < found.step < float("inf"))
    )


@dataclasses.dataclass(frozen=True)
class Findings:
    """What a threshold makes of a detection. threshold: (rows,); flagged: bool (rows,); alarms: expected on normal
    data, in `per`; figures: with labels.
    """

    threshold: np.ndarray
    flagged: np.ndarray
    stretches: list[Stretch]
    alarms: float
    per: str
    figures: dict[str, float]


def findings(found: Detection, rule: Rule, pca: bool = False) -> Findings:
    """The stretches above a threshold, of the network's scores or PCA's. Raises LatentError."""
    score, parts, held = (
        (found.pca_score, found.pca_parts, found.pca_held) if pca else (found.score, found.parts, found.held_score)
    )
    threshold = levels(score, held, rule)
    flagged = flags(score, threshold)
    each = stretches(score, flagged, parts, found.window)
    # Alarms are counted on the run's own held-out rows, in the table at hand or not.
    calm = flags(held, levels(held, held, rule))
    quiet = stretches(held, calm, np.zeros((len(held), 1)), found.window)
    alarms, per = expected_alarms(quiet, (0, len(held)), found.step)
    figures: dict[str, float] = {}
    known = np.isfinite(score)
    if found.label is not None and 0 < found.label[known].sum() < known.sum():
        counts, hits = at_threshold(flagged, found.label), events(each, found.label)
        figures = {
            "auc_pr": auc_pr(score, found.label),
            "vus_pr": vus_pr(score, found.label),
            "precision": counts.precision,
            "recall": counts.recall,
        }
        figures |= {
            "labelled_stretches": hits.labelled,
            "found_stretches": hits.found,
            "false_alarms": hits.false_alarms,
        }
    return Findings(threshold, flagged, each, alarms, per, figures)


def calibrated(found: Detection, rows: tuple[int, int] | None = None) -> tuple[Rule, float]:
    """(the rule whose threshold has the best F1 by row, 2 · precision · recall / (precision + recall), against the
    labels; that F1).

    rows: (first, after the last) of the stretch that counts; None: all. The level itself is no rule, for it would mean
    nothing to another run: what comes is "robust", so many robust standard deviations above the median of the held-out
    normal scores. Raises LatentError where the rows are all of one kind.
    """
    if found.label is None:
        raise LatentError("The file has no labels to calibrate on: choose its label column when you open it.")
    part = slice(*(rows or (0, len(found.score))))
    score, label = found.score[part], found.label[part]
    best = best_level(score, label)
    base, unit = (level(found.held_score, Rule("robust", amount)) for amount in (1.0, 2.0))
    low, high = LIMITS["robust"]
    amount = 1 + (best - base) / max(unit - base, 1e-30)
    size = 10.0 ** (
        2 - np.floor(np.log10(max(amount, low)))
    )  # three digits, as the slider has them; up or down, whichever is better
    both = [Rule("robust", float(np.clip(round_(amount * size) / size, low, high))) for round_ in (np.floor, np.ceil)]

    def f1(rule: Rule) -> float:
        counts = at_threshold(flags(score, level(found.held_score, rule)), label)
        return 2 * counts.hits / (counts.flagged + counts.labelled)

    rule = max(both, key=f1)
    return rule, f1(rule)


def words(found: Detection, findings: Findings, rule: Rule) -> str:
    """The threshold in words: "Above 99 % of …: 3.2 alarms a day expected; 7 stretches flagged." """
    rows = f"{len(found.held_score):,} held-out normal rows"
    says = {
        "quantile": f"Above {100 * rule.amount:.4g} % of the scores of your {rows}",
        "robust": f"Above the median score of your {rows} by {rule.amount:.3g} robust standard deviations",
        "rolling": f"Above the median of the 512 scores before by {rule.amount:.3g} robust standard deviations",
    }[rule.kind]
    count = len(findings.stretches)
    alarms = f"{findings.alarms:,.0f}" if findings.alarms >= 10 else f"{findings.alarms:.2g}"
    return f"{says}: {alarms} alarms {findings.per} expected; {count:,} stretch{'es' * (count != 1)} flagged."


def verdict(checkpoint: Checkpoint, found: Detection, rule: Rule) -> str:
    """One sentence: whether the network or PCA is better on held-out normal data and, with labels, at finding what is
    abnormal. Raises LatentError.
    """
    checkpoint.check_measures()
    measures, curves, k = checkpoint.measures, checkpoint.curves, found.kept
    ours, pca = (
        curves[f"{side}error_by_size"][k - 1] if "error_by_size" in curves else measures[f"{side}squared_error"]
        for side in ("", "pca_")
    )
    change = 100 * (ours / max(pca, 1e-12) - 1)
    better = (
        f"{-change:.2g} % less error than PCA"
        if change < -0.5
        else f"{change:.2g} % more error than PCA: it does not pay here"
    )
    if abs(change) <= 0.5:
        better = "as much error as PCA: it does not pay here"
    numbers = f"{k} number{'s' * (k != 1)} a window"
    says = f"On held-out normal windows the {checkpoint.config.row.title.lower()} makes, from {numbers}, {better}"
    mine, theirs = (findings(found, rule, which).figures.get("auc_pr") for which in (False, True))
    if mine is None:
        return f"{says}."
    which = "better than" if mine > theirs + 0.005 else "worse than" if mine < theirs - 0.005 else "as good as"
    return f"{says}; at finding what is labelled abnormal it is {which} PCA (AUC-PR {mine:.3f} against {theirs:.3f})."


def when(found: Detection, row: int) -> str:
    """A row's time, or its number."""
    return (
        str(row)
        if found.time is None or np.isnat(found.time[row])
        else str(found.time[row].astype("datetime64[ms]")).removesuffix(".000").replace("T", " ")
    )


def blamed(names: tuple[str, ...], stretch: Stretch, most: int = 3) -> list[tuple[str, float]]:
    """The channels to blame, the first one first, and their shares; none below 5 %."""
    order = np.argsort(-stretch.blame, kind="stable")[:most]
    return [(names[i], float(stretch.blame[i])) for i in order if stretch.blame[i] >= 0.05]


def scores_csv(found: Detection, rule: Rule) -> str:
    """A line for each row, in its order: time (where there is one), score, threshold, abnormal (0 or 1), pca_score, and
    each channel's part of the score. Cells are safe for spreadsheets; a row without a score has empty ones.
    """
    return _scores_csv(found, levels(found.score, found.held_score, rule))


def _scores_csv(found: Detection, threshold: np.ndarray, head: bool = True) -> str:
    columns = {
        "score": found.score,
        "threshold": threshold,
        "abnormal": flags(found.score, threshold).astype(np.int8),
        "pca_score": found.pca_score,
    }
    parts = ((safe_cell(f"{name} part"), part) for name, part in zip(found.names, found.parts.T, strict=True))
    return _table_csv(found.time, [*columns.items(), *parts], head)


def stretches_csv(found: Detection, made: Findings) -> str:
    """A line for each flagged stretch: its first and last row and time, length, peak, and the channels to blame with
    their shares.
    """
    heads = [
        "start",
        "end",
        "first_row",
        "last_row",
        "rows",
        "peak",
        "peak_at",
        *(safe_cell(f"{name} share") for name in found.names),
    ]
    lines = (
        [
            when(found, s.start),
            when(found, s.end - 1),
            s.start,
            s.end - 1,
            s.end - s.start,
            f"{s.peak:.6g}",
            when(found, s.at),
            *(f"{b:.4f}" for b in s.blame),
        ]
        for s in made.stretches
    )
    return _lines([heads], lines)


def _table_csv(time: np.ndarray | None, columns: list[tuple[str, np.ndarray]], head: bool = True) -> str:
    """Columns of numbers, (rows,) each, as CSV: 7 digits, an empty cell for NaN; before them the time, where there is
    one.
    """
    times = [] if time is None else [("time", pa.array(np.datetime_as_string(time, unit="ms"), mask=np.isnat(time)))]
    heads, cells = zip(
        *times,
        *(
            (name, pa.array(_digits(v), mask=np.isnan(v)) if v.dtype.kind == "f" else pa.array(v))
            for name, v in columns
        ),
        strict=True,
    )
    file = io.BytesIO()
    write_csv(
        pa.Table.from_arrays(cells, heads), file, WriteOptions(include_header=False, quoting_style="none")
    )  # Python's own takes ten times as long
    return (_lines([heads]) if head else "") + file.getvalue().decode()


def _digits(values: np.ndarray, digits: int = 7) -> np.ndarray:
    """float64 (N,), rounded to so many significant digits."""
    size = np.abs(np.where(np.isfinite(values) & (values != 0), values, 1.0)).astype(np.float64)
    places = digits - 1 - np.floor(np.log10(size)).astype(int)
    up, down = 10.0 ** np.clip(places, 0, 300), 10.0 ** np.maximum(-places, 0)
    return np.round(values / down * up) / up * down


def _lines(*blocks) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for block in blocks:
        writer.writerows(block)
    return file.getvalue()


def summary(found: Detection, made: Findings, rule: Rule, most: int = 10) -> list[str]:
    """What was found, a line each, for a terminal."""
    says = [words(found, made, rule)]
    worst = sorted(made.stretches, key=lambda s: -s.peak)[:most]
    for s in sorted(worst):
        length = span((s.end - s.start) * found.step) if found.step else f"{s.end - s.start:,} rows"
        blame = ", ".join(f"{name} {share:.0%}" for name, share in blamed(found.names, s))
        says.append(f"  {when(found, s.start)} … {when(found, s.end - 1)}  {length}, peak {s.peak:.3g}: {blame}")
    if len(made.stretches) > most:
        says.append(f"  … the {most} highest of {len(made.stretches):,}")
    if made.figures:
        f = made.figures
        says.append(
            f"Against the labels: AUC-PR {f['auc_pr']:.3f}, VUS-PR {f['vus_pr']:.3f}; at this threshold precision {f['precision']:.1%} and recall {f['recall']:.1%} by row, "
            f"{f['found_stretches']} of {f['labelled_stretches']} labelled stretches found, {f['false_alarms']} false alarms."
        )
    return says


def check_places(table: Path, *paths: Path) -> None:
    """LatentError where one of the files that shall be written is a folder, cannot be made, or is the table or another
    one of them.
    """
    taken = {table.resolve()}
    for path in paths:
        parent = next(p for p in path.resolve().parents if p.exists())
        if path.is_dir() or not parent.is_dir() or not os.access(path if path.exists() else parent, os.W_OK):
            raise LatentError(f"{path} cannot be written: choose another file for it.")
        if path.resolve() in taken:
            raise LatentError(f"{path} would be written over: choose another file for what comes out.")
        taken.add(path.resolve())


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. LatentError where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, lambda beside: beside.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise LatentError(f"{path} cannot be written ({error.strerror or error}): choose another --out.") from error
