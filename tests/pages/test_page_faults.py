"""Faults around the app: broken checkpoints, folders that are gone or cannot be read, a full disk, a clock that was set
back. Each is a sentence on the page.
"""

import contextlib
import json
import os
import random
import shutil
import time
from pathlib import Path

import pytest

from ae_core import Config, Epoch, LatentError, load_dataset, read_checkpoint, train_run
from ae_core.anomaly import scoring
from ae_core.data import _idx
from ae_core.data.csv.uploads import keep_upload
from ae_core.jobs.queue import jobs
from ae_core.runs import folder as runs
from ae_core.runs.archive import unzip_run, zip_run
from ae_core.runs.status import status
from pages.session import models
from pages.session.models import loaded_held_out

from ..fuzz.links import link_seeds, wild_link
from ..fuzz.rules import one_sentence
from ..support.apptest import opened
from ..support.small import SMALL
from ..unit.test_faults import room

PAGES = ("explore", "bottleneck", "interpolate", "train", "runs", "signals", "variants")
FIRST = (
    "mnist-vae-2d",
    "plant-nested",
    "digits-vae-2d",
    "mnist-nested-64d",
)  # what the pages show when nothing is asked for


def said(page: str, **link: str) -> str:
    """What a page says of what went wrong, after it has opened without an exception."""
    at = opened(page, **link)
    assert not at.exception, (page, [e.message for e in at.exception])
    return " ".join(element.value for element in [*at.error, *at.warning, *at.info])


# Checkpoints that ship, broken


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """All checkpoints, as links; only what is broken is a file of its own."""
    parent = tmp_path_factory.mktemp("shipped")
    for folder in runs.checkpoints().values():
        for path in folder.rglob("*"):
            if path.is_file():
                link = parent / folder.name / path.relative_to(folder)
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(path)
    return parent


@pytest.fixture
def harmed(copies, monkeypatch):
    """Harm a file of each of `FIRST`; all is well again afterwards."""
    monkeypatch.setattr(runs, "SHIPPED", copies)
    kept = {}

    def harm(name: str, cut: bool) -> None:
        models._about.cache_clear()  # what was read when all was well
        for model in FIRST:
            for path in (copies / model).glob(name):
                kept[path] = path.resolve()
                data = path.read_bytes()
                path.unlink()
                if cut:
                    path.write_bytes(data[: len(data) // 2])

    yield harm
    for path, target in kept.items():
        path.unlink(missing_ok=True)
        path.symlink_to(target)


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("config.json", True),
        ("weights.safetensors", True),
        ("codes.npz", False),
        ("codes.npz", True),
        ("measures.json", False),
        ("measures.json", True),
        ("*.*", False),
    ],
)
def test_a_broken_first_model_is_said_and_every_page_opens(name, cut, harmed):
    harmed(name, cut)
    for page in PAGES if name in ("config.json", "*.*") else ("explore", "bottleneck", "signals"):
        words = said(page)
        if page in ("explore", "bottleneck", "interpolate", "variants"):
            assert all(model in words for model in FIRST), (page, words)
        elif page == "signals" and name not in ("codes.npz", "weights.safetensors"):  # which that page does not need
            assert "plant-nested" in words


PARTS = {
    "metrics.jsonl": "train",
    "pca.safetensors": "bottleneck",
    "status.json": "train",
    "detector.*": "signals",
    "detection.npz": "signals",
}
PARTS |= {"usefulness.json": "variants", "snapshots/*": "train"}


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize("name", PARTS)
def test_without_what_one_page_needs_it_opens(name, cut, harmed):
    harmed(name, cut)
    said(PARTS[name])


# Folders


def odd_folder(kind: str, tmp_path: Path) -> str:
    (tmp_path / "file").write_text("")
    return {
        "a file": str(tmp_path / "file"),
        "gone": str(tmp_path / "none" / "below"),
        "a name too long": str(tmp_path / ("n" * 300)),
    }[kind]


@pytest.mark.parametrize("kind", ["a file", "gone", "a name too long"])
@pytest.mark.parametrize("variable", ["LATENT_RUNS", "LATENT_DATA"])
def test_a_folder_that_is_none_leaves_every_page_open(variable, kind, tmp_path, monkeypatch):
    monkeypatch.setenv(variable, odd_folder(kind, tmp_path))
    loaded_held_out.clear()
    for page in PAGES if kind == "a name too long" else ("explore", "train"):
        said(page)
    loaded_held_out.clear()


def test_folders_that_may_not_be_read_leave_every_page_open(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "closed"))
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "closed"))
    plain = os.stat

    def closed(path, *arguments, **named):
        if str(tmp_path / "closed") in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path, *arguments, **named)

    monkeypatch.setattr(os, "stat", closed)
    for page in PAGES:
        said(page)
    with pytest.raises(LatentError, match="Permission denied"):
        keep_upload(b"a,b\n1,2\n", "a.csv")


def test_the_runs_folder_goes_while_the_app_runs(small_run, tmp_path, monkeypatch):
    shutil.copytree(small_run, tmp_path / "runs" / "mine")
    at = opened("explore", model="mine")
    assert not at.exception
    shutil.rmtree(tmp_path / "runs")
    at.run()
    assert not at.exception
    for page, link in (
        ("train", {"run": "mine"}),
        ("runs", {"runs": "mine"}),
        ("explore", {"model": "mine"}),
        ("signals", {"run": "mine"}),
    ):
        assert "mine" in said(page, **link)


