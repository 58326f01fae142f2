"""What a web page may use of its server: each limit, its default, a wrong value, and what it stops."""

import os
import re
import shutil
import time
from io import BytesIO

import pandas as pd
import pytest

from ae_core import Config, LatentError, read_checkpoint
from ae_core.anomaly.scoring import scored_path
from ae_core.base import limits
from ae_core.data.csv.uploads import forget_upload, is_upload, keep_upload, uploads_folder
from ae_core.jobs.executors import Executors, pool_size
from ae_core.jobs.occupancy import jobs_at_work
from ae_core.jobs.queue import check_resumable, jobs
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.folder import runs, runs_folder, shipped_folder
from ae_core.runs.records import read_config
from ae_core.runs.status import write_status
from pages.ui.file_chooser import FORGET_KEY, KEPT

from ..conftest import wait_for
from ..support.apptest import ROOT, opened

DOCUMENT = (ROOT / ".github/docs/deployment.md").read_text("utf-8")
QUICK = Config(data="digits", variant="linear", k=2, epochs=2)
TABLE = b"a,b\n" + b"1,2\n" * 50


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))


@pytest.mark.parametrize("limit", limits.LIMITS, ids=lambda limit: limit.name)
def test_a_limit_has_a_default_and_refuses_what_is_none(limit, monkeypatch):
    monkeypatch.delenv(limit.name, raising=False)
    assert limit() == limit.default
    monkeypatch.setenv(limit.name, " 7 ")
    assert limit() == 7
    for wrong in ("lots", "-1", "1e9", "2.5", "٣", "9" * 30, str(limit.low - 1)):
        monkeypatch.setenv(limit.name, wrong)
        with pytest.raises(LatentError, match=f"^{limit.name} is the .*: a whole number from {limit.low} on"):
            limits.check()


def test_the_documents_table_of_limits_is_true():
    rows = {
        name: (usual, words)
        for name, usual, words in re.findall(r"^\| (LATENT_\w+) \| ([\d,]+) \| (.*) \|$", DOCUMENT, re.M)
    }
    assert set(rows) == {limit.name for limit in limits.LIMITS}
    assert all(int(rows[limit.name][0].replace(",", "")) == limit.default for limit in limits.LIMITS)


