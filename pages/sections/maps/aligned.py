"""Maps of the same samples, laid over each other."""

import numpy as np

OUTSIDE = 0.005  # of the places, at each end, may lie beyond the square


def in_square(places: np.ndarray) -> np.ndarray:
    """Places (N, 2) moved and scaled alike in both directions, so that nearly all lie in the square from −1 to 1."""
    places = places.astype(np.float64)
    low, high = np.quantile(places, [OUTSIDE, 1 - OUTSIDE], axis=0)
    half = max(float((high - low).max()) / 2, 1e-12)
    return (places - (low + high) / 2) / half


def over(places: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Places (N, 2) turned, or mirrored, so that they lie over others (M, 2) of the same samples as well as they can
    (orthogonal Procrustes: Schönemann 1966), by the first min(N, M); in the square from −1 to 1, float32.
    """
    both = min(len(places), len(others))
    a, b = (each[:both] - each[:both].mean(0) for each in (places.astype(np.float64), others.astype(np.float64)))
    u, _, v = np.linalg.svd(a.T @ b)
    return in_square((places - places.mean(0)) @ (u @ v)).astype(np.float32)
