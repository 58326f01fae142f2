"""Many at once: as many tabs drag, change pages and reload; what that costs in time and memory, beside a page that only
says hello.

python -m tests.bench.load [--part crowd|memory|idle] [--sessions 100] [--seconds 60] [--json FILE]

A tab here is what the server sees of one: index.html and its scripts, the websocket, and on it the messages that a
browser sends, its cache of earlier messages included; nothing is drawn. Tabs and server are two processes that share
this machine's cores, so on 2 cores the tabs' own work is part of what they wait for.
"""

import argparse
import asyncio
import contextlib
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from ..support import browser as web

PAGES = ("", "bottleneck", "interpolate", "train", "runs", "signals", "variants")
THINK = (1.0, 3.0)  # seconds between two things that somebody does
RAMP = 10.0  # seconds in which they all come
PATIENCE = 60.0  # seconds after which an answer counts as an error
BATCH = 25  # tabs that are open at once while memory is watched


class Tab:
    """One tab, with the browser's cache of scripts in `files` (shared by the tabs that one browser opens after
    another).
    """

    def __init__(self, address: str, files: set[str]):
        self.address, self.files = address, files
        self.cached: set[str] = set()  # hashes of messages that the server need not send again
        self.states: dict[str, str] = {}  # what the components say, by widget
        self.components: dict[str, tuple[str, str]] = {}  # name: (widget, fragment)
        self.hashes: dict[str, str] = {}  # of pages, by path
        self.page = self.query = ""
        self.errors: list[str] = []
        self.requests = self.bytes = 0

    async def get(self, *paths: str) -> bytes:
        """Files over HTTP, one after the other on one connection; the last one's answer."""
        host, port = self.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = body = b""
        for path in paths:
            writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(re.search(rb"content-length: (\d+)", head.lower())[1]))
            self.requests += 1
            self.bytes += len(head) + len(body)
            if not head.startswith(b"HTTP/1.1 200"):
                self.errors.append(f"{path}: {head[:40]!r}")
        writer.close()
        return head + body

    async def open(self, page: str, query: str = "") -> None:
        """Load the app at a page, until its script has ended."""
        index = (await self.get(page)).decode("utf-8", "replace")
        wanted = set(re.findall(r'(?:src|href)="\./(static/[^"]+)"', index)) - self.files
        self.files |= wanted
        shares = [list(wanted)[n::6] for n in range(6)]  # as many connections as a browser opens to a host
        await asyncio.gather(*(self.get(*share) for share in shares if share))
        answers = await asyncio.gather(self.get("_stcore/health"), self.get("_stcore/host-config"))
        token = re.search(rb"_streamlit_xsrf=([^;]+)", b"".join(answers))
        protocols = ["streamlit", token[1].decode() if token else "PLACEHOLDER_AUTH_TOKEN"]
        headers = {"Cookie": f"_streamlit_xsrf={protocols[1]}"} if token else {}
        stream = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        self.socket = await connect(
            stream,
            origin=self.address,
            subprotocols=protocols,
            additional_headers=headers,
            max_size=None,
            open_timeout=PATIENCE,
        )
        self.ended: asyncio.Event = asyncio.Event()
        self.reader = asyncio.create_task(self.read())
        self.page, self.query = page, query
        await self.rerun(page_name=page)

    async def read(self) -> None:
        """Take what the server sends, as long as it does."""
        with contextlib.suppress(WebSocketException):
            async for data in self.socket:
                self.bytes += len(data)
                self.take(ForwardMsg.FromString(data))
        self.ended.set()

    def take(self, message: ForwardMsg) -> None:
        """What a browser would remember of a message."""
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.cached.add(message.hash)
        if kind == "ref_hash" and message.ref_hash not in self.cached:
            self.errors.append("the server refers to a message that it never sent")
        elif kind == "navigation":
            self.hashes = {
                page.url_pathname if not page.is_default else "": page.page_script_hash
                for page in message.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.HasField("exception"):
                self.errors.append(f"{element.exception.type}: {element.exception.message[:200]}")
            elif element.HasField("bidi_component"):
                component = element.bidi_component
                self.components[component.component_name] = (component.id, message.delta.fragment_id)
                if component.component_name.endswith("address"):
                    self.write_address(json.loads(component.json or "{}"))
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.ended.set()

    def write_address(self, data: dict[str, Any]) -> None:
        """What the page's own code does with the link that Python wants (pages/components/address)."""
        if "values" in data:
            self.query = urlencode({name: text for name, text in data["values"].items() if text}, safe=",:")

    async def rerun(self, fragment: str = "", page_name: str = "") -> None:
        """Ask for a run of the page, or of a fragment of it, and wait for its end."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.fragment_id, run.page_name = self.query, fragment, page_name
        run.page_script_hash = "" if page_name else self.hashes.get(self.page, "")
        run.cached_message_hashes.extend(self.cached)
        run.context_info.timezone, run.context_info.locale, run.context_info.url = (
            "UTC",
            "en",
            f"{self.address}/{self.page}",
        )
        for widget, state in self.states.items():
            run.widget_states.widgets.add(id=widget, json_value=state)
        self.ended.clear()
        self.requests += 1
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self.ended.wait(), PATIENCE)
        if self.reader.done():
            raise ConnectionError("the server closed the connection")

    async def go(self, page: str) -> None:
        """Choose another page in the menu."""
        self.page, self.query = page, ""
        self.states.clear()
        self.components.clear()
        await self.rerun()

    async def release(self, component: str, view: dict[str, Any]) -> None:
        """Let a component's handle go."""
        widget, fragment = self.components[component]
        self.states[widget] = json.dumps({"view": view})
        await self.rerun(fragment=fragment)

    async def close(self) -> None:
        """Shut the tab."""
        if hasattr(self, "socket"):
            await self.socket.close()
            await self.reader


# ---- What somebody does ----------------------------------------------------------------------------------------------


def pad(rng: random.Random) -> dict[str, Any]:
    """A place on the landing page's map."""
    return {
        "z": [rng.uniform(-3, 3), rng.uniform(-3, 3)],
        "backdrop": "points",
        "colour": "class",
        "hidden": [],
        "axes": [0, 1],
        "sheet": None,
    }


def slider(rng: random.Random) -> dict[str, Any]:
    """A bottleneck, and another digit that goes in."""
    return {
        "k": rng.randint(1, 64),
        "bits": rng.choice((4, 32)),
        "residual": False,
        "spectrum": False,
        "input": {"source": "sample", "index": rng.randrange(100)},
    }


def morph(rng: random.Random) -> dict[str, Any]:
    """The place between two digits; one in six moves an end, which asks for a new geodesic."""
    a, b = {"z": [-1.5, 1.5], "name": ""}, {"z": [2.0, 0.5], "name": ""}
    if rng.random() < 1 / 6:
        b["z"] = [rng.uniform(-2, 2), rng.uniform(-2, 2)]
    return {
        "a": a,
        "b": b,
        "path": "geodesic",
        "t": rng.random(),
        "even": False,
        "overshoot": False,
        "choosing": "",
        "drawing": False,
    }


HANDLES: dict[str, tuple[str, Callable[[random.Random], dict[str, Any]]]] = {
    "": ("latent_pad", pad),
    "bottleneck": ("bottleneck_slider", slider),
    "interpolate": ("morph", morph),
}

Timed = Callable[[str, Awaitable[None]], Awaitable[None]]


async def visitor(rng: random.Random, tab: Tab, query: str, timed: Timed, pages: tuple[str, ...]) -> None:
    """Open the first page, drag there, go through the others, drag there too. Without handles (a plain page) a drag is
    a rerun of the page.
    """
    await timed("load" if tab.files else "open", tab.open(pages[0], query))
    for n, page in enumerate(pages):
        if n:
            await asyncio.sleep(rng.uniform(*THINK))
            await timed("load", tab.go(page))
        for _ in range(5 if n == 0 else 3):
            await asyncio.sleep(rng.uniform(*THINK))
            name, view = HANDLES.get(page, ("", pad))
            await timed("rerun", tab.release(name, view(rng)) if name in tab.components else tab.rerun())
    await asyncio.sleep(rng.uniform(*THINK))


# ---- What is measured ------------------------------------------------------------------------------------------------


def server_of(address: str) -> psutil.Process:
    """The process that `web.app` started."""
    port = address.rpartition(":")[2]
    return next(child for child in psutil.Process().children() if f"--server.port={port}" in child.cmdline())


def megabytes(server: psutil.Process) -> float:
    """Its resident memory."""
    return server.memory_info().rss / 1e6


@contextlib.contextmanager
def started(script: str | Path = "app.py") -> Iterator[tuple[str, psutil.Process]]:
    """The app, or another script in its place, with runs of its own."""
    with tempfile.TemporaryDirectory() as runs, web.app({"LATENT_RUNS": runs}, script) as address:
        yield address, server_of(address)


async def look(address: str, pages: tuple[str, ...], files: set[str], rng: random.Random | None = None) -> Tab:
    """One visitor goes through pages without thinking, and lets each handle go once where `rng` is given; the tab,
    closed.
    """
    tab = Tab(address, files)
    try:
        await tab.open(pages[0])
        for n, page in enumerate(pages):
            if n:
                await tab.go(page)
            if rng and page in HANDLES:
                name, view = HANDLES[page]
                await tab.release(name, view(rng))
    except (TimeoutError, OSError, WebSocketException, KeyError) as error:
        tab.errors.append(f"{type(error).__name__}: {error}")
    await tab.close()
    return tab


async def crowd(
    address: str, server: psutil.Process, sessions: int, seconds: float, pages: tuple[str, ...]
) -> dict[str, float]:
    """As many visitors at once; who has been through everything reloads the page where he is and goes round again. The
    server has read the models before.
    """
    await look(address, pages, set(), random.Random(0))
    await asyncio.sleep(1)
    times: dict[str, list[float]] = {
        "open": [],
        "load": [],
        "rerun": [],
    }  # open: a browser's first visit, scripts included; load: another page, or the same again
    errors: list[str] = []
    requests = sent = 0
    end = time.monotonic() + RAMP + seconds
    memory = [megabytes(server)]

    async def timed(kind: str, action: Awaitable[None]) -> None:
        began = time.perf_counter()
        await action
        times[kind].append(time.perf_counter() - began)

    async def stay(number: int) -> None:
        nonlocal requests, sent
        rng, files, query, route = random.Random(number), set(), "", pages
        await asyncio.sleep(RAMP * number / sessions)
        while time.monotonic() < end:
            tab = Tab(address, files)
            try:
                await asyncio.wait_for(visitor(rng, tab, query, timed, route), max(0.1, end - time.monotonic()))
                query, route = tab.query, (route[-1], *route[:-1])
            except TimeoutError as error:
                if time.monotonic() < end:
                    errors.append(f"no answer: {error}")
            except (OSError, WebSocketException, KeyError) as error:
                errors.append(f"{type(error).__name__}: {error}")
            errors.extend(tab.errors)
            requests, sent = requests + tab.requests, sent + tab.bytes
            await tab.close()

    async def watch() -> None:
        while True:
            memory.append(megabytes(server))
            await asyncio.sleep(0.5)

    watching, began = asyncio.create_task(watch()), time.perf_counter()
    busy, own = sum(server.cpu_times()[:2]), time.process_time()
    await asyncio.gather(*(stay(number) for number in range(sessions)))
    took = time.perf_counter() - began
    busy, own = sum(server.cpu_times()[:2]) - busy, time.process_time() - own
    watching.cancel()
    await asyncio.sleep(5)
    for error in sorted(set(errors)):
        print(f"error: {error} ({errors.count(error)} times)", file=sys.stderr)
    figures: dict[str, float] = {}
    for kind, values in times.items():
        p50, p95 = np.quantile(values, (0.5, 0.95))
        figures |= {
            f"{kind}_p50_ms": p50 * 1000,
            f"{kind}_p95_ms": p95 * 1000,
            f"{kind}_max_ms": max(values) * 1000,
            f"{kind}s": len(values),
        }
    return figures | {
        "errors": len(errors),
        "requests_a_second": requests / took,
        "megabytes_a_second": sent / took / 1e6,
        "server_cores": busy / took,
        "tabs_cores": own / took,
        "memory_before_mb": memory[0],
        "memory_peak_mb": max(memory),
        "memory_after_mb": megabytes(server),
    }


HELLO = 'import streamlit as st\n\nst.write("Hello")\n'


def crowds(sessions: int, seconds: float) -> dict[str, float]:
    """The crowd at the app, three tenths of it at the app, and the whole one at a page that says hello."""
    pages = ("", "bottleneck", "interpolate")
    with started() as (address, server):
        found = asyncio.run(crowd(address, server, sessions, seconds, pages))
    with started() as (address, server):
        fewer = asyncio.run(crowd(address, server, max(1, 3 * sessions // 10), seconds, pages))
    found |= {f"fewer_{name}": value for name, value in fewer.items()}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "hello.py"
        script.write_text(HELLO)
        with started(script) as (address, server):
            plain = asyncio.run(crowd(address, server, sessions, seconds, ("", "", "")))
    return found | {f"hello_{name}": value for name, value in plain.items()}


def memory(sessions: int, seconds: float) -> dict[str, float]:
    """Five times as many sessions as given, a batch after the other, each through three of the pages and away; what the
    server holds after every 50.
    """
    count, found, errors = 5 * sessions, {}, []

    async def come(address: str, server: psutil.Process) -> None:
        files: set[str] = set()
        errors.extend((await look(address, PAGES, files, random.Random(0))).errors)  # the models are read
        found["memory_warm_mb"] = megabytes(server)
        for first in range(0, count, BATCH):
            tabs = [
                look(address, tuple(PAGES[(n + step) % len(PAGES)] for step in range(3)), files, random.Random(n))
                for n in range(first, first + BATCH)
            ]
            for tab in await asyncio.gather(*tabs):
                errors.extend(tab.errors)
            if (first + BATCH) % 50 == 0:
                await asyncio.sleep(1)
                found[f"memory_{first + BATCH}_mb"] = megabytes(server)
                print(
                    f"{first + BATCH} of {count} sessions came and went: {megabytes(server):.0f} MB",
                    file=sys.stderr,
                    flush=True,
                )

    with started() as (address, server):
        asyncio.run(come(address, server))
    for error in sorted(set(errors)):
        print(f"error: {error} ({errors.count(error)} times)", file=sys.stderr)
    after = [value for name, value in found.items() if name[7:-3].isdigit() and int(name[7:-3]) > 0.4 * count]
    slope = statistics.linear_regression(range(len(after)), after).slope / 50 * 1000 if len(after) > 1 else 0.0
    return found | {
        "memory_errors": len(errors),
        "kilobytes_a_session": slope,
        "growth_of_the_last_300": found[f"memory_{count}_mb"] / found[f"memory_{2 * count // 5}_mb"] - 1,
    }


def idle(sessions: int, seconds: float) -> dict[str, float]:
    """What the server and its workers hold after the start, and after each page was opened once. Shared pages of memory
    are divided among those who share them.
    """
    found: dict[str, float] = {}

    def note(server: psutil.Process, name: str) -> None:
        family = [server, *server.children(recursive=True)]
        found[f"idle_{name}_rss_mb"] = megabytes(server)
        found[f"idle_{name}_pss_mb"] = sum(process.memory_full_info().pss for process in family) / 1e6
        found[f"idle_{name}_processes"] = len(family)

    with started() as (address, server):
        note(server, "started")
        for page in PAGES:
            asyncio.run(look(address, (page,), set()))
            time.sleep(3)
            note(server, page or "explore")
    return found


PARTS = {"crowd": crowds, "memory": memory, "idle": idle}


def measure(sessions: int = 100, seconds: float = 60) -> dict[str, float]:
    """All of it."""
    return {name: value for part in PARTS.values() for name, value in part(sessions, seconds).items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, default="crowd")
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = PARTS[arguments.part](arguments.sessions, arguments.seconds)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))
    print("\n".join(f"{name:26} {value:9.2f}" for name, value in figures.items()), file=sys.stdout)
