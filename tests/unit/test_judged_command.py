"""`score --events`: both figures, what a bad file of events is told, and what a new run keeps."""

import csv
import json

import pytest

from ae_core.anomaly.judged.log import JUDGED, as_acts, file_key, read_judged
from ae_core.cli import main

from .test_judged import HEAD, NET

QUICK = ["--normal", "0:200", "--window", "12", "--epochs", "1", "--k", "2", "--hidden", "8"]


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A run on the pump's table, as it is."""
    folder = tmp_path_factory.mktemp("quick")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_RUNS", str(folder / "runs"))
        assert main(["score", str(NET / "pump.csv"), "--out", str(folder / "s.csv"), *QUICK]) == 0
    (made,) = (folder / "runs").iterdir()
    return made


def scored(tmp_path, *words, run=NET / "folders" / "old-signals"):
    table = ["score", str(NET / "pump.csv"), "--checkpoint", str(run)]
    return main([*table, "--threshold", "robust:3", "--out", str(tmp_path / "s.csv"), *words])


def columns(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_score_says_both_figures(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(NET)
    assert scored(tmp_path) == 0
    plain = columns(tmp_path / "s.csv")
    before = findings_of(capsys.readouterr().out)
    events = tmp_path / "events.csv"
    events.write_text(HEAD + "202,207,normal,,a test\n330,365,fault,leak,\n9000,9001,fault,,\n")
    more = ["--stretches", str(tmp_path / "t.csv"), "--report", str(tmp_path / "r.html")]
    assert scored(tmp_path, "--events", str(events), *more) == 0
    said = capsys.readouterr().out
    assert findings_of(said) == before
    assert "1 of 3 events lies outside the 420 rows" in said
    assert "Without judgements: 2 flags" in said
    assert "With judgements, both together:" in said
    assert "90 % sure" in said
    judged = columns(tmp_path / "s.csv")
    assert [{key: row[key] for key in plain[0]} for row in judged] == plain
    assert set(judged[0]) - set(plain[0]) == {"judged_score", "judged_threshold", "judged_abnormal"}
    verdicts = {row["verdict"] for row in columns(tmp_path / "t.csv")}
    assert verdicts == {"normal", "fault"}
    assert "What was judged, and what follows" in (tmp_path / "r.html").read_text()


def findings_of(said):
    """The lines that are there with events or without."""
    return said[: said.index("Against the labels")].partition("Scored with")[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "9000,9001,fault,,\n", "No event lies within"),
        ("x,y\n1,2\n", "no list of events"),
        (HEAD + "1,9,fault,,\n5,7,fault,,\n", "overlap"),
    ],
)
def test_a_bad_file_of_events_is_one_sentence(text, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(NET)
    (tmp_path / "events.csv").write_text(text)
    assert scored(tmp_path, "--events", str(tmp_path / "events.csv")) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert says in line
    assert not (tmp_path / "s.csv").exists()


def test_a_file_in_pieces_has_the_same_figures(quick, tmp_path, monkeypatch, capsys):
    """All that is said and written is that of one go, but for float32's rounding of what was called normal."""
    monkeypatch.chdir(NET)
    (tmp_path / "events.csv").write_text(HEAD + "202,207,normal,,a test\n330,365,fault,leak,\n9000,9001,fault,,\n")
    words = ["--events", str(tmp_path / "events.csv"), "--stretches", str(tmp_path / "t.csv")]
    found = []
    for large in (1 << 30, 4000):
        monkeypatch.setattr("ae_core.commands.scoring.LARGE", large)
        monkeypatch.setattr("ae_core.commands.scoring.PIECE", 4000)
        monkeypatch.setattr("ae_core.anomaly.judged.usual.ROWS_AT_ONCE", 150)
        assert scored(tmp_path, *words, run=quick) == 0
        said = capsys.readouterr().out
        found.append((said.partition("Above the median")[2], columns(tmp_path / "s.csv"), columns(tmp_path / "t.csv")))
    (one_said, one, one_flags), (pieces_said, pieces, flags) = found
    assert "Without judgements:" in pieces_said
    assert pieces_said == one_said
    assert flags == one_flags
    assert list(pieces[0]) == list(one[0])
    for ours, theirs in zip(pieces, one, strict=True):
        for name, cell in theirs.items():
            if name == "judged_score" and cell:
                assert float(ours[name]) == pytest.approx(float(cell), rel=1e-4)
            else:
                assert ours[name] == cell
    assert {row["judged_abnormal"] for row in pieces} == {"0", "1"}


def test_a_bad_file_of_events_is_said_before_a_large_file_is_read(quick, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(NET)
    monkeypatch.setattr("ae_core.commands.scoring.LARGE", 4000)
    monkeypatch.setattr("ae_core.commands.scoring._score_in_pieces", None)
    (tmp_path / "events.csv").write_text(HEAD + "1,9,broken,,\n")
    assert scored(tmp_path, "--events", str(tmp_path / "events.csv"), run=quick) == 2
    assert "line 2 of events.csv" in capsys.readouterr().err


def test_a_fresh_run_keeps_its_events(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    (tmp_path / "events.csv").write_text(HEAD + "202,207,normal,,\n330,365,fault,leak,\n")
    words = ["score", str(NET / "pump.csv"), "--out", str(tmp_path / "s.csv"), *QUICK]
    assert main([*words, "--events", str(tmp_path / "events.csv")]) == 0
    capsys.readouterr()
    (folder,) = (tmp_path / "runs").iterdir()
    judged = read_judged(folder)
    assert [each[:4] for each in judged.of(file_key(str(NET / "pump.csv")))] == [
        (202, 207, "normal", ""),
        (330, 365, "fault", "leak"),
    ]
    (usual,) = judged.usual("another file")
    assert usual.ndim == 2
    acts = [json.loads(line) for line in (folder / JUDGED).read_text().splitlines()]
    assert all(act["at"] for act in acts)
    assert as_acts(judged.of(file_key(str(NET / "pump.csv"))), "x")[0]["id"] == acts[0]["id"]
