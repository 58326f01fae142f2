"""The plant: the figures of the text it comes from, its factors and units, and its faults against their definitions."""

import math

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from ae_core import LatentError, load_dataset
from ae_core.data import sensors
from ae_core.data.sensors import inject, plant, textbook


def test_the_textbooks_row_comes_out():
    normal, faulty, names = textbook()
    assert (normal.shape, faulty.shape, len(names)) == ((450, 6), (50, 6), 6)
    pca = PCA(2).fit(normal)
    restored = pca.inverse_transform(pca.transform(normal))
    assert f"{((restored - normal) ** 2).mean():.6f}" == "0.008770"
    assert f"{100 * pca.explained_variance_ratio_.sum():.1f}" == "78.2"


@pytest.mark.parametrize("seed", range(4))
def test_the_textbooks_faults_stand_out(seed):
    normal, faulty, _ = textbook(seed)
    pca = PCA(2).fit(normal)
    good, bad = (((pca.inverse_transform(pca.transform(x)) - x) ** 2).mean(1) for x in (normal, faulty))
    assert (bad > np.quantile(good, 0.95)).sum() >= 49  # all 50 for seed 0
    assert bad.mean() > 4.5 * good.mean()
    if seed == 0:
        assert (bad > np.quantile(good, 0.95)).all()
        # A model that knows only the mean: the text's 0.0408 and 0.1850.
        plain = [((x - normal.mean(0)) ** 2).mean() for x in (normal, faulty)]
        assert plain == pytest.approx([0.0408, 0.1850], rel=0.02)
    change = (faulty - sensors.shares(500, 6, seed)[0][450:]).mean(0)
    assert change[0] > 0.5 > 0 > -0.5 > change[1]
    assert not change[2:].any()


def test_the_plant_in_its_own_units_is_the_same_in_its_first_rows():
    values, names, units = plant(300, 8, seed=3)
    assert (values.shape, names[0], units[0], names[6]) == ((300, 8), "motor vibration", "mm/s", "motor vibration 2")
    assert len(set(names)) == 8
    np.testing.assert_allclose(plant(1000, 8, seed=3)[0][:300], values)
    low, high = sensors.gauges(8)[2:]
    np.testing.assert_allclose((values - low) / (high - low), sensors.shares(300, 8, 3)[0])
    assert plant(50, 200)[0].shape == (50, 200)


def test_faults_are_what_they_say():
    values = plant(400)[0]
    spread = values.std(0)
    for kind, expected in (
        ("spike", values[100:120, 2] + 2 * spread[2]),
        ("drop", values[100:120, 2] - 2 * spread[2]),
        ("stuck", np.full(20, values[100, 2])),
        ("drift", values[100:120, 2] + 2 * spread[2] * np.arange(1, 21) / 20),
    ):
        faulty = inject(values, kind, 100, 20, 2, 2.0)
        np.testing.assert_allclose(faulty[100:120, 2], expected)
        faulty[100:120, 2] = values[100:120, 2]
        np.testing.assert_array_equal(faulty, values)
    assert (inject(values, "spike", 390, 50, 0)[390:, 0] > values[390:, 0]).all()


@pytest.mark.parametrize(
    "wrong", [("melt", 0, 5, 0), ("spike", 400, 5, 0), ("spike", -1, 5, 0), ("drop", 0, 0, 0), ("drop", 0, 5, 6)]
)
def test_faults_outside_are_named(wrong):
    with pytest.raises(LatentError, match=r"fault"):
        inject(plant(400)[0], *wrong)


@pytest.mark.parametrize("span", [1, 64])
def test_samples_and_their_factors(span):
    data = load_dataset("sensors", rows=2000, channels=6, span=span, sensor_noise=0)
    assert data.shape == (6, span)
    assert data.factor_names[0] == ("phase", "turns")
    turn = 2 * math.pi * data.factors_train[:, 0]
    expected = 0.5 + sensors.SWING * (data.factors_train[:, 1] * turn.cos() + sensors.BEND * (2 * turn).cos())
    torch.testing.assert_close(data.x_train[:, 0, 0], expected, atol=1e-5, rtol=0)
    assert len(data.x_train) == (1600 - span) // max(1, span // 4) + 1
    assert len(data.x_test) == (400 - span) // max(1, span // 4) + 1


def test_the_source_holds_the_textbooks_normal_samples():
    data = load_dataset("sensors", rows=450)
    both = torch.cat([data.x_train, data.x_test])[:, :, 0]
    np.testing.assert_allclose(both.numpy(), textbook()[0], atol=1e-6)


def test_too_long_a_sample_is_one_sentence():
    with pytest.raises(LatentError, match="too few for samples of 64"):
        load_dataset("sensors", rows=100, span=64)


def test_faults_are_classes():
    plain, data = (load_dataset("sensors", rows=4000, span=32, fault_share=share) for share in (0, 0.6))
    assert data.classes == ("healthy", *sensors.KINDS)
    assert plain.y_train is None
    changed = (data.x_train != plain.x_train).flatten(1).any(1)
    torch.testing.assert_close(changed, data.y_train > 0)
    assert float((data.y_train > 0).float().mean()) == pytest.approx(0.6, abs=0.06)
    assert torch.equal(data.x_train[:, 1:], plain.x_train[:, 1:])
    lift = (data.x_train - plain.x_train)[:, 0].mean(1)
    assert (lift[data.y_train == 1] > 0).all()
    assert (lift[data.y_train == 2] < 0).all()
    assert (data.x_train[data.y_train == 3][:, 0, 16:].std(1) < 1e-6).all()
    with pytest.raises(LatentError, match="too short"):
        load_dataset("sensors", fault_share=0.5)
