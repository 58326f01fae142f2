"""What goes to the address bar; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import TypedDict


class AddressData(TypedDict):
    """page: its name; values: {name: text} of the link, "" where one is left out; hears: whether it hears of Back.

    number: grows with each change; entry: with each choice, which is a new entry of the browser's history; turn: as
    pages are opened by links; session: of the server.
    """

    page: str
    values: dict[str, str]
    hears: bool
    number: int
    entry: int
    turn: int
    session: str
