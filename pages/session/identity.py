"""Whose runs a page shows: with LATENT_PRIVATE, those of the login, or else of the browser, and nobody else's (see
`ae_core.base.owners`).
"""

import os
import re
import secrets
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from ae_core.base.owners import Visitor, owner_of
from ae_core.runs import rights

from ..components.owner_cookie import owner_cookie
from ..ui.markdown import plain
from .script_thread import session_id

COOKIE = "latent-browser"
TOKEN_KEY = "owner-token"  # in the session state
SHARED_KEY = "shared-runs"  # in the session state: {secret: folder}
TOKEN = r"[\w-]{22}"  # what secrets.token_urlsafe(16) gives
DAYS = 30  # after the last visit

NOT_SHARED = "The run of this link is not shared any more, or the link is not whole."
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
    if (is_private() or not (is_everybodys() or is_local())) and not _login():
        st.session_state[TOKEN_KEY] = _known(owner_cookie(COOKIE, _token(), DAYS * 86_400)) or _token()


def is_local() -> bool:
    """Whether the browser runs on the server's own computer, and no other server stands in between."""
    headers = st.context.headers
    host = str(headers.get("Host", "localhost")).rsplit(":", 1)[0].strip("[]").lower()
    return (
        st.context.ip_address is None
        and not any(headers.get(name) for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
        and (host in ("", "localhost", "::1") or host.startswith("127."))
    )


def is_everybodys() -> bool:
    """Whether everybody may change everybody's runs, as the variable LATENT_SHARED says."""
    return os.environ.get("LATENT_SHARED", "").strip() not in ("", "0")


def visitor() -> Visitor | None:
    """Who looks at the page whose script this thread runs, as runs are signed; None in any other thread."""
    if session_id() is None or is_everybodys():
        return None
    if not is_private() and is_local():
        return Visitor(owner_of("local"), may_all=True)
    return Visitor(_known_as())


def shared_runs() -> list[Path]:
    """The folders of others' private runs that this visitor was sent a link to, as long as they are shared."""
    if session_id() is None:
        return []
    folders: dict[str, Path] = st.session_state.get(SHARED_KEY, {})
    return [folder for secret, folder in folders.items() if rights.is_shared(folder)]


def open_shared(base: Path) -> bool:
    """Open the run that the address shares, once; whether there is one that is not shared any more, or never was."""
    secret = st.query_params.get("shared", "")
    known = st.session_state.setdefault(SHARED_KEY, {})
    if not secret or secret in known:
        return False
    folder = rights.shared_run(base, secret)
    if folder is None:
        return True
    known[secret] = folder
    return False


def base_address() -> str:
    """The app's address, as this browser has it."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rsplit('/', 1)[0]}" if parts.netloc else ""


def local_time(when: datetime) -> str:
    """A time as the visitor's clock has it."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    there = when.astimezone(zone)
    return there.strftime("%H:%M" if there.date() == datetime.now(zone).date() else "%Y-%m-%d %H:%M")


def name_of(who: str) -> str:
    """Somebody in a sentence: as `rights` has signed them."""
    me = visitor()
    if who == owner_of("local") or not who:
        return "you" if me and me.name == who else "somebody at the server's computer"
    return "you" if me and me.name == who else "another visitor"


def owner() -> str | None:
    """Who looks at the page whose script this thread runs; None in any other thread, where nobody does."""
    if not is_private() or session_id() is None:
        return None
    return _known_as()


def _known_as() -> str:
    """Whoever looks, by their login or else by their browser."""
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
