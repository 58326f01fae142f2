"""The nearest code that is called otherwise: against closed forms and against a fine search."""

import math

import pytest
import torch

from ae_core import LatentError, load_checkpoint, load_dataset, read_checkpoint
from ae_core.latent.counterfactual import counterfactual
from ae_core.training.classifier import load_classifier


def disc(z):
    """Class 1 outside of a disc, 2 where it is far to the right."""
    return (z.norm(dim=1) > 2).long() + (z[:, 0] > 3).long()


@pytest.mark.parametrize("start", [(0.5, 0.0), (-1.0, 1.0), (0.0, -1.9)])
def test_out_of_a_disc_along_its_radius(start):
    z = torch.tensor(start)
    found = counterfactual(disc, z, 6.0)
    assert int(disc(found[None])[0]) == 1
    assert float((found - z).norm()) == pytest.approx(2 - float(z.norm()), rel=0.02, abs=1e-3)
    right = counterfactual(disc, z, 6.0, wanted=2)
    assert float((right - z).norm()) == pytest.approx(3 - start[0], rel=0.02)


def test_where_nothing_is_called_otherwise_there_is_none():
    z = torch.zeros(2)
    assert counterfactual(lambda codes: torch.zeros(len(codes), dtype=torch.long), z, 5.0) is None
    assert torch.equal(counterfactual(disc, z, 5.0, wanted=0), z)
    with pytest.raises(LatentError, match="map of 2 numbers"):
        counterfactual(disc, torch.zeros(20), 5.0)


def test_held_out_digits_find_theirs_as_near_as_a_fine_search():
    model, classifier = load_checkpoint("digits-vae-2d"), load_classifier("digits", 64, 10)
    x = load_dataset("digits").x_test[:15]
    codes = torch.from_numpy(read_checkpoint("digits-vae-2d").codes()["z"])
    reach = float((codes.amax(0) - codes.amin(0)).norm())

    def says(z):
        with torch.no_grad():
            return classifier(model.decode(z)).argmax(1)

    turns = torch.arange(360) * math.pi / 180
    ways = torch.stack([turns.cos(), turns.sin()], 1)
    longer = []
    for z in model.encode(x):
        now, found = says(z[None]), counterfactual(says, z, reach)
        assert int(says(found[None])) != int(now)
        distance = float((found - z).norm())
        steps = torch.linspace(0.5, 1, 7)[:-1] * distance * 0.98  # is anything called otherwise nearer by 2 %?
        nearer = says((z + steps[:, None, None] * ways).flatten(0, 1)) != now
        longer.append(bool(nearer.any()))
    assert sum(longer) <= 1  # a spike thinner than a ray's distance to the next one
