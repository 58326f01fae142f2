"""Private runs and uploads: two owners in the core, two sessions of the app, two browsers."""

import json
import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from ae_core import Config, LatentError, read_checkpoint
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.scoring import scored_path
from ae_core.base import owners
from ae_core.base.locks import holding
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import is_upload, keep_upload, own_name, uploads_folder
from ae_core.data.sensors import plant_csv
from ae_core.jobs.occupancy import threads_for
from ae_core.jobs.queue import jobs
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.folder import delete_run, own_run, rename_run, runs, runs_folder
from ae_core.runs.overview import rows
from ae_core.runs.records import read_config
from ae_core.runs.status import write_status
from pages.session import identity as private
from pages.session.models import backdrops, load_model

from ..conftest import wait_for
from ..support import browser as web
from ..support.apptest import ROOT, AppTest, opened
from ..support.small import SMALL

ANNA, BEN = owners.owner_of("anna"), owners.owner_of("ben")
QUICK = Config(data="digits", variant="linear", k=2, epochs=1)


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))


@pytest.fixture
def visit(monkeypatch):
    """A function that makes somebody, or nobody, the one who asks."""
    return lambda who: monkeypatch.setattr(owners, "_provider", lambda: who)


def keep(run: Path, name: str) -> Path:
    """A copy of a run among the runs of whoever asks."""
    return shutil.copytree(run, runs_folder() / name)


def test_nobody_has_a_folder_of_their_own_unless_a_page_asks(tmp_path, visit):
    assert runs_folder() == tmp_path / "runs"
    visit(ANNA)
    assert runs_folder() == tmp_path / "runs" / "private" / ANNA
    assert re.fullmatch(owners.OWNER, ANNA)
    assert "anna" not in str(runs_folder())


def test_runs_of_one_name_are_two_and_each_sees_their_own(small_run, visit):
    for who in (ANNA, BEN):
        visit(who)
        keep(small_run, "mine")
    visit(None)
    assert not runs()
    visit(ANNA)
    keep(small_run, "hers")
    rename_run("mine", "still-mine")
    assert set(runs()) == {"hers", "still-mine"}
    visit(BEN)
    assert set(runs()) == {"mine"}
    assert [row.name for row in rows()[0] if not row.shipped] == ["mine"]
    for foreign in (lambda: own_run("hers"), lambda: delete_run("hers"), lambda: read_checkpoint("hers")):
        with pytest.raises(LatentError, match="There is no"):
            foreign()
    delete_run("mine")
    visit(ANNA)
    assert len(runs()) == 2


def test_no_run_is_called_as_the_folder_of_all_is(small_run):
    keep(small_run, "mine")
    with pytest.raises(LatentError, match="choose another name"):
        rename_run("mine", "Private")


def test_an_upload_is_its_owners(visit):
    visit(ANNA)
    name = keep_upload(plant_csv(60, 2), "plant.csv")
    assert name.startswith(f"private/{ANNA}/plant-")
    assert (is_upload(name), Csv(file=name).here()) == (True, True)
    for other in (BEN, None):
        visit(other)
        assert not is_upload(name)
    assert len(Csv(file=name).table()) == 60  # a worker, whom nobody asks, finds it
    visit(BEN)
    with pytest.raises(LatentError, match="There is no file"):
        Csv(file=name).table()
    for file in (name, "/etc/hostname", "README.md", f"private/{BEN}/../{ANNA}/{Path(name).name}"):
        with pytest.raises(LatentError, match="not among yours"):
            jobs.submit(Config(data="csv", source={"file": file}))
        with pytest.raises(LatentError, match="not among yours"):
            jobs.estimate(Config(data="csv", source={"file": file}))
        with pytest.raises(LatentError, match="not among yours"):
            jobs.score(ROOT / "checkpoints" / "plant-nested", {"file": file})
    assert not runs()
    assert scored_path(ROOT, {}).is_relative_to(uploads_folder() / "private" / BEN)


def test_a_run_that_is_handed_on_leads_to_nobody_elses_table(small_run, visit):
    visit(ANNA)
    name = keep_upload(plant_csv(60, 2), "plant.csv")
    folder = keep(small_run, "mine")
    about = json.loads((folder / "config.json").read_text())
    about["config"] |= {"data": "csv", "source": {"file": name}}
    (folder / "config.json").write_text(json.dumps(about))
    packed = zip_run(read_checkpoint(folder))
    visit(BEN)
    taken = unzip_run(packed, "mine.zip")
    assert taken.parent == runs_folder()
    assert read_config(taken).source["file"] == own_name(name) == name.replace(ANNA, BEN)
    write_status(taken, "stopped", epoch=1, epochs=3)
    with pytest.raises(LatentError, match="not among yours"):
        jobs.resume(taken)
    keep_upload(plant_csv(60, 2), "plant.csv")  # whoever has the table too may go on
    assert Csv(file=read_config(taken).source["file"]).here()


