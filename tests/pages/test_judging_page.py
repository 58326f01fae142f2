"""What follows from judgements on Signals, where it is worked out."""

from types import SimpleNamespace

import numpy as np
import pytest

from ae_core import LatentError, read_checkpoint
from ae_core.anomaly import similar
from ae_core.anomaly.judged import consequences as followed
from ae_core.anomaly.judged.events import Event
from ae_core.anomaly.judged.log import Judged
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.anomaly.thresholds import Rule
from pages.sections.signals import judging
from pages.sections.signals.open import table_of

from ..support.apptest import ROOT


@pytest.fixture
def example(monkeypatch):
    """(run, its scores)."""
    monkeypatch.chdir(ROOT)
    checkpoint = read_checkpoint("plant-nested")
    return checkpoint, load_detection(checkpoint.folder / DETECTION)


def here(*_):
    pytest.fail("work on a whole table in the server's process")


def test_what_is_unusual_is_worked_out_outside_the_server(example, monkeypatch):
    monkeypatch.setattr(similar, "unusual", here)
    checkpoint, detection = example
    features = judging.features_of.__wrapped__(str(checkpoint.folder), 0.0, "", checkpoint)
    assert len(features) == len(detection.network.score)
    assert features.shape[1] > detection.values.shape[1]  # a column a channel, and the code's


def test_what_follows_is_worked_out_outside_the_server(example, monkeypatch):
    checkpoint, detection = example
    features = np.random.default_rng(0).normal(size=(len(detection), 3 + detection.values.shape[1]))
    events = [Event(100, 150, "normal", id="event-1"), Event(2000, 2050, "fault", "leak", id="event-2")]
    wanted = followed.consequences(detection, features, events, Rule())
    monkeypatch.setattr(followed, "quietened", here)
    monkeypatch.setattr(followed, "findings", here)
    asked = SimpleNamespace(
        path=checkpoint.folder / DETECTION,
        judged=Judged(),
        file="plant",
        scores=lambda: detection,
        features=lambda: features,
        here=lambda _: events,
    )
    monkeypatch.setattr(judging, "hearing", judging.hearing.__wrapped__)
    told = judging.following.__wrapped__("", Rule(), asked)
    assert told.says == wanted.words()
    assert told.stretches == [each.told for each in wanted.made.intervals]
    assert told.known == wanted.known
    with_them, blob = judging.scores_heard.__wrapped__("", asked)
    np.testing.assert_array_equal(with_them.network.score, wanted.detection.network.score)
    assert blob == judging.pack(wanted.detection)


def test_what_a_page_cannot_keep_is_said(example):
    checkpoint, _ = example
    with pytest.raises(LatentError, match=r"3,000 rows takes .*, and a page keeps 0\.1 MB: use"):
        similar.unusual_in(checkpoint.folder, table_of(checkpoint), 100_000)
