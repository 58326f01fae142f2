"""What goes to the bottleneck's figure and comes back; tests/js/write_types.py writes pages/components/types.d.ts from
it.
"""

from typing import Literal, NotRequired, TypedDict

from ..address.types import OwnLink


class BottleneckInput(TypedDict):
    """What goes in. sample: index; drawn: values (base64, a byte a pixel); uploaded: values and name; signal: the
    others, of which what is missing is what is usual.
    """

    source: Literal["sample", "drawn", "uploaded", "signal"]
    index: NotRequired[int]
    values: NotRequired[str]
    name: NotRequired[str]
    seed: NotRequired[int]
    complexity: NotRequired[int]
    noise: NotRequired[float]
    phase: NotRequired[float]
    frequency: NotRequired[float]


class BottleneckView(TypedDict):
    """What the person chose. bits: of each number, 32: not rounded; residual: whether pictures show how they differ
    from the original; spectrum: whether a signal's is shown.
    """

    k: int
    bits: int
    residual: bool
    spectrum: bool
    input: BottleneckInput | None


class BottleneckPoint(TypedDict):
    """A model that was trained for one size."""

    name: str
    k: int
    error: float


class BottleneckCurve(TypedDict):
    """Held-out errors with the first 1, 2, … numbers, and the share of the variance that PCA explains with them."""

    network: list[float]
    pca: list[float]
    explained: list[float]
    points: list[BottleneckPoint]
    unit: str


class BottleneckSamples(TypedDict):
    """Held-out samples. values: base64, a byte a pixel, or floats; labels: the class of each, as in classes; range: of
    floats, as far as it is shown.
    """

    count: int
    values: str
    labels: list[str]
    classes: list[str]
    note: str
    floats: NotRequired[bool]
    range: NotRequired[list[float]]


class BottleneckTrained(TypedDict):
    """What the model's own signals have."""

    complexity: int
    noise: float


class BottleneckSignal(TypedDict):
    """How a signal can be made: [least, most] each, frequency in cycles a window."""

    length: int
    frequency: list[float]
    amplitude: list[float]
    complexity: list[int]
    noise: list[float]
    trained: BottleneckTrained


class BottleneckUpload(TypedDict):
    """A picture that Python read, as in BottleneckInput. revision: tells one upload from the next."""

    values: str
    name: NotRequired[str]
    revision: int


class BottleneckData(BottleneckView):
    """model: its name; its encoder is sent as "name:encoder"."""

    model: str
    kind: Literal["image", "signal"]
    revision: int
    own: OwnLink
    samples: BottleneckSamples | None
    curve: BottleneckCurve
    uploaded: BottleneckUpload | None
    signal: NotRequired[BottleneckSignal]
