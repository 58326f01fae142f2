"""What a page keeps of data knows whether they are there: they may come later, or go."""

from types import SimpleNamespace

import numpy as np
import pytest

from ae_core import Config, train_run
from pages.sections.bottleneck.samples import of_item
from pages.session.models import held_out, held_out_errors, load_model


@pytest.fixture
def file(tmp_path):
    values = np.random.default_rng(0).normal(size=(400, 2)).cumsum(0)
    file = tmp_path / "table.csv"
    file.write_text("a,b\n" + "".join(f"{a:.4f},{b:.4f}\n" for a, b in values))
    return file


def test_held_out_samples_and_their_errors_come_and_go_with_their_file(file, tmp_path):
    source = {"file": str(file), "window": 10, "normal": "0:400"}
    config = Config(data="csv", source=source, variant="deep", k=2, hidden=(8,), epochs=1)
    for _ in train_run(config, tmp_path / "runs" / "mine"):
        pass
    item = load_model("mine")
    away = file.rename(tmp_path / "away.csv")
    said = tuple(config.source.items())
    for _ in range(2):
        assert held_out("csv", said) is None
        assert set(held_out_errors(item.folder, item.mtime_ns)) == {"mean"}
        away.rename(file)
        assert held_out("csv", said).shape[1:] == (2, 10)
        assert set(held_out_errors(item.folder, item.mtime_ns)) == {"quantiles"}
        file.rename(away)


def test_the_samples_of_bottleneck_come_with_their_file(file, tmp_path):
    config = SimpleNamespace(data="samples", source={"file": str(file)})
    item = SimpleNamespace(checkpoint=SimpleNamespace(config=config), model=SimpleNamespace(shape=(1, 2)))
    away = file.rename(tmp_path / "away.csv")
    assert of_item(item) is None
    away.rename(file)
    assert of_item(item)["count"] > 0
