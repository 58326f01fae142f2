"""Rows as they come: on standard input, or in a file that grows, is renamed, cut, and followed again after a crash."""

import csv
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.cli import main, make_parser
from ae_core.commands import streaming
from ae_core.data.csv.live import Hints, LiveReader
from ae_core.data.csv.live_times import Moments
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.source import Csv
from ae_core.data.sensors import inject, plant

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """(a run's folder, the text of another table of its channels, the scores of that in a file)."""
    folder = tmp_path_factory.mktemp("live")
    values = inject(plant(1500, 3, seed=1)[0], "spike", 1300, 30, 1, 5.0)
    times = np.datetime64("2024-01-01T00:00") + np.arange(1500) * np.timedelta64(60, "s")
    times[1100:] += np.timedelta64(2, "h")
    lines = [",".join([str(t), *(f"{v:.6g}" for v in row)]) + "\n" for t, row in zip(times, values, strict=True)]
    lines[1000] = lines[1000].split(",")[0] + ",,,\n"
    heading = "time,a [V],b,c\n"
    (folder / "train.csv").write_text(heading + "".join(lines[:600]))
    (folder / "new.csv").write_text(heading + "".join(lines[600:]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_RUNS", str(folder / "runs"))
        options = ["--epochs", "1", "--hidden", "16", "--window", "12", "--out", str(folder / "scores.csv")]
        assert main(["score", str(folder / "train.csv"), *options]) == 0
        (made,) = (folder / "runs").iterdir()
        new = str(folder / "new.csv")
        assert main(["score", new, "--checkpoint", str(made), "--out", str(folder / "scores.csv")]) == 0
    return made, (folder / "new.csv").read_text(), (folder / "scores.csv").read_text()


def same(text: str, expected: str) -> None:
    """The same scores, but for float32's rounding."""
    ours, theirs = (list(csv.reader(io.StringIO(each))) for each in (text, expected))
    assert ours[0] == theirs[0]
    assert [row[0] for row in ours] == [row[0] for row in theirs]
    numbers = [np.array([[float(c or "nan") for c in row[1:]] for row in each[1:]]) for each in (ours, theirs)]
    np.testing.assert_allclose(*numbers, rtol=1e-4, atol=1e-6)


def piped(text: str, monkeypatch, capsysbinary, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code = main(["score", "-", *arguments])
    out, err = capsysbinary.readouterr()
    return code, out.decode(), err.decode()


def test_standard_input_has_the_scores_of_the_file(run, monkeypatch, capsysbinary):
    folder, text, expected = run
    code, out, err = piped(text, monkeypatch, capsysbinary, "--checkpoint", str(folder))
    assert (code, err) == (0, "")
    same(out, expected)


def test_json_lines(run, monkeypatch, capsysbinary):
    folder, text, expected = run
    rows = list(csv.DictReader(io.StringIO(text)))
    lines = [
        json.dumps({"time": row["time"], "b": float(row["b"] or "nan"), "c": row["c"], "a": row["a [V]"]})
        for row in rows
    ]
    code, out, _ = piped(
        "\n".join(lines).replace("NaN", "null"), monkeypatch, capsysbinary, "--checkpoint", str(folder)
    )
    assert code == 0
    answers = [json.loads(line) for line in out.splitlines()]
    assert [each["row"] for each in answers] == list(range(len(rows)))
    for each, row in zip(answers, csv.DictReader(io.StringIO(expected)), strict=True):
        assert (each["score"] is None) == (row["score"] == "")
        if each["score"] is not None:
            assert each["score"] == pytest.approx(float(row["score"]), rel=1e-4)
            assert each["parts"]["b"] == pytest.approx(float(row["b part"]), rel=1e-3, abs=1e-5)
    code, out, _ = piped(lines[0], monkeypatch, capsysbinary, "--checkpoint", str(folder), "--format", "csv")
    assert out.splitlines()[0] == expected.splitlines()[0]


@pytest.fixture
def events(run, tmp_path):
    """Events of the table that the run learned from, and the scores of that in a file with them."""
    made = run[0]
    file, out = tmp_path / "events.csv", tmp_path / "with.csv"
    rows = "100,140,normal,,\n300,330,fault,leak,\n420,425,normal,,\n"
    file.write_text(f"start,end,verdict,name,comment\n{rows}9000,9100,normal,,\n")
    table = str(made.parents[1] / "train.csv")
    arguments = ["--checkpoint", str(made), "--events", str(file), "--threshold", "rolling:3", "--out", str(out)]
    assert main(["score", table, *arguments]) == 0
    return file, out.read_text()


def test_what_was_judged_holds_for_rows_that_come(run, events, monkeypatch, capsysbinary):
    """The table that was judged, as if it came again: as in a file, but for the rows that were judged themselves."""
    file, expected = events
    text = (run[0].parents[1] / "train.csv").read_text()
    capsysbinary.readouterr()
    more = ["--events", str(file), "--threshold", "rolling:3"]
    code, out, err = piped(text, monkeypatch, capsysbinary, "--checkpoint", str(run[0]), *more)
    assert code == 0
    assert "1 of 4 events lies outside" in err
    assert "With judgements, both together" in err
    ours, theirs = (list(csv.DictReader(io.StringIO(each))) for each in (out, expected))
    assert list(ours[0]) == list(theirs[0])
    apart = [n for n in range(len(theirs)) if not any(a <= n < b + 12 for a, b in ((100, 140), (420, 425)))]
    numbers = [np.array([float(row["judged_score"] or "nan") for row in each]) for each in (ours, theirs)]
    np.testing.assert_allclose(numbers[0][apart], numbers[1][apart], rtol=1e-3, atol=1e-6)
    plain = np.array([float(row["score"] or "nan") for row in theirs])
    assert (numbers[1][apart] < 0.9 * plain[apart]).any()  # some of what was not judged became quieter


def test_what_was_judged_goes_on_after_a_crash(run, events, tmp_path, monkeypatch):
    monkeypatch.setattr("ae_core.io.tail.PAUSE", 0.0)
    text = run[1]
    table, whole, cut = tmp_path / "new.csv", tmp_path / "whole.csv", tmp_path / "cut.csv"
    more = ["--events", str(events[0])]
    table.write_text(text)
    followed(run, whole, table, lambda: True, *more)
    lines = text.splitlines(keepends=True)
    table.write_text("".join(lines[:500]))
    followed(run, cut, table, lambda: True, *more)
    with table.open("a") as file:
        file.write("".join(lines[500:]))
    followed(run, cut, table, lambda: True, *more)
    assert cut.read_text() == whole.read_text()
    with pytest.raises(LatentError, match="belongs to scores of another run or threshold"):
        followed(run, cut, table, lambda: True)


def test_events_of_a_table_that_is_gone_are_said(run, events, tmp_path, monkeypatch, capsysbinary):
    capsysbinary.readouterr()
    copied = tmp_path / "copied"
    shutil.copytree(run[0], copied)
    (copied / "detection.npz").unlink()
    code, out, err = piped(run[1], monkeypatch, capsysbinary, "--checkpoint", str(copied), "--events", str(events[0]))
    assert (code, out) == (2, "")
    assert "which is not here any more" in err


def test_a_broken_line_is_a_row_without_values(run, monkeypatch, capsysbinary):
    folder, text, _ = run
    lines = text.splitlines()
    lines[50], lines[60] = "what?", lines[60] + ",7,8"
    code, out, err = piped("\n".join(lines), monkeypatch, capsysbinary, "--checkpoint", str(folder))
    assert (code, len(out.splitlines())) == (0, len(lines))
    assert "row 49" in err
    assert "row 59: it has 6 cells where the heading has 4" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "--checkpoint"),
        (["--follow"], "--follow FILE"),
        ([], "standard input"),
        (["-", "--checkpoint", "RUN", "--report", "x.html"], "--report"),
        (["-", "--checkpoint", "RUN", "--epochs", "3"], "--epochs"),
        (["-", "--checkpoint", "RUN", "--format", "xml"], "csv, jsonl"),
    ],
)
def test_what_does_not_go_is_said(run, arguments, said, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"time,q\n1,2\n")))
    assert main(["score", *(str(run[0]) if each == "RUN" else each for each in arguments)]) == 2
    assert said in capsys.readouterr().err


