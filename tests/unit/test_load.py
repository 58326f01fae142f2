"""Tabs as the server sees them: several at once go through pages and reload, nothing goes wrong, and a release sends
next to nothing.
"""

import asyncio
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from ..bench.load import HANDLES, Tab, look
from ..support import browser as web


def run(visits):
    """asyncio's answer; in a thread of its own, since a browser of other tests has this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visits).result()


def test_several_tabs_at_once_meet_no_error(served):
    async def all_of_them():
        return await asyncio.gather(
            *(look(served.address, ("", "bottleneck", "interpolate"), set(), random.Random(n)) for n in range(4))
        )

    assert [tab.errors for tab in run(all_of_them())] == [[]] * 4


def test_a_release_sends_what_has_changed_and_a_reload_finds_it_again(served):
    async def visit():
        tab, view = Tab(served.address, set()), HANDLES[""][1](random.Random(1))
        await tab.open("")
        opened = tab.bytes
        await tab.release("latent_pad", view)
        released = tab.bytes - opened
        await tab.close()
        again = Tab(served.address, tab.files)
        await again.open("", tab.query)
        await again.close()
        return tab, opened, released, again

    tab, opened, released, again = run(visit())
    assert tab.errors == again.errors == []
    assert opened > 2_000_000 > 25_000 > released
    assert tab.query.startswith("z=")
    assert again.query == tab.query  # the server has nothing to correct in the link


@pytest.mark.slow
def test_servers_and_workers_need_no_compiler():
    """torch's would take 85 MB and a second in each of them, and torch loads it unasked for little things."""
    code = """
import sys, torch
from ae_core import Config, Training, load_checkpoint, load_dataset
from ae_core.latent.geometry import reencoding_error, magnification
model, places = load_checkpoint("mnist-vae-2d"), torch.zeros(3, 2)
magnification(model, places, (0, 1)), reencoding_error(model, places)
config = Config(data="digits", variant="contractive", hidden=(8,), epochs=1, weight_decay=0.1)
list(Training(config, load_dataset("digits")))
assert "torch._dynamo" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=web.ROOT, check=True)
