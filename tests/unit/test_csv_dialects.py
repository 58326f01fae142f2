"""Any table in any dialect is read back, and any mess is a table or one sentence."""

import contextlib
import datetime

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ae_core import LatentError
from ae_core.data.csv.reading import read_table

TIMES = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "epoch",
    "ms",
    None,
]


@st.composite
def dialects(draw):
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    return {
        "delimiter": delimiter,
        "decimal": draw(st.sampled_from([".", ","] if delimiter != "," else ["."])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])),
        "header": draw(st.booleans()),
        "time": draw(st.sampled_from(TIMES)),
        "missing": draw(st.sampled_from(["", "NA", "n/a", "null", "-", "NaN", "#N/A"])),
        "ends": draw(st.sampled_from(["\n", "\r\n"])),
        "unit": draw(st.sampled_from(["", "", " °C", " bar", "%"])),
        "thousands": draw(st.booleans()),
        "quoted": draw(st.booleans()),
    }


def written(values: np.ndarray, dialect: dict) -> bytes:
    """`values` (rows, C), NaN for missing, as a file in that dialect."""

    def cell(v):
        if np.isnan(v):
            return dialect["missing"]
        text = f"{v:,.2f}" if dialect["thousands"] and dialect["delimiter"] != "," else f"{v:.2f}"
        text = (text.translate({44: ".", 46: ","}) if dialect["decimal"] == "," else text) + dialect["unit"]
        return f'"{text}"' if dialect["quoted"] else text

    def clock(row):
        moment = datetime.datetime(2024, 1, 25, tzinfo=datetime.UTC) + datetime.timedelta(minutes=90 * row)
        if dialect["time"] in ("epoch", "ms"):
            return [f"{int(moment.timestamp()) * (1000 if dialect['time'] == 'ms' else 1)}"]
        return [moment.strftime(dialect["time"])] if dialect["time"] else []

    rows = (
        [[*(["Zeit"] if dialect["time"] else []), *(f"größe {chr(97 + j)}" for j in range(values.shape[1]))]]
        if dialect["header"]
        else []
    )
    rows += [clock(i) + [cell(v) for v in row] for i, row in enumerate(values)]
    return (dialect["ends"].join(dialect["delimiter"].join(row) for row in rows) + dialect["ends"]).encode(
        dialect["encoding"]
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    dialects(), st.integers(2, 5), st.integers(12, 120), st.integers(0, 2**32 - 1), st.sampled_from([1.0, 100.0, 1e5])
)
def test_any_table_in_any_dialect_is_read_back(dialect, channels, rows, seed, scale):
    generator = np.random.default_rng(seed)
    values = (generator.normal(0, scale, (rows, channels))).round(2)
    values[generator.random(values.shape) < 0.05] = np.nan
    values[0] = values[-1] = [1.25 + j for j in range(channels)]
    table = read_table(written(values, dialect))
    np.testing.assert_allclose(table.values, values, err_msg=str(dialect))
    assert table.time is None if dialect["time"] is None else table.step == 5400
    if dialect["time"]:
        assert table.time[0] == np.datetime64("2024-01-25")
        assert table.time[-1] == np.datetime64("2024-01-25") + np.timedelta64(90 * (rows - 1), "m")
    if dialect["header"]:
        assert table.names == tuple(f"größe {chr(97 + j)}" for j in range(channels))
    if dialect["unit"]:
        assert set(table.units) == {dialect["unit"].strip()}


ODD_CELLS = [
    "",
    "NA",
    "-",
    "1",
    "1.5",
    "1,5",
    "1.234,5",
    "1e400",
    "inf",
    "-0",
    "0x1F",
    "12 °C",
    "5 e",
    "1e5 e",
    "50%",
    "=1+1",
    "true",
    "a",
    '"',
    '"a',
    "'",
]
ODD_CELLS += [
    "2024-01-01",
    "2024-13-45",
    "01.02.2024 25:00",
    "31/12/99",
    "1-Feb-2024",
    "2024-01-01T00:00Z",
    "9999-12-31",
    "0001-01-01",
    "06:30",
    "23:59:60",
    "20240101",
]
ODD_CELLS += [
    "1700000000",
    "1e18",
    "99999999999999999999",
    "normal",
    "anomaly",
    "label",
    "time",
    "time [s]",
    "é",
    "\u202f",
    "\0",
    "#",
    "a\nb",
    "١٢",
]
LINES = st.lists(st.lists(st.sampled_from(ODD_CELLS), min_size=1, max_size=4), max_size=12)
MESSES = st.builds(
    lambda rows, sign: "\n".join(sign.join(row) for row in rows).encode(), LINES, st.sampled_from(",;\t| ")
)
EVEN = st.integers(1, 4).flatmap(
    lambda w: st.lists(st.lists(st.sampled_from(ODD_CELLS), min_size=w, max_size=w), max_size=12)
)
TABLES = st.builds(
    lambda rows, sign: "\n".join(sign.join(row) for row in rows).encode(), EVEN, st.sampled_from(",;\t| ")
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.binary(max_size=400), st.text("0123456789.,;: -\n\"'abTZe/%\t", max_size=300).map(str.encode), MESSES, TABLES
    )
)
def test_anything_is_a_table_or_one_sentence(data):
    table = None
    with contextlib.suppress(LatentError):  # any other exception is a fault
        table = read_table(data)
    if table:
        assert table.values.shape == (len(table), len(table.names))
        assert not np.isinf(table.values).any()
