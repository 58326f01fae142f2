"""The address bar: a drag takes the link's place, a choice adds an entry, Back restores, the server is told once."""

import re

import pytest

from ..support import browser as web

LINK = "?model=digits-vae-2d&z=0.5,-0.5"


def entries(page) -> int:
    return page.evaluate("history.length")


def pad(page):
    return page.locator("[data-testid=latent-pad]").first


def drag(page, x: float, y: float) -> str:
    """Drag the dot to this place of the map (shares of its sides); the link's z after it."""
    before, box = page.url, pad(page).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
    page.mouse.up()
    page.wait_for_function("url => location.href !== url", arg=before)
    web.settled(page)
    return z_of(page)


def z_of(page) -> str:
    return re.search("[?&]z=([^&]*)", page.url)[1] if "z=" in page.url else ""


def numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def seen(page) -> list[float]:
    """Where the dot is on the screen."""
    return numbers(pad(page).get_attribute("data-z"))


def choose_backdrop(page, name: str, label: str) -> None:
    page.locator(".lx-pad").first.get_by_role("radio", name=label, exact=True).click()
    page.wait_for_function("name => location.search.includes(`backdrop=${name}`)", arg=name)
    web.settled(page)


def test_a_drag_takes_the_links_place_a_choice_adds_an_entry(address, page):
    page.set_default_timeout(30_000)
    web.ready(page, f"{address}/{LINK}")
    web.settled(page)
    at_first = entries(page)
    first = drag(page, 0.3, 0.4)
    second = drag(page, 0.6, 0.7)
    assert entries(page) == at_first
    assert first != second
    choose_backdrop(page, "manifold", "Decoded")
    assert entries(page) == at_first + 1
    assert z_of(page) == second
    third = drag(page, 0.4, 0.4)
    assert entries(page) == at_first + 1
    sent = len(page.messages)
    page.go_back()
    page.wait_for_function("() => !location.search.includes('backdrop')")
    web.settled(page)
    assert z_of(page) == second
    assert len(page.messages) - sent <= 2, "the server is told once"
    web.until(page, lambda: seen(page) == pytest.approx(numbers(second), abs=1e-5))
    page.go_forward()
    page.wait_for_function("() => location.search.includes('backdrop=manifold')")
    web.settled(page)
    assert z_of(page) == third
    web.until(page, lambda: seen(page) == pytest.approx(numbers(third), abs=1e-5))
    assert entries(page) == at_first + 1


def test_back_through_models_and_pages(address, page):
    page.set_default_timeout(30_000)
    web.ready(page, f"{address}/{LINK}")
    web.settled(page)
    at_first = entries(page)
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="MNIST digits · VAE").first.click()
    page.wait_for_function("() => !location.search.includes('digits-vae-2d')")
    web.settled(page)
    chosen = page.url
    assert entries(page) == at_first + 1
    assert "z=" not in chosen
    page.get_by_role("link", name="Bottleneck").click()
    page.wait_for_url("**/bottleneck*")
    page.wait_for_selector("[data-testid=bottleneck-slider]")
    web.settled(page)
    page.wait_for_url(lambda url: "model" not in url, timeout=15_000)
    page.go_back()
    page.wait_for_function("url => location.href === url", arg=chosen)
    page.wait_for_selector("[data-testid=latent-pad]")
    web.settled(page)
    assert page.url == chosen
    page.go_back()
    page.wait_for_function("() => location.search.includes('digits-vae-2d')")
    first = "Map of the latent space of Small digits"
    web.until(page, lambda: (pad(page).get_attribute("aria-label") or "").startswith(first))
    web.settled(page)
    assert z_of(page) == "0.5,-0.5"


@pytest.mark.slow
@pytest.mark.parametrize("link", [LINK, ""])
def test_a_new_session_goes_on_where_the_page_is(chromium, link):
    """A server that has forgotten the session is told the address as it is, not as the tab was opened with."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    web.overhear(page)
    with web.forked({"LATENT_RUNS": "/nonexistent"}) as address:
        web.ready(page, f"{address}/{link}")
        web.settled(page)
        z = drag(page, 0.3, 0.3)
        web.answered(page)
        sent = len(page.messages)
    with page.expect_event("websocket", timeout=60_000), web.forked({"LATENT_RUNS": "/nonexistent"}) as again:
        assert again == address  # the same port
        page.wait_for_function(
            "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'"
        )
        web.until(page, lambda: len(page.messages) > sent, 60)
        web.answered(page)  # to the address that the tab was opened with
        page.wait_for_function("z => location.search.endsWith(`z=${z}`)", arg=z)
        web.answered(page)
        page.locator(".st-key-details").get_by_text("nearest").first.wait_for()
        assert z_of(page) == z
        assert seen(page) == pytest.approx(numbers(z), abs=1e-5)
    page.context.close()
