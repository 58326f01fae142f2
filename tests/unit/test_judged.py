"""What somebody judges of a table: the file of it, the log that loses nothing, the threshold it proposes, and kinds."""

import os
import shutil
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom
from sklearn.metrics import adjusted_rand_score

from ae_core import LatentError
from ae_core.anomaly.findings import findings
from ae_core.anomaly.judged.consequences import consequences
from ae_core.anomaly.judged.event_report import event_report
from ae_core.anomaly.judged.events import MAX_EVENTS, Event, events_csv, parse_events, reaches
from ae_core.anomaly.judged.kinds import Kind, described, grouped, kind_words
from ae_core.anomaly.judged.log import JUDGED, file_key, judge, naming, read_judged
from ae_core.anomaly.judged.proposal import levels_of, propose
from ae_core.anomaly.judged.story import moves, story
from ae_core.anomaly.judged.tally import Share, meeting, tally
from ae_core.anomaly.judged.usual import FARTHER, _squared_distance, noise_of, points, quietened
from ae_core.anomaly.similar import unusual
from ae_core.anomaly.thresholds import Rule
from ae_core.base.owners import set_visitor_provider
from ae_core.data.csv.uploads import keep_upload, uploads_folder

from ..support.detections import make_detection
from .test_similar import LENGTH, made  # noqa: F401  (a fixture)

NET = Path(__file__).resolve().parents[1] / "net"
HOURS = np.datetime64("2024-03-01", "ns") + (3600 * 10**9 * np.arange(100)).astype("timedelta64[ns]")
HEAD = "start,end,verdict,name,comment\n"


def parsed(text, rows=100, at=HOURS):
    return parse_events(text.encode(), rows, at, "events.csv")


# ---- the file


def test_rows_and_times_name_the_same_stretch():
    by_row = parsed(HEAD + "5,8,fault,bearing,\n").here
    by_time = parsed("Start;END;Verdict;name\n2024-03-01T05:00:00;2024-03-01 07:00;Fault;bearing\n").here
    zone = parsed(HEAD + "2024-03-01T06:00:00+01:00,2024-03-01T08:00:00+01:00,fault,bearing,\n").here
    assert by_row == by_time == zone == [Event(5, 8, "fault", "bearing")]


@pytest.mark.parametrize("at", [HOURS, None], ids=["times", "rows"])
def test_what_is_written_is_read_again(at):
    events = [Event(0, 3, "normal", "=1+1", "a, b; “c”"), Event(3, 4, "look again"), Event(50, 100, "fault", "A", "@x")]
    text = events_csv(events[::-1], at)
    assert "'=1+1" in text
    assert parsed(text, at=at).here == events


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column 'start'"),
        ("time,score,threshold,abnormal\n1,2,3,0\n", "no column 'start'"),
        ("start,end\n1,2\n", "no column 'verdict'"),
        (HEAD + "1,5,fault,,\n3,9,normal,,\n", "overlap, lines 2 and 3"),
        (HEAD + "9,5,fault,,\n", "not behind its start"),
        (HEAD + "1,5,bad,,\n", "one of normal, look again, fault"),
        (HEAD + "one,5,fault,,\n", "not 'one'"),
        (HEAD + "2024-13-01,2024-13-02,fault,,\n", "no time that there is"),
        (HEAD + "2024-03-02,2024-03-01,fault,,\n", "before its start"),
        (HEAD + "1,2,fault,,\n" * (MAX_EVENTS + 1), "5,001 events, and 5,000 are taken"),
        (HEAD + "".join(f"{2 * n},{2 * n + 1},fault,,\n" for n in range(10_000)), "10,000 events"),
        ("\x00PNG\r\n\x1a", "no column 'start'"),
    ],
)
def test_a_fault_of_the_file_is_one_sentence(text, says):
    with pytest.raises(LatentError, match=r"events.csv.*\.$") as caught:
        parsed(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_times_need_times_and_latin_1_is_said():
    with pytest.raises(LatentError, match="the table has none"):
        parsed(HEAD + "2024-03-01,2024-03-02,fault,,\n", at=None)
    with pytest.raises(LatentError, match="UTF-8"):
        parse_events("start,end,verdict,name\n1,2,fault,Lüfter\n".encode("latin-1"), 9, None)


def test_what_lies_outside_is_kept_and_said():
    found = parsed(HEAD + "5,8,fault,,\n99,101,normal,,\n2030-01-01,2030-01-02,fault,,\n")
    assert [each.start for each in found.here] == [5]
    assert found.words(100) == "2 of 3 events lie outside the 100 rows of this file: kept, and not used here."


def test_an_events_rows_reach_to_the_next_one():
    events = [Event(10, 20, "fault"), Event(25, 30, "normal"), Event(90, 99, "fault")]
    assert reaches(events, 100, 8) == [(10, 25), (25, 37), (90, 100)]


# ---- how sure


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (3, 3), (2, 7), (49, 50), (0, 200)])
def test_the_interval_is_where_either_tail_has_a_twentieth(part, whole):
    low, high = Share(part, whole).between()
    if part:
        assert binom.sf(part - 1, whole, low) == pytest.approx(0.05)
    else:
        assert low == 0
    if part < whole:
        assert binom.cdf(part, whole, high) == pytest.approx(0.05)
    else:
        assert high == 1


