"""What a step announces that it will take, and what it takes: each in a process of its own, forked off an idle one.

python -m tests.support.peaks answers a line of JSON, [kind, settings], with one: [announced, measured], bytes.
"""

import io
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save

from ae_core import Config
from ae_core.base import budget
from ae_core.data import Dataset
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.resample import resampled
from ae_core.data.csv.source import dataset
from ae_core.data.csv.table import Table
from ae_core.data.csv.windows import prepared
from ae_core.data.sinusoids import Sinusoids
from ae_core.io.images import read_picture
from ae_core.model.autoencoder import Autoencoder
from ae_core.model.metrics import ask_measuring, figures
from ae_core.pca import PCA
from ae_core.runs.archive import PACKED, unpack
from ae_core.runs.checkpoint import half_precision
from ae_core.training import snapshots
from ae_core.training.loop import Training

SECOND = np.timedelta64(10**9, "ns")


def signals(samples: int, length: int, complexity: int) -> Callable[[], object]:
    """So many sums of sinusoids."""
    return Sinusoids(samples=samples, length=length, complexity=complexity).load


def resampling(rows: int, channels: int, step: float) -> Callable[[], object]:
    """A table of a row a minute, with a row every so many seconds."""
    values = np.random.default_rng(0).normal(size=(rows, channels))
    time = np.datetime64("2024-01-01", "ns") + 60 * np.arange(rows) * SECOND
    names = tuple(f"c{n}" for n in range(channels))
    return lambda: resampled(Table(names, ("",) * channels, values, time, 60.0), step)


def parquet(rows: int, channels: int) -> Callable[[], object]:
    """A Parquet file of columns that are packed to little."""
    import pyarrow as pa
    import pyarrow.parquet

    file = io.BytesIO()
    column = np.repeat(np.arange(float(-(-rows // 100))), 100)[:rows]
    pa.parquet.write_table(pa.table({f"c{n}": column for n in range(channels)}), file)
    return lambda: read_table(file.getvalue())


def pca(samples: int, size: int, k: int) -> Callable[[], object]:
    """PCA of samples."""
    x = torch.randn(samples, size, generator=torch.Generator().manual_seed(0))
    return lambda: PCA(x, k)


def windows(rows: int, channels: int, window: int, stride: int) -> Callable[[], object]:
    """Windows of a table, their own PCA, and what is measured on them."""
    ready = prepared(_table(rows, channels), window=window, stride=stride)
    model = Autoencoder(Config(data="csv", variant="linear", k=2), (channels, window), None)

    def step() -> object:
        data = dataset(ready, "csv")
        known = PCA(data.x_train, 2)
        ask_measuring(data, 2)
        return list(figures(model, data, known))

    return step


def codes(samples: int, size: int, k: int) -> Callable[[], object]:
    """Codes of so many samples, and what is measured on them."""
    x = torch.rand(samples, 1, size)
    data = Dataset("sinusoids", x[:100], x, None)
    known = PCA(x[:1000], k)
    model = Autoencoder(Config(data="sinusoids", variant="linear", k=k), data.shape, None)

    def step() -> object:
        ask_measuring(data, k)
        return list(figures(model, data, known))

    return step


def archive(width: int, count: int) -> Callable[[], object]:
    """A run that somebody brings, of a network with so many layers."""
    folder = Path(tempfile.mkdtemp())
    config = Config(data="digits", variant="deep", k=2, hidden=(width,) * count)
    weights = half_precision(Autoencoder(config, (1, 8, 8), (0.0, 1.0)))
    about = {"config": config.to_json(), "shape": [1, 8, 8], "range": [0, 1]}
    with zipfile.ZipFile(folder / PACKED, "w") as file:
        file.writestr("config.json", json.dumps(about))
        file.writestr("weights.safetensors", save(weights))
    del weights

    def step() -> None:
        try:
            unpack(folder)
        finally:
            shutil.rmtree(folder)

    return step


def text(rows: int, channels: int) -> Callable[[], object]:
    """A table as text."""
    line = ",".join(f"{n / 7:.4f}" for n in range(1, channels + 1))
    file = (",".join(f"c{n}" for n in range(channels)) + "\n" + (line + "\n") * rows).encode()
    return lambda: read_table(file)


def layers(width: int, count: int) -> Callable[[], object]:
    """Some steps of a network, and its state as it is kept."""
    x = torch.rand(300, 1, 8, 8)
    data = Dataset("digits", x, x[:100], (0.0, 1.0))
    config = Config(data="digits", variant="deep", k=2, hidden=(width,) * count, batch_size=64, epochs=1)

    def step() -> object:
        training = Training(config, data)
        for _ in training:
            pass
        return half_precision(training.model), training.state()

    return step


def film(size: int, count: int) -> Callable[[], object]:
    """The samples that a film watches, and an epoch of it."""
    x = torch.rand(count, 1, size)
    data = Dataset("sinusoids", x[:100], x, None)
    model = Autoencoder(Config(data="sinusoids", variant="deep", k=2, hidden=(8,)), data.shape, None)
    known = PCA(x[:100], 2)

    def step() -> object:
        with tempfile.TemporaryDirectory() as folder:
            return snapshots.take(model, snapshots.begin(Path(folder), data, 2, known))

    return step


def picture(width: int, height: int, mode: str) -> Callable[[], object]:
    """A picture file."""
    file = io.BytesIO()
    pixels = Image.new(mode, (width, height), "white")
    pixels.paste("black", (width // 4, height // 4, width // 2, height // 2))
    pixels.save(file, "PNG", compress_level=1)
    del pixels
    return lambda: read_picture(file.getvalue())


def _table(rows: int, channels: int) -> Table:
    values = np.random.default_rng(0).normal(size=(rows, channels))
    return Table(tuple(f"c{n}" for n in range(channels)), ("",) * channels, values)


STEPS = (signals, resampling, parquet, pca, windows, codes, archive, text, layers, film, picture)
KINDS = {each.__name__: each for each in STEPS}


def _rss(name: str) -> int:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name))


def measured(kind: str, settings: list[Any]) -> list[int]:
    """[announced, measured] in this process, bytes: the most at once, of all that the step announced."""
    step = KINDS[kind](*settings)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _rss("VmRSS")
    with budget.within(None) as account:
        step()
    return [account.announced, max(0, _rss("VmHWM") - before)]


def main() -> None:
    torch.set_num_threads(1)
    measured("pca", [200, 50, 3])  # what is imported by the first call
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as answer:
            if not (child := os.fork()):
                try:
                    json.dump(measured(*json.loads(line)), answer)
                    answer.flush()
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            answer.seek(0)
            print(answer.read(), flush=True)


if __name__ == "__main__":
    main()
