"""A network that trains in the page: it plays when opened, is moved while it trains, and costs the server nothing."""

import math

import pytest

from ..support import browser as web
from .test_browser_data import STROKES, draw


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


def test_other_data_train_as_soon_as_they_are_chosen(page, address):
    come(page, address)
    page.get_by_test_id("data").select_option("spiral")
    web.until(page, lambda: "data=spiral" in page.url)
    web.until(page, lambda: page.get_by_test_id("space").is_visible() and steps(page) > 60)
    # Of two numbers, not of 64. A new data set's first error comes when the next network has its first steps.
    web.until(page, lambda: float(page.get_by_test_id("playground").get_attribute("data-error")) < 1)
    page.get_by_test_id("k").select_option("1")
    web.until(page, lambda: "k=1" in page.url)
    assert "data=spiral" in page.url


@pytest.mark.slow
def test_classes_are_left_out_and_samples_are_few_without_starting_again(page, address):
    come(page, address)
    web.until(page, lambda: steps(page) > 30)
    page.locator(".lx-out button").nth(4).click()
    web.until(page, lambda: "out=4" in page.url)
    before = steps(page)
    page.get_by_test_id("knob-count").focus()
    page.keyboard.press("Home")
    web.until(page, lambda: "count=10" in page.url)
    assert steps(page) >= before > 30


def test_two_networks_side_by_side_differ_in_one_knob(page, address):
    come(page, address, "&compare=lr:0.03")
    root = page.get_by_test_id("playground")
    web.until(page, lambda: int(root.get_attribute("data-other-steps") or 0) > 120)
    apart = int(root.get_attribute("data-other-steps")) - steps(page)
    assert abs(apart) < 400  # they wait for each other
    assert [each.inner_text() for each in root.locator(".lx-name").all()] == [
        "learning rate: 0.003",
        "learning rate: 0.03",
    ]
    page.get_by_test_id("compare").select_option("")
    web.until(page, lambda: page.get_by_test_id("lane").count() == 1 and "compare" not in page.url)


def test_the_network_before_stays_in_grey_when_another_begins(page, address):
    come(page, address)
    assert page.get_by_test_id("past").is_hidden()
    web.until(page, lambda: steps(page) > 150)
    page.get_by_test_id("play").click()
    web.still(page)
    held_out, error = columns(page, NETWORK), page.get_by_test_id("playground").get_attribute("data-error")
    assert not columns(page, GREY)
    page.get_by_test_id("seed").select_option("4")
    web.until(page, lambda: steps(page) == 0)
    web.still(page)
    assert page.get_by_test_id("past").is_visible()
    grey = columns(page, GREY)
    assert len(grey) > len(held_out) / 2  # but where PCA's line lies under it
    assert abs(max(grey) - max(held_out)) < 4
    # The new one has only begun.
    assert not {x for x in columns(page, NETWORK) if x > min(grey) + 4}
    told = page.get_by_test_id("curve").get_attribute("aria-label")
    assert f"the network before this one, held out: {float(error):.3g}" in told


NETWORK, GREY = (0, 158, 115), (138, 143, 152)


def columns(page, colour: tuple[int, int, int]) -> set[int]:
    """In which columns of the curves something has this colour."""
    return set(
        page.get_by_test_id("curve").evaluate(
            """(canvas, colour) => {
              const { width, height } = canvas;
              const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
              const is = (i) => data[i + 3] > 90 && colour.every((c, j) => Math.abs(data[i + j] - c) < 8);
              return Array.from({ length: width }, (_, x) => x).filter((x) => {
                for (let y = 0; y < height; y++) if (is(4 * (y * width + x))) return true;
                return false;
              });
            }""",
            colour,
        )
    )


