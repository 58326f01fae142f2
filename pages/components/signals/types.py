"""What goes to the figure and comes back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import Literal, TypedDict

RuleName = Literal["quantile", "robust", "rolling"]


class SignalsThreshold(TypedDict):
    """A rule and its amount; see ae_core.anomaly.thresholds.Rule."""

    rule: RuleName
    amount: float


class SignalsRows(TypedDict):
    """Rows first … last − 1."""

    first: int
    last: int


class SignalsData(SignalsThreshold):
    """name: of the detection that is sent; normal, view: rows [first, one after the last], None: the detection's own,
    everything; network: what it is called in the legend; least, merge: rows of a flagged stretch, and between two that
    are one.
    """

    name: str
    normal: list[int] | None
    view: list[int] | None
    revision: int
    network: str
    least: int
    merge: int


class SignalsView(TypedDict):
    """What was last let go, each None before. normal: START:END in rows."""

    threshold: SignalsThreshold | None
    normal: str | None
    view: SignalsRows | None
