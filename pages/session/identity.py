"""Whose runs a page shows: with LATENT_PRIVATE, those of the login, or else of the browser, and nobody else's (see
`ae_core.base.owners`).
"""

import os
import re
import secrets

import streamlit as st

from ae_core.base.owners import owner_of

from ..components.owner_cookie import owner_cookie
from ..ui.markdown import plain
from .script_thread import session_id

COOKIE = "latent-browser"
TOKEN_KEY = "owner-token"  # in the session state
TOKEN = r"[\w-]{22}"  # what secrets.token_urlsafe(16) gives
DAYS = 30  # after the last visit

FOR_LOGIN = "Only {who} sees these runs and uploads."
FOR_BROWSER = (
    f"Only this browser sees these runs and uploads. They are kept by a cookie for {DAYS} days after your last visit; "
    "without cookies they are lost when this tab is closed."
)


def is_private() -> bool:
    """Whether runs and uploads are private on this server. Whatever the variable holds but 0 is a yes: a slip must not
    make public what is to be private.
    """
    return os.environ.get("LATENT_PRIVATE", "").strip() not in ("", "0")


def keep_cookie() -> None:
    """Let a browser without a login keep what it is known by; once in each run of the app."""
    if is_private() and not _login():
        st.session_state[TOKEN_KEY] = _known(owner_cookie(COOKIE, _token(), DAYS * 86_400)) or _token()


def owner() -> str | None:
    """Who looks at the page whose script this thread runs; None in any other thread, where nobody does."""
    if not is_private() or session_id() is None:
        return None
    login = _login()
    return owner_of(f"login\n{login}" if login else f"browser\n{_token()}")


def _login() -> str:
    """Who has logged in, as the identity provider knows them; nobody: nothing."""
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return ""
    known = user.get("sub") or user.get("email")
    return f"{user.get('iss', '')}\n{known}" if known else ""


def _token() -> str:
    """What this browser is known by: its cookie's, else one that is made now and stays for the session."""
    if TOKEN_KEY not in st.session_state:
        st.session_state[TOKEN_KEY] = _known(str(st.context.cookies.get(COOKIE, ""))) or secrets.token_urlsafe(16)
    return st.session_state[TOKEN_KEY]


def _known(token: str) -> str:
    return token if re.fullmatch(TOKEN, token, re.ASCII) else ""


def whose() -> None:
    """One sentence on whose runs these are and, where one can log in, the button for it."""
    if not is_private():
        return
    login, user = _login(), st.user.to_dict()
    with st.container(horizontal=True, vertical_alignment="center", key="whose"):
        if login:
            st.caption(FOR_LOGIN.format(who=plain(user.get("email") or user.get("name") or "you")))
            st.button("Log out", on_click=st.logout, key="log-out", icon=":material/logout:")
        else:
            st.caption(FOR_BROWSER)
            if "is_logged_in" in user:  # a provider is configured
                st.button("Log in", on_click=st.login, key="log-in", icon=":material/login:")
