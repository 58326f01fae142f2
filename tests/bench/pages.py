"""Opening each page and running it again, on a warm server; beside a page with one word on it."""

import statistics
import tempfile
import time
from pathlib import Path

from ..support import browser as web

PAGES = {
    "explore": "",
    "bottleneck": "bottleneck",
    "interpolate": "interpolate",
    "train": "train",
    "runs": "runs",
    "signals": "signals",
    "variants": "variants",
}
FIGURE = "canvas:visible, [data-testid='stDataFrame']:visible"
ONE_WORD = "import streamlit as st\n\nst.write('Hello')\n"


def opened(browser, address: str, shows: str) -> tuple[float, float, float]:
    """(seconds until the figure stands and the server has nothing more to say, megabytes from it, server milliseconds
    of running the page again).
    """
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    sent, received = web.traffic(page)
    start = time.perf_counter()
    page.goto(address)
    page.locator(shows).first.wait_for(timeout=60_000)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'", timeout=60_000
    )
    seconds = time.perf_counter() - start
    page.wait_for_timeout(1500)
    megabytes = sum(size for _, size in received) / 1e6
    reruns = []
    for _ in range(5):
        sent.clear()
        received.clear()
        page.locator("body").press("r")
        page.wait_for_timeout(1200)
        reruns.append((received[-1][0] - sent[0]) * 1000)
    page.close()
    return seconds, megabytes, statistics.median(reruns)


def measure() -> dict[str, float]:
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, web.browser() as browser:
        bare = Path(folder) / "hello.py"
        bare.write_text(ONE_WORD)
        with web.app(script=bare) as address:
            opened(browser, address, "p")
            found["hello_seconds"], found["hello_megabytes"], found["hello_rerun_ms"] = opened(browser, address, "p")
        with web.app({"LATENT_RUNS": folder}) as address:
            for name, path in PAGES.items():
                opened(browser, f"{address}/{path}", FIGURE)  # the server reads its models
                found[f"{name}_seconds"], found[f"{name}_megabytes"], found[f"{name}_rerun_ms"] = opened(
                    browser, f"{address}/{path}", FIGURE
                )
    return found
