"""The contraction, sparsity and top-k units against closed forms and autograd."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Normal, kl_divergence

from ae_core import (
    Autoencoder,
    Training,
)
from ae_core.latent.payload import pack_encoder
from ae_core.model.metrics import (
    codes,
    firing_rates,
    jacobian_norm,
)
from ae_core.sockets.bottleneck import Rectified, largest
from ae_core.sockets.networks import ACTIVATIONS
from ae_core.sockets.penalty import Sparsity, rate_kl, squared_jacobian

from ..support.node import evaluated
from ..support.variants import config_of


@pytest.mark.parametrize(
    ("network", "hidden"),
    [("linear", ()), ("mlp", (20,)), ("mlp", (20, 11, 9)), ("conv", (3, 5)), ("residual", (12, 7)), ("mlp", (100,))],
)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_contraction_is_autograds_jacobian(network, hidden, activation):
    model = Autoencoder(
        config_of("contractive", network=network, hidden=hidden, activation=activation), (1, 6, 6), None
    )
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(0.1 * torch.randn_like(weights))
    x = torch.randn(7, 1, 6, 6)
    expected = torch.vmap(torch.func.jacrev(lambda one: model.encoder(one[None])[0]))(x).flatten(1).square().sum(1)
    with torch.no_grad():
        torch.testing.assert_close(squared_jacobian(model.encoder, x), expected.detach(), rtol=1e-5, atol=1e-5)
    assert jacobian_norm(model, x) == pytest.approx(float(expected.mean().sqrt()), rel=1e-5)
    weights = [p for p in model.encoder.parameters() if p.dim() > 1]
    ours, theirs = (
        torch.autograd.grad(value.sum(), weights, retain_graph=True)
        for value in (squared_jacobian(model.encoder, x), expected)
    )
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def test_the_contraction_of_one_sigmoid_layer_is_rifais():
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(10, 6), nn.Sigmoid(), nn.Linear(6, 6, bias=False))
    with torch.no_grad():
        encoder[3].weight.copy_(torch.eye(6))
    x = torch.randn(5, 10)
    h = encoder(x)
    closed = ((h * (1 - h)).square() * encoder[1].weight.square().sum(1)).sum(1)  # Σ_j (h_j (1 − h_j))² ‖W_j‖²
    torch.testing.assert_close(squared_jacobian(encoder, x), closed)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.5])
def test_kl_to_a_rate_is_the_coins(rate):
    found = torch.rand(50) * 0.98 + 0.01
    expected = kl_divergence(Bernoulli(torch.tensor(rate)), Bernoulli(found))
    torch.testing.assert_close(rate_kl(rate, found), expected, rtol=1e-4, atol=1e-6)
    assert float(rate_kl(rate, torch.tensor([rate]))) == pytest.approx(0, abs=1e-6)
    assert bool(rate_kl(rate, torch.tensor([0.0, 1.0])).isfinite().all())


@pytest.mark.parametrize("kind", ["l1", "kl"])
def test_the_more_sparsity_weighs_the_fewer_units_are_on(kind, digits):
    shares = []
    for weight in (0.0, {"l1": 1.0, "kl": 30.0}[kind]):
        config = config_of(
            "sparse", k=40, hidden=(64,), epochs=15, sockets={"sparsity": kind, "sparsity_weight": weight, "rate": 0.05}
        )
        training = Training(config, digits)
        for _ in training:
            pass
        z = codes(training.model.eval(), digits.x_test)
        assert float(z.min()) >= 0
        shares.append(float(z.mean()) if kind == "kl" else float(firing_rates(z).mean()))
    assert shares[1] < 0.6 * shares[0]
    if kind == "kl":
        assert shares[1] == pytest.approx(0.05, abs=0.03)


def test_no_more_than_the_largest_share_is_on():
    h = torch.randn(200, 10)
    z = largest(h, 0.35)
    for row, kept in zip(h.tolist(), z.tolist(), strict=True):
        best = sorted(row, reverse=True)[:3]
        assert kept == [value if value in best and value > 0 else 0.0 for value in row]
    assert int((largest(h, 1e-3) > 0).sum(1).max()) == 1  # one, where the share is none


def test_what_keeps_topk_units_alive_is_the_gaussians_kl():
    said = torch.randn(100, 6) * torch.rand(6) * 3 + torch.randn(6)
    penalty = Sparsity(sparsity="topk")
    found = penalty.terms(Rectified(sparsity="topk")(said, True), None, None)["sparsity"]
    expected = kl_divergence(Normal(said.mean(0), said.std(0, unbiased=False)), Normal(0.0, 1.0)).sum()
    torch.testing.assert_close(found, expected.expand(100), rtol=1e-4, atol=1e-4)


def test_topk_units_live(digits):
    dead = {}
    for weight in (0.0, 0.01):
        sockets = {"sparsity": "topk", "on_share": 0.2, "sparsity_weight": weight}
        training = Training(config_of("sparse", k=60, hidden=(32,), epochs=15, sockets=sockets), digits)
        for _ in training:
            pass
        z = codes(training.model.eval(), digits.x_test)
        assert int((z > 0).sum(1).max()) <= 12
        dead[weight] = int((firing_rates(z) == 0).sum())
    assert dead[0.01] == 0 < dead[0.0]


@pytest.mark.parametrize("kind", ["kl", "topk"])
def test_the_browsers_units_are_torchs(kind, digits):
    model = (
        Autoencoder(config_of("sparse", k=30, sockets={"sparsity": kind}), digits.shape, digits.range)
        .eval()
        .requires_grad_(False)
    )
    for weights in model.parameters():
        weights.copy_(weights.half().float())
    found = evaluated(pack_encoder("m", model), "encode", digits.x_test[:20].flatten(1).tolist())
    np.testing.assert_allclose(found, model.encode(digits.x_test[:20]).numpy(), atol=1e-5)


def test_firing_is_counted_a_unit():
    z = torch.tensor([[0.0, 1.0, 0.001], [0.0, 2.0, 0.0], [0.0, 0.0, 3.0], [0.0, 1.0, 0.0]])
    torch.testing.assert_close(firing_rates(z), torch.tensor([0.0, 0.75, 0.25]))
