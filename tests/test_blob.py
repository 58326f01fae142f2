"""The bytes for the browser hold exactly the checkpoint's decoder."""

import json

import numpy as np
import pytest
import torch

from ae_core import Autoencoder, Config, read_checkpoint
from ae_core.blob import decoder_layers, pack
from ae_core.latent import extent


def unpack(blob):
    assert blob[:4] == b"LEX1"
    end = 8 + int.from_bytes(blob[4:8], "little")
    assert end % 4 == 0
    header = json.loads(blob[8:end])
    arrays = {}
    for name, about in header["arrays"].items():
        kind = np.dtype({"f2": "<f2", "f4": "<f4", "u1": "u1"}[about["dtype"]])
        assert about["offset"] % 4 == 0
        arrays[name] = np.frombuffer(blob, kind, int(np.prod(about["shape"])), end + about["offset"]).reshape(about["shape"])
    return header, arrays


def test_the_packed_decoder_is_the_model(small_run):
    checkpoint = read_checkpoint(small_run)
    model, codes = checkpoint.model(), checkpoint.codes()
    header, arrays = unpack(pack("small", "Small", model, codes, extent(codes["z"], True), checkpoint.classes))
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


@pytest.mark.parametrize("shape", [(1, 28, 28), (2, 15), (3, 9, 7)])
def test_transposed_convolutions_are_written_with_the_shapes_they_have(shape):
    model = Autoencoder(Config(data="digits", variant="deep", k=2, network="conv", hidden=(4, 6)), shape, None)
    layers, _ = decoder_layers(model)
    assert [layer["op"] for layer in layers] == ["dense", "conv_transpose", "conv_transpose"]
    height = [1] if len(shape) == 2 else []
    assert layers[-1]["out"] == [shape[0], *height, *shape[1:]]
    assert layers[1]["out"] == layers[2]["in"]
