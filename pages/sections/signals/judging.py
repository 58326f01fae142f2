"""Stretches that are judged on the figure, and what follows from them beside it: kinds, others that are alike, what
counts as usual, the channels' story, files.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from ae_core import LatentError
from ae_core.anomaly.detection import Detection
from ae_core.anomaly.findings import findings
from ae_core.anomaly.judged.consequences import Heard, Told, heard_in, keep_points, told_in
from ae_core.anomaly.judged.event_report import event_report
from ae_core.anomaly.judged.events import MAX_NAME, Event, clean, events_csv, parse_events
from ae_core.anomaly.judged.kinds import Kind, kind_words
from ae_core.anomaly.judged.log import Judged, as_acts, file_key, judge, naming, read_judged
from ae_core.anomaly.judged.story import Move, moves, story
from ae_core.anomaly.judged.tally import meeting
from ae_core.anomaly.judged.usual import with_judgements
from ae_core.anomaly.similar import similar, unusual_in
from ae_core.anomaly.thresholds import Interval, Rule, levels
from ae_core.base.text import plural
from ae_core.data.csv.normal import as_text
from ae_core.data.csv.source import Csv
from ae_core.data.csv.uploads import file_label
from ae_core.jobs.lane import PAGE_BYTES, thoughts
from ae_core.runs.checkpoint import Checkpoint

from ...components.signals import pack
from ...components.signals.types import SignalsAlike, SignalsJudged, SignalsKind, SignalsLikeness
from ...session.script_thread import give_way
from ...ui import link
from ...ui.charts import NETWORK, QUIET, TOP_LEGEND, channel, draw
from ...ui.download import download
from ...ui.markdown import plain, show_error
from . import keys, words
from .link import FOLLOWS, USUAL
from .open import has_table, table_of, train_again

MOST_KINDS = 12  # that are listed, the most frequent first
MOST_CHANNELS = 6  # whose story is drawn
AROUND = 0.5  # of the stretch and a window that is drawn on either side
Rows = tuple[int, int]


@st.cache_data(max_entries=64, show_spinner=False)
def key_of(file: str, mtime: float) -> str:
    """`file_key` of a file that has not changed."""
    return file_key(file)


@st.cache_resource(max_entries=2, show_spinner=words.FOLLOWS_COMPUTING)
def features_of(folder: str, mtime: float, other: str, _checkpoint: Checkpoint) -> np.ndarray:
    """What is unusual about each row of the run's own table, or of another with these settings of the source csv, JSON.
    Raises LatentError.
    """
    origin = Csv(**json.loads(other)) if other else table_of(_checkpoint)
    origin.existing()  # asked here: outside the server nobody knows whose it is
    return thoughts.call(unusual_in, Path(folder), origin, PAGE_BYTES, waiting=give_way)


@st.cache_resource(max_entries=4, show_spinner=False)
def hearing(stamp: str, _judging: "Judging") -> Heard:
    """What what was judged comes to, whatever the threshold is. stamp: tells those judgements, and scores, from others.
    Raises LatentError.
    """
    detection, features = _judging.scores(), _judging.features()
    work = features, detection.window, _judging.here(detection), _judging.judged.usual(_judging.file)
    return thoughts.call(heard_in, *work, waiting=give_way)


@st.cache_resource(max_entries=2, show_spinner=False)
def scores_heard(stamp: str, _judging: "Judging") -> tuple[Detection, bytes]:
    """The scores with what was called normal as usual, and their payload. stamp: as in `hearing`; raises as that."""
    detection = _judging.scores()
    with_them = with_judgements(detection, hearing(stamp, _judging).factor, _judging.here(detection))
    return with_them, pack(with_them)


@st.cache_resource(max_entries=16, show_spinner=False)
def following(stamp: str, rule: Rule, _judging: "Judging") -> Told:
    """What follows from what was judged of the scores as they are, once for each rule. stamp: as in `hearing`. Raises
    LatentError.
    """
    judging, judged = _judging, _judging.judged
    events, usual = judging.here(judging.scores()), judged.usual(judging.file)
    factor = hearing(stamp, judging).factor
    work = judging.path, judging.features(), events, rule, judged.kinds, usual, factor
    return thoughts.call(told_in, *work, waiting=give_way)


@st.cache_data(max_entries=64, show_spinner=False)
def alike_in(table: str, start: int, end: int, window: int, _features: np.ndarray) -> list[SignalsLikeness]:
    """What is like rows start … end − 1, nearest first. table: tells the features from others."""
    with contextlib.suppress(LatentError):  # nothing in it has a score
        return [
            {"start": int(each.start), "end": int(each.end), "distance": float(each.distance)}
            for each in similar(_features, start, end, window)
        ]
    return []


class Judging:
    """What is judged of a table with a run, in one run of the page's script."""

    def __init__(self, checkpoint: Checkpoint, path: Path, other: dict[str, Any] | None, problems: list[str]):
        """path: of the scores; other: settings of the table, where it is not the run's own; problems: where to say what
        does not fit in the link.
        """
        self.checkpoint, self.path, self.other = checkpoint, path, other
        self.folder = checkpoint.folder
        file = str(other["file"] if other else checkpoint.config.source.get("file", ""))
        self.label = file_label(file) or "table"
        source = Csv(file=file)
        self.file = key_of(file, source.path().stat().st_mtime if source.here() else 0.0)
        self.judged: Judged = read_judged(self.folder)
        values, misfits = link.read((FOLLOWS, USUAL), link.current().values)
        problems += misfits
        self.can_follow = bool(other) or has_table(checkpoint)
        self.follows = self.can_follow and values.get(FOLLOWS.key, False)
        self.as_usual = self.follows and values.get(USUAL.key, False)
        self.detection: Detection | None = None
        self.version = ""  # of the scores that are shown: another one when what counts as usual may have changed
        self.chosen: Rows | None = None
        self.shown: SignalsJudged | None = None  # what the figure shows of it

    @property
    def events(self) -> list[Event]:
        """What was said of this table."""
        return self.judged.of(self.file)

    def features(self) -> np.ndarray:
        """What is unusual about each row. Raises LatentError."""
        weights = self.folder / "weights.safetensors"
        said = json.dumps(self.other) if self.other else ""
        return features_of(str(self.folder), weights.stat().st_mtime, said, self.checkpoint)

    def scores(self) -> Detection:
        """As they are, without any judgement."""
        assert self.detection is not None, "the scores are heard first"
        return self.detection

    def stamp(self) -> str:
        """Tells what was judged, and the scores, from others."""
        judged = self.judged
        said = json.dumps([str(self.path), self.path.stat().st_mtime_ns, self.events, list(judged.kinds)])
        numbers = [each.tobytes() for each in (*judged.kinds.values(), *judged.usual(self.file))]
        return hashlib.sha256(b"".join([said.encode(), *numbers])).hexdigest()

    def consequences(self, rule: Rule) -> Told:
        """What follows, of the scores as they are. Raises LatentError."""
        return following(self.stamp(), rule, self)

    def here(self, detection: Detection) -> list[Event]:
        """The events whose rows the table has, as it is read."""
        return [event for event in self.events if event.end <= len(detection)]

    def heard(self, detection: Detection, blob: bytes) -> tuple[Detection, bytes]:
        """The scores that are shown, and their payload: with what was called normal as usual, where that is wanted."""
        self.detection = detection
        if not self.as_usual:
            return detection, blob
        try:
            heard = scores_heard(self.stamp(), self)
        except LatentError:  # the section says so
            return detection, blob
        self.version = str(len(self.judged.acts))
        st.caption(words.USUAL_NOTE)
        return heard

    def take(self, key: str, rows: int) -> None:
        """Write what was judged in the page since. key: of the figure; rows: of the table."""
        acts = (st.session_state.get(key) or {}).get("acts") or []
        acts = [act for act in acts if act.get("file") == self.file and isinstance(act.get("act"), str)]
        if any(act.get("act") not in self.judged.acts for act in acts):
            try:
                self.judged = judge(self.folder, acts)
            except LatentError as error:
                show_error(error)
        self.shown = {
            "scope": hashlib.sha256(f"{self.folder.resolve()}:{self.file}".encode()).hexdigest()[:16],
            "file": self.file,
            "events": [event._asdict() for event in self.events if event.end <= rows],
            "written": [str(act["act"]) for act in acts if act.get("act") in self.judged.acts],
        }

    def kinds(self, rule: Rule) -> list[SignalsKind] | None:
        """The kinds of the flagged stretches, as the figure has them; None where they are not asked for."""
        if not self.follows:
            return None
        try:
            follows = self.consequences(rule)
        except LatentError:  # the section says so
            return None
        told = follows.stretches
        return [{"name": kind.name, "rows": [list(told[n]) for n in kind.members]} for kind in follows.kinds]

    def alike(self, look: Mapping, detection: Detection, rule: Rule) -> SignalsAlike | None:
        """What is like the chosen stretch; None where that is not asked for. look: as the figure has it."""
        self.chosen = chosen_rows(look, detection, rule)
        if not self.follows or not self.chosen:
            return None
        start, end = self.chosen
        table, found = json.dumps([str(self.path), self.path.stat().st_mtime_ns]), []
        with contextlib.suppress(LatentError):  # the section says so
            found = alike_in(table, start, end, detection.window, self.features())
        return {"start": start, "end": end, "found": found}

    # ---- the section

    def section(self, detection: Detection, rule: Rule) -> None:
        """What follows, below the figure."""
        original = self.detection or detection
        with st.expander(words.JUDGED, expanded=self.follows):
            st.caption(words.JUDGED_ABOUT)
            if count := self.judged.elsewhere(self.file):
                are = "is" if count == 1 else "are"
                st.caption(words.JUDGED_ELSEWHERE.format(count=plural(count, "stretch", "stretches"), are=are))
            self._files(original)
            if not self.can_follow:
                st.caption(words.FOLLOWS_NOT)
                link.set_query_params(link.write((FOLLOWS, USUAL), {}))
                return
            shown = st.toggle(words.FOLLOWS, value=self.follows, key=keys.FOLLOWS)
            usual = self.as_usual and shown
            link.set_query_params(link.write((FOLLOWS, USUAL), {FOLLOWS.key: shown, USUAL.key: usual}))
            if shown != self.follows:
                st.rerun()
            if not shown:
                return
            try:
                self._follows(original, rule)
            except LatentError as error:
                show_error(error)

    def _files(self, detection: Detection) -> None:
        """Export and import."""
        text = events_csv(self.here(detection), detection.time)
        download(words.EVENTS_EXPORT, text, f"{self.label}-events.csv", words.EVENTS_EXPORT_HELP)
        if not st.toggle(words.EVENTS_IMPORT, key=keys.EVENTS_OPEN):
            return
        given = st.file_uploader(words.EVENTS_IMPORT, type=["csv"], key=keys.EVENTS, label_visibility="collapsed")
        if given is None:
            return
        data = given.getvalue()
        stamp = hashlib.sha256(data + self.file.encode()).hexdigest()
        state = st.session_state
        if state.get(keys.EVENTS_READ, ("", ""))[0] != stamp:
            try:
                read = parse_events(data, len(detection), detection.time, given.name)
                self.judged = judge(self.folder, as_acts(read.here, self.file))
            except LatentError as error:
                show_error(error)
                return
            says = [words.EVENTS_READ.format(count=plural(len(read.here), "stretch", "stretches"))]
            state[keys.EVENTS_READ] = stamp, " ".join([*says, read.words(len(detection))])
            st.rerun()
        st.caption(plain(state[keys.EVENTS_READ][1]))

    def _follows(self, detection: Detection, rule: Rule) -> None:
        """What the figure cannot know by itself. Raises LatentError."""
        follows = self.consequences(rule)
        events, stamp = self.here(detection), self.stamp()
        self.judged = keep_points(self.folder, self.judged, events, lambda: hearing(stamp, self).points)
        any_judged = bool(events or self.judged.usual(self.file))
        if any_judged:
            st.markdown("\n".join(f"- {plain(line)}" for line in follows.says))
        label = words.USUAL.format(change=follows.quiet)
        usual = st.toggle(label, value=self.as_usual, key=keys.USUAL, disabled=not any_judged)
        link.set_query_params(link.write((USUAL,), {USUAL.key: usual}))
        if usual != self.as_usual:
            st.rerun()
        self._into_training(events)
        self._kinds(follows, events, detection)
        self._chosen(follows, detection, rule)

    def _into_training(self, events: list[Event]) -> None:
        """A new run that learns from what was called normal too."""
        if self.other or not any(event.is_normal for event in events):
            return
        if st.button(words.INTO_TRAINING, icon=":material/model_training:", key=keys.INTO_TRAINING):
            origin = table_of(self.checkpoint)
            learned = normal_with(origin.prepare().stretches, events)
            train_again({**self.checkpoint.config.source, "file": origin.file}, self.checkpoint.config, learned)
            st.rerun()

    def _kinds(self, follows: Told, events: list[Event], detection: Detection) -> None:
        """The kinds of flagged stretches, each with a field for its name."""
        if not follows.kinds:
            return
        st.markdown(f"**{words.KINDS_TITLE}**")
        for n, kind in enumerate(follows.kinds[:MOST_KINDS]):
            left, right = st.columns([0.6, 0.4], vertical_alignment="center")
            left.markdown(plain(kind_words(kind, follows.stretches, detection.time)))
            called = kind.name if kind.named else ""
            name = right.text_input(
                words.KIND_NAME.format(kind=kind.name),
                called,
                max_chars=MAX_NAME,
                key=f"{keys.KIND}{n}-{kind.name}",
                label_visibility="collapsed",
                placeholder=words.KIND_NAME.format(kind=kind.name),
            )
            if (name := clean(name, MAX_NAME)) != called:
                self._name(kind, name)
        self._undo_naming()
        if self.judged.kinds or any(event.name for event in events):
            new = sum(not name for name in follows.known)
            st.caption(words.KINDS_NEW.format(new=new, all=plural(len(follows.known), "flag")))

    def _name(self, kind: Kind, name: str) -> None:
        """Give a kind a name, "" for none. Raises LatentError."""
        acts, back = naming(self.judged, self.file, kind, name)
        self.judged = judge(self.folder, acts)
        said = words.KIND_NAMED.format(kind=kind.name, name=name) if name else words.KIND_UNNAMED.format(kind=kind.name)
        past = st.session_state.setdefault(keys.KINDS_PAST, [])
        past.append((str(self.folder), self.file, said, back))
        st.rerun()

    def _undo_naming(self) -> None:
        """A button that takes the last name back."""
        past = st.session_state.get(keys.KINDS_PAST, [])
        mine = [each for each in past if each[:2] == (str(self.folder), self.file)]
        if mine and st.button(words.KIND_UNDO.format(said=mine[-1][2]), icon=":material/undo:", key=keys.KIND_UNDO):
            self.judged = judge(self.folder, mine[-1][3])
            past.remove(mine[-1])
            st.rerun()

    def _chosen(self, follows: Told, detection: Detection, rule: Rule) -> None:
        """The chosen stretch's story, channel by channel, and its report."""
        if not self.chosen:
            st.caption(words.ALIKE_NONE)
            return
        start, end = self.chosen
        st.markdown(f"**{words.STORY_TITLE}**")
        channel_moves = moves(detection, start, end)
        st.markdown("\n".join(f"- {plain(line)}" for line in story(detection, channel_moves, start)))
        if channel_moves:
            story_chart(detection, channel_moves, start, end)
            st.caption(words.STORY_CHARTS)

        def meets(rows: Rows) -> bool:
            return rows[0] < end and rows[1] > start

        event = next((each for each in self.events if meets((each.start, each.end))), Event(start, end, ""))
        model = detection.network
        level = levels(model.score, model.held_out, rule, detection.independent)
        kind = next((kind for kind in follows.kinds if any(meets(follows.stretches[n]) for n in kind.members)), None)
        says = words.EVENT_KIND.format(kind=kind_words(kind, follows.stretches, detection.time)) if kind else ""
        download(
            words.EVENT_REPORT,
            lambda: event_report(detection, event, self.label, self.checkpoint.name, level, says),
            f"{self.label}-event-{start}.html",
            words.EVENT_REPORT_HELP,
        )