def judged_detection(peaks):
    """(detection of flat scores with a plateau of ten rows for each peak, first rows)."""
    detection = make_detection(3000, 2)
    score = np.full(3000, 1.0)
    starts = 100 + 200 * np.arange(len(peaks))
    for start, peak in zip(starts, peaks, strict=True):
        score[start : start + 10] = peak
    held = np.linspace(0.5, 1.5, 300)
    network = detection.network.__class__(detection.network.x_hat, score[:, None] * [0.5, 0.5], score, held)
    plain = {"network": network, "label": None, "row_error": None, "held_out": (0, 0), "normal": (0, 0)}
    return detection.__class__(**{**detection.__dict__, **plain}), [int(start) for start in starts]


def test_the_tally_counts_stretches():
    detection, at = judged_detection([9, 9, 9, 9])
    flagged = findings(detection, Rule("robust", 5)).intervals
    events = [Event(at[0], at[0] + 10, "fault"), Event(at[1] + 2, at[1] + 5, "normal"), Event(2000, 2010, "fault")]
    found = tally(flagged, events, 3000, detection.window)
    assert (found.precision, found.recall) == (Share(1, 2), Share(1, 2))
    assert found.verdicts == ["fault", "normal", "", ""]
    assert (found.caught, found.open) == ([True, True, False], 2)


def brute(detection, events, rule):
    """The fewest false alarms of any threshold that flags every fault, by trying all levels between scores."""
    best = None
    for amount in np.arange(1, 50, 0.05):
        flagged = findings(detection, Rule("robust", float(amount))).intervals
        now = tally(flagged, events, len(detection), detection.window)
        if now.recall.part == now.recall.whole:
            wrong = now.precision.whole - now.precision.part
            best = wrong if best is None else min(best, wrong)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_the_proposal_flags_every_fault_with_the_fewest_false_alarms(seed):
    dice = np.random.default_rng(seed)
    peaks = dice.uniform(3, 15, 12)
    detection, at = judged_detection(peaks)
    verdicts = dice.permutation(["fault"] * 4 + ["normal"] * 5 + ["look again"] * 3)
    events = [Event(row, row + 10, str(verdict)) for row, verdict in zip(at, verdicts, strict=True)]
    rule = Rule("robust", float(dice.uniform(2, 30)))
    found = propose(detection, events, rule)
    assert found.tally.recall == Share(4, 4)
    assert found.tally.precision.whole - found.tally.precision.part == brute(detection, events, rule)
    before, after = (findings(detection, each).intervals for each in (rule, found.rule))
    assert found.change.flags == len(before)
    assert found.change.gone == sum(not meeting(after, each.start, each.end) for each in before)
    assert found.change.lost == 0
    levels = levels_of(detection.network.score, events, detection.window, 1)
    np.testing.assert_allclose(levels, peaks)


def test_nothing_is_proposed_of_nothing():
    detection, at = judged_detection([9, 2])
    rule = Rule("robust", 5)
    assert propose(detection, [], rule).rule == rule
    assert propose(detection, [Event(at[0], at[0] + 10, "normal")], rule).rule == rule
    kept = propose(detection, [Event(at[0], at[0] + 10, "fault"), Event(at[1], at[1] + 10, "normal")], rule)
    assert (kept.rule, kept.change.words()) == (rule, "Nothing changes.")


def test_a_change_is_said_before_it_is_made():
    detection, at = judged_detection([20, 4, 4.5, 5, 19])
    rule = Rule("robust", 5)
    events = [Event(at[0], at[0] + 10, "fault"), *(Event(at[n], at[n] + 10, "normal") for n in (1, 2, 3))]
    says = propose(detection, events, rule).change.words()
    assert says == "3 of 5 flags go, no fault is lost."


