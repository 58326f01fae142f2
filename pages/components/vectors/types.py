"""What goes to arithmetic, traversals and samples and comes back; tests/js/write_types.py writes types.d.ts from it."""

from typing import Literal, TypedDict

from ..address.types import OwnLink


class VectorEnds(TypedDict):
    """Where sliders end: sigma and share (of a difference of classes) on both sides of 0."""

    sigma: float
    share: float
    temperature: float
    radius: float


class AttributeVector(TypedDict):
    """vector: (k,), a standard deviation of the attribute long."""

    name: str
    title: str
    unit: str
    vector: list[float]


class ArithmeticView(TypedDict, total=False):
    """base: a sample; strengths: of each vector, in standard deviations; plus, minus, share: of the classes' means;
    others: which samples stand beside it; chosen: ms, when something was chosen last, and not dragged.
    """

    base: int | None
    strengths: dict[str, float]
    plus: int | None
    minus: int | None
    share: float
    others: str
    chosen: float


class ArithmeticData(TypedDict):
    """means: mean codes, of each class (None for one without codes), then of groups of one's own and of all samples;
    None without any; means_of: their names.
    """

    mode: Literal["arithmetic"]
    models: list[str]
    revision: str
    own: OwnLink
    ends: VectorEnds
    view: ArithmeticView | None
    vectors: list[AttributeVector]
    means: list[list[float] | None] | None
    means_of: list[str]


class TraversalsView(TypedDict, total=False):
    """base: a sample, None: the middle; moved: standard deviations by dimension, 1 the first; chosen: as in
    `ArithmeticView`.
    """

    base: int | None
    moved: dict[str, float]
    chosen: float


class TraversalsData(TypedDict):
    """kl: of each dimension, in nats; idle: below it a dimension carries nothing; centre, scale: what 0 and 1 on a
    slider are, (k,).
    """

    mode: Literal["traversals"]
    models: list[str]
    revision: int
    own: OwnLink
    ends: VectorEnds
    view: TraversalsView | None
    gaussian: bool
    kl: list[float] | None
    idle: float
    centre: list[float]
    scale: list[float]
    note: str


class SamplesView(TypedDict, total=False):
    """near: for each grid the code around which it draws, or None; chosen: as in `ArithmeticView`."""

    seed: int
    temperature: float
    radius: float
    near: list[list[float] | None]
    chosen: float


class DrawnSet(TypedDict):
    """A draw for a model, base64 of float32: mean (k) and offsets (N · k)."""

    mean: str
    offsets: str


class Draw(TypedDict):
    """A draw for each model."""

    seed: int
    sets: list[DrawnSet]


class SamplesData(TypedDict):
    """side: samples along a side of a grid; radius: the usual one."""

    mode: Literal["samples"]
    models: list[str]
    revision: int
    ends: VectorEnds
    view: SamplesView | None
    side: int
    radius: float
    draw: Draw
    titles: list[str]
    notes: list[str]
