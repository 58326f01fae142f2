"""Lessons: guesses before answers, tasks that figures judge, the sheet at the end."""

import re

import numpy as np
import pytest
import torch

from ae_core import load_checkpoint, read_checkpoint
from ae_core.anomaly.findings import findings
from ae_core.anomaly.storage import load_detection
from ae_core.anomaly.thresholds import Rule
from ae_core.latent.geometry import neighbour_distance, off_data_threshold
from ae_core.runs.folder import shipped_folder
from ae_core.training.classifier import load_classifier
from pages.sections.lesson.reading import NAMES, shipped

from ..support import browser as web
from ..support.lessons import PANEL, SLIDERS, at_rest, axe, begin, do_task, place_of, shown, walk
from ..support.pdf import Pdf, unpacked

TEACHERS = """# Mine
- about: two steps

## First
- page: explore
- guess: choose
- choices: yes | no
- right: no
Is *this* mine?
> **No.**

## Second
- page: bottleneck
- link: model=digits-nested
Look.
"""


def test_one_click_leads_to_a_guess_and_it_is_kept_over_pages_and_reloads(address, page):
    page.add_init_script("window.clicks = 0; addEventListener('click', () => { window.clicks += 1; }, true)")
    page.goto(f"{address}/?model=digits-vae-2d")
    page.get_by_test_id("latent-pad").wait_for()
    web.answered(page)
    sent = len(page.messages)
    page.get_by_test_id("lesson-start").click()
    guess = page.get_by_test_id("lesson-guess")
    guess.wait_for()
    assert page.evaluate("() => window.clicks") == 1
    assert len(page.messages) == sent + 1  # the panel asks once; how long it takes: tests/bench/lesson.py
    wide = page.locator("[data-testid=stMainBlockContainer]").bounding_box()
    panel = page.locator(PANEL).bounding_box()
    assert wide["x"] + wide["width"] <= panel["x"] + 1  # it hides nothing
    guess.get_by_role("button", name="56").click()
    page.locator(f"{PANEL}[data-verdict=wrong]").wait_for()
    assert "784" in page.get_by_test_id("lesson-verdict").inner_text()
    page.get_by_test_id("lesson-next").click()
    page.locator(f"{PANEL}[data-step='2']").wait_for()
    page.get_by_role("link", name="Runs").first.click()
    page.wait_for_url("**/runs*")
    web.settled(page)
    assert page.locator(PANEL).get_attribute("data-step") == "2"
    page.reload()
    page.locator(f"{PANEL}[data-step='2']").wait_for()
    page.get_by_test_id("lesson-back").click()
    page.locator(f"{PANEL}[data-step='1'][data-verdict=wrong]").wait_for()
    page.wait_for_url(lambda url: "/runs" not in url)  # the step's own page
    page.get_by_test_id("lesson-leave").click()
    assert not page.locator(PANEL).is_visible()
    page.get_by_test_id("lesson-start").click()
    page.locator(f"{PANEL}[data-step='1'][data-verdict=wrong]").wait_for()


def choose(page, data):
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("lesson-open").click()
    chooser.value.set_files({"name": "mine.md", "mimeType": "text/markdown", "buffer": data})


@pytest.mark.slow
def test_a_teachers_file_is_opened_shared_by_a_link_and_a_broken_one_is_said(address, page):
    begin(page, address, "latent-space")
    page.get_by_test_id("lesson-menu").click()
    choose(page, b"# A\n## B\n- page: moon\nText.\n")
    alert = page.get_by_test_id("lesson-alert")
    alert.wait_for()
    assert alert.inner_text().startswith("Line 3: there is no page 'moon'")
    choose(page, TEACHERS.encode())
    page.get_by_role("heading", name="First").wait_for()
    assert not alert.is_visible()
    assert page.locator(f"{PANEL} .lx-text em").inner_text() == "this"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not page.get_by_test_id("lesson-share").is_visible():
        page.get_by_test_id("lesson-menu").click()
    page.get_by_test_id("lesson-share").click()
    page.get_by_text("Copied").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert "#lesson=" in link
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    web.park(page)
    page.goto(link)
    page.get_by_role("heading", name="First").wait_for()
    page.get_by_test_id("lesson-guess").get_by_role("button", name="no").click()
    page.locator(f"{PANEL}[data-verdict=right]").wait_for()
    web.park(page)
    page.goto(f"{address}/#lesson=c3Bvy")
    page.get_by_test_id("lesson-alert").wait_for()


