"""What goes to the figure and comes back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import Literal, TypedDict

RuleName = Literal["quantile", "robust", "rolling"]


class SignalsThreshold(TypedDict):
    """A rule and its amount; see ae_core.anomaly.thresholds.Rule."""

    rule: RuleName
    amount: float


class SignalsRows(TypedDict):
    """Rows first … last − 1; chosen: ms, when they were chosen last by a button and not by a drag, 0: never."""

    first: int
    last: int
    chosen: float


class SignalsLook(TypedDict):
    """How it is looked at. order: of the flagged stretches; colour: of the map; pca: whether it is drawn; row, window:
    what is chosen, the stretch around a row or a window of the map, else None.
    """

    order: Literal["start", "peak"]
    colour: Literal["time", "error", "cluster"]
    pca: bool
    row: int | None
    window: int | None


class SignalsData(SignalsThreshold):
    """name: of the detection that is sent; normal, view: rows [first, one after the last], None: the detection's own,
    everything; stretches: the parts of `normal`, where it has several; network: what it is called in the legend; least,
    merge: rows of a flagged stretch, and between two that are one.
    """

    name: str
    normal: list[int] | None
    stretches: list[list[int]] | None
    view: list[int] | None
    revision: int
    network: str
    least: int
    merge: int
    look: SignalsLook


class SignalsView(TypedDict):
    """What was last let go, each None before. normal: START:END in rows."""

    threshold: SignalsThreshold | None
    normal: str | None
    view: SignalsRows | None
    look: SignalsLook | None
