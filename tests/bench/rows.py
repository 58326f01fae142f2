"""A table of sensors: rows a second read, beside pandas; rows a second scored, beside scikit-learn's PCA of the same
windows.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA

from ae_core import read_checkpoint, train_run
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.storage import load_detector
from ae_core.data.csv.source import Csv
from ae_core.data.sensors import plant_csv

ROWS, CHANNELS, ROUNDS = 100_000, 10, 3


def timed(work) -> tuple[float, object]:
    start = time.perf_counter()
    value = work()
    return time.perf_counter() - start, value


def by_pca(pca: PCA, x: np.ndarray) -> np.ndarray:
    """Squared error of each window of x (N, D)."""
    return np.concatenate(
        [
            np.square(pca.inverse_transform(pca.transform(part)) - part).mean(1)
            for part in np.array_split(x, max(1, len(x) // 4096))
        ]
    )


def measure() -> dict[str, float]:
    """Each in turn, the medians of some rounds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plant.csv"
        text = plant_csv(ROWS, CHANNELS, 0).decode()
        path.write_text(text.replace(",", ";").replace(".", ","))  # as a spreadsheet in half of the world writes it
        reading = []
        for _ in range(ROUNDS):
            ours, table = timed(Csv(file=str(path)).table)
            theirs, _ = timed(lambda: pd.read_csv(path, sep=";", decimal=",", parse_dates=["time"]))
            reading.append((ours, theirs))
        source = {"file": str(path), "normal": "0:20000", "window": 32}
        config = recipe(table, source, epochs=2)
        for _ in train_run(config, Path(folder) / "run"):
            pass
        checkpoint = read_checkpoint(Path(folder) / "run")
        detector = load_detector(checkpoint.folder, checkpoint.model())
        ready = Csv(**source).prepare(table)
        train = ready.windows(ready.train)[0].reshape(-1, 32 * CHANNELS)
        pca = PCA(min(config.k, 64)).fit(train)
        scoring = []
        for _ in range(ROUNDS):
            ours, _ = timed(lambda: detector.score(table))
            theirs, _ = timed(lambda: by_pca(pca, ready.windows((0, len(table)), 1)[0].reshape(-1, 32 * CHANNELS)))
            scoring.append((ours, theirs))
    return {
        "rows": ROWS,
        "channels": CHANNELS,
        "rows_read_a_second": ROWS / statistics.median(a for a, _ in reading),
        "reading_to_pandas": statistics.median(a / b for a, b in reading),
        "rows_scored_a_second": ROWS / statistics.median(a for a, _ in scoring),
        "scoring_to_sklearn_pca": statistics.median(a / b for a, b in scoring),
    }
