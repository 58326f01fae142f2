"""What each shipped variant is shipped for, measured anew on MNIST's first 2,000 test images (enough: the margins are
several standard errors).

Without MNIST in LATENT_DATA these tests are skipped: the variants were trained on it.
"""

import dataclasses
import itertools

import pytest
import torch

from ae_core import load_checkpoint, load_dataset, read_checkpoint
from ae_core.data import source
from ae_core.model.metrics import (
    codes,
    conditional_accuracy,
    denoising_error,
    firing_rates,
    jacobian_norm,
    negative_elbo,
    neighbour_accuracy,
    perplexity,
    reconstructions,
    squared_error,
)
from ae_core.sockets.corruption import Noise, Patches

BETAS = {"01": 0.1, "05": 0.5, "1": 1.0, "2": 2.0, "4": 4.0, "10": 10.0}  # by the end of their name
PAIRS = {  # each beside the plain autoencoder that differs from it in nothing but what makes the variant
    "mnist-denoising-32d": "mnist-plain-32d",
    "mnist-masked-32d": "mnist-plain-32d",
    "mnist-contractive-32d": "mnist-plain-32d",
    "mnist-sparse-128d": "mnist-plain-128d",
}


@pytest.fixture(scope="module")
def data():
    if not source("mnist").here():
        pytest.skip("MNIST is not in LATENT_DATA, and the shipped variants were trained on it")
    whole = load_dataset("mnist")
    return dataclasses.replace(whole, x_test=whole.x_test[:2000], y_test=whole.y_test[:2000])


def error(name, data):
    model = load_checkpoint(name)
    return squared_error(data.x_test, reconstructions(model, data.x_test))


@pytest.mark.parametrize(("name", "plain"), PAIRS.items())
def test_a_pair_differs_in_the_variant_alone(name, plain):
    a, b = (read_checkpoint(one).config.to_json() for one in (name, plain))
    assert {key for key in a if a[key] != b[key]} <= {"variant", "sockets"}
    assert b["variant"] == "deep"
    counts = {read_checkpoint(one).measures["parameters"] for one in (name, plain)}
    assert len(counts) == 1


def test_the_denoiser_makes_a_third_less_error_than_the_plain_one(data):
    denoiser, plain = (
        denoising_error(load_checkpoint(name), Noise("gaussian", 0.3), data.x_test)
        for name in ("mnist-denoising-32d", "mnist-plain-32d")
    )
    assert denoiser <= 0.7 * plain


def test_the_masked_one_fills_in_what_the_plain_one_cannot(data):
    masked, plain = (
        denoising_error(load_checkpoint(name), Patches(0.75, 4), data.x_test)
        for name in ("mnist-masked-32d", "mnist-plain-32d")
    )
    alone = squared_error(
        data.x_test, Patches(0.75, 4)(data.x_test, torch.Generator().manual_seed(0))
    )  # nothing filled in
    assert masked <= 0.7 * plain
    assert masked <= 0.7 * alone


def test_the_contractive_ones_code_moves_half_as_far_at_hardly_more_error(data):
    norms = [
        jacobian_norm(load_checkpoint(name), data.x_test[:500]) for name in ("mnist-contractive-32d", "mnist-plain-32d")
    ]
    assert norms[0] <= 0.5 * norms[1]
    assert error("mnist-contractive-32d", data) <= 1.15 * error("mnist-plain-32d", data)
    for name, norm in zip(("mnist-contractive-32d", "mnist-plain-32d"), norms, strict=True):
        assert norm == pytest.approx(read_checkpoint(name).measures["jacobian_norm"], rel=1e-3)


def test_a_fifth_of_the_sparse_ones_units_do_the_work_and_none_is_dead(data):
    rates = firing_rates(codes(load_checkpoint("mnist-sparse-128d"), data.x_test))
    assert float(rates.mean()) <= 0.2
    assert float(rates.min()) >= 0.02  # each unit is on for some: dead ones are not what makes it sparse
    assert float(rates.max()) <= 0.6
    assert error("mnist-sparse-128d", data) <= 1.15 * error("mnist-plain-128d", data)


def test_beta_trades_reconstruction_for_kl(data):
    found = []
    for name, beta in BETAS.items():
        checkpoint = read_checkpoint(f"mnist-beta-{name}")
        assert checkpoint.model().penalty.beta == beta
        measured = negative_elbo(checkpoint.model(), data.x_test)
        found.append((measured["reconstruction"], measured["kl"]))
        whole = checkpoint.measures
        assert (measured["reconstruction"], measured["kl"]) == pytest.approx(
            (whole["reconstruction"], whole["kl"]), rel=0.06
        )  # of 10,000 images there
    assert all(a < b for (a, _), (b, _) in itertools.pairwise(found))
    assert all(a > b for (_, a), (_, b) in itertools.pairwise(found))
    kept = [read_checkpoint(f"mnist-beta-{name}").measures for name in BETAS]
    assert all(a["squared_error"] < b["squared_error"] for a, b in itertools.pairwise(kept))


def test_beta_is_all_that_differs():
    configs = [read_checkpoint(f"mnist-beta-{name}").config.to_json() for name in BETAS]
    assert all({**config, "sockets": {}} == {**configs[0], "sockets": {}} for config in configs)


def test_the_conditional_one_draws_the_digit_that_is_asked_for(data):
    model = load_checkpoint("mnist-cvae-2d")
    assert conditional_accuracy(model, data, each=100, seed=1) >= 0.95
    # The classifier knows real digits, so what it says of drawn ones means something.
    real = neighbour_accuracy(
        data.x_train[:20_000].flatten(1), data.y_train[:20_000], data.x_test[:1000].flatten(1), data.y_test[:1000]
    )
    assert real >= 0.93


def test_more_than_half_of_the_codebook_is_used(data):
    model = load_checkpoint("mnist-vqvae")
    with torch.no_grad():
        tokens = torch.cat([model.tokens(part) for part in data.x_test.split(500)])
    assert perplexity(tokens, len(model.codebook)) >= len(model.codebook) / 2
    assert error("mnist-vqvae", data) < 20


def test_the_convolutional_one_beats_pca_with_few_weights():
    measures = read_checkpoint("mnist-conv-8d").measures
    assert measures["squared_error"] < 0.8 * measures["pca_squared_error"]
    assert measures["parameters"] < 0.1 * read_checkpoint("mnist-plain-32d").measures["parameters"]
