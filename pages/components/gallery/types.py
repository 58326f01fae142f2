"""What goes to the gallery; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import NotRequired, TypedDict


class GalleryGroup(TypedDict):
    """A class, whose samples stand one behind the other. count: of those that are shown; words: what stands above."""

    count: int
    words: str


class GalleryData(TypedDict):
    """values: base64, a byte each, (N, *shape), group by group; shape: (C, H, W) of pictures, (C, L) of traces."""

    name: str
    shape: list[int]
    values: str
    groups: list[GalleryGroup]
    revision: NotRequired[int]
