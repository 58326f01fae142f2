"""What goes to the drawn set and comes back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import NotRequired, TypedDict


class DrawnSetData(TypedDict):
    """side: of a picture, pixels; least: pictures that a set needs."""

    side: int
    least: int
    revision: NotRequired[int]


class DrawnSetView(TypedDict):
    """values: base64, a byte a pixel, (N, side, side); labels: the class of each, "" for none."""

    values: str
    labels: list[str]
