"""How live the drag is: new pictures a frame, decode time, messages; beside what an empty page manages on this machine."""

import math
import time

from .. import browser as web

WATCH = """() => {
  const pad = document.querySelector('[data-testid="latent-pad"]');
  const seen = window.seen = { gaps: [], fresh: 0, moves: 0 };
  let last = performance.now(), drawn = pad ? pad.latentStats.frames : 0;
  addEventListener('pointermove', () => { seen.moves += 1 }, true);
  const tick = (now) => {
    seen.gaps.push(now - last); last = now;
    if (pad && pad.latentStats.frames > drawn) { seen.fresh += 1; drawn = pad.latentStats.frames }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def move(page, box: dict, seconds: float) -> dict:
    """Press, draw loops on the pad for a while, release; what `WATCH` saw meanwhile."""

    def at(angle):
        return box["x"] + box["width"] * (0.5 + 0.35 * math.cos(angle)), box["y"] + box["height"] * (0.5 + 0.35 * math.sin(1.7 * angle))

    page.mouse.move(*at(0))
    page.mouse.down()
    page.evaluate(WATCH)
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < seconds:
        page.mouse.move(*at(now * 2))
    seen = page.evaluate("() => window.seen")
    return {**seen, "seconds": time.perf_counter() - start}


def releases(page, box: dict, sent_at: list[float], received: list[tuple[float, int]]) -> list[float]:
    """Milliseconds of nine reruns, each from the message that a release sends to the server's last answer. The hand is on the pad when it begins."""
    found: list[float] = []
    for _ in range(9):
        sent_at.clear()
        received.clear()
        page.mouse.up()
        web.settled(page)
        page.wait_for_timeout(400)
        found.append((received[-1][0] - sent_at[0]) * 1000)
        page.mouse.down()
        page.mouse.move(box["x"] + 50 + 20 * len(found), box["y"] + 80, steps=3)
    page.mouse.up()
    return found


def measure(model: str = "mnist-vae-2d", seconds: float = 5) -> dict[str, float]:
    with web.app() as address, web.browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sent_at, received = web.traffic(page)
        page.goto("about:blank")
        empty = move(page, {"x": 100, "y": 100, "width": 500, "height": 500}, seconds)
        page.mouse.up()
        web.ready(page, f"{address}/?model={model}")  # the server warms up
        received.clear()
        start = time.perf_counter()
        web.ready(page, f"{address}/?model={model}")
        opened = time.perf_counter() - start
        web.settled(page)
        bytes_to_open = sum(size for _, size in received)
        received.clear()
        before = len(sent_at)
        box = page.locator('[data-testid="latent-pad"]').first.bounding_box()
        seen = move(page, box, seconds)
        sent = len(sent_at) - before
        decode = page.locator('[data-testid="latent-pad"]').first.evaluate("p => p.latentStats.decodeMs")
        reruns = releases(page, box, sent_at, received)
        chances = min(len(seen["gaps"]), seen["moves"])
        return {
            "opened_seconds": opened,
            "megabytes_to_open": bytes_to_open / 1e6,
            "rerun_ms": median(reruns),
            "new_pictures_a_second": seen["fresh"] / seen["seconds"],
            "fresh_share": seen["fresh"] / chances,
            "frame_gap_ms": median(seen["gaps"]),
            "frame_gap_to_empty_page": median(seen["gaps"]) / median(empty["gaps"]),
            "decode_and_draw_ms": median(decode),
            "messages_while_dragging": sent,
            "moves_a_second": seen["moves"] / seen["seconds"],
        }
