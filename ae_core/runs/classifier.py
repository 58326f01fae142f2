"""A small classifier of a person's own samples, kept with the run of their map: what it sees in what is decoded."""

import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from ..base.belonging import belongs, weights_checksum
from ..base.files import read_tensors, reading, replace, tensor_shapes
from ..data import Dataset
from ..training.classifier import MOST_BYTES, fitting, network, train_classifier
from .checkpoint import Checkpoint

FILE = "classifier.safetensors"
MADE_FROM = "made_from"  # the checksum of the weights beside which it was trained, as bytes
STEPS = 4000  # of its training at most


def is_wanted(checkpoint: Checkpoint, data: Dataset) -> bool:
    """Whether a run gets a classifier of its own: a map of a person's own samples that have two classes or more."""
    if checkpoint.config.data != "samples" or checkpoint.config.k != 2 or data.y_train is None:
        return False
    size = math.prod(checkpoint.shape)
    return len(data.y_train.unique()) > 1 and fitting(size, len(data.classes)) is not None


def save_run_classifier(checkpoint: Checkpoint, data: Dataset) -> Path:
    """Train a classifier on the training samples' labels and write it into the run's folder; the file."""
    epochs = max(2, min(60, round(STEPS * 128 / len(data.x_train))))
    model = train_classifier(data, epochs=epochs, hidden=fitting(data.x_train[0].numel(), len(data.classes)))
    tensors: dict[str, Tensor] = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    tensors[MADE_FROM] = torch.tensor(list(weights_checksum(checkpoint.folder).encode()), dtype=torch.uint8)
    path = checkpoint.folder / FILE
    replace(path, lambda at: save_file(tensors, at))
    return path


def run_classifier(checkpoint: Checkpoint) -> nn.Sequential | None:
    """The classifier of a run, in eval mode; None where it has none, or one made beside other weights. LatentError
    where the file is damaged.
    """
    path = checkpoint.folder / FILE
    if not path.exists():
        return None
    size, classes = math.prod(checkpoint.shape), len(checkpoint.classes)
    with reading(path, "classifier"):
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("it is larger than any that was made here")
        hidden = fitting(size, classes)
        if hidden is None:
            raise ValueError("nothing so small fits samples of this size")
        model = network(size, classes, hidden)
        wanted = {name: tuple(value.shape) for name, value in model.state_dict().items()}
        shapes = {name: shape for name, shape in tensor_shapes(path).items() if name != MADE_FROM}
        if shapes != wanted:
            raise ValueError("not the layers of a classifier of these samples")
        tensors = read_tensors(path)
        made_from = bytes(tensors.pop(MADE_FROM, torch.zeros(0, dtype=torch.uint8)).tolist()).decode("ascii", "replace")
        if not all(bool(value.isfinite().all()) for value in tensors.values()):
            raise ValueError("its weights are finite")
    if not belongs(checkpoint.folder, made_from):
        return None
    model.load_state_dict({name: value.float() for name, value in tensors.items()})
    return model.eval().requires_grad_(False)
