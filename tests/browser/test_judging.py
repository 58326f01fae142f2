"""Stretches judged in a real browser: one key, undo, marks, two tabs, another visitor, a server that dies, files."""

import json
import os
import re
import subprocess
import sys

import pytest

from ae_core.anomaly.findings import findings
from ae_core.anomaly.judged.events import Event, parse_events
from ae_core.anomaly.judged.log import file_key, read_judged
from ae_core.anomaly.judged.proposal import propose
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.anomaly.thresholds import Rule
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.runs.folder import checkpoints
from pages.sections.signals import words

from ..support import browser as web
from .test_browser_signals import drawn, figures, scored

EXAMPLE = "plant-nested"
PUSHES = """() => {
  window.pushes = 0;
  const push = history.pushState;
  history.pushState = function (...all) { window.pushes += 1; return push.apply(this, all); };
}"""


@pytest.fixture(autouse=True)
def kept(data, monkeypatch):
    """The lines of what was judged with the example, which ships: they lie beside the uploads."""
    monkeypatch.setenv("LATENT_DATA", str(data))
    folder = data / "uploads" / "judged"
    for file in folder.glob("*.jsonl"):
        file.unlink()
    return lambda: [
        json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()
    ]


def written(page):
    """Wait until Python has written everything."""
    web.until(page, lambda: page.evaluate("() => document.querySelector('.lx-sg').figures?.waiting") == 0)


def part(page, name):
    return page.get_by_test_id(f"judge-{name}")


def verdicts(page):
    return [(each["start"], each["end"], each["verdict"]) for each in figures(page)["judged"]]


def test_a_flag_is_judged_with_one_key(page, address, kept):
    scored(page, address)
    told = {each["at"]: each["told"] for each in figures(page)["stretches"]}
    page.get_by_test_id("stretch-table").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("f")  # the row goes on to the next: a key each
    page.keyboard.press("n")
    page.keyboard.press("l")
    web.next_frame(page)
    shown = verdicts(page)
    highest = sorted(figures(page)["stretches"], key=lambda each: -each["peak"])[:3]
    assert {
        (*told[each["at"]], said) for each, said in zip(highest, ("fault", "normal", "look again"), strict=True)
    } == set(shown)
    written(page)
    assert [line["verdict"] for line in kept()] == ["fault", "normal", "look again"]
    detection = load_detection(checkpoints()[EXAMPLE] / DETECTION)
    events = [Event(*each) for each in sorted(shown)]
    made = propose(detection, events, Rule())
    proposal = figures(page)["proposal"]
    assert (proposal["rule"], proposal["amount"]) == (made.rule.kind, made.rule.amount)
    assert made.change.words() in part(page, "proposal").inner_text()
    assert "1 of 2 (90 % sure: 3 to 97 %)" in part(page, "tally").inner_text()
    part(page, "use").click()
    assert figures(page)["amount"] == made.rule.amount
    web.until(page, lambda: f"threshold={made.rule}" in page.url)
    # The rule stays now, and the amount alone is another: a choice all the same.
    page.get_by_test_id("threshold-slider").press("Home")
    web.until(page, lambda: f"threshold={made.rule}" not in page.url)
    page.evaluate(PUSHES)
    part(page, "use").click()
    web.until(page, lambda: page.evaluate("window.pushes") == 1)
    assert figures(page)["amount"] == made.rule.amount
    assert len(figures(page)["stretches"]) == len(findings(detection, made.rule).intervals)
    page.keyboard.press("u")
    assert [said for *_, said in verdicts(page)].count("look again") == 0
    written(page)
    page.reload()
    drawn(page)
    assert len(verdicts(page)) == 2


@pytest.mark.slow
def test_rows_are_marked_named_and_taken_away(page, address, kept):
    scored(page, address)
    part(page, "mark").click()
    lanes = page.get_by_test_id("signal-lanes")
    lanes.scroll_into_view_if_needed()
    box = lanes.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 50, steps=4)
    page.mouse.up()
    assert (figures(page)["first"], figures(page)["last"]) == (0, 3000)  # nothing was panned
    page.locator("[data-verdict=normal]").click()
    ((start, end, said),) = verdicts(page)
    assert (start, end, said) == (pytest.approx(600, abs=5), pytest.approx(900, abs=5), "normal")
    part(page, "to").fill(str(start + 9))  # by the keyboard alone
    part(page, "to").press("Enter")
    part(page, "from").fill(str(start))
    part(page, "from").press("Enter")
    part(page, "comment").fill("a <b>test</b> n l f")
    part(page, "comment").press("Tab")
    page.get_by_test_id("signal-lanes").focus()
    page.keyboard.press("f")
    assert verdicts(page) == [(start, start + 10, "fault")]
    part(page, "count").click()
    assert "a <b>test</b> n l f" in part(page, "list").inner_text()
    part(page, "list").locator("[data-do=drop]").click()
    assert verdicts(page) == []
    part(page, "undo").click()
    assert verdicts(page) == [(start, start + 10, "fault")]
    written(page)
    assert kept()[-1]["comment"] == "a <b>test</b> n l f"


