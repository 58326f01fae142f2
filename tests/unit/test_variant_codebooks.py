"""Codebooks: nearest codes, dead ones, tokens on the map, the straight-through gradient."""

import math

import numpy as np
import pytest
import torch

from ae_core import (
    Training,
)
from ae_core.latent.payload import pack_encoder
from ae_core.model.metrics import (
    perplexity,
)
from ae_core.sockets.bottleneck import nearest, revive

from ..support.node import evaluated
from ..support.variants import config_of, quantised


def test_the_nearest_code_is_the_nearest():
    vectors, codebook = torch.randn(6, 50, 5), torch.randn(30, 5)
    brute = torch.stack([torch.stack([(v - codebook).square().sum(1).argmin() for v in row]) for row in vectors])
    assert torch.equal(nearest(vectors, codebook), brute)


def test_dead_codes_come_back_onto_vectors_and_live_ones_stay():
    vectors = torch.randn(200, 3)
    codebook = torch.cat([torch.randn(5, 3), torch.full((10, 3), 1e3)])
    before = codebook.clone()
    revive(codebook, vectors, torch.Generator().manual_seed(0))
    taken = torch.bincount(nearest(vectors, before), minlength=15) > 0
    assert torch.equal(codebook[taken], before[taken])
    assert all(bool((vectors == code).all(1).any()) for code in codebook[~taken])
    assert bool((torch.bincount(nearest(vectors, codebook), minlength=15)[5:] > 0).all())
    few = torch.full((10, 3), 1e3)
    revive(few, vectors[:4], None)  # more codes than vectors
    assert len(few.unique(dim=0)) == 5


@pytest.mark.parametrize(
    ("shape", "values", "grid"),
    [
        ((1, 28, 28), {}, (7, 7)),
        ((2, 15), {"k": 8}, (4,)),
        ((1, 9, 7), {"k": 12}, (3, 2)),
        ((1, 28, 28), {"k": 10}, (5,)),
        ((1, 8, 8), {"k": 6, "network": "mlp"}, (3,)),
        ((1, 8, 8), {"k": 6, "network": "linear"}, (3,)),
    ],
)
def test_tokens_lie_on_the_networks_map_and_make_the_picture(shape, values, grid):
    model = quantised(shape, **values)
    x = torch.rand(6, *shape)
    tokens = model.tokens(x)
    assert (model.grid, tokens.shape) == (grid, (6, *grid))
    torch.testing.assert_close(model.decode_tokens(tokens), model.reconstruct(x))
    z = model.encode(x).view(6, 2, -1)
    for place, token in enumerate(tokens.flatten(1)[0].tolist()):
        assert torch.equal(z[0, :, place], model.codebook[token])


def test_a_changed_token_changes_the_part_where_it_stands():
    model = quantised()
    tokens = model.tokens(torch.rand(1, 1, 28, 28))
    other = tokens.clone()
    other[0, 1, 5] = (other[0, 1, 5] + 1) % 16
    changed = (model.decode_tokens(tokens) - model.decode_tokens(other)).detach().abs()[0, 0] > 0
    rows, columns = changed.nonzero(as_tuple=True)
    assert 0 <= int(rows.min()) <= int(rows.max()) <= 11
    assert 14 <= int(columns.min()) <= int(columns.max()) <= 27


def test_the_gradient_passes_straight_through_and_the_codes_learn_by_their_own_term():
    model = quantised((1, 8, 8), k=6, network="mlp")
    h = torch.randn(5, 6, requires_grad=True)
    code = model.bottleneck(h, True, None, model.codebook)
    code.z.sum().backward()
    torch.testing.assert_close(h.grad, torch.ones_like(h))
    assert model.codebook.grad is None or not model.codebook.grad.any()
    terms = model.penalty.terms(model.bottleneck(h, True, None, model.codebook), model.encoder, None)
    torch.testing.assert_close(terms["codebook"], terms["commitment"])
    terms["codebook"].sum().backward()
    chosen = torch.bincount(code.tokens.flatten(), minlength=16) > 0
    assert torch.equal(model.codebook.grad.any(1), chosen)


def test_perplexity_is_that_of_the_shares():
    assert perplexity(torch.arange(8).repeat(5), 8) == pytest.approx(8)
    assert perplexity(torch.zeros(50, dtype=torch.int64), 8) == pytest.approx(1)
    share = torch.tensor([0.5, 0.25, 0.25])
    assert perplexity(torch.tensor([0, 0, 1, 2]), 4) == pytest.approx(math.exp(float(-(share * share.log()).sum())))


def test_the_browsers_tokens_are_torchs():
    model = quantised((1, 8, 8), k=12, network="mlp").eval().requires_grad_(False)
    for weights in model.parameters():
        weights.copy_(weights.half().float())
    x = torch.rand(20, 1, 8, 8)
    tokens = evaluated(pack_encoder("m", model), "tokens", x.flatten(1).tolist())
    assert tokens == model.tokens(x).tolist()
    z = evaluated(pack_encoder("m", model), "fromTokens", tokens)
    np.testing.assert_allclose(z, model.encode(x).numpy(), atol=1e-6)


def test_most_of_the_codebook_is_used(digits):
    training = Training(
        config_of("vqvae", k=32, hidden=(64,), epochs=20, sockets={"codes": 32, "code_size": 2}), digits
    )
    for _ in training:
        pass
    assert perplexity(training.model.eval().tokens(digits.x_test), 32) >= 16
