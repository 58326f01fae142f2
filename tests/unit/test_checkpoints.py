"""The shipped checkpoints hold the figures that their folders claim, measured anew on held-out data."""

import functools

import pytest
import torch

from ae_core import PCA, LatentError, load_checkpoint, load_dataset, read_checkpoint
from ae_core.data import source
from ae_core.latent.geometry import extent
from ae_core.latent.payload import pack_model
from ae_core.model.metrics import (
    binarised,
    clamped,
    codes,
    importance_weighted_nll,
    negative_elbo,
    neighbour_accuracy,
    reconstructions,
    squared_error,
)
from ae_core.runs.folder import SHIPPED, checkpoints
from pages.session.models import MAX_NUMBERS

NAMES = sorted(checkpoints())


def data_of(name):
    config = read_checkpoint(name).config
    if not source(config.data, **config.source).here():
        pytest.skip(f"{config.data} is not in LATENT_DATA")
    return config.load()


@functools.lru_cache(maxsize=2)
def _pca(data, options):
    return PCA(load_dataset(data, **dict(options)).x_train, 128)


def pca_of(name):
    """PCA of what a checkpoint was trained on, with as many numbers as any of them has: fitted once for all."""
    config = read_checkpoint(name).config
    return _pca(config.data, tuple(config.source.items()))


