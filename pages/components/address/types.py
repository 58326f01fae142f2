"""What goes to the address bar; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import Any, NotRequired, TypedDict


class Moved(TypedDict):
    """A part of what a hand moves. name: in the link; key: in the figure's state, of a part of it with points between;
    normal: its default, which the link leaves out.
    """

    name: str
    key: str
    normal: Any


class OwnLink(TypedDict):
    """What a figure writes into the link itself, so that Python need not hear of it at once. asks: CSS selectors of
    what Python alone can say of it: while that can be seen, Python is told. key: of the figure, under which the page
    keeps what it has not told when the figure goes. also: {name: text} of the link without
    which the moved parts would mean something else; forgets: whether it begins anew after another figure of its page.
    """

    moved: list[Moved]
    asks: list[str]
    key: str
    also: NotRequired[dict[str, str]]
    forgets: NotRequired[bool]


class AddressData(TypedDict):
    """page: its name; values: {name: text} of the link, "" where one is left out; hears: whether it hears of Back.

    number: grows with each change; entry: with each choice, which is a new entry of the browser's history; turn: as
    pages are opened by links; heard: the number of the Back that was heard last; answers: grows with each run that
    says what the link is; session: of the server.
    """

    page: str
    values: dict[str, str]
    hears: bool
    number: int
    entry: int
    turn: int
    heard: float
    answers: int
    session: str