def test_an_unknown_lesson_is_said_and_the_others_are_offered(address, page):
    page.goto(f"{address}/?lesson=moon")
    alert = page.get_by_test_id("lesson-alert")
    alert.wait_for()
    assert alert.inner_text() == "There is no lesson 'moon'; there are latent-space, machine."
    page.locator("[data-lesson=machine]").click()
    page.wait_for_url("**/signals*")
    page.locator(f"{PANEL}[data-step='1']").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_is_walked_through_by_mouse_wrong_and_right(address, page, name):
    begin(page, address, name)
    walk(page, name, "mouse", right=False)
    asked = sum(bool(step.guess or step.task) for step in shipped(name).steps)
    sheet = page.get_by_test_id("sheet")
    assert f"0 of {asked} guesses and tasks right" in sheet.inner_text()
    page.get_by_test_id("sheet-close").click()
    page.get_by_test_id("lesson-menu").click()
    page.get_by_test_id("lesson-again").click()
    bad = []
    walk(page, name, "mouse", each=lambda page, step: bad.extend((step.title, found) for found in axe(page)))
    assert not bad, bad
    assert f"{asked} of {asked} guesses and tasks right" in sheet.inner_text()
    assert sheet.locator("img").count() == len(shipped(name).steps)
    assert axe(page, "[data-testid=sheet]") == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("sheet-link").click()
    page.get_by_text("Copied").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    web.park(page)
    page.goto(link)
    sheet.wait_for()
    assert f"{asked} of {asked} guesses and tasks right" in sheet.inner_text()
    assert sheet.locator("img").count() == len(shipped(name).steps)
    for size, wide in (("A4", 794), ("Letter", 816)):
        page.emulate_media(media="print")
        page.set_viewport_size({"width": wide, "height": 1000})
        assert sheet.evaluate("e => e.scrollWidth <= innerWidth"), size
        assert not page.locator("[data-testid=stApp]").is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_is_walked_through_by_keys_alone(address, page, name):
    begin(page, address, name)
    walk(page, name, "keys")
    page.keyboard.press("Escape")
    assert page.get_by_test_id("sheet").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_is_walked_through_by_fingers_on_a_phone(address, phone, name):
    begin(phone, address, name)
    walk(phone, name, "touch")


@pytest.mark.slow
def test_a_class_sees_the_lesson_large_beside_the_figure_from_page_to_page(address, page):
    begin(page, address, "latent-space")
    at_step(page, address, "latent-space", 4)
    web.settled(page)
    page.keyboard.press("p")
    for number in (5, 6):  # the sixth stands on another page
        panel = page.locator(f"{PANEL}[data-step='{number}']")
        panel.wait_for()
        page.locator(".lx-present.lx-on").wait_for(state="attached")
        page.wait_for_url(lambda url: "present=1" in url)
        page.locator("[data-testid=decoded]:visible").first.wait_for()
        web.settled(page)
        figure = page.locator("[data-testid=stMain] .lx-body:visible").first.bounding_box()
        assert figure["x"] + figure["width"] <= panel.bounding_box()["x"] + 1
        size = page.locator(f"{PANEL} .lx-text").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert size >= 18
        page.get_by_test_id("lesson-next").click()


def test_a_question_that_a_link_unfolds_takes_its_guess_and_keeps_it_in_the_tab(address, page):
    page.goto(f"{address}/bottleneck?model=digits-nested&open=answer&hints=off")
    page.get_by_test_id("question-guess").press("End")
    page.get_by_test_id("question-check").click()
    answer = page.locator(".lx-ask [role=status] p")
    answer.wait_for()
    said = answer.inner_text()
    assert said.startswith("Not quite: it is ")
    page.reload()
    answer.wait_for()
    assert answer.inner_text() == said


