"""Two app servers with one runs folder behind nginx, set up as the documents say: what one starts the other shows and
stops.
"""

import contextlib
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from ae_core.jobs.queue import jobs

from ..conftest import wait_for
from ..support import browser as web

pytestmark = pytest.mark.slow

DOCUMENT = (Path(__file__).resolve().parents[2] / ".github/docs/deployment.md").read_text("utf-8")
AROUND = (
    "daemon off; pid {folder}/pid; error_log stderr; {user} events {{ }}\nhttp {{ access_log off; {paths}\n{block} }}"
)
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
LONG = "data=digits&variant=vae&hidden=32,16&epochs=100000&batch_size=256"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What nginx keeps."""
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def address(chromium, runs, folder, tmp_path_factory):
    """nginx in front of two servers, with the document's own lines; only the ports are others."""
    if not shutil.which("nginx"):
        if os.environ.get("LATENT_REQUIRE_BROWSER"):
            pytest.fail("there is no nginx, and LATENT_REQUIRE_BROWSER is set", pytrace=False)
        pytest.skip("no nginx is installed, so nothing stands in front of two servers")
    (block,) = re.findall(r"```nginx\n(.*?)```", DOCUMENT, re.S)
    environment = {"LATENT_RUNS": str(runs), "LATENT_DATA": str(tmp_path_factory.mktemp("data"))}
    with contextlib.ExitStack() as stack:
        for port in ("8501", "8502"):
            server = stack.enter_context(web.forked(environment))
            block = block.replace(f"127.0.0.1:{port}", urlsplit(server).netloc)
        port = web.free_port()
        block = re.sub(r"listen \d+;", f"listen 127.0.0.1:{port};", block).replace("/var/cache/nginx", str(folder))
        paths = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        user = "user root;" if os.geteuid() == 0 else ""  # as another one it could not read this folder
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user, paths=paths, block=block))
        nginx = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"])
        stack.callback(nginx.wait, 10)
        stack.callback(nginx.terminate)
        wait_for(lambda: _answers(f"http://127.0.0.1:{port}/_stcore/health"), "nginx")
        yield f"http://127.0.0.1:{port}"


def _answers(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=2).status == 200
    except OSError:
        return False


def until(page, text: str) -> None:
    page.wait_for_function(
        "t => document.querySelector('.st-key-run-head')?.innerText.includes(t)", arg=text, timeout=60_000
    )


def test_newcomers_go_to_both_and_each_stays_with_one(address):
    given = set()
    for _ in range(20):
        cookies = [v for v in urllib.request.urlopen(address).headers.get_all("Set-Cookie") if v.startswith("latent=")]
        given.add(re.match("latent=([^;]+)", cookies[0])[1])
    assert given == {"first", "second"}
    for server in given:
        request = urllib.request.Request(address, headers={"Cookie": f"latent={server}"})
        for _ in range(5):
            assert f"latent={server}" in str(urllib.request.urlopen(request).headers.get_all("Set-Cookie"))


def test_the_servers_are_asked_once_for_a_script(address, folder):
    index = urllib.request.urlopen(address).read().decode()
    script = re.search(r'src="\./(static/[^"]+)"', index)[1]
    answers = [
        urllib.request.urlopen(urllib.request.Request(f"{address}/{script}", headers={"Cookie": f"latent={name}"}))
        for name in ("first", "second")
    ]
    assert answers[0].read() == answers[1].read()
    wait_for(lambda: len([path for path in (folder / "latent").rglob("*") if path.is_file()]) == 1, "what is kept", 5)


def test_a_run_of_one_server_is_watched_and_stopped_through_the_other(address, page, other, runs, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(runs))
    for visitor, server in ((page, "first"), (other, "second")):
        visitor.context.add_cookies([{"name": "latent", "value": server, "url": address}])
    page.goto(f"{address}/train?{LONG}")
    page.locator(".st-key-train-start button").click(timeout=60_000)
    page.wait_for_url(re.compile("run="), timeout=60_000)
    name = re.search("run=([^&]+)", page.url)[1]
    other.goto(f"{address}/train?run={name}")
    until(other, "training")
    other.wait_for_function("() => document.querySelector('[data-testid=replay-map]')?.epoch > 2", timeout=60_000)
    other.get_by_role("button", name="Stop").click()
    wait_for(lambda: jobs.status(runs / name)["state"] == "stopped", "the stop", 10)
    until(page, "stopped")


def test_pages_uploads_and_downloads_go_through(address, page, tmp_path):
    web.ready(page, address)
    assert page.messages  # over the websocket
    page.goto(f"{address}/interpolate")
    with page.expect_download() as download:
        page.get_by_role("button", name="Codes as CSV").click(timeout=60_000)
    assert Path(download.value.path()).read_text().startswith("t,")
    channels = np.random.default_rng(0).normal(size=(50_000, 6))
    table = tmp_path / "long.csv"
    table.write_text(
        "time,a,b,c,d,e,f\n" + "\n".join(f"{t},{','.join(f'{v:.70f}' for v in row)}" for t, row in enumerate(channels))
    )
    assert table.stat().st_size > 20 << 20  # more than nginx takes unasked
    page.goto(f"{address}/signals")
    page.get_by_role("button", name="Open a CSV").click(timeout=60_000)
    page.locator("input[type=file]").set_input_files(table)
    page.wait_for_url(re.compile("file="), timeout=60_000)
    page.locator(".lx-unscored").wait_for(timeout=60_000)
