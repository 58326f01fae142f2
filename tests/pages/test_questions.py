"""Signals without a browser: what is doubtful about a file is shown, answered, and trained with the answer."""

import functools
import json
from pathlib import Path

import numpy as np
import pytest
from joblib.externals.loky import get_reusable_executor

from ae_core import read_checkpoint
from ae_core.anomaly.recipe import recipe
from ae_core.data.csv.answers import open_doubts
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import keep_upload
from ae_core.jobs.queue import jobs
from ae_core.runs.folder import runs
from pages.sections.signals import keys, words
from pages.sections.signals.questions import glimpse, name_of_question

from ..support import apptest
from ..support.apptest import ROOT, AppTest, link_of

FOLDER = Path(__file__).resolve().parents[1] / "data" / "formats"


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))


@pytest.fixture
def workers():
    """Workers know the environment in which they were started: these know the test's."""
    get_reusable_executor(kill_workers=True).shutdown(kill_workers=True)
    yield
    jobs.executors.shutdown()


opened = functools.partial(apptest.opened, "signals")


def uploaded(data: bytes, name="table.csv") -> AppTest:
    at = opened()
    (uploader,) = at.file_uploader
    at = uploader.upload(name, data, "text/csv").run()
    assert not at.exception, at.exception[0].message
    return at


def shown(at) -> str:
    return "\n".join(element.value for element in [*at.markdown, *at.caption]).replace("\\", "")


def buttons(at) -> dict[str, object]:
    return {button.key: button for button in at.button}


def doubts(data: bytes) -> dict:
    return {d.what: d for d in open_doubts(Csv(file=str(_kept(data))).table().about.doubts)}


def _kept(data: bytes) -> Path:
    return Path(keep_upload(data, "twin.csv"))


def ambiguous(rows=400) -> bytes:
    """Nothing tells the day from the month: the hours of the first of each month."""
    days = [f"0{1 + month % 9}/0{1 + month % 9}/2024" for month in range(9)]
    lines = [f"{days[i // 60]} {i % 60 // 4:02d}:{15 * (i % 4):02d},{np.sin(i / 5):.4f}" for i in range(rows)]
    return ("when,a\n" + "\n".join(lines) + "\n").encode()


def test_a_doubt_is_shown_answered_and_trained_with_and_the_next_file_is_read_alike(workers):
    data = ambiguous()
    doubt = doubts(data)["day_first"]
    at = uploaded(data)
    assert doubt.text in shown(at)
    assert buttons(at)[keys.TRAIN].disabled
    assert "1 question is still open above the figure: day or month first." in shown(at)
    name = name_of_question(doubt)
    labels = {buttons(at)[keys.answer(name, side)].label for side in ("keep", "instead")}
    assert labels == {"Day first", "Month first"}
    assert len(at.table) >= 2  # both readings' first rows
    buttons(at)[keys.answer(name, "instead")].click().run()
    assert not at.exception
    assert doubt.text not in shown(at)
    assert at.selectbox(key=keys.read("day_first")).value == doubt.other
    assert not buttons(at)[keys.TRAIN].disabled
    at.number_input(key=keys.recipe("epochs")).set_value(2)
    at.number_input(key=keys.read("window")).set_value(8)
    buttons(at)[keys.TRAIN].click().run()
    (folder,) = runs().values()
    assert jobs.wait([folder], 60)[0]["state"] == "done"
    assert read_checkpoint(folder).config.source["day_first"] == doubt.other
    at = opened(run=folder.name)
    buttons(at)[keys.AGAIN].click().run()  # what was answered once is not asked again
    assert not buttons(at)[keys.TRAIN].disabled
    other = keep_upload(ambiguous(300), "other.csv")
    jobs.score(folder, {"file": other}).result(60)
    at = opened(run=folder.name, file=other)
    buttons(at)[keys.AGAIN].click().run()
    assert link_of(at) == {"file": other, "read": f"day_first={doubt.other}"}
    assert at.selectbox(key=keys.read("day_first")).value == doubt.other


@pytest.mark.parametrize(
    "name", ["d03_wadi.csv", "d11_care_wind_farm.csv", "e05_multi_rate.csv", "e25_counter_second_and_uptime.csv"]
)
def test_all_as_proposed_closes_every_question(name):
    at = uploaded((FOLDER / name).read_bytes(), name)
    questions = [key for key in buttons(at) if key.startswith("signals-answer") and key.endswith("keep")]
    assert questions
    assert buttons(at)[keys.TRAIN].disabled
    buttons(at)[keys.ALL_AS_PROPOSED if len(questions) > 1 else questions[0]].click().run()
    assert not at.exception
    assert not [key for key in buttons(at) if key.startswith("signals-answer")]
    assert not buttons(at)[keys.TRAIN].disabled


