"""Files of kinds that people meet every day are read right: layout, rows, channels, time, units, label, missing cells."""

import json

import pytest

from ae_core import LatentError
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import report

from .made_formats import table, when
from .real_kinds import kinds
from .test_formats import holds

KINDS = dict(kinds())


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_read_right(name, tmp_path):
    data, expect = KINDS[name]
    (tmp_path / "file").write_bytes(data)
    found = report(tmp_path / "file")
    count = len(expect["channels"]) if expect.get("loose") else expect.get("count", len(found["channels"]))
    assert len(found["channels"]) == count
    holds(found, {key: value for key, value in expect.items() if key != "channels" or not expect.get("loose")})
    if "label" in expect:
        assert found["label"] == expect["label"]
        assert round(found["abnormal_share"] * found["rows"]) == expect["abnormal"]
    if "first" in expect:
        assert read_table(data).values[0, 0] == pytest.approx(expect["first"], rel=0.2)


def test_times_that_cannot_be_read_are_asked_about_and_can_be_said():
    text = table(lambda i, a, b: f"{when(i):%M'%H~%d_%m_%Y},{a:.3f},{b:.3f}", "zeit,temp,flow\n").encode()
    found = read_table(text)
    (doubt,) = (each for each in found.about.doubts if each.what == "time")
    assert "'zeit' looks like times that cannot be read" in doubt.text
    assert found.names == ("temp", "flow")
    said = read_table(text, time="zeit", time_format="%M'%H~%d_%m_%Y")
    assert (said.step, str(said.time[0])[:16]) == (60, "2024-03-04T06:00")
    assert not said.about.doubts


def test_an_alarm_that_is_half_the_time_on_is_no_label():
    text = table(lambda i, a, b: f"{when(i)},{a:.3f},{'ON' if i // 40 % 2 else 'OFF'}", "time,temp,alarm\n")
    assert read_table(text.encode()).names == ("temp", "alarm")
    text = table(lambda i, a, b: f"{when(i)},{a:.3f},{'ON' if 300 < i < 320 else 'OFF'}", "time,temp,pump\n")
    assert read_table(text.encode()).label is None  # a pump that runs is no fault


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ' * 3000 + "1" + "}" * 3000,
        "[" * 100_000,
        '{"a": 1',
        "[{}]",
        "[[], []]",
        '{"a": [1, 2], "b": "x"',
        json.dumps({"text": "no numbers"}) + "\n{",
        "<html><body>1,2</body></html>",
    ],
)
def test_json_that_is_no_table_is_one_sentence(text):
    with pytest.raises(LatentError) as error:
        read_table(text.encode())
    assert "\n" not in str(error.value)


def test_json_of_columns_and_of_lists():
    columns = {"ts": [1709532000 + i for i in range(50)], "v": [i % 7 for i in range(50)]}
    rows = [[1709532000 + i, i % 7] for i in range(50)]
    for made in (columns, {"meta": {"x": 1}, "rows": [{"ts": t, "v": v} for t, v in rows]}, {"result": columns["v"]}):
        found = read_table(json.dumps(made).encode())
        assert (found.values[:7, -1] == range(7)).all()
    assert read_table(json.dumps(rows).encode()).step == 1
