"""How long a training will take and what would go wrong, from a few of its steps."""

import json
import time
from functools import lru_cache
from typing import Any, NamedTuple

import torch

from ..data import Dataset
from ..model.config import Config
from ..runs.folder import runs_folder
from ..sockets.neighbours import Layout
from ..training.diagnosis import range_remark, unreachable
from ..training.loop import Step, Training
from .occupancy import threads_for
from .process import this_process

TRIAL_SECONDS = 1.0  # of steps
WARM_UP_STEPS = 3  # slower than the rest: kernels are chosen, memory is taken


class Estimate(NamedTuple):
    """What a few steps say of a training before it starts.

    Attributes:
        epoch, total: seconds an epoch, and of all of them.
        device: what it runs on: "one core", "3 cores", "cuda".
        parameters: numbers that are trained.
        samples: training samples.
        remarks: what would go wrong.
    """

    epoch: float
    total: float
    device: str
    parameters: int
    samples: int
    remarks: list[Any]


def estimate(recipe: dict[str, Any]) -> Estimate:
    """What a worker does for an estimate of a recipe, as `Config.to_json` gives it. Raises LatentError where that
    cannot be trained.
    """
    this_process.settle()
    torch.set_num_threads(threads_for(runs_folder()))
    config = Config.from_json(recipe)
    data = _data(json.dumps({"data": config.data, "source": dict(config.source)}))
    # where exactly the samples lie makes no step slower
    training = Training(config, data, layout=Layout.unknown(len(data.x_train), len(data.x_test)))
    threads, kind = torch.get_num_threads(), training.device.type
    device = kind if kind != "cpu" else "one core" if threads == 1 else f"{threads} cores"
    epoch = _epoch_seconds(training, own_time=device == "one core")
    remarks = range_remark(training.model.output, unreachable(training.model.output, data.x_train))
    parameters = sum(p.numel() for p in training.model.parameters())
    return Estimate(epoch, epoch * config.epochs, device, parameters, len(data.x_train), remarks)


def _epoch_seconds(training: Training, own_time: bool) -> float:
    """Seconds of an epoch and its evaluation, from about a second of steps."""
    # A core's own time: a worker steps back behind whatever else is busy just now, a hundredfold, and a training
    # outlasts that.
    clock = time.thread_time if own_time else time.perf_counter
    begin, since, steps = clock(), time.perf_counter(), 0
    for event in training:
        took = time.perf_counter() - since
        if isinstance(event, Step):
            steps += 1
            if steps == WARM_UP_STEPS:
                begin, since = clock(), time.perf_counter()
            elif steps > WARM_UP_STEPS and took > TRIAL_SECONDS:
                break
        elif event.epoch >= 2 and took > TRIAL_SECONDS / 4:
            break
    step = (clock() - begin) / (steps - WARM_UP_STEPS if steps > WARM_UP_STEPS else steps)
    test = clock()
    training.evaluate()
    return step * training.steps + clock() - test


@lru_cache(maxsize=2)
def _data(recipe: str) -> Dataset:
    return Config.from_json(json.loads(recipe)).load()
