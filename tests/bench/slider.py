"""How live the k slider is: swept from end to end, new pictures a frame in which k changed, ms a frame, messages."""

from ..support import browser as web
from .drag import median


def measure(model: str = "mnist-nested-64d", sweeps: int = 8, seconds: float = 0.7) -> dict[str, float]:
    with web.app() as address, web.browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.messages = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda data: page.messages.append(data)))
        web.ready(page, f"{address}/bottleneck?model={model}")
        web.settled(page)
        seen, after = [], []
        for _ in range(sweeps):
            before = len(page.messages)
            seen.append(web.sweep(page, seconds))
            web.settled(page)
            page.wait_for_timeout(500)
            after.append(len(page.messages) - before)
        ms = sorted(value for one in seen for value in one["ms"])
        changed = sum(one["changed"] for one in seen)
        return {
            "sweeps": sweeps,
            "frames_with_another_k": changed / sweeps,
            "sizes_shown": sum(one["sizes"] for one in seen) / sweeps,
            "fresh_share": sum(min(one["fresh"], one["changed"]) for one in seen) / changed,
            "compute_and_draw_ms": median(ms),
            "compute_and_draw_ms_95": ms[int(0.95 * len(ms))],
            "frame_gap_ms": median([gap for one in seen for gap in one["gaps"]]),
            "messages_while_sweeping": sum(one["messages"] for one in seen),
            "messages_a_sweep_and_release": sum(after) / sweeps,
        }