def test_rows_that_are_samples_are_said_so_with_what_can_be_done_meanwhile():
    at = uploaded((FOLDER / "a01_ecg_rows_label_last.csv").read_bytes(), "ecg.csv")
    assert words.SAMPLES in shown(at)
    assert buttons(at)[keys.TRAIN].disabled
    buttons(at)[keys.ALL_AS_PROPOSED].click().run()
    assert not at.exception
    assert at.number_input(key=keys.read("window")).value == 1
    assert at.number_input(key=keys.read("smoothing_rows")).value == 1
    assert not buttons(at)[keys.TRAIN].disabled
    source = {"file": link_of(at)["file"], "window": 1, "smoothing_rows": 1, "label": "column 141"}
    assert recipe(Csv(**source).table(), source).source["window"] == 1


def test_everything_that_can_be_said_is_on_the_page_beside_what_it_does():
    at = uploaded(b"made by X\n" + "".join(f"{i};{i % 7},5;{i % 5}\n" for i in range(300)).encode())
    there = {element.key for element in [*at.text_input, *at.selectbox, *at.number_input]}
    said = (
        *("heading", "leave_out", "delimiter", "decimal", "encoding", "time", "time_format", "time_unit"),
        *("time_origin", "time_step", "label", "normal_values", "missing", "fill", "resample_seconds", "states"),
    )
    assert {keys.read(name) for name in said} <= there
    assert any("made by X" in code.value for code in at.code)
    at.number_input(key=keys.read("time_step")).set_value(0.5).run()
    at.text_input(key=keys.read("leave_out")).input("2-11").run()
    assert not at.exception
    assert "**290 rows**" in shown(at)


def test_the_normal_stretch_is_proposed_with_why_and_can_be_typed_as_times():
    rows = [f"{np.datetime64('2024-03-01T00:00') + np.timedelta64(i, 'm')},{np.sin(i / 5):.4f}" for i in range(400)]
    at = uploaded(("time,a\n" + "\n".join(rows) + "\n").encode())
    assert "From 2024-03-01 00:00:00 to 2024-03-01 03:59:00. The first 60 % of the rows." in shown(at)
    assert words.HEALTHY in shown(at)
    at.text_input(key=keys.NORMAL_TYPED).input("2024-03-01T01:00:2024-03-01T04:59").run()
    assert "Normal: rows 60 to 299" in shown(at)
    at.text_input(key=keys.NORMAL_TYPED).input("0:100, 2024-03-01T02:00:2024-03-01T04:59").run()
    assert "Normal: rows 0 to 99, 120 to 299" in shown(at)
    assert "From 2024-03-01 00:00:00 to 2024-03-01 01:39:00, from 2024-03-01 02:00:00" in shown(at)
    at.text_input(key=keys.NORMAL_TYPED).input("later").run()
    assert any("START:END" in element.value for element in at.warning)
    assert at.text_input(key=keys.NORMAL_TYPED).value == "later"


def test_first_checks_are_said_at_upload():
    values = np.random.default_rng(0).normal(0, 1, (600, 2)) + 5
    values[200:320, 0] = values[200, 0]
    at = uploaded(("a,b\n" + "\n".join(f"{a:.4f},{b:.4f}" for a, b in values) + "\n").encode())
    assert "'a' stands still for 120 rows from row 200." in shown(at)


def test_what_is_shown_of_a_reading_is_text(tmp_path):
    rows = "".join(f"03/04/2024 {i % 24:02d}:00,{i % 7},{i % 3}\n" for i in range(24))
    at = uploaded(f'when,**a**,"<img src=x onerror=alert(1)>"\n{rows}'.encode())
    told = [str(list(table.value.columns)) for table in at.table]
    assert any("onerror" in text for text in told)
    assert all("<img" not in text.replace("\\\\<", "").replace("\\<", "") for text in told)
    json.dumps(told)


def test_a_lone_value_is_seen_in_the_small_figure_and_names_are_not_changed():
    at = uploaded((FOLDER / "e19_sentinel.csv").read_bytes(), "e19.csv")
    labels = [button.label.replace("\\", "") for key, button in buttons(at).items() if key.startswith("signals-answer")]
    assert labels == ["temp: -9999 is missing", "-9999 is a value", "wind: 65535 is missing", "65535 is a value"]
    found = glimpse(json.dumps({"file": link_of(at)["file"], "values": "-9999"}), "'temp'")
    assert sum(point["y"] == -9999 for point in found.points) == 13
