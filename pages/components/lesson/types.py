"""What goes to the lesson's panel; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import TypedDict


class LessonStep(TypedDict):
    """One step, as ae_core's `Step` has it. moves: [data-testid, numbers] each."""

    title: str
    text: str
    why: str
    page: str
    link: str
    see: str
    shows: str
    guess: str
    task: str
    choices: list[str]
    low: float
    high: float
    step: float
    unit: str
    across: str
    up: str
    at: list[float]
    right: list[float]
    within: float
    given: dict[str, str]
    moves: list[tuple[str, list[float]]]


class LessonText(TypedDict):
    """A lesson that can be read. text: its file."""

    title: str
    about: str
    steps: list[LessonStep]
    text: str


class LessonTitle(TypedDict):
    """A lesson that ships. pages: on which it is the first one that is offered."""

    name: str
    title: str
    about: str
    pages: list[str]


class LessonData(TypedDict):
    """of: the key of what was asked for last, "" where nothing was; lesson: that, null where it cannot be read, and
    then error says why; shipped: what can be asked for.
    """

    of: str
    lesson: LessonText | None
    error: str
    shipped: list[LessonTitle]


class LessonWanted(TypedDict):
    """What the panel asks for. name: of a shipped lesson; text: of a file, else ""; key: what the answer is called."""

    name: str
    text: str
    key: str


class LessonPlace(TypedDict):
    """Where the panel wants to go. link: what stands behind the ? of the address."""

    page: str
    link: str
