"""Training beside everything else: five tabs start a run each while Explore is dragged; what the job system costs; what the presets reach.

LATENT_DATA=… python -m tests.bench.jobs [--part tabs|overhead|presets] [--json FILE]        # some 8 minutes on 2 cores
"""

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from ae_core import Epoch, Training, jobs, load_dataset, read_checkpoint, train_run
from ae_core.presets import PRESETS
from ae_core.runs import runs

from .. import browser as web
from .drag import median, move, releases

TABS = 5
RECIPE = "data=mnist&variant=vae&hidden=400,200&epochs=4"


def tabs() -> dict[str, float]:
    """Five runs are started, each in a tab of its own; Explore is dragged in a sixth while they are at work."""
    with web.app() as address, web.browser() as browser:
        for seed in range(TABS):
            page = browser.new_page()
            page.goto(f"{address}/train?{RECIPE}&seed={seed + 1}")
            page.locator(".st-key-train-start button").click(timeout=60_000)
            page.wait_for_url(re.compile("run="), timeout=60_000)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sent_at: list[float] = []
        received: list[tuple[float, int]] = []

        def watch(socket):
            socket.on("framesent", lambda _: sent_at.append(time.perf_counter()))
            socket.on("framereceived", lambda data: received.append((time.perf_counter(), len(data))))

        page.on("websocket", watch)
        web.ready(page, address)
        web.settled(page)
        box = page.locator('[data-testid="latent-pad"]').first.bounding_box()
        before = sum(jobs.status(folder)["state"] == "running" for folder in runs().values())
        seen = move(page, box, 5)
        reruns = releases(page, box, sent_at, received)
        after = sum(jobs.status(folder)["state"] == "running" for folder in runs().values())
        folders = sorted(runs().values(), key=lambda folder: int(folder.name.rpartition("-")[2]))
        states = jobs.wait(folders, 600)
        ended = [(folder / "status.json").stat().st_mtime for folder in folders]
    return {
        "runs_at_work_while_dragging": min(before, after),
        "new_pictures_a_second": seen["fresh"] / seen["seconds"],
        "rerun_ms": median(reruns),
        "runs_done": sum(state["state"] == "done" for state in states),
        "ended_in_order": float(ended == sorted(ended)),
    }


def overhead() -> dict[str, float]:
    """Wall time of the quick look's epochs, bare and into a run folder (PCA at its start included, figures at its end not), in turn."""
    config = PRESETS["quick"].config("mnist")
    data = load_dataset("mnist")
    torch.set_num_threads(1)

    def seconds(events: Iterator) -> float:
        began = time.perf_counter()
        for event in events:
            if isinstance(event, Epoch) and event.epoch == config.epochs:
                break
        return time.perf_counter() - began

    pairs = [(seconds(iter(Training(config, data))), seconds(train_run(config, Path(os.environ["LATENT_RUNS"]) / f"overhead-{n}", data))) for n in range(3)]
    return {"bare_seconds": statistics.median(bare for bare, _ in pairs), "into_a_run_folder_to_bare": statistics.median(kept / bare for bare, kept in pairs)}


def presets() -> dict[str, float]:
    """From pressing Train to the last epoch, and what the held-out samples then cost."""
    jobs.warm()
    found: dict[str, float] = {}
    for name in ("quick", "good"):
        began = time.perf_counter()
        folder = jobs.submit(PRESETS[name].config("mnist"))
        while jobs.status(folder)["state"] in ("queued", "running"):
            time.sleep(0.05)
        found[f"{name}_seconds"] = time.perf_counter() - began
        jobs.wait([folder], 120)
        found[f"{name}_negative_elbo"] = read_checkpoint(folder).measures["negative_elbo"]
    return found


PARTS = {"tabs": tabs, "overhead": overhead, "presets": presets}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LATENT_RUNS"] = folder
        figures: dict[str, float] = {}
        for name, part in PARTS.items():
            if arguments.part in (None, name):
                figures |= part()
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
    print("\n".join(f"{name:34} {value:8.2f}" for name, value in figures.items()), file=sys.stdout)
