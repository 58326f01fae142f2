"""Server and two workers stay under 2 GB together, the server under 1 GB, whatever a visitor brings: watched from
outside.
"""

import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from ae_core import read_checkpoint
from ae_core.data.csv.uploads import keep_upload
from ae_core.runs.archive import zip_run

from ..support import browser as web

TOGETHER, SERVER = 2 << 30, 1 << 30  # bytes
LOOK_SECONDS = 0.02  # between two looks
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="what processes hold is read from /proc"),
]


def held(process):
    """Bytes that each process of a tree holds, its root's first."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        children = [child for each in tasks for child in each.read_text().split()]
    except (OSError, ValueError, IndexError):  # it has just ended
        return [0]
    return [pages * os.sysconf("SC_PAGE_SIZE"), *(size for child in children for size in held(child))]


class Watched:
    """A server of its own, and the most that it and its workers held."""

    def __init__(self, environment):
        command = [sys.executable, "-m", "tests.support.visits"]
        self.process = subprocess.Popen(
            command, cwd=web.ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.together = self.server = self.processes = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self):
        while not self._end.wait(LOOK_SECONDS):
            sizes = held(self.process.pid)
            self.together, self.server = max(self.together, sum(sizes)), max(self.server, sizes[0])
            self.processes = max(self.processes, len(sizes))

    def says(self, page, sentence, state=None, upload="", **link):
        print(json.dumps([page, state or {}, link, sentence, str(upload)]), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def end(self):
        self._end.set()
        self._thread.join()
        self.process.stdin.close()
        self.process.wait(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("together")


@pytest.fixture(scope="module")
def server(folder):
    said = {"MOST_MEMORY": "2000", "MOST_WORKERS": "2", "RUNS": folder / "runs", "DATA": folder / "data"}
    watched = Watched(os.environ | {f"LATENT_{name}": str(value) for name, value in said.items()})
    yield watched
    watched.end()


@pytest.fixture
def upload(folder, monkeypatch):
    """Keeps a file as an upload of that server's."""
    monkeypatch.setenv("LATENT_DATA", str(folder / "data"))
    return keep_upload


@pytest.fixture(autouse=True)
def bounded(server):
    yield
    assert server.together < TOGETHER
    assert server.server < SERVER


def test_long_windows_at_every_row(server, upload):
    rows = "".join(f"{n % 7},{n % 11},{n % 5},{n % 3}\n" for n in range(60_000))
    file = upload(f"a,b,c,d\n{rows}".encode(), "long.csv")
    sentence = "Windows of 4,096 rows at stride 1 need"
    assert sentence in server.says("train", sentence, data="csv", file=file, window="4096", stride="1")
    assert server.processes > 1  # it was a worker that said so


def test_a_small_table_resampled_to_two_seconds(server, upload):
    rows = "".join(f"2020-01-01 {n // 60:02}:{n % 60:02}:00,{n % 7}\n" for n in range(1400))
    file = upload(f"t,a\n{rows}2020-09-01 00:00:00,3\n".encode(), "slow.csv")
    sentence = "Rows every 2 s"
    assert sentence in server.says("signals", sentence, {"read-resample_seconds": 2.0}, file=file)


def test_a_parquet_file_of_constant_columns(server, upload):
    packed = io.BytesIO()
    pa.parquet.write_table(pa.table({f"c{n}": np.zeros(1_000_000) for n in range(100)}), packed)
    sentence = "1,000,000 rows × 100 columns need"
    assert sentence in server.says("signals", sentence, file=upload(packed.getvalue(), "constant.parquet"))


def test_a_link_alone(server):
    sentence = "150,000 signals of 4,096 values need 7.4 GB"
    assert sentence in server.says("train", sentence, data="sinusoids", samples="150000", length="4096")


def test_a_link_to_ten_thousand_layers(server):
    sentence = "10,000 hidden layers"
    assert sentence in server.says("train", sentence, data="digits", hidden=",".join(["1"] * 10_000))


def test_a_zip_of_very_many_epochs(server, small_run, folder):
    line = json.dumps({"epoch": 1, "seconds": 0.5, "train_loss": 1.0, "test_loss": 1.0}) + "\n"
    packed = folder / "many.zip"
    with (
        zipfile.ZipFile(io.BytesIO(zip_run(read_checkpoint(small_run)))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            many = part.filename.endswith("metrics.jsonl")
            new.writestr(part.filename, line * (127_000_000 // len(line)) if many else old.read(part))
    assert packed.stat().st_size < 2_000_000
    assert server.says("runs", "", upload=packed) == ""
    assert (folder / "runs" / "many" / "status.json").exists()
