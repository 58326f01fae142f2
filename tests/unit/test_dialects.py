"""One table written in fifteen dialects is read to the same floats."""

import datetime
from collections.abc import Callable

import numpy as np
import pytest

from ae_core.data.csv.reading import read_table

ROWS = 200
VALUES = np.round(np.random.default_rng(5).normal((20, -3, 1500), (2, 0.5, 400), (ROWS, 3)), 3)
START = datetime.datetime(2024, 1, 25, 22)
SWAPPED = str.maketrans(",.", ".,")


def when(i: int) -> datetime.datetime:
    return START + datetime.timedelta(minutes=10 * i)


def german(v: float) -> str:
    return f"{v:.3f}".translate(SWAPPED)


def lines(heading: str, row: Callable[[int, list[float]], str], end: str = "\n") -> str:
    return end.join([heading, *(row(i, VALUES[i].tolist()) for i in range(ROWS))]) + end


def joined(sign: str, clock: str, cell: Callable[[float], str] = "{:.3f}".format, end: str = "\n") -> str:
    return lines(sign.join(("time", "a", "b", "c")), lambda i, v: sign.join((f"{when(i):{clock}}", *map(cell, v))), end)


ISO = "%Y-%m-%d %H:%M:%S"
DIALECTS: dict[str, bytes] = {
    "comma": joined(",", ISO).encode(),
    "semicolon, decimal comma": joined(";", "%d.%m.%Y %H:%M", german).encode(),
    "tab, UTF-16, Windows line ends": joined("\t", ISO, end="\r\n").encode("utf-16"),
    "pipe": joined("|", ISO).encode(),
    "blanks": joined("  ", "%Y-%m-%dT%H:%M:%S").encode(),
    "ISO with a zone": joined(",", "%Y-%m-%dT%H:%M:%SZ").encode(),
    "American": joined(",", "%m/%d/%Y %I:%M:%S %p").encode(),
    "everything in quotes": joined('","', ISO).replace("\n", '"\n"').join(('"', '"'))[:-1].encode(),
    "thousands in commas, quoted": joined(",", ISO, lambda v: f'"{v:,.3f}"').encode(),
    "thousands in points": joined(";", ISO, lambda v: f"{v:,.3f}".translate(SWAPPED)).encode(),
    "exponents": joined(",", ISO, lambda v: f"{v:.9e}").encode(),
    "tab, decimal comma, code page": joined("\t", ISO, german).replace("time", "größe Zeit").encode("cp1252"),
    "seconds since 1970": lines(
        "time,a,b,c", lambda i, v: f"{when(i).replace(tzinfo=datetime.UTC).timestamp():.0f},{v[0]},{v[1]},{v[2]}"
    ).encode(),
    "units in each cell": joined(";", ISO, lambda v: f"{v:.3f} bar").encode(),
    "a title and a units row": (
        "Logger 7\n\n" + joined(",", ISO).replace("a,b,c\n", "a,b,c\n,bar,bar,bar\n", 1)
    ).encode(),
}


def test_there_are_fifteen():
    assert len(DIALECTS) == 15


@pytest.mark.parametrize("name", DIALECTS)
def test_the_same_floats(name):
    table = read_table(DIALECTS[name])
    np.testing.assert_array_equal(table.values, VALUES)
    assert table.step == 600
    assert table.time.astype("datetime64[s]").tolist() == [when(i) for i in range(ROWS)]
