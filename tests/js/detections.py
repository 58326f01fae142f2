"""Detections as they travel to the page, and what ae_core says of them."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ae_core.anomaly.detection import Detection
from ae_core.anomaly.findings import findings
from ae_core.anomaly.judged.events import VERDICTS, Event, reaches
from ae_core.anomaly.judged.proposal import levels_of, propose
from ae_core.anomaly.judged.tally import tally
from ae_core.anomaly.named_rows import named_rows
from ae_core.anomaly.report import promise
from ae_core.anomaly.thresholds import Rule, expected_alarms, level
from pages.components.signals import pack

from ..support.detections import flagged_by, make_detection, with_network

RULES = [
    Rule("quantile", 0.9),
    Rule("quantile", 0.99),
    Rule("quantile", 0.995),
    Rule("quantile", 0.9999),
    Rule("robust", 1.0),
    Rule("robust", 6.0),
    Rule("rolling", 3.0),
    Rule("rolling", 8.5),
]
ROWS = [0, 1, 499, 500, 501, 700, 1050, 1099, 2001, 2500, 2999]  # at the gaps, and amid even rows
SPARSE = (40, 3)  # rows between two stretches that are one, and rows of the shortest
LONG = (100, 1900)  # rows that hold whole blocks


def detections(folder: Path) -> Iterator[dict[str, Any]]:
    """For each detection: {name, blob, rules: [{rule, amount, level, flagged, intervals, alarms}], times: [[row, ms]],
    shares: of the rows LONG}.
    """
    usual = make_detection()
    long = make_detection(rows=20_000)
    nothing = {"score": np.full(3000, np.nan), "held_out": np.empty(0), "parts": np.full((3000, 3), np.nan)}
    made = {
        "usual": usual,
        "without times": make_detection(time=False),
        "one channel": make_detection(window=1, channels=1, label=False),
        "many channels": make_detection(channels=40, rows=2000, seed=3),
        "long": long,
        "gaps": dataclasses.replace(usual, time=_with_gaps(usual.time)),
        "few scores": dataclasses.replace(usual, independent=5.0, terms=np.tile(np.float32([3, 1, 0, 2]), (3000, 1))),
        "another table": dataclasses.replace(usual, normal=(0, 0), held_out=(0, 0)),  # scored by an earlier run
        "unscored": with_network(usual, **nothing),
    }
    for name, detection in made.items():
        blob = f"detection-{name}.lex".replace(" ", "-")
        (folder / blob).write_bytes(pack(detection))
        unscored = name == "unscored"
        parts = np.nansum(detection.network.parts[slice(*LONG)], 0)
        yield {
            "name": name,
            "blob": blob,
            "rules": [] if unscored else [_flagged(detection, rule) for rule in RULES],
            "times": [] if detection.time is None else _times(detection),
            "rows": LONG,
            "shares": (parts / max(parts.sum(), 1e-30)).tolist(),
            "judged": [] if unscored else [_judged(detection, rule, seed) for seed, rule in enumerate(RULES[:6])],
        }


def _with_gaps(time: np.ndarray) -> np.ndarray:
    """Cut at two long gaps, and a stretch without any rhythm."""
    step = np.full(len(time) - 1, 300)
    step[[500, 2000]] = 86_400
    step[1000:1100] = np.random.default_rng(0).integers(1, 900, 100)
    return time[0] + np.r_[0, np.cumsum(step)] * np.timedelta64(1, "s")


def _flagged(detection: Detection, rule: Rule) -> dict[str, Any]:
    found, flagged = flagged_by(detection, rule)
    before = [0, *(each.end for each in found)]
    named = (
        named_rows(detection.own_errors(), s.start, s.end, detection.window, b)
        for s, b in zip(found, before, strict=False)
    )
    both = [(each, rows or (each.start, each.end)) for each, rows in zip(found, named, strict=True)]
    return {
        "rule": rule.kind,
        "amount": rule.amount,
        "level": level(detection.network.held_out, rule, detection.independent),
        "flagged": flagged,
        "intervals": [{**each._asdict(), "shares": each.shares.tolist(), "told": told} for each, told in both],
        "sparse": [each.start for each in flagged_by(detection, rule, *SPARSE)[0]],
        "promise": promise(rule, detection.independent),
        "alarms": expected_alarms(found, detection.held_out, detection.step).words(),
    }


def _judged(detection: Detection, rule: Rule, seed: int) -> dict[str, Any]:
    """Events of chance, and what ae_core says of them, of scores in single precision, as they travel."""
    network, random = detection.network, np.random.default_rng(seed)
    singles = {"score": network.score.astype(np.float32), "held_out": network.held_out.astype(np.float32)}
    detection = with_network(detection, **{name: values.astype(float) for name, values in singles.items()})
    rows = len(detection.network.score)
    found = [(each.start, each.end) for each in findings(detection, rule).intervals]
    found = [found[n] for n in random.permutation(len(found))[:8]] + [(rows // 2, rows // 2 + 24)]
    events: list[Event] = []
    for start, end in sorted(found):
        if not events or start >= events[-1].end:
            events.append(Event(start, end, VERDICTS[random.integers(3)]))
    if seed % 3 == 0:
        events = [each._replace(verdict="normal") for each in events[:-1]] + events[-1:]
    now = tally(findings(detection, rule).intervals, events, rows, detection.window)
    made = propose(detection, events, rule)
    return {
        "rule": rule.kind,
        "amount": rule.amount,
        "least_merge": rule.stretches(detection.window),
        "events": [each._asdict() for each in events],
        "reaches": reaches(events, rows, detection.window),
        "levels": levels_of(
            detection.network.score, events, detection.window, rule.stretches(detection.window)[0]
        ).tolist(),
        "verdicts": now.verdicts,
        "tally": now.words(),
        "proposed": [made.rule.kind, made.rule.amount],
        "says": [made.why, made.change.words(), made.tally.words()],
    }


def _times(detection: Detection) -> list[list[float]]:
    """[row, ms since 1970]."""
    rows = [row for row in ROWS if row < len(detection.values)]
    return [[row, detection.time[row].astype("datetime64[ms]").astype(float)] for row in rows]
