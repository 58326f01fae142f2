"""What goes to the figure and comes back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import Literal, NotRequired, TypedDict

RuleName = Literal["quantile", "robust", "rolling"]


class SignalsThreshold(TypedDict):
    """A rule and its amount, see ae_core.anomaly.thresholds.Rule; chosen: ms, when something was chosen last by a
    button and not by a drag, 0: never.
    """

    rule: RuleName
    amount: float
    chosen: float


class SignalsRows(TypedDict):
    """Rows first … last − 1; chosen: ms, when they were chosen last by a button and not by a drag, 0: never."""

    first: int
    last: int
    chosen: float


SignalsVerdict = Literal["normal", "look again", "fault"]


class SignalsEvent(TypedDict):
    """A stretch that was judged, rows start … end − 1."""

    id: str
    start: int
    end: int
    verdict: SignalsVerdict
    name: str
    comment: str


class SignalsAct(TypedDict):
    """What somebody did: said something of a stretch, or took it away; see ae_core.anomaly.judged.log.judge."""

    act: str
    do: Literal["put", "drop"]
    file: str
    id: str
    start: NotRequired[int]
    end: NotRequired[int]
    verdict: NotRequired[SignalsVerdict]
    name: NotRequired[str]
    comment: NotRequired[str]


class SignalsJudged(TypedDict):
    """What was judged. scope: of a run and a table, in the browser's storage; file: key of the table; written: ids of
    the acts that the page has told and Python has written.
    """

    scope: str
    file: str
    events: list[SignalsEvent]
    written: list[str]


class SignalsKind(TypedDict):
    """Flagged stretches that are alike. name: that somebody gave it, or kind A; rows: [first, one after the last] of
    each.
    """

    name: str
    rows: list[list[int]]


class SignalsLikeness(TypedDict):
    """Rows start … end − 1 that are like others; distance: in spreads of the channels."""

    start: int
    end: int
    distance: float


class SignalsAlike(TypedDict):
    """What is like rows start … end − 1, nearest first."""

    start: int
    end: int
    found: list[SignalsLikeness]


class SignalsLook(TypedDict):
    """How it is looked at. order: of the flagged stretches; colour: of the map; pca: whether it is drawn; row, window,
    span: what is chosen, the stretch around a row, a window of the map or rows [first, one after the last], else None;
    alike: which of those like it is looked at, from 0, None for itself.
    """

    order: Literal["start", "peak"]
    colour: Literal["time", "error", "cluster", "kind"]
    pca: bool
    row: int | None
    window: int | None
    span: list[int] | None
    alike: int | None


class SignalsData(SignalsThreshold):
    """name: of the detection that is sent; normal, view: rows [first, one after the last], None: the detection's own,
    everything; stretches: the parts of `normal`, where it has several; network: what it is called in the legend; least,
    merge: rows of a flagged stretch, and between two that are one; judged: None where nothing can be judged; kinds: of
    the flagged stretches, the most frequent first, and alike: what is like the chosen one, None where that is not
    asked for.
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
    judged: SignalsJudged | None
    kinds: list[SignalsKind] | None
    alike: SignalsAlike | None


class SignalsView(TypedDict):
    """What was last let go, each None before. normal: START:END in rows."""

    threshold: SignalsThreshold | None
    normal: str | None
    view: SignalsRows | None
    look: SignalsLook | None
    acts: list[SignalsAct] | None
