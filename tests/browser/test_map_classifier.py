"""The classifier's bars on Explore: as torch has them, in every frame of a drag, and kept by the link."""

import numpy as np
import torch

from ae_core.training.classifier import load_classifier

from ..support import browser as web
from ..support.pad_hands import PAD, drag

MODEL = "digits-vae-2d"
SHOWN = "() => document.querySelector('[data-testid=opinion]')?.dataset.shares"


def test_the_bars_follow_the_dot_without_a_message_and_the_link_keeps_them(address, page):
    web.ready(page, f"{address}/?model={MODEL}")
    web.settled(page)
    assert page.get_by_test_id("opinion").is_hidden()
    page.get_by_test_id("classifier").click()
    page.wait_for_function(SHOWN, timeout=60_000)
    web.settled(page)
    classifier, before, seen = load_classifier("digits", 64, 10), len(page.messages), []

    def look():
        shares = page.get_by_test_id("opinion").get_attribute("data-shares")
        values = page.locator("[data-testid=decoded]").evaluate("c => [...c.values]")
        with torch.no_grad():
            wanted = classifier(torch.tensor([values], dtype=torch.float32)).softmax(1)[0].numpy()
        np.testing.assert_allclose([float(share) for share in shares.split(",")], wanted, atol=1e-4)
        assert len(page.messages) == before
        seen.append(int(wanted.argmax()))

    for end in ((0.3, 0.5), (0.6, 0.4), (0.5, 0.7)):
        before = len(page.messages)
        drag(page, [(0.5, 0.5), end], during=look)
        web.settled(page)
    assert len(set(seen)) > 1
    text = page.get_by_test_id("opinion").inner_text()
    assert f"The classifier sees {seen[-1]}" in text
    page.locator(".st-key-otherwise .lx-strip figure").nth(6).wait_for(timeout=30_000)
    page.locator(".st-key-otherwise").evaluate("element => element.scrollIntoView()")  # what the server alone knows
    page.locator(".st-key-otherwise").get_by_text(f"From {seen[-1]} to").wait_for(timeout=30_000)
    web.until(page, lambda: "classifier=1" in page.url)
    web.ready(page, page.url)
    page.wait_for_function(SHOWN, timeout=60_000)
    assert page.get_by_test_id("classifier").get_attribute("aria-pressed") == "true"
    page.get_by_test_id("classifier").click()
    page.locator(PAD).wait_for()
    assert page.get_by_test_id("opinion").is_hidden()


def test_what_it_sees_is_a_backdrop_for_the_part_in_view(address, page):
    web.ready(page, f"{address}/?model={MODEL}&backdrop=verdict&zoom=0.5,0.5,2")
    page.get_by_text("What the classifier sees at each place").wait_for(timeout=60_000)
    web.still(page)
    colours = page.locator(".lx-backdrop").evaluate("""(c) => {
      const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
      const found = new Set();
      for (let i = 0; i < data.length; i += 4) found.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2]);
      return found.size;
    }""")
    assert colours > 50
    assert "backdrop=verdict" in page.url
