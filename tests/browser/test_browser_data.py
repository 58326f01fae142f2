"""Your data, by hand: what is drawn, dropped or pasted goes in, is mapped, and follows the dot."""

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch

from ae_core import read_checkpoint, train_run
from ae_core.anomaly.samples import detector_recipe, score_samples, scores_csv
from ae_core.data.samples.source import Samples
from pages.sections.data.examples import example

from ..support import browser as web
from ..support import own_data

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
    web.until(page, use.is_disabled)
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


@pytest.fixture(scope="module")
def pulses(runs, data):
    return own_data.make("pulses", runs, data)


def test_a_pasted_row_lands_on_the_map_where_torch_says(page, address, pulses, runs):
    web.ready(page, f"{address}/?model={pulses.map}&draw=1")
    page.wait_for_selector(f"[data-lx-received='{pulses.map}:encoder']", state="attached", timeout=30_000)
    line = example("pulses")[0].decode().splitlines()[7]
    page.get_by_role("button", name="Use a sample of your own").click()
    page.get_by_label("Paste its 100 numbers").fill(line)
    page.keyboard.press("Control+Enter")
    web.until(page, lambda: page.get_by_test_id("landing").get_attribute("data-mu"))
    page.keyboard.press("Escape")
    checkpoint = read_checkpoint(runs / pulses.map)
    x = (np.array([float(v) for v in line.split(",")[:-1]]) - checkpoint.display.centre[0]) / checkpoint.display.spread[
        0
    ]
    model = checkpoint.model()
    with torch.no_grad():
        mu = model.encode(torch.from_numpy(x.astype(np.float32))[None, None])
        x_hat = model.decode(mu).flatten().numpy()
    found = [float(v) for v in page.get_by_test_id("landing").get_attribute("data-mu").split(",")]
    np.testing.assert_allclose(found, mu[0], atol=1e-4, rtol=1e-4)
    for name, wanted in (("drawn", x), ("reconstruction", x_hat)):
        shown = page.get_by_test_id(name).evaluate("c => [...c.values]")
        np.testing.assert_allclose(shown, wanted, atol=1e-4)
    assert "of held-out samples have" in page.get_by_test_id("drawn-error").inner_text()
    page.get_by_test_id("go-there").click()
    web.until(page, lambda: "z=" in page.url and "drawn=" in page.url)
    page.reload()  # the link carries the row
    web.until(page, lambda: page.get_by_test_id("landing").get_attribute("data-mu"))
    again = [float(v) for v in page.get_by_test_id("landing").get_attribute("data-mu").split(",")]
    np.testing.assert_allclose(again, mu[0], atol=5e-3)  # half precision


def test_a_drawn_signal_lands_on_the_map_as_the_hand_moves(page, address, pulses, runs):
    web.ready(page, f"{address}/?model={pulses.map}&draw=1")
    page.wait_for_selector(f"[data-lx-received='{pulses.map}:encoder']", state="attached", timeout=30_000)
    pad = page.get_by_test_id("draw-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert page.locator(".lx-paper.lx-blank").count() == 1
    sent = len(page.messages)
    at = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in ((0.2, 0.7), (0.5, 0.2), (0.9, 0.7))]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=8)
        web.next_frame(page, 1)
    web.until(page, lambda: page.get_by_test_id("landing").get_attribute("data-mu"))
    assert len(page.messages) == sent  # nothing follows the hand to the server
    page.mouse.up()
    x = np.array(page.get_by_test_id("drawn").evaluate("c => [...c.values]"))
    assert 40 < x.argmax() < 55  # of 100: the pad's axis begins behind its labels
    assert (np.diff(x[: x.argmax()]) >= 0).all()
    assert (np.diff(x[x.argmax() :]) <= 0).all()
    model = read_checkpoint(runs / pulses.map).model()
    with torch.no_grad():
        mu = model.encode(torch.from_numpy(x.astype(np.float32))[None, None])[0]
    found = [float(v) for v in page.get_by_test_id("landing").get_attribute("data-mu").split(",")]
    np.testing.assert_allclose(found, mu, atol=1e-4, rtol=1e-4)
    web.until(page, lambda: "drawn=" in page.url)
    page.get_by_test_id("clear-sheet").click()
    web.until(page, lambda: "drawn=" not in page.url)


