"""Latent Explorer's core: data, autoencoders, training and what is measured on them. It knows nothing of the web.

x ── corrupt ──▶ encode ──▶ bottleneck ──▶ decode ──▶ x̂      loss = reconstruction(x̂, clean x) + penalty

What is exported here is imported when it is asked for: a look at a folder of runs does not wait for torch.

    load_dataset, own_dataset       a Dataset by name, or of arrays of your own
    Config, VARIANTS, Variant       a recipe, the kinds of autoencoder by name, and what a kind is
    Training, Step, Epoch           iterate a training; what it says as it goes
    train_run                       the same into a folder that pages and commands know
    load_checkpoint                 an Autoencoder, trained: encode(x), decode(z), reconstruct(x), losses(x)
    read_checkpoint, Checkpoint     what a run's folder says, without its weights
    PCA                             the best linear code, beside every network
    LatentError                     one sentence on what is wrong and what to do

help(ae_core.Training), and so on, has shapes, ranges, units, errors and papers.
"""

import importlib
from typing import TYPE_CHECKING, Any

from .base.errors import LatentError
from .base.version import __version__

if TYPE_CHECKING:
    from .data import Dataset, load_dataset
    from .data._own import own_dataset
    from .jobs.recording import train_run
    from .model.autoencoder import Autoencoder
    from .model.config import Config
    from .model.variants import VARIANTS, Variant
    from .pca import PCA
    from .runs.checkpoint import Checkpoint, load_checkpoint, read_checkpoint
    from .training.loop import Epoch, Step, Training

    # For readers of types alone: with it help(ae_core) would print the whole of every class.
    __all__ = [
        "PCA",
        "VARIANTS",
        "Autoencoder",
        "Checkpoint",
        "Config",
        "Dataset",
        "Epoch",
        "LatentError",
        "Step",
        "Training",
        "Variant",
        "__version__",
        "load_checkpoint",
        "load_dataset",
        "own_dataset",
        "read_checkpoint",
        "train_run",
    ]

_MODULES = {  # where each of the others is
    "PCA": "pca",
    "VARIANTS": "model.variants",
    "Variant": "model.variants",
    "Autoencoder": "model.autoencoder",
    "Config": "model.config",
    "Checkpoint": "runs.checkpoint",
    "load_checkpoint": "runs.checkpoint",
    "read_checkpoint": "runs.checkpoint",
    "Dataset": "data",
    "load_dataset": "data",
    "own_dataset": "data._own",
    "Epoch": "training.loop",
    "Step": "training.loop",
    "Training": "training.loop",
    "train_run": "jobs.recording",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value  # from now on without this function
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