def chosen_rows(look: Mapping, detection: Detection, rule: Rule) -> Rows | None:
    """The rows of what is chosen in the figure."""
    rows = len(detection)
    if span := look.get("span"):
        return (int(span[0]), int(span[1])) if 0 <= span[0] < span[1] <= rows else None
    if (n := look.get("window")) is not None:
        at = detection.latent_map.at
        return (int(at[n]), int(at[n]) + detection.window) if 0 <= n < len(at) else None
    if (row := look.get("row")) is None:
        return None
    flagged: list[Interval] = findings(detection, rule).intervals
    return next((flagged[n].told for n in meeting(flagged, int(row), int(row) + 1)), None)


def normal_with(stretches: tuple[Rows, ...], events: list[Event]) -> str:
    """The normal rows that a run learned from, with those that were called normal, and without those that were called a
    fault.

    >>> normal_with(((0, 40),), [Event(30, 35, "fault"), Event(60, 70, "normal")])
    '0:30, 35:40, 60:70'
    """
    last = max([end for _, end in stretches] + [event.end for event in events])
    normal = np.zeros(last + 1, bool)
    for start, end in [*stretches, *((event.start, event.end) for event in events if event.is_normal)]:
        normal[start:end] = True
    for event in events:
        if event.is_fault:
            normal[event.start : event.end] = False
    edges = np.flatnonzero(np.diff(np.r_[False, normal]))
    return as_text([(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)])


