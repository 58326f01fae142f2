"""Every variant on every kind of sample keeps the same contract; penalties and networks are held against oracles."""

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from ae_core import PCA, VARIANTS, Autoencoder, Config, LatentError
from ae_core.sockets.networks import ACTIVATIONS, NETWORKS
from ae_core.sockets.penalty import gaussian_kl

SHAPES = {
    "image": ((1, 28, 28), (0.0, 1.0)),
    "small": ((1, 8, 8), (0.0, 1.0)),
    "signal": ((1, 64), None),
    "odd": ((2, 15), None),
    "bounded": ((1, 9, 7), (-1.0, 1.0)),
}


def make(variant="deep", shape="small", **settings) -> Autoencoder:
    """A model of 8 numbers, in 3 classes where it is told them."""
    torch.manual_seed(0)
    network = VARIANTS[variant].settings.get("network", settings.pop("network", "mlp"))
    hidden = {"conv": (4, 6), "linear": ()}.get(network, (16, 8))
    k = VARIANTS[variant].dimensions or 8
    model = Autoencoder(
        Config(data="digits", **{"variant": variant, "k": k, "network": network, "hidden": hidden, **settings}),
        *SHAPES[shape],
        classes=3,
    )
    with torch.no_grad():
        for weights in model.parameters():  # away from a start at zero, where no gradient passes
            weights.add_(0.05 * torch.randn_like(weights))
    return model


def sample(model: Autoencoder, count: int = 5) -> torch.Tensor:
    low, high = model.range or (-2.0, 2.0)
    return torch.rand(count, *model.shape, generator=torch.Generator().manual_seed(1)) * (high - low) + low


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_contract(variant, shape, network):
    model = make(variant, shape, network=network)
    x = sample(model)
    y = torch.tensor([0, 1, 2, 1, 0])
    losses = model.losses(x, torch.Generator().manual_seed(0), y)
    losses["loss"].sum().backward()
    assert losses["loss"].shape == (5,)
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
    assert all(bool(p.grad.any()) for name, p in model.named_parameters() if "bias" not in name)
    model.eval()
    z = model.encode(x)
    assert z.shape == (5, model.k)
    assert torch.equal(z, model.encode(x))
    assert torch.equal(model.decode(z, y=y), model.reconstruct(x, y=y)) or model.n_classes
    torch.testing.assert_close(model.encode(x.flatten(1)), z)
    x_hat = model.decode(z)
    assert x_hat.shape == x.shape
    torch.testing.assert_close(model(x), x_hat)
    if model.range and model.output != "identity":
        assert model.range[0] <= float(x_hat.min()) <= float(x_hat.max()) <= model.range[1]


@pytest.mark.parametrize("variant", VARIANTS)
def test_decode_keeps_only_the_first_k(variant):
    model = make(variant)
    z = torch.randn(4, model.k)
    cut = z.clone()
    cut[:, 1:] = 0
    torch.testing.assert_close(model.decode(z, k=1), model.decode(cut))
    torch.testing.assert_close(model.decode(z, k=model.k), model.decode(z))


@pytest.mark.parametrize("variant", VARIANTS)
def test_posterior_only_where_there_is_one(variant):
    model = make(variant)
    x = sample(model)
    if model.bottleneck.gaussian:
        mu, logvar = model.posterior(x)
        assert mu.shape == logvar.shape == (5, model.k)
        torch.testing.assert_close(mu, model.encode(x))
    else:
        with pytest.raises(LatentError, match="no posterior"):
            model.posterior(x)


def test_sampled_code_has_the_posteriors_moments():
    model = make("vae")
    x = sample(model, 1).expand(20_000, -1, -1, -1)
    mu, logvar = model.posterior(x[:1])
    z = model.code(x, sample=True, generator=torch.Generator().manual_seed(0)).z
    torch.testing.assert_close(z.mean(0), mu[0], atol=0.03, rtol=0)
    torch.testing.assert_close(z.std(0), (logvar[0] / 2).exp(), atol=0.03, rtol=0.02)


def test_kl_is_the_closed_form_and_the_monte_carlo_mean():
    mu, logvar = torch.randn(6, 3), torch.randn(6, 3)
    q, p = Normal(mu, (logvar / 2).exp()), Normal(torch.zeros(3), torch.ones(3))
    torch.testing.assert_close(gaussian_kl(mu, logvar), kl_divergence(q, p))
    z = q.sample((200_000,))
    torch.testing.assert_close((q.log_prob(z) - p.log_prob(z)).mean(0), gaussian_kl(mu, logvar), atol=0.05, rtol=0.02)


def test_the_ordered_code_is_cut_log_uniformly_and_only_in_training():
    model = Autoencoder(Config(data="digits", variant="nested", k=15, hidden=(8,)), (1, 8, 8), (0.0, 1.0))
    h = torch.ones(40_000, 15)
    kept = model.bottleneck(h, True, torch.Generator().manual_seed(0)).z.sum(1)
    assert (int(kept.min()), int(kept.max())) == (1, 15)
    share = torch.bincount(kept.int(), minlength=16)[1:] / len(h)
    expected = torch.tensor([math.log((k + 1) / k) / math.log(16) for k in range(1, 16)])
    torch.testing.assert_close(share.float(), expected, atol=0.01, rtol=0)
    assert torch.equal(model.bottleneck(h, False).z, h)


