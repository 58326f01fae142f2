"""Six data sets of six kinds, as people bring them, each with a small map and a nested model."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

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


def photographs() -> tuple[bytes, str]:
    """500 colour JPEGs of mixed sizes in four folders: a disc of the folder's colour on a dark ground."""
    random, colours = np.random.default_rng(3), {"red": (250, 40, 40), "green": (40, 250, 40), "blue": (40, 40, 250)}
    colours["yellow"] = (240, 220, 30)

    def picture(n: int) -> tuple[str, bytes]:
        name = list(colours)[n % 4]
        width, height = random.integers(60, 400, 2)
        pixels = np.zeros((height, width, 3), np.uint8) + random.integers(0, 60, 3, dtype=np.uint8)
        y, x = np.ogrid[:height, :width]
        at = random.uniform(0.3, 0.7, 2) * (height, width)
        pixels[(y - at[0]) ** 2 + (x - at[1]) ** 2 < (min(width, height) / 5) ** 2] = colours[name]
        return f"{name}/{n}.jpg", _written(pixels, "JPEG")

    return _zipped(map(picture, range(500))), "photographs.zip"


def scans() -> tuple[bytes, str]:
    """2,000 PNGs in ten folders: a bar whose angle is the folder's, in grey."""
    y, x = np.ogrid[-1:1:28j, -1:1:28j]
    random = np.random.default_rng(4)

    def picture(n: int) -> tuple[str, bytes]:
        angle = np.pi * (n % 10) / 10 + random.normal(0, 0.05)
        bar = np.exp(-(((x * np.sin(angle) - y * np.cos(angle)) / 0.15) ** 2))
        return f"set/{n % 10}/{n}.png", _written(np.uint8(255 * bar), "PNG")

    return _zipped(map(picture, range(2000))), "scans.zip"


def _written(pixels: np.ndarray, kind: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


MADE = {"channels": channels, "unlabelled": unlabelled, "photographs": photographs, "scans": scans}


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
