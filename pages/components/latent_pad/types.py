"""What goes to the pad and comes back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import NotRequired, TypedDict

from ..address.types import OwnLink


class LatentDrawing(TypedDict):
    """A sample of one's own. values: base64, a byte a value of pictures, else float32; "" while there is none."""

    values: str


class LatentUpload(TypedDict):
    """A sample that Python read. revision: tells one upload from the next."""

    values: str
    revision: int


class LatentField(TypedDict):
    """A heat map over the map. size: [width, height]; values: base64, a byte a place; axes: the dimensions that it
    was computed for.
    """

    size: list[int]
    values: str
    low: float
    high: float
    unit: NotRequired[str]
    text: NotRequired[str]
    axes: NotRequired[list[int]]


class LatentVerdict(TypedDict):
    """What a classifier sees on a part of the map, size × size places, rows from the top. logits: base64 of float32,
    (size, size, classes); near: base64, a byte a place, 255 where real samples are near; part: [u, v, scale] as
    `zoom` has it; axes: the dimensions that it was computed for.
    """

    size: int
    classes: int
    logits: str
    near: str
    part: list[float]
    axes: list[int]


class OwnGroups(TypedDict):
    """Groups that somebody named. marks: base64 of int8, for each sample the group it is in, from 0, or -1."""

    names: list[str]
    marks: str


class LatentErrors(TypedDict):
    """Errors of held-out samples: the 0th to the 100th percentile, or their mean alone."""

    quantiles: NotRequired[list[float]]
    mean: NotRequired[float | None]


class LatentPadView(TypedDict):
    """What the person chose. z: (k,) of the first model, None: the centre; sheet: None while it is closed; zoom: the
    middle of what is in view, as fractions of the map from the left and the top, and how many times it is enlarged;
    classifies: whether the classifier's opinion is shown; lasso: the corners of a line around samples, as fractions
    of the map from the left and the top, one after the other; empty: none; pin: a sample that is shown, None: none;
    peeks: whether a hand has rested on a point, and the samples are wanted.
    """

    z: list[float] | None
    backdrop: str
    colour: str
    hidden: list[int]
    axes: list[int]
    sheet: LatentDrawing | None
    zoom: list[float]
    classifies: bool
    lasso: list[float]
    pin: int | None
    peeks: bool


class LatentPadData(LatentPadView):
    """views: the models' names; draws: whether one can draw; takes: whether one more sample can be placed; fields,
    usual: by model, and fields by backdrop; classifier: the name of the network that says classes, where there is one
    for these data; verdicts: by model; samples: under which name the held-out samples come once they are wanted;
    groups: of the first model's samples.
    """

    views: list[str]
    revision: str
    own: OwnLink
    draws: bool
    takes: bool
    fields: dict[str, dict[str, LatentField]]
    classifier: NotRequired[str | None]
    verdicts: NotRequired[dict[str, LatentVerdict]]
    samples: NotRequired[str | None]
    groups: NotRequired[OwnGroups | None]
    usual: NotRequired[dict[str, LatentErrors]]
    uploaded: NotRequired[LatentUpload | None]
