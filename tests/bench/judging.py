"""How long a judgement takes to be seen: a key on a flagged stretch of a table of 200,000 rows and 10 channels, until
the frame that shows it is drawn; and how long Python takes to have written it.

A run is trained for a moment on the table's first rows, with a fault every thousand rows; flags are judged by keys, one
after the other, each with what follows from it.
"""

import tempfile
import time
from pathlib import Path
from unittest import mock

import numpy as np

from ae_core import train_run
from ae_core.anomaly.recipe import recipe
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import keep_upload
from ae_core.data.sensors import plant

from ..support import browser as web
from .drag import median

ROWS, CHANNELS = 200_000, 10
KEYS = "fnl" * 10
# From the key to the task after the frame that was drawn because of it: what was drawn is then with the compositor.
# That frame is asked for here before the figure asks for it, and what is shown by then is looked at.
WATCH = """() => {
  window.took = [];
  const place = document.querySelector('.lx-sg');
  const judged = () => place.querySelector('[data-testid=judge-count]').textContent;
  addEventListener('keydown', ({ timeStamp }) => {
    const before = judged();
    requestAnimationFrame(() => {
      const drawn = new MessageChannel();
      drawn.port1.onmessage = () => window.took.push(judged() !== before ? performance.now() - timeStamp : Infinity);
      drawn.port2.postMessage(0);
    });
  }, true);
}"""


def table() -> bytes:
    """A plant with a fault every thousand rows, after its first tenth."""
    rng = np.random.default_rng(0)
    values = plant(ROWS, CHANNELS, seed=0)[0]
    for start in range(ROWS // 10, ROWS - 100, 1000):
        values[start : start + 40, rng.integers(CHANNELS)] += rng.uniform(2, 6)
    heading = ",".join(f"c{n}" for n in range(CHANNELS))
    return "\n".join([heading, *(",".join(f"{value:.5g}" for value in row) for row in values)]).encode()


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"LATENT_RUNS": str(folder / "runs"), "LATENT_DATA": str(folder)}
        with mock.patch.dict("os.environ", environment):
            source = {"file": keep_upload(table(), "plant.csv"), "normal": f"0:{ROWS // 10}"}
            for _ in train_run(recipe(Csv(**source).table(), source, epochs=1), folder / "runs" / "plant"):
                pass
        with web.app(environment) as address, web.browser() as browser:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/signals?run=plant&hints=off")
            page.wait_for_function(
                "() => document.querySelector('.lx-sg')?.figures?.stretches?.length", timeout=120_000
            )
            web.settled(page)
            flags = page.evaluate("() => document.querySelector('.lx-sg').figures.stretches.length")
            page.get_by_test_id("stretch-table").focus()
            page.keyboard.press("ArrowDown")
            web.settled(page)
            page.evaluate(WATCH)
            written = []
            for key in KEYS:
                began = time.perf_counter()
                page.keyboard.press(key)
                web.until(page, lambda: page.evaluate("() => document.querySelector('.lx-sg').figures.waiting") == 0)
                written.append(time.perf_counter() - began)
            took = sorted(page.evaluate("() => window.took"))
            judged = page.evaluate("() => document.querySelector('.lx-sg').figures.judged.length")
            assert judged == len(KEYS) == len(took), (judged, len(took))
            return {
                "rows": ROWS,
                "flags": flags,
                "key_to_screen_ms": median(took),
                "key_to_screen_ms_95": took[int(0.95 * len(took))],
                "key_to_written_ms": 1000 * median(written),
            }
