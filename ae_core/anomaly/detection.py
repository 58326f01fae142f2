"""What a detector says of a table, row by row."""

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import torch

from ..data.csv.resample import jumps
from ..data.csv.table import Table
from ..pca import PCA
from .named_rows import own_errors

MAX_MAP_POINTS = 5000  # windows on the map that lie evenly over the table, and as many flagged ones
MAX_CLUSTERS = 6
MAX_SILHOUETTE_CODES = 1000  # that are compared with each other


@dataclass(frozen=True)
class ModelScores:
    """What one model, the network or PCA, makes of each row; NaN where there is nothing.

    Attributes:
        x_hat: (rows, C) float32, each row as it is rebuilt as it comes in, in the channels' units.
        parts: (rows, C) ≥ 0, each channel's part of the score.
        score: (rows,), their sum.
        held_out: (H,) scores of the run's own held-out normal rows.
    """

    x_hat: np.ndarray
    parts: np.ndarray
    score: np.ndarray
    held_out: np.ndarray


@dataclass(frozen=True)
class LatentMap:
    """Windows by their codes.

    Attributes:
        at: (M,) each window's first row.
        z: (M, 2) where it lies on the map.
        cluster: (M,) the number of its cluster.
    """

    at: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    z: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    cluster: np.ndarray = field(default_factory=lambda: np.empty(0, int))

    @classmethod
    def of(cls, z: np.ndarray, window: int, score: np.ndarray, flagged: np.ndarray) -> "LatentMap":
        """Of the codes (rows, k) of the windows that end with each row, NaN where none does.

        Of many, `thinned_windows` alone. score: (rows,); flagged: bool (rows,), those that must not be left out.
        """
        ends = np.flatnonzero(np.isfinite(z).all(1))
        ends = ends[thinned_windows(score[ends], flagged[ends])]
        return cls(ends - window + 1, project_to_plane(z[ends]), cluster_codes(z[ends]))


def thinned_windows(score: np.ndarray, flagged: np.ndarray, most: int = MAX_MAP_POINTS) -> np.ndarray:
    """Which of many windows are kept, (M,) rising: all of up to `most`; else the first and the last, half of `most`
    evenly between them, the one with the highest score of every so many, and the flagged ones, of more than `most`
    those with the highest scores.

    score: (N,); flagged: bool (N,).
    """
    count = len(score)
    if count <= most:
        return np.arange(count)
    even = np.linspace(0, count - 1, most // 2).round().astype(int)
    ranked = np.nan_to_num(score, nan=-np.inf)
    peaks = [a + int(ranked[a:b].argmax()) for a, b in itertools.pairwise([*even, count]) if b > a]
    kept = np.flatnonzero(flagged)
    kept = kept[np.argsort(-ranked[kept], kind="stable")[:most]]
    return np.unique(np.r_[even, peaks, kept])


@dataclass(frozen=True)
class Detection:
    """What a detector says of a table, row by row.

    Attributes:
        names, units: of the C channels.
        time: datetime64[ns] (rows,) or None.
        step: seconds from row to row, or None.
        values: (rows, C) float32 in the channels' units, NaN where there is none.
        label: bool (rows,), True for abnormal, or None.
        normal: first row, row after the last, of the normal stretch; (0, 0) where the table is another one.
        held_out: the same of the part of it that was held out.
        window: rows of a window.
        n_dims: latent dimensions, and PCA's, that are used for scoring.
        network, pca: what each of them makes of the rows.
        latent_map: windows by their codes.
        row_error: uint8 (rows, 2), how far the last and the first row of the window that ends with each is abnormal by
            itself, see `named_rows`; None of older runs.
        terms: (rows, 4) float32, what the network's score is made of, as `NewestCalibration.made_of` has it; None of
            other scores, of older runs, and of tables that are scored in pieces.
        independent: as how many independent scores those of the held-out normal rows count; infinite for runs of a time
            when nobody asked.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    time: np.ndarray | None
    step: float | None
    values: np.ndarray
    label: np.ndarray | None
    normal: tuple[int, int]
    held_out: tuple[int, int]
    window: int
    n_dims: int
    network: ModelScores
    pca: ModelScores
    latent_map: LatentMap = field(default_factory=LatentMap)
    row_error: np.ndarray | None = None
    terms: np.ndarray | None = None
    independent: float = math.inf

    def __len__(self) -> int:
        return len(self.values)

    def unscored_rows(self) -> int:
        """How many rows have no score: no window of rows without a gap ends with them."""
        return int(np.isnan(self.network.score).sum())

    def own_errors(self) -> np.ndarray | None:
        """uint8 (rows,): how far each row is abnormal by itself, see `named_rows`; None where that is not known."""
        if self.row_error is None:
            return None
        return own_errors(self.row_error, np.isfinite(self.network.score), self.window)

    def time_gaps(self) -> np.ndarray:
        """The rows (G,) that come more than one step and a half after the row before, or before it; none without
        times.
        """
        if self.time is None or not self.step:
            return np.empty(0, int)
        return np.flatnonzero(jumps(self.time, self.step))


def unscored(table: Table, normal: tuple[int, int], window: int) -> Detection:
    """A table as it stands before anything is trained on it: the signals, and no score anywhere."""
    nothing = np.full(table.values.shape, np.nan, np.float32)
    model = ModelScores(nothing, nothing, np.full(len(table), np.nan), np.empty(0))
    return Detection(
        names=table.names,
        units=table.units,
        time=table.time,
        step=table.step,
        values=table.values.astype(np.float32),
        label=table.label,
        normal=normal,
        held_out=(0, 0),
        window=window,
        n_dims=0,
        network=model,
        pca=model,
    )


def project_to_plane(z: np.ndarray) -> np.ndarray:
    """Codes (M, k) as points on a map, (M, 2): the two directions in which they vary most, or themselves."""
    if z.shape[1] == 1:
        return np.concatenate([z, np.zeros_like(z)], 1)
    if z.shape[1] == 2 or len(z) < 3:
        return z[:, :2]
    projected: np.ndarray = PCA(torch.from_numpy(z).float(), 2).encode(torch.from_numpy(z).float()).numpy()
    return projected


def cluster_codes(z: np.ndarray, most: int = MAX_CLUSTERS) -> np.ndarray:
    """(M,) k-means clusters of codes (M, k), of as many, 2 to `most`, as the silhouette (Rousseeuw 1987) of 1,000 of
    them proposes.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    most = min(most, len(np.unique(z, axis=0)))
    if most < 2 or len(z) < 10 * most:
        return np.zeros(len(z), int)
    z = (z - z.mean(0)) / np.maximum(z.std(0), 1e-12)
    fits = [KMeans(n, n_init=2, random_state=0).fit(z) for n in range(2, most + 1)]
    sample = np.random.default_rng(0).permutation(len(z))[:MAX_SILHOUETTE_CODES]
    fits = [fit for fit in fits if len(np.unique(fit.labels_[sample])) > 1]
    if not fits:
        return np.zeros(len(z), int)
    best = max(fits, key=lambda fit: silhouette_score(z[sample], fit.labels_[sample]))
    labels: np.ndarray = best.labels_.astype(int)
    return labels
