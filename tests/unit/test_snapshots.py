"""What is kept of each epoch, and the planes that it is replayed in."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from ae_core import PCA, Config, Epoch, LatentError, Training, read_checkpoint, train_run
from ae_core.model.metrics import squared_error
from ae_core.training import snapshots
from ae_core.training.snapshots import MAX_EPOCHS, maps

from ..support.small import SMALL


def test_each_epoch_is_kept_as_the_model_was(tmp_path, digits):
    folder, seen = tmp_path / "run", {}
    untrained = Training(SMALL, digits).model
    with torch.no_grad():
        seen[0] = untrained.encode(digits.x_test), untrained.reconstruct(digits.x_test)
    training = train_run(SMALL, folder, digits)
    for event in training:
        if isinstance(event, Epoch):
            model = training.gi_yieldfrom.gi_frame.f_locals["self"].recorder.training.model
            with torch.no_grad():
                seen[event.epoch] = model.encode(digits.x_test), model.reconstruct(digits.x_test)
    assert snapshots.epochs(folder) == [0, 1, 2, 3]  # it begins before the training
    fixed = snapshots.read(folder)
    drawn = [int((digits.y_test == c).nonzero()[0, 0]) for c in range(10)]
    torch.testing.assert_close(fixed["x"].float(), digits.x_test[drawn], atol=1e-3, rtol=1e-3)
    assert fixed["y"].tolist() == digits.y_test.tolist()
    for epoch, (z, x_hat) in seen.items():
        kept = snapshots.read(folder, epoch)
        torch.testing.assert_close(kept["z"].float(), z, atol=1e-3, rtol=1e-3)  # half precision
        torch.testing.assert_close(kept["x_hat"].float(), x_hat[drawn], atol=1e-3, rtol=1e-3)
    line = read_checkpoint(folder).metrics()[-1]
    assert line["squared_error"] == pytest.approx(squared_error(digits.x_test, seen[3][1]), rel=1e-5)
    pca = PCA(digits.x_train, 2)
    assert line["pca_squared_error"] == pytest.approx(
        squared_error(digits.x_test, pca.reconstruct(digits.x_test)), rel=1e-4
    )


def kept_of(epochs):
    """What a training of that many epochs leaves: the first, the last, and every second, fourth, … of more than
    MAX_EPOCHS.
    """
    stride = 1
    while epochs > MAX_EPOCHS * stride:
        stride *= 2
    return sorted({1, epochs, *range(stride, epochs + 1, stride)})


@pytest.mark.parametrize("epochs", [1, 120, 121, 240, 241, 700])
def test_of_a_long_training_some_epochs_are_kept(epochs, tmp_path):
    (tmp_path / "snapshots").mkdir()
    for epoch in range(1, epochs + 1):
        snapshots.keep(
            tmp_path, epoch, {"z": torch.full((2, 2), epoch % 100).half(), "x_hat": torch.zeros(1, 1, 1).half()}
        )
    assert snapshots.epochs(tmp_path) == kept_of(epochs)
    assert len(kept_of(epochs)) <= MAX_EPOCHS + 2
    for epoch in kept_of(epochs):
        assert snapshots.read(tmp_path, epoch)["z"][0, 0] == epoch % 100


def test_epochs_that_are_made_again_are_forgotten(tmp_path):
    (tmp_path / "snapshots").mkdir()
    for epoch in range(1, 8):
        snapshots.keep(tmp_path, epoch, {"z": torch.zeros(1)})
    (tmp_path / "snapshots" / "²³.safetensors").write_text("no epoch")
    snapshots.forget(tmp_path, 4)
    assert snapshots.epochs(tmp_path) == [1, 2, 3, 4]
    with pytest.raises(LatentError, match="cannot be replayed"):
        snapshots.read(tmp_path, 5)


def test_long_codes_are_kept_of_fewer_samples(tmp_path, digits):
    config = Config(data="digits", variant="linear", k=64, epochs=1)
    list(train_run(config, tmp_path / "run", digits))
    assert snapshots.read(tmp_path / "run", 1)["z"].shape == (360, 64)  # all there are
    sinusoids = Config(data="sinusoids", variant="linear", k=128, epochs=1)
    data = sinusoids.load()
    list(train_run(sinusoids, tmp_path / "other", data))
    assert snapshots.read(tmp_path / "other", 1)["z"].shape == (min(1000, len(data.x_test)), 128)
    assert snapshots.read(tmp_path / "other")["factors"].shape[0] == min(1000, len(data.x_test))


def test_two_numbers_are_their_own_map():
    codes = [np.random.default_rng(i).normal(size=(50, 2)).astype(np.float16) for i in range(3)]
    for plane, z in zip(maps(codes), codes, strict=True):
        np.testing.assert_array_equal(plane, z.astype(np.float32))


def test_one_number_lies_on_an_axis_with_its_points_apart():
    z = np.linspace(-2, 2, 300)[:, None]
    (plane,) = maps([z])
    np.testing.assert_allclose(plane[:, 0], z[:, 0], atol=1e-6)
    assert plane[:, 1].min() >= 0
    assert plane[:, 1].max() < 1
    assert len(np.unique(plane[:, 1])) == 300


@pytest.mark.parametrize("k", [3, 16])
def test_a_plane_never_turns_over(k):
    rng = np.random.default_rng(0)
    points = rng.normal(size=(400, k)) * np.concatenate([[3, 2.5], np.full(k - 2, 0.3)])
    turn = np.eye(k)
    small, _ = np.linalg.qr(np.eye(k) + 0.05 * (lambda a: a - a.T)(rng.normal(size=(k, k))))
    small *= np.sign(np.diag(small))
    codes = []
    for _ in range(30):
        # A code may change its sign or the order of its numbers from one epoch to the next; the map shall not.
        codes.append(points @ turn @ np.diag(rng.choice((-1.0, 1.0), k))[:, rng.permutation(k)])
        turn = turn @ small
    planes = maps(codes)
    for before, plane in pairwise(planes):
        assert plane.shape == (400, 2)
        near = np.linalg.norm(plane - before)
        for mirror in ((-1, 1), (1, -1), (-1, -1)):
            assert near < np.linalg.norm(plane * mirror - before)
        assert near < 0.1 * np.linalg.norm(before)
        # It is still the plane of the two leading components: nothing was stretched.
        np.testing.assert_allclose(
            np.linalg.svd(plane - plane.mean(0))[1], np.linalg.svd(before - before.mean(0))[1], rtol=1e-3
        )
    np.testing.assert_allclose(maps(codes[10:12], planes[9])[0], planes[10], atol=1e-4)
