"""What the pages say below their figures: hints, what to notice, and questions, in one table with the lessons."""

import functools
from dataclasses import dataclass, replace
from pathlib import Path

from ae_core.lessons import Step, read_lesson

from ...ui.wording import of_these_data
from ..links import PAGES

TABLE = Path(__file__).with_name("pages.md")
SAID = ("hint", "notice")


@dataclass(frozen=True)
class Saying:
    """A hint for a first visit, what to notice (Markdown), and a question that is guessed; each may be missing."""

    hint: str
    notice: str
    question: Step

    def filled(self, **facts: object) -> "Saying":
        """With these facts in the places that are left for them, `{name}`: of what is named, the question's as text."""
        step = self.question
        return Saying(
            self.hint.format(**facts),
            self.notice.format(**facts),
            replace(step, text=step.text.format(**facts), why=step.why.format(**facts)),
        )

    def about(self, thing: str) -> "Saying":
        """For a model of other things than digits (see `of_these_data`)."""
        hint, notice, text, why, *choices = (
            of_these_data(part, thing)
            for part in (self.hint, self.notice, self.question.text, self.question.why, *self.question.choices)
        )
        return Saying(hint, notice, replace(self.question, text=text, why=why, choices=tuple(choices)))

    def asking(self, other: "Saying") -> "Saying":
        """With another one's question."""
        return replace(self, question=other.question)


@functools.cache
def _table() -> dict[str, Saying]:
    pages = {page: [each.name for each in all_] for page, all_ in PAGES.items()}
    steps = read_lesson(TABLE.read_bytes(), pages, {}, said=SAID).steps
    return {step.title: Saying(*(step.said.get(name, "") for name in SAID), step) for step in steps}


def saying(name: str) -> Saying:
    """The one of this name: a page, a figure of it, and what it shows, as in the table."""
    return _table()[name]


def sayings() -> dict[str, Saying]:
    """All of them, by name."""
    return dict(_table())
