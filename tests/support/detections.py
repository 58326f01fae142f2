"""Detections of trainings that were never done, and what ae_core flags in them."""

import dataclasses

import numpy as np

from ae_core.anomaly.detection import Detection, LatentMap, ModelScores
from ae_core.anomaly.named_rows import UNIT
from ae_core.anomaly.thresholds import Interval, Rule, intervals, levels


def make_detection(rows=3000, channels=3, window=12, seed=0, time=True, label=True, names=None) -> Detection:
    """A detection of a training that was never done: errors that are large in three stretches, each by a channel of its
    own.
    """
    random = np.random.default_rng(seed)
    t = np.arange(rows)
    values = 20 + 5 * np.sin(2 * np.pi * t / 200)[:, None] + random.normal(0, 0.5, (rows, channels))
    label_ = np.zeros(rows, bool)
    parts = random.gamma(2, 0.05, (rows, channels))
    for n, part in enumerate((0.5, 0.7, 0.85)):
        fault = slice(int(part * rows), int(part * rows) + 2 * window)
        label_[fault] = True
        parts[fault, n % channels] += 2
    values[rows // 20 : rows // 20 + 5, 0] = np.nan
    errors = np.minimum(random.gamma(2, 0.2 * UNIT, rows) + 2 * UNIT * np.roll(label_, -5), 255).astype(np.uint8)
    parts[:window] = np.nan
    score = parts.sum(1)
    normal, held = (rows // 20, 2 * rows // 5), (3 * rows // 10, 2 * rows // 5)
    at = np.arange(0, rows - window, max(1, rows // 200))
    start = np.datetime64("2024-02-28T22:00:00", "ns")
    network, pca = (
        ModelScores(
            (values + random.normal(0, noise, values.shape)).astype(np.float32),
            factor * parts,
            factor * score,
            factor * score[slice(*held)],
        )
        for noise, factor in ((0.1, 1), (0.3, 2))
    )
    return Detection(
        names=names or tuple(f"channel {c}" for c in range(channels)),
        units=("°C",) * channels,
        time=start + t * np.timedelta64(300, "s") if time else None,
        step=300.0 if time else None,
        values=values.astype(np.float32),
        label=label_ if label else None,
        normal=normal,
        held_out=held,
        window=window,
        n_dims=2,
        network=network,
        pca=pca,
        latent_map=LatentMap(at, random.normal(0, 1, (len(at), 2)), np.arange(len(at)) % 3),
        row_error=np.stack([errors, np.full_like(errors, 255)], 1),
    )


def with_network(detection: Detection, **changes) -> Detection:
    """The detection with another network's scores."""
    return dataclasses.replace(detection, network=dataclasses.replace(detection.network, **changes))


def flagged_by(made: Detection, rule: Rule, merge: int = 0, least: int = 1) -> tuple[list[Interval], int]:
    """What ae_core flags, of scores in single precision, as they travel to the page; and how many rows.

    merge, least: as `intervals` takes them; merge 0: a window.
    """
    score = made.network.score.astype(np.float32).astype(float)  # as it travels
    held_out = made.network.held_out.astype(np.float32).astype(float)
    above = np.nan_to_num(score, nan=-np.inf) > levels(score, held_out, rule, made.independent).astype(np.float64)
    return intervals(score, above, made.network.parts, merge or made.window, least), int(above.sum())
