"""Groups of one's own: out as a table and in again, and one sentence for every table that has none."""

import csv
import io

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.latent.groups import MOST, added, checked_name, groups_csv, marks, read_groups

RANDOM = np.random.default_rng(0)
Z, Y = RANDOM.normal(size=(500, 3)), RANDOM.integers(0, 2, 500)
GROUPS = {"thin, ones": np.array([3, 5, 499]), "=1+1": np.arange(0, 500, 2), "größer": np.array([5])}


def test_a_table_comes_in_as_it_went_out_and_a_spreadsheet_runs_nothing_of_it():
    text = groups_csv(GROUPS, Z, Y, ("even", "odd"))
    again = read_groups(text.encode(), 500)
    assert list(again) == list(GROUPS)
    assert all(np.array_equal(again[name], rows) for name, rows in GROUPS.items())
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == sum(map(len, GROUPS.values()))
    assert {line["group"][0] for line in lines} == {"t", "'", "g"}
    np.testing.assert_allclose(
        [float(line["z3"]) for line in lines], Z[[int(line["index"]) for line in lines], 2], 1e-5
    )
    assert [line["class"] for line in lines] == [("even", "odd")[Y[int(line["index"])]] for line in lines]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_from_elsewhere_needs_the_two_columns_alone(separator):
    text = "\ufeff" + "\r\n".join(
        separator.join(row) for row in (["Group", "Index"], ["a  b", "7"], ["a b", "7"], ["c", "0"])
    )
    found = read_groups(text.encode(), 8)
    assert {name: rows.tolist() for name, rows in found.items()} == {"a b": [7], "c": [0]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "index and group"),
        (b"x,y\n1,2\n", "index and group"),
        (b"index,group\n", "no line below"),
        (b"index,group\n8,a\n", "whole number from 0 to 7"),
        (b"index,group\n-1,a\n", "whole number"),
        ("index,group\n²,a\n".encode(), "whole number"),
        (b"index,group\n1.5,a\n", "Line 2"),
        (b"index,group\n1,a\n1\n", "Line 3"),
        (b"index,group\n1," + b"a" * 41, "1 to 40 characters"),
        (b"\x89PNG\r\n\x1a\n\xff", "no text"),
        (b"PK\x03\x04\0\0", "no text"),
        (b'index,group\n1,"' + b"a" * 200_000, "index and group"),
    ],
)
def test_a_foreign_table_gets_one_sentence(data, said):
    with pytest.raises(LatentError, match=said) as caught:
        read_groups(data, 8)
    assert str(caught.value).count(". ") == 0


def test_200_000_names_get_a_sentence():
    text = "index,group\n" + "".join(f"{n},name {n}\n" for n in range(200_000))
    with pytest.raises(LatentError, match=f"200,000 groups: {MOST} at most"):
        read_groups(text.encode(), 200_000)


def test_one_of_the_same_name_is_replaced_and_one_too_many_refused():
    assert added({"a": np.array([1])}, {"a": np.array([2, 2])})["a"].tolist() == [2]
    full = {f"{n}": np.array([n]) for n in range(MOST)}
    assert len(added(full, {"0": np.array([5])})) == MOST
    with pytest.raises(LatentError, match="at most"):
        added(full, {"more": np.array([5])})
    for name in ("", " \t", "a" * 41, "a\x00b"):
        with pytest.raises(LatentError, match="a name of 1 to 40"):
            checked_name(name)


def test_marks_say_the_last_group_of_each():
    found = marks(GROUPS, 400)
    assert [found[n] for n in (1, 3, 4, 5, 398)] == [-1, 0, 1, 2, 1]
    assert len(found) == 400
