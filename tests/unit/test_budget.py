"""What a step takes is announced before it is taken, and windows are views."""

import io
import json
import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
import torch
from PIL import Image

from ae_core import Config, LatentError
from ae_core.base import budget
from ae_core.base.budget import BudgetError
from ae_core.data._windows import Windows
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.resample import resampled
from ae_core.data.csv.source import dataset
from ae_core.data.csv.table import Table
from ae_core.data.csv.uploads import keep_upload
from ae_core.data.csv.windows import prepared
from ae_core.io.images import read_picture
from ae_core.jobs.queue import jobs
from ae_core.pca import PCA
from ae_core.runs.records import KEPT_BYTES, LAST_BYTES, SHOWN_LINES, last_metrics, read_metrics
from pages.sections.signals.open import read
from pages.session.futures import FIT_KEY

from ..conftest import wait_for
from ..support.apptest import opened

MB = 1 << 20


def table_of(rows, channels):
    values = np.random.default_rng(0).normal(size=(rows, channels))
    return Table(tuple(f"c{i}" for i in range(channels)), ("",) * channels, values)


def test_windows_are_those_that_a_copy_would_hold():
    table = table_of(2000, 3)
    table.values[500:540] = np.nan
    ready = prepared(table, window=20, stride=3)
    copied, at = ready.windows(ready.train, healthy=True)
    view = ready.view(ready.train, healthy=True)
    assert view.shape == copied.shape
    assert ready.count(ready.train, healthy=True) == len(at)
    np.testing.assert_array_equal(ready.first_rows(ready.train, healthy=True), at)
    wanted = torch.from_numpy(copied)
    assert torch.equal(torch.cat(list(view.split(64))), wanted)
    assert torch.equal(torch.cat(list(view.flatten(1).split(64))), wanted.flatten(1))
    some = torch.tensor([5, 1, 1, 200])
    assert torch.equal(view.index_select(0, some), wanted[some])
    assert torch.equal(view[7], wanted[7])
    assert torch.equal(torch.square(view), wanted.square())  # any function of torch gathers them
    assert torch.equal(view - wanted, torch.zeros_like(wanted))
    assert torch.equal(PCA(view, 4).components, PCA(wanted, 4).components)


def test_the_windows_of_a_training_are_not_copied():
    ready = prepared(table_of(40_000, 4), window=1024, stride=1)
    with budget.within(600 * MB):
        data = dataset(ready, "csv")
    assert isinstance(data.x_train, Windows)  # 300 MB, if it were a tensor
    assert data.x_train._view.untyped_storage().nbytes() <= 40_000 * 4 * 4


def test_what_a_step_keeps_the_next_ones_do_not_have():
    with budget.within(500 * MB) as account:
        budget.ask(300 * MB, "The first needs", "less", keeps=200 * MB)
        assert budget.allowed() == 300 * MB
        budget.ask(300 * MB, "The second needs", "less")
        with pytest.raises(BudgetError, match=r"^The third needs 419 MB, 315 MB allowed: less\.$"):
            budget.ask(400 * MB, "The third needs", "less")
    assert (account.announced, account.kept) == (500 * MB, 200 * MB)


def test_windows_and_their_pca_share_what_is_allowed():
    ready = prepared(table_of(20_000, 1), window=1024, stride=1)
    with budget.within(None) as account:
        data = dataset(ready, "csv")
        windows = account.announced
        PCA(data.x_train, 2)
    assert account.announced > windows
    alone = account.announced - account.kept
    with budget.within(alone):
        PCA(data.x_train, 2)
    with budget.within(max(windows, alone)):
        again = dataset(ready, "csv")
        with pytest.raises(BudgetError, match=r"^PCA of [\d,]+ samples of 1,024 values needs"):
            PCA(again.x_train, 2)


