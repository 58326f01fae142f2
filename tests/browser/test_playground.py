"""A network that trains in the page: it plays when opened, is moved while it trains, and costs the server nothing."""

import math

import pytest

from ..support import browser as web


def come(page, address: str, link: str = "") -> None:
    page.goto(f"{address}/playground?hints=off{link}")
    page.wait_for_selector("[data-testid=playground][data-error]", timeout=60_000)


def steps(page) -> int:
    return int(page.get_by_test_id("playground").get_attribute("data-steps"))


def test_it_trains_as_soon_as_it_is_opened_and_pauses(page, address):
    come(page, address)
    web.until(page, lambda: steps(page) > 60)
    error = float(page.get_by_test_id("playground").get_attribute("data-error"))
    assert 0 < error < 12
    page.get_by_test_id("play").click()
    web.until(page, lambda: page.get_by_test_id("play").inner_text() == "Play")
    web.still(page)
    rests = steps(page)
    web.still(page)
    assert steps(page) == rests
    page.get_by_test_id("step").click()
    web.until(page, lambda: steps(page) == rests + 1)


def test_the_dot_moves_while_it_trains_and_the_server_hears_of_the_release_alone(page, address):
    sent, _ = web.traffic(page)
    come(page, address)
    web.answered(page)
    heard = len(sent)
    web.until(page, lambda: steps(page) > 60)
    box = page.get_by_test_id("playground-map").bounding_box()
    decoded = "() => [...document.querySelector('[data-testid=decoded]').values]"
    before = page.evaluate(decoded)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 60, steps=5)
    web.next_frame(page)
    after = page.evaluate(decoded)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) > 0.05
    assert len(sent) == heard  # nothing while it trains and the hand is on it
    page.mouse.up()
    web.until(page, lambda: "z=" in page.url)


def test_a_knob_acts_without_starting_again_and_another_network_starts_again(page, address):
    come(page, address)
    web.until(page, lambda: steps(page) > 60)
    before = steps(page)
    page.get_by_test_id("knob-lr").focus()
    page.keyboard.press("ArrowRight")
    web.until(page, lambda: "lr=" in page.url)
    assert steps(page) >= before
    page.get_by_test_id("play").click()
    page.get_by_test_id("variant").select_option("vae")
    web.until(page, lambda: steps(page) == 0)
    web.until(page, lambda: "variant=vae" in page.url)
    assert page.get_by_test_id("knob-beta").is_visible()


def test_divergence_is_named_and_no_nan_is_drawn(page, address):
    come(page, address, "&lr=1&activation=relu&variant=nested")
    web.until(page, lambda: "Diverged" in page.get_by_test_id("said").inner_text())
    values = page.evaluate("() => [...document.querySelector('[data-testid=decoded]').values]")
    assert all(math.isfinite(value) for value in values)


@pytest.mark.slow
def test_the_same_link_gives_the_same_error_after_as_many_steps(page, address):
    found = []
    for _ in range(2):
        come(page, address, "&variant=vae&seed=3")
        # Every fiftieth step is measured, in every browser the same ones.
        page.wait_for_function(
            "() => document.querySelector('.lx-play').curve?.some(({ step }) => step === 500)", timeout=60_000
        )
        found.append(page.evaluate("() => document.querySelector('.lx-play').curve.find((m) => m.step === 500).test"))
    assert found[0] == found[1]
