"""Pictures and links to take along, a fresh start, the app in another page, and on paper."""

import io
import zipfile

import numpy as np
import pytest

from ..support.controls import SCENES
from .test_present import SEEN
from .test_ways import come

QUICK = ("explore",)
FIGURES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in SCENES if name != "runs"]


@pytest.mark.parametrize("scene", FIGURES)
def test_every_figure_is_kept_as_a_picture(address, page, scene):
    from PIL import Image

    come(page, address + SCENES[scene])
    with page.expect_download() as taken:
        page.get_by_test_id("picture").click()
    picture = Image.open(io.BytesIO(taken.value.path().read_bytes())).convert("RGB")
    box = page.locator(".lx-body:visible").first.bounding_box()
    assert taken.value.suggested_filename.endswith(".png")
    assert picture.width >= 2 * box["width"]
    assert len(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)) > 20  # not an empty sheet


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "held"),
    [("/runs?runs=digits-vae-2d", "encoder.onnx"), (SCENES["signals"], "detector.onnx")],
    ids=["runs", "signals"],
)
def test_a_run_goes_out_as_onnx(address, page, way, held):
    pytest.importorskip("onnx")
    come(page, address + way)
    button = page.get_by_role("button", name="ONNX").first
    button.wait_for()
    with page.expect_download(timeout=60_000) as taken:
        button.click()
    with zipfile.ZipFile(taken.value.path()) as archive:
        assert held in {name.split("/")[-1] for name in archive.namelist()}
        assert archive.testzip() is None


@pytest.mark.slow
def test_the_link_is_copied_and_a_fresh_start_forgets(address, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    come(page, f"{address}/?model=digits-vae-2d&backdrop=manifold")
    page.get_by_test_id("copy-link").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_test_id("afresh").click()
    page.wait_for_url(lambda url: "backdrop" not in url)
    page.wait_for_selector("[data-testid=latent-pad]")
    assert page.get_by_role("radio", name="Codes").get_attribute("aria-checked") == "true"


@pytest.mark.slow
def test_on_a_phone_link_picture_and_a_fresh_start_are_behind_one_button(address, phone):
    come(phone, f"{address}/?model=digits-vae-2d&backdrop=manifold")
    tools = [phone.get_by_test_id(name) for name in ("copy-link", "picture", "afresh", "present")]
    assert not any(tool.is_visible() for tool in tools)
    more = phone.get_by_test_id("more-tools")
    box = more.bounding_box()
    assert box["x"] + box["width"] <= 390
    assert box["y"] < 200
    more.click()
    assert all(tool.is_visible() for tool in tools)
    assert all(tool.bounding_box()["height"] >= 40 for tool in tools)  # for a finger
    phone.locator("h1").click()
    assert not any(tool.is_visible() for tool in tools)
    more.click()
    with phone.expect_download() as taken:
        tools[1].click()
    assert taken.value.suggested_filename.endswith(".png")
    tools[2].click()
    phone.wait_for_url(lambda url: "backdrop" not in url)


@pytest.mark.parametrize("scene", FIGURES)
def test_in_another_page_it_fits_its_frame(address, page, scene):
    page.set_viewport_size({"width": 900, "height": 650})
    come(page, f"{address}{SCENES[scene]}{'&' if '?' in SCENES[scene] else '?'}embed=true")
    page.wait_for_timeout(1200)
    seen = page.evaluate(SEEN)
    shown = {
        name: page.locator(name).first.is_visible() for name in (".lx-head", "[data-testid=stTopNav]", ".lx-present")
    }
    page.set_viewport_size({"width": 1440, "height": 900})
    assert (seen["over"], seen["beyond"]) == (0, 0)
    assert seen["figures"] >= 1
    assert not any(shown.values()), shown


@pytest.mark.parametrize(
    "scene", ["explore", *(pytest.param(p, marks=pytest.mark.slow) for p in ("train", "runs", "signals"))]
)
def test_on_paper_there_is_nothing_to_press(address, page, scene):
    come(page, address + SCENES[scene])
    page.emulate_media(media="print")
    pressed = page.evaluate(
        """() =>
          [
            ...document.querySelectorAll(
              '[data-testid=stHeader], [data-testid=stButton], [data-testid=stPopover],' +
                '[data-testid=stDownloadButton], [data-testid=stFileUploader], .lx-button, .lx-present, .lx-first',
            ),
          ]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1)
            .map((e) => e.className)"""
    )
    figures = page.locator(".lx-body:visible, [data-testid=stPlotlyChart]").count()
    page.emulate_media(media="screen")
    assert pressed == []
    assert figures >= 1