def test_a_worker_trains_in_a_private_folder_on_a_private_table(visit):
    visit(ANNA)
    source = {"file": keep_upload(plant_csv(400, 3), "plant.csv")}
    folder = jobs.submit(recipe(Csv(**source).table(), source, epochs=1))
    assert folder.parent == runs_folder().resolve()
    wait_for(lambda: jobs.status(folder)["state"] not in ("queued", "running", "measuring"), "its end")
    assert jobs.status(folder)["state"] == "done", jobs.status(folder)
    assert (folder / "detector.json").exists()
    other = {"file": keep_upload(plant_csv(100, 3, 1), "later.csv")}
    assert jobs.score(folder, other).result() == scored_path(folder, other).resolve()


def test_the_queue_and_the_cores_are_everybodys(small_run, monkeypatch, visit):
    monkeypatch.setattr("ae_core.jobs.occupancy.cores", lambda: 9)
    folders = []
    for since, who in enumerate((ANNA, BEN, None)):
        visit(who)
        folders.append(keep(small_run, "waits"))
        at_work = keep(small_run, "runs")
        write_status(folders[-1], "queued", epoch=0, epochs=3, queue=".queue-1", since=since)
        write_status(at_work, "running", epoch=0, epochs=3)
    visit(BEN)
    base = owners.common(runs_folder())
    with holding(base / ".queue-1"), holding(runs_folder() / "runs" / ".lock"), holding(base / "runs" / ".lock"):
        assert [jobs.position(folder) for folder in folders] == [1, 2, 3]
        assert [threads_for(folder.parent) for folder in folders] == [4, 4, 4]  # eight cores for two that work
        write_status(folders[0], "stopped")
        assert [jobs.position(folder) for folder in folders] == [0, 1, 2]
        monkeypatch.setenv("LATENT_MOST_JOBS", "2")
        with pytest.raises(LatentError, match="2 trainings wait or run already"):
            jobs.submit(QUICK)
        visit(ANNA)  # who has none
        monkeypatch.setenv("LATENT_MOST_QUEUED", "4")
        with pytest.raises(LatentError, match="busy with 4 trainings"):
            jobs.submit(QUICK)


def test_what_is_kept_of_one_visitors_run_is_not_served_to_another(small_run, digits, tmp_path, visit):
    from ae_core import train_run

    for _ in train_run(Config.from_json({**SMALL.to_json(), "seed": 5}), tmp_path / "else", digits):
        pass
    maps = {}
    for who, run in ((ANNA, small_run), (BEN, tmp_path / "else")):
        visit(who)
        keep(run, "mine")
        item = load_model("mine")
        assert item.checkpoint.folder.parent == runs_folder()
        maps[who] = backdrops(item.folder, 0, (0, 1), (0.0, 0.0))["distance"][
            "values"
        ]  # as if both had been written in one moment
    assert maps[ANNA] != maps[BEN]
    with pytest.raises(LatentError, match="no model"):  # not even by its place
        load_model(str(tmp_path / "runs" / "private" / ANNA / "mine"))


def app(page: str, token: str = "", **link) -> AppTest:
    at = opened(page, {"owner-token": token} if token else None, **link)
    assert not at.exception, at.exception[0].message
    return at


@pytest.fixture
def two(monkeypatch, small_run, tmp_path):
    """The tokens of two browsers on a server where runs are private; the first has a run."""
    monkeypatch.setenv("LATENT_PRIVATE", "1")
    tokens = ("A" * 22, "B" * 22)
    shutil.copytree(small_run, tmp_path / "runs" / "private" / owners.owner_of(f"browser\n{tokens[0]}") / "hers")
    return tokens


def test_each_session_sees_its_own_runs(two):
    seen = [set(app("runs", token).dataframe[0].value["run"]) for token in two]
    assert seen[0] - seen[1] == {"hers"}
    assert seen[1] < seen[0]
    fresh = [app("runs") for _ in range(2)]  # without a cookie each gets a token that nobody can guess
    tokens = [at.session_state["owner-token"] for at in fresh]
    assert tokens[0] != tokens[1]
    assert all(private._known(token) for token in tokens)
    assert "Only this browser" in " ".join(caption.value for caption in fresh[0].caption)


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("train", {"run": "hers"}),
        ("explore", {"model": "hers"}),
        ("runs", {"runs": "hers"}),
        ("signals", {"run": "hers"}),
    ],
)
def test_a_link_to_anothers_run_is_refused(two, page, link):
    at = app(page, two[1], **link)
    assert any("hers" in note.value for note in at.info)
    assert "hers" not in " ".join(str(menu.value) for menu in at.selectbox)
    if page != "signals":  # it is no run on a table
        assert not any("hers" in note.value for note in app(page, two[0], **link).info)


