"""Training beside everything else: five tabs start a run each while Explore is dragged; what the job system costs; what
the presets reach.
"""

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import torch

from ae_core import Epoch, Training, load_dataset, read_checkpoint, train_run
from ae_core.jobs.queue import jobs
from ae_core.model.presets import PRESETS
from ae_core.runs.folder import runs

from ..support import browser as web
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
        sent_at, received = web.traffic(page)
        web.ready(page, address)
        web.settled(page)
        box = page.locator('[data-testid="latent-pad"]').first.bounding_box()
        before = sum(jobs.status(folder)["state"] == "running" for folder in runs().values())
        seen = move(page, box, 5)
        reruns = releases(page, box, sent_at, received, count=25)
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


def overhead(rounds: int = 3) -> dict[str, float]:
    """Wall time of the quick look's epochs, into a run folder (PCA at its start included, figures at its end not) and
    bare.

    The two are made in turn, an epoch of one and an epoch of the other, and of each epoch the fastest of all rounds
    counts: what else the machine does comes and goes, and only ever adds. The steps are the same in both, and vary by
    more than what a folder costs: they count as the bare ones took (so that what a step's look for a wish to stop
    takes, some µs of its ms, is left out).
    """
    data, config = load_dataset("mnist"), PRESETS["quick"].config("mnist")
    torch.set_num_threads(1)
    bare, kept = [], []
    for n in range(rounds):
        folder = Path(os.environ["LATENT_RUNS"]) / f"overhead-{n}"
        first, second = (
            epoch_seconds(lambda: iter(Training(config, data))),
            epoch_seconds(lambda to=folder: train_run(config, to, data)),
        )
        both = [(next(first), next(second)) for _ in range(config.epochs)]
        bare.append([seconds for seconds, _ in both])
        kept.append([seconds for _, seconds in both])
    alone, written = (np.min(epochs, axis=0).sum(0) for epochs in (bare, kept))  # (of the steps, of the rest)
    return {"quick_bare_seconds": alone.sum(), "quick_into_a_run_folder_to_bare": (alone[0] + written[1]) / alone.sum()}


def epoch_seconds(begin: Callable[[], Iterator]) -> Iterator[tuple[float, float]]:
    """Wall time of each epoch: (its steps', all the rest's), the first one's from before anything was made ready."""
    began, before, events = time.perf_counter(), 0.0, begin()
    for event in events:
        if isinstance(event, Epoch):
            steps = event.seconds - before
            yield steps, time.perf_counter() - began - steps
            began, before = time.perf_counter(), event.seconds


def presets() -> dict[str, float]:
    """From pressing Train, on a page that has said how long it will take, to the last epoch; and what the held-out
    samples then cost.
    """
    jobs.warm()
    found: dict[str, float] = {}
    for name in ("quick", "good"):
        jobs.estimate(PRESETS[name].config("mnist")).result()
        began = time.perf_counter()
        folder = jobs.submit(PRESETS[name].config("mnist"))
        while jobs.status(folder)["state"] in ("queued", "running"):
            time.sleep(0.05)
        found[f"{name}_seconds"] = time.perf_counter() - began
        jobs.wait([folder], 120)
        found[f"{name}_negative_elbo"] = read_checkpoint(folder).measures["negative_elbo"]
    return found


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, LATENT_RUNS=folder):
        return tabs() | overhead() | presets()
