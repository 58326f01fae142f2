"""Paths from one code to another: linear, spherical, and geodesic in the decoder's pull-back metric.

A path is an array (T, k) of points in latent space, from one end to the other. A decoder is any object with `decode(z)
→ x_hat`, (N, k) → (N, …): what it makes of two points says how far apart they are, ‖decode(u) − decode(v)‖, in data
units. For points close by that is the pull-back metric G = JᵀJ, J = ∂x_hat/∂z (Arvanitidis, Hansen & Hauberg 2018).
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from ..base.errors import LatentError
from .geometry import NEIGHBOURS, Extent, neighbour_distance, off_data_threshold

BATCH = 1024  # points decoded at once: 784 pixels each are 3 MB
# points of a geodesic, its ends included: with half as many, chords jump over what a decoder does at a class's border
STEPS = 65
SINES = 24  # that bend a geodesic: with all of them the points bunch up into jumps
FINE = 4  # parts of a step when a path's length is judged: a chord must not hide what lies under it
WEIGHT = 10.0  # of the way off the data: a tenth beyond the threshold doubles what a step costs on average
# numbers of a code up to which a tree finds its neighbours sooner than all distances: 50 times with 2, as soon with 8
TREE = 8
OFFSETS = (
    (0, 1),
    (1, 0),
    (1, 1),
    (1, -1),
    (1, 2),
    (2, 1),
    (2, -1),
    (1, -2),
)  # (rows, columns) to 16 neighbours, each pair once


class Decoder(Protocol):
    """What a path needs of a model."""

    def decode(self, z: Tensor) -> Tensor: ...


def lerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """a + t (b − a) for each t (T,): (T, k). t beyond 0..1 goes on in the same direction.

    >>> lerp(np.array([0.0, 1.0]), np.array([4.0, 3.0]), [0, 0.5, 1]).tolist()
    [[0.0, 1.0], [2.0, 2.0], [4.0, 3.0]]
    """
    a, b, t = (np.asarray(v, np.float64) for v in (a, b, t))
    return (1 - t)[:, None] * a + t[:, None] * b


def slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The direction turns evenly from a's to b's on a great circle (Shoemake 1985) while the norm goes evenly from ‖a‖
    to ‖b‖: (T, k).

    Codes of a Gaussian prior lie near a sphere of radius √k, and the straight line's middle nearer the centre than
    almost any of them (White 2016). Parallel ends give `lerp`. Opposite ends leave the great circle open: it goes
    through the axis that is nearest to perpendicular (one number alone has none: `lerp`). An end at 0 has no direction:
    `lerp` too.

    >>> slerp(np.array([2.0, 0.0]), np.array([0.0, 4.0]), [0.5]).round(3).tolist()
    [[2.121, 2.121]]
    """
    a, b, t = (np.asarray(v, np.float64) for v in (a, b, t))
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if min(lengths) == 0 or len(a) == 1:
        return lerp(a, b, t)
    u, v = a / lengths[0], b / lengths[1]
    across = v - (u @ v) * u
    angle = math.atan2(np.linalg.norm(across), u @ v)  # exact near 0 and near π, where acos is not
    if np.linalg.norm(across) < 1e-9:
        if angle < 1:
            return lerp(a, b, t)
        across = np.eye(len(u))[np.abs(u).argmin()]
        across = across - (u @ across) * u
    across /= np.linalg.norm(across)
    norm = (1 - t) * lengths[0] + t * lengths[1]
    return norm[:, None] * (np.cos(t * angle)[:, None] * u + np.sin(t * angle)[:, None] * across)


def decoded(model: Decoder, z: np.ndarray) -> np.ndarray:
    """decode(z) of points z (M, k), flat and in batches: (M, D) float32."""
    parts = torch.as_tensor(z, dtype=torch.float32).split(BATCH)
    with torch.no_grad():
        return torch.cat([model.decode(part).flatten(1) for part in parts]).numpy()


def step_lengths(points: np.ndarray) -> np.ndarray:
    """Euclidean length of each step between T points (T, …): (T − 1,)."""
    return np.linalg.norm(np.diff(points.reshape(len(points), -1).astype(np.float64), axis=0), axis=1)