# ---- the log


def put(number, start, end, verdict="fault", file="abc", **more):
    event = {"id": f"event-{number}", "start": start, "end": end, "verdict": verdict}
    return {"act": f"act-{number}-{start}-{end}-{verdict[:3]}", "do": "put", "file": file} | event | more


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("LATENT_DATA", str(tmp_path / "data"))
    folder = tmp_path / "runs" / "pump"
    folder.parent.mkdir()
    shutil.copytree(NET / "folders" / "old-signals", folder)
    return folder


def test_acts_come_to_what_holds(run):
    judge(run, [put(1, 0, 5), put(2, 10, 20, "normal"), put(1, 0, 6)])
    judged = judge(  # the drop names another file
        run, [put(3, 15, 18), put(4, 0, 3, file="other"), {"act": "act-drop", "do": "drop", "id": "event-1"}]
    )
    assert [each[:3] for each in judged.of("abc")] == [
        (0, 6, "fault"),
        (15, 18, "fault"),
    ]
    judged = judge(run, [{"act": "act-drop2", "do": "drop", "file": "abc", "id": "event-1"}])
    assert [each.id for each in judged.of("abc")] == ["event-3"]
    assert judged.elsewhere("abc") == 1
    assert read_judged(run).files == judged.files
    size = (run / JUDGED).stat().st_size
    judge(run, [put(3, 15, 18), {"act": "act-x", "do": "put"}, {"act": "act-y", "do": "fly"}, {}])
    assert (run / JUDGED).stat().st_size == size  # known, or none that can be done


def test_a_line_that_a_crash_cut_costs_itself_alone(run):
    judge(run, [put(1, 0, 5), put(2, 10, 20)])
    file = run / JUDGED
    file.write_bytes(file.read_bytes()[:-25])
    assert [each.id for each in read_judged(run).of("abc")] == ["event-1"]
    judge(run, [put(3, 30, 40)])
    assert [each.id for each in read_judged(run).of("abc")] == ["event-1", "event-3"]


