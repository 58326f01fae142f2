"""What goes to the button; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import TypedDict


class PresentData(TypedDict):
    """on: whether the page shows the figure alone; embedded: whether it stands in another page."""

    on: bool
    embedded: bool