def test_a_run_that_is_deleted_while_it_trains_ends_in_one_sentence(digits, tmp_path):
    training = train_run(SMALL, tmp_path / "runs" / "gone", digits)
    while not isinstance(next(training), Epoch):
        pass
    shutil.rmtree(tmp_path / "runs" / "gone")
    with pytest.raises(LatentError, match="cannot be written") as error:
        list(training)
    one_sentence(str(error.value))
    said("train", run="gone")


# A full disk


def test_a_full_disk_is_one_sentence_wherever_something_is_kept(small_run, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    packed = zip_run(read_checkpoint(small_run))
    source = {"file": keep_upload(scoring_table(), "t.csv")}
    example = runs.shipped_folder("plant-nested")
    deeds = {
        "an upload": lambda: keep_upload(b"a,b\n" + b"1,2\n" * 100, "a.csv"),
        "a zip": lambda: unzip_run(packed, "run"),
        "a training": lambda: jobs.submit(SMALL),
        "scores": lambda: scoring.score_into(example, source, tmp_path / "data" / "scores.npz"),
    }
    for deed in deeds.values():
        with room(16), pytest.raises(LatentError) as error:
            deed()
        one_sentence(str(error.value))
    assert not [path for path in (tmp_path / "data").rglob(".*") if path.is_file()]
    assert not list((tmp_path / "runs").glob(".arriving-*"))
    for deed in list(deeds.values())[:2]:
        assert deed()


def scoring_table() -> bytes:
    from ae_core.data.sensors import example

    return example()


def test_a_full_disk_leaves_no_half_download(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))

    class Kind:
        resources = [("thing-ubyte.gz", None)]
        mirrors = [(tmp_path / "served").as_uri() + "/"]

    import gzip

    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "thing-ubyte.gz").write_bytes(gzip.compress(bytes(100_000)))
    monkeypatch.setattr(_idx._torchvision().datasets.utils, "check_md5", lambda *_: True)
    with room(10_000), pytest.raises(OSError, match="large"):
        _idx._fetch(Kind, tmp_path / "raw", None)
    assert list((tmp_path / "raw").iterdir()) == []
    (tmp_path / "raw" / "thing-ubyte.gz.1.part").write_bytes(b"half")  # of a process that was killed
    _idx._fetch(Kind, tmp_path / "raw", None)
    assert (tmp_path / "raw" / "thing-ubyte").read_bytes() == bytes(100_000)


# MNIST that came in part


@pytest.mark.parametrize("size", [0, 5000])
def test_half_of_mnist_leaves_every_page_open(size, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in _idx.FILES:
        (raw / name).write_bytes(bytes([0, 0, 8, 3]) + bytes(size))
    loaded_held_out.clear()
    for page in ("explore", "bottleneck", "train", "variants"):
        said(page)
    with pytest.raises(LatentError, match="delete them, and they are fetched again"):
        load_dataset("mnist")
    loaded_held_out.clear()


# The clock


def test_a_clock_that_is_set_back_confuses_nobody(small_run, tmp_path, monkeypatch):
    later = shutil.copytree(small_run, tmp_path / "runs" / "later")
    shutil.copytree(small_run, tmp_path / "runs" / "now")
    future = time.time() + 400 * 86_400
    for path in later.rglob("*"):
        os.utime(path, (future, future))
    (tmp_path / "runs" / ".queue-1-00000000").touch()
    os.utime(tmp_path / "runs" / ".queue-1-00000000", (future, future))
    assert list(runs.runs()) == ["later", "now"]
    written = json.loads((later / "status.json").read_text())
    (later / "status.json").write_text(
        json.dumps({**written, "state": "queued", "queue": ".queue-1-00000000", "since": int(future * 1e9)})
    )
    assert status(later)["state"] == "dead"
    for page in ("train", "runs"):
        said(page, run="later", runs="later,now")
    done = jobs.submit(Config(data="digits", variant="linear", k=2, epochs=1))
    assert jobs.wait([done], 60)[0]["state"] == "done"
    assert status(done)["epoch"] == 1


# Links, through whole pages


@pytest.mark.parametrize("page", PAGES)
def test_wild_links_are_answered(page, tmp_path):
    dice = random.Random(page)
    seeds = [
        given
        for given in link_seeds(tmp_path)
        if given["page"] in {"explore": ("explore",), "train": ("train", "form")}.get(page, (page,))
    ]
    links = [{"runs": "mnist-vae-2d,mnist-vae-2d,x"}] if page == "runs" else []
    links += [{**wild_link(dice, dice.choice(seeds), seeds)["link"]} for _ in range(2) if seeds]
    if page == "interpolate":
        links += [
            {"mode": mode, "a": "z1e400", "t": "nan", "v_z": "1:nan", "s_t": "-1", "corners": "1,2,3,٣"}
            for mode in ("morph", "traversals", "samples", "corners")
        ]
    for link in links:
        with contextlib.suppress(UnicodeError):  # half a character cannot come in a link
            said(page, **{key: value.encode().decode() for key, value in link.items()})
