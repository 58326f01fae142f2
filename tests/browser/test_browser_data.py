"""Your data, by hand: what is drawn, dropped or pasted goes in, is mapped, and follows the dot."""

from ..support import browser as web

STROKES = {"one": [(0.5, 0.2), (0.5, 0.8)], "bar": [(0.2, 0.5), (0.8, 0.5)]}


def come(page, address: str, link: str = "") -> None:
    page.goto(f"{address}/data?hints=off{link}")
    page.get_by_text("or take an example", exact=True).wait_for(timeout=60_000)


def draw(page, name: str, shift: float) -> None:
    """One picture, and its class beside it."""
    box = page.get_by_test_id("draw-sample").bounding_box()
    (x, y), (a, b) = [(box["x"] + (u + shift) * box["width"], box["y"] + v * box["height"]) for u, v in STROKES[name]]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(a, b, steps=3)
    page.mouse.up()
    page.get_by_test_id("drawn-class").fill(name)
    page.get_by_test_id("drawn-class").press("Enter")


def test_a_dozen_drawn_by_hand_are_a_data_set(page, address):
    come(page, address, "&draw=1")
    page.get_by_test_id("draw-sample").wait_for(timeout=30_000)
    use = page.get_by_test_id("use-drawn")
    assert use.is_disabled()
    for n in range(12):
        draw(page, list(STROKES)[n % 2], 0.01 * n)
    page.locator(".lx-tiles button").nth(11).click()  # one is taken out again
    assert page.locator(".lx-tiles button").count() == 11
    page.reload()
    page.locator(".lx-tiles button").nth(10).wait_for(timeout=30_000)  # nothing was lost
    use.click()
    page.get_by_text("'label' holds 2 classes: bar (5), one (6)").wait_for(timeout=30_000)
    assert page.get_by_text("28×28 pixels in grey levels").is_visible()
    web.until(page, lambda: "file=drawn-" in page.url and "draw=" not in page.url)
    assert page.get_by_test_id("draw-sample").count() == 0
