"""The app's pages without a browser, as Streamlit's AppTest runs them."""

import functools
import json
from pathlib import Path
from typing import Any

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner

from pages.components.channel import unpack

ROOT = Path(__file__).resolve().parents[2]

# Once, as a server does, and not for each AppTest: looking for components among all that is installed takes longer than
# a page, reading one half as long.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
local_script_runner.ScriptCache = functools.cache(local_script_runner.ScriptCache)


def opened(page: str, session: dict[str, Any] | None = None, timeout: float = 60, /, **link: str) -> AppTest:
    """A page by its file's name ("": app.py, with the page that it opens first) after its first run.

    session: what its state holds before; link: the address's parameters.
    """
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=timeout)
    if page:
        at.switch_page(f"pages/{page}.py")
    for key, value in (session or {}).items():
        at.session_state[key] = value
    for key, value in link.items():
        at.query_params[key] = value
    return at.run()


def pads(at: AppTest, name: str = "latent_pad") -> list[dict]:
    """What the live figures of this component were given."""
    return [
        json.loads(element.proto.json) for element in at.get("bidi_component") if name in element.proto.component_name
    ]


def channelled(at: AppTest, kind: str) -> list[bytes]:
    """What a page sent to the browser of this kind: model, epochs, signal or path."""
    sent = [
        unpack(element.proto.bytes) for element in at.get("bidi_component") if "channel" in element.proto.component_name
    ]
    return [blob for of, blob in sent if of == kind]


def said(at: AppTest) -> str:
    """Notes, warnings and errors of a page that raised nothing."""
    assert not at.exception, at.exception[0].message
    return " ".join(element.value for element in [*at.info, *at.warning, *at.error])


def link_of(at: AppTest) -> dict[str, str]:
    """What the browser's address is to say, by the page's last word to it."""
    told = [data for data in pads(at, "address") if data]
    last = max(told, key=lambda data: data["number"], default={"values": {}})
    return {name: text for name, text in last["values"].items() if text}
