"""How live the drag is: new pictures a frame, decode time, messages; beside what an empty page manages here."""

import time

from ..support import browser as web

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


# Moves of the held pointer, 125 a second as from a mouse: the browser's remote control sends the next one only after
# the last one's answer, and so would measure itself where others need the processor, too.
HAND = """([box, seconds]) => new Promise((done) => {
  const pad = document.querySelector('[data-testid="latent-pad"]') ?? document.body, began = performance.now();
  const timer = setInterval(() => {
    const time = (performance.now() - began) / 1000, angle = 2 * time;
    if (time > seconds) { clearInterval(timer); done({ ...window.seen, seconds: time }); return; }
    const clientX = box.x + box.width * (0.5 + 0.35 * Math.cos(angle));
    const clientY = box.y + box.height * (0.5 + 0.35 * Math.sin(1.7 * angle));
    const hand = { isPrimary: true, pointerId: 1, pointerType: 'mouse', buttons: 1, clientX, clientY };
    pad.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, composed: true, ...hand }));
  }, 8);
})"""


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def move(page, box: dict, seconds: float) -> dict:
    """Press, and draw loops on the pad for a while; what `WATCH` saw meanwhile. The hand is still on the pad then."""
    page.mouse.move(box["x"] + 0.85 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.evaluate(WATCH)
    return page.evaluate(HAND, [box, seconds])


def releases(page, box: dict, sent_at: list[float], received: list[tuple[float, int]], count: int = 9) -> list[float]:
    """Milliseconds of so many reruns, each from the message that a release sends to the server's last answer, in a
    window so tall that what the server says of it is in sight. The hand is on the pad when it begins.
    """
    found: list[float] = []
    page.set_viewport_size({"width": 1440, "height": 1400})
    for _ in range(count):
        sent_at.clear()
        received.clear()
        page.mouse.up()
        web.settled(page)
        page.wait_for_timeout(400)
        found.append((received[-1][0] - sent_at[0]) * 1000)
        page.mouse.down()
        page.mouse.move(box["x"] + 50 + 20 * (len(found) % 9), box["y"] + 80, steps=3)
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
        page.mouse.up()
        web.settled(page)
        sent = len(sent_at) - before
        page.mouse.down()
        decode = page.locator('[data-testid="latent-pad"]').first.evaluate("p => p.latentStats.ms")
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
