"""What is packed, and what is in an Excel workbook, reads as it does unpacked."""

import bz2
import datetime
import gzip
import io
import lzma
import zipfile

import numpy as np
import openpyxl
import pytest

from ae_core import LatentError
from ae_core.data.csv.pieces import read_pieces
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import first_lines, report
from ae_core.data.csv.uploads import keep_upload, uploads_folder
from ae_core.io.packed import unpacked
from ae_core.io.workbook import first_sheet

from .made_formats import ROWS, signals, table, when

TEXT = table(lambda i, a, b: f"{when(i)},{a:.3f},{b:.4f}", "time,temp,flow\n").encode()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "bzip2": bz2.compress(TEXT),
    "xz": lzma.compress(TEXT),
    "zip": zipped(data_csv=TEXT, readme_md=b"what it is"),
}


def workbook() -> bytes:
    """A log with a title, dates, words and truth values in its second sheet; the first is empty."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("log")
    sheet.append(["Plant 3"])
    sheet.append([])
    sheet.append(["Time", "Temp [°C]", "Flow", "State", "Fault"])
    temp, flow = signals()
    for i in range(ROWS):
        cells = [when(i), float(temp[i]), "#N/A" if i == 7 else float(flow[i]), ("on", "off")[i % 2], i > 380]
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", PACKED)
def test_what_is_packed_reads_as_it_does_unpacked(kind, tmp_path):
    path = tmp_path / "log.csv"  # whatever its name says
    path.write_bytes(PACKED[kind])
    expected = read_table(TEXT)
    for found in (read_table(path), read_table(PACKED[kind]), next(iter(read_pieces(path)))):
        assert found.names == expected.names
        np.testing.assert_array_equal(found.values, expected.values)
        np.testing.assert_array_equal(found.time, expected.time)
    assert report(path)["rows"] == ROWS
    assert first_lines(path)[0] == "time,temp,flow"


def test_a_workbook_with_dates_words_and_truth_values(tmp_path):
    path = tmp_path / "log.xlsx"
    path.write_bytes(workbook())
    found = report(path)
    assert (found["rows"], found["step"], found["first_time"]) == (ROWS, 60, "2024-03-04T06:00:00.000")
    assert [(c["name"], c["unit"], c["kind"]) for c in found["channels"]] == [
        ("Temp", "°C", "number"), ("Flow", "", "number"), ("State", "", "state")
    ]  # fmt: skip
    assert found["label"] == "Fault"
    assert found["abnormal_share"] == pytest.approx((ROWS - 381) / ROWS)
    assert found["missing_share"] == pytest.approx(1 / (3 * ROWS))
    assert found["doubts"] == []
    temp, _ = signals()
    np.testing.assert_allclose(read_table(path).values[:, 0], temp, rtol=1e-15)


def test_moments_of_a_workbook_lose_the_rounding_of_days():
    book = openpyxl.Workbook()
    for i in range(50):
        book.active.append([datetime.datetime(2024, 3, 4) + datetime.timedelta(seconds=0.1 * i), i])
    out = io.BytesIO()
    book.save(out)
    times = [line.split(",")[0] for line in first_sheet(out.getvalue()).decode().splitlines()]
    assert times[:3] == ["2024-03-04 00:00:00", "2024-03-04 00:00:00.100000", "2024-03-04 00:00:00.200000"]


def test_an_upload_is_kept_unpacked_and_pictures_as_they_are(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))
    assert (uploads_folder() / keep_upload(PACKED["gzip"], "log.csv.gz")).read_bytes() == TEXT
    pictures = zipped(a_png=b"1", b_png=b"2")
    assert (uploads_folder() / keep_upload(pictures, "pictures.zip")).read_bytes() == pictures


def test_what_holds_no_one_table_is_said():
    with pytest.raises(LatentError, match="2 tables"):
        unpacked(zipped(a_csv=TEXT, b_csv=TEXT))
    with pytest.raises(LatentError, match="no table"):
        unpacked(zipped(a_png=b"1"))
    with pytest.raises(LatentError, match="more than 10 cells"):
        first_sheet(workbook(), 10)
    with pytest.raises(LatentError, match="damaged"):
        first_sheet(zipped(xl=b""))
