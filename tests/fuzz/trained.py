"""Two small runs whose files the parts mutate, and what is read of them once a process."""

import math
from pathlib import Path
from typing import Any

from ae_core import Config, read_checkpoint, train_run
from ae_core.anomaly.detector import Detector
from ae_core.anomaly.storage import load_detector
from ae_core.data.csv.uploads import keep_upload

SMALL = Config(data="digits", variant="vae", k=2, hidden=(16,), epochs=2, batch_size=512)
CACHE: dict[Any, Any] = {}  # what is read once a process


def scorer(place: Path) -> Detector:
    """A detector of two channels, to score whatever table has so many."""
    if "scorer" not in CACHE:
        folder = trained(place)["signal"]
        CACHE["scorer"] = load_detector(folder, read_checkpoint(folder).model())
    return CACHE["scorer"]


def trained(place: Path) -> dict[str, Path]:
    """Folders of two small runs: "picture", a VAE of the digits with its film, and "signal", a nested one of a table
    with its detector.
    """
    parent = place.parent / "trained"
    folders = {name: parent / name for name in ("picture", "signal")}
    if not parent.exists():
        table = "time,a,b\n" + "".join(
            f"{i},{math.sin(i / 4):.4f},{math.cos(i / 4) + i % 3 / 30:.4f}\n" for i in range(300)
        )
        name = keep_upload(table.encode(), "table.csv")
        signal_run = Config(
            data="csv", variant="nested", k=3, hidden=(8,), epochs=2, batch_size=64, source={"file": name, "window": 8}
        )
        for folder, config in zip(folders.values(), (SMALL, signal_run), strict=True):
            for _ in train_run(config, folder):
                pass
    return folders