KEEP = """([name, progress, many]) => {
  const picture = (n) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 400, height: 150 + 10 * n });
    const ctx = canvas.getContext("2d");
    for (let i = 0; i < 300; i++) { // bars, and much to say between them
      ctx.fillStyle = i % 15 ? `hsl(${37 * i} 80% 50%)` : "white";
      const [x, size] = i % 15 ? [(61.8 * i) % 400, 2] : [((n + 3) * i) % 400, 60];
      ctx.fillRect(x, (7.3 * i) % canvas.height, size, size);
    }
    return canvas.toDataURL("image/jpeg");
  };
  localStorage.setItem("latent-explorer-lessons", JSON.stringify({ [name]: progress }));
  const pictures = Object.fromEntries([...Array(many).keys()].map((n) => [n, picture(n)]));
  localStorage.setItem("latent-explorer-lesson-pictures", JSON.stringify({ [name]: pictures }));
}"""


@pytest.fixture
def sheet(address, page):
    """A sheet of the first lesson that is open: (what is said of its answers, how many of them are right, all)."""
    steps = shipped("latent-space").steps
    wrong = {"choose": [0], "dot": [1.25, -2.5]}  # and a curve that falls from point to point
    answers, said = {}, []
    for n, step in enumerate(steps):
        if step.task:
            answers[n] = {"score": n, "said": f"the score of task {n}", "right": n % 2 == 0}
            said.append(f"My best: the score of task {n}{': done' if n % 2 == 0 else ''}")
        elif step.guess:
            guess = wrong.get(step.guess, [10 - i for i in range(len(step.right))])
            answers[n] = {"guess": guess, "right": False}
            if step.guess == "choose":
                said.append(f"My guess: {step.choices[0]}")
            elif step.guess == "dot":
                said.append("My guess: 1.25, −2.50")
            else:
                said.append("My guess: " + ", ".join(f"{x:g}: {y}" for x, y in zip(step.at, guess, strict=True)))
    page.goto(f"{address}/?lesson=latent-space")
    page.locator(f"{PANEL}[data-step='1']").wait_for()
    page.evaluate(KEEP, ["latent-space", {"step": 0, "answers": answers}, len(steps)])
    page.reload()
    page.locator(f"{PANEL}[data-step='1']").wait_for()
    page.get_by_test_id("lesson-menu").click()
    page.get_by_test_id("lesson-sheet").click()
    page.get_by_test_id("sheet").wait_for()
    right = sum(answer["right"] for answer in answers.values())
    return [*said, f"{right} of {len(answers)} guesses and tasks right"]


def test_the_printed_sheet_holds_every_guess_score_and_figure(page, sheet):
    steps = shipped("latent-space").steps
    for size, points in (("A4", (595, 842)), ("Letter", (612, 792))):
        printed = Pdf(page.pdf(format=size, prefer_css_page_size=False))
        assert all(abs(a - b) < 2 for each in printed.pages for a, b in zip(each, points, strict=True))
        assert printed.pictures == len(steps)
        for sentence in sheet + [f"{n}. {step.title}" for n, step in enumerate(steps, 1)]:
            assert unpacked(sentence) in printed.text, sentence
    assert page.locator("[data-testid=sheet] svg").count() == 3  # the guessed dot and curves, drawn


FIGURES = """async () => {
  const grey = async (image) => {
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 12, height: 6 });
    const ctx = canvas.getContext("2d");
    ctx.drawImage(image, 0, 0, 12, 6);
    const { data } = ctx.getImageData(0, 0, 12, 6);
    return { wide: image.naturalWidth, values: [...data].filter((_, i) => i % 4 === 0) };
  };
  return Promise.all([...document.querySelectorAll("[data-testid=sheet] img")].map(grey));
}"""


