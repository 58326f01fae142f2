"""Where else a table looks as it does in a stretch: faults of four kinds, each on a channel of its own."""

import json

import numpy as np
import pytest

from ae_core.anomaly.similar import similar, unusual
from ae_core.base.errors import LatentError
from ae_core.cli import main
from ae_core.data.csv.source import Scoring
from ae_core.data.sensors import inject, plant

from .test_detector import WINDOW, fitted, table_of

ROWS, NORMAL, LENGTH = 8000, 1500, 25
KINDS = ("spike", "drop", "stuck", "drift")


@pytest.fixture(scope="module")
def made():
    """(detector, table, [(first row, kind)]) of a plant with ten faults of each kind, in an order of chance."""
    values = plant(ROWS, 6, seed=5)[0]
    kinds = np.random.default_rng(0).permutation(np.repeat(np.arange(4), 10))
    starts = NORMAL + 100 + 155 * np.arange(40)
    for start, kind in zip(starts, kinds, strict=True):
        values = inject(values, KINDS[kind], int(start), LENGTH, int(kind), 5.0)
    table = table_of(values)
    return (
        fitted(table, Scoring("newest"), epochs=0, normal=f"0:{NORMAL}"),
        table,
        list(zip(starts, kinds, strict=True)),
    )


def kind_at(faults, start):
    """The kind of the fault that a stretch meets, −1 where there is none."""
    return next((int(kind) for first, kind in faults if start < first + LENGTH and start + LENGTH > first), -1)


def test_the_first_five_are_of_the_same_kind(made):
    detector, table, faults = made
    features = unusual(detector, table)
    right = [
        kind_at(faults, each.start) == kind
        for start, kind in faults
        for each in similar(features, int(start), int(start) + LENGTH, WINDOW, 5)
    ]
    assert len(right) == 5 * len(faults)
    assert np.mean(right) >= 0.9


def test_the_distance_is_that_of_the_means():
    features = np.random.default_rng(0).normal(size=(400, 3))
    features[300:310] = features[100:110] + 0.01
    features[:20] = np.nan
    found = similar(features, 100, 110, 4, 400)
    assert found[0][:2] == (300, 310)
    assert [each.distance for each in found] == sorted(each.distance for each in found)
    for each in found[:5]:
        apart = features[each.start : each.end].mean(0) - features[100:110].mean(0)
        assert each.distance == pytest.approx(np.linalg.norm(apart))
    starts = np.sort([100, *(each.start for each in found)])
    assert (np.diff(starts) >= 12).all()
    with pytest.raises(LatentError, match="No row of this stretch has a score"):
        similar(features, 2, 9, 4)


@pytest.mark.parametrize(
    ("at", "says"),
    [("", "one stretch"), ("5:9,20:30", "one stretch"), ("9000:9100", "names no stretch"), ("x", "names no stretch")],
)
def test_a_bad_stretch_is_one_sentence(at, says, tmp_path, monkeypatch, made, capsys):
    monkeypatch.setattr("ae_core.commands.similar.read_checkpoint", lambda name: None)
    monkeypatch.setattr("ae_core.commands.similar.matching", lambda checkpoint, origin: (made[0], _Read(made[1])))
    assert main(["similar", str(tmp_path / "plant.csv"), "--checkpoint", "run", "--at", at]) == 2
    assert says in capsys.readouterr().err


def test_the_command_prints_json(monkeypatch, made, capsys):
    monkeypatch.setattr("ae_core.commands.similar.read_checkpoint", lambda name: None)
    monkeypatch.setattr("ae_core.commands.similar.matching", lambda checkpoint, origin: (made[0], _Read(made[1])))
    start = int(made[2][0][0])
    assert main(["similar", "plant.csv", "--checkpoint", "run", "--at", f"{start}:{start + LENGTH}", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 10
    assert all(set(each) == {"start", "end", "distance"} and each["end"] - each["start"] == LENGTH for each in found)
    assert [each["distance"] for each in found] == sorted(each["distance"] for each in found)


class _Read:
    """A source whose table was read."""

    def __init__(self, table):
        self.read = table

    def table(self):
        return self.read
