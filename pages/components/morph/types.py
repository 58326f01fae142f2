"""What goes to the morph and the four corners and comes back; tests/js/write_types.py writes types.d.ts from it."""

from typing import Literal, NotRequired, TypedDict

from ..address.types import OwnLink
from ..latent_pad.types import OwnGroups


class MorphEnd(TypedDict):
    """An end of a morph: z, (k,). index: of the held-out sample whose code it is; name: of any other place."""

    z: list[float]
    index: NotRequired[int]
    name: NotRequired[str]


class MorphUpload(TypedDict):
    """A picture that Python read and encoded. revision: tells one upload from the next."""

    z: list[float]
    name: str
    revision: int


class MorphMap(TypedDict):
    """The plane on which codes of more than two dimensions are shown: mean (k,), axes (2, k), its ends, and the share
    of the variance that it explains.
    """

    mean: list[float]
    axes: list[list[float]]
    low: list[float]
    high: list[float]
    share: float


class GroupMean(TypedDict):
    """The mean code z (k,) of a group that somebody named."""

    name: str
    z: list[float]


class MorphView(TypedDict):
    """What the person chose. choosing: the end that the map and an upload set; drawing: whether its sheet is open;
    chosen: ms, when something was chosen last, by a menu or a button and not by a drag.
    """

    a: MorphEnd
    b: MorphEnd
    path: str
    t: float
    even: bool
    overshoot: bool
    choosing: NotRequired[str]
    drawing: NotRequired[bool]
    chosen: NotRequired[float]


class MorphData(MorphView):
    """even_points: at which the change along a path is measured; frames: under the slider, without and with
    overshoot; draws: whether one can draw; means: of groups, to begin or end at; groups: to colour by.
    """

    figure: Literal["morph"]
    model: str
    revision: str
    own: OwnLink
    even_points: int
    frames: list[int]
    map: MorphMap | None
    means: list[GroupMean]
    groups: OwnGroups | None
    draws: bool
    uploaded: MorphUpload | None


class CornersView(TypedDict):
    """What the person chose: the corners' samples, and the place between them, each 0..1."""

    corners: list[int]
    at: list[float]


class CornersData(CornersView):
    """Of the four corners."""

    figure: Literal["corners"]
    model: str
    revision: int
    own: OwnLink
