"""Images moved a little, so that a network does not learn the training set's own positions."""

import math

import torch
import torch.nn.functional as F
from torch import Generator, Tensor


def augmented(x: Tensor, share: float, generator: Generator) -> Tensor:
    """x (N, C, H, W) with a random affine map for `share` of the images: up to ±6° rotation, ±10 % shear, ±5 % scale
    and a shift of ±3.5 % of the width, small enough that a digit stays the digit it is.
    """
    chosen = torch.rand(len(x), generator=generator, device=x.device) < share
    count = int(chosen.sum())
    if not count:
        return x
    u = torch.rand(count, 5, generator=generator, device=x.device) * 2 - 1
    turn, shear, scale = u[:, 0] * math.radians(6), u[:, 1] * 0.1, 1 + u[:, 2] * 0.05
    rows = [
        turn.cos() * scale,
        shear - turn.sin(),
        u[:, 3] * 0.035,
        turn.sin(),
        turn.cos() / scale,
        u[:, 4] * 0.035,
    ]
    images = x[chosen]
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), list(images.shape), align_corners=False)
    x = x.clone()
    x[chosen] = F.grid_sample(images, grid, align_corners=False)
    return x
