"""Remarks on a training: each for figures that show it, none for figures that do not."""

import pytest
import torch

from ae_core import Config, load_dataset, train_run
from ae_core.base.files import read_json
from ae_core.runs.records import read_metrics
from ae_core.training.diagnosis import remarks, unreachable

PLAIN = Config(data="digits", variant="deep", k=2, epochs=10)
VAE = Config(data="digits", variant="vae", k=4, epochs=10)


def lines(test, train=None, **last):
    """Metrics with these held-out losses; `last` goes into the last line."""
    train = train or [loss - 1 for loss in test]
    found = [
        {"epoch": i + 1, "seconds": i, "train_loss": a, "test_loss": b}
        for i, (a, b) in enumerate(zip(train, test, strict=True))
    ]
    found[-1] |= last
    return found


def kinds(config, found, ended=True, **about):
    return [(remark.kind, remark.grave) for remark in remarks(config, about, found, ended)]


FALLING = [10 - i for i in range(10)]


@pytest.mark.parametrize(
    ("config", "found", "ended", "wanted"),
    [
        (PLAIN, [], False, []),
        (PLAIN, lines(FALLING), True, []),
        (PLAIN, lines(FALLING, squared_error=3.0, pca_squared_error=4.0), True, []),
        # held out rises for three epochs while training falls
        (PLAIN, lines([10, 8, 7, 7.5, 7.8, 8], FALLING[:6]), False, [("overfitting", False)]),
        (PLAIN, lines([10, 8, 7, 7.5, 7.8], FALLING[:5]), False, []),  # two epochs are no trend
        (PLAIN, lines([10, 8, 7, 7.01, 7.02, 7.03], FALLING[:6]), False, []),  # noise
        (
            PLAIN,
            lines([10, 8, 7, 7.5, 7.8, 8], [10, 8, 7, 7.5, 7.8, 8]),
            False,
            [],
        ),  # both rise: that is something else
        (
            PLAIN,
            lines([-10, -12, -13, -12, -12, -12], FALLING[:6]),
            False,
            [("overfitting", False)],
        ),  # a loss may be negative
        (PLAIN, lines(FALLING, squared_error=5.0, pca_squared_error=4.0), True, [("worse-than-pca", True)]),
        (PLAIN, lines(FALLING[:6], squared_error=5.0, pca_squared_error=4.0), False, [("worse-than-pca", False)]),
        (PLAIN, lines(FALLING[:4], squared_error=5.0, pca_squared_error=4.0), False, []),  # it has hardly begun
        (PLAIN, lines(FALLING, squared_error=4.0, pca_squared_error=4.0), True, []),  # PCA itself is no worse than PCA
        (
            VAE,
            lines(FALLING, squared_error=5.0, pca_squared_error=4.0, train_kl=1.0, test_kl=1.0),
            True,
            [("worse-than-pca", False)],
        ),
        (VAE, lines(FALLING, collapsed_units=1, active_units=3), True, [("collapse", False)]),
        (VAE, lines(FALLING, collapsed_units=4, active_units=0), True, [("collapse", True)]),
        (VAE, lines(FALLING[:2], collapsed_units=4, active_units=0), False, []),  # at first nothing is used yet
    ],
)
def test_each_remark_where_it_is_due(config, found, ended, wanted):
    assert kinds(config, found, ended) == wanted


def test_remarks_are_sentences_with_their_figures():
    (remark,) = remarks(PLAIN, {}, lines(FALLING, squared_error=5.25, pca_squared_error=4.125), True)
    assert remark.text.startswith("Broken: worse than PCA.")
    assert "5.25" in remark.text
    assert "4.125" in remark.text
    assert remark.text.endswith("still falling: train longer.")
    (remark,) = remarks(PLAIN, {}, lines([10, 8, *[7] * 9], squared_error=5.25, pca_squared_error=4.125), True)
    assert "More epochs will not help" in remark.text
    (remark,) = remarks(VAE, {}, lines(FALLING, collapsed_units=3, active_units=1), True)
    assert "3 of 4 dimensions" in remark.text
    assert "1 are active" in remark.text


@pytest.mark.parametrize(("output", "low", "high"), [("sigmoid", 0, 1), ("clip", 0, 1), ("tanh", -1, 1)])
def test_unreachable_counts_what_lies_outside(output, low, high):
    x = torch.randn(500, 1, 8)
    outside = sum(not low <= value <= high for value in x.flatten().tolist())
    assert unreachable(output, x) == pytest.approx(outside / x.numel(), abs=1e-6)
    assert unreachable(output, x.clamp(low, high)) == 0
    assert unreachable("identity", x) == 0


def test_a_run_whose_output_cannot_reach_the_data_says_so(tmp_path):
    config = Config(
        data="sinusoids",
        variant="deep",
        k=2,
        hidden=(16,),
        output="sigmoid",
        loss="squared-error",
        epochs=1,
        batch_size=256,
    )
    data = load_dataset("sinusoids")
    list(train_run(config, tmp_path / "run", data))
    about = read_json(tmp_path / "run" / "config.json")
    assert about["unreachable"] == pytest.approx(
        float(((data.x_train < 0) | (data.x_train > 1)).float().mean()), abs=1e-4
    )
    found = {remark.kind: remark for remark in remarks(config, about, read_metrics(tmp_path / "run"), True)}
    assert found["range"].grave
    assert f"{about['unreachable']:.1%}" in found["range"].text
