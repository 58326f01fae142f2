"""`python -m ae_core score`, from files to files: what comes out fits what went in, and what is wrong is one sentence
and leaves nothing.
"""

import csv
import dataclasses
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from ae_core import LatentError, read_checkpoint
from ae_core.anomaly.findings import findings
from ae_core.anomaly.recipe import recipe
from ae_core.anomaly.report import scores_csv, verdict, words
from ae_core.anomaly.scoring import read_alike
from ae_core.anomaly.storage import (
    DETECTION,
    load_detection,
    load_detector,
    load_threshold,
    save_detection,
    save_threshold,
)
from ae_core.anomaly.thresholds import Rule, levels
from ae_core.cli import main
from ae_core.data.csv.reading import read_table
from ae_core.data.csv.source import Csv
from ae_core.data.sensors import inject, plant

ROWS = 600
QUICK = ["--epochs", "2", "--hidden", "16", "--window", "12"]


def readings(seed=0):
    """(values (600, 3), label (600,)): a spike from row 480 to 520."""
    values = inject(plant(ROWS, 3, seed=seed)[0], "spike", 480, 40, 1, 5.0)
    label = np.zeros(ROWS, int)
    label[480:520] = 1
    return values, label


def clock(row, day_first=True):
    return (np.datetime64("2024-05-01T00:00") + np.timedelta64(row, "m")).item().strftime("%d.%m.%Y %H:%M")