def test_a_heading_without_a_channel_is_said(run, monkeypatch, capsysbinary):
    code, _, err = piped("time,a,q\n1,2,3\n", monkeypatch, capsysbinary, "--checkpoint", str(run[0]))
    assert code == 2
    assert "no channel 'b'" in err


FORMS = {
    "semicolons": ("Zeit;a [V];b\n01.02.2024 10:00:00;1,5;2\n13.02.2024 10:00:01;-1.000,25;\n", {}),
    "zone": ("time\ta\tb\n2024-02-01T10:00:00+01:00\t1e3\t2.5\n2024-02-01T10:00:01+01:00\tnan\t4\n", {}),
    "units": ("time,x,b,a\n,,bar,V\n2024-02-01 10:00,no,3,4\n2024-02-01 10:01,yes,5,6\n2024-02-01 10:02,yes,7,8\n", {}),
    "quotes": ('"t","a","b"\n"1706781600","1","2 bar"\n"1706781601","3","4 bar"\n', {"time": "t"}),
    "two columns": ("date,time,a,b\n2024-02-01,10:00:00,1,2\n2024-02-01,10:00:01,3,-9\n", {"missing": "-9"}),
    "month first": ("time,a,b\n02/13/2024 10:00,1,2\n02/14/2024 10:00,1,3\n", {"day_first": "no"}),
    "milliseconds": ("time_ms,a,b\n0,1,2\n500,3,4\n1000,5,6\n", {}),
    "since 1970": ("t,a,b\n1706781600.25,1,2\n1706781601.25,3,5\n1706781602.25,3,4\n", {}),
    "month after day, late": ("time,a,b\n02/03/2024 10:00,1,2\n02/14/2024 10:00,1,3\n", {"day_first": "no"}),
    "spaces": ("a  b\n1   2\n3 4\n", {"delimiter": "space"}),
    "states": ("time,a,b\n2024-02-01 10:00,ON,3\n2024-02-01 10:01,OFF,5\n2024-02-01 10:02,ON,8\n", {}),
}


