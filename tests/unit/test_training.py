"""Training: deterministic, stoppable, resumable, and it finds PCA where PCA is the answer."""

import dataclasses
import importlib
import math

import pytest
import torch
from scipy.linalg import subspace_angles

from ae_core import PCA, Config, Epoch, LatentError, Step, Training, load_dataset
from ae_core.model.metrics import reconstructions, squared_error
from ae_core.training.augmentation import augmented
from ae_core.training.optimizer import one_cycle

from ..support.small import SMALL


def epochs(training):
    return [event for event in training if isinstance(event, Epoch)]


def test_same_seed_same_floats(digits):
    first, again, other = (
        Training(SMALL, digits),
        Training(SMALL, digits),
        Training(dataclasses.replace(SMALL, seed=1), digits),
    )
    a, b, c = (epochs(t)[-1] for t in (first, again, other))
    assert (a.train_loss, a.test_loss) == (b.train_loss, b.test_loss) != (c.train_loss, c.test_loss)
    assert all(torch.equal(x, y) for x, y in zip(first.model.parameters(), again.model.parameters(), strict=True))


def test_steps_and_epochs_are_counted(digits):
    events = list(Training(SMALL, digits))
    per_epoch = math.ceil(len(digits.x_train) / SMALL.batch_size)
    assert [e.epoch for e in events if isinstance(e, Epoch)] == [1, 2, 3]
    assert [(e.epoch, e.step) for e in events if isinstance(e, Step)] == [
        (e, s) for e in (1, 2, 3) for s in range(1, per_epoch + 1)
    ]
    last = events[-1]
    assert {"train_reconstruction", "train_kl", "test_reconstruction", "test_kl"} == set(last.parts)
    assert last.test_loss == pytest.approx(last.parts["test_reconstruction"] + last.parts["test_kl"], rel=1e-5)
    assert last.test_loss < events[per_epoch].test_loss


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_resumed_ends_where_undisturbed_would(digits, decay):
    config = dataclasses.replace(SMALL, weight_decay=decay, augment=0.5)
    whole = Training(config, digits)
    epochs(whole)
    first = Training(config, digits)
    for event in first:
        if isinstance(event, Epoch):
            break
    second = Training(config, digits, state=first.state())
    assert [e.epoch for e in epochs(second)] == [2, 3]
    for a, b in zip(whole.model.parameters(), second.model.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"augment": 0.5, "weight_decay": 0.1, "keep": "best"},
        {"variant": "nested", "hidden": (16,), "keep": "best"},
        {"variant": "vqvae", "k": 4, "sockets": {"codes": 200}},
        {"variant": "denoising", "precision": "bfloat16"},
    ],
)
@pytest.mark.parametrize("rebuilt", [False, True])
def test_a_pause_at_any_step_changes_nothing(digits, changes, rebuilt):
    config = dataclasses.replace(SMALL, batch_size=300, **changes)
    whole = Training(config, digits)
    expected = [(e.train_loss, e.test_loss, e.parts) for e in epochs(whole)]
    training, made = Training(config, digits), []
    while len(made) < config.epochs:
        for count, event in enumerate(training, 1):
            if isinstance(event, Epoch):
                made.append((event.train_loss, event.test_loss, event.parts))
            if count == 2:  # also after the last step of an epoch, before it is evaluated
                break
        torch.randn(3)  # what others draw meanwhile
        training.model.eval()
        if rebuilt:
            training = Training(config, digits, state=training.state())
    assert made == expected
    assert all(torch.equal(a, b) for a, b in zip(whole.model.parameters(), training.model.parameters(), strict=True))


def test_a_pause_within_an_epoch_that_cannot_go_on_says_so(digits):
    training = Training(SMALL, digits)
    next(iter(training))
    for damage in ({"pass.generator": torch.zeros(16, dtype=torch.uint8)}, {"pass.step": torch.tensor(10_000)}):
        with pytest.raises(LatentError, match="whole epoch"):
            Training(SMALL, digits, state=training.state() | damage)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_global_generator_stays_as_it_was(digits, precision):
    before = torch.get_rng_state()
    epochs(Training(dataclasses.replace(SMALL, epochs=1, precision=precision), digits))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_state_of_another_recipe_is_refused(digits):
    state = Training(SMALL, digits).state()
    with pytest.raises(LatentError, match="does not fit"):
        Training(dataclasses.replace(SMALL, hidden=(8,)), digits, state=state)


