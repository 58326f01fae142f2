"""What goes to the figures of the variants and comes back; tests/js/write_types.py writes pages/components/types.d.ts
from it.
"""

from typing import NotRequired, TypedDict

from ..address.types import OwnLink


class VariantsView(TypedDict, total=False):
    """What the person moves; each figure has its own of these. sample: index; draw: whether the sheet
    to draw on is open; drawn: a picture (base64, a byte a
    pixel), empty: the sample; kind, amount, seed: of the noise; mask: the masked patches; n: units that are used;
    e1, e2: ε; numbers: whether the computation is open; at: which β; x, y: position on the map; place, edits: of the
    tokens; field: whether the re-encoding error is shown everywhere; k: latent dimensions that are kept; chosen: ms,
    when something was chosen last, by a menu or a button and not by a drag.
    """

    sample: int
    draw: bool
    drawn: str
    kind: str
    amount: float
    seed: int
    mask: str
    n: int
    e1: float
    e2: float
    numbers: bool
    at: float
    x: float
    y: float
    place: int
    edits: str
    field: str
    k: int
    chosen: float


class VariantRole(TypedDict):
    """A model's part in a figure. small: what stands behind its title; encodes: whether its encoder is sent, too, as
    "name:encoder".
    """

    name: str
    title: str
    small: str
    encodes: bool


class VariantSamples(TypedDict):
    """Held-out samples. values: base64, a byte a pixel, or of signals little-endian float32; limits: of signals, the
    lowest and the highest value of them all; noun: what one is, where that is no digit and no signal.
    """

    count: int
    values: str
    labels: list[int]
    classes: list[str]
    limits: NotRequired[tuple[float, float]]
    noun: NotRequired[str]


class PackedPca(TypedDict):
    """k components, the first explains most. mean: base64 of float32; components: base64 of float16, (k · size)."""

    k: int
    mean: str
    components: str


class VariantPlane(TypedDict):
    """The two directions in which a model's codes vary most, (2, k), and the box around the codes there. spread: √ of
    the summed variances.
    """

    mean: list[float]
    axes: list[list[float]]
    low: list[float]
    high: list[float]
    spread: float


class VariantBeta(TypedDict):
    """Of the model with this β: rate and distortion in nats, and the matrix (2, 2) that turns its codes to lie best on
    those of the one before.
    """

    role: str
    beta: float
    kl: float
    reconstruction: float
    turn: list[list[float]]


class VariantsData(TypedDict):
    """figure: by its name in links; start: what the person moves, at first; codes: base64 of float32 (count · k), of
    the samples by roles that cannot encode in the page.

    The others belong to one figure. contraction: planes, max_amount (σ of the noise); mask: patch (pixels), share;
    units: floor (above which a unit is active), most (active units); tokens: usage (a share each code), words; beta:
    betas, reach (of the map); epsilon: reach (of ε), beta, loss (how the reconstruction is measured), lines (of the
    program, by step).
    """

    figure: str
    revision: str
    own: OwnLink
    roles: dict[str, VariantRole]
    start: VariantsView
    max_seed: int
    samples: VariantSamples
    codes: dict[str, str]
    pca: PackedPca | None
    planes: NotRequired[dict[str, VariantPlane]]
    max_amount: NotRequired[float]
    patch: NotRequired[int]
    share: NotRequired[float]
    floor: NotRequired[float]
    most: NotRequired[int]
    usage: NotRequired[list[float]]
    words: NotRequired[str]
    betas: NotRequired[list[VariantBeta]]
    reach: NotRequired[float]
    beta: NotRequired[float]
    loss: NotRequired[str]
    lines: NotRequired[dict[str, str]]
