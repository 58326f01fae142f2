"""What goes to the cookie; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import TypedDict


class OwnerCookieData(TypedDict):
    """seconds: how long the browser keeps `token` under `name`."""

    name: str
    token: str
    seconds: int
