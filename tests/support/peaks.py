"""What a step announces that it will take, and what it takes: each in a process of its own, forked off an idle one.

python -m tests.support.peaks answers a line of JSON, [kind, settings], with one: [announced, measured], bytes.
"""

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from ae_core.base import budget
from ae_core.base.budget import BudgetError
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.resample import resampled
from ae_core.data.csv.table import Table
from ae_core.data.sinusoids import Sinusoids
from ae_core.pca import PCA

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


KINDS = {each.__name__: each for each in (signals, resampling, parquet, pca)}


def _rss(name: str) -> int:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name))


def measured(kind: str, settings: list[float]) -> list[int]:
    """[announced, measured] in this process, bytes; 0 announced where it is too little for a word."""
    announced = 0
    step = KINDS[kind](*settings)
    try:
        with budget.within(0):
            step()
    except BudgetError as error:
        announced = error.need
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _rss("VmRSS")
    step()
    return [announced, max(0, _rss("VmHWM") - before)]


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
