"""What running a page again, and a release, cost the server's processor: not how long somebody waits, which another
program on the machine may double.

A tab as in `load`, page by page, in turn with one at a page with one word; and the page of runs with 200 of them.
"""

import asyncio
import random
import shutil
import statistics
import tempfile
from pathlib import Path

import psutil

from ae_core.runs.folder import shipped_folder

from ..support import browser as web
from .load import HANDLES, Tab, server_of
from .pages import ONE_WORD, PAGES

ROUNDS, EACH = 5, 8  # runs of a page are counted together: the system's clock of a process ticks every 10 ms
MANY = 200  # runs
EXAMPLE = "digits-vae-2d"


def spent(server: psutil.Process) -> float:
    """Milliseconds of its processor so far."""
    return 1000 * sum(server.cpu_times()[:2])


async def opened(address: str, page: str = "") -> Tab:
    """A tab that has been at this page before."""
    tab = Tab(address, set())
    await tab.open(page)
    for _ in range(2):
        await tab.rerun()
    return tab


async def runs_of(tab: Tab, server: psutil.Process) -> float:
    """Milliseconds of a run of its page."""
    before = spent(server)
    for _ in range(EACH):
        await tab.rerun()
    return (spent(server) - before) / EACH


async def releases_of(tab: Tab, server: psutil.Process, page: str) -> float:
    """Milliseconds of a release that the server is told."""
    (name, view), rng, before = HANDLES[page], random.Random(0), spent(server)
    for _ in range(EACH):
        await tab.release(name, view(rng))
    return (spent(server) - before) / EACH


async def compared(address: str, hello: str) -> dict[str, float]:
    """Each page beside the one with one word."""
    found: dict[str, float] = {}
    app, bare = server_of(address), server_of(hello)
    words = await opened(hello)
    beside: list[float] = []
    for name, page in PAGES.items():
        tab = await opened(address, page)
        reruns, releases = [], []
        for _ in range(ROUNDS):
            reruns.append(await runs_of(tab, app))
            beside.append(await runs_of(words, bare))
            if page in HANDLES:
                releases.append(await releases_of(tab, app, page))
        await tab.close()
        found[f"{name}_rerun"] = statistics.median(reruns)
        if releases:
            found[f"{name}_release"] = statistics.median(releases)
    await words.close()
    return found | {"hello_rerun": statistics.median(beside)}


async def one_page(address: str, page: str) -> float:
    """Milliseconds of a run of this page alone."""
    tab = await opened(address, page)
    found = [await runs_of(tab, server_of(address)) for _ in range(ROUNDS)]
    await tab.close()
    return statistics.median(found)


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        script, runs, many = Path(folder) / "hello.py", Path(folder) / "runs", Path(folder) / "many"
        script.write_text(ONE_WORD)
        for number in range(MANY):
            without = shutil.ignore_patterns("snapshots")
            shutil.copytree(shipped_folder(EXAMPLE), many / f"run-{number}", ignore=without)
        with web.app(script=script) as hello, web.app({"LATENT_RUNS": str(runs)}) as address:
            found = asyncio.run(compared(address, hello))
        with web.app({"LATENT_RUNS": str(many)}) as address:
            return found | {f"runs_rerun_with_{MANY}": asyncio.run(one_page(address, "runs"))}
