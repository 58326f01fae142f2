"""Signals in a real browser: the threshold without the server, a file from the upload to its scores, the normal
stretch, calibration, a phone.
"""

import re

import pytest

from ae_core import train_run
from ae_core.anomaly.findings import findings
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.anomaly.thresholds import Rule
from ae_core.data.sensors import plant_csv
from ae_core.runs.folder import checkpoints
from pages.sections.signals import words

from ..support import browser as web

FAULT = (("spike", 450, 60, 1, 4.0),)


@pytest.fixture(scope="module")
def folders(data, runs):
    """(data, runs) of the app, with one run in it, and a file that it was not trained on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_DATA", str(data))
        from ae_core.data.csv.source import Csv
        from ae_core.data.csv.uploads import keep_upload

        source = {"file": keep_upload(plant_csv(600, 3, 0, FAULT), "earlier.csv"), "smoothing_rows": 8}
        for _ in train_run(recipe(Csv(**source).table(), source, epochs=2), runs / "earlier"):
            pass
    (data / "later.csv").write_bytes(plant_csv(400, 3, 7))
    (data / "mine; decimal commas.csv").write_text(
        plant_csv(600, 3, 0, FAULT).decode().replace(",", ";").replace(".", ","), "utf-8"
    )
    return data, runs


@pytest.fixture(autouse=True)
def there(folders):
    """Before any page is opened."""


def scored(page, address, link="") -> None:
    page.goto(f"{address}/signals{link}")
    drawn(page)


def drawn(page, seconds=60) -> None:
    """Wait until the figure shows scores."""
    page.wait_for_function(
        "() => document.querySelector('.lx-sg')?.figures?.stretches && !document.querySelector('.lx-unscored')",
        timeout=seconds * 1000,
    )
    web.settled(page)


def figures(page) -> dict:
    web.next_frame(page)
    return page.evaluate("() => document.querySelector('.lx-sg').figures")


def upload(page, path) -> None:
    page.get_by_role("button", name=words.OPEN).click()
    page.locator("input[type=file]").set_input_files(path)
    page.wait_for_url(re.compile("file="))
    page.locator(".lx-unscored").wait_for()
    web.settled(page)


def drag(page, name, across, down=0.5):
    page.get_by_test_id(name).scroll_into_view_if_needed()
    box = page.get_by_test_id(name).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + down * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + across, box["y"] + down * box["height"], steps=6)


def agrees(page, found) -> dict:
    """What the page flags is what Python flags for the threshold that it shows."""
    now = figures(page)
    made = findings(found, Rule(now["rule"], now["amount"]))
    assert now["flagged"] == pytest.approx(made.flagged.sum(), abs=2)  # scores travel in single precision
    assert len(now["stretches"]) == pytest.approx(len(made.intervals), abs=1)
    return now


def test_the_threshold_flags_while_it_is_dragged_without_the_server(page, address):
    scored(page, address)
    found = load_detection(checkpoints()["plant-nested"] / DETECTION)
    before = agrees(page, found)
    box = page.get_by_test_id("threshold-slider").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.46 * box["width"], y)
    page.mouse.down()
    sent, flagged = len(page.messages), []
    for part in (0.3, 0.2, 0.1, 0.5, 0.9):
        page.mouse.move(box["x"] + part * box["width"], y, steps=3)
        flagged.append(agrees(page, found)["flagged"])
    assert flagged[2] > flagged[1] > flagged[0] > before["flagged"] > flagged[4]
    assert len(page.messages) == sent
    page.mouse.up()
    page.wait_for_url(re.compile("threshold="))
    web.answered(page)
    now = agrees(page, found)
    figures_now = findings(found, Rule(now["rule"], now["amount"])).figures
    page.wait_for_function(
        "t => document.querySelector('[data-testid=stTable]').innerText.includes(t)", arg=f"{figures_now['recall']:.3f}"
    )
    page.reload()  # the link restores it
    drawn(page)
    assert figures(page)["amount"] == now["amount"]


def test_from_the_upload_to_the_scores(page, address, folders):
    scored(page, address)
    upload(page, folders[0] / "mine; decimal commas.csv")
    assert not page.locator("input[type=file]").is_visible()  # the menu has closed
    page.get_by_text("decimal sign is ','").wait_for()
    page.get_by_role("spinbutton", name="epochs").fill("2")
    page.get_by_role("spinbutton", name="epochs").press("Enter")
    web.settled(page)
    page.get_by_role("button", name=words.TRAIN).click()
    page.wait_for_url(re.compile("run="))
    drawn(page)
    name = re.search("run=([^&]+)", page.url)[1]
    now = agrees(page, load_detection(folders[1] / name / DETECTION))
    assert any(stretch["start"] < 510 and stretch["end"] > 450 for stretch in now["stretches"])
    row = page.locator(".lx-row").nth(0)
    row.click()
    page.wait_for_url(re.compile("view="))
    web.answered(page)
    zoomed, worst = figures(page), max(now["stretches"], key=lambda stretch: stretch["peak"])
    assert zoomed["first"] <= worst["start"] < worst["end"] <= zoomed["last"]
    assert zoomed["last"] - zoomed["first"] < 600
    with page.expect_download() as download:
        page.get_by_role("button", name="Scores", exact=True).click()
    lines = download.value.path().read_text("utf-8").splitlines()
    assert lines[0].startswith("time,score,threshold,abnormal")
    assert len(lines) == 601
    assert sum(line.split(",")[3] == "1" for line in lines[1:]) == pytest.approx(now["flagged"], abs=1)


@pytest.mark.slow
def test_another_file_is_scored_with_an_earlier_run(page, address, folders):
    scored(page, address)
    upload(page, folders[0] / "later.csv")
    page.get_by_role("button", name="Score", exact=True).click()
    page.wait_for_url(re.compile("file=later.*run="))
    drawn(page)
    now = figures(page)
    assert (now["last"], len(now["stretches"]) < 10) == (400, True)  # it is a healthy plant
    page.get_by_role("button", name=words.TRAIN_ON_FILE).wait_for()


@pytest.mark.slow
def test_a_dragged_normal_stretch_and_the_labels_lead_on(page, address):
    scored(page, address, "?view=1900:2400")
    page.get_by_role("button", name=words.CALIBRATE).click()
    page.wait_for_url(re.compile("threshold=robust"))
    web.answered(page)
    now = figures(page)
    assert (now["rule"], now["first"], now["last"]) == ("robust", 1900, 2400)
    assert f"threshold=robust%3A{now['amount']:g}" in page.url or f"threshold=robust:{now['amount']:g}" in page.url
    page.get_by_text("against the labels of rows 1,900 to 2,399").wait_for()
    page.get_by_test_id("threshold-slider").scroll_into_view_if_needed()
    box = page.get_by_test_id("threshold-slider").bounding_box()  # and then the hand has it again
    page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2)
    page.wait_for_function("a => !decodeURIComponent(location.search).includes(`robust:${a}`)", arg=now["amount"])
    web.answered(page)
    assert figures(page)["amount"] != now["amount"]
    page.get_by_role("button", name="All", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*view=)"))
    web.answered(page)
    page.get_by_role("button", name=words.CHANGE).wait_for()
    drag(page, "normal-end", -200)
    page.mouse.up()
    page.get_by_role("button", name=words.USE_NORMAL).wait_for()
    normal = figures(page)["normal"]
    assert normal[1] < 1800
    page.get_by_role("button", name=words.USE_NORMAL).click()
    page.wait_for_url(re.compile("file="))
    page.locator(".lx-unscored").wait_for()
    web.settled(page)
    assert figures(page)["normal"] == normal
    page.get_by_text(f"Normal: rows 0 to {normal[1] - 1:,}").wait_for()
    drag(page, "normal-end", 100, 0.2)
    page.mouse.up()
    page.get_by_text(f"Normal: rows 0 to {normal[1] - 1:,}").wait_for(state="detached")
    assert figures(page)["normal"][1] > normal[1]


@pytest.mark.slow
def test_a_second_file_does_not_take_the_first_ones_normal_stretch(page, address, folders):
    scored(page, address)
    upload(page, folders[0] / "later.csv")
    drag(page, "normal-end", -200, 0.2)
    page.mouse.up()
    page.get_by_text("Normal: rows 0 to 239").wait_for(state="detached")
    page.get_by_role("button", name=words.OPEN).click()
    page.locator("input[type=file]").set_input_files(folders[0] / "mine; decimal commas.csv")
    page.wait_for_url(re.compile("file=mine"))
    page.get_by_text("Normal: rows 0 to 359").wait_for()


@pytest.mark.slow
def test_a_phone_has_nothing_beside_the_window(phone, address, folders):
    scored(phone, address)
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    top = phone.get_by_test_id("signal-lanes").bounding_box()
    assert top["y"] + top["height"] < 844
    upload(phone, folders[0] / "later.csv")
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
