"""Files as other countries and trades write them are read right, or what is not found out is asked."""

import pytest

from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import report

from . import archive_kinds
from .foreign_kinds import kinds
from .made_formats import ROWS, beats, table, when
from .test_formats import holds

KINDS = dict([*kinds(), *archive_kinds.kinds()])


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_read_right(name, tmp_path):
    data, expect = KINDS[name]
    (tmp_path / "file").write_bytes(data)
    found = report(tmp_path / "file")
    holds(found, expect)
    names = {channel["name"] for channel in found["channels"]}
    assert len(names) == expect.get("count", len(names))
    assert names >= set(expect.get("includes", ()))
    assert {doubt["what"] for doubt in found["doubts"]} >= set(expect.get("asked", ()))
    if "label" in expect:
        assert round(found["abnormal_share"] * found["rows"]) == expect["abnormal"]
    if "first" in expect:
        assert read_table(data).values[0, 0] == pytest.approx(expect["first"], rel=0.2)


def test_what_only_looks_like_sums_units_and_pairs_of_bytes_is_none():
    rows = "time;machine;temp\n" + "".join(f"{when(i)};{('total', 'press')[i % 2]};{i % 7}\n" for i in range(ROWS))
    assert len(read_table(rows.encode())) == ROWS  # the word is not where a row begins
    rows = "what;temp\n" + "".join(f"{('max', 'min')[i % 2]};{i % 7}\n" for i in range(ROWS))
    assert len(read_table(rows.encode())) == ROWS  # all rows begin with such a word
    text = table(lambda i, a, b: f"{a:.3f};{b:.4f};{a + b:.3f};{b - a:.3f}", "S/N;A/D;größe über alles;naïveté\n")
    found = read_table(text.encode("cp1252"))
    assert found.names == ("S/N", "A/D", "größe über alles", "naïveté")
    assert found.units == ("", "", "", "")
    text = table(lambda i, a, b: f"{a:.3f};{b:.4f}", "Température “été” – °C;Débit corrigé €\n")
    assert read_table(text.encode("cp1252")).names == ("Température “été” – °C", "Débit corrigé €")
    text = table(lambda i, a, b: f"{a:.3f},{b:.4f}", "温度,流量计压力\n")
    assert read_table(text.encode("gb18030")).names == ("温度", "流量计压力")


def test_what_only_looks_like_one_line_a_year_or_a_quality_is_none():
    x, _ = beats(2, 60)
    two = "\n".join(",".join(f"{value:.4f}" for value in row) for row in x)
    assert len(read_table(two.encode()).names) > 1  # two lines are a table
    found = read_table(table(lambda i, a, b: f"{2000 + round(a)},{round(b)},{a:.3f},{b:.4f}").encode())
    assert found.time is None
    assert len(found.names) == 4
    text = table(lambda i, a, b: f"{when(i)},{a:.3f},{'Bad' if 100 <= i < 110 else 'Good'}", "time,temp,Quality\n")
    assert "label" in {doubt.what for doubt in read_table(text.encode()).about.doubts}  # of a value, or of the machine


def test_jitter_is_no_rounding():
    text = table(lambda i, a, b: f"{when(i + (i * 7 % 11) / 100):%H:%M:%S.%f},{a:.3f}", "time,temp\n")
    assert read_table(text.encode()).step == pytest.approx(57.6)  # the median, as of all uneven rows
    even = table(lambda i, a, b: f"{when(i) + (i > 200) * (when(1) - when(0)) / 6},{a:.3f}", "time,temp\n")
    assert read_table(even.encode()).step == 60  # one late row is no digit that is missing
