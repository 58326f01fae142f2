"""A run behind HTTP: the scores of the file, rows twice, crashes, and what cannot be taken."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from ae_core import LatentError
from ae_core.anomaly.judged.consequences import said_points
from ae_core.anomaly.judged.events import Event
from ae_core.anomaly.judged.live import Heard
from ae_core.anomaly.judged.usual import noise_of
from ae_core.anomaly.live import LiveScores
from ae_core.anomaly.online import ScoredRow
from ae_core.anomaly.similar import unusual
from ae_core.anomaly.storage import load_detector
from ae_core.anomaly.stretches import Stretches
from ae_core.anomaly.thresholds import Rule, flags, intervals, levels
from ae_core.cli import main
from ae_core.commands.serving import _listening as listening
from ae_core.data.csv.live import Hints
from ae_core.data.csv.options import make_options
from ae_core.data.csv.source import Scoring
from ae_core.data.sensors import inject, plant
from ae_core.runs.checkpoint import read_checkpoint
from ae_core.serving import streams as serving
from ae_core.serving.request import MAX_ROWS, Refused, parsed
from ae_core.serving.store import Store
from ae_core.serving.streams import Streams

from .test_detector import fitted, minutes, table_of

ROOT = Path(__file__).resolve().parents[2]
ROWS = 1200
NAMES = ("a", "b", "c")
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def made():
    """(a detector of three channels, rows with a fault, their scores as a table)."""
    values = inject(plant(ROWS, 3, seed=2)[0], "spike", 800, 40, 1, 5.0)
    detector = fitted(table_of(plant(700, 3, seed=2)[0], minutes(700), 60.0), Scoring("newest"), epochs=1)
    return detector, values, detector.score(table_of(values, minutes(ROWS), 60.0))


def body(first, rows, stream="pump", **more):
    lines = [[None if v != v else float(v) for v in row] for row in rows]
    return json.dumps({"stream": stream, "first": first, "rows": lines, **more}).encode()


@pytest.fixture
def streams(made, tmp_path):
    detector, _, _ = made
    store = Store(tmp_path / "kept.sqlite", "this run")
    yield Streams(detector, Rule(), store)
    store.close()


def send(streams, first, rows, **more):
    return streams.score(parsed(body(first, rows, **more), streams.names))


def test_a_stream_has_the_scores_and_stretches_of_a_file(made, streams):
    detector, values, whole = made
    dice, first, answers, events = random.Random(1), 0, [], []
    while first < ROWS:
        count = min(dice.randrange(1, 90), ROWS - first)
        answer = send(streams, first, values[first : first + count])
        assert answer["next"] == first + count
        answers += answer["scores"]
        events += answer["stretches"]
        first += count
    score = np.array([each["score"] if each["score"] is not None else np.nan for each in answers])
    np.testing.assert_allclose(score, whole.network.score, rtol=1e-4, atol=1e-6)
    threshold = levels(whole.network.score, detector.held_out.network, Rule(), detector.held_out.independent)
    flagged = flags(whole.network.score, threshold)
    assert [each["abnormal"] for each in answers] == flagged.tolist()
    least, merge = Rule().stretches(whole.window)
    expected = intervals(whole.network.score, flagged, whole.network.parts, merge, least)
    expected = [each for each in expected if each.end + merge <= ROWS]  # one may be open still
    closed = [each for each in events if each["event"] == "closed"]
    assert [(each["start"], each["end"], each["peak_row"]) for each in closed] == [
        (each.start, each.end, each.at) for each in expected
    ]
    for each, one in zip(closed, expected, strict=True):
        np.testing.assert_allclose(list(each["shares"].values()), one.shares, atol=1e-3)
    opened = [each["start"] for each in events if each["event"] == "opened"]
    assert opened[: len(closed)] == [each["start"] for each in closed] != []


@pytest.mark.parametrize("seed", range(20))
def test_stretches_open_and_close_as_they_lie_in_the_whole(seed):
    dice = np.random.default_rng(seed)
    score = np.where(dice.random(300) < 0.2, 2.0, 0.5) + dice.random(300) / 4
    parts = dice.random((300, 2)) * score[:, None]
    least, merge = int(dice.integers(1, 5)), int(dice.integers(1, 8))
    score[-merge - 1 :] = 0
    expected = intervals(score, score > 1, parts, merge, least)
    follower, found = Stretches(least, merge), []
    for row in range(300):
        follower = Stretches.of(json.loads(json.dumps(follower.state())))
        scored = ScoredRow(row, score[row], 1.0, bool(score[row] > 1), 0.0, parts[row])
        found += [each for each in follower.next(scored, ("a", "b")) if each["event"] == "closed"]
    assert [(each["start"], each["end"], each["peak_row"]) for each in found] == [
        (each.start, each.end, each.at) for each in expected
    ]
    np.testing.assert_allclose([list(e["shares"].values()) for e in found], [e.shares for e in expected], atol=1e-4)


@pytest.mark.parametrize("state_rows", [1, 64])
def test_what_was_judged_stands_beside_the_scores(made, tmp_path, monkeypatch, state_rows):
    """As for rows on standard input, in any portions, over a restart in the middle."""
    monkeypatch.setattr("ae_core.serving.streams.STATE_ROWS", state_rows)
    detector, values, whole = made
    features = unusual(detector, table_of(values, minutes(ROWS), 60.0))
    said = said_points(features, whole.window, [Event(800, 840, "normal"), Event(300, 310, "fault")])
    heard = Heard(Rule("rolling", 3.0), said, noise_of(said.newest))
    live = LiveScores(detector, Rule(), Hints(make_options()), "jsonl", heard)
    lines = ["c0,c1,c2\n", *(",".join(map(str, row)) + "\n" for row in values.tolist())]
    expected = [json.loads(text) for line in lines if (text := live.feed(line))]
    answers, first, dice = [], 0, random.Random(2)
    while first < ROWS:
        store = Store(tmp_path / "kept.sqlite", "this run")
        served, end = Streams(detector, Rule(), store, heard), min(ROWS, first + 500)
        while first < end:
            count = min(dice.randrange(1, 90), end - first)
            answers += send(served, first, values[first : first + count])["scores"]
            first += count
        store.close()
    assert answers == expected
    judged, plain = (np.array([each[key] or 0.0 for each in answers]) for key in ("judged_score", "score"))
    assert (judged[800:840] < 0.9 * plain[800:840]).any()
    assert (judged <= plain).all()


def test_rows_sent_twice_have_the_scores_they_had(made, streams):
    _, values, _ = made
    first = send(streams, 0, values[:150])
    again = send(streams, 100, np.r_[np.full((50, 3), 99.0), values[150:170]])
    assert again["scores"][:50] == first["scores"][100:]
    assert [each["row"] for each in again["scores"]] == list(range(100, 170))
    assert send(streams, 0, values[:150]) == {**first, "next": 170}
    with pytest.raises(Refused, match="next row of this stream is 170") as refused:
        send(streams, 171, values[:1])
    assert refused.value.status == 409


@pytest.mark.parametrize("state_rows", [1, 64, 10_000])
def test_a_restart_goes_on_where_it_was(made, tmp_path, monkeypatch, state_rows):
    monkeypatch.setattr(serving, "STATE_ROWS", state_rows)
    detector, values, whole = made
    answers = []
    for first in range(0, 600, 60):
        store = Store(tmp_path / "kept.sqlite", "this run")
        answers += send(Streams(detector, Rule(), store), first, values[first : first + 60])["scores"]
        store.close()
    score = np.array([each["score"] if each["score"] is not None else np.nan for each in answers])
    np.testing.assert_allclose(score, whole.network.score[:600], rtol=1e-4, atol=1e-6)
    with pytest.raises(LatentError, match="another run or threshold"):
        Store(tmp_path / "kept.sqlite", "another")


def test_what_fails_half_way_is_not_kept(made, streams, monkeypatch):
    _, values, _ = made
    before = send(streams, 0, values[:100])
    real = serving.answer

    def breaks(scored, names, moment):
        if scored.row == 130:
            raise KeyboardInterrupt
        return real(scored, names, moment)

    monkeypatch.setattr(serving, "answer", breaks)
    with pytest.raises(KeyboardInterrupt):
        send(streams, 100, values[100:160])
    monkeypatch.setattr(serving, "answer", real)
    assert streams.listing() == {"pump": before["next"]}
    after = send(streams, 100, values[100:160])
    assert [each["row"] for each in after["scores"]] == list(range(100, 160))


def test_only_the_last_rows_are_kept_and_streams_are_counted(made, streams, monkeypatch):
    _, values, _ = made
    monkeypatch.setattr(serving, "KEPT_ROWS", 100)
    monkeypatch.setattr(serving, "MAX_STREAMS", 2)
    send(streams, 0, values[:200])
    send(streams, 200, values[200:300])
    with pytest.raises(Refused, match="go on with row 300"):
        send(streams, 10, values[10:20])
    send(streams, 0, values[:1], stream="second")
    with pytest.raises(Refused) as refused:
        send(streams, 0, values[:1], stream="third")
    assert refused.value.status == 429
    assert streams.forget("second")
    assert not streams.forget("second")
    send(streams, 0, values[:1], stream="third")


def bad_requests(count):
    """Bodies that cannot be done, of all kinds."""
    dice = random.Random(0)
    good = {"stream": "pump", "first": 0, "rows": [{"a": 1, "b": 2, "c": 3}, [1, 2, 3]]}
    wrong = [None, True, "x", [], {}, -1, 1.5, float("nan"), float("inf"), 10**400, [[[]]], "\ud800", {"a": {}}]

    def cut():
        text = json.dumps(good)
        return text[: dice.randrange(len(text))]

    def field():
        key = dice.choice(["stream", "first", "rows"])
        fits = {"stream": lambda v: v == "x", "first": lambda v: False, "rows": lambda v: False}[key]
        return json.dumps({**good, key: dice.choice([v for v in wrong if not fits(v)])})

    def name():
        row = {"a": 1, "b": 2, "c": 3}
        if dice.random() < 0.5:
            row["q" * dice.randrange(1, 200)] = 1
        else:
            del row[dice.choice("abc")]
        return json.dumps({**good, "rows": [row]})

    def value():
        row = {"a": 1, "b": 2, "c": 3, dice.choice("abc"): dice.choice([v for v in wrong if v not in (None, -1, 1.5)])}
        return json.dumps({**good, "rows": [row]})

    def moment():
        said = dice.choice(["", "yesterday", "99/99/99", [], True, {}, float("inf")])
        return json.dumps({**good, "rows": [{"a": 1, "b": 2, "c": 3, "time": said}]})

    others = [
        lambda: json.dumps({**good, "first": dice.randrange(1, 10**9)}),
        lambda: json.dumps({**good, "more": 1}),
        lambda: json.dumps({**good, "columns": dice.choice([["a", "b"], ["a", "b", "b"], "a,b,c", 3, [1, 2, 3]])}),
        lambda: json.dumps({**good, "rows": [[1] * dice.choice([0, 1, 2, 4, 300])]}),
        lambda: json.dumps({**good, "rows": [[1, 2, 3]] * (MAX_ROWS + 1)}),
        lambda: json.dumps({**good, "stream": "x" * dice.randrange(101, 10_000)}),
        lambda: "[" * dice.randrange(1, 100_000),
        lambda: "1" * 5_000,
        lambda: bytes(dice.randrange(128, 256) for _ in range(dice.randrange(1, 50))),
        lambda: '{"stream": "pump", "first": 0, "rows": [[1, 2, 1e999]]}',
    ]
    for _ in range(count):
        made = dice.choice([cut, field, name, value, moment, *others])()
        yield made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


def test_a_thousand_bad_requests_are_refused_in_a_sentence(made, streams):
    streams.names = NAMES
    for data in bad_requests(1000):
        with pytest.raises(Refused) as refused:
            streams.score(parsed(data, NAMES))
        sentence = str(refused.value)
        assert 400 <= refused.value.status < 500
        assert 10 < len(sentence) < 250, sentence
        sentence.encode()
        assert sentence.endswith((".", "}.")), sentence
    assert streams.listing() == {}


class Server:
    """`serve` of a run, as a process."""

    def __init__(self, run, folder, **environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "ae_core", "serve", str(run), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--state", str(folder / "kept.sqlite")],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
        )

    def wait(self):
        for _ in range(600):
            try:
                return self.ask("GET", "/health")
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def ask(self, method, path, data=None, token=""):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run's folder with a detector, and rows to send."""
    folder = tmp_path_factory.mktemp("served")
    values = inject(plant(3000, 3, seed=1)[0], "spike", 1300, 30, 1, 5.0)
    np.savetxt(folder / "train.csv", values[:700], "%.6g", ",", header="a,b,c", comments="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_RUNS", str(folder / "runs"))
        options = ["--epochs", "1", "--hidden", "16", "--window", "12", "--out", str(folder / "scores.csv")]
        assert main(["score", str(folder / "train.csv"), *options]) == 0
    (made,) = (folder / "runs").iterdir()
    return made, values


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["digits-vae-2d"], "digits-vae-2d"),
        (["plant-nested", "--port", "x"], "--port"),
        (["plant-nested", "--port", "TAKEN"], "choose another --port"),
        (["plant-nested", "--threshold", "often"], "threshold rule"),
        (["plant-nested", "--state", "NO-DATABASE"], "give another --state"),
        (["plant-nested", "--events", "NO-DATABASE"], "which is not here any more"),
    ],
)
def test_what_cannot_be_served_is_said(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENT_DATA", str(tmp_path))  # without the table that the run learned from
    (tmp_path / "NO-DATABASE").write_text("what is this?" * 100)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = [str(taken.getsockname()[1]) if each == "TAKEN" else each for each in arguments]
        assert main(["serve", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_server_answers_and_refuses_and_goes_on(run, tmp_path):
    made, values = run
    server = Server(made, tmp_path, LATENT_TOKEN="secret")
    try:
        server.wait()
        assert server.ask("POST", "/score", body(0, values[:10]))[0] == 401
        assert server.ask("GET", "/nothing", token="secret")[0] == 404
        assert server.ask("GET", "/score", token="secret")[0] == 405
        assert server.ask("POST", "/score", b" " * (9 << 20), "secret")[0] == 413
        status, about = server.ask("GET", "/", token="secret")
        assert about["channels"] == ["a", "b", "c"]
        for at, data in enumerate(bad_requests(1000)):
            status, answer = server.ask("POST", "/score", data, "secret")
            assert 400 <= status < 500, (status, data[:100])
            assert len(answer["error"]) > 10
            if at % 100 == 0:
                sent = body(at // 100 * 20, values[at // 100 * 20 :][:20], "good")
                status, answer = server.ask("POST", "/score", sent, "secret")
                assert status == 200
        assert server.ask("GET", "/streams", token="secret")[1]["streams"] == {"good": 200}
        assert server.ask("DELETE", "/streams/good", token="secret")[0] == 200
    finally:
        server.kill()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_kills_lose_no_row_and_score_none_twice(run, tmp_path):
    made, values = run
    dice, first, heard = random.Random(0), 0, {}
    for kill in range(21):
        server = Server(made, tmp_path)
        try:
            server.wait()
            until = time.monotonic() + (dice.uniform(0.05, 0.6) if kill < 20 else 60)
            while first < len(values) and time.monotonic() < until:
                count = dice.randrange(1, 12)
                dies = kill < 20 and dice.random() < 0.05
                if dies:  # while it answers
                    connection = socket.create_connection(("127.0.0.1", server.port))
                    data = body(first, values[first : first + count])
                    head = f"POST /score HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n"
                    connection.sendall(head.encode() + data)
                    time.sleep(dice.uniform(0, 0.01))
                    connection.close()
                    break
                status, answer = server.ask("POST", "/score", body(first, values[first : first + count]))
                assert status == 200
                for each in answer["scores"]:
                    heard.setdefault(each["row"], each)
                    assert heard[each["row"]] == each
                first += len(answer["scores"])  # what was kept before a kill may go further, and is asked for again
        finally:
            server.kill()
    assert sorted(heard) == list(range(len(values)))
    store = Store(tmp_path / "other.sqlite", "x")
    checkpoint = read_checkpoint(made)
    whole = Streams(load_detector(made, checkpoint.model()), Rule(), store)
    expected = send(whole, 0, values[:MAX_ROWS])["scores"]
    assert [heard[row] for row in range(len(values))] == expected
    store.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_answer_does_not_wait_for_the_word_that_its_headers_came(host):
    """40 ms a row, where small parts wait."""
    with (
        listening(host, 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as taken,
    ):
        assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
