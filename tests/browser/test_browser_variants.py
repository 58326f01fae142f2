"""The live figures of the Variants page in a real browser: equal to torch, silent until release, usable by keys and on
a phone.
"""

import base64

import numpy as np
import pytest
import torch

from ae_core import Config, LatentError, train_run
from ae_core.model.metrics import clamped
from pages.sections.variants import words
from pages.sections.variants.figures import FIGURES, OF
from pages.sections.variants.models import BETAS
from pages.session.models import load_model, names

from ..support import browser as web
from ..support.lessons import axe
from ..support.steps import evaluated

SMALL = {"data": "digits", "k": 4, "hidden": (24,), "epochs": 4, "batch_size": 32, "lr": 2e-3}
RUNS = {
    "small-linear": {"variant": "linear", "epochs": 30, "lr": 0.02},
    "small-deep": {"variant": "deep"},
    "small-denoising": {"variant": "denoising"},
    "small-masked": {"variant": "masked", "sockets": {"patch": 2}},
    "small-sparse": {"variant": "sparse", "k": 12},
    "small-contractive": {"variant": "contractive"},
    "small-cvae": {"variant": "cvae", "k": 2},
    "small-vqvae": {
        "variant": "vqvae",
        "network": "conv",
        "hidden": (8,),
        "k": 32,
        "sockets": {"codes": 8, "code_size": 2},
    },
    f"{BETAS}small-1": {"variant": "vae", "k": 2, "sockets": {"beta": 1.0}},
    f"{BETAS}small-4": {"variant": "vae", "k": 2, "sockets": {"beta": 4.0}},
}
FIGURE = ".lx-var"
DECODED = '[data-testid="decoded"]'
QUICK = {"vqvae", "vae"}  # tokens and a code, what all others have too


@pytest.fixture(scope="module")
def trained(runs, digits):
    """Small runs, one of each kind: where no checkpoint ships they are shown."""
    for name, about in RUNS.items():
        for _ in train_run(Config(**{**SMALL, **about}), runs / name, digits):
            pass
    return runs


@pytest.fixture(scope="module")
def here(address, trained):
    return address


@pytest.fixture(autouse=True)
def same_runs(monkeypatch, trained):
    monkeypatch.setenv("LATENT_RUNS", str(trained))


def opened(page, here, variant, kind, link=""):
    """The models of the figure, which has drawn."""
    page.goto(f"{here}/variants?variant={variant}&figure={kind}{link}")
    drawn(page)
    return models(variant, kind)


def drawn(page):
    """Wait until the figure has drawn, and the server has nothing more to say."""
    page.wait_for_function("() => document.querySelector('[data-testid=decoded]')?.values", timeout=60_000)
    web.settled(page, 100)


def models(variant, kind):
    """What is shown in a figure, by its part in it."""
    return {role: load_model(name) for role, name in FIGURES[kind].roles(names(None, first=""), variant).items()}


def values(page, testid):
    return np.array(page.get_by_test_id(testid).first.evaluate("c => [...c.values]"), np.float32)


def of(page, key):
    return page.get_by_test_id("figure").evaluate("(f, key) => f.dataset[key]", key)


def z_of(page):
    return torch.tensor([[float(number) for number in of(page, "z").split(",")]])


def label_of(page, item):
    """The class that a model is told, where it is told one."""
    return torch.tensor([int(page.get_by_test_id("class").input_value())]) if item.model.n_classes else None


def alike(page, testid, expected):
    """A canvas' floats and grey levels against torch's picture; of a signal, which is lines, the floats."""
    grey, floats = web.picture(page.get_by_test_id(testid).first)
    lines, expected = expected.ndim == 3, expected.flatten().numpy()
    assert np.abs(floats - expected).max() < 2e-4
    if lines:
        return
    assert np.abs(grey.ravel() / 255 - expected.clip(0, 1)).max() <= 1 / 255


