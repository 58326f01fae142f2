"""Uploads, and the source that trains on one."""

import numpy as np
import pytest
import torch

from ae_core import Config, LatentError
from ae_core.data import load_dataset, source
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import file_label, is_upload, keep_upload, uploads_folder

from ..support.csv_text import A, lines, table_of


@pytest.fixture
def uploads(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "uploads"


def test_uploads_are_kept_under_safe_names(uploads, tmp_path):
    data = table_of(A).encode()
    name = keep_upload(data, "../../etc/My Täble (1).CSV")
    assert name == keep_upload(data, "../../etc/My Täble (1).CSV")
    assert (uploads_folder() / name).read_bytes() == data
    assert [p.name for p in uploads.iterdir()] == [name]
    assert is_upload(name)
    assert file_label(name) == "my-taeble-1"
    (tmp_path / "secret.csv").write_bytes(data)
    (uploads / "link-0123456789.csv").symlink_to(tmp_path / "secret.csv")
    for other in (
        "",
        "none-0123456789.csv",
        f"../uploads/{name}",
        str(uploads / name),
        "../../secret.csv",
        "link-0123456789.csv",
        "/etc/passwd",
        name + "\0",
        "..",
        name + "\n",
    ):
        assert not is_upload(other)
    assert all(is_upload(keep_upload(data, odd)) for odd in ("", "///", "..", "a" * 500, "b\0.csv", "C:\\data\\x.csv"))


def machine(rows=900, period=24, seed=0):
    generator = np.random.default_rng(seed)
    t = np.arange(rows)
    values = (
        np.stack([np.sin(2 * np.pi * t / period), np.cos(2 * np.pi * t / period)], 1) * [3, 50]
        + [20, 500]
        + generator.normal(0, 0.1, (rows, 2))
    )
    return lines(
        "time;temp [°C];pressure", *(f"{1700000000 + 60 * i};{a:.3f};{b:.3f}" for i, (a, b) in enumerate(values))
    )


def test_the_source(uploads):
    name = keep_upload(machine().encode(), "plant.csv")
    data = load_dataset("csv", file=name)
    assert data.shape == (2, 72)  # two thirds of what is held out
    data = load_dataset("csv", file=name, score_type="combined")
    assert data.shape == (2, 24)  # the dominant period
    assert data.x_train.dtype == torch.float32
    assert data.range is None
    assert len(data.x_train) == 432 - 24 + 1
    assert len(data.x_test) == 108 - 24 + 1
    low, high = np.quantile(data.x_train[:, :, 0], (0.05, 0.95), axis=0)
    np.testing.assert_allclose((high - low) / 3.29, 1, atol=0.05)
    ready = source("csv", file=name, window=10).prepare()
    assert (ready.window, ready.table.step, ready.table.units) == (10, 60.0, ("°C", ""))
    assert load_dataset("csv", file=name, window=10, stride=5, columns="pressure").shape == (1, 10)
    config = Config(data="csv", source={"file": name, "decimal": "point"})
    assert Config.from_json(config.to_json()) == config
    assert config.load().name == "csv"
    assert source("csv", file=name).here()


def test_mistakes_with_the_source_are_one_sentence(uploads):
    name = keep_upload(machine().encode(), "plant.csv")
    few = keep_upload(b"a,b\n1,2\n3,4\n5,7\n", "few.csv")
    gone = keep_upload(lines("a,b", *(f"{i},{'' if i < 80 else i}" for i in range(100))).encode(), "gone.csv")
    for options, says in (
        ({}, "No table is chosen"),
        ({"file": "nothing.csv"}, "There is no file"),
        ({"file": "a" * 5000}, "There is no file"),
        ({"file": "a\0b"}, "There is no file"),
        ({"file": few}, "at least 10"),
        ({"file": gone}, "no value in the training part"),
        ({"file": name, "window": 500}, "choose a shorter window"),
        ({"file": name, "columns": "speed"}, "no column 'speed'"),
        ({"file": name, "delimiter": "x"}, "delimiter is one of"),
        ({"file": name, "normal": "yesterday"}, "START:END"),
        ({"file": name, "most_mb": 0}, "between 1"),
    ):
        with pytest.raises(LatentError, match=says) as error:
            load_dataset("csv", **options)
        assert "\n" not in str(error.value)
    assert not Csv().here()
