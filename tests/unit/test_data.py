"""Data sources: found by being there, right in shape and range, true to their factors, and clear when they cannot be
had.
"""

import functools
import gzip
import hashlib
import http.server
import math
import threading

import numpy as np
import pytest
import torch

from ae_core import LatentError, load_dataset
from ae_core.data import _idx, source, sources
from ae_core.data.sinusoids import waveform

HERE = [name for name in sources() if source(name).here()]


def test_sources_are_found_by_being_there():
    assert set(sources()) >= {"mnist", "fashion", "digits", "sinusoids", "sensors", "csv"}
    assert {"digits", "sinusoids", "sensors"} <= set(HERE)
    assert "csv" not in HERE  # it needs a file: test_csv gives it some


@pytest.mark.parametrize("name", HERE)
def test_dataset_contract(name):
    data = load_dataset(name)
    for x, y, factors in (
        (data.x_train, data.y_train, data.factors_train),
        (data.x_test, data.y_test, data.factors_test),
    ):
        assert x.dtype == torch.float32
        assert tuple(x.shape[1:]) == data.shape
        assert x.isfinite().all()
        if data.range:
            assert data.range[0] <= float(x.min()) <= float(x.max()) <= data.range[1]
        assert y is None or (len(y) == len(x) and int(y.max()) < len(data.classes))
        assert factors is None or tuple(factors.shape) == (len(x), len(data.factor_names))
    assert data.name == name


def test_digits_are_scikit_learns_and_halves_do_not_overlap():
    data = load_dataset("digits")
    rows = {tuple(row) for row in (data.x_test.flatten(1) * 16).int().tolist()}
    assert len(data.x_train) + len(data.x_test) == 1797
    assert (
        sum(tuple(row) in rows for row in (data.x_train.flatten(1) * 16).int().tolist()) <= 2
    )  # a few digits occur twice


def test_shapes_lie_where_their_factors_say():
    data = load_dataset("shapes", shape="circle", noise=0.0, samples=50)
    angle = 2 * math.pi * data.factors_train[:, 0]
    torch.testing.assert_close(data.x_train[:, 0], torch.stack([angle.cos(), angle.sin()], 1))
    roll = load_dataset("shapes", shape="swiss-roll", noise=0.0, samples=200)
    assert roll.shape == (1, 3)
    assert roll.x_train.abs().max() <= 1
    across = roll.x_train[:, 0, 1].sort().values
    torch.testing.assert_close(across, 2 * roll.factors_train[:, 1].sort().values - 1)
    moons = load_dataset("shapes", shape="moons")
    assert 0.4 < float(moons.y_train.float().mean()) < 0.6


def test_sinusoids_are_the_sum_that_their_factors_say():
    data = load_dataset("sinusoids", complexity=3, samples=50, length=40)
    t = np.arange(40) / 40
    for x, factors in zip(data.x_train[:10], data.factors_train[:10], strict=True):
        f, a, phase = factors.view(3, 3).T.numpy()
        assert sorted(f) == list(f)
        expected = sum(a[j] * np.sin(2 * math.pi * (f[j] * t + phase[j])) for j in range(3))
        np.testing.assert_allclose(x[0].numpy(), expected, atol=1e-5)


def test_sinusoid_knobs():
    quiet, noisy = (load_dataset("sinusoids", samples=4000, noise=n) for n in (0.0, 0.5))
    rest = noisy.x_train[:, 0] - waveform(noisy.factors_train.view(-1, 1, 3), 64)
    assert abs(float(rest.std()) - 0.5) < 0.01
    assert torch.equal(quiet.factors_train, load_dataset("sinusoids", samples=4000).factors_train)
    assert not torch.equal(quiet.x_train, load_dataset("sinusoids", samples=4000, signal_seed=1).x_train)


@pytest.mark.parametrize(
    ("options", "says"),
    [({"complexity": 0}, "between 1 and 16"), ({"noise": "loud"}, "a number"), ({"colour": 1}, "no setting")],
)
def test_wrong_knobs_are_named(options, says):
    with pytest.raises(LatentError, match=says):
        load_dataset("sinusoids", **options)


def test_unknown_source_lists_the_known_ones():
    with pytest.raises(LatentError, match="digits"):
        load_dataset("../../etc/passwd")


@pytest.fixture
def mirror(tmp_path):
    """A web server with one small archive, as a stand-in for the place that has MNIST."""
    content = b"idx" * 40_000
    (tmp_path / "served").mkdir()
    packed = gzip.compress(content)
    (tmp_path / "served" / "thing-ubyte.gz").write_bytes(packed)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path / "served")
    handler.log_message = lambda *_: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class Kind:
        mirrors = ["http://127.0.0.1:1/", f"http://127.0.0.1:{server.server_port}/"]
        resources = [("thing-ubyte.gz", hashlib.md5(packed).hexdigest())]

    yield Kind, content
    server.shutdown()


def test_download_goes_to_the_next_mirror_and_reports_progress(mirror, tmp_path):
    kind, content = mirror
    seen = []
    _idx._fetch(kind, tmp_path / "raw", lambda *step: seen.append(step))
    assert (tmp_path / "raw" / "thing-ubyte").read_bytes() == content
    assert seen[-1][1] == seen[-1][2] > 0
    assert [p.name for p in (tmp_path / "raw").iterdir()] == ["thing-ubyte"]


def test_a_damaged_download_leaves_nothing_behind(mirror, tmp_path):
    kind, _ = mirror
    kind.resources = [("thing-ubyte.gz", "0" * 32)]
    with pytest.raises(OSError, match="damaged"):
        _idx._fetch(kind, tmp_path / "raw", None)
    assert not list((tmp_path / "raw").iterdir())


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """An empty data folder and no network."""
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    monkeypatch.setattr(_idx._torchvision().datasets.MNIST, "mirrors", ["http://127.0.0.1:1/"])
    return tmp_path


def test_mnist_that_cannot_be_had_is_one_sentence(nowhere):
    with pytest.raises(LatentError, match="LATENT_DATA") as error:
        load_dataset("mnist")
    assert "digits" in str(error.value)
    assert "\n" not in str(error.value)


def test_half_an_mnist_file_is_one_sentence(nowhere):
    raw = nowhere / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in _idx.FILES:
        (raw / file).write_bytes(b"\0\0\x08\x03\0\0\xea\x60\0\0\0\x1c\0\0\0\x1c" + bytes(1000))
    with pytest.raises(LatentError, match="delete them"):
        load_dataset("mnist")
