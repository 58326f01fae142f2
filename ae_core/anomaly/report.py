"""A detection in words and as files to take along."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..base.text import plural
from ..data.csv.cells import span
from ..data.csv.table import Table
from ..io.tables import csv_text, numbers_csv
from ..runs.checkpoint import Checkpoint
from .detection import Detection
from .findings import Findings, findings
from .metrics import auc_pr_difference
from .thresholds import Interval, Rule, exceeded, flags, levels

JUDGED_COLUMNS = ("judged_score", "judged_threshold", "judged_abnormal")
MIN_SHARE = 0.05  # of a stretch's score, below which a channel is not named
SAME_ERROR = 0.5  # per cent of PCA's, within which two errors are called equal
BLOCK_WINDOWS = 4  # windows in a stretch that a bootstrap draws as one: rows nearer than that depend on each other


def words(detection: Detection, made: Findings, rule: Rule) -> str:
    """The threshold in words: "Above 99 % of …: 3.2 alarms a day expected (90 % sure: 1.7 to 5.5); 7 stretches …"."""
    rows = f"{len(detection.network.held_out):,} held-out normal rows"
    above = {
        "quantile": f"Above {100 * rule.amount:.4g} % of the scores of your {rows}",
        "robust": f"Above the median score of your {rows} by {rule.amount:.3g} robust standard deviations",
        "rolling": f"Above the median of the 512 scores before by {rule.amount:.3g} robust standard deviations",
    }[rule.kind]
    count = plural(len(made.intervals), "stretch", "stretches")
    return f"{above}{promise(rule, detection.independent)}: {made.alarms.words()}; {count} flagged."


def promise(rule: Rule, independent: float) -> str:
    """What a threshold learned from so many independent scores can promise of unseen normal rows, in parentheses; ""
    where none is asked for or nothing is known.
    """
    if rule.kind != "quantile" or not math.isfinite(independent):
        return ""
    count = plural(round(independent), "independent score")
    share = 100 * exceeded(rule.amount, independent)
    return f" (they count as {count}: at most {share:.2g} % of unseen normal rows lie above it, 90 % sure)"


def verdict(
    checkpoint: Checkpoint, detection: Detection, rule: Rule, both: tuple[Findings, Findings] | None = None
) -> str:
    """One sentence: whether the network or PCA is better on held-out normal data and, with labels, at detecting what is
    abnormal. both: the network's and PCA's findings, where they are known. Raises LatentError.
    """
    checkpoint.check_measures()
    measures, curves, k = checkpoint.measures, checkpoint.curves, detection.n_dims
    ours, pca = (
        curves[f"{side}error_by_size"][k - 1] if "error_by_size" in curves else measures[f"{side}squared_error"]
        for side in ("", "pca_")
    )
    change = 100 * (ours / max(pca, 1e-12) - 1)
    says = (
        f"On held-out normal windows the {checkpoint.config.row.title.lower()} makes, "
        f"from {plural(k, 'number')} a window, {_compared(change)}"
    )
    if k < checkpoint.config.k and "error_by_size" in curves:
        whole = 100 * (measures["squared_error"] / max(measures["pca_squared_error"], 1e-12) - 1)
        if _side(whole) != _side(change):
            says += f" (with all {checkpoint.config.k}, as Runs has it, {_amount(whole)})"
    both = both or (findings(detection, rule), findings(detection, rule, pca=True))
    mine, theirs = (each.figures for each in both)
    if not (mine and theirs):
        return f"{says}."
    label, rows = detection.label, len(detection.network.score)
    assert label is not None, "figures are measured against labels"
    block = max(BLOCK_WINDOWS * detection.window, rows // 200)
    low, high = auc_pr_difference(detection.network.score, detection.pca.score, label, block)
    which = "better than" if low > 0 else "worse than" if high < 0 else "not better or worse than"
    chance = "" if low > 0 or high < 0 else " beyond chance"
    return (
        f"{says}; at finding what is labelled abnormal it is {which} PCA{chance} (AUC-PR {mine['auc_pr']:.3f} against "
        f"{theirs['auc_pr']:.3f}; a score of no use would have {mine['chance']:.3f})."
    )


def _compared(change: float) -> str:
    """An error that is so many per cent larger than PCA's, in words."""
    enough = "" if _side(change) < 0 else "; the network adds nothing here: PCA is enough"
    return f"{_amount(change)}{enough}"


def _side(change: float) -> int:
    """−1 where the network's error is less than PCA's, 1 where it is more, 0 where they are the same."""
    return (change > SAME_ERROR) - (change < -SAME_ERROR)


def _percent(share: float) -> str:
    """
    >>> _percent(0.523), _percent(38.2), _percent(312.0)
    ('0.52 %', '38 %', '312 %')
    """
    return f"{share:.0f} %" if share >= 10 else f"{share:.2g} %"


def _amount(change: float) -> str:
    return ("as much", f"{_percent(change)} more", f"{_percent(-change)} less")[_side(change)] + (
        " error than PCA" if _side(change) else " error as PCA"
    )


