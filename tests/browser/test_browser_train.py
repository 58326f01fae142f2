"""Training in a real browser: watched live, stopped at will, found again, and replayed without the server."""

import os
import re
import signal
import time

import pytest

from ae_core import Config
from ae_core.jobs.queue import jobs

from ..support import browser as web

LONG = "data=digits&variant=vae&hidden=32,16&epochs=100000&batch_size=256"

# From now on, window.places: wherever the button that says Resume is seen, frame by frame.
PLACES = """() => {
    window.places = [];
    const look = () => {
        const { left, top, width } = document.querySelector(".st-key-run-resume button")?.getBoundingClientRect() ?? {};
        if (width && !window.places.includes(`${left} ${top}`)) window.places.push(`${left} ${top}`);
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.fixture
def own(runs, monkeypatch):
    """The app's runs are this process's too; those that were left at work are stopped."""
    monkeypatch.setenv("LATENT_RUNS", str(runs))
    yield runs
    for folder in runs.iterdir():
        if (folder / "config.json").exists():
            jobs.stop(folder)


def head(page) -> str:
    return page.locator(".st-key-run-head").inner_text()


def until(page, text: str, seconds: int = 40) -> None:
    page.wait_for_function(
        "t => document.querySelector('.st-key-run-head')?.innerText.includes(t)", arg=text, timeout=seconds * 1000
    )


def begin(page, address: str, link: str) -> str:
    """Open the form with a recipe and press Train; the run's name."""
    page.goto(f"{address}/train?{link}")
    page.locator(".st-key-train-start button").click(timeout=30_000)
    page.wait_for_url(re.compile("run="))
    name = re.search("run=([^&]+)", page.url)[1]
    until(page, name)
    return name


def epoch(page) -> float:
    return page.evaluate("() => document.querySelector('[data-testid=replay-map]')?.epoch ?? 0")


def test_opens_with_a_film_that_is_slid_over_without_the_server(page, address):
    page.goto(f"{address}/train")
    page.wait_for_function("() => document.querySelector('[data-testid=replay-map]')?.epoch === 400", timeout=90_000)
    web.settled(page)
    page.wait_for_function(
        "() => /About/.test(document.querySelector('.st-key-train-start')?.parentElement.innerText)", timeout=90_000
    )
    sent = len(page.messages)
    slider = page.locator("[data-testid=epoch-slider]")
    box, curves = slider.bounding_box(), page.get_by_text("loss (what is minimised)").bounding_box()
    assert (
        curves["y"] - box["y"] - box["height"] < 100
    )  # what the film is made of, thirteen parts, takes no room on the page
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2, steps=20)
    web.next_frame(page)
    assert 50 < epoch(page) < 200
    assert len(page.messages) == sent
    page.mouse.up()
    page.wait_for_url(re.compile("epoch="))


def test_a_run_is_watched_stopped_and_resumed(page, address, own):
    name = begin(page, address, LONG)
    until(page, "training")
    page.wait_for_function("() => document.querySelector('[data-testid=replay-map]')?.epoch > 3", timeout=30_000)
    assert re.search(r"samples/s · .* left", head(page))
    page.wait_for_selector(".stVegaLiteChart canvas, .stVegaLiteChart svg")
    page.evaluate(PLACES)
    began = time.monotonic()
    page.get_by_role("button", name="Stop").click()
    while jobs.status(own / name)["state"] != "stopped":
        assert time.monotonic() - began < 5
        time.sleep(0.02)
    until(page, "stopped")
    kept = len(jobs.lines(own / name))
    page.get_by_role("button", name="Resume").click()
    until(page, "training")
    assert len(page.evaluate("() => window.places")) == 1  # or a click would fall beside it
    page.wait_for_function(
        "n => document.querySelector('[data-testid=replay-map]')?.epoch > n", arg=kept, timeout=30_000
    )


@pytest.mark.slow
def test_another_tab_and_a_reload_show_the_same_run(page, other, address, own):
    name = begin(page, address, LONG)
    page.wait_for_function("() => document.querySelector('[data-testid=replay-map]')?.epoch > 1", timeout=30_000)
    page.reload()
    until(page, name)
    page.wait_for_function("() => document.querySelector('[data-testid=replay-map]')?.epoch > 1", timeout=30_000)
    other.goto(f"{address}/train?run={name}")
    until(other, "training")


@pytest.mark.slow
def test_a_worker_that_is_killed_is_said_and_the_run_resumed(page, address, own):
    name = begin(page, address, LONG)
    while not jobs.lines(own / name):
        time.sleep(0.05)
    os.kill(jobs.status(own / name)["pid"], signal.SIGKILL)
    until(page, "interrupted", seconds=10)
    page.get_by_role("button", name="Resume").click()
    until(page, "training")


@pytest.mark.slow
def test_a_short_run_ends_is_in_the_table_and_on_the_map(page, address, own):
    name = begin(page, address, "data=digits&variant=vae&hidden=32,16&epochs=12&batch_size=64")
    until(page, "done", seconds=60)
    page.wait_for_function("() => document.querySelector('[data-testid=replay-map]')?.epoch === 12", timeout=10_000)
    page.get_by_role("link", name="Explore it").click()
    page.wait_for_url(re.compile(f"model={name}"))
    web.ready(page, page.url)
    page.goto(f"{address}/runs?runs={name}")
    page.get_by_role("button", name="Download", exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    assert download.value.suggested_filename == f"{name}.zip"
    page.locator("summary", has_text="Show me the code").click()
    page.get_by_text("import torch").first.wait_for()


def test_a_phone_shows_the_film_in_its_first_screen(phone, address):
    phone.goto(f"{address}/train")
    phone.wait_for_selector("[data-testid=replay-map]", timeout=30_000)
    web.settled(phone)
    box = phone.locator("[data-testid=replay-map]").bounding_box()
    assert box["y"] + box["height"] < 844


def test_what_is_wrong_with_a_recipe_is_one_sentence(page, address, own):
    page.goto(f"{address}/train?data=digits&hidden=wide")
    page.get_by_text("Some link parameters were ignored: hidden takes whole numbers").wait_for(timeout=30_000)
    page.goto(f"{address}/train?data=digits&batch_size=5000")
    page.get_by_text("A batch of 5,000 is larger than the 1,437 training samples").wait_for(timeout=30_000)
    assert Config(data="digits").batch_size == 128