def test_a_link_shows_the_sheet_again_with_its_name_day_and_figures(address, page, sheet):
    before = page.evaluate(FIGURES)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("sheet").get_by_label("Name").fill("Zoë")
    page.get_by_test_id("sheet-link").click()
    page.get_by_text("Copied").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert len(link) < 64_000  # what every browser takes
    text = page.get_by_test_id("sheet").inner_text()
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    web.park(page)
    sent = len(page.messages)
    page.goto(link)
    page.get_by_test_id("sheet").wait_for()
    again = page.get_by_test_id("sheet").inner_text()
    assert again.replace("Copied", "Copy a link to it") == text.replace("Copied", "Copy a link to it")
    assert all(sentence in again for sentence in sheet)
    assert page.get_by_test_id("sheet").get_by_label("Name").input_value() == "Zoë"
    after = page.evaluate(FIGURES)
    assert len(after) == len(before) == len(shipped("latent-space").steps)
    for old, new in zip(before, after, strict=True):
        assert new["wide"] >= 120
        assert np.corrcoef(old["values"], new["values"])[0, 1] > 0.8
    assert not any(b"webp" in bytes(message) for message in page.messages[sent:])  # the server sees none of it


def at_step(page, address, name, n):
    """Take the lesson up again at a step, before anything was done. n: from 0."""
    page.evaluate(
        "([name, step]) => localStorage.setItem('latent-explorer-lessons', "
        "JSON.stringify({[name]: {step, answers: {}}}))",
        [name, n],
    )
    web.park(page)
    page.goto(f"{address}/?lesson={name}")
    page.locator(f"{PANEL}[data-step='{n + 1}']").wait_for()


def at_task(page, address, task):
    """Open the first step with this task, before anything was done."""
    name = "machine" if task == "threshold" else "latent-space"
    steps = shipped(name).steps
    n, step = next((n, step) for n, step in enumerate(steps) if step.task == task)
    begin(page, address, name)
    at_step(page, address, name, n)
    return step


def numbers(text):
    return [float(each) for each in re.findall(r"\d+\.?\d*", text)]


def values(page, name):
    return torch.tensor(page.get_by_test_id(name).first.evaluate("e => [...e.values]")).view(1, 1, 28, 28)


