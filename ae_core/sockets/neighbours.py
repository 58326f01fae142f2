"""Places on a plane for the training samples, neighbours beside neighbours: what a neighbour map is trained towards.

A graph of nearest neighbours is laid out by t-SNE, and the network learns the way from a sample to its place and back:
parametric t-SNE (van der Maaten 2009) with a decoder, as Sainburg, McInnes & Gentner (2021) did it with UMAP. No labels
are looked at.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ..base.budget import ask
from ..base.errors import LatentError

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn
else:
    from ..base.lazy import nn, torch

NEIGHBOURS = 15
FEWEST = 8  # training samples: of fewer every one is everybody's neighbour
EASE = 16.0  # times its weight is the pull to the places as a training begins


def upright(x: Tensor) -> Tensor:
    """Pictures x (N, C, H, W) centred and without their slant, by the moments of their brightness: neighbours are then
    of one shape rather than of one slant.
    """
    light = (x - x.amin((1, 2, 3), keepdim=True)).mean(1)  # (N, H, W)
    light = light / light.sum((1, 2), keepdim=True).clamp(min=1e-6)
    down, right = torch.linspace(-1, 1, x.shape[2])[:, None], torch.linspace(-1, 1, x.shape[3])
    v, u = (light * down).sum((1, 2)), (light * right).sum((1, 2))
    away = down - v[:, None, None]
    slant = (light * away * (right - u[:, None, None])).sum((1, 2)) / (light * away.square()).sum((1, 2)).clamp(
        min=1e-6
    )
    slant, still = slant.clamp(-1, 1), torch.zeros_like(v)
    rows = torch.stack([torch.ones_like(v), slant, u, still, torch.ones_like(v), v], 1).view(-1, 2, 3)
    grid = nn.functional.affine_grid(rows, list(x.shape), align_corners=True)
    return nn.functional.grid_sample(x, grid, align_corners=True)


def leading(x_train: Tensor, x_test: Tensor, count: int = 50) -> tuple[Tensor, Tensor]:
    """Both along the leading axes of x_train (N, D), (N, ≤ count) and (M, ≤ count)."""
    mean = x_train.mean(0)
    flat, held_out = x_train - mean, x_test - mean
    if flat.shape[1] <= len(flat):
        axes = torch.linalg.eigh((flat.T @ flat).double())[1].flip(1)[:, :count].float()
    else:  # long samples: from their products with each other
        values, vectors = torch.linalg.eigh((flat @ flat.T).double())
        axes = flat.T @ (vectors / values.clamp(min=1e-9 * float(values[-1]) + 1e-30).sqrt()).flip(1)[:, :count].float()
    axes = axes * axes.gather(0, axes.abs().argmax(0, keepdim=True)).sign()
    return flat @ axes, held_out @ axes


def described(x_train: Tensor, x_test: Tensor) -> tuple[Tensor, Tensor]:
    """What neighbours are neighbours in: leading axes; of pictures those of the upright ones, and half as loud those of
    the pictures as they are, which keep the slant.
    """
    plain = leading(x_train.flatten(1), x_test.flatten(1))
    if x_train.ndim < 4:
        return plain
    both = zip(leading(upright(x_train).flatten(1), upright(x_test).flatten(1)), plain, strict=True)
    train, test = (torch.cat([shape, 0.5 * slanted], 1) for shape, slanted in both)
    return train, test


def nearest_rows(f: Tensor, of: Tensor, count: int, block: int = 64) -> Tensor:
    """The rows of f (N, d) that are nearest to each of `of` (M, d), (M, count), exactly, the nearest first.

    The nearest `count` lie in the `count` blocks of rows whose nearest rows are nearest: only these are sorted.
    """
    block = min(block, max(1, len(f) // count))
    missing = -len(f) % block
    length = nn.functional.pad(f.square().sum(1), (0, missing), value=torch.inf)
    wide = nn.functional.pad(f, (0, 0, 0, missing)).T
    nearest = []
    for part in of.split(1024):
        far = (length - 2 * part @ wide).view(len(part), -1, block)  # squared distance less what is the row's own
        blocks = far.amin(2).topk(count, largest=False)[1]  # (B, count)
        near = far.gather(1, blocks[..., None].expand(-1, -1, block)).flatten(1)
        rows = (blocks[..., None] * block + torch.arange(block)).flatten(1)
        nearest.append(rows.gather(1, near.topk(count, largest=False)[1]))
    return torch.cat(nearest)


def repulsion(y: Tensor, cells: int) -> tuple[Tensor, Tensor]:
    """(Σ_j q²(i, j) (y_i − y_j) of each i (N, 2), the sum of q(i, j) over all i ≠ j) with q = 1 / (1 + |y_i − y_j|²):
    each place is shared out among the four corners of its cell, and the grid is convolved by FFT.
    """
    low = y.amin(0)
    cell = float((y.amax(0) - low).amax().clamp(min=1e-9)) / (cells - 1.001)
    at = (y - low) / cell
    corner = at.floor().long()
    part = at - corner
    steps = [(a, b) for a in (0, 1) for b in (0, 1)]
    shares = torch.stack([(part[:, 0] - 1 + a).abs() * (part[:, 1] - 1 + b).abs() for a, b in steps], 1)
    spots = torch.stack([(corner[:, 0] + a) * cells + corner[:, 1] + b for a, b in steps], 1)  # (N, 4)
    charge = torch.zeros(cells * cells).index_add_(0, spots.flatten(), shares.flatten()).view(cells, cells)
    away = torch.cat([torch.arange(cells), torch.arange(-cells, 0)]) * cell
    q = 1 / (1 + away[:, None].square() + away.square())
    spread = torch.fft.rfft2(charge, (2 * cells, 2 * cells))
    kernels = torch.stack([q, q.square() * away[:, None], q.square() * away])
    fields = torch.fft.irfft2(torch.fft.rfft2(kernels) * spread)[:, :cells, :cells].flatten(1)
    there = (fields[:, spots.flatten()].view(3, -1, 4) * shares).sum(2)
    return there[1:].T, there[0].sum() - len(y)


def laid_out(neighbours: Tensor, start: Tensor, steps: tuple[int, int] = (150, 300)) -> Tensor:
    """t-SNE's places (N, 2), of standard deviation 1, with equal weights on the edges of neighbours (N, count) both
    ways (van der Maaten & Hinton 2008; by FFT: Linderman et al. 2019). start: places to begin with, (N, 2).
    """
    n, count = neighbours.shape
    y = start / start.std(0, correction=0).amax().clamp(min=1e-9) * 1e-4
    speed, ends = torch.zeros_like(y), neighbours.flatten()
    for step in range(sum(steps)):
        early = step < steps[0]
        width = float((y.amax(0) - y.amin(0)).amax())
        cells = min(512, max(64, 32 * math.ceil(2.5 * width / 32)))
        push, total = repulsion(y, cells)
        away = y[:, None] - y[neighbours]  # (N, count, 2)
        pull = away / (1 + away.square().sum(2, keepdim=True))
        pull = pull.sum(1).index_add_(0, ends, -pull.flatten(0, 1)) / (2 * n * count)
        force = (12.0 if early else 1.0) * pull - push / total
        speed = (0.5 if early else 0.8) * speed - n / 12 * 4 * force
        y = y + speed
        y = y - y.mean(0)
    return y / y.square().mean().sqrt().clamp(min=1e-9)


def neighbour_places(x_train: Tensor, x_test: Tensor, count: int = 15) -> tuple[Tensor, Tensor, Tensor]:
    """(the graph (N, count), a place on the plane for each training sample (N, 2), and one for each held-out sample
    (M, 2): the median of where its nearest training samples are).
    """
    f, f_test = described(x_train, x_test)
    near = nearest_rows(f, f, count + 1)
    # itself is left out; where many are alike it may not be among them, and the farthest is
    own = near == torch.arange(len(f))[:, None]
    own[:, -1] |= ~own.any(1)
    near = near[~own].view(len(f), count)
    # the tiny difference lets samples part that are all alike
    apart = 1e-6 * torch.randn(len(f), 2, generator=torch.Generator().manual_seed(0))
    start = nn.functional.pad(f, (0, max(0, 2 - f.shape[1])))[:, :2]
    places = laid_out(near, start + apart * (1 + start.std(0, correction=0).amax()))
    return near, places, places[nearest_rows(f, f_test, count)].median(1)[0]


def distance(z: Tensor, place: Tensor) -> Tensor:
    """√(|z − place|² + ¼) − ½ of each code z (N, 2) from its place (N, 2), (N,)."""
    return ((z - place).square().sum(1) + 0.25).sqrt() - 0.5


def mean_loss(x: Tensor, entropy: bool) -> float:
    """The loss of the samples x (N, *shape) where each is taken for their mean: what a code that says nothing makes;
    entropy: whether the loss is cross-entropy, in nats, or squared error.
    """
    mean = x.flatten(1).mean(0)
    if entropy:
        return float(torch.special.entr(torch.stack([mean, 1 - mean]).clamp(0, 1)).sum())
    return max(float(x.flatten(1).var(0, correction=0).sum()), 1e-12)


def bend_at(decoder: nn.Sequential, places: Tensor, mean: Tensor, output: str, seed: int) -> None:
    """Begin where the data are: the units of the first layer bend at places of samples, at any angle and as fine as the
    groups of a map, and the last layer's bias is the mean sample.
    """
    generator = torch.Generator().manual_seed(seed)
    dense = [layer for layer in decoder if isinstance(layer, nn.Linear)]
    first, last = dense[0], dense[-1]
    weight = 3 * torch.randn(first.weight.shape, generator=generator)
    at = places[torch.randint(len(places), (len(weight),), generator=generator)]
    mean = mean.flatten()
    with torch.no_grad():
        if first is not last:
            first.weight.copy_(weight)
            first.bias.copy_(-(weight * at).sum(1))
        last.bias.copy_(mean.clamp(0.001, 0.999).logit() if output == "sigmoid" else mean)


class Layout(NamedTuple):
    """What a neighbour map is trained towards.

    Args:
        neighbours: rows of the nearest training samples of each, (N, count), int32.
        places: of the training samples, (N, 2).
        places_test: of the held-out ones, (M, 2).
    """

    neighbours: Tensor
    places: Tensor
    places_test: Tensor

    @classmethod
    def of(cls, x_train: Tensor, x_test: Tensor) -> Layout:
        """Of samples (N, *shape) and (M, *shape); LatentError where they are too few, or it would take too much
        memory.
        """
        if len(x_train) < FEWEST:
            raise LatentError(
                f"A neighbour map needs {FEWEST} training samples or more, not {len(x_train)}: choose another variant."
            )
        size = x_train[0].numel()
        ask(
            16 * len(x_train) * size + 24 * min(size, len(x_train)) ** 2 + 3 * 4096 * len(x_train),
            f"A map of the neighbours of {len(x_train):,} samples needs",
            "take fewer or smaller samples",
        )
        count = min(NEIGHBOURS, len(x_train) - 1)
        with torch.no_grad():
            neighbours, places, places_test = neighbour_places(x_train.cpu(), x_test.cpu(), count)
        return cls(neighbours.int(), places, places_test)

    @classmethod
    def unknown(cls, train: int, test: int) -> Layout:
        """Of so many samples, all in one place: where only the time of a step is asked for."""
        return cls(torch.zeros(train, 1, dtype=torch.int32), torch.zeros(train, 2), torch.zeros(test, 2))

    def tensors(self) -> dict[str, Tensor]:
        """All of it by name, to be kept."""
        return self._asdict()


QUOTED = (
    upright,
    leading,
    described,
    nearest_rows,
    repulsion,
    laid_out,
    neighbour_places,
    distance,
    mean_loss,
    bend_at,
)
