"""Attributes of a stroke, measured on its picture, and the attribute vectors along which they change in latent space.

Pictures are (N, 1, H, W) in 0..1, ink bright; x runs to the right, y upwards, both in pixels. Morpho-MNIST (Castro,
Tan, Kainz, Konukoglu & Glocker 2019) measures the same five on thresholded, enlarged pictures; these are smooth in the
grey levels, need no skeleton, and take all pictures at once, so that a decoder's soft strokes have them too.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..base.errors import LatentError
from ..base.text import times
from ..model.autoencoder import Autoencoder

MIN_CODES = 30  # codes of which a direction is made: ten at each end


@dataclass(frozen=True)
class Moments:
    """Of the ink of each picture, (N,) each: its sum, and its variance along x and y and covariance, in pixels²."""

    ink: Tensor
    xx: Tensor
    yy: Tensor
    xy: Tensor


def _checked(x: Tensor) -> Tensor:
    if x.ndim != 4 or x.shape[1] != 1:
        raise LatentError(
            f"Stroke attributes are measured on grey pictures, not on samples of {times(x.shape[1:])} values."
        )
    return x


def moments(x: Tensor) -> Moments:
    """Second central moments of the ink; 0 for a blank picture. A pixel is a square of ink, so it has a variance of
    1/12 of its own.
    """
    ink = _checked(x)[:, 0].double()
    across = torch.arange(ink.shape[2], dtype=torch.float64, device=x.device)
    up = -torch.arange(ink.shape[1], dtype=torch.float64, device=x.device)
    total = ink.sum((1, 2))
    weights = ink / total.clamp(min=1e-9)[:, None, None]
    columns, rows = weights.sum(1), weights.sum(2)
    dx, dy = across - (columns @ across)[:, None], up - (rows @ up)[:, None]
    own = (total > 1e-9) / 12
    xy = torch.einsum("nhw,nh,nw->n", weights, dy, dx)
    return Moments(total, (columns * dx.square()).sum(1) + own, (rows * dy.square()).sum(1) + own, xy)


def mass(x: Tensor) -> Tensor:
    """Mean ink of each picture, (N,) in 0..1."""
    return _checked(x)[:, 0].double().mean((1, 2))


def thickness(x: Tensor) -> Tensor:
    """Width of the stroke in pixels, (N,), from its ink A and the length P of its outline, which is the total variation
    Σ|∇x|.

    A stroke of width w and length L with round ends has A = w·L + πw²/4 and P = 2L + πw however it bends, so w = (P −
    √(P² − 4πA)) / π; a ring, which has no ends, comes out a few percent too thick. 0 for a blank picture.
    """
    ink = torch.nn.functional.pad(_checked(x)[:, 0].double(), (1, 1, 1, 1))
    # Around each corner where four pixels meet: differences across two pixels would miss a line one pixel wide.
    dx, dy = (ink[:, :, 1:] - ink[:, :, :-1]).square(), (ink[:, 1:] - ink[:, :-1]).square()
    sides = (slice(1, None), slice(-1))
    total = torch.zeros(len(ink), dtype=ink.dtype, device=ink.device)
    for rows in sides:
        for columns in sides:
            total = total + (dx[:, rows] + dy[:, :, columns]).sqrt().sum((1, 2))
    outline = total / 4
    return (outline - (outline.square() - 4 * math.pi * ink.sum((1, 2))).clamp(min=0).sqrt()) / math.pi


def slant(x: Tensor) -> Tensor:
    """Angle of the shear that the ink has, in degrees, (N,): atan(cov(x, y) / var(y)), to the right positive. 0 for a
    blank picture.
    """
    m = moments(x)
    return torch.rad2deg(torch.atan2(m.xy, m.yy.clamp(min=1e-9)))


def width(x: Tensor) -> Tensor:
    """Pixels across, (N,): √12 standard deviations of x once the slant is taken out, exactly the side of a filled box.
    0 for a blank picture.
    """
    m = moments(x)
    return (12 * (m.xx - m.xy.square() / m.yy.clamp(min=1e-9)).clamp(min=0)).sqrt()


def height(x: Tensor) -> Tensor:
    """Pixels up, (N,): √12 standard deviations of y, exactly the side of a filled box. 0 for a blank picture."""
    return (12 * moments(x).yy).sqrt()


@dataclass(frozen=True)
class Attribute:
    """A measure of pictures.

    Args:
        title: its name for people.
        unit: it is measured in.
        of: pictures (N, 1, H, W) → (N,).
        balance: names of the attributes that its vector holds fixed.
    """

    title: str
    unit: str
    of: Callable[[Tensor], Tensor]
    balance: tuple[str, ...]


# mass and thickness are two measures of one thing: with one held fixed, nothing to see is left of the other
ATTRIBUTES = {
    "mass": Attribute("ink", "of the picture", mass, ("slant", "width", "height")),
    "thickness": Attribute("thickness", "pixels", thickness, ("slant", "width", "height")),
    "slant": Attribute("slant", "degrees", slant, ("mass", "thickness", "width", "height")),
    "width": Attribute("width", "pixels", width, ("mass", "thickness", "slant", "height")),
    "height": Attribute("height", "pixels", height, ("mass", "thickness", "slant", "width")),
}


def measured(x: Tensor) -> dict[str, np.ndarray]:
    """Every attribute of the pictures x (N, 1, H, W) by name, (N,) each."""
    return {name: attribute.of(x).cpu().numpy() for name, attribute in ATTRIBUTES.items()}


def _pictures(model: Autoencoder, codes: np.ndarray) -> Tensor:
    with torch.no_grad():
        return torch.cat(
            [
                _checked(model.decode(part)).clamp(0, 1)
                for part in torch.as_tensor(codes, dtype=torch.float32).split(1024)
            ]
        )


def measured_codes(model: Autoencoder, codes: np.ndarray) -> dict[str, np.ndarray]:
    """Every attribute of the decoded codes (N, k), by name, (N,) each: it needs no data."""
    return measured(_pictures(model, codes))


def _centred(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """values (N, …) less the mean of their class, y (N,)."""
    values = np.array(values, np.float64)
    for label in np.unique(y):
        values[y == label] -= values[y == label].mean(0)
    return values


def direction(
    codes: np.ndarray, attribute: np.ndarray, balance: Sequence[np.ndarray] = (), y: np.ndarray | None = None
) -> np.ndarray:
    """The attribute vector (k,): along it an attribute grows by one standard deviation while others stay.

    Mean code of the third with the highest attribute less that of the third with the lowest (Larsen, Sønderby,
    Larochelle & Winther 2016), where highest means: beyond what a linear regression on the others predicts. Thick
    digits
    are also wide, and ones are thin: without that a vector "thick" would be the vector "wide, and no 1". `effect`
    measures what it really does.

    Args:
        codes: (N, k).
        attribute: of each, (N,).
        balance: further attributes, (N,) each, that shall stay.
        y: classes (N,), within which all of them are then compared, the standard deviation too.

    Raises LatentError for fewer than MIN_CODES codes, or where the attribute does not vary.
    """
    y = np.zeros(len(codes), int) if y is None else np.asarray(y)
    if len(codes) < MIN_CODES or any(len(values) != len(codes) for values in (attribute, y, *balance)):
        raise LatentError(f"An attribute vector needs at least {MIN_CODES} codes, each with its attributes and class.")
    z, wanted = _centred(codes, y), _centred(attribute, y)
    left = wanted
    if len(balance):
        others = _centred(np.stack(balance, axis=1), y)
        others /= np.maximum(others.std(0), 1e-12)
        left = wanted - others @ np.linalg.lstsq(others, wanted, rcond=None)[0]
    if left.std() <= 1e-6 * max(np.abs(attribute).max(), 1e-12):
        raise LatentError(
            "Nothing is left of the attribute: it is the same for all codes, or follows from those it is balanced with."
        )
    rank = np.empty(len(z))
    for label in np.unique(y):  # thirds of each class, so that both ends hold the same classes
        members = np.flatnonzero(y == label)
        rank[members[left[members].argsort(kind="stable")]] = (np.arange(len(members)) + 0.5) / len(members)
    high, low = rank > 2 / 3, rank < 1 / 3
    return (z[high].mean(0) - z[low].mean(0)) * wanted.std() / (wanted[high].mean() - wanted[low].mean())


def effect(model: Autoencoder, codes: np.ndarray, vector: np.ndarray, count: int = 300) -> dict[str, float]:
    """How much each attribute really changes when a vector (k,) is added, each in its own unit, by name.

    Up to `count` of the codes (N, k), evenly picked, are decoded with the vector added and taken away, and measured
    again: half the mean difference.
    """
    few = codes[np.linspace(0, len(codes) - 1, min(count, len(codes))).astype(int)]
    more, less = measured_codes(model, few + vector), measured_codes(model, few - vector)
    return {name: float((more[name] - less[name]).mean()) / 2 for name in ATTRIBUTES}
