"""How well series of TSB-AD are scored with the command's defaults, by the benchmark's own measure.

python -m tests.bench series FOLDER [--pca] [--sensitivity] [--only PART,PART] [--every N]

FOLDER holds `index.csv` (file, normal_rows, published figures) and the files, each with a column `label`, which is for
judging alone. --pca: train the network for one pass, and judge PCA's column alone. --sensitivity: the same, as each
setting is changed; a series that a setting leaves too few windows of is left out of its comparison. --every N: of every
Nth file.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from ae_core import LatentError
from ae_core.anomaly import newest
from ae_core.anomaly.metrics import vus_pr
from ae_core.anomaly.period import period_buffer
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.scoring import detect
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.data.csv.source import Csv
from ae_core.jobs.recording import train_run
from ae_core.runs.checkpoint import read_checkpoint

BANKS = {"bank of 100": 100, "bank of 2,000": 2000}
CHANGES = {
    "window × 0.5": 0.5,
    "window × 2": 2.0,
    "variance .5": 0.5,
    "variance .9": 0.9,
    **dict.fromkeys(BANKS, 1.0),
    "normal rows × 0.5": 0.5,
}
PUBLISHED = ("pca", "autoencoder", "kmeans", "best")


def scored(path: Path, normal_rows: int, folder: Path, network: bool, **settings: object) -> dict[str, float]:
    """VUS-PR of one file, of the network and of PCA, and the seconds that it took. settings: of the source csv."""
    frame = pd.read_csv(path)
    label = frame.pop("label").to_numpy() > 0
    bare = folder / path.name
    frame.to_csv(bare, index=False)
    source = {"file": str(bare), "normal": f"0:{normal_rows}", "label": "none", "time": "none", **settings}
    table = Csv(**source).table()
    more = {} if network else {"epochs": 1, "hidden": (16,)}
    begun = time.process_time()
    for _ in train_run(recipe(table, source, **more), folder / path.stem):
        pass
    run = read_checkpoint(folder / path.stem)
    if not (run.folder / DETECTION).is_file():
        detect(run)
    found = load_detection(run.folder / DETECTION)
    buffer = period_buffer(frame.iloc[:, 0].to_numpy())
    sides = {"network": found.network, "PCA": found.pca}
    known = {name: np.isfinite(side.score) for name, side in sides.items()}
    # Rows without a score are judged as the least abnormal ones: the benchmark judges all rows.
    scores = {name: np.where(known[name], side.score, np.nanmin(side.score)) for name, side in sides.items()}
    return {name: vus_pr(score, label, buffer) for name, score in scores.items()} | {
        "seconds": time.process_time() - begun
    }


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m tests.bench series", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pca", action="store_true", help="judge PCA's column alone")
    parser.add_argument("--only", default="", help="files whose names hold this, or one of these with commas between")
    parser.add_argument("--sensitivity", action="store_true", help="PCA's column as each setting is changed")
    parser.add_argument("--every", type=int, default=1, help="of every so many files one")
    asked = parser.parse_args(words)
    index = pd.read_csv(asked.folder / "index.csv").iloc[:: asked.every]
    index = index[[any(name in file for name in asked.only.split(",")) for file in index.file]]
    if asked.sensitivity:
        sensitivity(asked.folder, index)
        return
    lines = []
    with tempfile.TemporaryDirectory() as beside:
        os.environ["LATENT_RUNS"] = beside
        for row in index.itertuples():
            found = scored(asked.folder / row.file, row.normal_rows, Path(beside), not asked.pca)
            family = row.file.split("_")[1]
            lines.append({"family": family, **found, **{name: getattr(row, name) for name in PUBLISHED}})
            print(
                f"{row.file:32} network {found['network']:.3f} PCA {found['PCA']:.3f}  {found['seconds']:.0f} s",
                flush=True,
            )
    frame = pd.DataFrame(lines)
    for family, part in [*frame.groupby("family"), ("all", frame)]:
        means = part.drop(columns="family").mean()
        print(f"{family:6} {len(part):3} " + "  ".join(f"{name} {value:.3f}" for name, value in means.items()))
        low, high = interval(part["network"].to_numpy())
        print(f"{'':11}network's mean: {low:.3f} to {high:.3f} with 95 % over series drawn again")
        apart = (part["network"] - part["PCA"]).to_numpy()
        low, high = interval(apart)
        print(
            f"{'':11}network less PCA: {apart.mean():+.4f} ({low:+.4f} to {high:+.4f}, series by series), "
            f"better on {(apart > 0).sum()} of {len(apart)}, the largest difference {np.abs(apart).max():.3f}"
        )


def sensitivity(folder: Path, index: pd.DataFrame) -> None:
    """Print the mean of PCA's column as it is, and as each setting is halved or doubled, beside that of the same series
    as they are.
    """
    usual: np.ndarray | None = None
    families = index.file.str.split("_").str[1].to_numpy()
    for name in ("as it is", *CHANGES):
        with tempfile.TemporaryDirectory() as beside, mock.patch.object(newest, "BANK", BANKS.get(name, newest.BANK)):
            os.environ["LATENT_RUNS"] = beside
            found = np.array(
                [changed(folder / row.file, row.normal_rows, Path(beside), name) for row in index.itertuples()]
            )
        usual = found if usual is None else usual
        fit = np.isfinite(found)
        parts = [*((family, fit & (families == family)) for family in np.unique(families)), ("all", fit)]
        said = "  ".join(
            f"{part} {found[rows].mean():.3f} ({(found - usual)[rows].mean():+.3f}, {rows.sum()})"
            for part, rows in parts
            if rows.any()
        )
        print(f"{name:20} {said}", flush=True)


def changed(path: Path, normal_rows: int, folder: Path, name: str) -> float:
    """PCA's VUS-PR of a file with one setting changed; NaN where too little is left to train on."""
    settings: dict[str, object] = {}
    if name.startswith("window"):
        source = {"file": str(path), "normal": f"0:{normal_rows}", "label": "label", "time": "none"}
        settings = {"window": max(4, int(Csv(**source).prepare().window * CHANGES[name]))}
    elif name.startswith("variance"):
        settings = {"variance": CHANGES[name]}
    rows = int(normal_rows * CHANGES[name]) if name.startswith("normal") else normal_rows
    try:
        return scored(path, rows, folder, False, **settings)["PCA"]
    except LatentError:
        return float("nan")


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % of the means of as many series drawn again, with replacement."""
    means = np.random.default_rng(0).choice(values, (2000, len(values))).mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
