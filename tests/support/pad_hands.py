"""What a hand does on the pad of Explore, and what a test reads of it."""

from . import browser as web

PAD = '[data-testid="latent-pad"]'
DECODED = '[data-testid="decoded"]'


def where(page, index=0):
    return [float(number) for number in page.locator(PAD).nth(index).get_attribute("data-z").split(",")]


def picture(page, index=0):
    """(the grey levels on the canvas, the floats behind them)"""
    return web.picture(page.locator(DECODED).nth(index))


def drag(page, points, index=0, during=lambda: None):
    """Press on the pad at the first of these fractions, move through the others, call `during`, release."""
    box = page.locator(PAD).nth(index).bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point)
        web.next_frame(page, 1)
    web.next_frame(page)
    during()
    page.mouse.up()
