"""Streams of rows, each scored as if it were a file, and kept before they are answered."""

import io
import json
import threading
from collections import OrderedDict
from typing import Any, NamedTuple

import numpy as np

from ..anomaly.detector import Detector
from ..anomaly.judged.live import Heard, JudgedScores
from ..anomaly.live import answer, as_json
from ..anomaly.online import OnlineScorer
from ..anomaly.stretches import Stretches
from ..anomaly.thresholds import Rule
from .request import Refused, Request, moment
from .store import Store

MAX_STREAMS = 1_000
MAX_OPEN = 64  # streams whose scorers are held in memory
KEPT_ROWS = 10_000  # of a stream, whose scores are given again
STATE_ROWS = 64  # from one time to the next that what the following rows need is kept


class _Open(NamedTuple):
    scorer: OnlineScorer
    stretches: Stretches
    judged: JudgedScores | None


class Streams:
    """All streams of a server.

    Args:
        detector: a run's.
        rule: where the threshold lies.
        store: where they are kept.
        heard: what was judged of the table that the run learned from; scores by it stand beside the others.
    """

    def __init__(self, detector: Detector, rule: Rule, store: Store, heard: Heard | None = None):
        self.names, self.store, self.rule = detector.preprocessing.names, store, rule
        self._detector, self._heard = detector, heard
        self._bounds = rule.stretches(detector.preprocessing.window)
        self._first = OnlineScorer(detector, rule)
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._state_row: dict[str, int] = {}
        self._lock = threading.Lock()

    def score(self, request: Request) -> dict[str, Any]:
        """The answer to a request, whose rows are then kept. Raises Refused."""
        with self._lock:
            name, first, end = request.stream, request.first, request.first + len(request.given)
            following = self.store.next(name)
            if following is None:
                if self.store.count() >= MAX_STREAMS:
                    raise Refused(429, f"There are {MAX_STREAMS:,} streams, and no more are taken: delete one.")
                following = 0
            if first > following:
                raise Refused(409, f"The next row of this stream is {following}, not {first}: send those between.")
            before = self.store.answers(name, first, min(end, following))
            if len(before) < min(end, following) - first:
                kept = f"the last {KEPT_ROWS:,} of a stream"
                raise Refused(409, f"These rows begin before those that are kept, {kept}: go on with row {following}.")
            answers = [*before, *self._score_new(name, following, request.given[following - first :])]
            return {
                "stream": name,
                "next": max(end, following),
                "scores": [{key: each[key] for key in each if key != "events"} for each in answers],
                "stretches": [event for each in answers for event in each["events"]],
            }

    def _score_new(self, name: str, following: int, given: list[Any]) -> list[dict[str, Any]]:
        """Score and keep the rows that follow on those that are kept."""
        if not given:
            return []
        opened = self._opened(name)
        answers = []
        try:
            for said, values in given:
                answers.append(self._row(opened, said, values))
            end, state = following + len(given), None
            if name not in self._state_row or end - self._state_row[name] >= STATE_ROWS:
                state = (end, _packed(opened))
            self.store.add(name, following, given, answers, state, KEPT_ROWS)
        except BaseException:
            self._open.pop(name, None)  # it is ahead of what is kept
            raise
        if state is not None:
            self._state_row[name] = end
        return answers

    def _row(self, opened: _Open, said: Any, values: list[float | None]) -> dict[str, Any]:
        time = moment(said)
        row = np.array(values, np.float64)
        scored = opened.scorer.score(row, time)
        more = opened.judged.next(scored, row, opened.scorer.newest) if opened.judged else {}
        said = {**answer(scored, self.names, time), **as_json(more)}
        return {**said, "events": opened.stretches.next(scored, self.names)}

    def _opened(self, name: str) -> _Open:
        """A stream with its scorer as it was after the last row that is kept."""
        if name in self._open:
            self._open.move_to_end(name)
            return self._open[name]
        judged = JudgedScores(self._detector, self._heard) if self._heard else None
        opened = _Open(self._first.fresh(), Stretches(*self._bounds), judged)
        kept = self.store.stream(name)
        if kept is not None:
            opened = _unpacked(opened, kept.state)
            for said, values in kept.given:
                self._row(opened, said, values)
            self._state_row[name] = kept.state_row
        self._open[name] = opened
        if len(self._open) > MAX_OPEN:
            self._open.popitem(last=False)
        return opened

    def listing(self) -> dict[str, int]:
        """The number of each stream's next row."""
        with self._lock:
            return self.store.streams()

    def forget(self, name: str) -> bool:
        """Forget a stream and its scores; whether there was one."""
        with self._lock:
            self._open.pop(name, None)
            self._state_row.pop(name, None)
            return self.store.forget(name)


def _packed(opened: _Open) -> bytes:
    file = io.BytesIO()
    text = np.frombuffer(json.dumps(opened.stretches.state()).encode(), np.uint8)
    judged = opened.judged.state() if opened.judged else {}
    arrays: dict[str, Any] = {**opened.scorer.state(), **judged, "stretches": text}
    np.savez(file, **arrays)
    return file.getvalue()


def _unpacked(opened: _Open, state: bytes) -> _Open:
    with np.load(io.BytesIO(state), allow_pickle=False) as file:
        arrays = dict(file)
    stretches = Stretches.of(json.loads(arrays.pop("stretches").tobytes()))
    if opened.judged:
        opened.judged.restore({name: arrays.pop(name) for name in opened.judged.state()})
    opened.scorer.restore(arrays)
    return opened._replace(stretches=stretches)