@pytest.mark.parametrize("form", FORMS)
def test_lines_are_read_as_a_file_is(form, tmp_path):
    text, said = FORMS[form]
    path = tmp_path / "table.csv"
    path.write_text(text, "utf-8")
    origin = Csv(file=str(path), columns="a, b", **said)
    expected = read_table(path, **origin.said())
    reader = LiveReader(("a", "b"), Hints.of(origin))
    rows = [row for line in text.splitlines() if (row := reader.row(line))]
    np.testing.assert_array_equal([row.values for row in rows], expected.values)
    assert [row.wrong for row in rows] == [""] * len(rows)
    if expected.time is not None:
        np.testing.assert_array_equal([row.time for row in rows], expected.time)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-02-01T10:00:00.250Z", "2024-02-01T10:00:00.250"),
        ("2024-02-01 10:00:00,5", "2024-02-01T10:00:00.500"),
        ("02/14/2024 10:00", "2024-02-14T10:00"),
        ("14.2.2024 10:00:01", "2024-02-14T10:00:01"),
        ("1706781600250", "2024-02-01T10:00:00.250"),
        ("1e400", "NaT"),
        ("", "NaT"),
        ("soon", "NaT"),
    ],
)
def test_moments_one_at_a_time(cell, expected):
    np.testing.assert_array_equal(Moments().read(cell), np.datetime64(expected, "ns"))


def test_a_line_without_end_is_no_table(run, tmp_path, monkeypatch):
    monkeypatch.setattr("ae_core.io.tail.MAX_LINE", 1000)
    (tmp_path / "log.csv").write_text("x" * 100_000)
    with pytest.raises(LatentError, match="no table"):
        followed(run, tmp_path / "scores.csv", tmp_path / "log.csv", lambda: True)


def followed(run, out: Path, path: Path, waiting, *more: str) -> None:
    words = ["score", "--follow", str(path), "--checkpoint", str(run[0]), "--out", str(out), *more]
    streaming.follow(make_parser("score").parse_args(words), waiting)


