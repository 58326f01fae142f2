"""A small classifier of samples, beside the models: what it sees in a picture that a decoder draws."""

from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Generator, Tensor, nn

from ..base.errors import LatentError
from ..base.files import read_tensors, reading, replace
from ..data import Dataset
from .augmentation import augmented
from .optimizer import one_cycle

SHIPPED = Path(__file__).resolve().parents[1] / "classifiers"
MOST_BYTES = 250_000  # of its file
SIZES = ((128, 64), (64, 32), (32,), (16,), (8,))  # of the hidden layers, the largest that fits first
HIDDEN = (128, 64)  # of MNIST's 784 pixels: 218 kB in half precision
HEAD = 2000  # bytes of a file that describe the layers
BATCH = 128


def network(size: int, classes: int, hidden: tuple[int, ...] = HIDDEN) -> nn.Sequential:
    """Dense layers from `size` values to a logit for each class."""
    sizes = (size, *hidden)
    layers: list[nn.Module] = [nn.Flatten()]
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], classes))


def fitting(size: int, classes: int) -> tuple[int, ...] | None:
    """The largest hidden layers with which a classifier stays within MOST_BYTES; None where none does."""
    for hidden in SIZES:
        layers = (size, *hidden, classes)
        if sum(2 * (inputs + 1) * outputs for inputs, outputs in pairwise(layers)) <= MOST_BYTES - HEAD:
            return hidden
    return None


def train_classifier(
    data: Dataset,
    epochs: int = 24,
    lr: float = 2e-3,
    augment: float = 0.7,
    seed: int = 0,
    hidden: tuple[int, ...] | None = None,
) -> nn.Sequential:
    """A classifier of the training samples' labels, in eval mode, its weights rounded to half precision.

    Args:
        data: with labels of two classes or more; LatentError otherwise.
        epochs, lr: passes, and the schedule's peak.
        augment: share of the pictures that are moved a little; signals are left as they are.
        seed: of weights and order.
        hidden: sizes of its layers; None: HIDDEN.
    """
    if data.y_train is None or len(data.y_train.unique()) < 2:
        raise LatentError("A classifier needs samples of two classes or more, with their labels.")
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        model = network(data.x_train[0].numel(), len(data.classes), hidden or HIDDEN)
    optimizer = torch.optim.Adam(model.parameters(), lr)
    generator, steps = Generator().manual_seed(seed), epochs * -(-len(data.x_train) // BATCH)
    step = 0
    for epoch in range(epochs):
        for rows in torch.randperm(len(data.x_train), generator=generator).split(BATCH):
            x = data.x_train[rows]
            if x.ndim == 4 and epoch < 0.9 * epochs:
                x = augmented(x, augment, generator)
            for group in optimizer.param_groups:
                group["lr"] = lr * one_cycle(step / steps)
            loss = F.cross_entropy(model(x), data.y_train[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.half())
    return model.eval().requires_grad_(False)


def save_classifier(model: nn.Sequential, path: Path) -> None:
    """Its weights in half precision, as the browser computes with."""
    tensors = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, lambda at: save_file(tensors, at))


def load_classifier(name: str, size: int, classes: int) -> nn.Sequential | None:
    """The classifier that ships for a data source, of samples of `size` values in so many classes; None where there is
    none that fits. LatentError where the file is damaged.
    """
    path = SHIPPED / f"{name}.safetensors"
    if not path.exists():
        return None
    model = network(size, classes)
    with reading(path, "classifier"):
        tensors = {key: value.float() for key, value in read_tensors(path).items()}
    if {key: value.shape for key, value in tensors.items()} != {k: v.shape for k, v in model.state_dict().items()}:
        return None
    model.load_state_dict(tensors)
    return model.eval().requires_grad_(False)


@torch.no_grad()
def accuracy(model: nn.Sequential, x: Tensor, y: Tensor) -> float:
    """Share of x (N, *shape) whose class y (N,) it says, 0..1."""
    right = [(model(part).argmax(1) == label).sum() for part, label in zip(x.split(2000), y.split(2000), strict=True)]
    return float(sum(int(each) for each in right) / len(x))
