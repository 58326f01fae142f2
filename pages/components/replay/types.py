"""What goes to the film of a training and comes back; tests/js/write_types.py writes pages/components/types.d.ts from
it.
"""

from typing import NotRequired, TypedDict


class ReplayFactor(TypedDict):
    """values: base64 of float32, of the N held-out samples."""

    name: str
    unit: NotRequired[str]
    values: str


class ReplayView(TypedDict):
    """epoch: where it rests; None: the newest, which is followed while the training goes on."""

    epoch: int | None


class ReplayData(ReplayView):
    """The run whose epochs `channel.send_snapshots` sends in `chunks` blocks. k: numbers of a code; axes: names of the
    map's two; gaussian: whether the prior is a standard normal distribution; labels: base64, a byte for each of N
    held-out samples; inputs: base64 of bytes (0..1) or of float32, of M samples, inputs_shape: [M, …].
    """

    run: str
    title: str
    epochs_total: int
    chunks: int
    live: bool
    k: int
    map_title: str
    axes: list[str]
    gaussian: bool
    classes: list[str] | None
    labels: str | None
    factors: list[ReplayFactor] | None
    inputs: str
    inputs_shape: list[int]
    range: tuple[float, float] | None
    revision: int
