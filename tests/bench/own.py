"""How long a person waits for a map of samples of their own: from the file to a dot that the sample follows.

python -m tests.bench own [FILE ...]

Each file is dropped on "Your data", Map it is pressed, and Explore opened as soon as its door is there. Without files:
twenty hand-sized pictures, and, where MNIST is, all of it as a table of pixels, which is read and not mapped.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from ae_core import LatentError, load_dataset
from ae_core.data.csv.uploads import keep_upload
from ae_core.data.samples.source import Samples

from ..support import browser as web

WAIT = 600  # seconds a map may take


def twenty(folder: Path) -> Path:
    """Twenty pictures of 28×28 pixels, two strokes, ten of each."""
    random, y, x = np.random.default_rng(0), *np.mgrid[-1:1:28j, -1:1:28j]
    angles = np.repeat([0.0, np.pi / 2], 10) + random.normal(0, 0.1, 20)
    bars = np.exp(-(((x * np.sin(angles)[:, None, None] - y * np.cos(angles)[:, None, None]) / 0.15) ** 2))
    path = folder / "twenty.npz"
    np.savez(path, x=np.uint8(255 * bars), y=np.repeat([0, 1], 10))
    return path


def read_pixels(folder: Path) -> dict[str, Any]:
    """MNIST's 60,000 training pictures as label,pixel0,pixel1,…: the seconds until they are pictures again."""
    data = load_dataset("mnist")
    assert data.y_train is not None
    pixels = np.rint(data.x_train.numpy().reshape(-1, 784) * 255).astype(np.uint8)
    heading = ",".join(["label", *(f"pixel{n}" for n in range(784))])
    path = folder / "mnist.csv"
    np.savetxt(path, np.c_[data.y_train.numpy(), pixels], "%d", ",", header=heading, comments="")
    file = keep_upload(path.read_bytes(), path.name)
    wall, own = time.perf_counter(), time.process_time()
    ready = Samples(file=file).prepare()
    took = {"seconds": time.perf_counter() - wall, "processor_seconds": time.process_time() - own}
    assert ready.x.shape[1:] == (1, 28, 28), ready.x.shape
    return {"rows": len(ready.x), **took}


def mapped(page, address: str, path: Path) -> dict[str, float]:
    """Seconds from the drop, and from the press on Map it, until the dot was dragged and its sample followed."""
    page.goto(f"{address}/data?hints=off")
    chooser = page.locator("input[type=file]").first
    chooser.wait_for(state="attached", timeout=60_000)
    dropped = time.perf_counter()
    chooser.set_input_files(path)
    button = page.get_by_role("button", name="Map it")
    button.wait_for(timeout=120_000)
    pressed = time.perf_counter()
    button.click()
    page.get_by_role("link", name="Explore: drag the dot").click(timeout=1000 * WAIT)
    page.wait_for_function("() => document.querySelector('[data-testid=decoded]')?.values", timeout=60_000)
    box = page.get_by_test_id("latent-pad").bounding_box()
    before = page.get_by_test_id("decoded").evaluate("c => [...c.values]")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"], steps=5)
    web.until(page, lambda: page.get_by_test_id("decoded").evaluate("c => [...c.values]") != before)
    page.mouse.up()
    end = time.perf_counter()
    return {"from the drop": end - dropped, "from Map it": end - pressed}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m tests.bench own", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    files = parser.parse_args(arguments).files
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not files:
            files = [twenty(folder)]
            try:
                load_dataset("mnist")
            except LatentError as error:
                print(error, file=sys.stdout)
            else:
                with mock.patch("ae_core.data.csv.uploads.uploads_folder", return_value=folder / "uploads"):
                    print("MNIST as CSV:", read_pixels(folder), file=sys.stdout, flush=True)
        environment = {"LATENT_RUNS": str(folder / "runs"), "LATENT_DATA": str(folder)}
        with web.app(environment) as address, web.browser() as browser:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            web.ready(page, address)  # a server that has imported what it needs, as after its first visitor
            for path in files:
                took = {key: round(value, 1) for key, value in mapped(page, address, path.resolve()).items()}
                print(f"{path.name}:", took, file=sys.stdout, flush=True)
