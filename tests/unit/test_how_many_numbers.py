"""How many numbers samples need: the truth of made ones is found, and few are not overinterpreted."""

import pytest
import torch

from ae_core.latent.sizes import Size, errors_by_size, pca_size, smallest_size
from ae_core.pca import PCA
from pages.sections.data import words
from pages.sections.data.found import pca_needs


def made(count: int, rank: int, noise: float = 0.1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(rank)
    basis = torch.linalg.qr(torch.randn(40, rank, generator=generator))[0]
    z = 3 * torch.randn(count, rank, generator=generator)
    return (z @ basis.T + noise * torch.randn(count, 40, generator=generator))[:, None]


@pytest.mark.parametrize("rank", [1, 3, 8])
def test_the_rank_of_made_samples_is_found(rank):
    x = made(500, rank)
    size = pca_size(x[:400], x[400:], 20)
    assert size is not None
    assert size.k == rank
    assert size.low <= rank <= size.high
    assert size.low >= rank - 1


def test_few_samples_use_five_splits_and_fewer_say_nothing():
    x = made(30, 2)
    few = pca_size(x[:25], x[25:], 10)
    assert few is not None
    assert few.k in (2, 3)
    assert pca_size(x[:10], x[10:13], 10) is None


def test_errors_by_size_are_those_of_pca():
    x = made(60, 3)
    errors = errors_by_size(PCA(x, 5), x, 5)
    expected = (PCA(x, 2).reconstruct(x) - x).square().flatten(1).sum(1)
    torch.testing.assert_close(torch.from_numpy(errors[:, 1]).float(), expected, rtol=1e-3, atol=1e-3)
    assert smallest_size(errors).error <= errors[:, 0].mean()


@pytest.mark.parametrize(
    ("size", "unsure", "more"),
    [
        (Size(1, 1, 8, 1.0, False, 8), True, False),  # the smallest that was tried, so not "as many as were tried"
        (Size(8, 8, 8, 1.0, False, 8), False, True),
        (Size(8, 7, 8, 1.0, True, 20), False, False),
    ],
)
def test_the_sentence_is_as_sure_as_the_interval(size, unsure, more):
    said = pca_needs(size)
    assert (words.UNSURE in said, words.MORE_STILL in said) == (unsure, more)
    assert (f"{size.low} to {size.high}" in said) == (size.low < size.high)
