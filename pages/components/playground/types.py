"""What goes to the playground and comes back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import TypedDict


class PlaygroundView(TypedDict):
    """What trains, and its knobs, as a link has them. hidden: sizes from the input to the code; z: where the dot is."""

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
    z: list[float] | None


class PlaygroundData(PlaygroundView):
    """The samples: values: base64 of bytes, 0..levels, (N, *shape); labels: base64, a byte each; the first `train` of
    them train, the others are held out.
    """

    name: str
    shape: list[int]
    range: tuple[float, float] | None
    values: str
    levels: int
    labels: str
    classes: list[str]
    train: int
    revision: int