@pytest.mark.parametrize(
    "damage",
    [
        {"adam.exp_avg_sq": None},
        {"adam.step": torch.zeros(2)},
        {"adam.exp_avg": torch.zeros(())},
        {"adam.other": torch.zeros(1)},
    ],
)
def test_a_state_with_other_moments_is_refused(digits, damage):
    state = Training(SMALL, digits).state() | damage
    with pytest.raises(LatentError, match="does not fit this recipe"):
        Training(SMALL, digits, state={name: value for name, value in state.items() if value is not None})


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
def test_steps_are_adams(digits, weight_decay):
    training = Training(dataclasses.replace(SMALL, weight_decay=weight_decay), digits)
    weights = torch.nn.Parameter(training.weights.detach().clone())
    oracle = torch.optim.AdamW([weights], weight_decay=weight_decay, foreach=False)
    for step in range(5):
        lr, beta1 = 0.01 * (step + 1), 0.85 + 0.02 * step
        oracle.param_groups[0].update(lr=lr, betas=(beta1, 0.999))
        weights.grad = torch.randn_like(weights)
        training.weights.grad.copy_(weights.grad)
        oracle.step()
        training.optimizer.step(lr, beta1)
    torch.testing.assert_close(training.weights, weights, atol=1e-6, rtol=1e-4)


def test_cancel_takes_effect_before_the_next_step(digits):
    asked = []
    events = list(Training(SMALL, digits, cancelled=lambda: asked.append(1) or len(asked) > 5))
    assert len(events) == 5


def test_divergence_is_said(digits):
    config = Config(
        data="digits",
        variant="deep",
        loss="squared-error",
        output="identity",
        activation="identity",
        lr=10,
        hidden=(64,) * 14,
        epochs=3,
    )
    with pytest.raises(LatentError, match="diverged in epoch"):
        epochs(Training(config, digits))


def test_a_batch_larger_than_the_data_is_said(digits):
    with pytest.raises(LatentError, match="larger than the 1,437"):
        Training(dataclasses.replace(SMALL, batch_size=5000), digits)


@pytest.mark.parametrize("tied", [False, True])
def test_linear_autoencoder_finds_pcas_subspace(digits, tied):
    config = Config(data="digits", variant="linear", k=4, epochs=100, batch_size=64, lr=0.05, tied=tied)
    training = Training(config, digits)
    ends = epochs(training)
    pca = PCA(digits.x_train, 4)
    ours, best = (
        squared_error(digits.x_train, x_hat)
        for x_hat in (reconstructions(training.model, digits.x_train), pca.reconstruct(digits.x_train))
    )
    assert best <= ours + 1e-4 <= best * 1.01
    basis = training.model.decoder[0].weight.detach().numpy()
    angle = math.degrees(subspace_angles(pca.components.T.numpy(), basis).max())
    assert angle < 5
    assert ends[-1].parts["principal_angle"] == pytest.approx(angle, abs=0.01)
    assert ends[0].parts["principal_angle"] > 20


def test_every_source_trains_in_bfloat16_too():
    data = load_dataset("sinusoids", samples=500)
    config = Config(data="sinusoids", variant="vae", hidden=(16,), epochs=2, precision="bfloat16", network="conv")
    first, last = epochs(Training(config, data))
    assert last.train_loss < first.train_loss


def test_learning_rate_goes_up_then_down():
    rates = [one_cycle(i / 1000) for i in range(1001)]
    top = rates.index(max(rates))
    assert max(rates) == pytest.approx(1)
    assert top == 100
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(1e-4)


def test_augmentation_moves_a_little_and_only_some(digits):
    x = digits.x_train[:1000]
    moved = augmented(x, 0.3, torch.Generator().manual_seed(0))
    same = (moved == x).flatten(1).all(1)
    assert 0.65 < float(same.float().mean()) < 0.75
    assert float((moved - x).abs().mean()) < 0.1
    assert 0 <= float(moved.min()) <= float(moved.max()) <= 1
    assert torch.equal(augmented(x, 0.0, torch.Generator()), x)


def test_augmentation_is_for_images():
    with pytest.raises(LatentError, match="images"):
        Training(Config(data="sinusoids", augment=0.5), load_dataset("sinusoids", samples=200))


def test_a_loss_that_blows_up_but_stays_a_number_has_diverged_too(digits):
    config = Config(
        data="digits",
        variant="deep",
        k=2,
        hidden=(32,),
        activation="elu",
        epochs=5,
        lr=10,
        batch_size=64,
        loss="squared-error",
        output="identity",
    )
    with pytest.raises(LatentError, match="diverged in epoch"):
        epochs(Training(config, digits))


def test_torch_still_has_what_is_used_of_its_inside():
    """Private names of torch that the training calls: where an upgrade takes one away, this is where it shows."""
    assert isinstance(torch.cpu._is_avx512_bf16_supported(), bool)
    assert callable(importlib.import_module("torch.optim.adam").adam)