@pytest.mark.slow
def test_two_writers_and_kills_lose_nothing(run, tmp_path):
    """What a writer said that it has written is there, though it was killed while it wrote."""
    code = (
        "import sys, time; from pathlib import Path; from ae_core.anomaly.judged.log import judge\n"
        "n = int(sys.argv[2])\n"
        "while True:\n"
        "    n += 2\n"
        "    judge(Path(sys.argv[1]), [{'act': f'act-{n:08}', 'do': 'put', 'file': 'f', 'id': f'event-{n:08}',"
        " 'start': 10 * n, 'end': 10 * n + 5, 'verdict': 'fault'}])\n"
        "    print(n, flush=True)\n"
        "    time.sleep(0.002)\n"  # or the other one would wait for its turn until it gives up
    )
    said = [tmp_path / "even", tmp_path / "odd"]
    written = set()
    for turn in range(4):
        workers = []
        for side, path in enumerate(said):
            with path.open("w") as out:
                workers.append(
                    subprocess.Popen(
                        [sys.executable, "-c", code, str(run), str(1000 * turn + side)],
                        stdout=out,
                        cwd=NET.parents[1],
                        env={**os.environ},
                    )
                )
        while any(len(path.read_text().split()) < 3 for path in said):
            assert all(worker.poll() is None for worker in workers), "a writer gave up"
            time.sleep(0.01)
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        for path in said:
            written |= {int(n) for n in path.read_text().split("\n")[:-1]}
    kept = {each.start // 10 for each in read_judged(run).of("f")}
    assert written <= kept
    assert len(written) >= 24


def test_a_name_of_a_kind_is_given_and_taken_back(run):
    """Whether it had none, had another, or events had given it."""
    vector = np.array([0.6, 0.8])
    judged = judge(run, [put(1, 10, 20, name="leak"), put(2, 30, 40)])
    before = (dict(judged.files["abc"]), dict(judged.kinds))

    def told(judged):
        return [event.name for event in judged.of("abc")], {name: v.tolist() for name, v in judged.kinds.items()}

    for kind, name, events, kinds in (
        (Kind("kind A", [0], False, vector), "pump", ["leak", ""], {"pump": [0.6, 0.8]}),
        (Kind("leak", [0], True, vector), "valve", ["valve", ""], {"valve": [0.6, 0.8]}),
        (Kind("leak", [0], True, vector), "", ["", ""], {}),
    ):
        acts, back = naming(judged, "abc", kind, name)
        assert told(judge(run, acts)) == (events, kinds)
        judged = judge(run, back)
        assert (judged.files["abc"], judged.kinds) == before
    judged = judge(run, naming(judged, "abc", Kind("kind A", [0], False, vector), "pump")[0])
    acts, back = naming(judged, "abc", Kind("kind B", [0], False, vector[::-1]), "pump")  # another of that name
    assert told(judge(run, acts))[1] == {"pump": [0.8, 0.6]}
    assert told(judge(run, back))[1] == {"pump": [0.6, 0.8]}


def test_another_visitors_judgements_lie_apart_where_they_may_not_change_the_run(run):
    (run / "owner").write_text("a" * 20)
    judge(run, [put(1, 0, 5)])
    from ae_core.base.owners import Visitor

    try:
        set_visitor_provider(lambda: Visitor("b" * 20), lambda: [])
        judged = judge(run, [put(2, 10, 20)])
        assert [each.id for each in judged.of("abc")] == ["event-1", "event-2"]
    finally:
        set_visitor_provider(lambda: None, lambda: [])
    assert len((run / JUDGED).read_text().splitlines()) == 1
    assert len(list((uploads_folder() / "judged").glob("pump-*.jsonl"))) == 1


def test_a_file_is_the_same_one_as_an_upload_and_as_a_path(run, tmp_path):
    (tmp_path / "Pump.csv").write_bytes(b"a,b\n1,2\n")
    assert file_key(str(tmp_path / "Pump.csv")) == file_key(keep_upload(b"a,b\n1,2\n", "other name.csv"))
    assert file_key("/nowhere/Pump.csv") == "Pump.csv"


def test_a_new_table_keeps_what_was_said_of_the_old(run):
    judge(run, [put(1, 0, 5, "normal"), {"act": "act-points", "do": "points", "id": "event-1", "points": [[1, 0]]}])
    judge(run, [{"act": "act-kind", "do": "kind", "name": "bearing", "vector": [0.6, 0.8]}])
    judged = judge(run, [put(9, 0, 5, "normal", file="new")])
    assert [points.tolist() for points in judged.usual("new")] == [[[1.0, 0.0]]]
    assert judged.usual("abc") == []
    assert list(judged.kinds) == ["bearing"]
    judge(run, [{"act": "act-away", "do": "drop", "file": "abc", "id": "event-1"}])
    assert read_judged(run).usual("new") == []


# ---- what is usual then


def test_only_what_looks_like_what_was_called_normal_becomes_quieter():
    dice = np.random.default_rng(0)
    features = dice.normal(0, 0.1, (600, 4))
    features[100:120, 0] += 5  # called normal
    features[200:220, 0] += 3  # the same, weaker
    features[300:320, 1] += 5  # something else
    features[400:420, 0] -= 5  # the other way
    features[500:520, :2] += 4  # between the two, nearer to what was called a fault
    normal, fault = np.array([[5.0, 0, 0, 0]]), np.array([[4.0, 4, 0, 0]])
    factor = quietened(features, [normal], [fault])
    medians = [float(np.median(factor[row : row + 20])) for row in range(100, 600, 100)]
    assert (factor <= 1).all()
    assert medians[0] < 0.02
    assert medians[1] < 0.02
    assert medians[2:] == [1.0, 1.0, 1.0]
    assert (quietened(features, [], [fault]) == 1).all()


def test_the_distance_is_that_to_the_nearest_of_the_stretches():
    dice = np.random.default_rng(3)
    rows, to = dice.normal(0, 3, (50, 4)), np.r_[dice.normal(0, 2, (7, 4)), np.zeros((1, 4))]
    along = np.linspace(0, FARTHER, 4001)[:, None, None] * to  # (steps, points, d)
    nearest = [np.square(row - along).sum(-1).min() for row in rows]
    np.testing.assert_allclose(_squared_distance(rows, to), nearest, rtol=1e-4)


# ---- kinds


def test_thousands_of_events_take_little_memory():
    """As many points as one event has would be 80,000, each compared with each row: gigabytes."""
    dice = np.random.default_rng(1)
    newest = dice.normal(size=(20_000, 12))
    events = [Event(4 * n, 4 * n + 3, "normal") for n in range(MAX_EVENTS)]
    said = points(newest, events, 4)
    assert sum(map(len, said)) == MAX_EVENTS
    tracemalloc.start()
    factor = quietened(newest[:3000], said, [])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 << 20
    some = [2, 700, 2900]
    np.testing.assert_allclose(quietened(newest[some], said, [], noise_of(newest[:3000])), factor[some])


@pytest.fixture(scope="module")
def plant(made):  # noqa: F811
    detector, table, faults = made
    return detector.score(table), unusual(detector, table), faults


def true_kind(faults, first, last):
    return next((int(kind) for start, kind in faults if start < last and start + LENGTH > first), -1)


def test_groups_are_the_true_kinds(plant):
    detection, features, faults = plant
    stretches = [(int(start), int(start) + LENGTH) for start, _ in faults]
    labels = grouped(described(features, stretches, 6))
    assert adjusted_rand_score([int(kind) for _, kind in faults], labels) >= 0.8
    for rule in (Rule(), Rule("robust", 8)):  # and those of what is flagged
        told = [each.told for each in findings(detection, rule).intervals]
        kinds = np.array([true_kind(faults, *each) for each in told])
        labels = grouped(described(features, told, 6))
        assert adjusted_rand_score(kinds[kinds >= 0], labels[kinds >= 0]) >= 0.8
        assert (np.diff(np.bincount(labels)) <= 0).all()  # the most frequent first


def test_what_was_named_is_known_again(plant):
    detection, features, faults = plant
    rule = Rule("robust", 8)
    seen, events = set(), []
    for start, kind in faults:  # the first of each kind is named
        if kind not in seen:
            seen.add(kind)
            verdict = "normal" if kind == 1 else "fault"
            events.append(Event(int(start), int(start) + LENGTH, verdict, f"k{kind}"))
    found = consequences(detection, features, events, rule)
    told = [each.told for each in found.made.intervals]
    right = [found.known[n] == f"k{true_kind(faults, *ends)}" for n, ends in enumerate(told)]
    assert np.mean(right) >= 0.9
    assert {kind.name for kind in found.kinds if kind.named} == {"k0", "k1", "k2", "k3"}
    assert found.quiet.gone >= 3  # of the other nine that are as what was called normal, some go
    assert found.quiet.lost == 0
    gone = [
        ends
        for each, ends in zip(found.made.intervals, told, strict=True)
        if not meeting(findings(found.detection, rule).intervals, each.start, each.end)
    ]
    assert all(true_kind(faults, *ends) in (1, -1) for ends in gone)
    np.testing.assert_array_equal(found.detection.network.held_out, detection.network.held_out)
    assert (found.detection.network.score <= detection.network.score)[found.detection.network.score > 0].all()
    text = kind_words(found.kinds[0], told, None)
    assert text.startswith(f"{found.kinds[0].name}: 10 times, last at row")


def test_a_known_kind_of_another_file_needs_no_event_here(plant):
    detection, features, faults = plant
    start = next(int(start) for start, kind in faults if kind == 0)
    vector = described(features, [(start, start + LENGTH)], 6)[0]
    found = consequences(detection, features, [], Rule("robust", 8), {"spike": vector})
    for each, known in zip(found.made.intervals, found.known, strict=True):
        assert (known == "spike") == (true_kind(faults, *each.told) == 0)


# ---- the story, and the report


def test_the_channel_that_moved_first_is_named_first():
    dice = np.random.default_rng(0)
    detection = make_detection(1000, 3)
    x_hat = np.zeros((1000, 3), np.float32)
    values = dice.normal(0, 1, (1000, 3)).astype(np.float32)
    values[500:560, 2] += 12
    values[520:560, 0] -= 20
    network = detection.network.__class__(x_hat, detection.network.parts, detection.network.score, np.ones(5))
    detection = detection.__class__(**{**detection.__dict__, "values": values, "network": network})
    found = moves(detection, 500, 560)
    assert [(each.channel, each.how) for each in found] == [(2, "rises"), (0, "falls")]
    assert [each.row for each in found] == [500, 520]
    assert found[0].apart == pytest.approx(12, abs=4)
    says = story(detection, found, 500)
    assert "rises (first)" in says[0]
    assert "later" in says[1]
    page = event_report(
        detection, Event(500, 560, "fault", "<b>bearing</b>", "seen & noted"), "f.csv", "run", np.ones(1000)
    )
    assert "&lt;b&gt;bearing" in page
    assert "<b>" not in page
    assert "seen &amp; noted" in page
    assert page.count("<svg") == 4  # the score and three channels
