"""The network that trains in the page: how fast, how smoothly, how well beside torch after as many steps; on a phone's
window with the processor four times slower, too; and what many tabs that train cost the server.

python -m tests.bench.playground [--part page|phone|tabs] [--tabs 100] [--write]

Ten tabs that train take all that two cores have, and a hundred some minutes to be opened: what the server sees of one
is the same.
"""

import argparse
import tempfile
import time

import psutil
import torch

from ae_core import Autoencoder, Config, load_dataset

from ..support import browser as web
from .document import write

SECONDS, LONG = 8.0, 30.0
WATCHED = 25.0  # seconds: the system counts a process's time in hundredths
TABS = 10
LR, BATCH = 0.003, 64  # as the page begins
FRAMES = """(ms) => new Promise((done) => {
  const began = performance.now(), stats = document.querySelector('.lx-play').latentStats, drawn = stats.frames;
  let frames = 0;
  const tick = (now) => {
    frames += 1;
    if (now - began < ms) return requestAnimationFrame(tick);
    done({ seconds: (now - began) / 1000, frames, drawn: stats.frames - drawn });
  };
  requestAnimationFrame(tick);
})"""


def come(page, address: str) -> float:
    """Open it; seconds until its first picture."""
    start = time.perf_counter()
    page.goto(f"{address}/playground?hints=off")
    page.wait_for_selector("[data-testid=playground][data-error]", timeout=60_000)
    return time.perf_counter() - start


def read(page, name: str) -> float:
    return float(page.get_by_test_id("playground").get_attribute(f"data-{name}"))


def plays(page, name: str) -> dict[str, float]:
    """Steps, frames and new pictures a second."""
    page.wait_for_timeout(2000)
    before = read(page, "steps")
    seen = page.evaluate(FRAMES, 1000 * SECONDS)
    return {
        f"{name}steps_a_second": (read(page, "steps") - before) / seen["seconds"],
        f"{name}frames_a_second": seen["frames"] / seen["seconds"],
        f"{name}pictures_a_second": seen["drawn"] / seen["seconds"],
    }


def of_torch(steps: int) -> float:
    """torch's held-out squared error of the same network after as many steps."""
    data = load_dataset("digits")
    torch.manual_seed(0)
    model = Autoencoder(Config(data="digits", variant="deep", k=2, hidden=(64, 32)), data.shape, data.range)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=0.0)
    done = 0
    while done < steps:
        for rows in torch.randperm(len(data.x_train)).split(BATCH)[: steps - done]:
            optimizer.zero_grad()
            model.losses(data.x_train[rows])["loss"].mean().backward()
            optimizer.step()
            done += 1
    with torch.no_grad():
        return float((model.eval().reconstruct(data.x_test) - data.x_test).square().flatten(1).sum(1).mean())


def crowd(browser, address: str, server: psutil.Process, count: int) -> dict[str, float]:
    """What so many tabs that train cost the server, beside the same ones while they rest; and whether each trains."""
    blank = browser.new_page()
    nobody = share(server, blank)
    blank.close()
    tabs, messages = [], []
    for _ in range(count):
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.emulate_media(reduced_motion="reduce")  # it waits to be started: all of them start together
        messages += list(web.traffic(tab))
        come(tab, address)
        tabs.append(tab)
    tabs[-1].wait_for_timeout(3000)
    rests = share(server, tabs[-1])
    for tab in tabs:
        tab.evaluate("() => document.querySelector('[data-testid=play]').click()")
    for heard in messages:
        heard.clear()
    before = [read(tab, "steps") for tab in tabs]
    trains = share(server, tabs[-1])
    made = [read(tab, "steps") - steps for tab, steps in zip(tabs, before, strict=True)]
    sent = sum(map(len, messages))
    for tab in tabs:
        tab.close()
    return {
        "tabs": count,
        "tabs_that_made_steps": sum(steps > 0 for steps in made),
        "steps_of_all_tabs": sum(made),
        "server_share_of_no_tab": nobody,
        "server_share_of_resting_tabs": rests,
        "server_share_of_training_tabs": trains,
        "messages": sent,
    }


def share(server: psutil.Process, page) -> float:
    """Of a core that it uses for a while."""

    def used() -> float:
        return sum(server.cpu_times()[:2])

    before = used()
    page.wait_for_timeout(1000 * WATCHED)
    return (used() - before) / WATCHED


PARTS = ("page", "phone", "tabs")


def measure(parts: tuple[str, ...] = PARTS, tabs: int = TABS) -> dict[str, float]:
    found: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        web.app({"LATENT_RUNS": folder}) as address,
        web.browser() as browser,
    ):
        port = address.rpartition(":")[2]
        server = next(one for one in psutil.Process().children() if f"--server.port={port}" in one.cmdline())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        come(page, address)  # the server imports torch
        if "page" in parts:
            found["first_picture_seconds"] = come(page, address)
            began = time.perf_counter()
            found |= plays(page, "")
            page.wait_for_timeout(1000 * max(0.0, LONG - (time.perf_counter() - began)))
            page.get_by_test_id("play").click()
            page.wait_for_timeout(1000)
            steps, found["error"] = read(page, "steps"), read(page, "error")
            found["steps"], found["torch_error"] = steps, of_torch(int(steps))
        page.close()
        if "phone" in parts:
            phone = browser.new_page(viewport={"width": 390, "height": 844})
            come(phone, address)
            phone.context.new_cdp_session(phone).send("Emulation.setCPUThrottlingRate", {"rate": 4})
            found |= plays(phone, "phone_")
            phone.close()
        if "tabs" in parts:
            found |= crowd(browser, address, server, tabs)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m tests.bench.playground")
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--tabs", type=int, default=TABS)
    parser.add_argument("--write", action="store_true", help="keep them, and write the document's table")
    arguments = parser.parse_args()
    figures = measure(tuple(arguments.part or PARTS), arguments.tabs)
    for name, value in figures.items():
        print(f"{name:40} {value:14,.3f}", flush=True)
    if arguments.write:
        write({"playground": figures}, whole=False)
