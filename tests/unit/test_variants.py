"""Every row of the table keeps one contract from the data to the browser; corruptions are held against oracles."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from ae_core import (
    VARIANTS,
    Autoencoder,
    Config,
    Dataset,
    Epoch,
    LatentError,
    Training,
    load_checkpoint,
    load_dataset,
    train_run,
)
from ae_core.base.options import option
from ae_core.cli import make_parser
from ae_core.commands.options import config_from
from ae_core.latent.geometry import extent
from ae_core.latent.payload import pack_encoder, pack_model
from ae_core.model.config import all_knobs
from ae_core.model.metrics import (
    conditional_accuracy,
    denoising_error,
    figures,
)
from ae_core.model.variants import Variant
from ae_core.pca import PCA
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.sockets.corruption import Clean, Noise, Patches
from ae_core.sockets.penalty import NoPenalty

from ..support.node import evaluated
from ..support.variants import DATA, config_of, quantised


def check_row(variant: str, data: str, folder: Path) -> None:
    """What every row keeps: it learns, is deterministic in eval, is kept as it is, measured, and drawn by the browser
    as by torch.
    """
    config = config_of(variant, data)
    dataset = config.load()
    if VARIANTS[variant].conditional and dataset.y_train is None:
        with pytest.raises(LatentError, match="this dataset has no labels"):
            Training(config, dataset)
        return
    losses = [event.train_loss for event in train_run(config, folder, dataset) if isinstance(event, Epoch)]
    assert all(map(math.isfinite, losses))
    if data == "digits":  # of the few sinusoids a nested one, which begins as PCA, has nothing left to learn
        assert losses[-1] < losses[0]
    model, again, checkpoint = load_checkpoint(folder), load_checkpoint(folder), read_checkpoint(folder)
    x, y = dataset.held_out(20)
    z = model.encode(x, y)
    assert z.shape == (20, model.k) == (20, config.k)
    assert torch.equal(z, again.encode(x, y))
    x_hat = model.decode(z, y=y)
    assert x_hat.shape == x.shape
    assert torch.equal(x_hat, again.decode(z, y=y))
    assert {"squared_error", "pca_squared_error", "parameters"} <= set(checkpoint.measures)
    kept = checkpoint.codes()
    torch.testing.assert_close(torch.from_numpy(kept["z"][:20]), z, atol=5e-3, rtol=1e-3)
    blob = pack_model("m", "m", model, kept, extent(kept["z"], model.bottleneck.gaussian), checkpoint.classes)
    low, high = model.range or (0.0, 1.0)
    told = torch.cat([z, torch.nn.functional.one_hot(y, model.n_classes)], 1) if model.n_classes else z
    for places, expected in ((z, model.decode(z)), (told, x_hat)):
        found = np.array(evaluated(blob, "decode", places.tolist()))
        np.testing.assert_allclose(found, expected.flatten(1).numpy(), atol=(high - low) / 255 / 10)
    found = np.array(evaluated(pack_encoder("m", model), "encode", x.flatten(1).tolist()))
    np.testing.assert_allclose(found, model.encode(x).numpy(), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_row_learns_is_kept_and_is_drawn(variant, data, tmp_path):
    check_row(variant, data, tmp_path / "run")


@pytest.mark.parametrize("variant", VARIANTS)
def test_resumed_ends_where_undisturbed_would(variant, digits):
    config = config_of(variant)
    whole, first = Training(config, digits), Training(config, digits)
    for _ in whole:
        pass
    next(event for event in first if isinstance(event, Epoch))
    second = Training(config, digits, state=first.state())
    for _ in second:
        pass
    assert all(torch.equal(a, b) for a, b in zip(whole.model.parameters(), second.model.parameters(), strict=True))


@dataclasses.dataclass(frozen=True)
class Dimmed(Clean):
    depth: float = option(0.5, "share of the light that may be missing", low=0, high=1)

    def __call__(self, x, generator=None):
        return x * (1 - self.depth * torch.rand(x.shape, generator=generator))

    def script(self):
        return "x_corrupted = x * (1 - depth * torch.rand(x.shape, generator=generator))"


@dataclasses.dataclass(frozen=True)
class Light(NoPenalty):
    def terms(self, code, encoder, x_corrupted):
        return {"size": code.z.square().sum(1)}

    def total(self, terms):
        return 0.01 * terms["size"]

    def script(self):
        return "penalty = 0.01 * z.square().sum(1)"


def test_a_new_row_is_everywhere(monkeypatch, tmp_path):
    monkeypatch.setitem(
        VARIANTS, "ours", Variant("Ours", "ours", "For this test.", "nobody 2000", corrupt=Dimmed, penalty=Light)
    )
    words = ["train", "--data", "digits", "--variant", "ours", "--depth", "0.25"]
    config = config_from(make_parser().parse_args(words))
    assert config.sockets == {"depth": 0.25}
    assert Config.from_json(config.to_json()) == config
    from ..support.apptest import opened  # only here: torch is all that the others need

    at = opened("train")
    at.selectbox(key="train-data").select("digits").run()
    at.selectbox(key="train-variant").select("ours").run()
    assert not at.exception
    assert at.number_input(key="train-depth").value == 0.5
    check_row("ours", "digits", tmp_path / "run")


X = torch.rand(400, 1, 28, 28, generator=torch.Generator().manual_seed(5)) * 0.8 + 0.1


@pytest.mark.parametrize("amount", [0.1, 0.3, 0.75])
def test_noise_is_as_much_as_was_asked_for(amount):
    generator = torch.Generator().manual_seed(0)
    x_corrupted = Noise("gaussian", amount)(X, generator)
    assert float((x_corrupted - X).std()) == pytest.approx(amount, rel=0.01)
    assert float((x_corrupted - X).mean()) == pytest.approx(0, abs=0.01 * amount)
    x_corrupted = Noise("masking", amount)(X, generator)
    assert float((x_corrupted == 0).float().mean()) == pytest.approx(amount, abs=0.01)
    assert torch.equal(x_corrupted[x_corrupted != 0], X[x_corrupted != 0])
    x_corrupted = Noise("salt-pepper", amount)(X, generator)
    for extreme in (X.min(), X.max()):
        assert float((x_corrupted == extreme).float().mean()) == pytest.approx(amount / 2, abs=0.01)
    assert float((x_corrupted == X).float().mean()) == pytest.approx(1 - amount, abs=0.01)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 8, 8), (2, 30), (1, 9, 7)])
@pytest.mark.parametrize("share", [0.0, 0.25, 0.75, 1.0])
@pytest.mark.parametrize("patch", [1, 4, 5])
def test_whole_patches_are_hidden_and_as_many_as_was_asked_for(shape, share, patch):
    x = torch.ones(4000, *shape)
    x_corrupted = Patches(share, patch)(x, torch.Generator().manual_seed(0))
    assert float((x_corrupted == 0).float().mean()) == pytest.approx(share, abs=0.01)
    assert torch.equal(x_corrupted, x_corrupted[:, :1].expand_as(x_corrupted))  # all channels alike
    corner = (slice(None), 0, *[slice(0, patch)] * (len(shape) - 1))
    assert bool((x_corrupted[corner].flatten(1) == x_corrupted[corner].flatten(1)[:, :1]).all())


@pytest.mark.parametrize("variant", ["denoising", "masked"])
def test_corruption_is_for_the_losses_alone(variant, digits):
    torch.manual_seed(0)
    model = Autoencoder(config_of(variant), digits.shape, digits.range)
    x = digits.x_test[:10]
    assert torch.equal(model.encode(x), model.encode(x))
    one, other = (float(model.losses(x, torch.Generator().manual_seed(seed))["loss"].detach().sum()) for seed in (0, 1))
    assert one != other


def test_the_beginners_mistake_compares_with_the_noise():
    shape, noise = (1, 50), {"amount": 0.5}
    clean, noisy = (
        Autoencoder(
            Config(data="sinusoids", variant="denoising", hidden=(8,), sockets={**noise, "target": t}), shape, None
        )
        for t in ("clean", "noisy")
    )
    noisy.load_state_dict(clean.state_dict())
    x = torch.randn(300, *shape)
    x_corrupted = clean.corrupt(x, torch.Generator().manual_seed(3))
    x_hat = clean.decode(clean.encode(x_corrupted))
    for model, wanted in ((clean, x), (noisy, x_corrupted)):
        found = model.losses(x, torch.Generator().manual_seed(3))["reconstruction"]
        torch.testing.assert_close(found, (x_hat - wanted).square().flatten(1).sum(1))


def test_a_denoiser_restores_better_than_it_was_not_asked_to(digits):
    found = {}
    for variant in ("deep", "denoising"):
        training = Training(config_of(variant, k=16, hidden=(128,), epochs=40, loss="squared-error"), digits)
        for _ in training:
            pass
        found[variant] = denoising_error(training.model.eval(), Noise(), digits.x_test)
    assert found["denoising"] < 0.9 * found["deep"]


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: quantised(k=9), "multiple of code-size"),
        (lambda: quantised().decode_tokens(torch.zeros(2, 49, dtype=torch.int64)), "7×7 whole numbers from 0 to 15"),
        (lambda: quantised().decode_tokens(torch.full((2, 7, 7), 16)), "7×7 whole numbers from 0 to 15"),
        (lambda: Autoencoder(config_of("deep"), (1, 8, 8), None).tokens(torch.rand(1, 64)), "no tokens"),
        (lambda: Autoencoder(config_of("cvae"), (1, 8, 8), None), "this dataset has no labels"),
        (
            lambda: Autoencoder(config_of("cvae"), (1, 8, 8), None, 3).encode(torch.rand(2, 64), torch.tensor([0, 3])),
            "from 0 to 2",
        ),
        (
            lambda: Autoencoder(config_of("cvae"), (1, 8, 8), None, 3).decode(torch.rand(2, 4), y=torch.tensor([0])),
            "one a sample",
        ),
        (lambda: Config(variant="denoising", sockets={"corruption": "rain"}), "one of gaussian, masking"),
        (lambda: Config(variant="masked", sockets={"hidden_share": 1.5}), "between 0 and 1"),
    ],
)
def test_what_cannot_be_is_one_sentence(build, says):
    with pytest.raises(LatentError, match=says) as error:
        build()
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("network", "hidden"), [("mlp", (10,)), ("conv", (3, 4)), ("linear", ()), ("residual", (8,))])
def test_both_networks_are_told_the_class(network, hidden):
    model = Autoencoder(config_of("cvae", network=network, hidden=hidden), (1, 8, 8), (0.0, 1.0), 3).eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(0.1 * torch.randn_like(weights))
    x, z = torch.rand(1, 1, 8, 8).expand(3, -1, -1, -1), torch.zeros(3, 4)
    y = torch.arange(3)
    for made in (model.encode(x, y), model.decode(z, y=y)):
        assert len(made.detach().flatten(1).unique(dim=0)) == 3
    mean = model.encoder(model._with_label(x, y)).mean(0) if network == "linear" else None
    if mean is not None:  # not told: each class is as likely
        torch.testing.assert_close(model.encode(x)[0], mean[:4])


def test_a_conditional_model_draws_what_it_is_asked_for(digits):
    training = Training(config_of("cvae", k=2, hidden=(128, 64), epochs=40), digits)
    for _ in training:
        pass
    assert conditional_accuracy(training.model.eval(), digits) > 0.9


def test_labels_are_heeded_by_none_but_those_that_are_told(digits):
    model = Autoencoder(config_of("deep"), digits.shape, digits.range, 10)
    x, y = digits.held_out(5)
    assert model.n_classes == 0
    assert torch.equal(model.encode(x, y), model.encode(x))


OWN = {
    "denoising": {"restored_squared_error", "pca_restored_squared_error"},
    "masked": {"restored_squared_error", "pca_restored_squared_error"},
    "sparse": {"active_share", "unit_rates"},
    "contractive": {"jacobian_norm", "relative_jacobian_norm"},
    "cvae": {"asked_accuracy"},
    "vqvae": {"perplexity", "codes_used"},
}


@pytest.mark.parametrize("variant", OWN)
def test_each_has_the_figures_of_its_kind(variant, digits):
    small = Dataset(
        "digits",
        digits.x_train[:200],
        digits.x_test[:60],
        digits.range,
        digits.y_train[:200],
        digits.y_test[:60],
        digits.classes,
    )
    torch.manual_seed(0)
    model = Autoencoder(config_of(variant), small.shape, small.range, 10).eval()
    found = {}
    for part in figures(model, small, PCA(small.x_train, 4)):
        found |= part
    others = set().union(*OWN.values()) - OWN[variant]
    assert OWN[variant] <= set(found)
    assert not (others - {"jacobian_norm", "relative_jacobian_norm"}) & set(found)


def test_knobs_have_one_meaning():
    names = [name for row in VARIANTS.values() for name in row.knobs()]
    assert {
        "corruption",
        "amount",
        "target",
        "hidden_share",
        "patch",
        "sparsity",
        "rate",
        "contraction",
        "beta",
        "codes",
        "code_size",
        "commitment",
    } <= set(names)
    assert set(names) <= set(all_knobs())


def test_a_signal_is_masked_in_stretches():
    data = load_dataset("sinusoids", samples=50, length=32)
    hidden = Patches(0.5, 8)(data.x_train.abs() + 1, torch.Generator().manual_seed(0)) == 0
    assert bool((hidden.view(len(hidden), 4, 8).float().mean(2) % 1 == 0).all())
