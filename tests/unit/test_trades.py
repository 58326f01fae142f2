"""Files of many trades and sheets of many people are read right, or what is not found out is asked; twins are not taken
for them.
"""

import numpy as np
import pytest

from ae_core.data.csv.pieces import read_pieces
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import report

from . import body_kinds, log_kinds, meter_kinds, sheet_kinds, trade_kinds
from .made_formats import ROWS, table, when
from .test_formats import holds

KINDS = dict(
    [*trade_kinds.kinds(), *meter_kinds.kinds(), *body_kinds.kinds(), *log_kinds.kinds(), *sheet_kinds.kinds()]
)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_read_right_or_asked_about(name, tmp_path):
    data, expect = KINDS[name]
    (tmp_path / "file").write_bytes(data)
    found = report(tmp_path / "file")
    doubts = {doubt["what"] for doubt in found["doubts"]}
    if expect.get("layout") == "any":
        expect = {**expect, "layout": found["layout"]}
    holds(found, {"layout": found["layout"], **expect})
    names = {channel["name"] for channel in found["channels"]}
    count = expect.get("count", len(names))
    assert len(names) in (count if isinstance(count, list) else [count])
    assert names >= set(expect.get("includes", ()))
    assert not names & set(expect.get("without", ()))
    assert doubts >= set(expect.get("asked", ()))
    assert doubts or not expect.get("doubtful")
    if wanted := expect.get("doubtful_or"):
        assert doubts or all(found[key] == value for key, value in wanted.items() if key != "count")
    if "label" in expect:
        assert found["label"] == expect["label"]
        assert round(found["abnormal_share"] * found["rows"]) == expect["abnormal"]
    if "label_or_asked" in expect:
        assert "label" in doubts or round(found["abnormal_share"] * found["rows"]) == expect["label_or_asked"]
    if expect.get("minus"):
        assert read_table(data).values[:, 0].min() < 0
    if "first" in expect:
        assert read_table(data).values[0, 0] == pytest.approx(expect["first"], rel=0.2)


def read(row, head: str = "", rows: int = ROWS):
    return read_table(table(row, head, rows=rows).encode())


def test_what_only_looks_like_a_format_with_a_name_is_none():
    two = read(lambda i, a, b: f"{a:.6f}", "1709532000.0\n4.0\n")  # a start and a rate, and a third value as large
    assert len(two) == ROWS
    kept = read(lambda i, a, b: f"{1709532000 + i}.0,{a:.3f}")
    assert len(kept.names) == 1
    assert kept.step == 1
    assert len(read(lambda i, a, b: f"{a:.3f},{b:.4f}", "NPTS,DT\n")) == ROWS  # names of two columns
    assert read(lambda i, a, b: f"{i % 24}-{i % 24 + 2};{a:.3f}", "range;temp\n").time is None  # no hour of the day
    text = table(lambda i, a, b: f'"{when(i)}","{a:.3f}"', "time,temp\n")  # each cell in quotes, not each line
    assert read_table(text.encode()).names == ("temp",)
    page = b"<html><body><p>sign in</p></body></html>"
    with pytest.raises(Exception, match="web page"):
        read_table(page)


def test_what_only_looks_like_a_sum_or_a_remark_is_a_row():
    rows = table(lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f}", "time;temp;flow\n")
    assert len(read_table((rows + f"{when(ROWS)};;\n").encode())) == ROWS + 1  # a moment without a value is one
    named = "".join(f"{('max', 'press')[i % 2]};{i % 7};{i % 5}\n" for i in range(ROWS))
    assert len(read_table(("name;a;b\n" + named).encode())) == ROWS


def test_a_sum_late_in_a_file_is_left_out_in_pieces_too(tmp_path):
    text = table(lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f}" + "\nTagessumme;1;2" * (i == 2500), "t;x;y\n", rows=3000)
    (tmp_path / "log.csv").write_text(text)
    whole = read_table(text.encode())
    parts = list(read_pieces(tmp_path / "log.csv", 20_000))
    assert len(whole) == 3000
    np.testing.assert_array_equal(np.concatenate([part.values for part in parts]), whole.values)


def test_a_switch_that_is_on_outside_faults_too_stays_a_channel():
    def row(i: int, a: float, b: float) -> str:
        return f"{when(i)};{a:.3f};{int(i % 50 < 5)};{int(300 <= i < 330)};{int(310 <= i < 315)}"

    found = read(row, "time;temp;pump;anomaly;code_7\n")
    assert found.names == ("temp", "pump")
    assert found.label is not None
    assert found.label.sum() == 30
    (doubt,) = (doubt for doubt in found.about.doubts if "code_7" in doubt.text)
    assert doubt.instead["columns"].split(",")[-1].strip() == "code_7"


def test_columns_that_are_days_or_hours_of_something_else_are_not_unfolded():
    heading = "Date," + ",".join(f"sensor {j}" for j in range(24)) + "\n"
    body = "".join(
        f"{when(1440 * d):%Y-%m-%d}," + ",".join(f"{np.sin(d / 5 + j):.3f}" for j in range(24)) + "\n"
        for d in range(60)
    )
    assert len(read_table((heading + body).encode()).names) == 24
    weekly = "Date," + ",".join(f"{h:02d}:00" for h in range(24)) + "\n"
    body = "".join(
        f"{when(10080 * d):%Y-%m-%d}," + ",".join(f"{np.sin(d / 5 + j):.3f}" for j in range(24)) + "\n"
        for d in range(60)
    )
    assert len(read_table((weekly + body).encode()).names) == 24  # a day a week is no signal


def test_what_was_chosen_of_days_by_rows_can_be_kept_or_said_otherwise():
    data = KINDS["a day a row, its quarters across"][0]
    (doubt,) = read_table(data).about.doubts
    kept, instead = read_table(data, **doubt.keep), read_table(data, **doubt.instead)
    assert (len(kept), kept.about.doubts) == (2880, ())
    assert (len(instead), len(instead.names)) == (30, 96)


def test_a_switch_that_says_yes_and_no_is_no_label():
    for yes, no in (("WAHR", "FALSCH"), ("ja", "nein"), ("oui", "non"), ("sí", "no"), ("tak", "nie"), ("да", "нет")):
        found = read(lambda i, a, b, y=yes, n=no: f"{when(i)};{a:.3f};{y if i // 30 % 2 else n}", "Zeit;temp;Pumpe\n")
        assert found.label is None, yes
        assert found.names[0] == "temp"


def test_a_row_that_names_what_it_is_of_at_moments_of_its_own_makes_a_wide_table():
    found = read(lambda i, a, b: f"{i}.3;{('Coolant', 'Fuel')[i % 2]};{(a, b)[i % 2]:.3f}", "SECONDS;PID;VALUE\n")
    assert found.names == ("Coolant", "Fuel")
    assert np.isnan(found.values).mean() == pytest.approx(0.5)
    twin = read(lambda i, a, b: f"{when(i)},{a:.3f},{('N', 'NE', 'E')[i // 3 % 3]}", "time,value,direction\n")
    assert twin.names == ("value",)
