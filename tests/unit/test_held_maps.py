"""What maps of the same samples keep, against scikit-learn and closed forms; how they are laid over each other, kept
with their models, and what cannot be measured.
"""

import shutil

import numpy as np
import pytest
import torch
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsClassifier

from ae_core import Dataset, LatentError, read_checkpoint
from ae_core.latent.neighbourhoods import kept_neighbours, off_data_share, own_neighbour_accuracy
from ae_core.runs.maps import FILE, is_map, load_map, measured_map, save_map, still_layout
from pages.sections.maps.aligned import in_square, over

SHIPPED = "digits-vae-2d"


def noise(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("count", "neighbours"), [(700, 5), (60, 12), (9, 5), (4, 5)])
def test_trustworthiness_and_continuity_are_scikit_learns_both_ways(count, neighbours):
    x = noise(count, 6)
    maps = [x[:, :2] + 0.3 * noise(count, 2, seed=1), noise(count, 2, seed=2)]
    k = min(neighbours, (count - 1) // 2)
    for kept, places in zip(kept_neighbours(x, *maps, neighbours=neighbours), maps, strict=True):
        there, back = (trustworthiness(a.numpy(), b.numpy(), n_neighbors=k) for a, b in ((x, places), (places, x)))
        assert kept == pytest.approx((there, back), abs=1e-9)


def test_a_map_that_keeps_everything_keeps_all():
    x = noise(300, 2)
    assert kept_neighbours(x, 3 * x + 1) == [(1.0, 1.0)]


def test_a_sample_has_no_vote_on_itself():
    places, y = noise(200, 2).numpy(), (noise(200, 2)[:, 0] > 0).long().numpy()
    right = [
        KNeighborsClassifier(5).fit(np.delete(places, n, 0), np.delete(y, n)).predict(places[n : n + 1])[0] == y[n]
        for n in range(200)
    ]
    assert own_neighbour_accuracy(places, y) == pytest.approx(np.mean(right))


def test_off_the_data_is_what_is_farther_than_reconstructions_are():
    real = torch.tensor([[0.0, 0.0], [10.0, 0.0]])
    z = torch.linspace(0, 1, 101)[:, None] * torch.tensor([0.0, 1.0])  # 0 to 1 from a real one: 0.95 is usual
    places = torch.tensor([[0.0, 0.94], [10.0, 0.9], [5.0, 0.0], [0.0, 0.96]])
    assert off_data_share(lambda codes: codes, places, z, real) == 0.5


def test_maps_are_turned_and_mirrored_over_each_other():
    a = noise(500, 2).numpy() * np.array([2.0, 1.0])
    turn = np.array([[np.cos(2), -np.sin(2)], [np.sin(2), np.cos(2)]]) @ np.diag([1, -1])
    found = over(7 * a @ turn + 3, a)
    assert found == pytest.approx(in_square(a), abs=1e-5)
    assert (np.abs(found) <= 1).mean() > 0.98
    assert np.isfinite(over(np.zeros((5, 2)), a)).all()  # all alike
    assert over(a[:40] @ turn, a).shape == (40, 2)


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / SHIPPED
    shutil.copytree(read_checkpoint(SHIPPED).folder, copy)
    return copy


def test_what_is_kept_is_what_is_measured(folder):
    (folder / FILE).unlink()
    assert load_map(folder) is None
    save_map(folder)
    again, found = load_map(folder), measured_map(read_checkpoint(folder))
    assert again.network == pytest.approx(found.network)
    assert load_map(SHIPPED).network == pytest.approx(found.network, abs=1e-3)
    assert again.pca == pytest.approx(found.pca, abs=2e-3)
    assert found.network.trustworthiness == pytest.approx(
        read_checkpoint(SHIPPED).measures["trustworthiness"], abs=1e-3
    )


def test_what_belongs_to_other_weights_is_not_shown_and_damage_has_a_sentence(folder):
    other = read_checkpoint("digits-neighbour-2d").folder
    shutil.copy(other / FILE, folder / FILE)
    assert load_map(folder) is None
    (folder / FILE).write_bytes(b"PK nothing")
    with pytest.raises(LatentError, match="holds no map of this model"):
        load_map(folder)
    with (folder / FILE).open("wb") as file:
        np.savez(file, pca=np.zeros((3, 5)), figures=np.zeros((2, 4)))
    with pytest.raises(LatentError, match="holds no map of this model"):
        load_map(folder)


def test_what_is_no_map_gets_a_sentence():
    nested = read_checkpoint("digits-nested")
    assert not is_map(nested)
    with pytest.raises(LatentError, match="no code of two numbers"):
        measured_map(nested)


def test_odd_data_are_laid_out_or_get_a_sentence():
    def of(x):
        return Dataset("own", x, x, (0.0, 1.0))

    with pytest.raises(LatentError, match="4 samples or more, not 3"):
        still_layout(of(torch.rand(3, 1, 8, 8)))
    for x in (torch.full((12, 1, 4, 4), 0.5), torch.rand(4, 1, 1)):
        places, kept = still_layout(of(x))
        assert places.shape == (len(x), 2)
        assert np.isfinite(places).all()
        assert kept.off_data is None


def test_tsne_lays_out_the_first_samples_alike_each_time(digits):
    places, kept = still_layout(digits, 120)
    assert np.array_equal(places, still_layout(digits, 120)[0])
    assert kept.own_accuracy > 0.8
    assert kept.trustworthiness == pytest.approx(
        trustworthiness(digits.x_test[:120].flatten(1).numpy(), places, n_neighbors=5), abs=2e-3
    )
