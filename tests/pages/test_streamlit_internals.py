"""What the app uses of Streamlit that is not public, each by name: where an upgrade has taken it away, it fails here."""

import tomllib

import streamlit as st
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from pages.session.futures import show_future
from pages.session.script_thread import session_id
from pages.ui.wording import format_duration

from ..support.apptest import ROOT, AppTest


def test_the_older_kind_of_app_can_be_switched_off():
    assert not PagesManager.uses_pages_directory  # after pages/__init__.py, which was imported above


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
