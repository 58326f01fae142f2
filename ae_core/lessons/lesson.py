"""What a lesson is: steps over the pages, each with a guess before its answer, or a task that a figure judges."""

from dataclasses import dataclass, field

MAX_BYTES = 8192  # of a file: a link carries as many
MAX_WORDS = 60  # of a step: its text and the sentence why
MAX_STEPS = 30
MAX_CHOICES = 6
MAX_KNOTS = 9  # of a curve

GUESSES = ("choose", "slider", "dot", "curve")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step.

    line: where it begins in the file, from 1.
    title, text, why: its name, what it asks or says, and what is said when it was answered; Markdown's emphasis only.
    page: the page that it stands on; link: what the page shows, as after the ? of a link.
    guess: one of GUESSES, or ""; task: the name of a task that the page judges, or "".
    choices: of "choose". low, high, step, unit: of a "slider"; low and high also of both axes of a "dot", and of what a
    "curve" shows upwards. across, up: what a plot's axes are called.
    right: the right answer: a choice's number; a slider's number; a dot's two; a curve's heights, one for each of
    `at`, or what a task's score has to reach. within: how far off is still right.
    given: settings of the task, by name.
    see: what of the page is brought into sight, by its data-testid; "": the figure's beginning. shows: what comes into
    sight with the answer.
    moves: what the figure moves when the answer comes: (data-testid, its numbers).
    said: what else its head says, in a table of sentences.
    """

    line: int
    title: str
    text: str
    page: str
    why: str = ""
    link: str = ""
    see: str = ""
    shows: str = ""
    guess: str = ""
    task: str = ""
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 1
    step: float = 0
    unit: str = ""
    across: str = ""
    up: str = ""
    at: tuple[float, ...] = ()
    right: tuple[float, ...] = ()
    within: float = 0
    given: dict[str, str] = field(default_factory=dict)
    moves: tuple[tuple[str, tuple[float, ...]], ...] = ()
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A whole lesson. about: for whom it is, and how long it takes; text: the file."""

    title: str
    about: str
    steps: tuple[Step, ...]
    text: str
