"""How a run stands: queued, running, measuring, stopped, done, failed or dead."""

import contextlib
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..base.errors import LatentError
from ..base.files import Stamp, read_json, stamps, write_json
from ..base.locks import held, holding
from ..base.owners import common
from .records import epochs_made, is_figure

BUSY = ("queued", "running", "measuring")
STATES = (*BUSY, "stopped", "done", "failed", "dead")
STOP, LOCK, STATUS = "stop", ".lock", "status.json"
TURN = ".turn"  # held while a status is read and changed after it


def write_status(folder: Path, state: str, **about: Any) -> None:
    """Say how a run stands; `about` holds what `status` gives besides."""
    write_json(folder / STATUS, {"state": state, **about})


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[dict[str, Any]]:
    """Nobody else changes the status of this run inside; gives it as it was written, which may be long ago."""
    with holding(folder / TURN):
        yield _status(folder)


def status(folder: Path) -> dict[str, Any]:
    """How a run stands.

    A folder whose status cannot be read counts as done where it was measured and nothing is left to go on with, else as
    dead.

    state: queued, running (epochs are made), measuring (the figures at the end), stopped, done, failed, or dead where
    its worker or the queue it waited in is gone; epoch, epochs; message: what went wrong. While it runs also step,
    steps (in this epoch), rate (samples a second) and left (seconds). While it is queued, queue (a lock file) and since
    (when it came).
    """
    content = _status(folder)
    if content["state"] == "queued" and (folder / STOP).exists():
        return {**content, "state": "stopped"}
    holder = common(folder.parent) / str(content.get("queue")) if content["state"] == "queued" else folder / LOCK
    if content["state"] in BUSY and not held(holder):
        # It may have ended, or begun, between the two looks.
        again = _status(folder)
        if again["state"] != content["state"]:
            return status(folder) if again["state"] in BUSY else again
        if "was" in content:  # a measuring that was cut off changes nothing
            return {**content, "state": content["was"]}
        gone = "The queue it waited in is gone" if content["state"] == "queued" else "Its worker process is gone"
        return {**content, "state": "dead", "message": f"{gone}: resume it, and it goes on from its last epoch."}
    return content


def _is_status(content: dict[str, Any]) -> bool:
    """Whether each part of a status is of its kind."""
    pace = ("step", "steps", "rate", "left")
    return (
        content.get("state") in STATES
        and content.get("was", "done") in STATES
        and isinstance(content.get("message", ""), str)
        and all(
            type(content.get(name, 0)) is int and 0 <= content.get(name, 0) < 2**63
            for name in ("epoch", "epochs", "since", "step", "steps")
        )
        and all(is_figure(content[name]) and content[name] >= 0 for name in pace if name in content)
        and sum(name in content for name in pace) in (0, len(pace))
    )


@functools.lru_cache(maxsize=2000)
def _read(path: Path, stamp: tuple[Stamp, ...]) -> dict[str, Any] | None:
    """What a status file says, as long as it stays as it is: each is written as a new file. Raises LatentError."""
    content = read_json(path)
    return content if isinstance(content, dict) and _is_status(content) else None


def _status(folder: Path) -> dict[str, Any]:
    with contextlib.suppress(LatentError):
        path = folder / STATUS
        content = _read(path, stamps(folder, (STATUS,)))
        if content is not None and content["state"] in BUSY:  # it may change twice between two ticks of the clock
            content = _read.__wrapped__(path, ())
        if content is not None:
            return {"epoch": 0, "epochs": 0, "message": "", **content}
    made = epochs_made(folder)
    if (folder / "measures.json").exists() and not (folder / "state.safetensors").exists():
        return {"state": "done", "epoch": made, "epochs": made, "message": ""}
    return {
        "state": "dead",
        "epoch": made,
        "epochs": made,
        "message": "The run's status cannot be read: resume it, and it goes on from its last epoch.",
    }
