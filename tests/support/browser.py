"""The running app in a real browser, for tests and measurements."""

import contextlib
import functools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
PARKED = "/_stcore/health"  # an address with one word
FLAGS = [
    "--no-sandbox",
    "--process-per-site",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The address bar's popups are pages of their own, hidden, in every new page: two thirds of what opening one costs. The
# others Playwright would switch off.
FEATURES = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter,DestroyProfileOnBrowserClose"
)
FLAGS.append(f"--disable-features={FEATURES}")


def chromium() -> str | None:
    """The browser that is installed here, or that LATENT_BROWSER names."""
    return os.environ.get("LATENT_BROWSER") or next(
        (
            path
            for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
            if (path := shutil.which(name))
        ),
        None,
    )


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


_left: list[int] = []  # ports of servers that have ended: at an address that it knows a browser has the scripts already


def app(
    environment: dict[str, str] | None = None, script: str | Path = "app.py"
) -> contextlib.AbstractContextManager[str]:
    """The app, or another script that uses its parts, on a free port of this machine; gives its address."""
    variables, quiet = {**os.environ, **(environment or {})}, subprocess.DEVNULL
    return _served(
        lambda port: subprocess.Popen(
            [sys.executable, "-m", "streamlit", *_arguments(script, port)],
            cwd=ROOT,
            env=variables,
            stdout=quiet,
            stderr=quiet,
        )
    )


def forked(
    environment: dict[str, str] | None = None, script: str | Path = "app.py"
) -> contextlib.AbstractContextManager[str]:
    """As `app`, seconds sooner: its process is forked off one that has imported all it needs (see `support.forks`)."""
    if sys.platform != "linux":  # there a process that has used threads is not to be forked
        return app(environment, script)

    def start(port: int) -> psutil.Process:
        forks = _forks()
        print(
            json.dumps([{**os.environ, **(environment or {})}, _arguments(script, port)]), file=forks.stdin, flush=True
        )
        return psutil.Process(int(forks.stdout.readline()))

    return _served(start)


@functools.cache
def _forks() -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.support.forks"]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


@contextlib.contextmanager
def _served(start: Callable[[int], subprocess.Popen | psutil.Process]) -> Iterator[str]:
    """The address of what was started at a port, until it is left."""
    port = _left.pop() if _left else free_port()
    server = start(port)
    try:
        yield _up(port)
    finally:
        server.terminate()
        server.wait(60)
        _left.append(port)


def _arguments(script: str | Path, port: int) -> list[str]:
    return ["run", str(script), "--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]


def _up(port: int) -> str:
    """The address of the server at this port, as soon as it answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
            break
        except OSError:
            time.sleep(0.1)
    return f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def browser() -> Iterator:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for make in ("new_context", "new_page"):
            setattr(running, make, functools.partial(_patient, getattr(running, make)))
        try:
            yield running
        finally:
            running.close()


def _patient(make: Callable, **options):
    """A context or page that waits longer than Playwright's half a minute: a fresh server's first page takes that on a
    machine that others use, too.
    """
    made = make(**options)
    made.set_default_timeout(90_000)
    return made


def playwright_errors() -> type[Exception]:
    """What Playwright raises where something cannot be done."""
    from playwright.sync_api import Error

    return Error


def park(page) -> None:
    """Leave a page without closing it, until the next one is left: the process that it shares with others (see `FLAGS`)
    keeps what it has compiled. One that has been nowhere, as a skipped test's, is closed: were it a window's last,
    Chromium would never open another one there.
    """
    from playwright.sync_api import Error

    if not page.url.startswith("http"):
        page.close()
        return
    for other in page.context.pages:
        if other.url.endswith(PARKED):
            other.close()
    try:
        page.goto("/".join(page.url.split("/")[:3]) + PARKED)
    except Error:  # it is at no address, or its server is gone
        page.close()


def is_problem(message) -> bool:
    """Whether a console message is an error of the app's. Streamlit asks for two addresses below a page that is opened
    directly, in vain.
    """
    return message.type == "error" and not re.search(r"/[a-z]+/_stcore/(health|host-config)$", message.location["url"])


def traffic(page) -> tuple[list[float], list[tuple[float, int]]]:
    """Lists that fill as a page talks with the server: when it sent; when something came, and how many bytes."""
    sent: list[float] = []
    received: list[tuple[float, int]] = []

    def watch(socket):
        socket.on("framesent", lambda _: sent.append(time.perf_counter()))
        socket.on("framereceived", lambda data: received.append((time.perf_counter(), len(data))))

    page.on("websocket", watch)
    return sent, received


def ready(page, address: str, pads: int = 1) -> None:
    """Open an address and wait until its pads have drawn."""
    page.goto(address)
    page.wait_for_function(
        "n => [...document.querySelectorAll('[data-testid=decoded]')].filter(c => c.values).length >= n",
        arg=pads,
        timeout=60_000,
    )


def until(page, ready: Callable[[], object], seconds: float = 30) -> None:
    """Wait until that is true, here and not in the page; an error where it takes longer."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing came of it in {seconds:g} s")
        page.wait_for_timeout(15)


def next_frame(page, count: int = 2) -> None:
    """Wait until the page has drawn: once where an event asked for that. A script's promise has no limit of its own:
    where no frame comes, it is broken.
    """
    page.evaluate(
        """(count) => new Promise((done, fail) => {
          setTimeout(() => fail(new Error(`no frame for 30 s: ${document.visibilityState}`)), 30_000);
          const next = (left) => (left ? requestAnimationFrame(() => next(left - 1)) : done());
          next(count);
        })""",
        count,
    )


