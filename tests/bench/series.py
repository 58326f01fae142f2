"""A folder of labelled series, each scored with the command's defaults, beside the published figures of its index.csv.

python -m tests.bench series FOLDER [--json FILE]

FOLDER: CSV files with a column `label` (0, 1), which is for judging alone, and index.csv with `file, normal_rows,
vus_buffer` and published VUS-PR of other methods in further columns of numbers. A model is trained on the first
`normal_rows` and all rows are judged by VUS-PR with the series' own buffer; one that has no score counts as the least
abnormal. Means are by family (the second part of a file's name), with a 95 % interval over series (bootstrap).
"""

import csv
import json
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from ae_core import read_checkpoint, train_run
from ae_core.anomaly.metrics import vus_pr
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.data.csv.source import Csv

OURS = ("network", "pca")
NOT_FIGURES = ("file", "rows", "channels", "normal_rows", "vus_buffer", "best_method")


def judged(path: Path, normal_rows: int, buffer: int, **settings: object) -> dict[str, float]:
    """VUS-PR of network and PCA on one series, and the seconds of training and scoring."""
    began = time.perf_counter()
    source = {"file": str(path), "label": "none", "normal": f"0:{normal_rows}", **settings}
    label = np.loadtxt(path, delimiter=",", skiprows=1, usecols=-1) > 0
    table = Csv(**source).table()
    columns = [name for name in table.names if name != "label"]
    source["columns"] = ",".join(columns)
    table = Csv(**source).table()
    with tempfile.TemporaryDirectory() as folder:
        for _ in train_run(recipe(table, source), Path(folder) / "run"):
            pass
        found = load_detection(read_checkpoint(Path(folder) / "run").folder / DETECTION)
    figures = {}
    for name in OURS:
        score = getattr(found, name).score
        figures[name] = vus_pr(np.where(np.isfinite(score), score, np.nanmin(score)), label, buffer)
    return figures | {"seconds": time.perf_counter() - began}


def interval(values: list[float]) -> tuple[float, float]:
    """95 % of the means of as many series drawn again."""
    dice = np.random.default_rng(0)
    means = dice.choice(values, (2000, len(values))).mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Every series of a folder; the table goes to standard output as it grows."""
    rows = list(csv.DictReader((folder / "index.csv").open(encoding="utf-8")))
    published = [name for name in rows[0] if name not in NOT_FIGURES]
    names = (*OURS, *published)
    print(f"{'':34}" + "".join(f"{name[:10]:>12}" for name in names))
    found: dict[str, dict[str, float]] = {}
    families: dict[str, list[dict[str, float]]] = defaultdict(list)
    for row in rows:
        figures = judged(folder / row["file"], int(row["normal_rows"]), int(row["vus_buffer"]))
        figures |= {name: float(row[name]) for name in published}
        found[row["file"]] = figures
        families[row["file"].split("_")[1]].append(figures)
        print(f"{row['file'][:34]:34}" + "".join(f"{figures[name]:12.3f}" for name in names), flush=True)
    for family, each in families.items():
        print(f"{family} ({len(each)})".ljust(34) + "".join(f"{np.mean([f[n] for f in each]):12.3f}" for n in names))
        for name in OURS:
            low, high = interval([figures[name] for figures in each])
            print(f"  {name}: 95 % interval over series {low:.3f} to {high:.3f}")
    return found


def main(arguments: list[str]) -> int:
    if not arguments or not (Path(arguments[0]) / "index.csv").is_file():
        print("python -m tests.bench series FOLDER: a folder with an index.csv", file=sys.stderr)
        return 2
    found = measure(Path(arguments[0]))
    if "--json" in arguments:
        Path(arguments[arguments.index("--json") + 1]).write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0