def test_a_link_to_anothers_file_is_refused(two, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(owners, "_provider", lambda: owners.owner_of(f"browser\n{two[0]}"))
        name = keep_upload(plant_csv(100, 2), "plant.csv")
    at = app("signals", two[1], file=name)
    assert any("no longer on this server" in note.value for note in at.info)
    at = app("train", two[1], data="csv", file=name)
    assert any("no longer on this server" in note.value for note in at.info)
    assert at.session_state["train-file"] == ""
    at = app("signals", two[0], file=name)
    assert not at.info
    assert not at.error


def test_a_login_goes_before_the_browser_and_a_slip_does_not_open(monkeypatch):
    monkeypatch.setattr(private, "session_id", lambda: "a-session")
    monkeypatch.setattr(private, "_token", lambda: "A" * 22)
    users = [{}, {"is_logged_in": False}, {"is_logged_in": True, "iss": "https://a", "sub": "1", "email": "x@y.z"}]
    users += [
        {"is_logged_in": True, "iss": "https://b", "sub": "1"},
        {"is_logged_in": True, "iss": "https://a", "email": "x@y.z"},
    ]
    found = []
    for user in users:
        monkeypatch.setattr(private.st, "user", type("User", (), {"to_dict": lambda self, user=user: user})())
        for value, closed in (("1", True), ("yes", True), ("0", False), ("", False)):
            monkeypatch.setenv("LATENT_PRIVATE", value)
            assert (private.owner() is not None) == closed
        monkeypatch.setenv("LATENT_PRIVATE", "1")
        found.append(private.owner())
    assert found[0] == found[1]
    assert len(set(found)) == 4


def test_outside_a_page_nobody_asks(monkeypatch):
    monkeypatch.setenv("LATENT_PRIVATE", "1")
    assert private.owner() is None


# ---- In browsers ----


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory):
    folder = tmp_path_factory.mktemp("private")
    with web.forked(
        {"LATENT_RUNS": str(folder / "runs"), "LATENT_DATA": str(folder / "data"), "LATENT_PRIVATE": "1"}
    ) as address:
        yield address


@pytest.fixture(scope="module")
def packed(small_run):
    data = zip_run(read_checkpoint(small_run))
    assert zipfile.ZipFile(BytesIO(data)).testzip() is None
    return {"name": "hers.zip", "mimeType": "application/zip", "buffer": data}


FORGETFUL = """  // takes Streamlit's own cookies alone, without which it takes no upload
const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
Object.defineProperty(Document.prototype, "cookie", {
  get: cookie.get,
  set(text) { if (!text.startsWith("latent")) cookie.set.call(this, text) },
});
"""


def bring(page, address, packed) -> None:
    page.goto(f"{address}/runs")
    page.get_by_role("button", name="Upload a run").click()
    page.locator("input[type=file]").set_input_files(packed)
    page.wait_for_url(re.compile("runs=hers"))
    web.settled(page)


def watched(page, address) -> str:
    """What the Train page calls the run that it shows when asked for "hers"."""
    page.goto(f"{address}/train?run=hers")
    page.locator(".st-key-run-head").wait_for(timeout=60_000)
    web.settled(page)
    return page.locator(".st-key-run-head p").first.inner_text().split(" · ")[0]


@pytest.mark.slow
def test_two_browsers_see_only_their_own_and_a_reload_keeps_them(page, other, address, packed):
    bring(page, address, packed)
    assert watched(page, address) == "hers"  # a fresh document, known by its cookie
    assert watched(other, address) != "hers"
    other.get_by_text("run 'hers': there is no such run here").wait_for()
    (cookie,) = (cookie for cookie in page.context.cookies() if cookie["name"] == private.COOKIE)
    assert (cookie["sameSite"], cookie["path"], cookie["secure"]) == ("Strict", "/", False)
    assert re.fullmatch(private.TOKEN, cookie["value"])
    bring(other, address, packed)  # the same name, and no clash
    page.context.clear_cookies()
    assert watched(page, address) != "hers"


@pytest.mark.slow
def test_where_cookies_are_blocked_runs_last_as_long_as_the_page(page, address, packed):
    page.add_init_script(FORGETFUL)
    bring(page, address, packed)
    page.get_by_role("link", name="Watch it").click()
    page.locator(".st-key-run-head").get_by_text("hers").wait_for()
    assert private.COOKIE not in {cookie["name"] for cookie in page.context.cookies()}
    assert watched(page, address) != "hers"