@pytest.mark.parametrize("k", [3, 70])
def test_a_residual_network_starts_as_pca_at_every_size(k, digits):
    model = Autoencoder(Config(data="digits", variant="nested", k=k, hidden=(8,)), digits.shape, digits.range).eval()
    model.prepare(digits.x_train)
    pca = PCA(digits.x_train)
    for kept in (1, 2, min(k, 64)):
        torch.testing.assert_close(
            model.reconstruct(digits.x_test, kept), pca.reconstruct(digits.x_test, kept), atol=1e-3, rtol=0
        )


def test_beta_weighs_the_kl_term():
    one, four = (
        make("vae", sockets={"beta": beta}).losses(torch.rand(5, 1, 8, 8), torch.Generator().manual_seed(0))
        for beta in (1.0, 4.0)
    )
    assert {"loss", "reconstruction", "kl"} == set(one)
    torch.testing.assert_close(one["loss"], one["reconstruction"] + one["kl"])
    torch.testing.assert_close(four["loss"] - four["reconstruction"], 4 * four["kl"])


def test_losses_are_what_their_names_say():
    x = torch.rand(5, 1, 8, 8)
    entropy, square = make(loss="auto").eval(), make(loss="squared-error").eval()
    x_hat = entropy.reconstruct(x)
    expected = -(x * x_hat.log() + (1 - x) * (1 - x_hat).log()).flatten(1).sum(1)
    torch.testing.assert_close(entropy.losses(x)["loss"], expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(square.losses(x)["loss"], (square.reconstruct(x) - x).square().flatten(1).sum(1))


@pytest.mark.parametrize(
    ("shape", "output", "loss"),
    [
        ("image", "sigmoid", "cross-entropy"),
        ("signal", "identity", "squared-error"),
        ("bounded", "tanh", "squared-error"),
    ],
)
def test_output_and_loss_follow_the_range(shape, output, loss):
    model = make(shape=shape)
    assert (model.output, model.loss) == (output, loss)


def test_tied_weights_are_one_matrix():
    tied, untied = make("linear", tied=True), make("linear")
    assert tied.decoder[0].weight.data_ptr() == tied.encoder[1].weight.data_ptr()
    assert sum(p.numel() for p in untied.parameters()) - sum(p.numel() for p in tied.parameters()) == 64 * 8
    z = torch.randn(2, 8)
    torch.testing.assert_close(tied.decode(z).flatten(1), z @ tied.encoder[1].weight + tied.decoder[0].bias)


def test_clipped_outputs_stay_in_range_and_can_come_back():
    model = make(output="clip", loss="squared-error")
    x = torch.rand(5, 1, 8, 8)
    with torch.no_grad():
        model.decoder[-2].bias.fill_(-3)  # everything is below 0
    assert float(model(x).detach().abs().max()) == 0
    model.losses(x)["loss"].sum().backward()
    assert (model.decoder[-2].bias.grad < 0).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_builds(activation):
    assert make(activation=activation)(torch.rand(2, 64)).shape == (2, 1, 8, 8)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"k": 0}, "between 1 and"),
        ({"k": "two"}, "whole number"),
        ({"k": 2.5}, "whole number"),
        ({"lr": math.inf}, "a number"),
        ({"lr": 1e9}, "between"),
        ({"hidden": (16, -1)}, "between"),
        ({"hidden": "16;8"}, "commas"),
        ({"network": "transformer"}, "one of linear, mlp, conv, residual"),
        ({"variant": "gan"}, "there are linear"),
        ({"sockets": {"sigma": 1}}, "no setting 'sigma'"),
        ({"variant": "deep", "sockets": {"beta": 1}}, "no setting 'beta'"),
        ({"source": {"complexity": 3}}, "no setting"),
        ({"tied": True}, "linear networks"),
    ],
)
def test_wrong_settings_are_one_sentence(settings, says):
    with pytest.raises(LatentError, match=says) as error:
        Config(**{"data": "digits", **settings})
    assert "\n" not in str(error.value)


def test_a_network_too_large_for_memory_is_refused_before_it_is_made():
    with pytest.raises(LatentError, match="allowed"):
        Autoencoder(Config(data="digits", hidden=(65536, 65536)), (1, 8, 8), (0.0, 1.0))


@pytest.mark.parametrize(
    "build",
    [
        lambda: make("vae", network="linear", tied=True),
        lambda: make(shape="signal", loss="cross-entropy"),
        lambda: make()(torch.rand(2, 65)),
    ],
)
def test_what_does_not_fit_together_is_said(build):
    with pytest.raises(LatentError):
        build()


def test_too_many_halvings_are_said():
    with pytest.raises(LatentError, match="cannot be halved"):
        Autoencoder(Config(data="digits", network="conv", hidden=(4, 4, 4, 4, 4)), (1, 8, 8), (0.0, 1.0))


def test_config_survives_json_and_repeats_itself_as_a_command():
    config = Config(
        data="sinusoids", variant="vae", k=3, hidden=(8,), source={"complexity": 2, "noise": 0.1}, sockets={"beta": 0.5}
    )
    assert Config.from_json(config.to_json()) == config
    words = config.command("somewhere").split()
    from ae_core.cli import make_parser
    from ae_core.commands.options import config_from

    assert config_from(make_parser().parse_args(words[3:])) == config
