"""Films the Explore page for the README: a hand drags the dot through the map.

python -m tests.bench.film .github/explore.gif
"""

import io
import math
import sys
from pathlib import Path

from PIL import Image

from ..support import browser as web

FRAMES, WIDTH = 72, 760


def film(out: Path, model: str = "mnist-vae-2d") -> None:
    with web.app({"LATENT_RUNS": "/nonexistent"}) as address, web.browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        web.ready(page, f"{address}/?model={model}")
        web.settled(page)
        figure = page.locator(".lx-pad").first.bounding_box()
        pad = page.locator('[data-testid="latent-pad"]').first.bounding_box()
        seen = page.locator('[data-testid="decoded"]').first.bounding_box()
        left, right = figure["x"], seen["x"] + seen["width"]
        clip = {"x": left - 4, "y": pad["y"] - 4, "width": right - left + 8, "height": pad["height"] + 8}

        def at(frame):  # a closed curve, so that the film loops
            a = 2 * math.pi * frame / FRAMES
            return pad["x"] + pad["width"] * (0.5 + 0.3 * math.sin(2 * a)), pad["y"] + pad["height"] * (
                0.5 + 0.32 * math.sin(3 * a)
            )

        page.mouse.move(*at(0))
        page.mouse.down()
        pictures = []
        for frame in range(FRAMES):
            page.mouse.move(*at(frame))
            page.wait_for_timeout(30)
            picture = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
            pictures.append(
                picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
            )
        page.mouse.up()
    palette = pictures[0].quantize(96)
    frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    out.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(out, save_all=True, append_images=frames[1:], duration=70, loop=0, optimize=True)


if __name__ == "__main__":
    film(Path(sys.argv[1]))
