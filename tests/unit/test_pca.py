"""PCA against scikit-learn's."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from sklearn import decomposition

from ae_core import PCA, load_dataset
from ae_core.model.metrics import squared_error


@pytest.fixture(scope="module", params=["digits", "sinusoids"])
def data(request):
    return load_dataset(request.param, **({"samples": 2000, "complexity": 2} if request.param == "sinusoids" else {}))


@pytest.mark.parametrize("k", [1, 2, 8, 20])
def test_same_subspace_same_error_same_variance(data, k):
    ours = PCA(data.x_train, k)
    theirs = decomposition.PCA(k, svd_solver="full").fit(data.x_train.flatten(1).double().numpy())
    np.testing.assert_allclose(ours.explained().numpy()[-1], theirs.explained_variance_ratio_.sum(), atol=1e-5)
    x = data.x_test.flatten(1).double().numpy()
    expected = theirs.inverse_transform(theirs.transform(x))
    np.testing.assert_allclose(ours.reconstruct(data.x_test).flatten(1).numpy(), expected, atol=2e-4)
    np.testing.assert_allclose(np.abs(ours.encode(data.x_test).numpy()), np.abs(theirs.transform(x)), atol=2e-3)


def test_decoding_fewer_numbers_is_a_smaller_pca(data):
    whole, small = PCA(data.x_train), PCA(data.x_train, 5)
    torch.testing.assert_close(whole.reconstruct(data.x_test, 5), small.reconstruct(data.x_test), atol=1e-4, rtol=1e-4)
    errors = [squared_error(data.x_test, whole.reconstruct(data.x_test, k)) for k in range(1, whole.k + 1)]
    assert all(b <= a + 1e-6 for a, b in pairwise(errors))
    assert errors[-1] < 1e-6


def test_data_that_does_not_vary():
    pca = PCA(torch.ones(10, 4), 2)
    torch.testing.assert_close(pca.reconstruct(torch.ones(3, 4)), torch.ones(3, 4))
    assert pca.explained().isfinite().all()


@pytest.mark.parametrize("rank", [3, 19, 40])
def test_fewer_samples_than_numbers(rank):
    random = np.random.default_rng(0)
    x = torch.from_numpy(random.normal(2, 1, (20, rank)) @ random.normal(0, 1, (rank, 4 * 15))).float().view(20, 4, 15)
    ours, theirs = PCA(x, 7), decomposition.PCA(7, svd_solver="full").fit(x.flatten(1).double().numpy())
    np.testing.assert_allclose(ours.explained().numpy(), theirs.explained_variance_ratio_.cumsum(), atol=1e-6)
    np.testing.assert_allclose(
        ours.reconstruct(x).flatten(1).numpy(),
        theirs.inverse_transform(theirs.transform(x.flatten(1).double().numpy())),
        atol=1e-3,
    )
    np.testing.assert_allclose((ours.components @ ours.components.T).numpy(), np.eye(7), atol=1e-5)


def test_data_far_from_zero():
    random = np.random.default_rng(0)
    x = torch.from_numpy(
        1e5 + random.normal(0, 1, (5000, 3)) @ random.normal(0, 3, (3, 40)) + random.normal(0, 0.3, (5000, 40))
    ).float()
    ours, theirs = PCA(x, 4), decomposition.PCA(4, svd_solver="full").fit(x.double().numpy())
    np.testing.assert_allclose(ours.variance.numpy(), theirs.explained_variance_, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(ours.explained().numpy(), theirs.explained_variance_ratio_.cumsum(), atol=1e-5)
