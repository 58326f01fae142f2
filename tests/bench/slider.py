"""How live the k slider is: swept from end to end, new pictures a frame in which k changed, ms a frame, messages.

python -m tests.bench.slider [--model mnist-nested-64d] [--sweeps 8] [--seconds 0.7] [--json FILE]
"""

import argparse
import json
import sys
from pathlib import Path

from .. import browser as web
from .drag import median


def measure(model: str, sweeps: int, seconds: float) -> dict[str, float]:
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="mnist-nested-64d")
    parser.add_argument("--sweeps", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=0.7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = measure(arguments.model, arguments.sweeps, arguments.seconds)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
    print("\n".join(f"{name:30} {value:8.2f}" for name, value in figures.items()), file=sys.stdout)