HANDLES = {
    "rebuild": "slider-13",
    "border": "latent-pad",
    "hole": "latent-pad",
    "smallest-k": "bottleneck-slider",
    "gives-up": "amount",
    "threshold": "threshold-slider",
    "another-digit": "latent-pad",
}
# In how many of the screen's frames a handle moved, in how many something new was drawn, and how often the panel spoke.
WATCH = """(handle) => {
  const shown = (id) => [...document.querySelectorAll(`[data-testid="${id}"]`)].find((e) => e.checkVisibility());
  let inputs = 0;
  handle.addEventListener("input", () => { inputs += 1; });
  const place = () => (handle.type === "range" ? inputs : handle.dataset.z ?? handle.getAttribute("aria-label"));
  const drawn = () => {
    const values = shown("decoded")?.values;
    return values ? values.reduce((sum, value, i) => sum + (1 + (i % 7)) * value, 0)
      : handle.closest("[data-lx-revision]").dataset.lxRevision;
  };
  const panel = document.querySelector("[data-testid=lesson] .lx-task p");
  const seen = window.seen = { changed: 0, fresh: 0, said: new Set() };
  let [at, picture] = [place(), drawn()];
  const tick = () => {
    if (place() !== at) { seen.changed += 1; at = place(); }
    if (drawn() !== picture) { seen.fresh += 1; picture = drawn(); }
    seen.said.add(panel.textContent);
    if (window.seen === seen) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def dragged(page, handle):
    """Drag what a task moves, to and fro, and let go: what `WATCH` saw, and the messages before the release."""
    element = page.locator(f"[data-testid={handle}]:visible")
    element.evaluate("e => e.scrollIntoView({block: 'center'})")
    box, sent = at_rest(page, element), len(page.messages)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, y)
    page.mouse.down()
    web.next_frame(page)
    element.evaluate(WATCH)
    for part in (*range(30, 85), *range(85, 45, -1)):
        page.mouse.move(box["x"] + box["width"] * part / 100, y)
    web.next_frame(page, 3)  # the last one
    seen = page.evaluate(
        "() => { const { seen } = window; window.seen = null; return {...seen, said: seen.said.size} }"
    )
    seen["messages"] = len(page.messages) - sent
    page.mouse.up()
    web.settled(page)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("task", HANDLES)
def test_a_task_is_judged_as_torch_judges_it(address, page, task, one_thread):
    step = at_task(page, address, task)
    shown(page)
    seen = dragged(page, HANDLES[task])
    assert seen["changed"] >= 12
    assert seen["fresh"] >= 0.9 * seen["changed"]
    assert seen["messages"] == 0  # before the release
    assert seen["said"] > 2  # and the panel judges all the while
    do_task(page, step, "mouse")
    page.locator(f"{PANEL}[data-verdict=right]").wait_for()
    web.next_frame(page)
    now, score = page.locator(f"{PANEL} .lx-now").inner_text(), page.get_by_test_id("lesson-score").inner_text()
    with torch.no_grad():
        {"rebuild": rebuilt, "border": border, "hole": hole, "smallest-k": smallest, "threshold": caught}.get(
            task, read_otherwise
        )(page, now, score)


@pytest.mark.slow
@pytest.mark.parametrize("task", ["gives-up", "another-digit"])
def test_tasks_of_digits_are_done_without_mnist(page, task, tmp_path):
    with web.forked({"LATENT_DATA": str(tmp_path)}) as address:
        step = at_task(page, address, task)
        do_task(page, step, "mouse")
        page.locator(f"{PANEL}[data-verdict=right]").wait_for()
        web.park(page)


def rebuilt(page, now, score):
    model, z = load_checkpoint("mnist-vae-20d"), torch.zeros(1, 20)
    for name, _ in SLIDERS["2"]:
        z[0, int(name[7:]) - 1] = float(page.get_by_test_id(name).input_value())
    codes = torch.from_numpy(np.asarray(read_checkpoint("mnist-vae-20d").codes()["z"])).float()
    error = float((model.decode(z) - model.decode(codes[13:14])).square().sum())
    assert numbers(score)[0] == pytest.approx(error, abs=0.06)
    assert numbers(score)[0] <= 45


def border(page, now, score):
    z = torch.tensor([place_of(page.get_by_test_id("latent-pad"))])
    shares = load_classifier("mnist", 784, 10)(load_checkpoint("mnist-vae-2d").decode(z)).softmax(1)[0]
    assert numbers(now) == [4, round(100 * float(shares[4])), 9, round(100 * float(shares[9]))]
    assert abs(float(shares[4] - shares[9])) <= 0.2


def hole(page, now, score):
    from scipy.spatial import Delaunay

    z = np.array([place_of(page.get_by_test_id("latent-pad"))], np.float32)
    codes = np.asarray(read_checkpoint("mnist-ae-2d").codes()["z"], np.float32)
    times = float(neighbour_distance(codes, z)[0] / off_data_threshold(codes))
    assert times > 1
    assert Delaunay(codes).find_simplex(z)[0] >= 0
    assert numbers(score)[0] == pytest.approx(times, rel=0.02)


def smallest(page, now, score):
    curves = read_checkpoint("mnist-nested-64d").curves
    network, pca = curves["error_by_size"], curves["pca_error_by_size"][15]
    wanted = next(k for k, error in enumerate(network, 1) if error < pca)
    assert int(page.get_by_test_id("bottleneck-slider").input_value()) == wanted
    assert f"{pca:.1f}" in shipped("latent-space").steps[6].text


def caught(page, now, score):
    amount = page.locator(".lx-sg").first.evaluate("e => e.figures.amount")
    detection = load_detection(shipped_folder("plant-nested") / "detection.npz")
    figures = findings(detection, Rule("quantile", amount)).figures
    assert numbers(score)[:3] == [figures["found_stretches"], figures["labelled_stretches"], figures["false_alarms"]]


def read_otherwise(page, now, score):
    read = load_classifier("mnist", 784, 10)
    before, after = (int(read(values(page, name)).argmax()) for name in ("input", "decoded"))
    assert numbers(now) == [before, after]
    assert before != after
