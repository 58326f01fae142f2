"""What goes to the playground and comes back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import TypedDict


class PlaygroundView(TypedDict):
    """What trains, and its knobs, as a link has them. data: name of the samples; hidden: sizes from the input to the
    code; count: how many samples are trained on, 0 for all; out: classes that are left out; z: where the dot is;
    sample: which held-out sample flows through the network; colour: the true factor that colours the map, -1 for the
    classes, None for what is usual; turn: yaw and pitch of what is in space; compare: the knob in which a second
    network differs, "" without one; other: what it is there, as text.
    """

    data: str
    variant: str
    k: int
    hidden: list[int]
    activation: str
    seed: int
    lr: float
    beta: float
    noise: float
    masked: float
    sparsity: float
    contraction: float
    decay: float
    count: int
    out: list[int]
    z: list[float] | None
    sample: int
    colour: int | None
    turn: list[float] | None
    compare: str
    other: str


class PlaygroundPoint(TypedDict):
    """What was measured after so many steps: losses, and squared errors on held-out samples."""

    step: int
    trainLoss: float
    testLoss: float
    test: float


class PlaygroundKept(TypedDict):
    """A network that is to be kept. stamp: tells one press from another; weights: base64 of float32, torch's order;
    used: how many samples are trained on; pca: PCA's squared error.
    """

    stamp: float
    steps: int
    used: int
    pca: float
    weights: str
    curve: list[PlaygroundPoint]
    view: PlaygroundView


class PlaygroundChoice(TypedDict):
    """Samples that can be chosen."""

    value: str
    label: str


class PlaygroundData(PlaygroundView):
    """The samples. kind: pictures, signals or points; values: base64, bytes 0..levels, or float32 where levels is 0,
    (N, *shape); labels: base64, a byte each, "" without classes; factors: base64 of float32, (N, factors); the first
    `train` of the samples train, the others are held out.
    """

    name: str
    kind: str
    shape: list[int]
    range: tuple[float, float] | None
    values: str
    levels: int
    labels: str
    classes: list[str]
    factors: str
    factor_names: list[str]
    train: int
    choices: list[PlaygroundChoice]
    revision: int
