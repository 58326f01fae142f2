"""python -m ae_core score - | score --follow FILE: scores of rows as they come."""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ..anomaly.judged.events import read_events
from ..anomaly.judged.live import Heard, heard
from ..anomaly.judged.log import file_key, read_judged
from ..anomaly.live import FORMATS, LiveScores
from ..anomaly.storage import DETECTION, load_detection, load_detector, load_threshold
from ..anomaly.thresholds import Rule
from ..base.errors import LatentError
from ..base.outputs import check_outputs
from ..data.csv.live import Hints
from ..data.csv.source import Csv
from ..io.tail import MAX_LINE, Place, Tail
from ..runs.checkpoint import Checkpoint, read_checkpoint
from ..training.threads import begin_with_one

KEPT_ROWS = 512  # between two times that what the next rows need is kept; read again, and not written, after a crash
KEPT_SECONDS = 1.0
MAX_SAID = 20  # rows that are said to be wrong
STDIN = "-"


def stream(args: argparse.Namespace) -> None:
    """Scores of the rows on standard input, a line a row, on standard output or in --out. Raises LatentError."""
    live, said = _scores(args), _Complaints()
    out: BinaryIO = sys.stdout.buffer
    with contextlib.ExitStack() as stack:
        if args.out:
            check_outputs(Path(STDIN), Path(args.out))
            out = stack.enter_context(open(args.out, "wb"))
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        for line in iter(lambda: sys.stdin.buffer.readline(MAX_LINE), b""):  # a longer one is no row
            if text := live.feed(_decoded(line, live)):
                out.write(text.encode())
                out.flush()
                said.about(live)


def follow(args: argparse.Namespace, waiting: Callable[[], bool] = lambda: False) -> None:
    """Scores of a file's rows, and of those that come, at the end of --out. Raises LatentError.

    waiting: called while nothing comes; what it returns ends the following where it is true.
    """
    live, said = _scores(args), _Complaints()
    path, out = Path(args.follow or args.table), Path(args.out or "scores.csv")
    check_outputs(path, out)
    state = out.with_name(f"{out.name}.state")
    done, place = _taken_up(live, out, state), None
    if state.exists() and done:
        about = live.restore(state)
        if live.row > done:  # the end of the scores is lost: those of the whole file are computed again
            live = _scores(args)
        else:
            place = Place(tuple(about["number"]), about["offset"], tuple(about["head"]))
    keep = _Keeper(live, state)
    tail = Tail(path, place, lambda: keep.now(tail) or waiting())
    if tail.lost:
        print(f"The file that was read last is gone: going on with {path}.", file=sys.stderr)
    elif not path.exists():
        print(f"{path} is not there yet: waiting for it.", file=sys.stderr)
    with out.open("ab", buffering=0) as file, contextlib.suppress(KeyboardInterrupt):
        for line in tail.lines():
            text = _decoded(line.text, live)
            if line.first and live.row and live.reader.starts_again(text):
                continue
            if scores := live.feed(text):
                said.about(live)
                if live.row > done:
                    _write(file, scores.encode())
            keep.often(tail)
    keep.now(tail)


def _scores(args: argparse.Namespace) -> LiveScores:
    """What scores the lines. Raises LatentError for options that do not go with rows as they come."""
    from .scoring import check_recipe

    begin_with_one()
    if not args.checkpoint:
        raise LatentError("Rows that come are scored with a run that is there: name it with --checkpoint.")
    for name in ("report", "stretches"):
        if getattr(args, name):
            raise LatentError(f"--{name} is of a whole file, and rows go on to come: leave it out.")
    if args.format and args.format not in FORMATS:
        raise LatentError(f"--format is one of {', '.join(FORMATS)}, not {args.format[:20]!r}.")
    checkpoint = read_checkpoint(args.checkpoint)
    check_recipe(args, checkpoint)
    rule = Rule.parse(args.threshold) if args.threshold else load_threshold(checkpoint.folder)
    hints = Hints.of(Csv(**checkpoint.config.source))
    judged = heard_in(checkpoint, rule, Path(args.events)) if args.events else None
    return LiveScores(load_detector(checkpoint.folder, checkpoint.model()), rule, hints, args.format or "", judged)


def heard_in(checkpoint: Checkpoint, rule: Rule, path: Path) -> Heard:
    """What the events of a file say of the table that the run learned from; what follows is said. Raises
    LatentError.
    """
    own = Csv(**checkpoint.config.source)
    if not own.here() or not (checkpoint.folder / DETECTION).is_file():
        raise LatentError(
            "For rows that come, --events are of the table that the run learned from, which is not here any more: "
            "leave out --events, or train a run on a file that is here."
        )
    detection, key = load_detection(checkpoint.folder / DETECTION), file_key(own.file)
    events = read_events(path, len(detection), detection.time)
    made, follows = heard(checkpoint, events, rule, read_judged(checkpoint.folder), key)
    for line in (events.words(len(detection)), *follows.words()):
        if line:
            print(line, file=sys.stderr)
    return made


def _decoded(line: bytes, live: LiveScores) -> str:
    return line.decode(live.reader.options.encoding or "utf-8", "replace")


def _taken_up(live: LiveScores, out: Path, state: Path) -> int:
    """How many rows the file of scores has already; a last line that is not whole is cut off. Raises LatentError."""
    if not out.exists():
        return 0
    count, end, first = 0, 0, b""
    with out.open("rb+") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            first = first or line
            count, end = count + 1, end + len(line)
        file.truncate(end)
    if not count:
        return 0
    if first.startswith(b"{"):
        return count
    if b"score,threshold,abnormal,pca_score" not in first:
        raise LatentError(f"{out} does not hold scores: give another --out for what comes out.")
    return count - 1


def _write(file: BinaryIO, data: bytes) -> None:
    """All of it, or an error in a sentence."""
    try:
        while data:
            data = data[os.write(file.fileno(), data) :]
    except OSError as error:
        raise LatentError(f"{file.name} cannot be written ({error.strerror or error}): make room and go on.") from error


class _Keeper:
    """Keeps what the next rows need, every now and then."""

    def __init__(self, live: LiveScores, path: Path):
        self.live, self.path, self.row, self.at = live, path, live.row, time.monotonic()

    def often(self, tail: Tail) -> None:
        """Where some rows came since."""
        if self.live.row - self.row >= KEPT_ROWS or (
            self.live.row % 16 == 0 and time.monotonic() - self.at > KEPT_SECONDS
        ):
            self.now(tail)

    def now(self, tail: Tail) -> bool:
        """Where any came; false, for nothing ends with it."""
        place = tail.place()
        if self.live.row != self.row and place is not None:
            self.live.save(self.path, {"number": place.number, "offset": place.offset, "head": place.head})
            self.row, self.at = self.live.row, time.monotonic()
        return False


class _Complaints:
    """Says what is wrong with rows, of the first ones."""

    def __init__(self) -> None:
        self.count = 0

    def about(self, live: LiveScores) -> None:
        if live.wrong and self.count < MAX_SAID:
            self.count += 1
            more = "" if self.count < MAX_SAID else " Further ones are not said."
            print(f"row {live.row - 1}: {live.wrong}; what is missing counts as missing.{more}", file=sys.stderr)
