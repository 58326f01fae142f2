"""How long a row takes that comes alone: where it is scored, with what was judged and without, and over HTTP.

python -m tests.bench stream [--rows 20000] [--channels 10]

A run is trained on a plant. Wall times, and the processor time of the scoring thread, which other work on the machine
does not lengthen.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import torch

from ae_core import read_checkpoint, train_run
from ae_core.anomaly.judged.events import NORMAL, Event, Events
from ae_core.anomaly.judged.live import heard
from ae_core.anomaly.judged.log import Judged
from ae_core.anomaly.live import LiveScores
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.storage import load_detector
from ae_core.anomaly.thresholds import Rule
from ae_core.data.csv.live import Hints
from ae_core.data.csv.source import Csv
from ae_core.data.sensors import plant_csv
from tests.support.browser import free_port

TRAINED, WARM, REQUESTS = 6000, 200, 1000
UP_SECONDS = 60


def said(name: str, seconds: list[float], own: list[float] | None = None) -> None:
    """Print the quantiles of what rows took."""
    for kind, each in (("", seconds), (" (processor)", own or [])):
        if each:
            p50, p99, most = 1e3 * np.quantile(each, [0.5, 0.99, 1.0])
            print(
                f"{name}{kind}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, longest {most:.1f} ms", file=sys.stdout, flush=True
            )


def one_at_a_time(live: LiveScores, lines: list[str], name: str) -> None:
    """Score lines and say how long each took."""
    wall, own = [], []
    for line in lines:
        began, own_began = time.perf_counter(), time.thread_time()
        live.feed(line)
        wall.append(time.perf_counter() - began)
        own.append(time.thread_time() - own_began)
    said(name, wall[WARM:], own[WARM:])
    print(f"{name}: {len(own[WARM:]) / sum(own[WARM:]):,.0f} rows a second of processor time", file=sys.stdout)


def over_http(folder: Path, rows: np.ndarray) -> None:
    """A row a request."""
    port = free_port()
    kept = str(folder.parent / "streams.sqlite")
    command = [sys.executable, "-m", "ae_core", "serve", str(folder), "--port", str(port), "--state", kept]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        connection, wall = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
        for n, row in enumerate(rows[: REQUESTS + WARM]):
            body = json.dumps({"stream": "bench", "first": n, "rows": [row.tolist()]})
            began = time.perf_counter()
            connection.request("POST", "/score", body)
            answer = connection.getresponse()
            answer.read()
            wall.append(time.perf_counter() - began)
            assert answer.status == 200, answer.status
        said("a row over HTTP, kept on the disk", wall[WARM:])
    finally:
        server.terminate()
        server.wait(30)


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m tests.bench stream", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--channels", type=int, default=10)
    asked = parser.parse_args(words)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        file, run = Path(folder) / "plant.csv", Path(folder) / "run"
        file.write_bytes(plant_csv(TRAINED, asked.channels, 0))
        source = {"file": str(file), "normal": f"0:{TRAINED // 2}"}
        for _ in train_run(recipe(Csv(**source).table(), source, epochs=2), run):
            pass
        checkpoint, hints = read_checkpoint(run), Hints.of(Csv(**source))
        detector = load_detector(run, checkpoint.model())
        lines = plant_csv(asked.rows, asked.channels, 1).decode().splitlines(keepends=True)
        one_at_a_time(LiveScores(detector, Rule(), hints), lines, "a row")
        events = Events([Event(300 * n, 300 * n + 60, NORMAL) for n in range(10)])
        judged, _ = heard(checkpoint, events, Rule(), Judged(), "")
        one_at_a_time(
            LiveScores(detector, Rule(), hints, heard=judged), lines, "a row, with ten stretches called normal"
        )
        over_http(run, Csv(file=str(file)).table().values)