def german(rows=ROWS, names=("Vibration [mm/s]", "=1+2", "Strom"), label="anomaly"):
    """Semicolons, decimal commas, days first, and a label."""
    values, marks = readings()
    heads = ["Zeit", *names, *([label] if label else [])]
    lines = [
        ";".join([clock(i), *(f"{v:.4f}".replace(".", ",") for v in row), *([str(marks[i])] if label else [])])
        for i, row in enumerate(values[:rows])
    ]
    return "\n".join([";".join(heads), *lines]) + "\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """(folder with table.csv, scores.csv, stretches.csv and the run, what was printed)."""
    folder = tmp_path_factory.mktemp("score")
    (folder / "table.csv").write_text(german(), "utf-8")
    words = [
        "score",
        str(folder / "table.csv"),
        "--out",
        str(folder / "scores.csv"),
        "--stretches",
        str(folder / "stretches.csv"),
        "--normal",
        "0:400",
        *QUICK,
    ]
    environment = {**os.environ, "LATENT_RUNS": str(folder / "runs"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "ae_core", *words], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def run(trained):
    return str(next((trained[0] / "runs").iterdir()))


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def score_of(path):
    return np.array([float(row["score"] or "nan") for row in read(path)])


def test_a_row_for_each_row(trained):
    folder, said = trained
    rows = read(folder / "scores.csv")
    assert len(rows) == ROWS
    assert [row["time"] for row in rows[:2]] == ["2024-05-01T00:00:00.000", "2024-05-01T00:01:00.000"]
    assert list(rows[0]) == [
        "time",
        "score",
        "threshold",
        "abnormal",
        "pca_score",
        "Vibration part",
        "'=1+2 part",
        "Strom part",
    ]
    score, level = (np.array([float(row[name] or "nan") for row in rows]) for name in ("score", "threshold"))
    assert [row["abnormal"] for row in rows] == [str(int(a > b)) for a, b in zip(score, level, strict=True)]
    parts = np.array([[float(v or "nan") for v in list(row.values())[5:]] for row in rows])
    np.testing.assert_allclose(parts.sum(1), score, rtol=2e-6)
    assert np.flatnonzero(np.isnan(score)).tolist() == list(range(11))  # no window of 12 rows ends with them
    assert "11 of 600 rows have no score: a score needs 12 rows that follow on each other" in said
    assert 480 <= np.nanargmax(score) < 530 + 64
    assert "600 rows, 3 channels" in said
    assert "Normal: rows 0 to 399;" in said
    assert "Windows of 12 rows" in said
    assert "of your 69 held-out normal rows" in said
    assert "Against the labels: AUC-PR" in said
    assert "1 of 1 labelled stretches found" in said


def test_the_stretches_name_the_channel(trained):
    rows = read(trained[0] / "stretches.csv")
    worst = max(rows, key=lambda row: float(row["peak"]))
    assert int(worst["first_row"]) <= 482 <= 518 <= int(worst["last_row"])
    assert int(worst["rows"]) == int(worst["last_row"]) - int(worst["first_row"]) + 1
    assert worst["start"] == str(
        np.datetime64("2024-05-01T00:00:00") + np.timedelta64(int(worst["first_row"]), "m")
    ).replace("T", " ")
    shares = {name: float(value) for name, value in worst.items() if name.endswith(" share")}
    assert max(shares, key=shares.get) == "'=1+2 share"
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)


def test_no_cell_is_a_formula(trained):
    for name in ("scores.csv", "stretches.csv"):
        with (trained[0] / name).open(newline="") as file:
            for line in csv.reader(file):
                assert not any(
                    cell[:1] in ("=", "+", "@", "\t") or (cell[:1] == "-" and not cell[1:2].isdigit()) for cell in line
                )


def test_the_first_half_has_the_scores_of_the_whole_file(trained, run, tmp_path, capsys):
    """Through files: half of it reads differently (no label that is 1, a constant, a counter), and is the same."""
    folder, _ = trained
    for rows in (600, 300, 113, 40):
        (tmp_path / "part.csv").write_text(german(rows), "utf-8")
        assert main(["score", str(tmp_path / "part.csv"), "--checkpoint", run, "--out", str(tmp_path / "out.csv")]) == 0
        np.testing.assert_array_equal(score_of(tmp_path / "out.csv"), score_of(folder / "scores.csv")[:rows])
    assert "Scored with" in capsys.readouterr().out


def test_a_checkpoint_on_other_kinds_of_files(trained, run, tmp_path):
    """Commas, points, Parquet, columns in another order and more of them, no clock: the same numbers, same scores."""
    values, marks = readings()
    expected = score_of(trained[0] / "scores.csv")
    frame = pd.DataFrame(np.round(values, 4), columns=["Vibration", "=1+2", "Strom"])
    more = frame[["Strom", "=1+2", "Vibration"]].assign(other=np.arange(ROWS) ** 2 % 97, anomaly=marks, comment="fine")
    more.to_csv(tmp_path / "plain.csv", index=False)
    more.to_parquet(tmp_path / "table.parquet")
    for name in ("plain.csv", "table.parquet"):
        assert main(["score", str(tmp_path / name), "--checkpoint", run, "--out", str(tmp_path / "out.csv")]) == 0
        np.testing.assert_array_equal(score_of(tmp_path / "out.csv"), expected)
        assert "time" not in read(tmp_path / "out.csv")[0]


def test_missing_values_keep_their_rows(run, tmp_path):
    lines = german().splitlines()
    for row in range(200, 210):
        cells = lines[row + 1].split(";")
        lines[row + 1] = ";".join([cells[0], "NA", *cells[2:]])
    (tmp_path / "gap.csv").write_text("\n".join(lines), "utf-8")
    assert main(["score", str(tmp_path / "gap.csv"), "--checkpoint", run, "--out", str(tmp_path / "out.csv")]) == 0
    score = score_of(tmp_path / "out.csv")
    assert len(score) == ROWS
    assert np.flatnonzero(np.isnan(score)).tolist() == [*range(11), *range(205, 221)]
    assert [row["abnormal"] for row in read(tmp_path / "out.csv")[205:221]] == ["0"] * 16


def trained_on(tmp_path, capsys, *words, text=None):
    (tmp_path / "table.csv").write_text(german() if text is None else text, "utf-8")
    assert main(["score", str(tmp_path / "table.csv"), "--out", str(tmp_path / "out.csv"), *words]) == 0, (
        capsys.readouterr().err
    )
    return capsys.readouterr().out, read_checkpoint(next((tmp_path / "runs").iterdir()))


def test_normal_in_times_columns_label_and_a_variant(tmp_path, capsys):
    words = [
        "--normal",
        "2024-05-01 00:30:2024-05-01 06:09",
        "--columns",
        "Vibration,Strom",
        "--label",
        "none",
        "--variant",
        "deep",
        "--k",
        "3",
        *QUICK,
    ]
    said, checkpoint = trained_on(tmp_path, capsys, *words)
    assert "Normal: rows 30 to 369;" in said
    assert "2 channels" in said
    assert "Against the labels" not in said
    assert (checkpoint.config.variant, checkpoint.config.k, checkpoint.config.epochs, checkpoint.shape) == (
        "deep",
        3,
        2,
        (2, 12),
    )
    assert list(read(tmp_path / "out.csv")[0])[5:] == ["Vibration part", "Strom part"]


def test_another_label_and_how_windows_become_scores(tmp_path, capsys):
    said, checkpoint = trained_on(
        tmp_path, capsys, "--label", "kaputt", "--scores", "error", "--memory", "1", *QUICK, text=german(label="kaputt")
    )
    assert "'kaputt' says which rows are abnormal (40 of 600)" in said
    assert "Normal: rows 0 to 359 (proposed);" in said
    found = load_detection(checkpoint.folder / DETECTION)
    assert found.label.sum() == 40
    np.testing.assert_allclose(found.network.score, score_of(tmp_path / "out.csv"), rtol=1e-6)
    assert np.isnan(found.network.score[:11]).all()


@pytest.mark.parametrize("threshold", ["quantile:0.9", "robust", "robust:3", "rolling:8"])
def test_thresholds(trained, run, tmp_path, capsys, threshold):
    assert (
        main(
            [
                "score",
                str(trained[0] / "table.csv"),
                "--checkpoint",
                run,
                "--out",
                str(tmp_path / "out.csv"),
                "--threshold",
                threshold,
            ]
        )
        == 0
    )
    rule, found = Rule.parse(threshold), load_detection(read_checkpoint(run).folder / DETECTION)
    level = [float(row["threshold"]) for row in read(tmp_path / "out.csv")]
    np.testing.assert_allclose(
        level, levels(found.network.score, found.network.held_out, rule, found.independent), rtol=1e-6
    )
    made = findings(found, rule)
    said = words(found, made, rule)
    out = capsys.readouterr().out
    # The alarms of a table are counted in its rows, of another one in the held-out scores, whose codes are not in the
    # bank: the two may differ by one.
    assert said.partition(": ")[0] in out
    assert said.rpartition("; ")[2] in out
    assert f"{len(made.intervals)} stretch" in said
    assert "held-out normal data (too short to tell how many a day)" in said


def test_the_verdict_is_what_was_measured(trained, run):
    checkpoint = read_checkpoint(run)
    found = load_detection(checkpoint.folder / DETECTION)
    said = verdict(checkpoint, found, Rule())
    ours, pca = (findings(found, Rule(), which).figures["auc_pr"] for which in (False, True))
    chance = found.label[np.isfinite(found.network.score)].mean()
    assert f"(AUC-PR {ours:.3f} against {pca:.3f}; a score of no use would have {chance:.3f})" in said
    assert f"(chance {chance:.3f})" in trained[1]
    assert f"from {found.n_dims} number" in said
    assert said in trained[1]


def test_a_detection_comes_back(trained, run, tmp_path):
    found = load_detection(read_checkpoint(run).folder / DETECTION)
    save_detection(found, tmp_path / "again.npz")
    again = load_detection(tmp_path / "again.npz")
    assert scores_csv(again, Rule()) == scores_csv(found, Rule())
    (tmp_path / "again.npz").write_bytes((tmp_path / "again.npz").read_bytes()[:5000])
    for name in ("again.npz", "nothing.npz"):
        with pytest.raises(LatentError, match="not there or damaged"):
            load_detection(tmp_path / name)


def test_a_recipe_suits_the_table(tmp_path):
    (tmp_path / "table.csv").write_text(german(), "utf-8")
    table = read_table(tmp_path / "table.csv")
    made = recipe(table, {"file": str(tmp_path / "table.csv"), "window": 12}, "deep", epochs=7)
    assert (made.data, made.variant, made.epochs, made.source["window"]) == ("csv", "deep", 7, 12)
    assert 2 <= made.k < 36
    assert recipe(table, {"window": 12}).variant == "nested"
    assert recipe(table, {"window": 12}, "linear").hidden == ()


TEXT = german()
BAD = {  # name: (the file's contents, further words, what is said)
    "empty": ("", [], "empty"),
    "header only": (TEXT.splitlines()[0] + "\n", [], ""),
    "three rows": ("\n".join(TEXT.splitlines()[:4]), [], "at least 10 are needed"),
    "binary": (bytes(range(256)) * 9, [], ""),
    "all missing": ("a,b\n" + "NA,\n" * 80, [], ""),
    "infinities": ("a,b\n" + "inf,1e400\n" * 80, [], "infinite"),
    "text alone": ("a,b\n" + "on,off\n" * 80, [], "No column holds numbers"),
    "no such column": (TEXT, ["--columns", "Strom,Druck"], "no column 'Druck'"),
    "no such label": (TEXT, ["--label", "Druck"], "no column 'Druck'"),
    "a label that is none": (TEXT, ["--label", "Strom"], "is no label"),
    "no such time": (TEXT, ["--time", "Druck"], "no column 'Druck'"),
    "a stretch elsewhere": (TEXT, ["--normal", "9000:9100"], "No row of the file lies in the normal stretch"),
    "a stretch of seven": (TEXT, ["--normal", "10:17"], "at least 10 are needed"),
    "times elsewhere": (TEXT, ["--normal", "2019-01-01:2019-02-01"], "No row of the file lies in the normal stretch"),
    "no stretch": (TEXT, ["--normal", "early"], "START:END"),
    "too long a window": (TEXT, ["--window", "400"], "shorter window"),
    "a window in words": (TEXT, ["--window", "long"], "window takes a whole number"),
    "a variant that is none": (TEXT, ["--variant", "gan"], "no variant"),
    "epochs of nothing": (TEXT, ["--epochs", "0"], "epochs must be between"),
    "a threshold that is none": (TEXT, ["--threshold", "loud"], "threshold rule"),
    "a threshold beyond": (TEXT, ["--threshold", "quantile:99"], "between 0.5 and 0.9999"),
    "memory of nothing": (TEXT, ["--memory", "0"], "smoothing-rows must be between"),
    "another kind of score": (TEXT, ["--scores", "loud"], "score-type is one of"),
    "more samples in a step than there are": (TEXT, ["--batch-size", "100000"], "larger than"),
    "no such run": (TEXT, ["--checkpoint", "nothing"], "no checkpoint 'nothing'"),
    "a run on pictures": (TEXT, ["--checkpoint", "digits-vae-2d"], "not trained on a table"),
    "the table itself": (TEXT, ["--out", "{table}"], "written over"),
    "a folder": (TEXT, ["--out", "{folder}"], "cannot be written"),
    "below a file": (TEXT, ["--out", "{table}/scores.csv"], "cannot be written"),
    "stretches over the scores": (TEXT, ["--stretches", "{folder}/out.csv"], "written over"),
    "a knob of another variant": (TEXT, ["--variant", "deep", "--beta", "3"], "no setting 'beta'"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_one_sentence_and_leaves_nothing(name, tmp_path, capsys, monkeypatch):
    contents, words, says = BAD[name]
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    table = folder / "table.csv"
    table.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    before = table.read_bytes()
    words = [word.format(table=table, folder=folder) for word in words]
    assert (
        main(
            [
                "score",
                str(table),
                "--out",
                str(folder / "out.csv"),
                *([] if "--epochs" in words else ["--epochs", "1"]),
                *words,
            ]
        )
        == 2
    )
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert says in error
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert len(error) < 500
    assert table.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["table.csv"]
    assert not list(tmp_path.glob("runs/*"))


def test_no_file(tmp_path, capsys):
    assert main(["score", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv")]) == 2
    assert "There is no file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_another_files_channels_are_named(run, tmp_path, capsys):
    (tmp_path / "other.csv").write_text("a,b\n" + "".join(f"{i},{i * i % 7}\n" for i in range(90)))
    assert main(["score", str(tmp_path / "other.csv"), "--checkpoint", run, "--out", str(tmp_path / "out.csv")]) == 2
    error = capsys.readouterr().err
    assert "'Vibration'" in error
    assert error.count("\n") == 1
    (tmp_path / "short.csv").write_text(german(11), "utf-8")
    assert main(["score", str(tmp_path / "short.csv"), "--checkpoint", run, "--out", str(tmp_path / "out.csv")]) == 2
    assert "12 rows" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_scores_replace_older_ones_alone_and_only_when_they_are_made(trained, run, tmp_path, capsys):
    out = tmp_path / "out.csv"
    out.write_text("mine")
    table = trained[0] / "table.csv"
    words = ["score", str(table), "--checkpoint", run]
    assert main([*words, "--out", str(out)]) == 2
    assert "out.csv was not written by this program and stays as it is" in capsys.readouterr().err
    assert out.read_text() == "mine"
    out.write_text("time,score,threshold,abnormal,pca_score\n")
    assert main(["score", str(table), "--checkpoint", "nothing", "--out", str(out)]) == 2
    assert out.read_text().count("\n") == 1
    assert main([*words, "--out", str(out), "--stretches", str(tmp_path / "s.csv"), "--report", f"{out}.html"]) == 0
    assert len(score_of(out)) == ROWS
    assert main([*words, "--out", str(out), "--stretches", str(tmp_path / "s.csv"), "--report", f"{out}.html"]) == 0
    capsys.readouterr()
    assert main([*words, "--out", str(tmp_path / "deep" / "er" / "out.csv")]) == 2
    assert "lies in no folder that is there" in capsys.readouterr().err
    assert not (tmp_path / "deep").exists()


def test_another_file_is_read_as_the_runs_own_was_where_it_can_be(tmp_path):
    def written(name, head, rows):
        (tmp_path / name).write_text("\n".join([head, *rows]) + "\n", "utf-8")
        return Csv(file=str(tmp_path / name))

    said = {"day_first": "no", "missing": "-7", "label": "state", "normal_values": "3", "resample_seconds": 60.0}
    rows = [f"0{1 + i % 9}/0{1 + i // 9}/2024 10:00,{i % 5},{3 + i % 2}" for i in range(60)]
    own = dataclasses.replace(written("own.csv", "when,a,state", rows), **said)
    assert own.table().time[1] == np.datetime64("2024-01-01T10:01")
    alike = read_alike(own, written("next.csv", "when,a,state", rows))
    assert [getattr(alike, name) for name in said] == list(said.values())
    no_label = read_alike(own, written("bare.csv", "when,a", [row.rpartition(",")[0] for row in rows]))
    assert (no_label.label, no_label.day_first, no_label.missing) == ("", "no", "-7")
    mine = read_alike(own, dataclasses.replace(written("mine.csv", "when,a,state", rows), day_first="yes"))
    assert (mine.day_first, mine.label) == ("yes", "state")
    other = read_alike(dataclasses.replace(own, time="when"), written("other.csv", "b", [str(i) for i in range(60)]))
    assert (other.time, other.day_first, other.missing) == ("", "", "-7")


def test_what_contradicts_the_run_is_refused(trained, run, tmp_path, capsys):
    table, out = trained[0] / "table.csv", tmp_path / "out.csv"
    for more, says in (
        (["--window", "100"], "trained with window 12, not with 100"),
        (["--memory", "3"], "smoothing-rows 64, not with 3"),
        (["--resample-seconds", "300"], "resample-seconds"),
        (["--epochs", "9"], "--epochs says how to train"),
        (["--variant", "deep"], "--variant deep says what to train"),
    ):
        assert main(["score", str(table), "--checkpoint", run, "--out", str(out), *more]) == 2
        assert says in capsys.readouterr().err
        assert not out.exists()
    more = ["--window", "12", "--report", str(tmp_path / "report.html")]
    assert main(["score", str(table), "--checkpoint", run, "--out", str(out), *more]) == 0
    assert "What is abnormal in table.csv" in (tmp_path / "report.html").read_text("utf-8")


def test_the_next_file_is_compared_with_the_first(trained, run, tmp_path, capsys):
    values, _ = readings(1)
    times = np.datetime64("2024-06-01T00:00") + np.timedelta64(5, "m") * np.arange(ROWS)
    names = ["Vibration", "=1+2", "Strom"]
    frame = pd.DataFrame(values, columns=names)
    frame.insert(0, "Zeit", times)
    frame.loc[100:159, "Strom"] += 1000  # 10 % of the rows
    frame.to_csv(tmp_path / "next.csv", index=False)
    main(["score", str(tmp_path / "next.csv"), "--checkpoint", run, "--out", str(tmp_path / "o.csv")])
    assert "a row every 5 min, there every 1 min; " in capsys.readouterr().out
    frame["Zeit"] = times[:1] + np.timedelta64(1, "m") * np.arange(ROWS)
    frame.to_csv(tmp_path / "next.csv", index=False)
    assert main(["score", str(tmp_path / "next.csv"), "--checkpoint", run, "--out", str(tmp_path / "o.csv")]) == 0
    said = capsys.readouterr().out
    assert "the same 3 channels; a row every 1 min, as there; " in said
    own = load_detector(read_checkpoint(run).folder, read_checkpoint(run).model()).preprocessing
    low, high = own.ranges
    beyond = ((values < low) | (values > high)).any(1)
    beyond[100:160] = True
    assert f"{beyond.mean():.1%}".replace("%", " %") in said
    assert "of the rows outside the ranges of its normal rows (Strom from" in said


def test_a_threshold_belongs_to_its_run(trained, run, tmp_path):
    folder, table = read_checkpoint(run).folder, str(trained[0] / "table.csv")
    assert load_threshold(folder) == Rule()  # as it was trained
    save_threshold(Rule("robust", 7), folder)
    try:
        assert main(["score", table, "--checkpoint", run, "--out", str(tmp_path / "own.csv")]) == 0
        said = ["--threshold", "quantile:0.9"]
        assert main(["score", table, "--checkpoint", run, "--out", str(tmp_path / "said.csv"), *said]) == 0
    finally:
        (folder / "threshold.json").write_text("{}")
    detection = load_detection(folder / DETECTION)
    found = detection.network
    for name, rule in (("own", Rule("robust", 7)), ("said", Rule("quantile", 0.9))):
        level = [float(row["threshold"]) for row in read(tmp_path / f"{name}.csv")]
        np.testing.assert_allclose(level, levels(found.score, found.held_out, rule, detection.independent), rtol=1e-6)
    assert load_threshold(folder) == Rule()  # what cannot be read is none
