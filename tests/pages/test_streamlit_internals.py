"""What the app uses of Streamlit that is not public, each by name: where an upgrade took it away, it fails here."""

import re
import tomllib
from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from pages.session.futures import show_future
from pages.session.script_thread import session_id
from pages.ui.wording import format_duration

from ..support.apptest import ROOT, AppTest


def test_the_older_kind_of_app_can_be_switched_off():
    assert PagesManager.uses_pages_directory in (None, False, True)  # pages/__init__.py reads and sets it


def test_a_script_has_a_session_and_another_thread_has_none():
    assert session_id() is None

    def script():
        import streamlit as st

        from pages.session.script_thread import session_id

        st.text(session_id())

    assert AppTest.from_function(script).run().text[0].value


def test_the_hidden_options_are_there():
    chosen = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    for section, options in chosen.items():
        if section != "theme":
            for name in options:
                assert f"{section}.{name}" in config._config_options_template, f"{section}.{name}"
    assert chosen["runner"]["postScriptGC"] is False
    assert chosen["global"]["maxCachedMessageAge"] > 0


def test_a_fragment_can_be_called_again_and_again():
    assert callable(st.fragment(show_future, run_every=1))


def test_durations_in_words():
    assert [format_duration(s) for s in (0.2, 12, 200, 9000)] == ["1 s", "12 s", "3 min", "2.5 h"]


def in_browser() -> str:
    """Streamlit's own scripts."""
    folder = Path(st.__file__).with_name("static") / "static" / "js"
    return "\n".join(path.read_text("utf-8") for path in folder.glob("*.js"))


def test_the_style_sheets_find_what_they_are_about():
    scripts = in_browser()
    sheets = [*(ROOT / "pages" / "ui").glob("*.css"), ROOT / "pages" / "sections" / "variants" / "diagram.py"]
    names = {name for path in sheets for name in re.findall(r'data-testid="(\w+)"', path.read_text("utf-8"))}
    assert {"stMainBlockContainer", "stLayoutWrapper", "stHeader"} <= names
    for name in names:
        assert name in scripts, name
    assert "stElementContainer" in scripts


def test_streamlit_hears_of_back_after_the_page_and_asks_for_the_address_once():
    """pages/components/address/view.js hears of it first, in the capturing phase, and keeps the link itself."""
    scripts = in_browser()
    assert "addEventListener(`popstate`,this.onHistoryChange,!1)" in scripts
    assert re.search(r"getQueryString=\(\)=>\{let\{queryParams:\w\}=this\.state", scripts)
