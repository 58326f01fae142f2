"""Whether a 99 % threshold keeps its promise: what share of unseen normal rows lies above it, in clean files.

python -m tests.bench promise [--files 40] [--first 0] [--rows 500,2000]

Each file is steady cycles and noise, one to four channels, with so many normal rows and 20,000 after them that nothing
was learned from.
"""

import argparse
import sys

import numpy as np
import torch

from ae_core.anomaly.detector import Detector
from ae_core.anomaly.thresholds import Rule, exceeded, level
from ae_core.data.csv.source import Scoring, dataset
from ae_core.data.csv.table import Table
from ae_core.data.csv.windows import prepared
from ae_core.model.config import Config
from ae_core.training.loop import Training

UNSEEN = 20_000
GAP = 5  # steps that are bridged, which none of these files needs


def clean_file(seed: int, rows: int) -> Table:
    """Cycles of one period with three harmonics each, and noise of the channel's own size."""
    dice = np.random.default_rng(seed)
    channels, at = int(dice.integers(1, 5)), np.arange(rows)
    period = dice.uniform(20, 300)
    values = np.zeros((rows, channels))
    for column in values.T:
        for n in (1, 2, 3):
            column += dice.normal() / n * np.sin(2 * np.pi * n * at / period + dice.uniform(0, 6.28))
        column += dice.uniform(0.05, 1) * dice.standard_normal(rows)
    return Table(tuple(f"c{n}" for n in range(channels)), ("",) * channels, values, None, None, None)


def shares_above(seed: int, normal: int, unseen: int = UNSEEN) -> tuple[float, float, float]:
    """(the share of unseen rows above the network's 99 % threshold, above PCA's, the share that is promised)."""
    table = clean_file(seed, normal + unseen)
    ready = prepared(table, 0, 0, f"0:{normal}", GAP, long=True)
    k = min(64, ready.window * len(table.names) - 1)
    config = Config(data="csv", variant="nested", k=k, hidden=(16,), epochs=1, batch_size=64, lr=1e-4)
    training = Training(config, dataset(ready, "csv"))
    for _ in training:
        pass
    detector = Detector.fit(training.model.eval().requires_grad_(False), ready, GAP, Scoring())
    held, rule = detector.held_out, Rule()
    found = detector.score(table)
    above = [
        float((side.score[normal:] > level(scores, rule, held.independent)).mean())
        for side, scores in ((found.network, held.network), (found.pca, held.pca))
    ]
    return above[0], above[1], exceeded(rule.amount, held.independent)


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m tests.bench promise", description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--first", type=int, default=0, help="the first file's seed")
    parser.add_argument("--rows", default="500,1000,2000,4000")
    asked = parser.parse_args(words)
    torch.set_num_threads(1)
    for normal in map(int, asked.rows.split(",")):
        found = np.array([shares_above(seed, normal) for seed in range(asked.first, asked.first + asked.files)])
        for name, share in (("network", found[:, 0]), ("PCA", found[:, 1])):
            low, middle, high = np.quantile(share, (0, 0.5, 0.9))
            print(
                f"{normal:6} normal rows, {name:7}: {low:.2%} to {share.max():.2%} above, median {middle:.2%}, "
                f"9 of 10 files below {high:.2%}; at most 3 % in {(share <= 0.03).mean():.0%} of {len(share)} files; "
                f"promised {found[:, 2].mean():.1%}, kept in {(share <= found[:, 2]).mean():.0%}",
                file=sys.stdout,
                flush=True,
            )
