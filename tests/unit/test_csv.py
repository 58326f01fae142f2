"""Tables of all kinds: odd ones are read right, bad ones end in one sentence."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ae_core import LatentError
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.resample import breaks
from ae_core.data.csv.source import __file__ as CSV_FILE
from ae_core.io.tables import safe_cell

from ..support.csv_text import A, lines, table_of

NAN = float("nan")
REAL = Path(CSV_FILE).resolve().parents[4] / "shared" / "csv" / "machine_temperature_system_failure.csv"


def timed(*times, names="time,a"):
    return lines(names, *(f"{t},{i}.5" for i, t in enumerate(times)))


def what(table, name):
    return next((f for f in table.notes if f.what == name), None)


DAYS = ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02"]
# name: (text or bytes, names, values, time or None, units or None)
ODD = {
    "comma": (table_of(A), "a b", A, None, None),
    "semicolon and decimal comma, as spreadsheets export": (table_of(A, ";", ","), "a b", A, None, None),
    "semicolon and decimal point": (table_of(A, ";"), "a b", A, None, None),
    "tab": (table_of(A, "\t"), "a b", A, None, None),
    "tab and decimal comma": (table_of(A, "\t", ","), "a b", A, None, None),
    "pipe": (table_of(A, "|"), "a b", A, None, None),
    "spaces": (table_of(A, " "), "a b", A, None, None),
    "columns set with spaces": (lines("   a        b", " 1.500  -20.25", " 2.500   30.75", "-3.250   40.00",
        " 4.125   50.50"), "a b", A, None, None),
    "no header": (table_of(A, header=""), "column 1|column 2", A, None, None),
    "header of numbered channels": (lines("time,0,1", *(f"{day},{a},{b}" for day, (a, b) in zip(DAYS, A, strict=True))),
        "0 1", A, DAYS, None),
    "UTF-8 with BOM": ("\ufeff".encode() + table_of(A, header="tempé,b").encode(), "tempé b", A, None, None),
    "UTF-16 with BOM": (table_of(A, header="tempé,b").encode("utf-16"), "tempé b", A, None, None),
    "UTF-16 LE without BOM": (table_of(A).encode("utf-16-le"), "a b", A, None, None),
    "UTF-16 BE without BOM": (table_of(A, ";", ",").encode("utf-16-be"), "a b", A, None, None),
    "Latin-1": (table_of(A, ";", ",", header="Temperatur °C,Größe").encode("latin-1"), "Temperatur °C|Größe", A, None,
        None),
    "Windows line ends and end-of-file": (table_of(A).replace("\n", "\r\n").encode() + b"\x1a", "a b", A, None, None),
    "old Macintosh line ends": (table_of(A).replace("\n", "\r"), "a b", A, None, None),
    "no line end at the end, blank lines between": (table_of(A).replace("\n", "\n\n").strip(), "a b", A, None, None),
    "quotes around everything": (lines('"a","b"', *(f'"{a}","{b}"' for a, b in A)), "a b", A, None, None),
    "quoted decimal commas between commas": (lines("a,b", *(f'"{a}","{b}"'.replace(".", ",") for a, b in A)), "a b", A,
        None, None),
    "thousands 1.234,5": (lines("a;b", "1.234,5;2,5", "12.345,25;3,5", "1.000.000,0;4,5"), "a b",
        [[1234.5, 2.5], [12345.25, 3.5], [1e6, 4.5]], None, None),
    "thousands 1,234.5": (lines("a\tb", "1,234.5\t2.5", "999.5\t3.5", "1,000,000\t4.5"), "a b",
        [[1234.5, 2.5], [999.5, 3.5], [1e6, 4.5]], None, None),
    "thousands 1,234.5 in quotes": (lines("a,b", '"1,234.5",2.5', '"12,345.5",3.5', "7.5,4.5"), "a b",
        [[1234.5, 2.5], [12345.5, 3.5], [7.5, 4.5]], None, None),
    "thousands 1 234,5": (lines("a;b", "1 234,5;2,5", "12 345,25;3,5", "7,5;4,5"), "a b",
        [[1234.5, 2.5], [12345.25, 3.5], [7.5, 4.5]], None, None),
    "thousands with a narrow no-break space": (lines("a;b", "1\u202f234,5;2,5", "12\u00a0345,25;3,5"), "a b",
        [[1234.5, 2.5], [12345.25, 3.5]], None, None),
    "thousands 1'234.5": (lines("a;b", "1'234.5;2.5", "12’345.25;3.5"), "a b", [[1234.5, 2.5], [12345.25, 3.5]], None,
        None),
    "one column of 1,234.5": (lines("a", "1,234.5", "12,345.5", "2,000.5"), "a", [[1234.5], [12345.5], [2000.5]], None,
        None),
    "units in cells": (
        lines("t;p;h", "21.5 °C;3 bar;50 %", "22.5 °C;4 bar;-;", "-1.25°C;2.5 bar;40%").replace("-;\n", "-\n"),
        "t p h",
        [[21.5, 3, 50], [22.5, 4, NAN], [-1.25, 2.5, 40]],
        None,
        "°C bar %",
    ),
    "units and decimal commas": (lines("v;w", "1.234,5 m/s;2,5 kW", "99,25 m/s;3,5 kW"), "v w",
        [[1234.5, 2.5], [99.25, 3.5]], None, "m/s kW"),
    "units that look like parts of numbers": (lines("a;b", "1e5 e;2 nf", "2 e;inf", "3 e;4 nf"), "a b",
        [[1e5, 2], [2, NAN], [3, 4]], None, "e nf"),
    "units in the header": (table_of(A, header="temp [°C],pressure (bar)"), "temp pressure", A, None, "°C bar"),
    "a row of units": (lines("a,b", "°C,bar", *(f"{a},{b}" for a, b in A), *(f"{a},{b}" for a, b in A)), "a b", A + A,
        None, "°C bar"),
    "missing values of all kinds": (
        lines("a,b,c", "1.5,,3", "NA,2.5,N/A", "n/a,null,4", "None,-,--", "NaN,#N/A,5", "2.5,3.5, nan "),
        "a b c",
        [[1.5, NAN, 3], [NAN, 2.5, NAN], [NAN, NAN, 4], [NAN, NAN, NAN], [NAN, NAN, 5], [2.5, 3.5, NAN]],
        None,
        None,
    ),
    "rows without any value, the first one too": (lines("a,b", ",", "1.5,2", ",", "2.5,3"), "a b",
        [[NAN, NAN], [1.5, 2], [NAN, NAN], [2.5, 3]], None, None),
    "a counter called #": (lines("#;a;b", "1;1,5;2,5", "2;2,5;3,5", "3;4,5;5,5"), "a b",
        [[1.5, 2.5], [2.5, 3.5], [4.5, 5.5]], None, None),
    "a blank cell in a file of one column": (lines("a", "1.5", "", "2.5", "3.5"), "a", [[1.5], [NAN], [2.5], [3.5]],
        None, None),
    "some cells that are words": (lines("a,b", "1.5,2", "error,3", "2.5,4", "3.5,5"), "a b",
        [[1.5, 2], [NAN, 3], [2.5, 4], [3.5, 5]], None, None),
    "text and counter columns": (lines("index,site,a", "0,north,1.5", "1,south,2.5", "2,north,3.5"), "a",
        [[1.5], [2.5], [3.5]], None, None),
    "names twice and none": (lines("a,a,,a 2", "1,2,3,4", "5,6,7,9", "9,10,12,12"), "a|a 3|column 3|a 2",
        [[1, 2, 3, 4], [5, 6, 7, 9], [9, 10, 12, 12]], None, None),
    "lines above the header": ("# made by a logger\n# serial 17\n\n" + table_of(A), "a b", A, None, None),
    "a block of settings above": ("Logger: X7\nSite: north;hall 3\n" + table_of([[*r, 1.5] for r in A], ";", ",",
        "a,b,c"), "a b c", [[*r, 1.5] for r in A], None, None),
    "names in a comment, as numpy writes them": ("# a b\n" + table_of(A, " ", header=""), "a b", A, None, None),
    "sep=; from a spreadsheet": ("sep=;\n" + table_of(A, ";", ","), "a b", A, None, None),
    "a delimiter at each row's end": (lines("a;b", "1,5;-20,25;", "2,5;30,75;", "-3,25;40,0;", "4,125;50,5;"), "a b",
        A, None, None),
    "row names without a name": (lines("a,b", "r1,1.5,-20.25", "r2,2.5,30.75", "r3,-3.25,40.0", "r4,4.125,50.5"),
        "a b", A, None, None),
    "a last line cut off": (table_of(A) + "5.5", "a b", A, None, None),
    "signs, exponents, unusual minus": (lines("a;b", "+1.5;1e3", "−2.5;2.5E-2", "-.5;3."), "a b",
        [[1.5, 1000], [-2.5, 0.025], [-0.5, 3]], None, None),
    "200 channels": (table_of([list(range(200)), [v * 2.5 for v in range(200)]],
        header=",".join(f"s{j}" for j in range(200))), "|".join(f"s{j}" for j in range(200)),
        [list(range(200)), [v * 2.5 for v in range(200)]], None, None),
    "ISO days": (timed(*DAYS), "a", None, DAYS, None),
    "ISO with T and Z": (timed(*(f"{d}T06:00:00Z" for d in DAYS)), "a", None, [f"{d}T06:00:00" for d in DAYS], None),
    "ISO with an offset": (timed(*(f"{d} 06:00:00+02:00" for d in DAYS)), "a", None, [f"{d}T04:00:00" for d in DAYS],
        None),
    "ISO with fractions": (timed(*(f"{d} 06:00:00.125" for d in DAYS)), "a", None, [f"{d}T06:00:00.125" for d in DAYS],
        None),
    "ISO with comma fractions": (timed(*(f'"{d} 06:00:00,125"' for d in DAYS)), "a", None,
        [f"{d}T06:00:00.125" for d in DAYS], None),
    "years first with slashes": (timed(*(d.replace("-", "/") + " 06:30" for d in DAYS)), "a", None,
        [f"{d}T06:30" for d in DAYS], None),
    "dd.mm.yyyy": (timed(*(".".join(d.split("-")[::-1]) + " 06:30:15" for d in DAYS)), "a", None,
        [f"{d}T06:30:15" for d in DAYS], None),
    "dd/mm/yyyy": (timed(*("/".join(d.split("-")[::-1]) + " 06:30" for d in DAYS)), "a", None,
        [f"{d}T06:30" for d in DAYS], None),
    "dd/mm/yyyy where only the order tells": (timed("09/01/2024", "10/01/2024", "11/01/2024", "12/01/2024"), "a", None,
        [f"2024-01-{d:02}" for d in range(9, 13)], None),
    "mm/dd/yyyy": (timed(*(f"{d[5:7]}/{d[8:]}/2024 6:30 PM" for d in DAYS)), "a", None, [f"{d}T18:30" for d in DAYS],
        None),
    "mm/dd/yyyy where only the order tells": (timed("01/09/2024", "01/10/2024", "01/11/2024", "01/12/2024"), "a", None,
        [f"2024-01-{d:02}" for d in range(9, 13)], None),
    "names of months": (timed("30-Jan-2024 06:30", "31-Jan-2024 06:30", "01-Feb-2024 06:30", "02-Feb-2024 06:30"), "a",
        None, [f"{d}T06:30" for d in DAYS], None),
    "epoch seconds": (timed(1700000000, 1700000060, 1700000120, names="epoch,a"), "a", None,
        ["2023-11-14T22:13:20", "2023-11-14T22:14:20", "2023-11-14T22:15:20"], None),
    "epoch milliseconds": (timed(1700000000000, 1700000000500, names="timestamp,a"), "a", None,
        ["2023-11-14T22:13:20", "2023-11-14T22:13:20.5"], None),
    "epoch seconds without a header": (lines("1700000000,5", "1700000060,7", "1700000120,6"), "column 2|",
        [[5], [7], [6]], ["2023-11-14T22:13:20", "2023-11-14T22:14:20", "2023-11-14T22:15:20"], None),
    "seconds since the start": (timed("0.0", "0.5", "1.0", names="time [s],a"), "a", None,
        ["1970-01-01T00:00:00", "1970-01-01T00:00:00.5", "1970-01-01T00:00:01"], None),
    "day and time of day apart": (
        lines("Datum;Uhrzeit;a", "30.01.2024;06:30:15;1,5", "31.01.2024;06:30:15;2,5", "01.02.2024;06:30:16;3,5"),
        "a",
        [[1.5], [2.5], [3.5]],
        ["2024-01-30T06:30:15", "2024-01-31T06:30:15", "2024-02-01T06:30:16"],
        None,
    ),
    "a clock without a day, past midnight": (timed("23:58", "23:59", "00:00", "00:01"), "a", None,
        ["1970-01-01T23:58", "1970-01-01T23:59", "1970-01-02T00:00", "1970-01-02T00:01"], None),
    "days in one number": (timed("20240130", "20240131", "20240201", names="date,a"), "a", None, DAYS[:3], None),
    "two-digit years": (timed("30.01.24 06:30", "31.01.24 06:30", "01.02.24 06:30"), "a", None,
        [f"{d}T06:30" for d in DAYS[:3]], None),
    "a time that is missing": (timed("2024-01-30", "-", "2024-02-01"), "a", None, ["2024-01-30", "NaT", "2024-02-01"],
        None),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_files_are_read_right(name):
    text, names, values, time, units = ODD[name]
    table = read_table(text if isinstance(text, bytes) else text.encode())
    assert table.names == tuple(filter(None, names.split("|")) if "|" in names else names.split(" "))
    if values is not None:
        np.testing.assert_allclose(table.values, values)
    else:
        np.testing.assert_allclose(table.values[:, 0], np.arange(len(table)) + 0.5)
    if time is None:
        assert table.time is None
        assert table.step is None
    else:
        np.testing.assert_array_equal(table.time, np.array(time, "datetime64[ns]"))
    if units is not None:
        assert table.units == tuple(units.split())
    assert all(f.text.endswith(".") and "\n" not in f.text for f in table.notes)


def test_what_was_found_can_be_changed():
    text = lines("a;b", "1,234;2,345", "3,456;4,567").encode()
    assert read_table(text).values[0, 0] == 1.234
    assert read_table(text, decimal="point").values[0, 0] == 1234
    assert read_table(text, header=False, columns="column 1", decimal=",").values.shape == (3, 1)
    days = timed("01/02/2024", "01/02/2024", "01/02/2024").encode()
    assert str(read_table(days).time[0])[:10] == "2024-02-01"
    assert str(read_table(days, day_first=False).time[0])[:10] == "2024-01-02"
    assert read_table(b"a,b\n1,-999\n2,5\n3,-999\n", missing="-999").values[:, 1].tolist()[1] == 5
    assert what(read_table(b"a,b\n1,-999\n2,5\n3,-999\n", missing="-999"), "missing").value == 2
    assert read_table("größe\n1\n2\n".encode("cp1252"), encoding="cp1252").names == ("größe",)
    both = lines("time,a,b,label", "2024-01-01,1,2,0", "2024-01-02,3,4,1").encode()
    assert read_table(both, columns=["b"]).names == ("b",)
    assert read_table(both, label="none").names == ("a", "b", "label")
    assert read_table(both, time="none").time is None
    names = lines('"x, y",b', "1,2", "3,5").encode()
    assert read_table(names, columns='"x, y"').names == ("x, y",)


@pytest.mark.parametrize(
    ("name", "cells", "flags"),
    [
        ("label", "0 1 0 1", [0, 1, 0, 1]),
        ("is_anomaly", "false true False TRUE", [0, 1, 0, 1]),
        ("Class", "normal anomaly normal normal", [0, 1, 0, 0]),
        ("Normal/Attack", "Normal Attack Normal Normal", [0, 1, 0, 0]),
        ("fault", "0.0 1.0 NA 1.0", [0, 1, 0, 1]),
        ("target", "1 -1 1 -1", None),
        ("Outlier", "no yes no no", [0, 1, 0, 0]),
        ("class", "0 1 2 3", None),
        ("valve", "0 1 0 1", None),
    ],
)
def test_labels(name, cells, flags):
    table = read_table(lines(f"a,{name}", *(f"{i}.5,{c}" for i, c in enumerate(cells.split()))).encode())
    if flags is None:
        assert table.label is None
        assert table.names == ("a", name)
    else:
        assert table.label.tolist() == [bool(f) for f in flags]
        assert table.names == ("a",)


def test_two_labels_and_eight_channels():
    names = [f"sensor {j}" for j in range(8)]
    rows = [
        ";".join([f"2020-03-09 10:14:{i:02}", *(str(j + i / 8) for j in range(8)), str(float(i > 20)), "0.0"])
        for i in range(30)
    ]
    table = read_table(lines(";".join(["datetime", *names, "anomaly", "changepoint"]), *rows).encode())
    assert table.names == tuple(names)
    assert table.label.sum() == 9
    assert table.step == 1.0
    assert "changepoint" in what(table, "label").text


def test_gaps_uneven_steps_and_oddities_are_named():
    times = [0, 1, 2, 3, 10, 11, 12, 11, 11, 30]
    rows = [
        f"{1700000000 + 60 * t},{i},7.5,{'inf' if i == 3 else '1e400' if i == 4 else i + 0.5},"
        for i, t in enumerate(times)
    ]
    table = read_table(lines("time,a,flat,big,nothing", *rows).encode())
    assert table.step == 60
    assert what(table, "gaps").value == 2
    assert "19 min" in what(table, "gaps").text or "1140" in what(table, "gaps").text
    assert "backwards in 1 place" in what(table, "sampling").text
    assert "same time" in what(table, "sampling").text
    assert what(table, "constant").value == ("flat",)
    assert what(table, "infinite").value == 2
    assert np.isnan(table.values[3:5, 2]).all()
    assert what(table, "empty").value == ("nothing",)
    newest = read_table(timed("2024-01-04", "2024-01-03", "2024-01-02").encode())
    assert newest.step == 86_400
    assert "newest" in what(newest, "sampling").text
    assert not breaks(newest, 1).any()


def zip_of(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", data)
    return packed.getvalue()


PARQUET = io.BytesIO()
pd.DataFrame(
    {"time": pd.date_range("2024-01-01", periods=5, freq="h"), "a": [1.5, 2.5, None, 4.5, 5.5], "who": list("abcde")}
).to_parquet(PARQUET)
# name: (bytes, keywords, what the sentence says)
BAD = {
    "nothing": (b"", {}, "empty"),
    "blanks": (b" \n \r\n\t\n", {}, "empty"),
    "delimiters only": (b";;;\n;;;\n", {}, "empty"),
    "a mark and nothing": (b"\xef\xbb\xbf", {}, "empty"),
    "header only": (b"a,b,c\n", {}, "no values"),
    "header and blank rows": (b"a,b\n,\n,\n", {}, "no values"),
    "comments only": (b"# a\n# b\n", {}, "comments"),
    "words": (b"once upon a time\nthere was a table\nwithout numbers\n", {}, "No column holds numbers"),
    "text columns": (b"a,b\nx,y\nz,w\n", {}, "No column holds numbers"),
    "a formula in every cell": (b"a,b\n=1+1,@SUM(A1)\n=2+2,=cmd|'/c calc'!A1\n", {}, "No column holds numbers"),
    "all missing": (b"a,b\nNA,-\nn/a,null\n", {}, "all values are missing"),
    "all infinite": (b"a\ninf\n1e400\n-inf\n", {}, "infinite"),
    "time only": (b"time\n2024-01-01\n2024-01-02\n", {}, "No column holds numbers"),
    "label only": (b"time,label\n2024-01-01,0\n2024-01-02,1\n", {}, "No column holds numbers"),
    "binary": (bytes(range(256)) * 40, {}, "binary"),
    "noise": (np.random.default_rng(0).integers(1, 256, 20_000, np.uint8).tobytes(), {}, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(500), {}, "binary"),
    "half a gzip file": (gzip.compress(table_of(A * 9).encode())[:-30], {}, "cut off"),
    "gzip in gzip": (gzip.compress(gzip.compress(table_of(A).encode())), {}, "inside the packed file"),
    "a zip bomb": (zip_of(b"0,0\n" * 5_000_000), {"most_bytes": 1_000_000}, "unpacks to more than 1 MB"),
    "damaged bzip2": (b"BZh91AY&SY" + bytes(50), {}, "damaged"),
    "a damaged zip": (b"PK\x03\x04" + bytes(100), {}, "damaged"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(100), {}, "7z"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), {}, "old Excel"),
    "a web page": (b"<!DOCTYPE html><html><body>404</body></html>", {}, "web page"),
    "JSON": (b'[{"a": 1}, {"a": 2}', {}, "JSON"),
    "half a Parquet file": (PARQUET.getvalue()[:-200], {}, "damaged"),
    "50,000 columns": (b"a" + b",a" * 49_999 + b"\n" + b"1" + b",1" * 49_999 + b"\n", {}, "50,000 columns"),
    "one endless line": (b"1" * (5 << 20), {}, "first line"),
    "too large": (table_of(A * 100).encode(), {"most_bytes": 1000}, "MB"),
    "a row too long": (lines("a,b", *["1,2"] * 50, "1,2,3", *["1,2"] * 50).encode(), {},
        "Line 52 has 3 columns where the others have 2"),
    "a row too short": (lines("a,b,c", *["1,2,3"] * 50, "1,2", *["1,2,3"] * 50).encode(), {}, "Line 52 has 2 columns"),
    "a quote never closed": (lines("a,b", *["1,2"] * 30, '"1', *["1,2"] * 30).encode(), {}, "quote|column"),
    "UTF-16 cut in the middle": (table_of(A).encode("utf-16")[:-1], {}, "no text in utf-16"),
    "wrong encoding": ("é,b\n1,2\n".encode("latin-1"), {"encoding": "utf-8"}, "no text in utf-8"),
    "unknown encoding": (b"a\n1\n", {"encoding": "klingon"}, "no text encoding"),
    "a codec that is none": (b"a\n1\n", {"encoding": "zlib_codec"}, "no text encoding"),
    "unknown delimiter": (b"a\n1\n", {"delimiter": "x"}, "delimiter is one of"),
    "unknown column": (table_of(A).encode(), {"columns": "a,c"}, "no column 'c'"),
    "a channel of words": (b"a,b\n1,x\n2,y\n3,z\n", {"columns": "b"}, "holds no numbers"),
    "a time column that is none": (b"a,b\n1,x\n2,y\n3,z\n", {"time": "b"}, "no times"),
    "a label column that is none": (b"a,b\n1,4\n2,5\n3,6\n", {"label": "b"}, "no label"),
    "no such time column": (table_of(A).encode(), {"time": "when"}, "no column 'when'"),
    "no such label column": (table_of(A).encode(), {"label": "bad"}, "no column 'bad'"),
    "wrong delimiter": (table_of(A, ";", ",").encode(), {"delimiter": "pipe"}, "No column holds numbers"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_end_in_one_sentence(name):
    data, keywords, says = BAD[name]
    with pytest.raises(LatentError, match=says) as error:
        read_table(data, **keywords)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    assert str(error.value).endswith(".")


def test_files_that_are_none(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv", "/dev/zero"):
        with pytest.raises(LatentError, match="There is no file"):
            read_table(path)
    (tmp_path / "a.csv").write_text(table_of(A))
    np.testing.assert_allclose(read_table(tmp_path / "a.csv").values, A)
    assert read_table(str(tmp_path / "a.csv")).names == ("a", "b")


@pytest.mark.parametrize(("sign", "asked"), [(".", False), (",", True)])
def test_three_decimals_are_asked_about_only_where_another_column_has_another_sign(sign, asked):
    rows = [
        f"{i};{'No Data' if i % 40 == 7 else f'{20 + i % 7 * 0.111:.3f}'.replace('.', sign)};{i % 5 / 8:.4f}"
        for i in range(99)
    ]
    table = read_table("\n".join(["s;a;b", *rows]).encode())
    assert [doubt.what for doubt in table.about.doubts if doubt.what == "decimal"] == ["decimal"] * asked
    assert asked or table.values[1, table.names.index("a")] == pytest.approx(20.111)


def test_parquet():
    table = read_table(PARQUET.getvalue())
    assert table.names == ("a",)
    np.testing.assert_allclose(table.values[:, 0], [1.5, 2.5, NAN, 4.5, 5.5])
    assert table.step == 3600
    assert np.isnan(read_table(PARQUET.getvalue(), missing="1.5").values[2:3]).all()
    with pytest.raises(LatentError, match="decimal is one of"):
        read_table(PARQUET.getvalue(), decimal="x")


def test_the_real_file():
    if not REAL.exists():
        pytest.skip("the machine temperatures do not lie beside the checkout")
    table = read_table(REAL)
    oracle = pd.read_csv(REAL, parse_dates=["timestamp"])
    np.testing.assert_array_equal(table.values[:, 0], oracle["value"])
    np.testing.assert_array_equal(table.time, oracle["timestamp"].to_numpy("datetime64[ns]"))
    assert (len(table), table.step, table.names) == (22_695, 300.0, ("value",))
    assert "all but 1 of them" in what(table, "sampling").text
    assert (
        "backwards in 1 place" in what(table, "sampling").text
    )  # twelve rows at a change of the logger's clock occur twice


def test_safe_cells():
    for text in ("=1+1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "=", "-"):
        assert safe_cell(text) == "'" + text
    for text in ("", "a", "1", "-2.5", "+1e5", "motor [°C]"):
        assert safe_cell(text) == text
