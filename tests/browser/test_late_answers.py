"""What the link and Back do while the server is slow: its answers are held, and come when a test lets them."""

import re

import pytest

from ..support import browser as web

EPSILON = "/variants?variant=vae&figure=epsilon"
EXPLORE = "/?model=digits-vae-2d&z=0.5,-0.5"


class Held:
    """What the server says is passed on, or held until it may come; what the page says is passed on."""

    def __init__(self, page):
        self.holds, self._waiting = False, []
        page.route_web_socket(re.compile(".*/_stcore/stream.*"), self._join)

    def _join(self, socket):
        server = socket.connect_to_server()

        def come(message):
            if self.holds:
                self._waiting.append((socket, message))
            else:
                socket.send(message)

        server.on_message(come)

    def let(self) -> None:
        """All that was held comes, and what is said from now on."""
        self.holds = False
        for socket, message in self._waiting:
            socket.send(message)
        self._waiting.clear()


@pytest.fixture
def held(page):
    return Held(page)


def entries(page) -> int:
    return page.evaluate("history.length")


def part(page, name: str) -> str:
    """A part of the link, "" where it is left out."""
    return page.evaluate("(name) => new URLSearchParams(location.search).get(name) ?? ''", name)


def drag(page, share: float) -> None:
    """Drag the dot of the map from its middle to this share of its width."""
    box = page.locator("[data-testid=latent-pad]").first.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], y, steps=3)
    page.mouse.up()


def backdrop(page, label: str) -> None:
    page.locator(".lx-pad").first.get_by_role("radio", name=label, exact=True).click()


def opened(page, address: str) -> int:
    """The entries of the history when that is open."""
    web.ready(page, address)
    web.answered(page)
    web.still(page)
    return entries(page)


def test_numbers_that_a_button_chose_make_an_entry(address, page):
    page.goto(address + EPSILON)
    web.until(page, page.locator("[data-testid=words]").inner_text, 60)  # it has drawn
    web.answered(page)
    web.still(page)
    at_first, shown = entries(page), page.locator("[data-testid=words]").inner_text()
    web.released(page, page.locator("[data-testid=again]").click)
    web.until(page, lambda: entries(page) == at_first + 1)
    assert page.locator("[data-testid=words]").inner_text() != shown
    page.go_back()
    web.until(page, lambda: page.locator("[data-testid=words]").inner_text() == shown)


def test_a_drag_before_the_answer_to_a_choice_belongs_to_its_entry(address, page, held):
    at_first = opened(page, address + EXPLORE)
    held.holds = True
    backdrop(page, "Decoded")
    web.still(page)
    drag(page, 0.7)
    web.until(page, lambda: part(page, "z") != "0.5,-0.5")
    moved = part(page, "z")
    held.let()
    web.answered(page)
    web.until(
        page, lambda: (part(page, "z"), part(page, "backdrop"), entries(page)) == (moved, "manifold", at_first + 1)
    )
    page.go_back()
    web.until(page, lambda: (part(page, "z"), part(page, "backdrop")) == ("0.5,-0.5", ""))


def test_an_answer_to_what_was_left_by_back_is_not_written(address, page, held):
    at_first = opened(page, address + EXPLORE)
    backdrop(page, "Decoded")
    web.answered(page)
    web.until(page, lambda: entries(page) == at_first + 1)
    held.holds = True
    backdrop(page, "Stretch")
    web.still(page)
    page.go_back()
    web.next_frame(page)
    held.let()
    web.answered(page)
    assert (part(page, "backdrop"), part(page, "z")) == ("", "0.5,-0.5")
    page.go_forward()
    web.until(page, lambda: part(page, "backdrop") == "manifold")
