"""Seconds an epoch: our loop against the textbook's (torchvision dataset, ToTensor, DataLoader), same model, loss and data.

LATENT_DATA=… python -m tests.bench.training        # 3 epochs each, some 2 minutes on 2 cores
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
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


def textbook() -> Iterator[tuple[float, float]]:
    """(seconds, held-out loss) of each epoch of the usual loop."""
    torch.manual_seed(0)
    datasets = _torchvision().datasets
    transform = _torchvision().transforms.ToTensor()
    halves = [datasets.MNIST(data_folder(), train=train, transform=transform) for train in (True, False)]
    train, test = (torch.utils.data.DataLoader(half, batch_size=128, shuffle=half.train) for half in halves)
    model = Textbook()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    while True:
        start = time.perf_counter()
        for x, _y in train:
            optimizer.zero_grad()
            loss = textbook_loss(x, *model(x))
            loss.backward()
            loss.item()
            optimizer.step()
        seconds = time.perf_counter() - start
        with torch.no_grad():
            total = sum(float(textbook_loss(x, *model(x))) for x, _y in test)
        yield seconds, total / len(halves[1])


def ours() -> Iterator[tuple[float, float]]:
    """(seconds, held-out loss) of each epoch of `Training`."""
    before = 0.0
    for event in Training(CONFIG, load_dataset("mnist")):
        if isinstance(event, Epoch):
            yield event.seconds - before, event.test_loss
            before = event.seconds


def measure() -> dict[str, float]:
    """Both in turn, an epoch each, so that a machine that slows down slows both; medians, and the ratio epoch by epoch."""
    pairs = list(zip(ours(), textbook(), strict=False))
    return {
        "ours_seconds": statistics.median(mine[0] for mine, _ in pairs),
        "textbook_seconds": statistics.median(theirs[0] for _, theirs in pairs),
        "times_faster": statistics.median(theirs[0] / mine[0] for mine, theirs in pairs),
        "ours_test_loss": pairs[-1][0][1],
        "textbook_test_loss": pairs[-1][1][1],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = measure()
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
    print("\n".join(f"{name:20} {value:8.2f}" for name, value in figures.items()), file=sys.stdout)
