"""status.json and metrics.jsonl."""

import contextlib
import json
import shutil
from pathlib import Path

from ae_core.jobs.queue import jobs
from ae_core.runs.status import LOCK

from .folders import look_figures, look_status
from .trained import trained


def metrics_seeds(place: Path) -> list[dict]:
    folder = trained(place)["picture"]
    lines, log = (folder / "status.json").read_bytes(), (folder / "metrics.jsonl").read_bytes()
    queued = {"state": "queued", "epoch": 0, "epochs": 3, "queue": ".queue-1-a", "since": 5, "message": ""}
    running = {
        "state": "running",
        "epoch": 1,
        "epochs": 3,
        "step": 4,
        "steps": 9,
        "rate": 10.5,
        "left": 3.5,
        "pid": 7,
        "message": "",
    }
    measuring = {"state": "measuring", "was": "stopped", "epoch": 1, "epochs": 3, "message": "", "pid": 7}
    states = [lines, *(json.dumps(state).encode() for state in (queued, running, measuring))]
    return [
        *({"run": "picture", "file": "status.json", "data": state} for state in states),
        {"run": "picture", "file": "metrics.jsonl", "data": log},
    ]


def try_metrics(given: dict, place: Path) -> None:
    """The same as of a folder, once as it lies there and once while a process is at work on it, with what the Train
    page makes of it.
    """
    from ae_core.base.locks import holding
    from pages.ui.wording import format_duration

    folder = place / "runs" / "run"
    if not folder.exists():
        shutil.copytree(trained(place)["picture"], folder)
    path = folder / given["file"]
    before = path.read_bytes()
    path.write_bytes(given["data"])
    try:
        for guard in (contextlib.nullcontext(True), holding(folder / LOCK)):
            with guard:
                look_status(folder)
                look_figures(folder)
                found = jobs.status(folder)
                if found["state"] == "running" and "step" in found:  # as the page writes them
                    f"{found['step']:,} of {found['steps']:,} {found['rate']:,.0f}"
                    f" {format_duration(found['left'])} {found['step'] / max(1, found['steps'])}"
    finally:
        path.write_bytes(before)
