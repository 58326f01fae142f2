"""What goes to the hint; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import Literal, TypedDict


class HintData(TypedDict):
    """name: under which the browser keeps that it was seen; target: a CSS selector of the control that it is about."""

    name: str
    sentence: str
    target: str
    side: Literal["below", "above", "inside"]