def test_windows_over_the_budget_say_what_fits():
    ready = prepared(table_of(60_000, 4), window=4096, stride=1)
    with (
        budget.within(500 * MB),
        pytest.raises(
            BudgetError, match=r"^Windows of 4,096 rows at stride 1 need 1\.2 GB, 524 MB allowed: stride \d+ fits\.$"
        ) as refused,
    ):
        dataset(ready, "csv")
    stride = refused.value.fits["stride"]
    with budget.within(500 * MB):
        dataset(prepared(table_of(60_000, 4), window=4096, stride=stride), "csv")
    again = pickle.loads(pickle.dumps(refused.value))  # as it comes from a worker
    assert (str(again), again.fits) == (str(refused.value), {"stride": stride})


def test_a_pca_is_refused_before_its_covariance_is_made():
    with (
        budget.within(200 * MB),
        pytest.raises(LatentError, match=r"PCA of 10 samples of 40,000 values needs 25\.\d GB"),
    ):
        PCA(torch.zeros(10, 40_000), 20)


@pytest.mark.parametrize(("said", "left"), [("4000", 1_349_882_880), ("1", 100 * MB)])
def test_a_jobs_part_is_what_server_and_idle_workers_leave(said, left, monkeypatch):
    monkeypatch.setenv("LATENT_MOST_MEMORY", said)
    assert budget.per_job(2) == left


@pytest.mark.parametrize("name", budget.CGROUPS)
def test_a_containers_memory_counts(name, monkeypatch, tmp_path):
    whole = budget.machine_bytes()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    monkeypatch.setattr(budget, "CGROUP_ROOT", tmp_path)
    (tmp_path / name).write_text("max\n")
    assert budget.machine_bytes() >= whole
    (tmp_path / name).write_text("1000000\n")
    assert budget.machine_bytes() == 1_000_000


def test_a_recipe_of_many_layers_is_refused():
    with pytest.raises(LatentError, match="10,000 hidden layers; 64 are allowed"):
        Config(data="digits", hidden=(1,) * 10_000)


def test_a_pages_job_is_refused_in_its_sentence_with_what_fits(monkeypatch, tmp_path):
    file = tmp_path / "long.csv"
    file.write_text("a,b,c,d\n" + "".join(f"{i % 7},{i % 11},{i % 5},{i % 3}\n" for i in range(40_000)))
    monkeypatch.setenv("LATENT_MOST_MEMORY", "1")
    source = {"file": str(file), "window": 4096, "stride": 1}
    with pytest.raises(BudgetError, match=r"Windows of 4,096 rows at stride 1 need .* stride [\d,]+ fits") as refused:
        jobs.estimate(Config(data="csv", source=source, network="linear")).result()
    assert refused.value.fits["stride"] > 1