def test_what_nobody_sees_does_not_train(page, address):
    come(page, address)
    web.until(page, lambda: steps(page) > 60)
    hide = """(hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(hide, True)
    seen = []
    for _ in range(2):  # a class left out, and back in: each asks for one frame
        web.released(page, page.locator(".lx-out button").nth(4).click)
        web.still(page)
        seen.append(steps(page))
    assert seen[0] == seen[1]
    page.evaluate(hide, False)
    web.until(page, lambda: steps(page) > seen[0])


def test_whoever_wants_nothing_to_move_starts_it_by_hand(page, address):
    page.emulate_media(reduced_motion="reduce")
    come(page, address)
    web.still(page)
    assert steps(page) == 0
    page.get_by_test_id("play").press("Enter")
    web.until(page, lambda: steps(page) > 30)
    page.get_by_test_id("playground-map").press(" ")
    web.until(page, lambda: page.get_by_test_id("play").inner_text() == "Play")


def test_a_finger_moves_the_dot_and_turns_a_knob(phone, address):
    come(phone, address)
    web.until(phone, lambda: steps(phone) > 30)
    surface = phone.get_by_test_id("playground-map")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    phone.touchscreen.tap(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    web.until(phone, lambda: "z=" in phone.url)
    knob = phone.get_by_test_id("knob-lr")
    knob.scroll_into_view_if_needed()
    box = knob.bounding_box()
    phone.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    web.until(phone, lambda: "lr=" in phone.url)
    web.until(phone, lambda: steps(phone) > 60)


def test_one_that_is_kept_is_a_run_that_opens_on_other_pages(page, address):
    come(page, address, "&data=moons&variant=vae&hidden=32")
    kept = keep(page)
    assert "shapes-vae-2d-played" in kept.inner_text()
    assert kept.get_by_role("link").all_inner_texts() == [
        f"Open in {page}" for page in ("Explore", "Interpolate", "Runs")
    ]
    assert "Bottleneck does not open it" in kept.inner_text()
    kept.get_by_text("Open in Explore").click()
    page.get_by_test_id("latent-pad").first.wait_for(timeout=60_000)
    assert "model=shapes-vae-2d-played" in page.url


def keep(page):
    """Keep a network that has made some steps; where the page says of it."""
    web.until(page, lambda: steps(page) > 60)
    page.get_by_test_id("play").click()
    page.get_by_test_id("keep").click()
    kept = page.locator(".st-key-playground-kept")
    kept.wait_for(timeout=60_000)
    return kept


@pytest.mark.slow
def test_a_nested_one_that_is_kept_opens_in_bottleneck_too_and_runs_has_its_script(page, address):
    come(page, address, "&variant=nested&k=4")
    kept = keep(page)
    doors = {each.inner_text(): each.get_attribute("href") for each in kept.get_by_role("link").all()}
    figures = {
        "Open in Explore": "latent-pad",
        "Open in Bottleneck": "bottleneck-slider",
        "Open in Interpolate": "t-slider",
        "Open in Runs": "stDataFrame",
    }
    assert list(doors) == list(figures)
    for door, figure in figures.items():
        page.goto(f"{address}/{doors[door].split('/')[-1]}")
        page.get_by_test_id(figure).first.wait_for(timeout=60_000)
        assert "digits-nested-4d-played" in page.url
        assert page.get_by_test_id("stAlert").count() == 0
    page.get_by_text("Show me the code").click()
    code = page.get_by_test_id("stCode").first
    code.wait_for(timeout=60_000)
    assert "optimizer.step()" in code.inner_text()


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


def test_samples_of_ones_own_train_and_are_kept(page, address):
    page.goto(f"{address}/data?hints=off")
    page.get_by_role("button", name="569 patients").click()
    page.get_by_text("a network learns it here").click(timeout=60_000)
    page.wait_for_selector("[data-testid=playground][data-error]", timeout=60_000)
    web.until(page, lambda: steps(page) > 60)
    assert page.get_by_test_id("data").input_value() == "samples"
    page.get_by_test_id("keep").click()
    kept = page.locator(".st-key-playground-kept")
    kept.wait_for(timeout=60_000)
    assert "patients-deep-2d-played" in kept.inner_text()


@pytest.mark.slow
def test_another_seed_beside_has_the_same_samples_flow(page, address):
    come(page, address, "&data=swiss-roll&compare=seed:1&sample=2")
    assert [each.get_attribute("aria-valuenow") for each in page.get_by_test_id("pick").all()] == ["3", "3"]
    box = page.get_by_test_id("space").first.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
    web.until(page, lambda: "turn=" in page.url)


@pytest.mark.slow
def test_drawn_digits_train(page, address):
    page.goto(f"{address}/data?hints=off&draw=1")
    page.get_by_test_id("draw-sample").wait_for(timeout=60_000)
    for n in range(12):
        draw(page, list(STROKES)[n % 2], 0.01 * n)
    page.get_by_test_id("use-drawn").click()
    page.get_by_text("a network learns it here").click(timeout=60_000)
    page.wait_for_selector("[data-testid=playground][data-error]", timeout=60_000)
    web.until(page, lambda: steps(page) > 60)
    assert page.get_by_test_id("data").input_value() == "samples"
    assert page.locator(".lx-lane").get_attribute("data-kind") == "pictures"
    assert len(page.evaluate("() => [...document.querySelector('[data-testid=decoded]').values]")) == 16 * 16
    assert page.locator(".lx-out button").all_inner_texts() == ["bar", "one"]
    assert "played" in keep(page).inner_text()


def finite(page) -> bool:
    return all(map(math.isfinite, page.evaluate("() => [...document.querySelector('[data-testid=decoded]').values]")))


def press(page, knob: str, *keys: str) -> None:
    page.get_by_test_id(f"knob-{knob}").focus()
    for key in keys:
        page.keyboard.press(key)


def collapse(page):
    page.get_by_test_id("variant").select_option("vae")
    web.until(page, lambda: "variant=vae" in page.url and steps(page) > 60)
    assert "collapse" not in page.get_by_test_id("said").inner_text()
    press(page, "beta", "End")


def overfitting(page):
    press(page, "count", "Home", "PageUp", "PageUp", "PageUp")
    samples = page.locator(".lx-knob[data-name=count] output")
    while int(samples.inner_text()) < 50:
        page.keyboard.press("ArrowRight")
    assert samples.inner_text() == "50"


def divergence(page):
    web.until(page, lambda: steps(page) > 500)
    press(page, "lr", "End")


def identity(page):
    page.get_by_test_id("data").select_option("circle")
    web.until(page, lambda: "data=circle" in page.url and page.get_by_test_id("space").is_visible())
    assert "identity" not in page.get_by_test_id("said").inner_text()
    page.get_by_test_id("k").select_option("4")


@pytest.mark.parametrize(
    ("by_hand", "named"),
    [
        (divergence, "Divergence"),
        pytest.param(collapse, "Posterior collapse", marks=pytest.mark.slow),
        pytest.param(overfitting, "Overfitting: on 50 samples", marks=pytest.mark.slow),
        pytest.param(identity, "The identity", marks=pytest.mark.slow),
    ],
)
def test_known_failures_are_made_by_hand_and_named_when_they_happen(page, address, by_hand, named):
    come(page, address)
    web.until(page, lambda: steps(page) > 60)
    assert "rror" in page.get_by_test_id("said").inner_text()
    by_hand(page)
    page.wait_for_function(
        "(named) => document.querySelector('[data-testid=said]').innerText.startsWith(named)", arg=named, timeout=60_000
    )
    assert finite(page)


def test_divergence_of_waves_draws_no_nan(page, address):
    come(page, address, "&data=sinusoids&lr=1&activation=tanh")
    web.until(page, lambda: "Diverg" in page.get_by_test_id("said").inner_text())
    assert finite(page)


def test_a_hole_in_the_map_is_named_where_the_dot_is_dragged_into_it_and_nowhere_else(page, address):
    come(page, address)
    web.until(page, lambda: steps(page) > 220)
    page.get_by_test_id("play").click()  # or the map would move under the hand
    web.still(page)
    box = page.get_by_test_id("playground-map").bounding_box()
    parts = [0.02, 0.26, 0.5, 0.74, 0.98]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    named = []
    for u in parts:
        for v in parts:
            page.mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"])
            web.next_frame(page)
            named.append("A hole" in page.get_by_test_id("said").inner_text())
    page.mouse.up()
    assert 2 <= sum(named) <= 18  # at the rim, and not where codes are
    web.until(page, lambda: "z=" in page.url)


@pytest.mark.slow
def test_every_knob_acts_on_the_network_as_it_is(page, address):
    knobs = {
        "vae": "beta",
        "denoising": "noise",
        "masked": "masked",
        "sparse": "sparsity",
        "contractive": "contraction",
        "nested": "decay",
    }
    mark, marked = (f"() => !!(document.querySelector('.lx-play').curve.mark{what})" for what in (" = 1", ""))
    come(page, address)
    for variant, knob in knobs.items():
        page.evaluate(mark)
        page.get_by_test_id("variant").select_option(variant)
        web.until(page, lambda: not page.evaluate(marked) and steps(page) > 60)  # another beginning has another curve
        page.evaluate(mark)
        press(page, knob, "PageUp")
        web.until(page, lambda knob=knob: f"{knob}=" in page.url)
        before = steps(page)
        web.until(page, lambda before=before: steps(page) > before)
        assert page.evaluate(marked)
