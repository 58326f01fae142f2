"""One small thing wrong in a file changes no more than itself, and is said."""

import numpy as np
import pytest

from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import report

from ..fuzz.formats import silent
from .test_formats import FOLDER

ROWS = [f"{i},{np.sin(i / 9):.3f},{np.cos(i / 7):.3f}" for i in range(300)]


def table(rows, head="t,a,b"):
    return read_table("\n".join([head, *rows, ""]).encode())


@pytest.mark.parametrize("cell", ['"', '0.5"', '"0.5', '"0.5""'])
def test_a_quote_that_is_never_closed_takes_no_rows_with_it(cell):
    rows = [*ROWS]
    rows[100] = f"100,{cell},0.25"
    found = table(rows)
    assert (len(found), found.names) == (300, ("a", "b"))
    assert found.values[100, 1] == 0.25
    assert any(note.text == "Line 102 has a quote that is never closed: it is left out." for note in found.notes)


def test_cells_over_several_lines_stay():
    rows = [f'{i},{np.sin(i / 9):.3f},"note {i}\nmore",{np.cos(i):.3f}' for i in range(60)]
    found = table(rows, "t,a,note,b")
    assert (len(found), found.names[-2:]) == (60, ("a", "b"))
    assert found.values[:, -1] == pytest.approx(np.cos(np.arange(60)), abs=1e-3)
    assert not any("quote" in note.text for note in found.notes)


def test_two_quotes_far_apart_are_two():
    rows = [*ROWS]
    rows[50], rows[250] = '50,",1', '250,",1'
    found = table(rows)
    assert len(found) == 300
    assert any("Lines 52, 252 have" in note.text for note in found.notes)


def test_a_byte_that_is_none_of_utf8_does_not_make_the_file_another_encoding():
    data = "\n".join(["t,T [°C],Fülle", *ROWS, ""]).encode()
    at = data.index(b"150,") + 4
    found = read_table(data[:at] + b"\xff" + data[at + 1 :])
    assert (found.names, found.units) == (("T", "Fülle"), ("°C", ""))
    assert read_table("\n".join(["t,T [°C],Fülle", *ROWS, ""]).encode("cp1252")).names == ("T", "Fülle")


INFLUX = b"T07:35:20Z,19.2585,temperature,plant,pi4\r\n"
CHANGES = {  # what was silently read as something else once: (file, old, new)
    "a blank line": ("b01_influx_annotated.csv", INFLUX, INFLUX + b"\r\n"),
    "a remark": ("b01_influx_annotated.csv", INFLUX, INFLUX + b"# x\r\n"),
    "a cycle that is missing": ("b07_cmapss.txt", b"\n4 68 -0.0001", b"\n4 NaN -0.0001"),
    "a place that is missing": ("c03_rigol_ds1000z.csv", b"\n529,", b"\nNaN,"),
    "a time that is none": ("e03_states_on_off.csv", b"\n2024-03-04 23:54:00,", b"\n-,"),
    "a value too large": ("d09_pump_sensor.csv", b"54.3749,1451.2,,", b"54.3749,1451.2,1e400,"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_silently_another_once(what, tmp_path):
    name, old, new = CHANGES[what]
    data = (FOLDER / name).read_bytes()
    assert data.count(old) == 1
    (tmp_path / name).write_bytes(data.replace(old, new))
    found, before = report(tmp_path / name), report(FOLDER / name)
    assert [channel["name"] for channel in found["channels"]] == [channel["name"] for channel in before["channels"]]
    assert (found["layout"], found["time"]) == (before["layout"], before["time"])
    assert abs(found["rows"] - before["rows"]) <= 1


def test_one_small_thing_wrong_is_no_silent_change():
    assert list(silent(40, 3)) == []
