"""What the playground takes of a person's own samples."""

import base64

import numpy as np
import pytest

from ae_core import LatentError
from pages.sections.playground.samples import HELD_OUT, MAX_SAMPLES, MAX_VALUES, samples


def table(path, rows, columns):
    values = np.random.default_rng(0).normal(size=(rows, columns)).round(2)
    np.savetxt(path, values, fmt="%.2f", delimiter=",", header=",".join(f"c{i}" for i in range(columns)), comments="")
    return {"file": str(path)}


@pytest.mark.slow
def test_five_thousand_samples_of_256_values_go_to_the_page_and_no_more(tmp_path):
    taken = samples("samples", table(tmp_path / "many.csv", 6200, MAX_VALUES))
    values = np.frombuffer(base64.b64decode(taken["values"]), "<f4").reshape(-1, *taken["shape"])
    assert len(values) == MAX_SAMPLES == 5000
    assert np.prod(taken["shape"]) == MAX_VALUES == 256
    assert MAX_SAMPLES - HELD_OUT <= taken["train"] < MAX_SAMPLES
    assert np.isfinite(values).all()


def test_longer_ones_are_said_to_be_too_long(tmp_path):
    with pytest.raises(LatentError, match="257 values each, and 256 are what trains here"):
        samples("samples", table(tmp_path / "long.csv", 60, MAX_VALUES + 1))