def summary(detection: Detection, made: Findings, rule: Rule, most: int = 10) -> list[str]:
    """What was found, a line each, for a terminal."""
    says = [words(detection, made, rule)]
    if count := detection.unscored_rows():
        says.append(without_score(count, len(detection.network.score), detection.window))
    worst = sorted(made.intervals, key=lambda s: -s.peak)[:most]
    for s in worst:
        channels = ", ".join(f"{name} {share:.0%}" for name, share in main_channels(detection.names, s))
        above = "" if s.named is None else f" (above the threshold {between(detection, s.start, s.end)})"
        says.append(f"  {between(detection, *s.told)}  {lasts(detection, s)}, peak {s.peak:.3g}: {channels}{above}")
    if len(made.intervals) > most:
        says.append(f"  … the {most} highest of {len(made.intervals):,}")
    if f := made.figures:
        says.append(
            f"Against the labels: AUC-PR {f['auc_pr']:.3f} (chance {f['chance']:.3f}), VUS-PR {f['vus_pr']:.3f}; "
            f"at this threshold precision {f['precision']:.1%} and recall {f['recall']:.1%} by row, "
            f"{f['found_stretches']} of {f['labelled_stretches']} labelled stretches found, "
            f"{plural(f['false_alarms'], 'false alarm')}."
        )
    return says


def without_score(count: int, rows: int, window: int) -> str:
    """How many of a table's rows have no score, and why."""
    verb = "has" if count == 1 else "have"
    need = "A score needs the row itself" if window == 1 else f"A score needs {window} rows that follow on each other"
    return f"{count:,} of {plural(rows, 'row')} {verb} no score: {need[0].lower()}{need[1:]}, without a longer gap."


def when(detection: Detection, row: int) -> str:
    """A row's time, or its number."""
    if detection.time is None or np.isnat(detection.time[row]):
        return str(row)
    return str(detection.time[row].astype("datetime64[ms]")).removesuffix(".000").replace("T", " ")


def between(detection: Detection, first: int, last: int) -> str:
    """When rows first … last − 1 were."""
    return f"{when(detection, first)} … {when(detection, last - 1)}"


def lasts(detection: Detection, interval: Interval) -> str:
    """How long a stretch is, by the rows that it is about."""
    rows = interval.told[1] - interval.told[0]
    return span(rows * detection.step) if detection.step else plural(rows, "row")


def main_channels(names: tuple[str, ...], interval: Interval, most: int = 3) -> list[tuple[str, float]]:
    """The channels that a stretch's score comes from, the first one first, and their shares; none below 5 %."""
    order = np.argsort(-interval.shares, kind="stable")[:most]
    return [(names[i], float(interval.shares[i])) for i in order if interval.shares[i] >= MIN_SHARE]


def scores_csv(detection: Detection, rule: Rule, judged: tuple[Detection, Rule] | None = None) -> str:
    """A line for each row, in its order: time (where there is one), score, threshold, abnormal (0 or 1), pca_score, and
    each channel's part of the score. Cells are safe for spreadsheets; a row without a score has empty ones.

    judged: the scores and the rule with what was judged; score, threshold and abnormal by them come last.
    """
    model, more = detection.network, judged_columns(*judged) if judged else {}
    threshold = levels(model.score, model.held_out, rule, detection.independent)
    return scores_csv_block(detection, threshold, more=more)


def judged_columns(detection: Detection, rule: Rule) -> dict[str, np.ndarray]:
    """Score, threshold and abnormal (rows,) of scores with what was judged, by the names that files have for them."""
    score = detection.network.score
    level = levels(score, detection.network.held_out, rule, detection.independent)
    return dict(zip(JUDGED_COLUMNS, (score, level, flags(score, level).astype(np.int8)), strict=True))


def scores_csv_block(
    detection: Detection, threshold: np.ndarray, header: bool = True, more: Mapping[str, np.ndarray] | None = None
) -> str:
    """`scores_csv` with a threshold (rows,) that is known, with or without its header. more: columns at its end."""
    network = detection.network
    columns = {
        "score": network.score,
        "threshold": threshold,
        "abnormal": flags(network.score, threshold).astype(np.int8),
        "pca_score": detection.pca.score,
    }
    parts = ((f"{name} part", part) for name, part in zip(detection.names, network.parts.T, strict=True))
    return numbers_csv(detection.time, [*columns.items(), *parts, *(more or {}).items()], header)


def stretches_csv(detection: Detection, made: Findings, more: Mapping[str, Sequence[object]] | None = None) -> str:
    """A line for each flagged stretch: first and last row and time, and length, of the rows that it is about, the same
    of those in which the score is above the threshold, peak, and each channel's share. more: columns at its end, a cell
    for each stretch.
    """
    more = more or {}
    ends = ("start", "end", "first_row", "last_row", "rows")
    fixed = (*ends, *(f"flagged_{name}" for name in ends), "peak", "peak_at")

    def rows(first: int, last: int) -> list[object]:
        return [when(detection, first), when(detection, last - 1), first, last - 1, last - first]

    lines = (
        [
            *rows(*s.told),
            *rows(s.start, s.end),
            f"{s.peak:.6g}",
            when(detection, s.at),
            *(f"{share:.4f}" for share in s.shares),
            *(cells[n] for cells in more.values()),
        ]
        for n, s in enumerate(made.intervals)
    )
    return csv_text([*fixed, *(f"{name} share" for name in detection.names), *more], lines)


def cleaned_csv(table: Table, signal: np.ndarray) -> str:
    """A line for each row: time, then each channel as it was and cleaned. signal: (rows, C)."""

    def columns() -> Iterator[tuple[str, np.ndarray]]:
        for name, raw, clean in zip(table.names, table.values.T, signal.T, strict=True):
            yield name, raw
            yield f"{name} cleaned", clean

    return numbers_csv(table.time, list(columns()))


def windows_csv(names: tuple[str, ...], x: np.ndarray) -> str:
    """A line for each row of each window of x (N, C, L): window and row, from 0, then the channels."""
    lines = ([n, t, *(f"{v:.7g}" for v in x[n, :, t])] for n in range(len(x)) for t in range(x.shape[2]))
    return csv_text(["window", "row", *names], lines)