def test_a_wrong_value_is_a_sentence_on_the_page(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_ROWS", "lots")
    at = opened("")
    assert not at.exception
    assert [error.value for error in at.error] == [
        "LATENT_MOST_ROWS is the rows of a table that is uploaded: a whole number from 1 on, not 'lots'."
    ]


@pytest.mark.parametrize(("most", "workers"), [("", 2), ("1", 1), ("5", 2)])
def test_no_more_workers_than_asked_for_or_than_cores(most, workers, monkeypatch):
    asked = []
    monkeypatch.setattr("ae_core.jobs.occupancy.cores", lambda: 2)
    monkeypatch.setattr(
        "joblib.externals.loky.get_reusable_executor", lambda max_workers, **others: asked.append(max_workers)
    )
    monkeypatch.setenv("LATENT_MOST_WORKERS", most)
    Executors().get()
    assert asked == [pool_size()] == [workers]


def test_uploads_are_bounded(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_ROWS", "50")
    keep_upload(TABLE, "fits.csv")
    parquet = BytesIO()
    pd.DataFrame({"a": range(51)}).to_parquet(parquet)
    for data in (TABLE + b"1,2\n", (TABLE + b"1,2\n").replace(b"\n", b"\r"), parquet.getvalue()):
        with pytest.raises(LatentError, match="has 51 rows; the page takes 50"):
            keep_upload(data, "long.csv")
    monkeypatch.setenv("LATENT_MOST_MB", "1")
    with pytest.raises(LatentError, match="has 2 MB; the page takes 1"):
        keep_upload(b"x" * 2_000_000, "large.csv")
    assert [file.name[:4] for file in uploads_folder().iterdir()] == ["fits"]


def test_the_oldest_tables_give_way(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_FILES", "2")
    names = []
    for n in range(4):
        names.append(keep_upload(TABLE + b"%d,0\n" % n, "table.csv"))
        time.sleep(0.02)
        if n == 2:
            assert keep_upload(TABLE + b"1,0\n", "table.csv") == names[1]  # it is wanted again
            time.sleep(0.02)
    assert {file.name for file in uploads_folder().iterdir()} == {names[1], names[3]}


def test_a_visitor_has_a_quota_and_tables_a_time(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_KEPT_MB", "1")
    large = TABLE + b"0,0\n" * 100_000
    first = keep_upload(large, "first.csv")
    time.sleep(0.02)
    second = keep_upload(large, "second.csv")
    time.sleep(0.02)
    third = keep_upload(large, "third.csv")
    assert {file.name for file in uploads_folder().iterdir()} == {second, third}
    assert not is_upload(first)
    monkeypatch.setenv("LATENT_MOST_DAYS", "2")
    three_days_ago = time.time() - 3 * 86_400
    os.utime(uploads_folder() / second, (three_days_ago, three_days_ago))
    keep_upload(TABLE, "small.csv")
    assert not is_upload(second)
    assert is_upload(third)


def test_a_table_is_forgotten_with_its_scores():
    kept, other = keep_upload(TABLE, "mine.csv"), keep_upload(TABLE + b"3,4\n", "mine.csv")
    scores = [scored_path(shipped_folder("plant-nested"), {"file": name}) for name in (kept, other)]
    for path in scores:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    forget_upload(kept)
    assert not is_upload(kept)
    assert is_upload(other)
    assert [path.exists() for path in scores] == [False, True]
    for name in (kept, "../../etc/passwd", "private/" + "0" * 20 + "/" + other):
        with pytest.raises(LatentError, match="not among yours"):
            forget_upload(name)


@pytest.mark.parametrize("page", ["signals", "data"])
def test_a_page_says_where_a_file_lies_and_forgets_it(page):
    kept = keep_upload(b"a,b\n" + b"".join(b"%d,%d\n" % (n % 7, n % 5) for n in range(400)), "mine.csv")
    at = opened(page, file=kept)
    if page == "data":
        assert KEPT in [caption.value for caption in at.caption]
    at.button(key=FORGET_KEY).click().run()
    assert not at.exception
    assert not is_upload(kept)
    assert not at.error
    assert FORGET_KEY not in {button.key for button in at.button}


def test_a_full_disk_takes_nothing_more(monkeypatch, small_run):
    packed = zip_run(read_checkpoint(small_run))
    monkeypatch.setenv("LATENT_LEAST_FREE_MB", "999999999999")
    for keeps in (
        lambda: jobs.submit(QUICK),
        lambda: unzip_run(packed, "run.zip"),
        lambda: keep_upload(TABLE, "table.csv"),
    ):
        with pytest.raises(LatentError, match="disk of this server is full"):
            keeps()
    assert not runs_folder().exists()
    assert not uploads_folder().exists()


def test_runs_and_epochs_are_bounded(monkeypatch, small_run):
    packed = zip_run(read_checkpoint(small_run))
    monkeypatch.setenv("LATENT_MOST_RUNS", "1")
    folder = unzip_run(packed, "run.zip")
    for makes in (lambda: jobs.submit(QUICK), lambda: unzip_run(packed, "run.zip")):
        with pytest.raises(LatentError, match="There are 1 runs already, and 1 are kept: delete some"):
            makes()
    assert list(runs()) == ["run"]
    monkeypatch.setenv("LATENT_MOST_EPOCHS", "2")
    write_status(folder, "stopped", epoch=1, epochs=3)
    for trains in (lambda: jobs.submit(Config(data="digits", epochs=3)), lambda: jobs.resume(folder)):
        with pytest.raises(LatentError, match="2 epochs at most, not 3"):
            trains()


def test_a_zip_is_bounded(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_MB", "1")
    with pytest.raises(LatentError, match="has 2 MB; the page takes 1"):
        unzip_run(b"x" * 2_000_000, "run.zip")


def test_a_training_that_takes_too_long_is_stopped_and_can_go_on(monkeypatch):
    monkeypatch.setenv("LATENT_MOST_SECONDS", "1")
    folder = jobs.submit(Config(data="digits", k=2, hidden=(256,), epochs=2000))
    wait_for(lambda: jobs.status(folder)["state"] not in ("queued", "running"), "its end")
    found = jobs.status(folder)
    assert found["state"] == "stopped"
    assert "after 1 seconds" in found["message"]
    assert len(jobs.lines(folder)) == found["epoch"] < 2000
    check_resumable(folder)


def test_the_command_line_knows_no_limits(monkeypatch, tmp_path):
    for limit in limits.LIMITS:
        monkeypatch.setenv(limit.name, "1")
    folders = [tmp_path / "runs" / f"sweep-{n}" for n in range(2)]
    jobs.submit_all(folders, [QUICK, Config(data="digits", variant="linear", k=3, epochs=2)])
    assert [found["state"] for found in jobs.wait(folders, 60)] == ["done", "done"]
    assert len(jobs.lines(folders[0])) == 2


def test_of_many_runs_those_that_have_ended_are_not_read_again(small_run, monkeypatch):
    for n in range(3):
        shutil.copytree(small_run, runs_folder() / f"run-{n}")
    assert jobs_at_work(runs_folder()) == {}
    monkeypatch.setattr("ae_core.jobs.occupancy.read_json", lambda path: pytest.fail(f"{path} is read again"))
    assert jobs_at_work(runs_folder()) == {}
    assert read_config(runs_folder() / "run-0").epochs == 3
