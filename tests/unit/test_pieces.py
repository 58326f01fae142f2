"""Large files, read and scored in pieces: the rows, scores, flags and files of one go, whatever lies at the borders."""

from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ae_core import LatentError, read_checkpoint
from ae_core.anomaly.findings import findings
from ae_core.anomaly.report import scores_csv, stretches_csv, summary
from ae_core.anomaly.stream import score_in_pieces
from ae_core.anomaly.thresholds import Rule
from ae_core.cli import main
from ae_core.data.csv import pieces as _pieces
from ae_core.data.csv.normal import normal_range
from ae_core.data.csv.pieces import read_pieces
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.source import Csv, Scoring
from ae_core.data.csv.table import joined
from ae_core.data.sensors import plant

from .test_detector import NAN, detector, fitted, minutes, odd_tables, scored, table_of  # noqa: F401
from .test_score import german

SIZES = (400, 700, 5000, 10**6)


def same(pieces, whole):
    together = joined(pieces)
    assert together.names == whole.names
    np.testing.assert_array_equal(together.values, whole.values)
    for name in ("time", "label"):
        a, b = getattr(together, name), getattr(whole, name)
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_array_equal(a, b)


def cut(file, size=500, **asked):
    pieces = list(read_pieces(file, size, **asked))
    assert len(pieces) > 1 or size > 1000
    return pieces


# Reading


def numbers(rows=60, header="time,a,b\n"):
    values = np.random.default_rng(0).normal(size=(rows, 2)).round(4)
    return header + "".join(
        f"{t},{a},{b}\n" for t, (a, b) in zip(minutes(rows).astype("datetime64[s]"), values, strict=True)
    )


TEXTS = {
    "plain": numbers(),
    "no line end at the end": numbers().rstrip("\n"),
    "german": german(80),
    "windows": german(80).replace("\n", "\r\n"),
    "old mac": numbers().replace("\n", "\r"),
    "lines above": "# of a logger\n# and more\n" + numbers(header="time,a [V],b\n"),
    "units below": numbers(header="time,a,b\ns,V,°C\n"),
    "no header": numbers(header=""),
    "empty lines": numbers().replace("\n", "\n\n"),
    "one column": "a\n" + "".join("\n" if i % 7 in (2, 3) else f"{i}.5\n" for i in range(200)),
    "missing": "".join(
        line.replace(",", ",NA,") if i % 3 else line.replace(",", ",1,")
        for i, line in enumerate(numbers(header="").splitlines(True))
    ),
    "a text late": numbers() + "2024-03-01T01:00:00,broken,1\n" + "2024-03-01T01:01:00,3,4\n" * 20,
    "quotes": "a,b,note\n" + "".join(f'{i}.5,{i * i},"the ""{i}""th\nof, them"\n' for i in range(60)),
    "spaces": "  a   b\n" + "".join(f"  {i}.25    {i % 7}\n" for i in range(100)),
    "infinite": "a,b\n" + "".join(f"{i},{'inf' if i == 90 else i * i}\n" for i in range(100)),
    "label": "a,b,fault\n" + "".join(f"{i % 9},{i * i},{'' if 20 < i < 120 else int(i > 130)}\n" for i in range(160)),
    "milliseconds": "t_ms,a\n" + "".join(f"{1_200_000 * i},{i % 9}.5\n" for i in range(300)),
    "seconds since 1970": "time,a\n" + "".join(f"{1_700_000_000 + i},{i % 9}.5\n" for i in range(100)),
    "date and time": "date,clock,a\n"
    + "".join(f"2024-01-{1 + i // 24:02},{i % 24:02}:00:00,{i % 9}.5\n" for i in range(100)),
    "days first": "date,a\n" + "".join(f"{1 + i % 28:02}/{1 + i // 28:02}/2024,{i % 9}.5\n" for i in range(200)),
    "zones": "time,a\n" + "".join(f"2024-01-01T{i // 60:02}:{i % 60:02}:00+02:00,{i % 9}.5\n" for i in range(100)),
    "thousands": "a,b\n" + "".join(f'"{i + 1},000.5",{i % 9}\n' for i in range(100)),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", TEXTS)
def test_text_in_pieces_is_the_text(name, size, tmp_path):
    path = tmp_path / "table.csv"
    for encoding in ("utf-8", "utf-16", "utf-16-be", "cp1252"):
        path.write_bytes(TEXTS[name].encode(encoding))
        same(
            cut(path, size * (1 + encoding.startswith("utf-16")) if size < 5000 else size, encoding=encoding),
            read_table(path, encoding=encoding),
        )


def test_the_encoding_is_found_though_a_piece_ends_in_a_letter(tmp_path):
    text = "a,größe\n" + "".join(f"{i}.5,{i % 9} µm\n" for i in range(80))
    (tmp_path / "table.csv").write_text(text, "utf-8-sig")
    whole = read_table(tmp_path / "table.csv")
    for size in range(200, 260):
        same(cut(tmp_path / "table.csv", size), whole)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["1.5,2", ",3", "NA,4", "7,", '"8","9"', '"1\n",2', ""]), min_size=30, max_size=80),
    st.integers(60, 400),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_rows_in_any_pieces(tmp_path, rows, size, end):
    """Quoted cells with line ends, empty lines, missing values, wherever a piece ends."""
    path = tmp_path / "table.csv"
    path.write_bytes(end.join(["a,b", *["1,2"] * 20, *rows]).encode())
    same(list(read_pieces(path, size)), read_table(path))