def curve_length(points: np.ndarray) -> float:
    """Length of the polyline through T points (T, …), in their units: a path's latent length.

    >>> curve_length(np.array([[0, 0], [3, 4], [3, 5]]))
    6.0
    """
    return float(step_lengths(points).sum())


def decoded_length(model: Decoder, path: np.ndarray, parts: int = 1) -> float:
    """Σ ‖decode(z_{i+1}) − decode(z_i)‖ along a path (T, k), in data units; with `parts`, each of its steps is cut into
    so many.
    """
    return curve_length(decoded(model, subdivided(path, parts)))


def subdivided(path: np.ndarray, parts: int) -> np.ndarray:
    """The polyline through path (T, k) with each step cut into equal parts: ((T − 1) · parts + 1, k)."""
    return _between(np.asarray(path, np.float64), np.linspace(0, len(path) - 1, (len(path) - 1) * parts + 1))


def _between(points: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Points (T, D) at fractional indices (M,), in 0..T − 1: (M, D)."""
    before = at.astype(int).clip(0, max(len(points) - 2, 0))
    part = (at - before)[:, None]
    return (1 - part) * points[before] + part * points[np.minimum(before + 1, len(points) - 1)]


def evenly_spaced(model: Decoder, path: np.ndarray, count: int) -> np.ndarray:
    """`count` points on the polyline through path (T, k), its ends included, with the same picture change from each to
    the next: (count, k).

    First even along the decoded curve; then moved until the changes ‖decode(z_{i+1}) − decode(z_i)‖ themselves are
    even, as a curve may turn within a step. Where nothing changes at all, the points are even in latent space.
    """
    if count < 2:
        raise LatentError(f"A path has at least 2 frames, not {count}.")
    fine = subdivided(path, max(1, math.ceil(16 * count / max(len(path) - 1, 1))))
    pictures = decoded(model, fine)
    change = step_lengths(pictures) if step_lengths(pictures).any() else step_lengths(fine)
    at = np.arange(len(fine), dtype=float)
    best = (math.inf, at)
    for n in range(100):
        # A sliver keeps the sums rising where the decoder stands still.
        arc = np.concatenate([[0.0], np.cumsum(change + 1e-9 * change.mean() + 1e-30)])
        wanted = np.interp(np.linspace(0, arc[-1], count), arc, at)
        at = wanted if n == 0 else (at + wanted) / 2  # whole ways would overshoot where the curve turns
        change = step_lengths(_between(pictures, at))
        best = min(best, (float(change.max() - change.min()), at), key=lambda item: item[0])
    even = _between(fine, best[1])
    even[0], even[-1] = path[0], path[-1]
    return even


class OffData:
    """What leaving the data costs: a second term in the metric, G(z) = JᵀJ + (weight · scale · excess(z))² I.

    A decoder is undefined where it saw no codes; it often stands still there, and the shortest path would lead out of
    the data and around. excess: how far the distance to the 5th nearest code is above `off_data_threshold`, as a share
    of it; 0 among the codes. scale: picture change for a latent unit over all codes, so that weight has no unit.
    Arvanitidis et al. 2018 add the Jacobian of a variance network that grows off the data, which has the same shape.

    Args:
        model: the decoder.
        codes: of held-out samples, (N, k).
        weight: of the term; 0 leaves the decoder's metric alone.
        threshold: the codes' `off_data_threshold`, where it is known (it is the slow part for large k).
    """

    def __init__(self, model: Decoder, codes: np.ndarray, weight: float = WEIGHT, threshold: float | None = None):
        self.codes = torch.as_tensor(codes, dtype=torch.float32)
        self.tree = cKDTree(self.codes.numpy()) if self.codes.shape[1] <= TREE else None
        self.threshold = off_data_threshold(codes) if threshold is None else threshold
        few = codes[:256]
        self.strength = weight * math.sqrt(decoded(model, few).var(0).sum() / max(few.var(0).sum(), 1e-12))

    def excess(self, z: Tensor) -> Tensor:
        """How far points z (M, k) are off the data, (M,), differentiable: 0 among the codes, 1 at two thresholds."""
        neighbours = min(NEIGHBOURS, len(self.codes))
        with torch.no_grad():  # which code it is does not change with a small step
            if self.tree:
                nearest = torch.from_numpy(
                    self.tree.query(np.nan_to_num(z.numpy()), [neighbours])[1][:, 0]
                )  # a tree refuses what a diverged decoder leads to
            else:
                nearest = torch.cdist(z, self.codes).topk(neighbours, largest=False).indices[:, -1]
        return ((z - self.codes[nearest]).square().sum(1).clamp(min=1e-20).sqrt() / self.threshold - 1).clamp(min=0)


def _squares(model: Decoder, z: Tensor, off: OffData | None) -> tuple[Tensor, Tensor]:
    """Squared lengths of the steps of a path z (T, k), (T − 1,) each: of the decoded curve, and of what leaving the
    data costs.
    """
    x = model.decode(z).flatten(1)
    shown = (x[1:] - x[:-1]).square().sum(1)
    if off is None:
        return shown, torch.zeros_like(shown)
    excess = off.excess(z)
    return shown, (off.strength * (excess[1:] + excess[:-1]) / 2).square() * (z[1:] - z[:-1]).square().sum(1)


def _energy(model: Decoder, z: Tensor, off: OffData | None) -> Tensor:
    """The sum of both terms of `_squares`."""
    shown, extra = _squares(model, z, off)
    return (shown + extra).sum()


def _refined(model: Decoder, start: np.ndarray, off: OffData | None, max_evaluations: int) -> np.ndarray:
    """The path start (T, k), its ends fixed, moved to a minimum of its energy Σ‖decode(z_{i+1}) − decode(z_i)‖² and of
    what leaving the data costs, in at most `max_evaluations` of the energy.

    Energy and not length: its minimum is a geodesic run through at even speed, so that the points cannot bunch up
    (Shao, Kumar & Fletcher 2018). The displacement is a sum of sines, each divided by its frequency: so the energy is
    about as steep along each of them, and L-BFGS needs tens of steps instead of hundreds.
    """
    inner = np.arange(1, len(start) - 1) / (len(start) - 1)
    frequency = np.arange(1, min(SINES, len(inner)) + 1)
    sines = torch.as_tensor(np.sin(np.pi * inner[:, None] * frequency) / frequency, dtype=torch.float32)  # (T − 2, F)
    path = torch.as_tensor(start, dtype=torch.float32)
    scale = max(curve_length(start), 1e-12) / math.pi
    with torch.no_grad():
        unit = max(float(_energy(model, path, off)), 1e-30)

    def displaced(coefficients: Tensor) -> Tensor:
        return torch.cat([path[:1], path[1:-1] + scale * (sines @ coefficients.reshape(len(frequency), -1)), path[-1:]])

    def energy(values: np.ndarray) -> tuple[float, np.ndarray]:
        with torch.enable_grad():
            coefficients = torch.tensor(values, dtype=torch.float32, requires_grad=True)
            total = _energy(model, displaced(coefficients), off) / unit
            (gradient,) = torch.autograd.grad(total, coefficients)
        return float(total.detach()), gradient.double().numpy()

    result = minimize(
        energy,
        np.zeros(len(frequency) * path.shape[1]),
        jac=True,
        method="L-BFGS-B",
        options={"maxfun": max_evaluations, "maxcor": 12, "ftol": 1e-5},
    )
    with torch.no_grad():
        inner_points = displaced(torch.tensor(result.x, dtype=torch.float32)).double().numpy()[1:-1]
    return np.concatenate([start[:1], inner_points, start[-1:]])


def _shortest(
    model: Decoder, straight: np.ndarray, starts: list[np.ndarray], off: OffData | None, max_evaluations: int
) -> np.ndarray:
    """The best of the refined starts and the straight line: least costly with `off` among those whose decoded length is
    not longer than straight's.

    Where all ways around are longer than that, the starts are refined without `off`.
    """

    def judged(path: np.ndarray) -> tuple[float, list[float]]:
        """(cost with `off`, decoded lengths as it is and with its steps cut into parts)."""
        with torch.no_grad():
            shown, extra = _squares(model, torch.as_tensor(subdivided(path, FINE), dtype=torch.float32), off)
        return float((shown + extra).sqrt().sum()), [decoded_length(model, path), float(shown.sqrt().sum())]

    cost, limits = judged(straight)
    candidates = [(cost, straight)]
    for penalty in (off, None) if off else (None,):
        for start in starts:
            path = _refined(model, start, penalty, max_evaluations)
            cost, lengths = judged(path)
            if all(length <= limit for length, limit in zip(lengths, limits, strict=True)):
                candidates.append((cost, path))
        if len(candidates) > 1:
            break
    return min(candidates, key=lambda item: item[0])[1]


def _checked(a: np.ndarray, b: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.shape != b.shape or a.ndim != 1 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise LatentError("A path needs two codes of the same size, both of finite numbers.")
    if count < 3:
        raise LatentError(f"A geodesic needs at least 3 points, not {count}.")
    return a, b


def geodesic(
    model: Decoder,
    a: np.ndarray,
    b: np.ndarray,
    steps: int = STEPS,
    off: OffData | None = None,
    max_evaluations: int = 40,
) -> np.ndarray:
    """A shortest path from a to b through what the decoder shows, for any k: (steps, k), at about even picture change.

    The straight line, moved until the decoded curve's energy is least: a local minimum, and never longer than that
    line.

    Args:
        model: the decoder.
        a, b: the ends, (k,) each.
        steps: points of the path, its ends included.
        off: what leaving the data costs; None: nothing.
        max_evaluations: of the energy.

    Raises LatentError for ends that are no codes, or fewer than 3 points.
    """
    a, b = _checked(a, b, steps)
    straight = lerp(a, b, np.linspace(0, 1, steps))
    return _shortest(model, straight, [straight], off, max_evaluations)


@dataclass(frozen=True)
class MetricGraph:
    """A grid over a map's box whose edges are as long as the pictures at their ends are apart; it serves any two ends.

    Args:
        box: of the map, with two dimensions.
        grid: points along a side.
        z: the points, (grid², 2), row 0 at the bottom.
        pictures: what is decoded there, (grid², D).
        excess: how far they lie off the data, (grid²,), see OffData.
        i, j, cost: the edges, (E,): indices of both ends, and length.
        off: what leaving the data costs.
    """

    box: Extent
    grid: int
    z: np.ndarray
    pictures: np.ndarray
    excess: np.ndarray
    i: np.ndarray
    j: np.ndarray
    cost: np.ndarray
    off: OffData | None

    @classmethod
    def of(
        cls, model: Decoder, box: Extent, codes: np.ndarray | None = None, grid: int = 64, weight: float = WEIGHT
    ) -> "MetricGraph":
        """The graph of a model's map; codes (N, 2): of held-out samples, so that leaving the data costs, see OffData.

        grid² points are decoded once: for 64² pictures of 784 pixels that are 13 MB and most of a geodesic's time.
        """
        across, up = (np.linspace(box.low[axis], box.high[axis], grid) for axis in (0, 1))
        z = np.stack([np.tile(across, grid), np.repeat(up, grid)], axis=1)
        off, excess = None, np.zeros(len(z))
        if codes is not None and weight:
            off = OffData(model, codes, weight)
            excess = np.maximum(neighbour_distance(codes, z) / off.threshold - 1, 0)
        pictures = decoded(model, z)
        numbers = np.arange(grid * grid).reshape(grid, grid)
        pairs = []
        for down, right in OFFSETS:
            here = numbers[: grid - down, max(0, -right) : grid - max(0, right)]
            there = numbers[down:, max(0, right) : grid - max(0, -right)]
            pairs.append((here.ravel(), there.ravel()))
        cost = np.concatenate(
            [_costs(off, z[i] - z[j], pictures[i] - pictures[j], (excess[i] + excess[j]) / 2) for i, j in pairs]
        )
        i, j = (np.concatenate(side) for side in zip(*pairs, strict=True))
        return cls(box, grid, z, pictures, excess, i, j, cost, off)

    def path(self, model: Decoder, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """The shortest path from a to b (2,) on the grid, which each end joins at its cell's four corners: (n, 2)."""
        ends = np.stack([a, b]).astype(np.float64)
        pictures = decoded(model, ends)
        excess = np.zeros(2)
        if self.off:
            with torch.no_grad():
                excess = self.off.excess(torch.as_tensor(ends, dtype=torch.float32)).numpy()
        cell = (
            ((ends - self.box.low) / (self.box.high - self.box.low) * (self.grid - 1))
            .astype(int)
            .clip(0, self.grid - 2)
        )
        corners = (cell[:, 1] * self.grid + cell[:, 0])[:, None] + np.array([0, 1, self.grid, self.grid + 1])  # (2, 4)
        cost = [
            _costs(self.off, self.z[at] - end, self.pictures[at] - x, (self.excess[at] + e) / 2)
            for at, end, x, e in zip(corners, ends, pictures, excess, strict=True)
        ]
        first = len(self.z)
        i, j = (
            np.concatenate([self.i, corners[0], corners[1]]),
            np.concatenate([self.j, *np.repeat([[first], [first + 1]], 4, axis=1)]),
        )
        graph = coo_matrix((np.concatenate([self.cost, *cost]), (i, j)), shape=(first + 2, first + 2)).tocsr()
        before = dijkstra(graph, directed=False, indices=first, return_predecessors=True)[1]
        way = [first + 1]
        while way[-1] != first:
            way.append(before[way[-1]])
        return np.stack([a, *self.z[way[-2:0:-1]], b])


def _costs(off: OffData | None, far: np.ndarray, apart: np.ndarray, excess: np.ndarray) -> np.ndarray:
    """Cost of edges (E,): far (E, 2) from end to end in latent space, apart (E, D) among the pictures, excess (E,) the
    mean of both ends.
    """
    latent, shown = np.linalg.norm(far, axis=1), np.linalg.norm(apart, axis=1).astype(np.float64)
    extra = off.strength * excess * latent if off else 0.0
    # An edge of length 0 is no edge to a sparse matrix; where the decoder stands still the shorter way wins.
    return np.sqrt(shown**2 + extra**2) + 1e-6 * latent + 1e-12


def geodesic_2d(
    model: Decoder, a: np.ndarray, b: np.ndarray, graph: MetricGraph, steps: int = STEPS, max_evaluations: int = 40
) -> np.ndarray:
    """The shortest path from a to b over a map: (steps, 2), at about even picture change.

    A graph over the whole map finds the way around what a displaced straight line would have to cross (Dijkstra 1959);
    then both are refined, and the better one is taken: its decoded length is never more than the straight line's.

    Args:
        model: the decoder.
        a, b: the ends, (2,) each.
        graph: of this model's map; one serves any two ends.
        steps: points of the path, its ends included.
        max_evaluations: of the energy, in each refinement.

    Raises LatentError for ends that are no codes of 2 dimensions, or fewer than 3 points.
    """
    a, b = _checked(a, b, steps)
    if len(a) != 2:
        raise LatentError(f"The map's geodesic needs codes of 2 dimensions, not {len(a)}: use geodesic.")
    straight = lerp(a, b, np.linspace(0, 1, steps))
    around = evenly_spaced(model, graph.path(model, a, b), steps)
    return _shortest(model, straight, [straight, around], graph.off, max_evaluations)


@dataclass(frozen=True)
class Along:
    """What a path of T points passes.

    Args:
        classes: by the vote of the nearest codes, (T,).
        changes: indices of the points whose class is not the one before's.
        distance: to the 5th nearest code, (T,), in latent units.
        off_data: whether that is beyond `off_data_threshold`, (T,).
    """

    classes: np.ndarray
    changes: np.ndarray
    distance: np.ndarray
    off_data: np.ndarray


def classes_along(
    path: np.ndarray, codes: np.ndarray, y: np.ndarray, neighbours: int = NEIGHBOURS, threshold: float | None = None
) -> Along:
    """The class of each point of a path by the vote of its nearest codes, and whether it is off the data.

    Args:
        path: (T, k).
        codes: (N, k), with classes y (N,).
        neighbours: that vote; among classes with as many votes the one with the nearest code wins.
        threshold: the codes' `off_data_threshold`, where it is known.

    Raises LatentError where there is no class for each code.
    """
    if len(codes) != len(y) or not len(y):
        raise LatentError("Naming the classes along a path needs codes with a class for each.")
    count = min(neighbours, len(codes))
    distance, nearest = NearestNeighbors(n_neighbors=count).fit(codes).kneighbors(path)
    votes = y[nearest]  # (T, count), nearest first
    same = (votes[:, :, None] == votes[:, None, :]).sum(2)  # how many agree with each voter
    classes = votes[np.arange(len(votes)), same.argmax(1)]  # argmax takes the first, which is the nearest
    limit = off_data_threshold(codes, neighbours) if threshold is None else threshold
    return Along(classes, np.flatnonzero(np.diff(classes)) + 1, distance[:, -1], distance[:, -1] > limit)