@pytest.mark.parametrize("name", NAMES)
def test_loads_and_fits_the_browser(name):
    checkpoint = read_checkpoint(name)
    model, z = checkpoint.model(), checkpoint.codes()
    # Of a long code fewer samples travel, as on the Explore page.
    z = {key: value[: max(1, MAX_NUMBERS // model.k)] for key, value in z.items()}
    blob = pack_model(
        name, name, model, z, extent(z["z"], model.bottleneck.gaussian), checkpoint.classes, checkpoint.factor_names
    )
    assert len(blob) <= 2_500_000
    assert not model.training
    x = torch.rand(3, *checkpoint.shape)
    assert model.encode(x.flatten(1)).shape == (3, checkpoint.config.k)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_figures_are_what_the_folder_says(name):
    data, model, measures = data_of(name), load_checkpoint(name), read_checkpoint(name).measures
    assert squared_error(data.x_test, reconstructions(model, data.x_test, y=data.y_test)) == pytest.approx(
        measures["squared_error"], rel=1e-3, abs=1e-4
    )
    assert squared_error(data.x_test, pca_of(name).reconstruct(data.x_test, model.k)) == pytest.approx(
        measures["pca_squared_error"], rel=1e-3, abs=1e-4
    )
    narrow = (
        min(model.config.hidden, default=model.k) < model.k and model.config.network == "mlp"
    )  # the network has fewer numbers elsewhere than in its code
    mistaken = model.config.sockets.get("target") == "noisy"  # ships to show that it does not denoise
    # Else both are the identity; and tokens are bits, not numbers.
    if model.k < data.x_train[0].numel() and not (model.bottleneck.discrete or narrow or mistaken):
        task = (
            "restored_squared_error" if "restored_squared_error" in measures else "squared_error"
        )  # one that saw disturbed samples alone
        assert measures[task] < measures[f"pca_{task}"] * 1.01  # that on the plant makes as much error
    if "negative_elbo" in measures:
        assert negative_elbo(model, data.x_test, y=data.y_test)["negative_elbo"] == pytest.approx(
            measures["negative_elbo"], rel=1e-3
        )
    z = codes(model, data.x_test, data.y_test)
    if data.y_train is not None:
        # Each is compared with all of the training codes, and those of the larger models take seconds: of them every
        # fifth, which costs some accuracy.
        all_of_them = model.k <= 8 or len(data.x_train) < 10_000
        few = slice(None, None, 1 if all_of_them else 5)
        found = neighbour_accuracy(
            codes(model, data.x_train[few], data.y_train[few]), data.y_train[few], z[few], data.y_test[few]
        )
        assert found == pytest.approx(measures["neighbour_accuracy"], abs=2e-3 if all_of_them else 3e-2)
    kept = torch.from_numpy(read_checkpoint(name).codes()["z"])
    torch.testing.assert_close(kept, z[: len(kept)], atol=1e-3, rtol=1e-3)


def test_mnist_vae_2d_is_as_good_as_promised():
    measures = read_checkpoint("mnist-vae-2d").measures
    assert measures["negative_elbo"] <= 132.5
    assert measures["neighbour_accuracy"] >= 0.86


def test_vae_and_plain_autoencoder_differ_in_the_bottleneck_alone():
    vae, plain = (read_checkpoint(name).config for name in ("mnist-vae-2d", "mnist-ae-2d"))
    a, b = vae.to_json(), plain.to_json()
    assert {key for key in a if a[key] != b[key]} == {"variant"}


def test_the_sinusoids_codes_know_frequency_and_amplitude():
    from sklearn.neighbors import KNeighborsRegressor

    held = read_checkpoint("sinusoids-vae-2d").codes()
    z, factors = held["z"], held["factors"]
    for factor in (0, 1):
        fit = KNeighborsRegressor(10).fit(z[:1000], factors[:1000, factor])
        assert fit.score(z[1000:], factors[1000:, factor]) > 0.9


@pytest.mark.slow
def test_mnist_pca_is_the_textbooks():
    if not source("mnist").here():
        pytest.skip("mnist is not in LATENT_DATA")
    data = load_dataset("mnist")
    assert squared_error(data.x_test, pca_of("mnist-deep-30d").reconstruct(data.x_test, 30)) == pytest.approx(
        13.87, abs=0.01
    )


def test_a_checkpoint_that_is_not_there_names_those_that_are():
    with pytest.raises(LatentError, match="mnist-vae-2d"):
        load_checkpoint("mnist-vae-3d")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mnist-nested-64d", "digits-nested", "sinusoids-nested"])
def test_nested_models_are_never_worse_than_pca(name):
    data, checkpoint = data_of(name), read_checkpoint(name)
    model, curves = checkpoint.model(), checkpoint.curves
    assert len(curves["error_by_size"]) == len(curves["pca_error_by_size"]) == model.k
    assert all(ours <= pca for ours, pca in zip(curves["error_by_size"], curves["pca_error_by_size"], strict=True))
    for of, key in ((model, "error_by_size"), (pca_of(name), "pca_error_by_size")):
        with torch.no_grad():
            z = torch.cat([of.encode(part) for part in data.x_test.split(1000)])
            for k in {1, 2, 3, 5, 8, 13, 21, 34, model.k} & set(range(1, model.k + 1)):  # measured anew
                made = torch.cat([clamped(of.decode(part, k), data.range) for part in z.split(1000)])
                assert squared_error(data.x_test, made) == pytest.approx(curves[key][k - 1], rel=1e-3)


@pytest.mark.parametrize(("k", "ratio"), [(8, 0.50), (16, 0.45), (32, 0.55), (64, 0.75)])
def test_the_nested_mnist_model_needs_fewer_numbers(k, ratio):
    curves = read_checkpoint("mnist-nested-64d").curves
    assert curves["error_by_size"][k - 1] <= ratio * curves["pca_error_by_size"][k - 1]


@pytest.mark.parametrize(("name", "error"), [("mnist-deep-8d", 10.5), ("mnist-deep-30d", 2.8), ("mnist-deep-32d", 2.9)])
def test_models_made_for_one_size(name, error):
    assert read_checkpoint(name).measures["squared_error"] <= error


def test_all_checkpoints_together_stay_small():
    assert (
        sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file() and file.name != "state.safetensors")
        < 60_000_000
    )


def test_mnist_vae_20d_is_as_good_as_promised():
    measures = read_checkpoint("mnist-vae-20d").measures
    assert measures["negative_elbo"] <= 100
    assert measures["nll_binarised"] < 88.9  # Davidson et al. 2018, a Gaussian of 20 numbers
    model, x = load_checkpoint("mnist-vae-20d"), binarised(data_of("mnist-vae-20d").x_test)[:40]
    nll, error = importance_weighted_nll(model, x, samples=500)
    assert abs(nll - measures["nll_binarised"]) < 4 * error + 1
