"""Shared by all tests: one thread for torch, no data or runs but the tests' own, a small trained run, and the app in a
browser.
"""

import contextlib
import os
import shutil
import time
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a worker has a core
os.environ.setdefault(
    "LATENT_MOST_WORKERS", "1"
)  # each that starts costs seconds; where two must train at once a test says so
if hasattr(os, "nice"):
    # As polite as the workers that train: beside browsers that are not, they would get next to nothing, and the tests
    # wait for them.
    os.nice(19)

import pytest

from .support import (
    browser as web,  # and neither torch nor the core: the process that only hands out the tests would import them first
)

SLOW_LIMIT = 900  # seconds for a test that is marked slow; pyproject.toml has that of the others
WAITING = ("tests/browser/", "tests/unit/test_cluster.py", "tests/unit/test_together.py")


class Served(NamedTuple):
    """The app that modules share: where it is, and its folders."""

    address: str
    runs: Path
    data: Path


def pytest_collection_modifyitems(items):
    """No test is without a limit, and what is slow has a longer one; what waits for other programs on a machine that
    may be busy is tried twice, and the summary says so.
    """
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_LIMIT))
        if any(part in item.nodeid for part in WAITING) and "newcomer" not in item.nodeid:  # it tries its own twice
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))


def wait_for(ready, what, seconds=60):
    """What `ready` gives as soon as that is true; the test fails where it takes longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ready():
            return found
        time.sleep(0.02)
    return pytest.fail(f"{what} did not come within {seconds} s")


@pytest.fixture(scope="module")
def one_thread():
    """As the commands compute: a team of threads waits for its slowest at each row."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def own_runs(monkeypatch, tmp_path):
    """Runs of a test are its own."""
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))


@pytest.fixture(scope="session")
def digits():
    from ae_core import load_dataset

    return load_dataset("digits")


@pytest.fixture(scope="session")
def small_run(tmp_path_factory, digits):
    """The folder of a finished small VAE on the digits. Do not change it: copy it."""
    from ae_core import train_run

    from .support.small import SMALL

    folder = tmp_path_factory.mktemp("run") / "small"
    for _ in train_run(SMALL, folder, digits):
        pass
    return folder


@pytest.fixture(autouse=True)
def same_random_numbers():
    import torch

    torch.manual_seed(0)


@pytest.fixture(scope="session")
def chromium():
    """A browser; without one the tests in it are skipped, or fail where LATENT_REQUIRE_BROWSER is set."""
    if not web.chromium():
        if os.environ.get("LATENT_REQUIRE_BROWSER"):
            pytest.fail("there is no Chromium, and LATENT_REQUIRE_BROWSER is set", pytrace=False)
        pytest.skip("no Chromium is installed, so nothing can be dragged")
    with web.browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The app, at an address, with folders of its own: a server's first page costs as much as five later ones, so that
    modules share it. Its data folder has what LATENT_DATA has, and takes uploads.
    """
    from ae_core.data import data_folder

    runs, data = tmp_path_factory.mktemp("served-runs"), tmp_path_factory.mktemp("served-data")
    for there in data_folder().glob("*"):
        (data / there.name).symlink_to(there.resolve())
    with web.forked({"LATENT_RUNS": str(runs), "LATENT_DATA": str(data)}) as address:
        yield Served(address, runs, data)


@pytest.fixture(scope="module")
def runs(served):
    """The runs of the shared app: none at a module's beginning and end."""
    yield served.runs
    emptied(served.runs)


@pytest.fixture(scope="module")
def data(served):
    """The shared app's data folder, without uploads at a module's beginning and end."""
    yield served.data
    emptied(served.data)


def emptied(folder):
    """What tests have put into a folder of the shared app is gone; their jobs first."""
    from ae_core.jobs.queue import jobs

    for path in folder.glob("[!.]*"):  # the queue's marks are the server's
        if (path / "config.json").exists():
            jobs.stop(path)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)  # a worker may still write there
        elif not path.is_symlink():
            path.unlink()


@pytest.fixture(scope="module")
def address(chromium, served):
    """The shared app's address, for tests in a browser."""
    return served.address


@pytest.fixture(scope="session")
def profile(chromium):
    """What all pages share: the scripts, once fetched and compiled, are half of what opening one costs."""
    return chromium.new_context(viewport={"width": 1440, "height": 900})


@pytest.fixture(scope="session")
def elsewhere(chromium):
    """As `profile`, on another computer."""
    return chromium.new_context(viewport={"width": 1440, "height": 900})


@pytest.fixture(scope="session")
def phones(chromium):
    """What all pages on a phone share."""
    return chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )


@pytest.fixture
def page(profile):
    """A page that must leave the console clean, of somebody who has not been here before; `page.messages` is what it
    sent to the server.
    """
    with visited(profile) as page:
        yield page


@pytest.fixture
def other(elsewhere):
    """As `page`, of somebody else."""
    with visited(elsewhere) as page:
        yield page


@pytest.fixture
def phone(phones):
    """As `page`, on a phone."""
    with visited(phones) as page:
        yield page


@contextlib.contextmanager
def visited(context):
    """A page of somebody who has not been here before, and afterwards the look at what it said on the console, and
    whom else it asked.
    """
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            page.problems.append(f"{message.text} {message.location['url']}") if web.is_problem(message) else None
        ),
    )
    web.overhear(page)
    yield page
    problems = list(page.problems)
    page.evaluate(
        "() => { try { localStorage.clear(); sessionStorage.clear(); } catch { /* about:blank has none */ } }"
    )
    web.park(page)
    context.clear_cookies()
    assert problems == []
    assert page.strayed == []  # nothing leaves the server, whatever the test did
