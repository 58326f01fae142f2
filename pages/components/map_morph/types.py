"""What goes to the maps that turn into each other and comes back; tests/js/write_types.py writes
pages/components/types.d.ts from it.
"""

from typing import TypedDict

from ..address.types import OwnLink


class HeldMap(TypedDict):
    """places: base64 of float32, (M · 2), across and up, −1 to 1 but for a few: of the first M of all samples."""

    title: str
    places: str


class MapMorphView(TypedDict):
    """map: which one lies there, from 0; sample: the one that is followed, from 0, None: none; origin: the map whose
    nearest neighbours of it are marked.
    """

    map: int
    sample: int | None
    origin: int


class MapMorphData(MapMorphView):
    """labels: base64, a byte for each of `count` samples; what: they are, in words."""

    name: str
    maps: list[HeldMap]
    count: int
    what: str
    classes: list[str] | None
    labels: str | None
    own: OwnLink
    revision: int
