"""How soon somebody who has never been here is asked for the first guess of a lesson: from opening the landing page,
with one click, on a server that has just started and on one that has been visited; beside a page with one word on it.
"""

import tempfile
import time
from pathlib import Path

from ..support import browser as web
from .pages import ONE_WORD

CLICKS = "window.clicks = 0; addEventListener('click', () => { window.clicks += 1; }, true);"


def first_guess(browser, address: str) -> tuple[float, int]:
    """(seconds until the guess can be made, clicks that it took), of a visitor whose browser knows nothing of us."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(CLICKS)
    start = time.perf_counter()
    page.goto(address)
    page.get_by_test_id("lesson-start").click()
    page.get_by_test_id("lesson-guess").get_by_role("button").first.wait_for()
    seconds, clicks = time.perf_counter() - start, page.evaluate("() => window.clicks")
    context.close()
    return seconds, clicks


def one_word(browser, address: str) -> float:
    """Seconds until the word stands there, of the same visitor."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address)
    page.get_by_text("Hello").wait_for()
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "hello.py"
        bare.write_text(ONE_WORD)
        with web.browser() as browser, web.app({"LATENT_RUNS": folder}) as address:
            cold, clicks = first_guess(browser, address)
            warm, _ = first_guess(browser, address)
        with web.browser() as browser, web.app(script=bare) as address:
            hello_cold, hello_warm = one_word(browser, address), one_word(browser, address)
    return {
        "cold_seconds": cold,
        "warm_seconds": warm,
        "clicks": clicks,
        "hello_cold_seconds": hello_cold,
        "hello_warm_seconds": hello_warm,
    }
