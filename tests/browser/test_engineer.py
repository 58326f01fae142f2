"""An engineer's way on the page, from the file to the report: every figure that is shown, against the truth."""

import csv
import html
import io
import re

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from ae_core.base.text import ascii_name
from pages.sections.signals import words

from ..support import browser as web
from ..support.engineers import CASES, Case
from .test_browser_signals import drawn, figures, scored, upload

EPOCHS = "2"  # a fresh network is PCA of the windows: enough to find these faults
WITHIN = 10  # rows by which a fault's ends may be told wrongly


def downloaded(page, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return download.value.path().read_text("utf-8-sig")


def table(text: str) -> dict[str, list[str]]:
    """Columns of a CSV file, by their headings."""
    heading, *rows = csv.reader(io.StringIO(text))
    columns = {name: [row[n] for row in rows] for n, name in enumerate(heading)}
    if "time" in columns:
        columns["time"] = [time.replace("T", " ").removesuffix(".000") for time in columns["time"]]
    return columns


def trained(page, address: str, path, case: Case) -> None:
    """Upload a file, take what is proposed, and train."""
    scored(page, address)
    upload(page, path)
    if page.get_by_role("button", name=words.ALL_AS_PROPOSED).count():
        page.get_by_role("button", name=words.ALL_AS_PROPOSED).click()
        web.settled(page)
    page.get_by_text(re.compile(f"{case.rows:,} rows")).first.wait_for()
    epochs = page.get_by_role("spinbutton", name="epochs")
    epochs.fill(EPOCHS)
    epochs.press("Enter")
    web.settled(page)
    page.get_by_role("button", name=words.TRAIN).click()
    page.wait_for_url(re.compile("run="), timeout=120_000)
    drawn(page, 400)


def named(stretches: list[dict], faults) -> None:
    """Each fault is flagged, is told by its own rows, and its channel is the first that is named."""
    for kind, first, length, channel, _ in faults:
        over = [each for each in stretches if each["start"] < first + length and each["end"] > first]
        assert over, f"{kind} at {first} is not flagged"
        best = max(over, key=lambda each: each["peak"])
        assert abs(best["told"][0] - first) <= WITHIN, (kind, first, best["told"])
        assert abs(best["told"][1] - first - length) <= WITHIN, (kind, first + length, best["told"])
        assert int(np.argmax(best["blame"])) == channel


def scores_are_the_files(page, scores: dict[str, list[str]], case: Case) -> None:
    """A line for each row of the file, at its time; rows that have no score have none."""
    assert len(scores["score"]) == case.rows
    if case.time:
        assert [scores["time"][row] for row in (0, case.rows - 1)] == [case.time(0), case.time(case.rows - 1)]
    else:
        assert "time" not in scores
    empty = [row for row, score in enumerate(scores["score"]) if not score]
    window = int(re.search(r"windows of ([\d,]+) row", page.locator(".st-key-notice").inner_text())[1].replace(",", ""))
    expected = [*range(window - 1), *(range(case.gap, case.gap + window - 1) if case.gap else ())]
    assert empty == expected
    assert f"{len(empty):,} of {case.rows:,} rows without a score" in page.locator(".lx-note").inner_text()
    if case.gap:
        assert "1 gap in time, 3 h without a row" in page.locator(".lx-note").inner_text()


def measured(page, scores: dict[str, list[str]], label: np.ndarray) -> None:
    """What is measured against the labels is what scikit-learn measures."""
    score = np.array([float(text or "nan") for text in scores["score"]])
    known = np.isfinite(score)
    flagged = np.array([text == "1" for text in scores["abnormal"]])
    cells = page.get_by_test_id("stTable").first.inner_text()
    for value in (
        average_precision_score(label[known], score[known]),
        label[known].mean(),
        label[flagged].mean(),
        flagged[label == 1].mean(),
    ):
        assert f"{value:.3f}" in cells


def alarms(page, now: dict, scores: dict[str, list[str]]) -> None:
    """As many alarms on held-out normal rows as are said, and the threshold is where it is said to be."""
    rows = int(re.search(r"held-out normal data \(([\d,]+) rows", now["words"])[1].replace(",", ""))
    (threshold,) = {float(text) for text in scores["threshold"]}
    assert threshold == pytest.approx(now["level"], rel=1e-3)
    assert f"{len(now['stretches'])} stretch" in now["words"]
    assert rows > 100


def report_says(page, file: str, now: dict, scores: dict[str, list[str]]) -> None:
    """The report: this file, its rows and stretches, PCA beside."""
    said = html.unescape(downloaded(page, words.REPORT))
    assert f"What is abnormal in {ascii_name(file.removesuffix('.csv')).lower()}" in said
    assert f"{len(scores['score']):,}, from" in said
    for stretch in sorted(now["stretches"], key=lambda each: -each["peak"])[:5]:
        assert f"{stretch['peak']:.3g}" in said
        for row in (stretch["told"][0], stretch["told"][1] - 1):
            assert (scores["time"][row] if "time" in scores else str(row)) in said
    assert "PCA" in said
    assert "<script" not in said


def stretches_are_the_pages(page, now: dict) -> None:
    lines = table(downloaded(page, words.STRETCHES))
    found = [(int(first), int(last) + 1) for first, last in zip(lines["first_row"], lines["last_row"], strict=True)]
    assert found == [tuple(each["told"]) for each in now["stretches"]]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.timeout(900)
def test_from_the_file_to_the_report(page, address, data, runs, tmp_path, name):
    case = CASES[name]()
    path = tmp_path / case.file
    path.write_bytes(case.data)
    trained(page, address, path, case)
    now, scores = figures(page), table(downloaded(page, words.SCORES))
    label = np.zeros(case.rows, int)
    for _, first, length, *_ in case.faults:
        label[first : first + length] = 1
    named(now["stretches"], case.faults)
    scores_are_the_files(page, scores, case)
    measured(page, scores, label)
    alarms(page, now, scores)
    stretches_are_the_pages(page, now)
    report_says(page, case.file, now, scores)
    names = page.locator(".lx-lanes .lx-name b").all_inner_texts()
    assert [each.split(", ")[0] for each in names] == list(case.channels)
    if case.following is None:
        return
    assert {"Lagertemp_C, °C", "Druck_bar, bar"} <= set(names)
    file, following, faults = case.following
    (tmp_path / file).write_bytes(following)
    upload(page, tmp_path / file)
    page.get_by_role("button", name=words.SCORE, exact=True).click()
    page.wait_for_url(re.compile("file=.*run="), timeout=60_000)
    drawn(page, 200)
    page.get_by_text(re.compile("File .*pumpe-april")).wait_for()
    now, scores = figures(page), table(downloaded(page, words.SCORES))
    assert len(scores["score"]) == following.count(b"\n") - 1
    assert scores["time"][0] == "2024-04-01 00:00:00"
    named(now["stretches"], faults)
    report_says(page, file, now, scores)
