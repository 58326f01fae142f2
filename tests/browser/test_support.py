"""What the browser's tests stand on: pages that are left, and waits that end."""

import contextlib

import pytest

from ..conftest import visited
from ..support import browser as web


@pytest.fixture
def context(chromium):
    """A browser's profile of its own."""
    context = chromium.new_context()
    yield context
    context.close()


def test_after_a_page_that_was_nowhere_the_next_ones_open_and_draw(context, address):
    for _ in range(2):
        for went in (False, True, False, False, True):
            with visited(context) as page:
                if went:
                    page.goto(address + web.PARKED)
                    web.next_frame(page)


def test_a_change_is_awaited_by_the_figures_count_or_by_a_frame(context, address):
    with visited(context) as page:
        page.goto(address + web.PARKED)
        page.evaluate("() => { document.body.innerHTML = '<main></main>' }")
        with web.redrawn(page, "main"):
            pass
        change = "n => { document.querySelector('main').dataset.lxRevision = n }"
        page.evaluate(change, 1)
        with web.redrawn(page, "main"):
            page.evaluate(f"() => setTimeout({change}, 200, 2)")
        assert page.locator("main").get_attribute("data-lx-revision") == "2"


def test_a_page_that_asks_elsewhere_is_noticed(context, address):
    """Every browser test ends with a look at `strayed`."""
    with contextlib.closing(context.new_page()) as page:
        web.overhear(page)
        page.goto(f"{address}{web.PARKED}")
        assert page.strayed == []
        elsewhere = "http://elsewhere.invalid/pixel.gif"
        page.evaluate("url => fetch(url, {mode: 'no-cors'}).catch(() => 0)", elsewhere)
        assert page.strayed == [elsewhere]
        page.evaluate("() => { new WebSocket('ws://elsewhere.invalid/') }")
        web.until(page, lambda: page.strayed[1:] == ["ws://elsewhere.invalid/"])