def still(page, frames: int = 12) -> None:
    """Wait until no figure has drawn or sent anything for so many frames, by their own counts."""
    page.evaluate(
        """(frames) => new Promise((done, fail) => {
          setTimeout(() => fail(new Error('figures still draw after 30 s')), 30_000);
          const counts = () =>
            [...document.querySelectorAll('[data-lx-revision]')].map((e) => e.dataset.lxRevision).join();
          const look = (before, left) => {
            const now = counts();
            const next = now === before ? left - 1 : frames;
            next ? requestAnimationFrame(() => look(now, next)) : done();
          };
          look('', frames);
        })""",
        frames,
    )


def leaves(url: str) -> bool:
    """Whether what is asked for at this address leaves this machine, on which the server runs."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost", "::1")


def overhear(page) -> None:
    """Keep what the page sends in `page.messages`, in `page.asked` whether the server has still to answer, and in
    `page.strayed` the addresses that it asked elsewhere.
    """
    page.messages, page.asked, page.strayed = [], False, []
    page.on("request", lambda request: page.strayed.append(request.url) if leaves(request.url) else None)

    def sent(data):
        page.messages.append(data)
        page.asked = True

    def heard(data):
        if len(data) < 500 and _is_end(data):
            page.asked = False

    def watch(socket):
        if leaves(socket.url):
            page.strayed.append(socket.url)
        socket.on("framesent", sent)
        socket.on("framereceived", heard)

    page.on("websocket", watch)


def _is_end(data: bytes) -> bool:
    """Whether this is Streamlit's word that a run has ended, and not for the next one."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg.FromString(data)
    return (
        message.WhichOneof("type") == "script_finished"
        and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
    )


def answered(page) -> None:
    """Wait until the server has answered all that the page has sent; of a release yet to come it knows nothing."""
    next_frame(page)
    until(page, lambda: not page.asked, 90)
    settled(page, 0)


KEPT = "() => [...document.querySelectorAll('[data-lx-kept]')].map((e) => e.dataset.lxKept).join()"


def released(page, action: Callable[[], object]) -> None:
    """Do what the server will hear of, maybe a moment later, and wait for its answer; or what the page keeps to itself
    until it asks for something.
    """
    before, kept = len(page.messages), page.evaluate(KEPT)
    action()
    until(page, lambda: len(page.messages) > before or page.evaluate(KEPT) != kept, 90)
    answered(page)


def settled(page, pause: int = 300) -> None:
    """Wait until the server has nothing more to say. pause: milliseconds in which a release may still set out; shorter
    where no hand has moved anything.
    """
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'", timeout=30_000
    )
    page.wait_for_timeout(pause)


@contextlib.contextmanager
def redrawn(page, root: str) -> Iterator[None]:
    """Wait until a figure (a CSS selector of its root) has drawn what was done in the block, or has sent a release; by
    its own count, no clock. One that does not count is given two frames.
    """
    script = "root => document.querySelector(root)?.dataset.lxRevision ?? null"
    before = page.evaluate(script, root)
    yield
    if before is None:
        next_frame(page)
    else:
        page.wait_for_function(f"([root, before]) => ![null, before].includes(({script})(root))", arg=[root, before])


def picture(canvas) -> tuple[np.ndarray, np.ndarray]:
    """A canvas' grey levels (H, W), and the floats behind them."""
    script = """(c) => [
      [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 == 0),
      [...c.values],
      c.width,
      c.height,
    ]"""
    grey, values, width, height = canvas.evaluate(script)
    return np.array(grey).reshape(height, width), np.array(values)


# In how many of the screen's frames k changed, and in how many a new picture was drawn.
WATCH = """s => {
  const seen = window.seen = { gaps: [], changed: 0, fresh: 0, sizes: new Set() };
  let last = performance.now(), k = s.value, drawn = s.latentStats.frames;
  s.latentStats.ms.length = 0;
  const tick = (now) => {
    seen.gaps.push(now - last); last = now;
    if (s.value !== k) { seen.changed += 1; k = s.value; seen.sizes.add(k) }
    if (s.latentStats.frames > drawn) { seen.fresh += 1; drawn = s.latentStats.frames }
    if (window.seen === seen) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def sweep(page, seconds: float = 0.7) -> dict:
    """Drag the k slider from the end that is nearer to the other one and let go; what `WATCH` saw, and the messages
    before the release.
    """
    slider = page.locator('[data-testid="bottleneck-slider"]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    start, end, y = box["x"] + 14, box["x"] + box["width"] - 14, box["y"] + box["height"] / 2  # 14: half the thumb
    if slider.evaluate("s => s.value > (+s.min + +s.max) / 2"):
        start, end = end, start
    page.mouse.move(start, y)
    sent = len(page.messages)
    page.mouse.down()
    next_frame(page)
    slider.evaluate(WATCH)
    began = time.perf_counter()
    while (part := (time.perf_counter() - began) / seconds) < 1:
        page.mouse.move(start + part * (end - start), y)
    page.mouse.move(end, y)
    next_frame(page)  # the last one
    seen = slider.evaluate(
        """(s) => {
          const seen = window.seen;
          window.seen = null;
          return { ...seen, sizes: seen.sizes.size, ms: s.latentStats.ms, k: +s.value };
        }"""
    )
    seen["messages"] = len(page.messages) - sent
    page.mouse.up()
    return seen
