"""Six data sets of six kinds, as people bring them, each with a small map and a nested model."""

import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from ae_core import Config, train_run
from ae_core.data.csv.uploads import keep_upload
from ae_core.data.samples.source import Samples
from pages.sections.data.examples import example

SMALL = {"hidden": (32,), "batch_size": 32, "epochs": 2, "device": "cpu", "precision": "float32"}
KINDS = ("pulses", "patients", "digits", "patches", "channels", "unlabelled")


class Own(NamedTuple):
    """file: its kept name; map, sizes: the names of its runs."""

    file: str
    map: str
    sizes: str


def channels() -> tuple[bytes, str]:
    """A .ts file of two channels and two classes."""
    random, t = np.random.default_rng(1), np.linspace(0, 1, 40)
    lines = []
    for n in range(80):
        parts = [np.sin(2 * np.pi * (1 + n % 2 + c) * t + random.normal()) + 3 * c for c in range(2)]
        lines.append(":".join([*(",".join(f"{v:.3f}" for v in part) for part in parts), ("walk", "run")[n % 2]]))
    head = ["@problemName x", "@univariate false", "@classLabel true walk run", "@data"]
    return "\n".join([*head, *lines]).encode(), "channels.ts"


def unlabelled() -> tuple[bytes, str]:
    """Pictures without classes."""
    out, random = io.BytesIO(), np.random.default_rng(2)
    x = np.zeros((80, 16, 16), np.uint8)
    for picture in x:
        a, b = random.integers(2, 12, 2)
        picture[a : a + 4, b : b + 3] = 255
    np.savez(out, x=x)
    return out.getvalue(), "unlabelled.npz"


MADE = {"channels": channels, "unlabelled": unlabelled}


def make(kind: str, runs: Path, data: Path) -> Own:
    """The data set in these folders of the app."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_DATA", str(data))
        file = keep_upload(*(MADE[kind]() if kind in MADE else example(kind)))
        ready = Samples(file=file).prepare()
        common = {"data": "samples", "source": {"file": file}, **SMALL}
        k = min(6, ready.x[0].size, len(ready.train) - 1)
        for name, config in (
            ("map", Config(variant="vae", k=2, **common)),
            ("sizes", Config(variant="nested", k=k, **common)),
        ):
            folder = runs / f"{kind}-{name}"
            if not (folder / "codes.npz").is_file():
                for _ in train_run(config, folder):
                    pass
    return Own(file, f"{kind}-map", f"{kind}-sizes")