def test_a_file_is_followed_as_it_grows_is_renamed_and_cut(run, tmp_path, monkeypatch):
    monkeypatch.setattr("ae_core.io.tail.PAUSE", 0.0)
    _, text, expected = run
    heading, lines = text.splitlines()[0] + "\n", text.splitlines(keepends=True)[1:]
    path, out = tmp_path / "log.csv", tmp_path / "scores.csv"

    def grow(mode, *texts):
        with path.open(mode) as file:
            file.write("".join(texts))

    def rotate():
        path.rename(tmp_path / "log.csv.1")
        grow("w", heading, *lines[400:600])

    steps = [
        lambda: grow("w", heading, *lines[:200], lines[200][:7]),
        lambda: grow("a", lines[200][7:], *lines[201:399], lines[399].rstrip("\n")),
        rotate,
        lambda: None,
        lambda: grow("w", heading, *lines[600:700]),  # copied, and cut
        lambda: grow("a", *lines[700:]),
    ]

    def waiting():
        if steps:
            steps.pop(0)()
            return False
        return True

    followed(run, out, path, waiting)
    same(out.read_text(), expected)


def test_a_file_that_was_renamed_meanwhile_is_read_to_its_end(run, tmp_path, monkeypatch):
    monkeypatch.setattr("ae_core.io.tail.PAUSE", 0.0)
    _, text, expected = run
    lines = text.splitlines(keepends=True)
    path, out = tmp_path / "log.csv", tmp_path / "scores.csv"
    path.write_text("".join(lines[:300]))
    followed(run, out, path, lambda: True)
    with path.open("a") as file:
        file.write("".join(lines[300:500]))
    path.rename(tmp_path / "log.1")
    path.write_text(lines[0] + "".join(lines[500:]))
    looks = iter([False, False, True])
    followed(run, out, path, lambda: next(looks))
    same(out.read_text(), expected)


@pytest.mark.parametrize("kept", [7, 10_000])
def test_a_crash_at_any_byte_loses_no_row_and_doubles_none(run, tmp_path, monkeypatch, kept):
    monkeypatch.setattr("ae_core.io.tail.PAUSE", 0.0)
    monkeypatch.setattr(streaming, "KEPT_ROWS", kept)
    path, out = tmp_path / "log.csv", tmp_path / "scores.csv"
    path.write_text(run[1])
    followed(run, tmp_path / "whole.csv", path, lambda: True)
    dice, real = random.Random(kept), streaming._write

    class Killed(BaseException):
        pass

    for _ in range(8):
        left = [dice.randrange(1, 12_000)]

        def dies(file, data, left=left):
            real(file, data[: left[0]])
            left[0] -= len(data)
            if left[0] < 0:
                raise Killed

        monkeypatch.setattr(streaming, "_write", dies)
        with pytest.raises(Killed):
            followed(run, out, path, lambda: True)
    monkeypatch.setattr(streaming, "_write", real)
    followed(run, out, path, lambda: True)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_scores_of_another_threshold_are_not_gone_on_with(run, tmp_path, capsys):
    path, out = tmp_path / "log.csv", tmp_path / "scores.csv"
    path.write_text(run[1])
    followed(run, out, path, lambda: True)
    words = ["score", "--follow", str(path), "--checkpoint", str(run[0]), "--out", str(out), "--threshold", "robust:4"]
    assert main(words) == 2
    assert "another run or threshold" in capsys.readouterr().err
    (tmp_path / "notes.txt").write_text("mine\n")
    assert main([*words[:-3], str(tmp_path / "notes.txt")]) == 2
    assert (tmp_path / "notes.txt").read_text() == "mine\n"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_real_kills_lose_no_row_and_double_none(run, tmp_path):
    _, text, _ = run
    path, out = tmp_path / "log.csv", tmp_path / "scores.csv"
    heading, lines = text.splitlines()[0] + "\n", text.splitlines(keepends=True)[1:] * 20
    command = [sys.executable, "-m", "ae_core", "score", "--follow", str(path), "--checkpoint", str(run[0])]
    dice, written = random.Random(0), 0
    path.write_text(heading)
    for kill in range(21):
        follower = subprocess.Popen([*command, "--out", str(out)], cwd=ROOT)
        try:
            begun, until = time.monotonic(), dice.uniform(2.0, 6.0)
            while time.monotonic() - begun < (until if kill < 20 else 120):
                with path.open("a") as file:
                    file.write("".join(lines[written : written + 40]))
                written = min(written + 40, len(lines))
                time.sleep(0.02)
                if kill == 20 and out.exists() and out.read_bytes().count(b"\n") > len(lines):
                    break
        finally:
            os.kill(follower.pid, signal.SIGKILL)
            follower.wait()
    path.write_text(heading + "".join(lines))
    followed(run, tmp_path / "whole.csv", path, lambda: True)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
