"""What a threshold makes of a detection: flagged stretches, expected alarms and, with labels, how good they are."""

from dataclasses import dataclass

import numpy as np

from ..base.errors import LatentError
from .detection import Detection
from .metrics import at_threshold, auc_pr, best_level, events, vus_pr
from .named_rows import named_rows
from .thresholds import LIMITS, Alarms, Interval, Rule, expected_alarms, flags, intervals, level, levels


@dataclass(frozen=True)
class Findings:
    """What a threshold makes of a detection.

    Attributes:
        threshold: (rows,).
        flagged: bool (rows,).
        intervals: of flagged rows, in their order.
        alarms: on the run's held-out normal rows, from which more are to be expected.
        figures: against the labels, where there are any.
    """

    threshold: np.ndarray
    flagged: np.ndarray
    intervals: list[Interval]
    alarms: Alarms
    figures: dict[str, float]


def findings(detection: Detection, rule: Rule, pca: bool = False, against_labels: bool = True) -> Findings:
    """The intervals above a threshold, of the network's scores or PCA's. Raises LatentError.

    against_labels: whether the figures are wanted, which take most of the time.
    """
    model = detection.pca if pca else detection.network
    score, held_out = model.score, model.held_out
    threshold = levels(score, held_out, rule, detection.independent)
    flagged = flags(score, threshold)
    least, merge = rule.stretches(detection.window)
    above = intervals(score, flagged, model.parts, merge, least)
    if not pca and (errors := detection.own_errors()) is not None:
        above = _named(above, errors, detection.window)
    if detection.held_out[1] > detection.held_out[0]:
        alarms = expected_alarms(above, detection.held_out, detection.step)
    else:  # in another table than the run's own
        false_flags = flags(held_out, levels(held_out, held_out, rule, detection.independent))
        false_intervals = intervals(held_out, false_flags, np.zeros((len(held_out), 1)), merge, least)
        alarms = expected_alarms(false_intervals, (0, len(held_out)), detection.step)
    figures: dict[str, float] = {}
    label, scored = detection.label, np.isfinite(score)
    if against_labels and label is not None and 0 < label[scored].sum() < scored.sum():
        counts, hits = at_threshold(flagged, label), events(above, label)
        figures = {
            "auc_pr": auc_pr(score, label),
            "chance": float(label[scored].mean()),
            "vus_pr": vus_pr(score, label),
            "precision": counts.precision,
            "recall": counts.recall,
            "labelled_stretches": hits.labelled,
            "found_stretches": hits.found,
            "false_alarms": hits.false_alarms,
        }
    return Findings(threshold, flagged, above, alarms, figures)


def _named(above: list[Interval], errors: np.ndarray, window: int) -> list[Interval]:
    """The stretches, each with the rows that it is about. errors: (rows,), see `named_rows`."""
    before = [0, *(each.end for each in above)]
    return [
        each._replace(named=named_rows(errors, each.start, each.end, window, end))
        for each, end in zip(above, before, strict=False)
    ]


def calibrated(detection: Detection, rows: tuple[int, int] | None = None) -> tuple[Rule, float]:
    """The rule whose threshold has the best F1 by row, 2 · precision · recall / (precision + recall), against the
    labels.

    The level itself is no rule, for it would mean nothing to another run: what comes is "robust", so many robust
    standard deviations above the median of the held-out normal scores.

    Args:
        detection: with labels.
        rows: (first, after the last) of the stretch that counts; None: all.

    Returns:
        The rule; its F1, 0..1.

    Raises:
        LatentError: where the rows are all of one kind, or have no labels.
    """
    if detection.label is None:
        raise LatentError("The file has no labels to calibrate on: choose its label column when you open it.")
    held_out, part = detection.network.held_out, slice(*(rows or (0, len(detection))))
    score, label = detection.network.score[part], detection.label[part]
    best = best_level(score, label)
    base, unit = (level(held_out, Rule("robust", amount)) for amount in (1.0, 2.0))
    low, high = LIMITS["robust"]
    amount = 1 + (best - base) / max(unit - base, 1e-30)
    # Three digits, as the slider has them; up or down, whichever is better.
    size = 10.0 ** (2 - np.floor(np.log10(max(amount, low))))
    both = [Rule("robust", float(np.clip(round_(amount * size) / size, low, high))) for round_ in (np.floor, np.ceil)]

    def f1(rule: Rule) -> float:
        counts = at_threshold(flags(score, level(held_out, rule)), label)
        return 2 * counts.hits / (counts.flagged + counts.labelled)

    rule = max(both, key=f1)
    return rule, f1(rule)
