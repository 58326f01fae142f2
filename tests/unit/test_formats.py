"""Files as people really have them: those of tests/data/formats, those that are made, and what a person can say."""

import json
from pathlib import Path

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.cli import main
from ae_core.data.csv.fill import fill_table
from ae_core.data.csv.formats import readers
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import report

from ..fuzz.formats import tried
from .made_formats import made

FOLDER = Path(__file__).resolve().parents[1] / "data" / "formats"
EXPECTED = {each["file"]: each["expect"] for each in json.loads((FOLDER / "expect.json").read_text("utf-8"))}
MADE = dict(made())


def holds(found, expect):
    """What `read --json` finds is what is expected; sentinels and words among numbers are counted, not estimated."""
    assert found["layout"] == expect["layout"]
    assert "rows" not in expect or found["rows"] == expect["rows"]
    names = [channel["name"] for channel in found["channels"]]
    if "channels" in expect:
        assert sorted(names) == sorted(expect["channels"])
    assert set(expect.get("some", ())) <= set(names)
    if "units" in expect:
        assert [channel["unit"] for channel in found["channels"]] == expect["units"]
    if "step" in expect:
        assert found["step"] == pytest.approx(expect["step"], rel=0.02)
    if "missing" in expect:
        assert found["missing_share"] == pytest.approx(expect["missing"], abs=0.004)
    if "first_time" in expect:
        assert found["first_time"].startswith(expect["first_time"])


@pytest.mark.parametrize("name", EXPECTED)
def test_files_of_people(name):
    expect = EXPECTED[name]
    found = report(FOLDER / name)
    holds(found, expect)
    assert "label" not in expect or found["label"] is not None
    if "label_count" in expect:
        assert round(found["abnormal_share"] * found["rows"]) == expect["label_count"]
    if "abnormal_rows" in expect:
        assert np.flatnonzero(read_table(FOLDER / name).label).tolist() == expect["abnormal_rows"]


@pytest.mark.parametrize("name", MADE)
def test_files_that_are_made(name, tmp_path):
    text, expect = MADE[name]
    (tmp_path / "file.csv").write_text(text, "utf-8")
    found = report(tmp_path / "file.csv")
    holds(found, expect)
    assert "label" not in expect or found["label"] == expect["label"]
    if "abnormal" in expect:
        assert round(found["abnormal_share"] * found["rows"]) == expect["abnormal"]
    table = read_table(text.encode())
    assert "first" not in expect or table.values[0, 0] == pytest.approx(expect["first"], rel=0.2)
    assert "note" not in expect or any(expect["note"] in note.text for note in table.notes)


def test_formats_are_found_by_being_there():
    assert {"toa5", "influx", "wincc", "hobo", "oscilloscope", "cmapss", "labview", "sktime"} <= set(readers())
    assert all(reader(["a,b"], b"a,b\n1,2\n") is None for reader in readers().values())


def test_the_command_says_doubts_first_and_strict_makes_them_an_error(tmp_path, capsys):
    doubtful, sure = FOLDER / "d03_wadi.csv", FOLDER / "e03_states_on_off.csv"
    assert main(["read", str(doubtful)]) == 0
    assert capsys.readouterr().out.startswith("? ")
    assert main(["read", str(doubtful), "--strict", "--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["doubts"][0]["what"] == "day_first"
    assert "doubtful" in said.err
    assert main(["read", str(sure), "--strict"]) == 0
    assert main(["read", str(doubtful), "--json", "--day-first", "no", "--time", "none"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["time"] == []
    assert main(["read", str(tmp_path / "none.csv")]) == 2


def test_a_person_can_say_everything():
    text = "made by X\nunits: bar\nwhen|p|mode\n1|1,5|RUN\n2|2,5|IDLE\nremark\n3|-7|RUN\n"
    table = read_table(
        text.encode(), delimiter="pipe", decimal="comma", heading=3, leave_out="6", time="when", time_unit="h",
        time_origin="2024-01-01", columns="p,mode", missing="-7", states="RUN=1, IDLE=0",
    )  # fmt: skip
    assert table.names == ("p", "mode")
    np.testing.assert_array_equal(table.values, [[1.5, 1], [2.5, 0], [np.nan, 1]])
    assert (str(table.time[0]), table.step) == ("2024-01-01T01:00:00.000000000", 3600)
    fixed = read_table(b"a,b\n1,2\n3,5\n2,2\n", time_step=0.5)
    assert (fixed.step, len(fixed.time)) == (0.5, 3)
    spelled = read_table(b"t;a\n03~04~2024;1\n03~05~2024;2\n", time="t", time_format="%m~%d~%Y")
    assert str(spelled.time[1])[:10] == "2024-03-05"
    rows = "".join(f"{i},{'' if i % 5 else i}\n" for i in range(60))
    filled = fill_table(read_table(("a,b\n" + rows).encode(), columns="a,b"), "b: last", 0)
    assert filled.values[:7, 1].tolist() == [0, 0, 0, 0, 0, 5, 5]
    for said in (
        {"layout": "heap"},
        {"time_unit": "week"},
        {"fill": "guess"},
        {"leave_out": "x"},
        {"states": "ON"},
        {"heading": 40},
    ):
        with pytest.raises(LatentError):
            read_table(text.encode(), delimiter="pipe", **said) if "fill" not in said else fill_table(
                filled, said["fill"], 0
            )


def test_damaged_files_are_a_table_or_one_sentence():
    assert list(tried(40, 7)) == []