@pytest.mark.slow
def test_stretches_are_marked_and_judged_by_touch(phone, address, kept):
    scored(phone, address)
    touch = phone.context.new_cdp_session(phone)
    _, edge = figures(phone)["normal"]
    marked = []
    # The second begins on the handle of the normal stretch's end.
    for share, verdict in ((0.2, "normal"), (edge / 3000, "fault"), (0.75, "normal")):
        part(phone, "mark").tap()
        part(phone, "mark").and_(phone.locator("[aria-pressed=true]")).wait_for()
        box = phone.get_by_test_id("signal-lanes").bounding_box()
        across, y = box["x"] + share * box["width"], box["y"] + 50

        def finger(kind, *places, y=y):
            points = [{"x": x, "y": y, "id": 0} for x in places]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        finger("touchStart", across)
        for step in range(1, 5):
            finger("touchMove", across + 8 * step)
        finger("touchEnd")
        marked.append((*figures(phone)["marked"], verdict))
        phone.locator(f"[data-verdict={verdict}]").tap()
        assert verdicts(phone) == marked
        assert (figures(phone)["first"], figures(phone)["last"]) == (0, 3000)  # nothing was panned
    written(phone)
    assert [(line["start"], line["end"], line["verdict"]) for line in kept()] == marked
    part(phone, "undo").tap()
    assert verdicts(phone) == marked[:2]
    written(phone)
    phone.reload()
    drawn(phone)
    assert verdicts(phone) == marked[:2]


@pytest.mark.slow
def test_two_tabs_and_another_visitor_lose_nothing(page, other, address, kept):
    scored(page, address)
    scored(other, address)
    for tab, key, downs in ((page, "f", 1), (other, "n", 2)):
        tab.get_by_test_id("stretch-table").focus()
        for _ in range(downs):
            tab.keyboard.press("ArrowDown")
        tab.keyboard.press(key)
    written(page)
    written(other)
    assert sorted(line["verdict"] for line in kept()) == ["fault", "normal"]
    page.reload()
    drawn(page)
    assert sorted(said for *_, said in verdicts(page)) == ["fault", "normal"]


@pytest.mark.slow
def test_what_follows_is_shown_exported_and_read_again(page, address, kept, tmp_path):
    scored(page, address)
    page.get_by_test_id("stretch-table").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    written(page)
    page.get_by_text(words.JUDGED).first.click()
    page.get_by_text(words.FOLLOWS).click()
    page.get_by_text(words.KINDS_TITLE).wait_for(timeout=60_000)
    page.get_by_text("Without judgements:").wait_for()
    page.get_by_text("What was called normal counted as usual").wait_for()
    page.get_by_text(words.STORY_TITLE).wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=words.EVENT_REPORT, exact=True).click()
    report = waiting.value.path().read_text("utf-8")
    assert "Which channel moved first, and how" in report
    assert re.search(r"Its flag is of kind [A-Z]+: \w+", report)
    before = len(figures(page)["stretches"])
    page.get_by_text("Count what was called normal as usual").click()
    page.get_by_text(words.USUAL_NOTE).wait_for()
    web.until(page, lambda: len(figures(page)["stretches"]) < before)
    # The next one that is called so goes at once, and the keys go on from there.
    page.get_by_test_id("stretch-table").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    web.settled(page)
    shown = figures(page)
    highest = sorted(shown["stretches"], key=lambda each: -each["peak"])
    page.keyboard.press("n")
    web.until(page, lambda: len(figures(page)["stretches"]) < len(shown["stretches"]), 60)
    now = figures(page)
    assert (now["first"], now["last"]) == (shown["first"], shown["last"])
    left = {each["at"] for each in now["stretches"]}
    assert highest[0]["at"] not in left
    page.keyboard.press("f")
    following = next(each for each in highest[1:] if each["at"] in left)
    assert (*following["told"], "fault") in verdicts(page)
    written(page)
    assert [line["verdict"] for line in kept() if line["do"] == "put"] == ["normal", "normal", "fault"]
    page.get_by_test_id("alike-title").wait_for()
    page.get_by_text(words.STORY_TITLE).wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=words.EVENTS_EXPORT, exact=True).click()
    text = waiting.value.path().read_bytes()
    detection = load_detection(checkpoints()[EXAMPLE] / DETECTION)
    events = parse_events(text, len(detection), detection.time).here
    assert [(event.start, event.end, event.verdict) for event in events] == verdicts(page)
    more = tmp_path / "more.csv"
    more.write_text("start,end,verdict,name,comment\n100,120,normal,,\n200,220,fault,leak,\n")
    page.get_by_text(words.EVENTS_IMPORT).click()
    page.locator("input[type=file]").set_input_files(more)
    web.until(page, lambda: len(figures(page)["judged"]) == 5)
    (tmp_path / "foreign.csv").write_text("time,score\n1,2\n")
    page.locator("input[type=file]").set_input_files(tmp_path / "foreign.csv")
    page.get_by_text("foreign.csv is no list of events").wait_for()


