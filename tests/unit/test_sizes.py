"""A network's size, computed before anything is built."""

import itertools
import time

import pytest

from ae_core import VARIANTS, Config, LatentError
from ae_core.model.autoencoder import Autoencoder
from ae_core.model.size import network_spec
from ae_core.sockets.sizes import network_size

SHAPES = {"digits": ((1, 8, 8), (0.0, 1.0)), "sinusoids": ((1, 33), None)}


@pytest.mark.parametrize(
    ("variant", "network", "data"), itertools.product(VARIANTS, ("linear", "mlp", "conv", "residual"), SHAPES)
)
def test_it_is_that_of_the_network_that_is_built(variant, network, data):
    shape, limits = SHAPES[data]
    hidden = (8, 5) if network == "conv" else (16, 12)
    try:
        config = Config(data=data, variant=variant, k=4, hidden=hidden, network=network)
        model = Autoencoder(config, shape, limits, 10)
    except LatentError:  # which this variant does not go with
        return
    built = sum(p.numel() for part in (model.encoder, model.decoder) for p in part.parameters())
    assert network_size(config.network, network_spec(config, shape, 10)).weights == built


@pytest.mark.parametrize("hidden", [(1,) * 10_000, (65_536,) * 60])
def test_what_is_far_too_large_is_refused_at_once(hidden):
    begin = time.process_time()
    with pytest.raises(LatentError, match=r"hidden layers; 64 are allowed|weights; 100,000,000 are allowed"):
        Autoencoder(Config(data="digits", hidden=hidden), (1, 8, 8), (0.0, 1.0))
    assert time.process_time() - begin < 0.25
