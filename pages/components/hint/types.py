"""What goes to the hint; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import Literal, TypedDict


class HintData(TypedDict):
    """name: under which the browser keeps that it was seen; target: a CSS selector of the control that it is about;
    clear: one of what it speaks of, on which it does not lie; ends: of the controls that end it.
    """

    name: str
    sentence: str
    target: str
    clear: str
    ends: str
    side: Literal["below", "above"]