@pytest.mark.slow
def test_kinds_colour_the_figure_and_others_alike_are_gone_to(page, address, kept):
    scored(page, address, "?colour=kind")
    page.get_by_text("Kinds of what is flagged are found with").wait_for()
    page.get_by_test_id("stretch-table").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = figures(page)["marked"]
    page.get_by_text(words.JUDGED).first.click()
    page.get_by_text(words.FOLLOWS).click()
    web.until(page, lambda: figures(page)["kinds"] and figures(page)["alike"])
    shown = figures(page)
    kinds = {each["kind"] for each in shown["stretches"]}
    assert kinds == set(range(len(shown["kinds"])))  # each flag has its kind, and each kind a flag
    for name in shown["kinds"]:
        page.locator(".lx-map .lx-caption").get_by_text(name).wait_for()
    rows = page.get_by_test_id("alike-list").locator("button")
    assert rows.count() == len(shown["alike"])
    rows.nth(2).click()
    third, fourth = (shown["alike"][n] for n in (2, 3))
    assert figures(page)["marked"] == [third["start"], third["end"]]
    web.until(page, lambda: figures(page)["first"] <= third["start"] < third["end"] <= figures(page)["last"])
    page.keyboard.press("ArrowDown")
    assert figures(page)["marked"] == [fourth["start"], fourth["end"]]
    assert figures(page)["alike"] == shown["alike"]  # the list stays that of what was chosen
    page.keyboard.press("n")
    assert (fourth["start"], fourth["end"], "normal") in verdicts(page)
    assert "normal" in rows.nth(3).inner_text()
    web.until(page, lambda: "alike=3" in page.url)
    written(page)
    page.reload()
    drawn(page)
    web.until(page, lambda: figures(page)["marked"] == [fourth["start"], fourth["end"]])
    page.get_by_test_id("alike-back").click()
    assert figures(page)["marked"] == chosen
    page.get_by_label("Name of kind A").fill("leak")
    page.get_by_label("Name of kind A").press("Enter")
    web.until(page, lambda: "leak" in figures(page)["kinds"])
    page.locator(".lx-map .lx-caption").get_by_text("leak").wait_for()
    page.get_by_role("button", name="Undo: kind A is called leak").click()
    web.until(page, lambda: figures(page)["kinds"] == shown["kinds"])
    assert page.get_by_role("button", name="Undo: kind A").count() == 0


@pytest.mark.slow
def test_what_is_judged_while_the_server_dies_is_written_by_the_next(page, data, kept, tmp_path):
    port = web.free_port()
    environment = {**os.environ, "LATENT_DATA": str(data), "LATENT_RUNS": str(tmp_path / "runs")}
    command = [sys.executable, "-m", "streamlit", *web._arguments("app.py", port)]

    def serve():
        server = subprocess.Popen(command, cwd=web.ROOT, env=environment, stdout=-3, stderr=-3)
        web._up(port)
        return server

    server = serve()
    try:
        scored(page, f"http://127.0.0.1:{port}")
        page.get_by_test_id("stretch-table").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("f")
        written(page)
        server.kill()
        server.wait()
        page.keyboard.press("n")  # nobody hears of it
        assert len(verdicts(page)) == 2
        server = serve()
        page.reload()
        drawn(page)
        assert sorted(said for *_, said in verdicts(page)) == ["fault", "normal"]
        written(page)
        assert sorted(line["verdict"] for line in kept()) == ["fault", "normal"]
        page.problems.clear()  # of the server that was gone
    finally:
        server.kill()
        server.wait()
    source = read_checkpoint(checkpoints()[EXAMPLE]).config.source
    assert len(read_judged(checkpoints()[EXAMPLE]).of(file_key(str(source["file"])))) == 2
