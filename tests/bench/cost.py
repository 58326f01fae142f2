"""What fitting and scoring cost, network and PCA together, in processor time: the score of the newest rows beside the
one before it, of the whole window.

python -m tests.bench cost [--rows 20000] [--channels 5]

Each score has the window that is proposed for it.
"""

import argparse
import sys
import time

import torch

from ae_core.anomaly.detector import Detector
from ae_core.anomaly.recipe import recipe_of
from ae_core.data.csv.source import Scoring, dataset
from ae_core.data.csv.table import Table
from ae_core.data.csv.windows import prepared
from ae_core.data.sensors import plant
from ae_core.training.loop import Training

GAP = 5  # steps that are bridged, which these rows do not need


def seconds(table: Table, kind: str) -> tuple[int, float, float]:
    """(rows of a window, processor seconds to train and fit, and to score all rows)."""
    began = time.process_time()
    ready = prepared(table, 0, 0, f"0:{len(table) // 4}", GAP, long=kind == "newest")
    training = Training(recipe_of(ready, {"score_type": kind}), dataset(ready, "csv"))
    for _ in training:
        pass
    detector = Detector.fit(training.model.eval().requires_grad_(False), ready, GAP, Scoring(kind))
    fitted = time.process_time()
    detector.score(table)
    return ready.window, fitted - began, time.process_time() - fitted


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m tests.bench cost", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--channels", type=int, default=5)
    asked = parser.parse_args(words)
    torch.set_num_threads(1)
    values = plant(asked.rows, asked.channels, seed=1)[0]
    names = tuple(f"c{n}" for n in range(asked.channels))
    table = Table(names, ("",) * asked.channels, values, None, None, None)
    found = {kind: seconds(table, kind) for kind in ("combined", "newest")}
    for kind, (window, fit, score) in found.items():
        print(f"{kind:9} windows of {window} rows: fit {fit:.1f} s, score {score:.1f} s", file=sys.stdout)
    fit, score = (found["newest"][n] / found["combined"][n] for n in (1, 2))
    print(f"newest over combined: fit × {fit:.2f}, score × {score:.2f}", file=sys.stdout)
