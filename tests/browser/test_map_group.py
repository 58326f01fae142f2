"""A line drawn around samples on Explore: who is in it, as Python says, and what is shown of them."""

import json

import pytest

from pages.sections.explore.group import members
from pages.session.models import load_model

from ..support import browser as web
from ..support.axe import serious
from ..support.pad_hands import PAD, drag, where

MODEL = "digits-vae-2d"


def line_of(page):
    """The line that the link has."""
    return [float(part) for part in page.evaluate("new URLSearchParams(location.search).get('lasso')").split(",")]


def test_a_lasso_takes_samples_that_are_shown_and_kept_by_the_link(address, page):
    web.ready(page, f"{address}/?model={MODEL}")
    web.settled(page)
    dot = where(page)
    page.get_by_test_id("lasso").click()
    drag(page, [(0.35, 0.35), (0.65, 0.35), (0.65, 0.65), (0.35, 0.65)])
    web.until(page, lambda: "lasso=" in page.url)
    assert where(page) == dot  # the hand drew
    item = load_model(MODEL)
    wanted = members(item.codes["z"], item.box, line_of(page), (0, 1))
    group = page.get_by_test_id("group")
    assert len(wanted) > 5
    assert int(group.get_attribute("data-members")) == len(wanted)
    assert f"{len(wanted)} of" in group.inner_text()
    page.locator(".st-key-group .lx-strip figure").first.wait_for(timeout=30_000)
    assert f"The {len(wanted)} samples" in page.locator(".st-key-group").inner_text()
    web.ready(page, page.url)
    page.wait_for_function("() => document.querySelector('[data-testid=group]')?.dataset.members > 0")
    assert int(page.get_by_test_id("group").get_attribute("data-members")) == len(wanted)
    page.locator(PAD).focus()
    page.keyboard.press("Escape")
    web.until(page, lambda: "lasso=" not in page.url)
    assert page.get_by_test_id("group").is_hidden()
    page.locator(PAD).focus()
    page.keyboard.press("s")  # the keyboard's way: around the dot
    web.until(page, lambda: "lasso=" in page.url)
    wanted = members(item.codes["z"], item.box, line_of(page), (0, 1))
    assert json.loads(page.get_by_test_id("group").get_attribute("data-members")) == len(wanted)


def test_a_rectangle_takes_samples_and_others_like_them_are_shown(address, page):
    web.ready(page, f"{address}/?model={MODEL}")
    web.settled(page)
    box = page.get_by_test_id("box")
    box.click()
    assert box.get_attribute("aria-pressed") == "true"
    drag(page, [(0.4, 0.3), (0.5, 0.5), (0.7, 0.6)])
    web.until(page, lambda: "lasso=" in page.url)
    assert box.get_attribute("aria-pressed") == "false"
    line = line_of(page)
    assert len(line) == 8
    assert sorted({round(value, 2) for value in line[::2]}) == [0.4, 0.7]
    item = load_model(MODEL)
    assert int(page.get_by_test_id("group").get_attribute("data-members")) == len(
        members(item.codes["z"], item.box, line, (0, 1))
    )
    page.get_by_text("Others like these").wait_for(timeout=30_000)
    assert page.locator(".st-key-group .lx-strip").count() == 2


@pytest.mark.slow
def test_a_named_group_is_an_end_and_a_direction_on_interpolate(address, page):
    line = "0.35,0.35,0.65,0.35,0.65,0.65,0.35,0.65"
    web.ready(page, f"{address}/?model={MODEL}&lasso={line}")
    page.get_by_role("textbox", name="A name makes it a group of yours").fill("the middle ones")
    page.get_by_role("button", name="Keep this group").click()
    page.locator(".lx-colour select option", has_text="your groups").wait_for(state="attached", timeout=30_000)
    page.locator(".lx-colour select").select_option("your groups")
    page.locator(".lx-legend").get_by_text("the middle ones").wait_for()
    web.until(page, lambda: "colour=your" in page.url)
    page.get_by_role("link", name="Interpolate").first.click()
    page.get_by_test_id("t-slider").wait_for(timeout=60_000)
    menu = '.st-key-interpolate-model [data-baseweb="select"], .st-key-interpolate-model [role="combobox"]'
    page.locator(menu).first.click()
    page.get_by_role("option", name="Small digits · VAE").first.click()
    page.get_by_test_id("group-b").wait_for(timeout=60_000)
    item = load_model(MODEL)
    rows = members(item.codes["z"], item.box, [float(part) for part in line.split(",")], (0, 1))
    page.get_by_test_id("group-b").select_option("the middle ones")
    web.until(page, lambda: "b=z" in page.url)
    ends = page.get_by_test_id("latent-pad").evaluate("surface => surface.route.ends")
    assert ends["b"] == {"z": item.codes["z"][rows].mean(0).tolist(), "name": "mean of the middle ones"}
    page.get_by_role("radio", name="Arithmetic").click()
    page.get_by_test_id("plus").wait_for(timeout=60_000)
    page.get_by_test_id("plus").select_option("the middle ones")
    page.get_by_test_id("minus").select_option("all samples")
    words = "from the mean of all samples to that of the middle ones"
    page.get_by_test_id("measured-class").get_by_text(words).wait_for()


@pytest.mark.slow
def test_axe_finds_nothing_serious_while_all_of_the_maps_tools_are_open(address, page):
    tools = "lasso=0.35,0.35,0.65,0.35,0.65,0.65,0.35,0.65&classifier=1&backdrop=verdict&pin=5&zoom=0.5,0.5,2"
    web.ready(page, f"{address}/?model={MODEL}&{tools}")
    page.get_by_role("textbox", name="A name makes it a group of yours").fill("the middle ones")
    page.get_by_role("button", name="Keep this group").click()
    page.locator(".lx-colour select option", has_text="your groups").wait_for(state="attached", timeout=30_000)
    page.locator(".lx-colour select").select_option("your groups")
    page.locator(".st-key-otherwise .lx-strip").first.wait_for(timeout=30_000)
    page.get_by_role("button", name="Your groups").click()
    page.get_by_role("button", name="Forget them").wait_for()
    assert serious(page) == []