def test_a_link_alone_does_not_fill_the_memory_and_a_button_sets_what_fits(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_MEMORY", "2000")
    at = opened("train", data="sinusoids", samples="150000", length="4096")
    wait_for(lambda: [button for button in at.run().button if button.key == FIT_KEY], "the button", 100)
    (sentence,) = [error.value for error in at.error]
    assert sentence.startswith("150,000 signals of 4,096 values need 7.4 GB, ")
    at.button(key=FIT_KEY).click().run()
    assert 1000 < at.session_state["train-samples"] < 20_000
    assert not at.exception


def test_a_table_is_not_resampled_over_the_budget():
    time = np.datetime64("2020-01-01", "ns") + np.array([0, 3600, 30_000_000]) * np.timedelta64(10**9, "ns")
    table = Table(("a",), ("",), np.zeros((3, 1)), time, 3600.0)
    with budget.within(100 * MB), pytest.raises(BudgetError, match=r"^Rows every 2 s, .* s fits\.$") as refused:
        resampled(table, 2)
    with budget.within(100 * MB):
        assert len(resampled(table, refused.value.fits["resample_seconds"])) > 1_000_000


def test_a_parquet_file_that_is_packed_to_nothing_is_not_unpacked():
    file = io.BytesIO()
    pa.parquet.write_table(pa.table({f"c{i}": np.zeros(200_000) for i in range(50)}), file)
    assert len(file.getvalue()) < 100_000
    with budget.within(200 * MB), pytest.raises(BudgetError, match=r"^200,000 rows × 50 columns need 303 MB"):
        read_table(file.getvalue())


def test_of_many_epochs_the_end_alone_is_read(tmp_path):
    line = {"epoch": 1, "seconds": 0.5, "train_loss": 1.0, "test_loss": 1.0}
    lines = [json.dumps({**line, "epoch": epoch}) for epoch in range(1, 2000)]
    (tmp_path / "metrics.jsonl").write_text("\n".join(lines) + '\n{"epoch": 2000, "sec')
    assert (tmp_path / "metrics.jsonl").stat().st_size > 2 * LAST_BYTES
    assert last_metrics(tmp_path) == read_metrics(tmp_path)[-1] == {**line, "epoch": 1999}
    (tmp_path / "metrics.jsonl").write_text(lines[0])
    assert last_metrics(tmp_path) == line
    (tmp_path / "metrics.jsonl").write_text("")
    assert last_metrics(tmp_path) is last_metrics(tmp_path / "none") is None


def test_of_very_many_epochs_a_few_thousand_are_drawn(tmp_path, monkeypatch):
    """Those at even distances, the first and the last one; of what is no line, nothing."""
    line = {"epoch": 1, "seconds": 0.5, "train_loss": 1.0, "test_loss": 1.0}
    text = "".join(json.dumps({**line, "epoch": epoch, "test_loss": 1 / epoch}) + "\n" for epoch in range(1, 60_001))
    (tmp_path / "metrics.jsonl").write_text(text + '{"epoch": 60001, "sec')
    assert (tmp_path / "metrics.jsonl").stat().st_size > 2 * KEPT_BYTES
    monkeypatch.setattr("ae_core.runs.records._lines", lambda path: pytest.fail("the whole file was read"))
    shown = jobs.lines(tmp_path)
    epochs = [each["epoch"] for each in shown]
    assert (epochs[0], epochs[-1]) == (1, 60_000)
    assert SHOWN_LINES - 1 <= len(shown) <= SHOWN_LINES + 1
    assert max(np.diff(epochs)) < 2 * 60_000 / SHOWN_LINES
    assert all(each == {**line, "epoch": each["epoch"], "test_loss": 1 / each["epoch"]} for each in shown)
    (tmp_path / "metrics.jsonl").write_bytes(b"x" * (KEPT_BYTES + 1))
    assert jobs.lines(tmp_path) == []


def test_pictures_of_16_bits_are_scaled_and_a_turned_photograph_is_upright():
    ink = np.zeros((40, 60), np.uint8)
    ink[5:10, 5:50] = np.linspace(60, 250, 45).astype(np.uint8)  # a stroke whose levels differ

    def read(picture, **said):
        file = io.BytesIO()
        picture.save(file, "PNG", **said)
        return read_picture(file.getvalue())

    wanted = read(Image.fromarray(ink))
    np.testing.assert_allclose(read(Image.fromarray(ink.astype(np.uint16) * 257)), wanted, atol=0.01)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    turned = read(Image.fromarray(np.rot90(ink).copy()), exif=exif)
    np.testing.assert_allclose(turned, wanted, atol=0.01)


def test_the_signals_page_has_a_button_that_sets_what_fits(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_MEMORY", "1")
    rows = "".join(f"2020-01-01 {n // 60:02}:{n % 60:02}:00,{n % 7}\n" for n in range(1400))
    kept = keep_upload(f"t,a\n{rows}2020-09-01 00:00:00,3\n".encode(), "slow.csv")
    at = opened("signals", {"read-resample_seconds": 2.0}, file=kept)
    assert [error.value for error in at.error if error.value.startswith("Rows every 2 s, ")]
    (button,) = [button for button in at.button if button.key == FIT_KEY]
    assert button.label.startswith("Set ")


def test_a_page_reads_a_table_within_a_jobs_part(monkeypatch, tmp_path):
    file = tmp_path / "slow.csv"
    file.write_text("t,a\n2020-01-01 00:00:00,1\n2020-01-01 01:00:00,2\n2020-09-01 00:00:00,3\n")
    monkeypatch.setenv("LATENT_MOST_MEMORY", "1")
    with pytest.raises(BudgetError, match=r"^Rows every 2 s, .* s fits\.$"):
        read(json.dumps({"file": str(file), "resample_seconds": 2}))
