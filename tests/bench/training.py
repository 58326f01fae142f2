"""Seconds an epoch: our loop against the textbook's (torchvision dataset, ToTensor, DataLoader), same model, loss and data.

LATENT_DATA=… python -m tests.bench.training        # 3 epochs each, some 2 minutes on 2 cores
"""

import argparse
import json
import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from ae_core import Config, Epoch, Training, load_dataset
from ae_core.data import data_folder
from ae_core.data._idx import _torchvision

CONFIG = Config(data="mnist", variant="vae", hidden=(400,), k=20, batch_size=128, lr=1e-3, epochs=3)


class Textbook(nn.Module):
    """784-400-20-400-784, as in Kingma & Welling 2014 and the usual first example."""

    def __init__(self):
        super().__init__()
        self.hidden, self.mu, self.logvar = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
        self.up, self.out = nn.Linear(20, 400), nn.Linear(400, 784)

    def forward(self, x):
        h = F.relu(self.hidden(x.view(-1, 784)))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        return torch.sigmoid(self.out(F.relu(self.up(z)))), mu, logvar


def textbook_loss(x, x_hat, mu, logvar):
    entropy = F.binary_cross_entropy(x_hat, x.view(-1, 784), reduction="sum")
    return entropy - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


def textbook(epochs: int) -> tuple[list[float], float]:
    """(seconds of each epoch, held-out loss) of the usual loop."""
    torch.manual_seed(0)
    datasets = _torchvision().datasets
    transform = _torchvision().transforms.ToTensor()
    halves = [datasets.MNIST(data_folder(), train=train, transform=transform) for train in (True, False)]
    train, test = (torch.utils.data.DataLoader(half, batch_size=128, shuffle=half.train) for half in halves)
    model = Textbook()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    seconds = []
    for _ in range(epochs):
        start = time.perf_counter()
        for x, _y in train:
            optimizer.zero_grad()
            loss = textbook_loss(x, *model(x))
            loss.backward()
            loss.item()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    with torch.no_grad():
        total = sum(float(textbook_loss(x, *model(x))) for x, _y in test)
    return seconds, total / len(halves[1])


def ours() -> tuple[list[float], float]:
    """(seconds of each epoch, held-out loss) of `Training`."""
    ends = [event for event in Training(CONFIG, load_dataset("mnist")) if isinstance(event, Epoch)]
    marks = [0.0, *(event.seconds for event in ends)]
    return [b - a for a, b in pairwise(marks)], ends[-1].test_loss


def measure(epochs: int = 3) -> dict[str, float]:
    """Medians of both, and their ratio."""
    (mine, my_loss), (theirs, their_loss) = ours(), textbook(epochs)
    ratio = statistics.median(theirs) / statistics.median(mine)
    return {
        "ours_seconds": statistics.median(mine),
        "textbook_seconds": statistics.median(theirs),
        "times_faster": ratio,
        "ours_test_loss": my_loss,
        "textbook_test_loss": their_loss,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = measure()
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
    print("\n".join(f"{name:20} {value:8.2f}" for name, value in figures.items()), file=sys.stdout)
