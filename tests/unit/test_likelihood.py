"""−log p(x) by importance sampling against quadrature over the code; KL of each dimension and draws from the prior."""

import itertools
import math

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from ae_core import Autoencoder, Config, LatentError, load_checkpoint
from ae_core.latent.geometry import kl_by_dimension, prior_samples
from ae_core.model.metrics import binarised, importance_weighted_nll, negative_elbo


def by_quadrature(model, x, reach=6.0, size=161):
    """−log ∫ p(x|z) N(z; 0, I) dz of each x (N, *shape) over a grid of size^k codes: (N,)."""
    axis = torch.linspace(-reach, reach, size)
    z = torch.cartesian_prod(*[axis] * model.k).view(-1, model.k)
    prior = Normal(0.0, 1.0).log_prob(z).sum(1).double()
    with torch.no_grad():
        raw = torch.cat([model.decoder(part) for part in z.split(4096)])
        likelihood = torch.stack([-model.reconstruction(raw, one.expand(len(raw), *x.shape[1:])).double() for one in x])
    return -(likelihood + prior).logsumexp(1) - model.k * math.log(2 * reach / (size - 1))


@pytest.fixture(scope="module")
def trained(small_run, digits):
    return load_checkpoint(small_run), binarised(digits.x_test[:30])


def untrained(k):
    torch.manual_seed(0)
    model = (
        Autoencoder(Config(data="digits", variant="vae", k=k, hidden=(16,), activation="tanh"), (1, 4, 4), (0.0, 1.0))
        .eval()
        .requires_grad_(False)
    )
    model.decoder[0].weight *= 3  # so that the code matters
    return model


def test_importance_sampling_is_the_integral(trained):
    model, x = trained
    exact = by_quadrature(model, x)
    assert importance_weighted_nll(model, x)[0] == pytest.approx(float(exact.mean()), abs=0.05)


@pytest.mark.parametrize("k", [1, 2])
def test_importance_sampling_is_the_integral_whatever_the_posterior_says(k):
    model, x = untrained(k), torch.bernoulli(torch.full((8, 1, 4, 4), 0.4))
    assert importance_weighted_nll(model, x)[0] == pytest.approx(float(by_quadrature(model, x).mean()), abs=0.05)


def test_it_falls_from_the_elbo_towards_the_likelihood(trained):
    model, x = trained
    found = [importance_weighted_nll(model, x.repeat(40, 1, 1, 1), samples)[0] for samples in (1, 5, 50, 500)]
    assert all(more < fewer + 0.01 for fewer, more in itertools.pairwise(found))  # but for chance
    assert found[-1] < found[0]
    assert found[0] == pytest.approx(
        negative_elbo(model, x, draws=400)["negative_elbo"], rel=0.02
    )  # with one sample it is −ELBO
    assert float(by_quadrature(model, x).mean()) < found[2] + 0.05


def test_memory_is_bounded_and_the_batch_changes_nothing_but_chance(trained):
    model, x = trained
    decode, seen = model.decoder.forward, []
    model.decoder.forward = lambda z: seen.append(len(z)) or decode(z)
    small = importance_weighted_nll(model, x, samples=1500, batch=400)
    assert max(seen) <= 400
    assert sum(seen) == 1500 * len(x)
    seen.clear()
    large = importance_weighted_nll(model, x, samples=1500, batch=4000)
    assert max(seen) == 3000  # two pictures at once
    del model.decoder.forward
    assert small[0] == pytest.approx(large[0], abs=0.05)
    assert importance_weighted_nll(model, x, samples=50) == importance_weighted_nll(model, x, samples=50)


def test_the_standard_error_is_over_samples(trained):
    model, x = trained
    one_by_one = torch.tensor([importance_weighted_nll(model, one, 2000)[0] for one in x.split(1)])
    assert importance_weighted_nll(model, x, 2000)[1] == pytest.approx(
        float(one_by_one.std()) / math.sqrt(len(x)), rel=0.02
    )
    assert importance_weighted_nll(model, x[:1], 10)[1] == 0


@pytest.mark.parametrize(("variant", "loss"), [("deep", "auto"), ("vae", "squared-error")])
def test_what_has_no_likelihood_says_so(variant, loss):
    model = Autoencoder(Config(data="digits", variant=variant, k=2, hidden=(8,), loss=loss), (1, 8, 8), (0.0, 1.0))
    with pytest.raises(LatentError, match=r"\.$"):
        importance_weighted_nll(model, torch.zeros(2, 1, 8, 8), 10)


def test_kl_by_dimension_is_the_closed_form(trained):
    model, x = trained
    mu, logvar = (value.detach() for value in model.posterior(x))
    wanted = kl_divergence(Normal(mu, (logvar / 2).exp()), Normal(0.0, 1.0)).mean(0)
    torch.testing.assert_close(kl_by_dimension(model, x).float(), wanted)
    assert float(kl_by_dimension(model, x).sum()) == pytest.approx(negative_elbo(model, x)["kl"], rel=1e-5)


def test_prior_samples_are_standard_normal_times_the_temperature():
    z = prior_samples(3, 40_000, temperature=0.5)
    assert z.dtype == np.float32
    np.testing.assert_allclose(z.mean(0), 0, atol=0.01)
    np.testing.assert_allclose(np.cov(z.T), 0.25 * np.eye(3), atol=0.01)
    np.testing.assert_array_equal(z[:5], prior_samples(3, 5, temperature=0.5))
    assert not np.array_equal(z[:5], prior_samples(3, 5, temperature=0.5, seed=1))


def test_without_a_prior_the_codes_mean_and_covariance_serve():
    mix = np.array([[2.0, 0.0, 2.0], [0.0, 0.5, 0.5]])  # the third number is the sum of the others: no Cholesky root
    codes = (np.random.default_rng(0).normal(size=(5000, 2)) @ mix + [5, -1, 0]).astype(np.float32)
    z = prior_samples(3, 40_000, codes=codes)
    np.testing.assert_allclose(z.mean(0), codes.mean(0), atol=0.05)
    np.testing.assert_allclose(np.cov(z.T), np.cov(codes.T), atol=0.1)
    np.testing.assert_allclose(np.cov(prior_samples(3, 40_000, 2.0, codes=codes).T), 4 * np.cov(codes.T), atol=0.4)
    with pytest.raises(LatentError, match="3 dimensions"):
        prior_samples(2, 10, codes=codes)


def test_a_conditional_model_has_a_likelihood_given_the_class(digits):
    torch.manual_seed(0)
    model = Autoencoder(Config(data="digits", variant="cvae", k=2, hidden=(16,)), digits.shape, digits.range, 10).eval()
    x, y = digits.x_test[:20].round(), digits.y_test[:20]
    nll, _ = importance_weighted_nll(model, x, samples=2000, y=y)
    other, _ = importance_weighted_nll(model, x, samples=2000, y=(y + 1) % 10)
    assert nll != other
    axis = torch.linspace(-6, 6, 121)  # the integral over z, by the trapezoidal rule
    z = torch.cartesian_prod(axis, axis)
    prior = -0.5 * z.square().sum(1) - math.log(2 * math.pi) + 2 * math.log(float(axis[1] - axis[0]))
    exact = []
    with torch.no_grad():
        for sample, label in zip(x, y, strict=True):
            raw = model.raw(z, label.expand(len(z)))
            exact.append(-float((prior - model.reconstruction(raw, sample.expand(len(z), *sample.shape))).logsumexp(0)))
    assert nll == pytest.approx(sum(exact) / len(exact), abs=0.05)
