"""What a person can answer to what is doubtful: each answer reads the file, closes its question, and is a setting."""

from pathlib import Path

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.data.csv.answers import answered, open_doubts
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import beginning, first_lines
from ae_core.data.csv.source import Csv

FOLDER = Path(__file__).resolve().parents[1] / "data" / "formats"
DOUBTFUL = (
    *("a01_ecg_rows_label_last.csv", "a07_device_rows.csv", "b03_homeassistant_history.csv", "b05_wincc_log.csv"),
    *("d03_wadi.csv", "d07_beijing_pm.csv", "d11_care_wind_farm.csv", "e05_multi_rate.csv"),
    *("e13_labview_epoch.csv", "e19_sentinel.csv", "e25_counter_second_and_uptime.csv"),
)


@pytest.mark.parametrize("name", DOUBTFUL)
def test_either_answer_reads_the_file_and_the_other_one_closes_the_question(name):
    source = {"file": str(FOLDER / name)}
    table = Csv(**source).table()
    doubts = open_doubts(table.about.doubts)
    assert doubts
    for doubt in doubts:
        kept = Csv(**answered(source, doubt.keep)).table()
        assert (kept.names, len(kept)) == (table.names, len(table))
        assert (kept.time is None) == (table.time is None)
        assert kept.time is None or np.array_equal(kept.time, table.time, equal_nan=True)
        assert doubt.instead
        other = answered(source, doubt.instead)
        assert doubt.text not in [each.text for each in Csv(**other).table().about.doubts]
        assert 0 < len(beginning(Csv(**other))) <= len(table) * max(1, len(table.names))
    assert open_doubts(table.about.doubts, [doubt.text for doubt in doubts]) == []


def test_answers_add_to_lists_and_replace_the_rest():
    assert answered({"missing": "-9", "fill": "a: last"}, {"missing": "-7", "fill": "none"}) == {
        "missing": "-9,-7",
        "fill": "none",
    }
    assert answered({"label": "a"}, {"label": "none"}) == {"label": "none"}


def test_a_counter_can_be_taken_as_its_steps():
    rows = "".join(f"{n},{n // 2 * 3 % 450},{n % 7}\n" for n in range(400))
    table = read_table(f"n,energy_total,a\n{rows}".encode(), steps="energy_total")
    assert table.names == ("energy_total", "a")
    assert table.values[:4, 0].tolist() == [0, 0, 3, 0]
    assert np.flatnonzero(np.isnan(table.values[:, 0])).tolist() == [300]  # where it began anew, nobody knows the step


def test_numbers_that_mean_missing_and_numbers_that_do_not():
    rows = "".join(f"{np.sin(n / 5):.4f},{-9999.0 if n % 40 == 7 else n % 13 / 3:.3f}\n" for n in range(400))
    text = f"a,b\n{rows}".encode()
    assert np.isnan(read_table(text).values).sum() == 10
    assert np.isnan(read_table(text, values="-9999").values).sum() == 0
    assert np.isnan(read_table(text.replace(b"-9999.000", b"-77.000"), missing="-77").values).sum() == 10
    with pytest.raises(LatentError, match="values are numbers"):
        read_table(text, values="many")


def test_first_lines_are_as_they_stand_there(tmp_path):
    (tmp_path / "a.csv").write_bytes("größe;b\n1;2\n".encode("utf-16"))
    assert first_lines(tmp_path / "a.csv") == ["größe;b", "1;2"]
    assert first_lines(FOLDER / "c01_toa5.dat")[0].startswith('"TOA5"')


def test_what_to_do_about_several_rates_is_proposed_with_its_price():
    source = {"file": str(FOLDER / "e05_multi_rate.csv")}
    (doubt,) = Csv(**source).table().about.doubts
    assert "is carried on (2 channels, 57 % of the cells)." in doubt.text
    assert doubt.text.endswith("Resampled to 100 ms instead, 3,000 rows become 301.")
    table = Csv(**answered(source, doubt.instead)).table()
    assert (len(table), table.step) == (301, 0.1)
    assert np.isnan(table.values).mean() < 0.01
    assert not table.about.doubts
