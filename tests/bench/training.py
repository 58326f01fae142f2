"""Seconds an epoch: our loop against the textbook's (torchvision dataset, ToTensor, DataLoader), same model, loss and
data; and against the bare matrix products.
"""

import statistics
import time
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import nn

from ae_core import Config, Epoch, Training, load_dataset
from ae_core.data import data_folder
from ae_core.data._idx import _torchvision
from ae_core.training.device import pick_precision

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


def products() -> Iterator[float]:
    """Seconds of an epoch's matrix products alone, in the number format that `ours` computes in: no batch is fetched,
    nothing but them is done.
    """
    kind = pick_precision(CONFIG.precision, Textbook(), torch.device("cpu"))
    layers = [(784, 400), (400, 20), (400, 20), (20, 400), (400, 784)]
    parts = [
        (
            torch.randn(CONFIG.batch_size, a).to(kind),
            torch.randn(a, b).to(kind),
            torch.randn(CONFIG.batch_size, b).to(kind),
        )
        for a, b in layers
    ]
    while True:
        start = time.perf_counter()
        for _ in range(60_000 // CONFIG.batch_size):
            for number, (x, weight, gradient) in enumerate(parts):
                _, _ = x @ weight, x.T @ gradient
                if number:  # nobody asks for the pixels' gradient
                    _ = gradient @ weight.T
        yield time.perf_counter() - start


def measure() -> dict[str, float]:
    """All in turn, an epoch each, so that a machine that slows down slows all; medians, and ratios epoch by epoch."""
    rounds = list(zip(ours(), textbook(), products(), strict=False))
    return {
        "ours_seconds": statistics.median(mine[0] for mine, _, _ in rounds),
        "textbook_seconds": statistics.median(theirs[0] for _, theirs, _ in rounds),
        "times_faster": statistics.median(theirs[0] / mine[0] for mine, theirs, _ in rounds),
        "products_seconds": statistics.median(bare for _, _, bare in rounds),
        "times_the_products": statistics.median(mine[0] / bare for mine, _, bare in rounds),
        "ours_test_loss": rounds[-1][0][1],
        "textbook_test_loss": rounds[-1][1][1],
    }
