"""Lessons: the files that ship, a teacher's with every kind of step, and what is said of a broken one."""

import ast
import dataclasses
import re
from pathlib import Path

import pytest

from ae_core import LatentError
from ae_core.lessons import MAX_BYTES, MAX_WORDS, read_lesson
from pages.sections.lesson.reading import NAMES, PARTS, SHIPPED, TASKS, read, shipped
from pages.sections.lesson.sayings import SAID, TABLE, sayings

EVERY_KIND = """# Every kind of step
- about: A teacher's own

## To look at
- page: playground
Nothing is asked **here**.

## To choose
- page: explore
- link: model=mnist-vae-2d&z=0,0
- guess: choose
- choices: one | two
- right: two
- moves: latent-pad = 1, -0.5
Which?
> The second.

## A slider
- page: bottleneck
- guess: slider
- range: 0 to 60
- step: 2
- unit: numbers
- right: 16
- within: 4
- moves: bottleneck-slider = 16
- shows: curve
How many?
> Sixteen.

## A dot
- page: explore
- guess: dot
- range: -3 to 3
- across: z1
- up: z2
- right: 0.5, −1
- within: 0.5
Where?
> There.

## A curve
- page: bottleneck
- guess: curve
- range: 0 to 50
- across: k
- up: error
- right: 1:40, 2:30, 8:10
- within: 5
How?
> So.

## A task
- page: interpolate
- task: rebuild
- with: sliders=2; sample=7
- right: 40
Rebuild it.
> Well done.
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_lesson_is_a_file_of_ten_to_twelve_short_steps(name):
    lesson = shipped(name)
    assert len((SHIPPED / f"{name}.md").read_bytes()) <= MAX_BYTES
    assert 10 <= len(lesson.steps) <= 12
    assert all(len(f"{step.text} {step.why}".split()) <= MAX_WORDS for step in lesson.steps)
    assert lesson.steps[0].guess  # one is asked at once
    assert {path.stem for path in SHIPPED.glob("*.md")} == set(NAMES)


def test_the_shipped_ones_have_every_task_and_every_guess():
    steps = [step for name in NAMES for step in shipped(name).steps]
    assert {step.task for step in steps} - {""} == set(TASKS)
    assert {step.guess for step in steps} - {""} == {"choose", "slider", "dot", "curve"}


def test_a_teachers_file_with_every_kind_of_step_is_read():
    lesson = read(EVERY_KIND.encode())
    look, choose, slider, dot, curve, task = lesson.steps
    assert (lesson.title, lesson.about, lesson.text) == ("Every kind of step", "A teacher's own", EVERY_KIND)
    assert (look.guess, look.task, look.page, look.why) == ("", "", "playground", "")
    assert (choose.choices, choose.right, choose.link) == (("one", "two"), (1,), "model=mnist-vae-2d&z=0,0")
    assert choose.moves == (("latent-pad", (1, -0.5)),)
    assert (slider.low, slider.high, slider.step, slider.right, slider.within) == (0, 60, 2, (16,), 4)
    assert (slider.see, slider.shows) == ("", "curve")
    assert (dot.right, dot.across, dot.up) == ((0.5, -1), "z1", "z2")
    assert (curve.at, curve.right) == ((1, 2, 8), (40, 30, 10))
    assert (task.task, task.given, task.right) == ("rebuild", {"sliders": "2", "sample": "7"}, (40,))
    assert read(EVERY_KIND.replace("\n", "\r\n")).steps == lesson.steps
    assert dataclasses.asdict(read("\ufeff" + EVERY_KIND).steps[1]) == dataclasses.asdict(choose)


def broken(old, new):
    assert EVERY_KIND.count(old) >= 1
    return EVERY_KIND.replace(old, new, 1)


BROKEN = {
    "empty": ("", "Line 1: the file is empty"),
    "no title": ("Hello\n", "Line 1: a lesson begins with its title"),
    "no steps": ("# A\n- about: b\n", "Line 1: the lesson has no step"),
    "too long": (EVERY_KIND + "x" * MAX_BYTES, "Line 1: the file is longer than the 8,192 bytes"),
    "no text": (b"# A\n## B\n\xff\xfe\n", "Line 3: this is no text in UTF-8"),
    "html": (broken("Nothing is", "<b>Nothing</b> is"), "Line 6: a lesson holds neither HTML"),
    "picture": (broken("Which?", "![a](b.png)"), "Line 15: a lesson holds neither HTML nor pictures"),
    "foreign link": (broken("Which?", "See [this](https://example.com)."), "Line 15: a lesson holds neither"),
    "no page": (broken("- page: playground\n", ""), "Line 4: this step does not say its page"),
    "another page": (broken("page: playground", "page: moon"), "Line 5: there is no page 'moon'; there are "),
    "another parameter": (broken("model=mnist", "moon=mnist"), "Line 10: a link to explore says nothing of 'moon'"),
    "another guess": (broken("guess: choose", "guess: moon"), "Line 11: there is no guess 'moon'"),
    "another task": (broken("task: rebuild", "task: moon"), "Line 55: there is no task 'moon'"),
    "task elsewhere": (broken("page: interpolate", "page: explore"), "Line 54: the task rebuild is judged on the page"),
    "two kinds": (broken("- task:", "- guess: dot\n- task:"), "Line 56: a step has a guess or a task, not both"),
    "nothing right": (broken("- right: two\n", ""), "Line 8: this step has guess: choose and so needs '- right: …'"),
    "none of them": (broken("right: two", "right: three"), "Line 13: 'three' is none of the choices"),
    "one choice": (broken("one | two", "two"), "Line 12: choices are two to 6 different ones"),
    "no range": (broken("range: 0 to 60", "range: 60"), "Line 21: a range reads '0 to 60'"),
    "range turned": (broken("0 to 60", "60 to 0"), "Line 21: a range goes from the smaller number"),
    "outside": (broken("right: 16", "right: 99"), "Line 24: what is right lies outside of the range 0 to 60"),
    "no number": (broken("within: 4", "within: nan"), "Line 25: 'nan' is no number"),
    "one number": (broken("0.5, −1", "0.5"), "Line 37: a dot's place is two numbers"),
    "no curve": (broken("1:40, 2:30, 8:10", "40, 30, 10"), "Line 48: a curve's points read"),
    "curve turned": (broken("1:40, 2:30, 8:10", "8:40, 2:30, 1:10"), "Line 48: a curve has three to 9 points"),
    "twice": (broken("- page: playground", "- page: playground\n- page: runs"), "Line 6: 'page' stands twice"),
    "foreign key": (broken("- unit: numbers", "- colour: red"), "Line 23: 'colour' is nothing that a step with guess"),
    "many words": (broken("Which?", "word " * 70), "Line 8: this step has 72 words, and at most 60"),
    "no move": (broken("moves: latent-pad", "moves: moon"), "Line 14: there is nothing 'moon' to move"),
    "no sight": (
        broken("- guess: slider", "- see: moon\n- guess: slider"),
        "Line 20: there is nothing 'moon' to bring",
    ),
    "nothing shown": (broken("shows: curve", "shows: moon"), "Line 27: there is nothing 'moon' to bring into sight"),
    "settings": (broken("sliders=2; sample=7", "sliders 2"), "Line 56: a task's settings read"),
    "head below": (broken("Which?", "Which?\n- right: one"), "Line 16: a line of a step's head reads"),
    "text after why": (
        broken("> The second.", "> The second.\nMore."),
        "Line 17: the answer, lines that begin with '>'",
    ),
    "heading": (broken("## A dot", "### A dot"), "Line 31: a step begins with '## Title'"),
    "no words": (broken("Nothing is asked **here**.\n", ""), "Line 4: this step has no text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_one_sentence_with_its_line(name):
    text, said = BROKEN[name]
    with pytest.raises(LatentError) as caught:
        read(text)
    sentence = str(caught.value)
    assert sentence.startswith(said)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_it_is_told_what_pages_and_tasks_there_are():
    lesson = read_lesson("# A\n## B\n- page: p\n- task: t\nText.", {"p": ["x"]}, {"t": "p"})
    assert lesson.steps[0].task == "t"
    assert set(TASKS.values()) <= {"explore", "bottleneck", "interpolate", "variants", "signals"}
    assert len(set(PARTS)) == len(PARTS)


def test_the_documentation_has_a_lesson_that_is_read_and_every_task():
    text = (Path(__file__).resolve().parents[2] / ".github/docs/lessons.md").read_text("utf-8")
    (example,) = re.findall(r"```markdown\n(.*?)```", text, re.DOTALL)
    assert read(example).steps[0].guess == "choose"
    assert re.findall(r"^\| `([\w-]+)` \| [^|]*\| [^|]*\|$", text, re.MULTILINE)[1:] == list(TASKS)
    assert f"{MAX_BYTES:,} bytes" in text
    assert f"{MAX_WORDS} words" in text


def test_what_the_pages_say_is_one_table_in_the_lessons_form_with_a_guess_for_every_question():
    found = sayings()
    assert {page for said in found.values() if said.hint for page in (said.question.page,)} == {
        *("explore", "bottleneck", "interpolate", "playground", "train", "runs", "signals", "variants")
    }
    asked = [said.question for said in found.values() if said.question.text]
    assert len(asked) > 35
    assert all(step.guess in ("choose", "slider") and step.text.endswith("?") and step.why for step in asked)
    assert all(len(f"{step.text} {step.why}".split()) <= MAX_WORDS for step in asked)
    right = [step.right[0] for step in asked if step.guess == "choose"]
    assert 0.15 < right.count(0) / len(right) < 0.5  # it does not always stand at the same place
    longer = TABLE.read_text("utf-8")
    assert len(longer.encode()) > MAX_BYTES
    with pytest.raises(LatentError, match="Line 6: 'hint' is nothing that a step"):
        read(longer[:900])
    with pytest.raises(LatentError, match="so needs"):
        read_lesson("# A\n## B\n- page: p\n- guess: dot\n- hint: h", {"p": []}, {}, said=SAID)


def test_a_saying_is_filled_and_is_about_what_its_model_draws():
    said = sayings()["explore"].filled(thing="signal").about("signal")
    assert said.hint == "Drag the pink dot: the signal follows."
    told = sayings()["bottleneck"].filled(size=16, pca=19.94, k=6, compared="instead of 16", error=17.8, thing="digit")
    assert told.question.text.startswith("With 16 dimensions PCA's error is 19.9.")
    assert sayings()["units"].about("signal").question.text.startswith("How many units does this signal need")


def test_no_page_says_a_hint_or_a_notice_that_is_not_in_the_table():
    said = []
    for path in (SHIPPED.parents[2]).rglob("*.py"):
        if path.name == "layout.py" or "components" in path.parts:
            continue
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            if (name := getattr(call.func, "id", "")) in ("notice", "hint"):
                text = ast.unparse(call.args[name == "hint"])
                said.append(path.name)
                assert f".{name}" in text, f"{path.name}:{call.lineno} {text}"
    assert len(said) > 15
