"""What follows from judgements on Signals, where it is worked out."""

import pytest

from ae_core import read_checkpoint
from ae_core.anomaly import similar
from ae_core.anomaly.storage import DETECTION, load_detection
from pages.sections.signals import judging

from ..support.apptest import ROOT


def test_what_is_unusual_is_worked_out_outside_the_server(monkeypatch):
    monkeypatch.chdir(ROOT)

    def here(*_):
        pytest.fail("a detector's pass over the table in the server's process")

    monkeypatch.setattr(similar, "unusual", here)
    checkpoint = read_checkpoint("plant-nested")
    features = judging.features_of.__wrapped__(str(checkpoint.folder), 0.0, "", checkpoint)
    detection = load_detection(checkpoint.folder / DETECTION)
    assert len(features) == len(detection.network.score)
    assert features.shape[1] > detection.values.shape[1]  # a column a channel, and the code's
