"""How well labelled stretches of a real table are found: z-score, windowed PCA, and our scoring of PCA, the plain and
the nested autoencoder.

python -m tests.bench.anomaly CSV WINDOWS.json [--normal 0:2265] [--windows 0,32] [--seeds 0,1,2] [--json FILE]

WINDOWS.json: {file's name: [[first time, last time], …]}, the labelled stretches, as the Numenta Anomaly Benchmark has
them; the rows before the first one are normal unless --normal says otherwise. A row that cannot be scored counts as the
least abnormal one; "found" is how many of the labelled stretches hold a flagged row at the 99th percentile of the
held-out normal scores, "false" how many flagged stretches meet none.
"""

import argparse
import json
import math
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA

from ae_core import read_checkpoint, train_run
from ae_core.anomaly.findings import findings
from ae_core.anomaly.metrics import auc_pr, events, vus_pr
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.anomaly.thresholds import Rule, flags, intervals, level
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Table
from ae_core.data.csv.windows import Prepared, prepared


def labelled(table: Table, windows: Path, name: str) -> np.ndarray:
    """bool (rows,): within one of the file's stretches."""
    known = json.loads(windows.read_text())
    spans = next((spans for key, spans in known.items() if Path(key).name == name), None) or next(iter(known.values()))
    label = np.zeros(len(table), bool)
    for first, last in spans:
        label |= (table.time >= np.datetime64(first)) & (table.time <= np.datetime64(last))
    return label


def judged(
    method: str,
    window: int,
    seed: int,
    score: np.ndarray,
    held: np.ndarray,
    label: np.ndarray,
    seconds: float,
    independent: float = math.inf,
) -> dict[str, float | str]:
    """A line of the table."""
    score = np.where(np.isfinite(score), score, np.nanmin(score))
    flagged = flags(score, level(held, Rule(), independent))
    hits = events(intervals(score, flagged, score[:, None], max(1, window)), label)
    found = {
        "auc_pr": auc_pr(score, label),
        "vus_pr": vus_pr(score, label),
        "found": hits.found,
        "labelled": hits.labelled,
        "false_alarms": hits.false_alarms,
    }
    return {"method": method, "window": window, "seed": seed, **found, "seconds": seconds}


def z_score(ready: Prepared) -> np.ndarray:
    """|x − mean| / std of the normal rows, the channels' mean, (rows,)."""
    normal = ready.table.values[slice(*ready.normal)]
    return np.nanmean(np.abs(ready.table.values - np.nanmean(normal, 0)) / np.maximum(np.nanstd(normal, 0), 1e-12), 1)


def windowed_pca(ready: Prepared, share: float = 0.9) -> np.ndarray:
    """Mean squared error of the window that ends with each row, (rows,), of a PCA of the training windows that keeps so
    much of their variance.
    """
    pca = PCA(share, svd_solver="full").fit(
        ready.windows(ready.train, 1)[0].reshape(-1, ready.window * len(ready.table.names))
    )
    x, at = ready.windows((0, len(ready.table)), 1)
    score = np.full(len(ready.table), np.nan)
    for block in np.array_split(np.arange(len(at)), max(1, len(at) // 4096)):
        flat = x[block].reshape(len(block), -1)
        score[at[block] + ready.window - 1] = np.square(pca.inverse_transform(pca.transform(flat)) - flat).mean(1)
    return score


def measure(
    path: Path, windows: Path, normal: str, lengths: list[int], seeds: list[int]
) -> list[dict[str, float | str]]:
    lines = []
    for length in lengths:
        began = time.perf_counter()
        table = Csv(file=str(path)).table()
        label = labelled(table, windows, path.name)
        normal = normal or f"0:{int(label.argmax())}"
        ready = prepared(table, length, 0, normal)
        read, held = time.perf_counter() - began, slice(*ready.test)
        for method, make in (("z-score", z_score), ("windowed PCA", windowed_pca)):
            began = time.perf_counter()
            score = make(ready)
            lines.append(judged(method, ready.window, 0, score, score[held], label, read + time.perf_counter() - began))
        for seed in seeds:
            for variant in ("deep", "nested"):
                with tempfile.TemporaryDirectory() as folder:
                    began = time.perf_counter()
                    run = Path(folder) / "run"
                    config = recipe(
                        Csv(file=str(path)).table(),
                        {"file": str(path), "normal": normal, "window": length},
                        variant,
                        seed=seed,
                    )
                    for _ in train_run(config, run):
                        pass
                    found = load_detection(read_checkpoint(run).folder / DETECTION)
                    findings(found, Rule())
                    seconds = time.perf_counter() - began
                if variant == "nested" and seed == seeds[0]:
                    lines.append(
                        judged(
                            "our scoring, PCA",
                            ready.window,
                            0,
                            found.pca.score,
                            found.pca.held_out,
                            label,
                            seconds,
                            found.independent,
                        )
                    )
                lines.append(
                    judged(
                        f"our scoring, {variant}",
                        ready.window,
                        seed,
                        found.network.score,
                        found.network.held_out,
                        label,
                        seconds,
                        found.independent,
                    )
                )
    return lines


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path)
    parser.add_argument("windows", type=Path)
    parser.add_argument(
        "--normal", default="", help="START:END in rows or times (default: the rows before the first labelled stretch)"
    )
    parser.add_argument("--windows", dest="lengths", default="0", help="rows in a window, with commas; 0: proposed")
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    lengths, seeds = ([int(part) for part in text.split(",")] for text in (arguments.lengths, arguments.seeds))
    figures = measure(Path(arguments.csv), Path(arguments.windows), arguments.normal, lengths, seeds)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
    print(
        f"{'method':22} {'window':>6} {'seed':>4} {'AUC-PR':>7} {'VUS-PR':>7} {'found':>7} {'false':>6} {'seconds':>8}",
        file=sys.stdout,
    )
    for line in figures:
        held = f"{line['found']}/{line['labelled']}"
        print(
            f"{line['method']:22} {line['window']:6} {line['seed']:4} {line['auc_pr']:7.3f} {line['vus_pr']:7.3f}"
            f" {held:>7} {line['false_alarms']:6} {line['seconds']:8.1f}"
        )