def drag(page, element, start, end, steps=12):
    """Drag between two places (shares of width and height); how many messages went out before the release."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()

    def at(place):
        return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]

    page.mouse.move(*at(start))
    before = len(page.messages)
    page.mouse.down()
    for n in range(steps):
        page.mouse.move(*at([a + (b - a) * (n + 1) / steps for a, b in zip(start, end, strict=True)]))
        web.next_frame(page, 1)
    web.next_frame(page)
    count = len(page.messages) - before
    page.mouse.up()
    return count


@pytest.mark.parametrize(
    "variant", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in OF]
)
def test_what_is_drawn_is_torchs_and_fits_every_screen(here, page, variant):
    wanted = set()
    for kind in OF[variant]:
        if not wanted:  # the first by its link, the others as a person comes to them
            items = opened(page, here, variant, kind)
        else:
            page.locator(".st-key-variants-figure").get_by_text(words.FIGURES[kind], exact=True).click()
            page.wait_for_function("kind => new URLSearchParams(location.search).get('figure') === kind", arg=kind)
            drawn(page)
            items = models(variant, kind)
        item = items.get(of(page, "role") or "") or next(iter(items.values()))
        with torch.no_grad():
            if kind == "tokens":
                tokens = torch.tensor([int(t) for t in of(page, "tokens").split(",")]).view(1, *item.model.grid)
                alike(page, "decoded", item.model.decode_tokens(tokens))
            elif kind == "contraction":
                x = torch.tensor(values(page, "decoded")).view(1, *item.model.shape)
                np.testing.assert_allclose(z_of(page).numpy(), item.model.encode(x).numpy(), atol=1e-3)
            else:
                y = torch.tensor([0]) if kind in ("classes", "signal-classes") else label_of(page, item)
                alike(page, "decoded", item.model.decode(z_of(page), y=y))
        # No other model is sent, and each of these with its encoder where there is one for the page.
        wanted = {
            name
            for i in items.values()
            for name in [i.checkpoint.name, *([f"{i.checkpoint.name}:encoder"] if i.encodes else [])]
        }
        received = "() => [...document.querySelectorAll('[data-lx-received]')].map(e => e.dataset.lxReceived)"
        assert set(page.evaluate(received)) == wanted
        if kind == OF[variant][0]:
            box = page.locator(DECODED).first.bounding_box()
            assert box["y"] + box["height"] <= 900  # in the first screen
        page.set_viewport_size({"width": 390, "height": 844})
        web.next_frame(page, 3)  # until the figure has taken the new size
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        body = page.get_by_test_id("figure").bounding_box()
        assert body["x"] >= 0
        assert body["x"] + body["width"] <= 390
        page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize(
    ("variant", "kind"),
    [
        ("denoising", "noise"),
        ("denoising", "signal-noise"),
        ("masked", "mask"),
        ("vae", "rebuild"),
        ("sparse", "rebuild"),
    ],
)
def test_both_networks_rebuild_what_is_seen(here, page, variant, kind):
    items = opened(page, here, variant, kind)
    clean = torch.tensor(values(page, "input"))
    x = torch.tensor(values(page, "seen")) if kind != "rebuild" else clean
    for role, item in items.items():
        testid = "decoded" if role == "variant" else role
        with torch.no_grad():
            made = item.model.reconstruct(x.view(1, *item.model.shape))
        alike(page, testid, made)
        error = float((clamped(made, item.model.range).flatten() - clean).square().sum())
        assert float(page.get_by_test_id(f"{testid}-error").inner_text()) == pytest.approx(error, abs=0.06)


def test_noise_is_as_it_says_and_nothing_is_sent_before_release(here, page):
    (item, *_) = opened(page, here, "denoising", "noise").values()
    slider = page.get_by_test_id("amount")
    assert drag(page, slider, (0.3, 0.5), (0.8, 0.5)) == 0
    page.wait_for_function("() => location.search.includes('amount=')")
    amount, clean, seen = float(slider.input_value()), values(page, "input"), values(page, "seen")
    assert amount > 0.6
    assert (seen - clean).std() == pytest.approx(amount, rel=0.25)
    with torch.no_grad():
        alike(page, "decoded", item.model.reconstruct(torch.tensor(seen).view(1, *item.model.shape)))
    page.get_by_role("radio", name="masking").click()
    page.wait_for_function("() => location.search.includes('kind=masking')")
    seen = values(page, "seen")
    assert set(np.unique(seen - clean)) <= {0.0, *(-clean).tolist()}
    before = values(page, "seen")
    page.reload()
    drawn(page)
    np.testing.assert_array_equal(values(page, "seen"), before)  # the link restores the very noise


def test_epsilon_is_dragged(here, page):
    (item,) = opened(page, here, "vae", "epsilon").values()
    with torch.no_grad():
        mu, logvar = item.model.posterior(torch.tensor(values(page, "input")).view(1, *item.model.shape))
    assert drag(page, page.get_by_test_id("latent-pad"), (0.5, 0.5), (0.25, 0.7)) == 0
    page.wait_for_function("() => location.search.includes('e1=')")
    epsilon = torch.tensor([[(2 * 0.25 - 1) * 3.5, (1 - 2 * 0.7) * 3.5]])
    np.testing.assert_allclose(z_of(page), mu + (logvar / 2).exp() * epsilon, atol=0.05)
    with torch.no_grad():
        alike(page, "decoded", item.model.decode(z_of(page)))
    kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum()
    assert float(page.get_by_test_id("kl").inner_text().split()[0]) == pytest.approx(float(kl), abs=0.03)
    page.get_by_test_id("latent-pad").focus()
    before = z_of(page)
    with web.redrawn(page, FIGURE):
        page.keyboard.press("ArrowRight")
    assert (z_of(page) - before)[0, 0] > 0


SHOWN = """() => {
  const steps = [...document.querySelectorAll('[data-testid=computation] [data-step]')];
  const outputs = [...document.querySelectorAll('[data-testid=computation] [data-testid^=step-]')];
  return {
    lines: Object.fromEntries(steps.map((e) => [e.dataset.step, e.querySelector('code').innerText])),
    texts: Object.fromEntries(outputs.map((e) => [e.dataset.testid.slice(5), e.innerText])),
    h: [...document.querySelector('[data-testid=hidden]').values],
    epsilon: [1, 2].map((i) => Number(document.querySelector(`[data-testid=e${i}]`).value)),
  };
}"""


def shown_is_torchs(page, item):
    """The numbers of the open computation against its lines, executed."""
    shown = page.evaluate(SHOWN)
    epsilon, x = torch.tensor([shown["epsilon"]]), torch.tensor(values(page, "input")).view(1, *item.model.shape)
    made = evaluated(shown["lines"], item.model, x, epsilon)

    def last(name):
        return float(shown["texts"][name].replace("−", "-").removesuffix(" nats").split()[-1])

    for name in ("mu", "logvar", "sigma", "z", "kl", "d_mu", "d_logvar"):
        for i in (1, 2):
            assert last(f"{name}{i}") == pytest.approx(float(made[name][0, i - 1]), abs=2e-3), name
    assert last("kl-sum") == pytest.approx(float(made["kl"].sum()), abs=2e-3)
    for name in ("reconstruction", "loss"):
        assert last(name) == pytest.approx(float(made[name]), rel=1e-4), name
    np.testing.assert_allclose(shown["h"], made["h"][0], atol=1e-4)
    np.testing.assert_allclose(values(page, "step-x_hat"), made["x_hat"].flatten(), atol=1e-4)
    return shown


def test_the_numbers_behind_the_vae_are_what_their_lines_compute(here, page):
    (item,) = opened(page, here, "vae", "epsilon", "&e1=1.5").values()
    computation = page.get_by_test_id("computation")
    assert not computation.is_visible()
    page.get_by_test_id("numbers").click()
    page.wait_for_function("() => location.search.includes('numbers=1')")
    before = shown_is_torchs(page, item)
    assert before["epsilon"] == [1.5, 0.5]
    assert drag(page, page.get_by_test_id("e1"), (0.5, 0.5), (0.2, 0.5)) == 0
    after = shown_is_torchs(page, item)
    assert after["epsilon"][0] < -1.5
    assert after["texts"]["loss"] != before["texts"]["loss"]
    assert after["texts"]["kl1"] == before["texts"]["kl1"]  # ε has no part in it
    with web.redrawn(page, FIGURE):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(SHOWN)["epsilon"][0] == pytest.approx(after["epsilon"][0] + 0.05)
    assert axe(page, ".lx-var") == []


@pytest.mark.slow
def test_the_numbers_come_by_link_and_by_touch_on_a_phone(here, phone):
    (item,) = opened(phone, here, "vae", "epsilon", "&numbers=1&e1=0&e2=0").values()
    shown_is_torchs(phone, item)
    assert axe(phone, ".lx-var") == []
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    slider = phone.get_by_test_id("e2")
    slider.scroll_into_view_if_needed()
    box, before = slider.bounding_box(), len(phone.messages)
    touch = phone.context.new_cdp_session(phone)
    for kind, x in (("touchStart", 0.5), ("touchMove", 0.6), ("touchMove", 0.9)):
        point = {"x": box["x"] + x * box["width"], "y": box["y"] + 0.5 * box["height"]}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        web.next_frame(phone)
    assert shown_is_torchs(phone, item)["epsilon"][1] > 1.5
    assert len(phone.messages) == before
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for_function("() => /e2=[123]/.test(location.search)")
    with web.redrawn(phone, FIGURE):  # another digit has other numbers
        phone.get_by_test_id("next").click()
    shown_is_torchs(phone, item)
    phone.get_by_test_id("numbers").click()
    phone.wait_for_function("() => !location.search.includes('numbers=')")
    assert not phone.get_by_test_id("computation").is_visible()


@pytest.mark.slow
def test_every_class_in_one_style(here, page):
    (item,) = opened(page, here, "cvae", "classes").values()
    assert drag(page, page.get_by_test_id("latent-pad"), (0.5, 0.5), (0.7, 0.4)) == 0
    z = z_of(page)
    assert z.abs().max() > 0.1
    for c in range(10):
        with torch.no_grad():
            alike(page, "decoded" if c == 0 else f"class-{c}", item.model.decode(z, y=torch.tensor([c])))
    with web.redrawn(page, FIGURE):
        page.get_by_test_id("copy").click()
    x, y = torch.tensor(values(page, "input")).view(1, *item.model.shape), label_of(page, item)
    with torch.no_grad():
        np.testing.assert_allclose(z_of(page), item.model.encode(x, y), atol=1e-3)


@pytest.mark.slow
def test_every_class_of_signals_in_one_style(here, page):
    (item,) = opened(page, here, "cvae", "signal-classes").values()
    assert len(item.model.shape) == 2
    assert drag(page, page.get_by_test_id("latent-pad"), (0.5, 0.5), (0.7, 0.4)) == 0
    z = z_of(page)
    assert z.abs().max() > 0.1
    for c in range(item.model.n_classes):
        testid = "decoded" if c == 0 else f"class-{c}"
        with torch.no_grad():
            alike(page, testid, item.model.decode(z, y=torch.tensor([c])))
        assert page.get_by_test_id(testid).evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
        )
    with web.redrawn(page, FIGURE):
        page.get_by_test_id("copy").click()
    x, y = torch.tensor(values(page, "input")).view(1, *item.model.shape), label_of(page, item)
    with torch.no_grad():
        np.testing.assert_allclose(z_of(page), item.model.encode(x, y), atol=1e-3)


def test_a_token_is_replaced(here, page):
    (item,) = opened(page, here, "vqvae", "tokens").values()
    own = [int(t) for t in of(page, "tokens").split(",")]
    with torch.no_grad():
        x = torch.tensor(values(page, "input")).view(1, *item.model.shape)
        assert own == item.model.tokens(x).flatten().tolist()
    page.get_by_test_id("token").nth(5).click()
    other = (own[5] + 3) % len(item.model.codebook)
    page.get_by_test_id("code").nth(other).click()
    page.wait_for_function("() => location.search.includes('edits=5-')")
    tokens = [int(t) for t in of(page, "tokens").split(",")]
    assert tokens == [*own[:5], other, *own[6:]]
    with torch.no_grad():
        alike(page, "decoded", item.model.decode_tokens(torch.tensor(tokens).view(1, *item.model.grid)))
    with web.redrawn(page, FIGURE):
        page.get_by_test_id("reset").click()
    assert [int(t) for t in of(page, "tokens").split(",")] == own


def test_only_the_strongest_units_are_used(here, page):
    (item,) = opened(page, here, "sparse", "units").values()
    slider = page.get_by_test_id("n")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    web.next_frame(page)
    n = int(slider.input_value())
    with torch.no_grad():
        z = item.model.encode(torch.tensor(values(page, "input")).view(1, *item.model.shape))[0]
    kept = torch.zeros_like(z)
    kept[z.topk(n).indices] = z.topk(n).values
    np.testing.assert_allclose(z_of(page)[0], kept, atol=1e-3)


def test_a_mask_is_painted(here, page):
    (item, *_) = opened(page, here, "masked", "mask").values()
    with web.redrawn(page, FIGURE):
        page.get_by_role("button", name="nothing", exact=True).click()
    np.testing.assert_array_equal(values(page, "seen"), values(page, "input"))
    sheet = page.get_by_test_id("seen")
    assert drag(page, sheet, (0.05, 0.05), (0.95, 0.05), steps=30) == 0
    _, height, width = item.model.shape
    side = item.model.corrupt.patch
    seen, clean = values(page, "seen").reshape(height, width), values(page, "input").reshape(height, width)
    assert (seen[:side] == 0).all()
    np.testing.assert_array_equal(seen[side:], clean[side:])
    page.wait_for_function("() => location.search.includes('mask=1')")


@pytest.mark.slow
def test_the_holes_walk_together(here, page):
    items = opened(page, here, "deep", "holes")
    assert drag(page, page.get_by_test_id("latent-pad"), (0.5, 0.5), (0.2, 0.3)) == 0
    for role, item in items.items():
        box = item.box
        z = torch.tensor(
            np.array(
                [box.low[0] + 0.2 * (box.high[0] - box.low[0]), box.low[1] + 0.7 * (box.high[1] - box.low[1])],
                np.float32,
            )
        )[None]
        with torch.no_grad():
            back = item.model.encode(item.model.decode(z))
        away = float(np.linalg.norm(((back - z).numpy() / (box.high - box.low))[0]))
        assert float(page.get_by_test_id(f"drift-{role}").inner_text().split()[0]) == pytest.approx(100 * away, abs=1.0)


@pytest.mark.slow
def test_another_digit_by_button_key_and_pencil(here, page):
    (item, *_) = opened(page, here, "denoising", "rebuild").values()
    first = values(page, "input")
    page.get_by_test_id("next").click()
    page.wait_for_function("() => location.search.includes('sample=3')")
    assert np.abs(values(page, "input") - first).max() > 0.3
    page.get_by_test_id("input").focus()
    with web.redrawn(page, FIGURE):
        page.keyboard.press("ArrowLeft")
    np.testing.assert_array_equal(values(page, "input"), first)
    with web.redrawn(page, FIGURE):
        page.get_by_test_id("draw").click()
    pad = page.get_by_test_id("draw-pad")
    assert drag(page, pad, (0.5, 0.15), (0.5, 0.85)) == 0
    page.wait_for_function("() => location.search.includes('drawn=')")
    drawn = base64.urlsafe_b64decode(page.url.split("drawn=")[1].split("&")[0].replace("%3D", "="))
    x = torch.tensor(np.frombuffer(drawn, np.uint8).astype(np.float32) / 255).view(1, *item.model.shape)
    with torch.no_grad():
        alike(page, "decoded", item.model.reconstruct(x))


def test_models_are_found_by_name():
    with pytest.raises(LatentError, match="no model"):
        load_model("small-nothing")
