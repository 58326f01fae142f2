"""What judging a few flags changes on the rows after them: false alarms, and failure windows that are found.

python -m tests.bench judged TABLE WINDOWS.json [--flags 5] [--seeds 3] [--threshold RULE] [--normal START:END]

A run is trained on the table as `score` does, on the normal stretch that is proposed or given. Its first flags are
judged as somebody would who has the windows beside them: a fault where they meet a window, normal where not. Then the
rows after the last of them are looked at, with the threshold and the scores as they were and as the judgements have
them. WINDOWS holds, in lists however deep, pairs of times: the form of the Numenta benchmark.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ae_core.anomaly.detector import Detector
from ae_core.anomaly.findings import findings
from ae_core.anomaly.judged.consequences import consequences
from ae_core.anomaly.judged.events import FAULT, NORMAL, Event
from ae_core.anomaly.recipe import recipe_of
from ae_core.anomaly.similar import unusual
from ae_core.anomaly.thresholds import Interval, Rule
from ae_core.data.csv.source import Csv, dataset
from ae_core.training.loop import Training

Rows = tuple[int, int]


def pairs(said: Any) -> list[tuple[str, str]]:
    """The pairs of texts in lists and objects, however deep."""
    if isinstance(said, dict):
        return [pair for each in said.values() for pair in pairs(each)]
    if len(said) == 2 and all(isinstance(each, str) for each in said):
        return [(said[0], said[1])]
    return [pair for each in said for pair in pairs(each)]


def meets(stretch: Interval, window: Rows) -> bool:
    """Whether a flagged stretch has rows of a window."""
    first, last = min(stretch.start, stretch.told[0]), stretch.end
    return first < window[1] and last > window[0]


def count(stretches: list[Interval], windows: list[Rows], after: int) -> tuple[int, int]:
    """(false alarms, windows found) of what is flagged from a row on."""
    late = [each for each in stretches if each.start >= after]
    open_windows = [each for each in windows if each[1] > after]
    false = sum(not any(meets(each, window) for window in windows) for each in late)
    return false, sum(any(meets(each, window) for each in late) for window in open_windows)


def measure_once(origin: Csv, windows: list[Rows], flags: int, rule: Rule, seed: int) -> dict[str, Any]:
    """Figures before and after, of one training."""
    table, ready = origin.table(), origin.prepare()
    config = recipe_of(ready, {"file": origin.file, "normal": origin.normal}, "nested", seed=seed)
    training = Training(config, dataset(ready, "csv"))
    for _ in training:
        pass
    detector = Detector.fit(training.model.eval().requires_grad_(False), ready, origin.max_gap_steps, origin.scoring())
    detection = detector.score(table)
    made = findings(detection, rule)
    judged = made.intervals[:flags]
    events: list[Event] = []
    for each in judged:
        first, last = max(each.told[0], events[-1].end if events else 0), each.told[1]
        verdict = FAULT if any(meets(each, window) for window in windows) else NORMAL
        events.append(Event(first, max(last, first + 1), verdict))
    after = max((each.end for each in judged), default=0)
    found = consequences(detection, unusual(detector, detector.preprocessing.matched(table)), events, rule)
    before, quiet = made.intervals, findings(found.detection, rule).intervals
    return {
        "seed": seed,
        "judged": [event.verdict for event in events],
        "from": str(table.time[after]) if table.time is not None else after,
        "windows after": sum(window[1] > after for window in windows),
        "before": count(before, windows, after),
        "usual": count(quiet, windows, after),
        "threshold": (str(found.proposal.rule), found.proposal.why),
        "with": count(found.with_them.intervals, windows, after),
    }


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m tests.bench judged", description=__doc__.partition("\n")[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("windows", type=Path)
    parser.add_argument("--flags", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threshold", default="")
    parser.add_argument("--normal", default="")
    arguments = parser.parse_args(words)
    torch.set_num_threads(1)
    rule = Rule.parse(arguments.threshold) if arguments.threshold else Rule()
    origin = Csv(file=str(arguments.table.resolve()), normal=arguments.normal)
    time = origin.table().time
    assert time is not None, "windows are times"
    windows = []
    for begin, end in pairs(json.loads(arguments.windows.read_text("utf-8"))):
        rows = np.flatnonzero((time >= np.datetime64(begin)) & (time <= np.datetime64(end)))
        windows.append((int(rows[0]), int(rows[-1]) + 1))
    for seed in range(arguments.seeds):
        figures = measure_once(origin, windows, arguments.flags, rule, seed)
        whole = figures["windows after"]
        print(f"seed {figures['seed']}: judged {', '.join(figures['judged'])}; rows from {figures['from']} on")
        for name in ("before", "usual", "with"):
            false, hits = figures[name]
            print(f"  {name:7} {false:3} false alarms, {hits} of {whole} windows found")
        print(f"  {figures['threshold'][0]}: {figures['threshold'][1]}")
