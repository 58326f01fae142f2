"""The link of the page on the screen, as this session knows it.

Streamlit asks the browser for the address once, as a page is opened: afterwards it sends the old one with each run. So
the session holds what the link says now. A page reads from it what it begins with (`asked`, once a turn: see `unread`),
says what has changed (`set_query_params`), and the component `address` puts that into the browser's address bar: a
choice as a new entry of its history, anything else in place of the present one. A *turn* begins when a page is opened
by a link, and when somebody goes back or forward: then the page shows what the link says, and nothing of before.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import streamlit as st

from ...components.address import address
from .parameters import Choice, Flag, Parameters, Text

KEY = "address-page"  # of the component that stands on every page, and hears of Back
# What the page's own code reads and writes (components/address/folds.js, components/hint): Python hears nothing of it.
OPEN = Text(name="open", about="the answer and the sections that are unfolded")
HINTS = Choice(name="hints", about="off: no hint for a first visit is shown", choices=("off",), entry=False)
PRESENT = Flag(name="present", about="the figure alone, large, for a class", menu=True)


@dataclass
class PageLink:
    """One page's link. turn: how often it was opened by one; asked: what that said; values: what it says now."""

    parameters: Parameters = ()
    turn: int = 0
    asked: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    sent: dict[str, str] | None = None  # what the browser was told last; None: nothing since the page came up
    chosen: float = 0  # ms, when something was chosen last that a drag may change, too
    has_choice: bool = False  # whether that was after the browser was told

    @property
    def names(self) -> list[str]:
        """Every name that may stand in the link, older ones too."""
        return [name for parameter in self.parameters for name in (parameter.name, *parameter.alias)]


@dataclass
class Browser:
    """What all pages' links of a session share: counts of turns, of what the browser was told, of its history's
    entries, of runs that told it.
    """

    pages: dict[str, PageLink] = field(default_factory=dict)
    page: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    turn: int = 0
    number: int = 0
    entry: int = 0
    answers: int = 0
    heard: float = 0  # which Back was followed last
    says: bool = True  # whether all parts have said what the link is: not while a page runs from its beginning


def _browser() -> Browser:
    return st.session_state.setdefault("browser", Browser())


def current() -> PageLink:
    """The link of the page on the screen."""
    browser = _browser()
    return browser.pages.setdefault(browser.page, PageLink())


def run_page(page: str, parameters: Parameters, main: Callable[[], None]) -> None:
    """Run a page whose link has these parameters (and `PRESENT`); its address is there whatever `main` returns at."""
    begin(page, (*parameters, PRESENT))
    with st.container(key="unseen-link"):
        place = st.empty()
    browser = _browser()
    browser.says = False
    try:
        main()
    finally:  # a run may be left for the next one
        browser.says = True
    with place:
        send()


def begin(page: str, parameters: Parameters) -> None:
    """At the beginning of each run of a page: see whether it is a new turn."""
    browser = _browser()
    visiting, first = browser.page != page, page not in browser.pages
    left = browser.pages.get(browser.page, PageLink()).values.get(PRESENT.name)
    link = browser.pages.setdefault(page, PageLink())
    link.parameters, browser.page = parameters, page
    names, wanted = set(link.names), None
    back = (st.session_state.get(KEY) or {}).get("back")
    if back and back["n"] != browser.heard:
        browser.heard = back["n"]
        # A page that is only there again, after its connection was lost, stays as it is; a new session is a visit.
        if back["page"] == page and not visiting and not back.get("again"):
            wanted = dict(parse_qsl(back["search"].removeprefix("?"), keep_blank_values=True))
    if visiting:
        link.sent = None
        wanted = st.query_params.to_dict()
        by_menu = not names & wanted.keys()
        if by_menu:
            wanted |= {PRESENT.name: left} if left else {}  # a class goes from page to page
        if not first and by_menu:  # the page is as it was left
            set_query_params({PRESENT.name: left or ""})
            return
    if wanted is not None:
        link.turn, browser.turn = link.turn + 1, browser.turn + 1
        link.asked = {name: text for name, text in wanted.items() if name in names}
        link.values, link.sent, link.read = dict(link.asked), None, set()


def asked() -> Mapping[str, str]:
    """What the link said when the page was opened by it."""
    return current().asked


def unread(part: str) -> bool:
    """True once in each turn: then this part of the page is to be as the link says."""
    link = current()
    if part in link.read:
        return False
    link.read.add(part)
    return True


def suffix() -> str:
    """What a component's key ends with, so that after Back it begins anew."""
    turn = current().turn
    return f"-{turn}" if turn > 1 else ""


def set_query_params(values: Mapping[str, str], chosen: float = 0) -> None:
    """Set these parts of the link; an empty text takes one out. The browser is told by `send`.

    chosen: when something was chosen last in the figure that they are of (ms, 0: never): by a button one may choose
    what else is dragged.
    """
    link = current()
    if chosen > link.chosen:
        link.chosen, link.has_choice = chosen, True
    for name, text in values.items():
        if text:
            link.values[name] = text
        else:
            link.values.pop(name, None)


def clear() -> None:
    """Take out of the link what means something to one figure only: all but the menus' choices."""
    keep = {parameter.name for parameter in current().parameters if parameter.menu}
    set_query_params({name: "" for name in list(current().values) if name not in keep})


def send(part: str = "page") -> None:
    """Let the browser's address say what the link says now. Once at the end of each run of a page, and in each fragment
    that sets parts of the link, under a name of its own.

    A fragment of a page that runs from its beginning says nothing new: what stands below it has yet to say its part,
    which would be taken for left out now and for chosen a moment later.
    """
    browser, link = _browser(), current()
    if browser.says:
        _count(browser, link)
    browser.answers += 1
    names: Collection[str] = dict.fromkeys([*link.names, *link.values])
    address(
        {
            "page": browser.page,
            "values": {name: link.values.get(name, "") for name in names},
            "number": browser.number,
            "entry": browser.entry,
            "turn": browser.turn,
            "heard": browser.heard,
            "answers": browser.answers,
            "session": browser.token,
            "hears": part == "page",
        },
        key=f"address-{part}",
    )


def _count(browser: Browser, link: PageLink) -> None:
    """Count what the browser is now told: a change, and whether it is a choice."""
    changed = link.sent is None or link.values != link.sent
    if link.sent is not None:
        pairs = [(each, link.sent.get(each.name, ""), link.values.get(each.name, "")) for each in link.parameters]
        # One that takes back what the page alone has written into the link changes nothing here.
        if link.has_choice or any(each.is_choice(before, now) for each, before, now in pairs):
            browser.entry += 1
            changed = True
    browser.number += changed
    link.sent, link.has_choice = dict(link.values), False
