"""The bytes for the browser hold exactly the checkpoint's decoder."""

import json

import numpy as np
import pytest
import torch

from ae_core import Autoencoder, Config, read_checkpoint
from ae_core.base.errors import LatentError
from ae_core.latent.geometry import extent
from ae_core.latent.payload import decoder_layers, encoder_layers, pack_block, pack_encoder, pack_model, pack_snapshots
from ae_core.pca import PCA


def unpack(blob):
    assert blob[:4] == b"LEX1"
    end = 8 + int.from_bytes(blob[4:8], "little")
    assert end % 8 == 0
    header = json.loads(blob[8:end])
    arrays = {}
    for name, about in header["arrays"].items():
        kind = np.dtype({"f2": "<f2", "f4": "<f4", "f8": "<f8", "i4": "<i4", "u1": "u1"}[about["dtype"]])
        assert about["offset"] % 4 == 0
        arrays[name] = np.frombuffer(blob, kind, int(np.prod(about["shape"])), end + about["offset"]).reshape(
            about["shape"]
        )
    return header, arrays


def test_the_packed_decoder_is_the_model(small_run):
    checkpoint = read_checkpoint(small_run)
    model, codes = checkpoint.model(), checkpoint.codes()
    header, arrays = unpack(pack_model("small", "Small", model, codes, extent(codes["z"], True), checkpoint.classes))
    z = codes["z"][:20]
    x = z
    for layer in header["layers"]:
        x = x @ arrays[layer["weight"]].astype(np.float32).T + arrays[layer["bias"]].astype(np.float32)
        x = {"relu": lambda v: np.maximum(v, 0), "sigmoid": lambda v: 1 / (1 + np.exp(-v))}[layer["activation"]](x)
    with torch.no_grad():
        np.testing.assert_allclose(x, model.decode(torch.from_numpy(z)).flatten(1).numpy(), atol=1e-6)
    np.testing.assert_array_equal(arrays["codes"], codes["z"])
    np.testing.assert_array_equal(arrays["labels"], codes["y"])
    assert header["shape"] == [1, 8, 8]
    assert header["off_data"]["threshold"] > 0


def test_every_type_of_array_is_packed_where_the_browser_can_look_at_it():
    sent = {
        "bytes": np.arange(3, dtype="u1"),
        "times": np.array([1.5, -2.0], "<f8"),
        "half": np.ones(3, "<f2"),
        "rows": np.array([[2**31 - 1], [-5]], "<i4"),
        "none": np.empty((0, 2), "<f4"),
        "more": np.array([np.pi]),
    }
    header, arrays = unpack(pack_block({"kind": "test"}, sent))
    assert header["kind"] == "test"
    for name, value in sent.items():
        np.testing.assert_array_equal(arrays[name], value)
        assert arrays[name].dtype == value.dtype
        assert header["arrays"][name]["offset"] % value.itemsize == 0


def run(layers, arrays, x):
    """What the evaluator does, in numpy."""
    for layer in layers:
        if layer["op"] == "sum":
            x = sum(run(branch, arrays, x) for branch in layer["branches"])
        else:
            x = x @ arrays[layer["weight"]].astype(np.float32).T + arrays[layer["bias"]].astype(np.float32)
        x = {"relu": lambda v: np.maximum(v, 0), "identity": lambda v: v}[layer["activation"]](x)
    return x


@pytest.fixture
def nested(digits):
    """A nested autoencoder that bends, with its weights in half precision, and PCA of the same data."""
    model = Autoencoder(Config(data="digits", variant="nested", k=6, hidden=(20, 10)), digits.shape, digits.range)
    model.prepare(digits.x_train)
    for weights in model.requires_grad_(False).parameters():
        weights.add_(0.02 * torch.randn_like(weights)).copy_(weights.half().float())
    return model, PCA(digits.x_train, 6)


def test_a_nested_model_travels_in_two_blocks(digits, nested):
    model, pca = nested
    x = digits.x_test[:20]
    z = model.encode(x).numpy()
    header, arrays = unpack(pack_model("nested", "Nested", model, {"z": z}, extent(z, False), pca=pca))
    np.testing.assert_allclose(
        run(header["layers"], arrays, z), model.decode(torch.from_numpy(z)).flatten(1).numpy(), atol=1e-5
    )
    other, weights = unpack(pack_encoder("nested", model))
    assert other["name"] == "nested:encoder"
    assert other["layers"] == []
    assert other["k"] == header["k"] == 6
    np.testing.assert_allclose(run(other["encoder"], weights, x.flatten(1).numpy()), z, atol=1e-5)


