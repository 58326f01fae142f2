"""What is judged on the page, in the run's folder: a line for each act, at the end of a file that only grows.

So a crash loses nothing but the line that it cuts, two tabs and two people write one after another, and whoever was
slower takes nothing back that the other said. What holds is what the acts come to, one after the other: a stretch that
is judged anew replaces those of the same table that it overlaps.

Of a run that whoever judges may only look at, the file lies beside their uploads.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ...base.errors import LatentError
from ...base.locks import holding
from ...base.owners import own
from ...data.csv.uploads import CHECKSUM_DIGITS, UPLOAD, upload_or_path, uploads_folder
from ...runs.folder import runs
from ...runs.rights import may_change
from .events import MAX_COMMENT, MAX_EVENTS, MAX_NAME, VERDICTS, Event, clean
from .kinds import Kind

JUDGED = "judged.jsonl"  # in a run's folder
ELSEWHERE = "judged"  # beside uploads, for runs that one may only look at
MAX_BYTES = 32 << 20
MAX_ROWS = 2**40
MAX_NUMBERS = 200_000  # of an act
ID = r"[A-Za-z0-9-]{6,40}"
KEYS = ("act", "do", "file", "id", "start", "end", "verdict", "name", "comment", "vector", "was", "points")


@dataclass
class Judged:
    """What was judged with a run.

    Attributes:
        files: the events of each table, by its key (see `file_key`) and the event's id, in the order of their acts.
        points: what stretches that were called normal are like, by the event's id: (P, d), as `usual.points` has it,
            so that they count as usual in a new table too, whose rows are others.
        kinds: what kinds that somebody named are like, by name: (d,) numbers, as `kinds.described` has them.
        acts: ids of the acts that are written.
    """

    files: dict[str, dict[str, Event]] = field(default_factory=dict)
    points: dict[str, np.ndarray] = field(default_factory=dict)
    kinds: dict[str, np.ndarray] = field(default_factory=dict)
    acts: set[str] = field(default_factory=set)

    def of(self, file: str) -> list[Event]:
        """The events of a table, in the order of their rows."""
        return sorted(self.files.get(file, {}).values())

    def elsewhere(self, file: str) -> int:
        """How many events other tables have."""
        return sum(len(events) for key, events in self.files.items() if key != file)

    def usual(self, file: str) -> list[np.ndarray]:
        """What was called normal in other tables is like."""
        events = (each for key, events in self.files.items() if key != file for each in events.values())
        return [self.points[each.id] for each in events if each.is_normal and each.id in self.points]

    def take(self, act: dict[str, Any]) -> None:
        """Do what an act says. Raises ValueError where it says nothing that can be done."""
        kind, name = act.get("do"), str(act.get("act", ""))
        if not re.fullmatch(ID, name):
            raise ValueError("an act has no id")
        if name in self.acts:
            return
        if kind == "kind":
            self._take_kind(act)
        elif kind == "points":
            self.points[str(act.get("id", ""))] = _numbers(act.get("points"), 2, 1e6)
        elif kind == "drop":
            self._forget(clean(act.get("file", ""), 40), str(act.get("id", "")))
        elif kind == "put":
            event, file = _event(act), clean(act.get("file", ""), 40)
            events = self.files.setdefault(file, {})
            for other in [each for each in events.values() if _overlap(each, event) or each.id == event.id]:
                self._forget(file, other.id)
            events[event.id] = event
        else:
            raise ValueError("no such act")
        self.acts.add(name)

    def _forget(self, file: str, name: str) -> None:
        self.files.get(file, {}).pop(name, None)
        self.points.pop(name, None)

    def _take_kind(self, act: dict[str, Any]) -> None:
        name, vector = clean(act.get("name", ""), MAX_NAME), _numbers(act.get("vector"), 1, 1.001)
        self.kinds.pop(str(act.get("was", "")), None)
        if name:  # without one it is forgotten
            self.kinds[name] = vector


def _numbers(said: Any, dimensions: int, most: float) -> np.ndarray:
    """Numbers of an act. ValueError where they are none, too many or too large."""
    try:
        values = np.asarray(said, dtype=np.float64)
    except (TypeError, OverflowError) as error:
        raise ValueError("no numbers") from error
    if values.ndim != dimensions or not 0 < values.size <= MAX_NUMBERS or not (np.abs(values) <= most).all():
        raise ValueError("other numbers than these")
    return values


def _event(act: dict[str, Any]) -> Event:
    start, end, verdict, name = (act.get(key) for key in ("start", "end", "verdict", "id"))
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= MAX_ROWS:
        raise ValueError("an event has rows")
    if verdict not in VERDICTS or not isinstance(name, str) or not re.fullmatch(ID, name):
        raise ValueError("an event has a verdict and an id")
    said, comment = clean(act.get("name", ""), MAX_NAME), clean(act.get("comment", ""), MAX_COMMENT)
    return Event(start, end, str(verdict), said, comment, name)


def _overlap(one: Event, other: Event) -> bool:
    return one.start < other.end and other.start < one.end


def file_key(file: str) -> str:
    """What a table's events are kept by: a checksum of its bytes, as an upload's name has it, so that the same file is
    the same one from the page and from a shell; its name where it is not here.
    """
    if re.fullmatch(UPLOAD, file):
        return Path(file).stem[-CHECKSUM_DIGITS:]
    try:
        with upload_or_path(file).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()[:CHECKSUM_DIGITS]
    except OSError:
        return clean(Path(file).name, 40)


def judged_path(folder: Path) -> Path:
    """Where what whoever is asking judges with a run is kept."""
    known = runs().get(folder.name)
    if known is not None and known.resolve() == folder.resolve() and may_change(folder):
        return folder / JUDGED
    key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:CHECKSUM_DIGITS]
    return own(uploads_folder()) / ELSEWHERE / f"{folder.name}-{key}.jsonl"


def read_judged(folder: Path) -> Judged:
    """What was judged with a run: by those who may change it, then by whoever is asking. What cannot be read of it, a
    line that a crash cut, is left out.
    """
    judged = Judged()
    for path in dict.fromkeys((folder / JUDGED, judged_path(folder))):
        _read(path, judged)
    return judged


def _read(path: Path, judged: Judged) -> None:
    try:
        with path.open("rb") as file:
            lines = file.read(MAX_BYTES).split(b"\n")
    except OSError:
        return
    for line in lines:
        try:
            act = json.loads(line)
            if isinstance(act, dict):
                judged.take(act)
        except (ValueError, RecursionError):
            continue


def judge(folder: Path, acts: Sequence[dict[str, Any]]) -> Judged:
    """Write acts that are not written yet; what holds then. Raises LatentError where they cannot be kept.

    acts: {"act": its id, "do": "put", "file": key, "id", "start", "end", "verdict", "name", "comment"}, {"act", "do":
    "drop", "file", "id"}, {"act", "do": "points", "id", "points"} or {"act", "do": "kind", "name", "vector", "was"}.
    One that says nothing that can be done is left out.
    """
    path = judged_path(folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with holding(path.with_name(f".{path.name}.lock")) as mine:
            if not mine:
                raise LatentError("Somebody else writes what they judged just now: try again in a moment.")
            judged = read_judged(folder)
            lines = [line for act in acts if (line := _taken(judged, act))]
            if lines:
                _append(path, b"".join(lines))
    except OSError as error:
        raise LatentError(
            f"What was judged cannot be kept ({error.strerror or error}): LATENT_RUNS and LATENT_DATA name folders "
            "that can be written."
        ) from error
    return judged


def _taken(judged: Judged, act: dict[str, Any]) -> bytes:
    """The line of an act that is done with this, b"" where nothing is. Raises LatentError where there are too many."""
    if str(act.get("act")) in judged.acts:
        return b""
    if act.get("do") == "put" and len(judged.files.get(str(act.get("file")), ())) >= MAX_EVENTS:
        raise LatentError(f"{MAX_EVENTS:,} stretches of this file are judged, and no more are kept: take some away.")
    try:
        judged.take(act)
    except ValueError:
        return b""
    kept: dict[str, Any] = {key: act[key] for key in KEYS if key in act}
    kept["at"] = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps(kept, ensure_ascii=False).encode() + b"\n"


def _append(path: Path, data: bytes) -> None:
    """Write at the end of a file and on the disk. LatentError where it becomes too large."""
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size + len(data) > MAX_BYTES:
            raise LatentError("What was judged with this run fills its file: export it, and go on with another run.")
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":  # a crash cut the last line
                data = b"\n" + data
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def naming(judged: Judged, file: str, kind: Kind, name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The acts that give a kind another name, and those that take that back.

    Args:
        judged: what holds.
        file: key of the table that the kind was found in: its events that are called so are called otherwise too.
        kind: as `consequences` finds it.
        name: "" for none.
    """
    vector = kind.vector.tolist()
    called = [event for event in judged.of(file) if kind.named and event.name == kind.name]
    acts = [_act("kind", name=name, was=kind.name, vector=vector)]
    acts += [_act("put", file=file, **event._replace(name=name)._asdict()) for event in called]
    back = [_act("kind", name="", was=name, vector=vector)] if name else []
    held = {each: judged.kinds[each].tolist() for each in (kind.name, name) if each in judged.kinds}
    back += [_act("kind", name=each, was=each, vector=numbers) for each, numbers in held.items()]
    back += [_act("put", file=file, **event._asdict()) for event in called]
    return acts, back


def _act(do: str, **said: Any) -> dict[str, Any]:
    return {"act": f"{do}-{os.urandom(8).hex()}", "do": do, **said}


def as_acts(events: Sequence[Event], file: str) -> list[dict[str, Any]]:
    """The acts that put events of a list; those of the same rows and verdict have the same ids each time."""
    acts = []
    for event in events:
        said = json.dumps([file, *event[:5]])
        key = hashlib.sha256(said.encode()).hexdigest()[:20]
        act = {"act": f"{key}-{os.urandom(4).hex()}", "do": "put", "file": file}
        acts.append(act | event._asdict() | {"id": event.id or f"event-{key}"})
    return acts