@pytest.fixture(scope="module")
def detector(pulses, runs, data):
    """A detector of the red pulses, which are normal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_DATA", str(data))
        origin = Samples(file=pulses.file, normal_class="red")
        config = detector_recipe(origin, origin.prepare(), hidden=(16,), epochs=3, device="cpu")
        for _ in train_run(config, runs / "pulses-detector"):
            pass
        return score_samples(read_checkpoint(runs / "pulses-detector"), origin)


def test_the_threshold_of_abnormal_samples_follows_the_hand(page, address, pulses, detector):
    page.goto(f"{address}/data?hints=off&file={pulses.file}&normal=red")
    chart = page.get_by_test_id("score-histogram")
    web.until(page, lambda: chart.count() and chart.bounding_box())
    web.settled(page)
    chart.scroll_into_view_if_needed()
    told, table = page.get_by_test_id("score-words"), page.locator(".lx-scores tbody tr").first.locator("td")

    def check(quantile: float) -> None:
        above = int(detector.flagged(detector.network, quantile).sum())
        assert told.inner_text().startswith(f"{above} of 600 samples lie above")
        judged = detector.judge(detector.network, quantile)
        shown = [float(text.rstrip("%").replace("–", "nan")) for text in table.all_inner_texts()]
        wanted = [*(100 * share for share in judged[:3]), *judged[3:5]]
        assert all(text.endswith("%") or text == "–" for text in table.all_inner_texts()[:3])
        np.testing.assert_allclose(shown[:3], wanted[:3], atol=0.0501)  # a digit
        np.testing.assert_allclose(shown[3:], wanted[3:], atol=0.000501)

    check(0.95)
    box, sent = chart.bounding_box(), len(page.messages)
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 40)
    page.mouse.down()
    said = set()
    for n in range(10):
        page.mouse.move(box["x"] + (0.85 - 0.05 * n) * box["width"], box["y"] + 40)
        web.next_frame(page)
        said.add(told.inner_text())
    assert len(said) > 3
    assert len(page.messages) == sent
    page.mouse.up()
    web.until(page, lambda: "threshold=" in page.url)
    check(float(parse_qs(urlsplit(page.url).query)["threshold"][0]))
    page.get_by_test_id("score-slider").focus()
    page.keyboard.press("End")
    web.until(page, lambda: "threshold=0.999" in page.url)
    check(0.999)
    with page.expect_download() as download:
        page.get_by_role("button", name="Scores as CSV").click()
    assert download.value.path().read_text() == scores_csv(detector, 0.999)


@pytest.fixture(scope="module", params=own_data.KINDS)
def own(request, runs, data):
    return request.param, own_data.make(request.param, runs, data)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "shape", "classes"), [("photographs", 3, 4), ("scans", 1, 10)])
def test_a_zip_of_pictures_is_dragged_as_torch_has_it(page, address, runs, data, kind, shape, classes):
    own = own_data.make(kind, runs, data)
    checkpoint = read_checkpoint(runs / own.map)
    assert checkpoint.shape[0] == shape
    assert len(checkpoint.classes) == classes
    web.ready(page, f"{address}/?model={own.map}")
    web.settled(page)
    model, sent = checkpoint.model(), len(page.messages)
    box = page.get_by_test_id("latent-pad").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    fresh = 0
    for n in range(30):  # a move a frame, each of which is to bring a picture
        before = page.get_by_test_id("latent-pad").evaluate("p => p.latentStats.frames")
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.012 * n), box["y"] + box["height"] * (0.7 - 0.01 * n))
        web.next_frame(page)
        fresh += page.get_by_test_id("latent-pad").evaluate("p => p.latentStats.frames") > before
        if n % 10 == 9:
            z = [float(v) for v in page.get_by_test_id("latent-pad").get_attribute("data-z").split(",")]
            with torch.no_grad():
                wanted = model.decode(torch.tensor([z])).numpy().ravel()
            np.testing.assert_allclose(page.get_by_test_id("decoded").evaluate("c => [...c.values]"), wanted, atol=1e-4)
    assert fresh >= 27
    assert len(page.messages) == sent
    page.mouse.up()
    colours = page.get_by_test_id("decoded").evaluate(
        """c => new Set([...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]
          .filter((_, i) => i % 4 < 3)).size"""
    )
    assert colours > 8


WORDS = re.compile(r"\bdigits?\b", re.IGNORECASE)
INKED = """() => [...document.querySelectorAll('[data-testid=stMain] canvas')].filter((c) => c.checkVisibility()
  && c.getBoundingClientRect().width > 4 && !c.closest('.lx-blank') && c.dataset.testid !== 'band'
  && c.getAttribute('aria-hidden') !== 'true')
  .filter((c) => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
    return d.every((v, i) => v === d[i % 4]); }).map((c) => c.dataset.testid ?? c.className)"""


def check_page(page, address, path: str, ready: str, digits: bool = False) -> None:
    """The page has what is waited for, no empty canvas, no word about digits, no error."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/{path}{'&' if '?' in path else '?'}hints=off")
    page.wait_for_selector(ready, timeout=60_000)
    web.settled(page)
    empty: list[str] = []
    for _ in range(60):
        if not (empty := page.evaluate(INKED)):
            break
        page.wait_for_timeout(100)
    assert empty == [], path
    text = page.locator("[data-testid=stMain]").inner_text()
    if not digits:
        assert WORDS.findall(text) == [], text
    assert page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
    assert errors == []


@pytest.mark.slow
def test_every_page_with_six_data_sets(page, address, own):
    kind, (file, first, sizes) = own

    def check(path: str, ready: str) -> None:
        check_page(page, address, path, ready, digits=kind == "digits")

    check(f"data?file={file}", "text=What was found")
    check(f"?model={first}", "[data-testid=decoded]")
    check(f"bottleneck?model={sizes}", "[data-testid=bottleneck-slider]")
    for mode in ("morph", "corners", "arithmetic", "traversals", "samples"):
        if (kind, mode) == ("unlabelled", "arithmetic"):  # there is nothing to subtract, and the page says so
            page.goto(f"{address}/interpolate?model={first}&mode={mode}&hints=off")
            page.wait_for_selector("[data-testid=stMain] [data-testid=stAlert]")
            continue
        check(f"interpolate?model={first}&mode={mode}", "[data-testid=stMain] canvas:visible")
    for variant in ("vae", "nested"):
        check(f"variants?of={file}&variant={variant}", "[data-testid=stMain] canvas:visible")
    check(f"runs?runs={first}", "[data-testid=stMain] canvas:visible")
    check(f"train?run={first}", "[data-testid=epoch-slider]")
    offered = f"playground?data=samples&file={file}"  # whose menu of data names the digits
    check_page(page, address, offered, "[data-testid=playground][data-error]", digits=True)