def test_pca_travels_with_the_spread_of_the_codes_instead_of_the_codes(digits, nested):
    model, pca = nested
    z = model.encode(digits.x_test).numpy()
    header, arrays = unpack(
        pack_model(
            "nested",
            "Nested",
            model,
            {"z": z, "y": digits.y_test.numpy()},
            extent(z, False),
            tuple("0123456789"),
            pca=pca,
        )
    )
    assert arrays["codes"].shape == (0, 6)
    assert "labels" not in arrays
    np.testing.assert_allclose(header["code_mean"], z.mean(0), atol=1e-6)
    np.testing.assert_allclose(header["code_std"], z.std(0), atol=1e-6)
    mean, components, variance = (arrays[header["pca"][part]] for part in ("mean", "components", "variance"))
    x = digits.x_test.flatten(1).numpy()
    expected = pca.reconstruct(digits.x_test, 4).flatten(1).numpy()
    rounded = components[:4].astype(np.float32)
    assert np.abs((x - mean) @ rounded.T @ rounded + mean - expected).max() < 0.5 / 255
    np.testing.assert_allclose(variance.cumsum() / header["pca"]["total"], pca.explained(), rtol=1e-5)


def test_a_nested_model_without_codes_can_be_packed(nested):
    model, pca = nested
    header, _ = unpack(
        pack_model(
            "nested", "Nested", model, {"z": np.empty((0, 6), np.float32)}, extent(np.zeros((1, 6)), False), pca=pca
        )
    )
    assert "code_std" not in header
    assert header["off_data"]["threshold"] is None


def test_a_convolutional_encoder_is_refused():
    model = Autoencoder(Config(data="digits", variant="deep", k=2, network="conv", hidden=(4,)), (1, 8, 8), None)
    with pytest.raises(TypeError, match="Conv2d"):
        encoder_layers(model)


@pytest.mark.parametrize("shape", [(1, 28, 28), (2, 15), (3, 9, 7)])
def test_transposed_convolutions_are_written_with_the_shapes_they_have(shape):
    model = Autoencoder(Config(data="digits", variant="deep", k=2, network="conv", hidden=(4, 6)), shape, None)
    layers, _ = decoder_layers(model)
    assert [layer["op"] for layer in layers] == ["dense", "conv_transpose", "conv_transpose"]
    height = [1] if len(shape) == 2 else []
    assert layers[-1]["out"] == [shape[0], *height, *shape[1:]]
    assert layers[1]["out"] == layers[2]["in"]


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 4, 6), (2, 15)])
def test_snapshots_travel_and_stay_what_they_are(shape):
    random = np.random.default_rng(0)
    maps, pictures = random.normal(0, 3, (3, 50, 2)), random.uniform(0, 1, (3, 4, *shape))
    header, arrays = unpack(pack_snapshots("a run", 2, [17, 18, 20], maps, pictures))
    assert {key: header[key] for key in ("kind", "run", "chunk", "epochs", "count", "pictures", "shape")} == {
        "kind": "snapshots", "run": "a run", "chunk": 2, "epochs": [17, 18, 20],
        "count": 50, "pictures": 4, "shape": list(shape)
    }  # fmt: skip
    assert arrays["maps"].dtype == "<f2"
    np.testing.assert_allclose(arrays["maps"], maps, rtol=5e-4, atol=1e-6)
    image = len(shape) == 3
    assert arrays["pictures"].dtype == ("u1" if image else "<f2")
    np.testing.assert_allclose(
        arrays["pictures"] / (255 if image else 1), pictures, atol=0.5 / 255 + 1e-9 if image else 5e-4
    )
    assert len(pack_snapshots("r", 0, [1], maps[:1], pictures[:1])) < 1000 + 200 + 8 * pictures[0].size


def test_snapshots_that_half_precision_would_spoil_travel_in_single():
    random = np.random.default_rng(0)
    for maps in (1000 + random.normal(0, 0.1, (1, 50, 2)), random.normal(0, 1e6, (1, 50, 2))):
        pictures = random.normal(0, 1, (1, 1, 1, 4, 4))
        _, arrays = unpack(pack_snapshots("r", 0, [1], maps, pictures))
        np.testing.assert_allclose(arrays["maps"], maps, rtol=1e-6)
        np.testing.assert_allclose(arrays["pictures"], pictures, atol=2e-3)  # outside 0..1: no bytes
    maps[0, 0] = np.nan  # a training that ran away is shown too
    assert np.isnan(unpack(pack_snapshots("r", 0, [1], maps, pictures))[1]["maps"][0, 0]).all()


@pytest.mark.parametrize(
    ("epochs", "maps", "pictures"),
    [([], (0, 5, 2), (0, 1, 1, 8)), ([1], (1, 5, 3), (1, 1, 1, 8)), ([1, 2], (2, 5, 2), (1, 1, 1, 8))],
)
def test_snapshots_that_do_not_belong_together_are_refused(epochs, maps, pictures):
    with pytest.raises(LatentError, match="Snapshots of"):
        pack_snapshots("r", 0, epochs, np.zeros(maps), np.zeros(pictures))