@pytest.mark.parametrize("group", [7, 1000])
def test_parquet_in_pieces(tmp_path, group):
    frame = pd.DataFrame(
        {
            "time": minutes(300),
            "a [V]": np.arange(300) / 7,
            "b": np.where(np.arange(300) % 5, 1.5, NAN),
            "anomaly": np.arange(300) > 200,
        }
    )
    frame.to_parquet(tmp_path / "t.parquet", row_group_size=group)
    pieces = cut(tmp_path / "t.parquet", 2000)
    same(pieces, read_table(tmp_path / "t.parquet"))
    assert min(len(piece) for piece in pieces[:-1]) >= 2000 // (8 * 4)
    assert _pieces.volume(tmp_path / "t.parquet") >= 8 * 300 * 4


def test_a_channel_that_comes_late(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b,c\n" + "".join(f"{i % 9}.5,{i if i > 80 else ''},{i if i < 80 else ''}\n" for i in range(200)))
    whole = read_table(path, columns="a,b,c")
    same(cut(path, columns="a,b,c"), whole)
    assert joined(cut(path)).names == ("a", "c")


@pytest.mark.parametrize("rows", [1, 17, 59, 60, 61, 1000])
def test_the_first_rows_alone(tmp_path, rows, monkeypatch):
    monkeypatch.setattr("ae_core.data.csv.pieces.LARGE", 600)
    (tmp_path / "table.csv").write_text(TEXTS["plain"])
    table = Csv(file=str(tmp_path / "table.csv"), first=rows).table()
    same([table], read_table(tmp_path / "table.csv").rows(slice(0, rows)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (numbers() + "1,2\n" + numbers(header=""), r"Line 62 has 2 columns where the others have 3"),
        (numbers() + '2024-03-01T01:00:00,"1,2\n' + numbers(header=""), "quote is never closed, so that"),
        (numbers() + "2024-03-01T01:00:00,\xff,1\n", "does not go on as text in utf-8"),
        (
            "clock,a\n" + "".join(f"{i // 60 % 24:02}:{i % 60:02}:00,{i % 9}.5\n" for i in range(200)),
            "times of day without dates",
        ),
        (
            "a,b,fault\n" + "".join(f"{i % 9},{i * i},{int(i > 130) + int(i > 140)}\n" for i in range(160)),
            "is a label in the first piece of the file and none later",
        ),
    ],
)
def test_what_cannot_be_cut_is_said(tmp_path, text, says, monkeypatch):
    monkeypatch.setattr(_pieces, "MAX_LINE", 300)
    (tmp_path / "table.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(LatentError, match=says):
        list(read_pieces(tmp_path / "table.csv", 500))


def test_normal_lies_in_the_first_piece():
    table = table_of(np.zeros((100, 1)), minutes(100), 60.0)
    assert normal_range(table, "10:100", more=True) == (10, 100)
    assert normal_range(table, "2024-03-01:2024-03-01 01:00", more=True) == (0, 61)
    for normal in ("10:101", "10:", "200:300", "2024-03-01:2024-03-02", "2025-01-01:2025-01-02"):
        with pytest.raises(
            LatentError, match="within the first, 100 rows from 2024-03-01T00:00:00 to 2024-03-01T01:39:00"
        ):
            normal_range(table, normal, more=True)


# Scoring


def in_pieces(which, tables, rule, path):
    found = score_in_pieces(which, tables, rule, path)
    return found, path.read_text("utf-8")


@pytest.fixture(scope="module")
def others(detector):  # noqa: F811
    """Detectors whose windows, memories and bridges reach differently far."""
    values = np.c_[plant(600, 2, seed=4)[0], np.full(600, 7.25)]
    table = table_of(values, minutes(600), 60.0)
    return [
        detector,
        fitted(table, Scoring("combined", smoothing_rows=3), window=5, bridge=0),
        fitted(table, window=6),
        fitted(table, Scoring("error", smoothing_rows=1), window=1, bridge=9, k=1),
        fitted(table, Scoring("error", smoothing_rows=100), window=7, variant="linear"),
    ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(odd_tables(900), st.data())
def test_scores_in_pieces_are_those_of_one_go(others, tmp_path, table, data):
    """Bit for bit, with the rules' thresholds; gaps in values and in time at every border."""
    which = data.draw(st.sampled_from(others))
    rule = Rule.parse(data.draw(st.sampled_from(["quantile:0.9", "robust", "rolling:2"])))
    gaps = np.flatnonzero(np.isnan(table.values).any(1)).tolist() or [1]
    borders = st.one_of(
        st.integers(1, len(table) - 1), st.sampled_from(gaps).map(lambda row: min(row + 1, len(table) - 1))
    )
    edges = sorted(set(data.draw(st.lists(borders, max_size=12))))
    tables = [table.rows(slice(a, b)) for a, b in zip([0, *edges], [*edges, len(table)], strict=True)]
    if np.isnan(scored(which, table)[0]).all():
        with pytest.raises(LatentError, match="gap-free"):
            in_pieces(which, tables, rule, tmp_path / "none.csv")
        assert not list(tmp_path.glob("*none.csv*"))
        return
    with mock.patch(
        "ae_core.anomaly.detection.cluster_codes", lambda z: np.zeros(len(z), int)
    ):  # slow, and not what this is about
        whole = which.score(table)
    found, written = in_pieces(which, tables, rule, tmp_path / "out.csv")
    for ours, theirs in ((found.network, whole.network), (found.pca, whole.pca)):
        np.testing.assert_array_equal(ours.score, theirs.score)
    np.testing.assert_array_equal(found.network.parts, whole.network.parts.astype(np.float32))
    assert written == scores_csv(whole, rule)
    ours, theirs = findings(found, rule), findings(whole, rule)
    np.testing.assert_array_equal(ours.flagged, theirs.flagged)
    assert summary(found, ours, rule)[0] == summary(whole, theirs, rule)[0]


def test_pieces_of_a_long_table(others, tmp_path, monkeypatch):
    """Longer than the blocks that are scored at once and than the rolling rule's history, with labels, and newest
    first.
    """
    values = np.c_[plant(7000, 2, seed=4)[0], np.full(7000, 7.25)]
    values[3000:3010, 1] = NAN
    label = np.zeros(7000, bool)
    label[5000:5100] = True
    monkeypatch.setattr("ae_core.anomaly.stream.MAX_VALUES_AT_ONCE", 4500)
    for clock in (minutes(7000), minutes(7000)[::-1], None):
        table = table_of(values, clock, 60.0 if clock is not None else None, label)
        for rule in map(Rule.parse, ("quantile", "rolling")):
            whole = others[0].score(table)
            found, written = in_pieces(
                others[0],
                [table.rows(slice(0, 2060)), table.rows(slice(2060, 2061)), table.rows(slice(2061, None))],
                rule,
                tmp_path / "o.csv",
            )
            assert written == scores_csv(whole, rule)
            assert summary(found, findings(found, rule), rule) == summary(whole, findings(whole, rule), rule)
            assert stretches_csv(found, findings(found, rule)) == stretches_csv(whole, findings(whole, rule))
            np.testing.assert_equal(findings(found, rule, pca=True).figures, findings(whole, rule, pca=True).figures)


def test_half_a_file_is_never_seen(others, tmp_path):
    (tmp_path / "out.csv").write_text("before")
    table = table_of(np.c_[plant(300, 2, seed=4)[0], np.full(300, 7.25)], minutes(300), 60.0)

    def broken():
        yield table
        raise LatentError("Line 301 has 2 columns.")

    with pytest.raises(LatentError, match="Line 301"):
        in_pieces(others[0], broken(), Rule(), tmp_path / "out.csv")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out.csv", "before")]
    (tmp_path / "file").touch()
    with pytest.raises(LatentError, match="cannot be written"):
        in_pieces(others[0], [table], Rule(), tmp_path / "file" / "out.csv")


def test_coarser_sampling_is_named(others, tmp_path):
    table = table_of(
        np.c_[plant(300, 2)[0], np.ones(300)],
        minutes(1)[0] + 3600 * 10**9 * np.arange(300).astype("timedelta64[ns]"),
        3600.0,
    )
    for score in (others[0].score, lambda t: in_pieces(others[0], [t], Rule(), tmp_path / "out.csv")):
        with pytest.raises(LatentError, match=r"trained on a row every 1 min and the file has one every 1 h\b"):
            score(table)


# From a shell


@pytest.fixture
def lowered(monkeypatch):
    monkeypatch.setattr("ae_core.commands.scoring.LARGE", 20_000)
    monkeypatch.setattr("ae_core.commands.scoring.PIECE", 7_000)


def test_a_large_file_from_a_shell(tmp_path, lowered, capsys, monkeypatch):
    """Trained on its first piece and scored; then with that run, text and Parquet, in pieces and in one go: the same
    scores.
    """
    (tmp_path / "big.csv").write_text(
        german(600) + "".join(german(600).splitlines(True)[1:]).replace("2024", "2025"), "utf-8"
    )
    first = len(next(read_pieces(tmp_path / "big.csv", 20_000)))
    assert 300 < first < 900
    out, words = (
        tmp_path / "out.csv",
        [
            "score",
            str(tmp_path / "big.csv"),
            "--out",
            str(tmp_path / "out.csv"),
            "--stretches",
            str(tmp_path / "s.csv"),
        ],
    )
    assert main([*words, "--normal", "0:400", "--epochs", "2", "--hidden", "16", "--window", "12"]) == 0, (
        capsys.readouterr().err
    )
    said = capsys.readouterr().out
    assert f"its first {first:,} rows, 3 channels" in said
    assert f"The file is read in pieces: what is normal is looked for in its first {first:,} rows." in said
    assert "Normal: rows 0 to 399;" in said
    assert "a row for each of the 1,200 rows." in said
    assert "Against the labels" in said
    checkpoint = read_checkpoint(next((tmp_path / "runs").iterdir()))
    assert checkpoint.config.source["first"] == first
    by_run = out.read_bytes()
    assert main([*words, "--checkpoint", str(checkpoint.folder)]) == 0
    assert out.read_bytes() == by_run
    stretches = (tmp_path / "s.csv").read_bytes()
    table = read_table(tmp_path / "big.csv")
    frame = pd.DataFrame(table.values, columns=table.names).assign(time=table.time, anomaly=table.label.astype(int))
    frame.to_parquet(tmp_path / "big.parquet")
    assert (
        main(["score", str(tmp_path / "big.parquet"), "--out", str(out), "--checkpoint", str(checkpoint.folder)]) == 0
    )
    assert out.read_bytes() == by_run
    assert "its first" in capsys.readouterr().out
    monkeypatch.setattr("ae_core.commands.scoring.LARGE", 10**9)
    assert main([*words, "--checkpoint", str(checkpoint.folder)]) == 0
    assert (out.read_bytes(), (tmp_path / "s.csv").read_bytes()) == (by_run, stretches)
    assert "its first" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"), [(["--normal", "0:1000"], "within the first"), (["--every", "60"], "cannot be resampled")]
)
def test_what_a_large_file_cannot_have(tmp_path, lowered, capsys, words, says):
    (tmp_path / "big.csv").write_text(german(1000), "utf-8")
    assert main(["score", str(tmp_path / "big.csv"), "--out", str(tmp_path / "out.csv"), *words]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
