"""Principal component analysis with an autoencoder's methods, so that the same code compares both."""

import math

import numpy as np
import torch
from scipy.linalg import eigh
from torch import Tensor

from .base.budget import ask
from .base.errors import LatentError

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def all_finite(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Tensors that were read from a file, as float32; ValueError where one is not of floats of 16 to 64 bits, or not
    finite.
    """
    floats = {name: value.float() for name, value in tensors.items() if value.dtype in FLOATS}
    if len(floats) < len(tensors) or not all(bool(value.isfinite().all()) for value in floats.values()):
        raise ValueError("not all numbers")
    return floats


def pca_bytes(samples: int, size: int, k: int | None, gathered: bool = False) -> int:
    """What fitting a PCA takes: the covariance (or the samples' products with each other), a copy for LAPACK, and the
    vectors. gathered: the samples are, as they are needed, and none is there before.
    """
    if k and k < samples < size:
        return 8 * (3 * samples * size + 3 * samples**2) + 4 * gathered * samples * size
    width = 4 if k and k <= size // 8 else 8  # of a number while the covariance is summed
    return 8 * (2 * size**2 + 2 * size * min(k or size, size)) + (width + 4 * gathered) * min(samples, 8192) * size


class PCA:
    """The best linear code: mean and the K leading eigenvectors of the covariance (Pearson 1901).

    Attributes:
        mean: of the data, (D,).
        components: orthonormal rows by falling variance, (K, D).
        variance: of each dimension of the code, (K,), in data units².
        total_variance: of the data.
        k: K.
        shape: of a sample.

    >>> x = torch.randn(100, 5, generator=torch.Generator().manual_seed(0))
    >>> bool((PCA(x).reconstruct(x) - x).abs().max() < 1e-5)
    True
    """

    def __init__(self, x: Tensor, k: int | None = None):
        """Fit on x (N, *shape), N > 1; k: how many components to keep, at most D; all of them by default."""
        if k is not None and k < 1:
            raise LatentError(f"PCA keeps 1 component or more, not {k}.")
        self.shape = tuple(x.shape[1:])
        flat = x.flatten(1)
        # float64: the small eigenvalues of 784 pixels drown in float32's rounding. The leading ones do not (64 of
        # MNIST's: 4e-4°), in half the time.
        total = torch.zeros(flat.shape[1], dtype=torch.float64, device=x.device)
        for block in flat.split(1024):
            total = total + block.sum(0).double()
        self.mean = total / len(flat)
        size = flat.shape[1]
        ask(
            pca_bytes(len(flat), size, k, not isinstance(x, Tensor)),
            f"PCA of {len(flat):,} samples of {size:,} values needs",
            "make the samples smaller, by a shorter window or fewer channels",
        )
        spectrum = self._few(flat, k) if k and k < len(flat) < size else None
        values, vectors, self.total_variance = spectrum or self._many(flat, k)
        values, vectors = values.flip(0).clamp(min=0), vectors.flip(1)
        self.k = min(k or size, size)
        self.variance = values[: self.k].float()
        # An eigenvector's sign is arbitrary: its largest entry is made positive, so that maps do not flip between
        # machines.
        strongest = vectors.gather(0, vectors.abs().argmax(0, keepdim=True))
        self.components = (vectors * strongest.sign()).T[: self.k].float().contiguous()
        self.mean = self.mean.float()

    def _many(self, flat: Tensor, k: int | None) -> tuple[Tensor, Tensor, float]:
        """The k largest eigenvalues, ascending, eigenvectors (D, k) and trace of the covariance of flat (N, D)."""
        size = flat.shape[1]
        scatter, left = np.zeros((size, size)), np.zeros(size)
        kind = torch.float32 if k and k <= size // 8 else torch.float64
        mean = self.mean.to(kind)
        for block in flat.split(8192):
            centred = (block.to(kind) - mean).numpy()
            scatter += centred.T @ centred  # NumPy sees that it is symmetric and computes half of it, torch all
            left += centred.sum(0)
            del block, centred  # before the next ones are there, and the covariance is decomposed
        rounding = np.outer(left, left)  # by what the mean was rounded: much, where the data lie far from 0
        rounding /= len(flat)
        scatter -= rounding
        del rounding
        scatter /= max(len(flat) - 1, 1)
        values, vectors = eigh(scatter, subset_by_index=[max(0, size - (k or size)), size - 1])
        return torch.from_numpy(values), torch.from_numpy(vectors), float(scatter.trace())

    def _few(self, flat: Tensor, k: int) -> tuple[Tensor, Tensor, float] | None:
        """The same, of k or more, from the samples' products with each other, (N, N): of 700 samples of 4,000 numbers
        in a hundredth of the time. None where the samples span fewer than k directions.
        """
        centred = flat.double() - self.mean
        values, vectors = torch.linalg.eigh(centred @ centred.T)
        if values[-k] <= 1e-9 * values[-1]:
            return None
        vectors = centred.T @ vectors / values.clamp(min=1e-9 * float(values[-1])).sqrt()
        return values / (len(flat) - 1), vectors, float(values.sum()) / (len(flat) - 1)

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor], shape: tuple[int, ...]) -> "PCA":
        """From what `tensors` gave, for samples of this shape; ValueError where one is missing, does not fit, or is
        not of finite numbers.
        """
        pca, size = cls.__new__(cls), math.prod(shape)
        tensors = all_finite(tensors)
        sizes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        k = math.prod(sizes.get("variance", ()))
        if sizes != {"mean": (size,), "components": (k, size), "variance": (k,), "total_variance": ()}:
            raise ValueError("the PCA is one of other samples")
        pca.shape, pca.k, pca.mean = shape, k, tensors["mean"]
        pca.components, pca.variance = tensors["components"], tensors["variance"]
        pca.total_variance = float(tensors["total_variance"])
        return pca

    def tensors(self) -> dict[str, Tensor]:
        """All of it by name, float32; `from_tensors` takes components in half precision, too."""
        return {
            "mean": self.mean,
            "components": self.components,
            "variance": self.variance,
            "total_variance": torch.tensor(self.total_variance),
        }

    def encode(self, x: Tensor) -> Tensor:
        """The code z (N, K) of x (N, *shape) or (N, D)."""
        return (x.flatten(1) - self.mean) @ self.components.T

    def decode(self, z: Tensor, k: int | None = None) -> Tensor:
        """x_hat (N, *shape) of z (N, K), from its first k dimensions."""
        k = z.shape[1] if k is None else k
        return (z[:, :k] @ self.components[:k] + self.mean).view(len(z), *self.shape)

    def reconstruct(self, x: Tensor, k: int | None = None) -> Tensor:
        """The projection of x onto the first k components."""
        return self.decode(self.encode(x), k)

    def explained(self) -> Tensor:
        """Explained variance ratio of the first 1, 2, … K components, (K,), 0..1."""
        return self.variance.cumsum(0) / max(self.total_variance, 1e-30)


def largest_angle(a: Tensor, b: Tensor) -> float:
    """The largest principal angle, in degrees 0..90, between the spans of the columns of a and b, (D, k) each (Björck &
    Golub 1973).

    >>> largest_angle(torch.eye(3)[:, :2], torch.eye(3)[:, :2] @ torch.tensor([[1.0, 2.0], [0.0, 1.0]]))
    0.0
    """
    q, p = torch.linalg.qr(a.double())[0], torch.linalg.qr(b.double())[0]
    # From the sine, because the cosine is blind to small angles.
    sine = torch.linalg.svdvals(p - q @ (q.T @ p))[0]
    return math.degrees(math.asin(min(1.0, round(float(sine), 12))))
