"""Counterfactuals: the nearest code that a classifier calls otherwise (Wachter, Mittelstadt & Russell 2018)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from ..base.errors import LatentError

TURNS, RINGS = 180, 80  # directions and distances that are looked at first, on a plane
HALVINGS = 12  # of the stretch between two distances


def _reached(good: Callable[[Tensor], Tensor], z: Tensor, ways: Tensor, lengths: Tensor) -> Tensor:
    """How far it is along each of the ways (M, 2) to the first place that is good, (M,); infinite where none is.

    good: truths (N,) of codes (N, 2). lengths: distances to look at, ascending, (R,); what is between two is halved.
    """
    reached = good((z + ways[:, None] * lengths[:, None]).flatten(0, 1)).view(len(ways), -1)
    first = reached.int().argmax(1)
    far = lengths[first]
    near = torch.where(first > 0, lengths[(first - 1).clamp(min=0)], torch.zeros_like(far))
    for _ in range(HALVINGS):
        between = (near + far) / 2
        there = good(z + between[:, None] * ways)
        far, near = torch.where(there, between, far), torch.where(there, near, between)
    return torch.where(reached.any(1), far, math.inf)


def counterfactual(
    says: Callable[[Tensor], Tensor], z: Tensor, reach: float, wanted: int | None = None
) -> Tensor | None:
    """The code nearest to z (2,) whose class is another one, or `wanted`; None where there is none within reach.

    Args:
        says: the classes (N,) of codes (N, 2): a decoder and a classifier behind it.
        z: where to begin.
        reach: distance to look, in latent units.
        wanted: the class to come to; None: any other.

    Looks along rays from near to far, then again around the best ray with finer steps, and halves the last stretch.
    Raises LatentError for a code of another size than 2.
    """
    if z.shape != (2,):
        raise LatentError(f"A counterfactual is looked for on a map of 2 numbers, not {len(z)}.")
    now = int(says(z[None])[0])

    def good(classes: Tensor) -> Tensor:
        return classes == wanted if wanted is not None else classes != now

    if wanted == now:
        return z.clone()
    middle, spread, limit, best = 0.0, math.pi, reach, None
    for count in (TURNS, TURNS // 3):
        turns = middle + torch.linspace(-spread, spread, count + 1)
        ways = torch.stack([turns.cos(), turns.sin()], 1)
        distance = _reached(lambda codes: good(says(codes)), z, ways, torch.linspace(limit / RINGS, limit, RINGS))
        way = int(distance.argmin())
        if not math.isfinite(float(distance[way])):
            break
        limit = float(distance[way])
        for beyond in (1.0, 1.0005, 1.002, 1.01):  # alone, a code's logits are rounded otherwise than among many
            best = z + beyond * limit * ways[way]
            if bool(good(says(best[None]))[0]):
                break
        middle, spread = float(turns[way]), 4 * spread / count
    return best
