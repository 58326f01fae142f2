"""Others' runs: seen and opened, not stopped, resumed, renamed or deleted; a private one shared by a link."""

import shutil

import pytest

from ae_core import LatentError
from ae_core.base import owners
from ae_core.base.owners import Visitor
from ae_core.jobs.queue import jobs
from ae_core.runs import rights
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import delete_run, new_folder, rename_run, runs, runs_folder
from ae_core.runs.status import STOP, write_status
from pages.session import identity

from ..support.apptest import ROOT, opened, pads, said

ANNA, BEN = owners.owner_of("anna"), owners.owner_of("ben")


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(owners, "_visitors", None)


@pytest.fixture
def visit(monkeypatch):
    """A function that makes somebody the one who looks."""

    def look(name, may_all=False):
        monkeypatch.setattr(owners, "_visitors", lambda: None if name is None else Visitor(name, may_all))

    return look


@pytest.fixture
def hers(small_run, visit):
    """A run that Anna has started."""
    visit(ANNA)
    folder = new_folder("hers")
    shutil.copytree(small_run, folder, dirs_exist_ok=True)
    return folder


def test_what_another_started_is_looked_at_and_not_changed(hers, visit):
    for who, may_all, may in ((BEN, False, False), (ANNA, False, True), (BEN, True, True), (None, False, True)):
        visit(who, may_all)
        assert rights.may_change(hers) is may
    visit(BEN)
    assert "hers" in runs()
    assert read_checkpoint(hers).name == "hers"
    for change in (
        lambda: delete_run("hers"),
        lambda: rename_run("hers", "his"),
        lambda: jobs.stop(hers),
        lambda: jobs.resume(hers),
        lambda: jobs.finish(hers),
    ):
        with pytest.raises(LatentError, match="started by somebody else"):
            change()
    assert not (hers / STOP).exists()
    taken = unzip_run(zip_run(read_checkpoint(hers)), "copy.zip")
    assert rights.may_change(taken)
    visit(ANNA)
    delete_run("hers")
    assert "hers" not in runs()


def test_a_run_of_the_command_line_is_everybodys(small_run, visit):
    shutil.copytree(small_run, runs_folder() / "shell")
    visit(BEN)
    assert rights.started_by(runs_folder() / "shell") == ""
    assert rename_run("shell", "renamed").name == "renamed"


def test_a_stopped_run_says_by_whom_and_when(hers, visit):
    write_status(hers, "queued", queue=".lock", since=1)
    from ae_core.base.locks import holding

    with holding(runs_folder() / ".lock"):
        jobs.stop(hers)
    who, when = rights.stopped_by(hers)
    assert who == ANNA
    assert when.tzinfo is not None
    (hers / rights.STOPPED).write_text("[]")
    assert rights.stopped_by(hers) is None


def test_localhost_is_that_and_no_server_in_between(monkeypatch):
    class Context:
        ip_address = None
        headers: dict = {}

    monkeypatch.setattr(identity.st, "context", Context)
    for ip, headers, local in (
        (None, {"Host": "localhost:8501"}, True),
        (None, {"Host": "127.0.0.1:8501"}, True),
        (None, {"Host": "[::1]:8501"}, True),
        (None, {"Host": "latent.example.org"}, False),
        (None, {"Host": "localhost", "X-Forwarded-For": "203.0.113.5"}, False),
        ("203.0.113.5", {"Host": "localhost"}, False),
    ):
        Context.ip_address, Context.headers = ip, headers
        assert identity.is_local() is local, headers


def test_the_page_offers_what_one_may_do(hers, monkeypatch):
    monkeypatch.setattr(owners, "_visitors", identity.visitor)

    def page(local):
        monkeypatch.setattr(identity, "is_local", lambda: local)
        at = opened("runs", None, 60, runs="hers")
        assert not at.exception
        return at, [button.label for button in at.button]

    at, labels = page(True)
    assert {"Rename", "Delete it"} <= set(labels)
    at, labels = page(False)
    assert not {"Rename", "Delete it", "Resume", "Stop"} & set(labels)
    assert any("Somebody else started" in caption.value for caption in at.caption)
    monkeypatch.setenv("LATENT_SHARED", "1")
    assert {"Rename", "Delete it"} <= set(page(False)[1])


def test_a_private_run_is_shared_by_a_link_to_look_at(small_run, monkeypatch):
    monkeypatch.setattr(owners, "_provider", lambda: ANNA)
    folder = shutil.copytree(small_run, runs_folder() / "hers")
    secret = rights.share(folder)
    assert rights.share(folder) == secret
    monkeypatch.setattr(owners, "_provider", lambda: BEN)
    assert "hers" not in runs()
    assert rights.shared_run(runs_folder(), secret) == folder
    assert rights.shared_run(runs_folder(), "x" * 22) is None
    assert rights.shared_run(runs_folder(), "../../etc/passwd") is None
    monkeypatch.setattr(owners, "_shared", lambda: [folder])
    assert runs()["hers"] == folder
    for change in (lambda: delete_run("hers"), lambda: rename_run("hers", "his"), lambda: rights.unshare(folder)):
        with pytest.raises(LatentError, match="started by somebody else"):
            change()
    monkeypatch.setattr(owners, "_provider", lambda: ANNA)
    rights.unshare(folder)
    assert rights.shared_run(runs_folder(), secret) is None


def test_the_shared_link_opens_the_run_on_the_page(small_run, monkeypatch):
    monkeypatch.setenv("LATENT_PRIVATE", "1")
    folder = shutil.copytree(small_run, runs_folder() / "private" / ANNA / "hers")
    monkeypatch.setattr(owners, "_provider", lambda: ANNA)
    secret = rights.share(folder)
    monkeypatch.setattr(owners, "_provider", identity.owner)
    monkeypatch.setattr(owners, "_visitors", identity.visitor)
    monkeypatch.setattr(owners, "_shared", identity.shared_runs)
    at = opened("", None, 60, model="hers", shared=secret)  # app.py, which opens what is shared, and Explore
    assert said(at) == ""
    assert pads(at)[0]["views"] == ["hers"]
    assert "not shared any more" in said(opened("", None, 60, shared="x" * 22))
