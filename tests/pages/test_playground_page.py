"""What the playground keeps opens on the other pages, as its kind allows, and its script makes it in torch."""

import base64
import contextlib
import io

import numpy as np
import pytest
import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from ae_core import Autoencoder, read_checkpoint
from ae_core.jobs.keeping import keep_network
from ae_core.training.script import script
from pages.sections.playground import words
from pages.sections.playground.keep import BATCH, config_of, curve_of, epoch_of
from pages.sections.playground.link import PARAMETERS, VARIANTS
from pages.sections.train.words import PLAY as TRAIN
from pages.session.models import slides
from pages.ui import link

from ..support.apptest import opened, said


def test_train_leads_there_and_there_a_way_leads_to_ones_own_samples():
    for page, label in (("train", TRAIN), ("playground", words.BRING)):
        assert label in [link.proto.label for link in opened(page).get("page_link")]


QUICK = ("digits nested 4", "moons vae 2")
KEPT = [
    *((f"digits {variant} 2") for variant in VARIANTS),
    "digits deep 1",
    "digits vae 8",
    "digits nested 4",
    "sinusoids nested 3",
    "sinusoids sparse 2",
    "moons vae 2",
    "swiss-roll deep 3",
    "circle nested 1",
]


def kept_by_the_page(name: str) -> tuple[dict, Autoencoder]:
    """What the page sends of a network after 23 steps on 1,437 samples, and the network itself."""
    data, variant, k = name.split()
    view = {**link.defaults(PARAMETERS), "data": data, "variant": variant, "k": int(k), "hidden": [12], "lr": 0.02}
    points = [{"step": step, "trainLoss": 9.0, "testLoss": 9.5, "test": 5.5} for step in (0, 23)]
    kept = {"stamp": 1.0, "steps": 23, "used": 1437, "pca": 3.4, "weights": "", "curve": points, "view": view}
    config = config_of(kept, {})
    dataset = config.load()
    torch.manual_seed(4)
    model = Autoencoder(config, dataset.shape, dataset.range, len(dataset.classes))
    model.prepare(dataset.x_train)
    weights = parameters_to_vector(model.parameters()).detach()
    weights += 0.05 * torch.randn(weights.shape)
    vector_to_parameters(weights, model.parameters())
    return {**kept, "weights": base64.b64encode(weights.numpy().tobytes()).decode()}, model.eval()


def written(kept: dict):
    """The folder of the run that is made of it, as the page makes it."""
    weights = np.frombuffer(base64.b64decode(kept["weights"]), np.float32)
    return keep_network(config_of(kept, {}), weights, curve_of(kept))


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in KEPT])
def test_what_is_kept_opens_on_every_page_that_is_offered(name):
    kept, model = kept_by_the_page(name)
    folder = written(kept)
    run = read_checkpoint(folder)
    x = run.config.load().x_test[:16]
    with torch.no_grad():
        torch.testing.assert_close(run.model().reconstruct(x), model.reconstruct(x), atol=0.02, rtol=0.02)
    assert slides(run) == (name in ("digits nested 2", "digits nested 4", "sinusoids nested 3"))
    doors = [("explore", "model"), ("interpolate", "model"), ("runs", "runs")]
    for page, key in [*doors, ("bottleneck", "model")] if slides(run) else doors:
        at = opened(page, **{key: folder.name})
        assert said(at) == "", page
        assert folder.name in str(at.main), page


@pytest.mark.parametrize("name", [n for n in KEPT if n.startswith("digits") and n.endswith("2")])
def test_its_script_makes_the_network_in_torch(name):
    kept, model = kept_by_the_page(name)
    config = config_of(kept, {})
    assert (config.epochs, config.batch_size, config.lr) == (epoch_of(23, 1437), BATCH, 0.02) == (1, 64, 0.02)
    data = config.load()
    program: dict = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(script(config, data.shape, data.range, data.classes), "script.py", "exec"), program)
    assert "held-out loss" in printed.getvalue()
    parameters = [*program["encoder"].parameters(), *program["decoder"].parameters()]
    weights = torch.from_numpy(np.frombuffer(base64.b64decode(kept["weights"]), np.float32).copy())
    vector_to_parameters(weights, parameters)  # in the page's order they are the same network
    with torch.no_grad():
        x, z = data.x_test[:16], torch.randn(16, config.k)
        torch.testing.assert_close(program["encoder"](x), model.encoder(x), atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(program["decoder"](z).flatten(1), model.decoder(z).flatten(1), atol=1e-5, rtol=1e-5)