def story_chart(detection: Detection, channel_moves: list[Move], start: int, end: int) -> None:
    """The channels, that which moved first before the others, aligned at the start: as measured and as rebuilt."""
    margin = int(AROUND * (end - start)) + detection.window // 2
    first, last = max(0, start - margin), min(len(detection), end + margin)
    step = max(1, (last - first) // 400)
    rows = np.arange(first, last, step)
    moved = [move.channel for move in channel_moves]
    names = [f"{name} [{unit}]" if unit else name for name, unit in zip(detection.names, detection.units, strict=True)]
    channels = [*moved, *(c for c in range(len(detection.names)) if c not in moved)][:MOST_CHANNELS]
    points = [
        {"channel": names[c], "at": int(row - start), "value": float(value), "line": line}
        for c in channels
        for line, values in (("measured", detection.values), ("rebuilt", detection.network.x_hat))
        for row, value in zip(rows, values[rows, c], strict=True)
        if np.isfinite(value)
    ]
    sides = ["measured", "rebuilt"]
    colours, dashes = {"domain": sides, "range": ["#888", NETWORK]}, {"domain": sides, "range": [[1, 0], [5, 3]]}
    encoding = {
        "x": channel("at", title="rows from the start", axis={"grid": False}),
        "y": channel("value", title=None, scale={"zero": False}),
        "color": channel("line", "nominal", scale=colours, legend=TOP_LEGEND),
        "strokeDash": channel("line", "nominal", scale=dashes, legend=TOP_LEGEND),
    }
    lines = {"mark": {"type": "line", "strokeWidth": 1.5}, "encoding": encoding}
    ends = {
        "data": {"values": [{"at": 0}, {"at": end - start}]},
        "mark": {"type": "rule", "strokeDash": [2, 2], "color": QUIET},
        "encoding": {"x": channel("at")},
    }
    small = {"layer": [lines, ends], "width": 260, "height": 90}
    spec = {
        "facet": channel("channel", "nominal", title=None, sort=[names[c] for c in channels]),
        "columns": 3,
        "spec": small,
        "resolve": {"scale": {"y": "independent"}},
    }
    draw(spec, points)
