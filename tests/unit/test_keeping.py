"""A network that was trained in the page becomes a run: what is kept is what was sent."""

import numpy as np
import pytest
import torch
from torch.nn.utils import parameters_to_vector

from ae_core import Autoencoder, Config, LatentError, load_checkpoint
from ae_core.jobs.keeping import keep_network
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.status import status

CURVE = [
    {"epoch": epoch, "train_loss": 20.0, "test_loss": 20.0 + error, "squared_error": error, "pca_squared_error": 3.4}
    for epoch, error in ((1, 10.0), (2, 7.0), (2, 6.0))  # of the second epoch twice: the last one counts
]


@pytest.mark.parametrize("variant", ["deep", "vae", "nested"])
def test_a_network_of_the_page_is_a_run_like_any_other(variant, digits):
    config = Config(data="digits", variant=variant, k=2, hidden=(8,), epochs=2)
    made = Autoencoder(config, digits.shape, digits.range, len(digits.classes))
    weights = parameters_to_vector(made.parameters()).detach().numpy()
    folder = keep_network(config, weights, CURVE)
    checkpoint = read_checkpoint(folder)
    checkpoint.check()
    assert status(folder)["state"] == "done"
    assert [line["squared_error"] for line in checkpoint.metrics()] == [10, 6]
    x = digits.x_test[:20]
    with torch.no_grad():
        torch.testing.assert_close(load_checkpoint(folder).encode(x), made.eval().encode(x), atol=0.02, rtol=0.01)


def test_weights_of_another_network_are_one_sentence():
    config = Config(data="digits", variant="deep", k=2, hidden=(8,))
    for weights in (np.zeros(7, np.float32), np.full(1170 + 64 + 8, np.nan, np.float32)):
        with pytest.raises(LatentError, match="not the weights"):
            keep_network(config, weights, CURVE)
