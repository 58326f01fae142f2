"""Files as other countries and trades write them are read right, or what is not found out is asked."""

import pytest

from ae_core.data.csv.reading import read_table
from ae_core.data.csv.report import report

from .foreign_kinds import kinds
from .made_formats import ROWS, table, when
from .test_formats import holds

KINDS = dict(kinds())


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
