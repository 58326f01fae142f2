"""The steps of a loss are the lines of its program, and give the loss of `Autoencoder.losses`."""

from unittest import mock

import pytest
import torch

from ae_core import Autoencoder, Config
from ae_core.sockets import bottleneck
from ae_core.training.script import loss_function
from ae_core.training.steps import OUTPUT, PULL, steps

from ..support.steps import evaluated

RECIPES = {
    "cross-entropy": (Config(variant="vae", k=3, hidden=(20, 10), sockets={"beta": 4.0}), (1, 8, 8), (0.0, 1.0)),
    "squared error": (Config(variant="vae", k=2, hidden=(12,)), (2, 15), None),
    "residual": (Config(variant="vae", k=2, network="residual", hidden=(12,)), (2, 15), None),
    "conv": (Config(variant="vae", k=2, network="conv", hidden=(4, 6)), (1, 8, 8), (0.0, 1.0)),
}


@pytest.mark.parametrize("name", RECIPES)
def test_the_lines_give_the_loss_and_its_parts(name):
    torch.manual_seed(0)
    config, shape, limits = RECIPES[name]
    model = Autoencoder(config, shape, limits).eval()
    x, epsilon = torch.rand(1, *shape), torch.randn(1, config.k)
    made = evaluated(steps(model), model, x, epsilon)
    with mock.patch.object(bottleneck.torch, "randn", return_value=epsilon):
        terms = model.losses(x)
    for step, wanted in {
        **{"loss": terms["loss"], "reconstruction": terms["reconstruction"], "x_hat": model.decode(made["z"])},
        **{"mu": model.posterior(x)[0], "logvar": model.posterior(x)[1]},
    }.items():
        torch.testing.assert_close(made[step], wanted.detach())
    assert float(made["kl"].sum()) == pytest.approx(float(terms["kl"].detach()), rel=1e-5)
    torch.testing.assert_close(made["d_mu"], made["mu"])
    torch.testing.assert_close(made["d_logvar"], (made["logvar"].exp() - 1) / 2)


@pytest.mark.parametrize("name", RECIPES)
def test_every_line_is_the_programs(name):
    model = Autoencoder(*RECIPES[name])
    shown = [line for lines in steps(model).values() for line in lines.splitlines() if line not in (OUTPUT, PULL)]
    written = [line.strip().split("  #")[0] for line in loss_function(model).splitlines()]
    assert shown == [line for line in written if line and not line.startswith(("#", '"""'))]
