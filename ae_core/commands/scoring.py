"""python -m ae_core score: how abnormal each row of a table is."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..anomaly.comparison import comparison
from ..anomaly.detection import Detection
from ..anomaly.findings import Findings, findings
from ..anomaly.judged.consequences import Consequences, consequences, keep_points
from ..anomaly.judged.events import Events, read_events
from ..anomaly.judged.log import MAX_ROWS, as_acts, file_key, judge, read_judged
from ..anomaly.judged.usual import points, smoothed
from ..anomaly.others import other_scores, side_by_side, side_by_side_words
from ..anomaly.recipe import recipe
from ..anomaly.report import judged_columns, scores_csv, stretches_csv, summary, verdict
from ..anomaly.scoring import as_read, check_compatible, matching, read_alike, score_file, score_large
from ..anomaly.sheet import report
from ..anomaly.similar import Seen, unusual
from ..anomaly.storage import DETECTION, load_detection, load_detector, load_threshold, save_threshold
from ..anomaly.stream import add_columns
from ..anomaly.thresholds import Rule
from ..base.errors import LatentError
from ..base.options import check, knobs
from ..base.outputs import check_outputs, write_text
from ..base.text import plural
from ..data import source
from ..data.csv.normal import normal_range, rows_of
from ..data.csv.pieces import LARGE, PIECE, volume
from ..data.csv.source import Csv
from ..data.csv.table import Table
from ..model.config import Config, all_knobs
from ..runs.checkpoint import Checkpoint, read_checkpoint
from ..runs.folder import free_name, proposed_name, runs_folder
from ..training.threads import begin_with_one
from .tables import ask
from .training import follow


def score(args: argparse.Namespace, command: str) -> None:
    """Scores for every row of a table, by a fresh run or an earlier one; prints what was decided."""
    begin_with_one()
    rule, out = Rule.parse(args.threshold) if args.threshold else Rule(), Path(args.out)
    check_outputs(Path(args.table), *(Path(path) for path in (args.out, args.stretches, args.report) if path))
    origin = _origin(args)
    if args.checkpoint:
        checkpoint = read_checkpoint(args.checkpoint)
        own = load_detector(checkpoint.folder, checkpoint.model()).preprocessing
        check_recipe(args, checkpoint)
        origin = read_alike(Csv(**checkpoint.config.source), origin)
    in_pieces = _is_large(origin)
    begins = _beginning(origin.path()) if in_pieces else b""
    table = next(origin.in_pieces(PIECE if args.checkpoint else LARGE)) if in_pieces else origin.table()
    ask(table, args.strict)
    _print_table(args.table, table, in_pieces)
    events = _events(args, table, in_pieces) if args.events else None
    if args.checkpoint:
        rule = rule if args.threshold else load_threshold(checkpoint.folder)
        print(f"Scored with {checkpoint.folder}.\n{comparison(own, own.matched(table).values, table.time)}")
    else:
        checkpoint = _train(args, origin, table, in_pieces, command)
        save_threshold(rule, checkpoint.folder)
    if in_pieces:
        del table  # large, and not needed any more
        if _beginning(origin.path()) != begins:
            raise LatentError(f"{args.table} was replaced by another file while it was read: score it again.")
        seen = Seen(checkpoint) if args.events else None
        detection = _score_in_pieces(checkpoint, origin, rule, out, seen)
    elif args.checkpoint:
        detection = score_file(checkpoint, origin)
    else:
        detection = load_detection(checkpoint.folder / DETECTION)
    if not args.checkpoint:
        print(f"{verdict(checkpoint, detection, rule)}\nThe run is in {checkpoint.folder}.")
    made = findings(detection, rule)
    print("\n".join(summary(detection, made, rule)))
    if args.detectors:
        print("\n".join(_beside_others(checkpoint, detection, origin, rule, in_pieces)))
    judged = None
    if events:
        if in_pieces:
            events = read_events(Path(args.events), len(detection), detection.time)
        features = seen.features() if in_pieces and seen else _features(checkpoint, origin)
        judged = _judged(checkpoint, detection, origin, rule, events, features, not args.checkpoint)
    if judged and in_pieces:
        add_columns(out, judged_columns(judged.detection, judged.proposal.rule))
    rows = len(detection) if in_pieces else _write_scores(out, detection, origin, rule, judged)
    print(f"Wrote {args.out}, a row for each of the {rows:,} rows.")
    if args.report:
        if in_pieces:
            raise LatentError("A file this large is scored in pieces and not kept: leave out --report.")
        says = [*judged.words(), *judged.kind_lines()] if judged else []
        write_text(Path(args.report), report(checkpoint, detection, rule, Path(args.table).name, judged=says))
        print(f"Wrote {args.report}.")
    if args.stretches:
        _write_stretches(Path(args.stretches), detection, made, judged)


def _events(args: argparse.Namespace, table: Table, in_pieces: bool) -> Events:
    """The events that are given, of this table. Of a file of which that is the first piece, what they are is known when
    all of it has been read; whether they can be read at all, before. Raises LatentError.
    """
    if not in_pieces:
        return read_events(Path(args.events), len(table), table.time)
    ends = None if table.time is None else np.array([np.datetime64("1700", "ns"), np.datetime64("2200", "ns")])
    return read_events(Path(args.events), MAX_ROWS, ends)


def _features(checkpoint: Checkpoint, origin: Csv) -> np.ndarray:
    """What is unusual about each row of a table. Raises LatentError."""
    detector = load_detector(checkpoint.folder, checkpoint.model())
    return unusual(detector, detector.preprocessing.matched(matching(checkpoint, origin)[1].table()))


def _judged(
    checkpoint: Checkpoint,
    detection: Detection,
    origin: Csv,
    rule: Rule,
    events: Events,
    features: np.ndarray,
    is_new: bool,
) -> Consequences:
    """What follows from events, which is said; a new run keeps them, and what was called normal. Raises LatentError."""
    if outside := events.words(len(detection)):
        print(outside)
    if not events.here:
        raise LatentError("No event lies within the rows of this file: give the events of this one.")
    key = file_key(origin.file)
    known = judge(checkpoint.folder, as_acts(events.here, key)) if is_new else read_judged(checkpoint.folder)
    follows = consequences(detection, features, events.here, rule, known.kinds, known.usual(key))
    if is_new:
        here, window = known.of(key), detection.window
        keep_points(checkpoint.folder, known, here, lambda: points(smoothed(features, window), here, window))
    print("\n".join(follows.words()))
    if follows.kinds:
        print("\n".join(["Kinds of flags:", *(f"  {line}" for line in follows.kind_lines())]))
    return follows


def _beside_others(checkpoint: Checkpoint, detection: Detection, origin: Csv, rule: Rule, in_pieces: bool) -> list[str]:
    """What other detectors make of the table, line by line. Raises LatentError."""
    if in_pieces:
        raise LatentError("A file this large is scored in pieces and not kept: leave out --detectors.")
    own = Csv(**checkpoint.config.source)
    if not own.here():
        raise LatentError(
            "Other detectors learn from the table that the run was trained on, which is not here any more: leave out "
            "--detectors, or train a run on a file that is here."
        )
    detector = load_detector(checkpoint.folder, checkpoint.model())
    others = other_scores(detector, own.prepare(), origin.table())
    return side_by_side_words(side_by_side(detection, others, checkpoint.config.row.title.lower(), rule))


def check_recipe(args: argparse.Namespace, checkpoint: Checkpoint) -> None:
    """LatentError where options beside --checkpoint say how to train, or another window or score than the run has."""
    settings = {name for name in (*knobs(Config), *all_knobs()) if name not in knobs(Csv)}
    settings -= {"data", "variant"}
    given = sorted(name for name in settings if getattr(args, name, None) is not None)
    if given:
        raise LatentError(
            f"--{given[0].replace('_', '-')} says how to train, and with --checkpoint nothing is trained: leave out "
            "one of the two."
        )
    if args.variant not in (None, checkpoint.config.variant):
        raise LatentError(f"--variant {args.variant} says what to train, and the run is {checkpoint.config.variant}.")
    check_compatible(checkpoint, _given(args))


def _origin(args: argparse.Namespace) -> Csv:
    """The table that was asked for, with the knobs that were given."""
    origin = source("csv", **_given(args), file=str(Path(args.table).resolve()))
    assert isinstance(origin, Csv)
    return origin


def _given(args: argparse.Namespace) -> dict[str, Any]:
    """The knobs of the source csv that were given, but its file."""
    return {name: value for name in knobs(Csv) if name != "file" and (value := getattr(args, name)) is not None}


def _is_large(origin: Csv) -> bool:
    """Whether a file is better read in pieces. LatentError where it then cannot be read as was asked."""
    large = origin.here() and not origin.first and volume(origin.path()) > LARGE
    if large and origin.resample_seconds:
        raise LatentError(
            "A file this large is read in pieces, which cannot be resampled: leave out --resample-seconds, "
            "or read its beginning alone with --first."
        )
    return large


def _beginning(path: Path) -> bytes:
    """What tells a large file, to which rows may be appended meanwhile, from another in its place."""
    with path.open("rb") as file:
        return file.read(1 << 20)


def _print_table(name: str, table: Table, in_pieces: bool) -> None:
    """How the file was read."""
    first = "its first " if in_pieces else ""
    print(f"{name}: {first}{plural(len(table), 'row')}, {plural(len(table.names), 'channel')}")
    for note in table.notes:
        print(f"  {note.text}")


def _train(args: argparse.Namespace, origin: Csv, table: Table, in_pieces: bool, command: str) -> Checkpoint:
    """Train a detector on the table's normal normal_range, and say what was decided."""
    config_knobs = ((name, f) for name, f in knobs(Config).items() if name not in ("data", "variant"))
    settings = {
        name: check(name, value, f) for name, f in config_knobs if (value := getattr(args, name, None)) is not None
    }
    socket_knobs = (name for name, (part, _) in all_knobs().items() if part == "sockets")
    sockets = {name: value for name in socket_knobs if (value := getattr(args, name, None)) is not None}
    given = {name: getattr(origin, name) for name in (*_given(args), "file")}
    if in_pieces:
        if origin.normal:
            normal_range(table, origin.normal, more=True)
        given["first"] = len(table)
        print(f"The file is read in pieces: what is normal is looked for in its first {len(table):,} rows.")
    config = recipe(table, given, args.variant or "nested", sockets=sockets, **settings)
    ready = origin.prepare(table)
    print(
        f"Normal: {rows_of(ready.stretches)}{'' if args.normal else ' (proposed)'}; the last fifth of them is held "
        f"out. Windows of {plural(ready.window, 'row')}. {config.row.title}, {plural(config.k, 'latent dimension')}, "
        f"{plural(config.epochs, 'epoch')}."
    )
    folder = runs_folder() / free_name(proposed_name(config))
    follow(config, folder, None, command)
    return read_checkpoint(folder)


def _score_in_pieces(checkpoint: Checkpoint, origin: Csv, rule: Rule, out: Path, seen: Seen | None) -> Detection:
    """Score a large file and write its scores as they come, with a bar."""
    with tqdm(unit="row", unit_scale=True, dynamic_ncols=True, desc=out.name, delay=1e-3) as bar:
        return score_large(checkpoint, origin, rule, out, PIECE, bar.update, seen)


def _write_scores(out: Path, detection: Detection, origin: Csv, rule: Rule, judged: Consequences | None = None) -> int:
    """Write the scores of each row of the file, with what was judged beside them; how many there are."""
    each = as_read(detection, origin)
    beside = (as_read(judged.detection, origin), judged.proposal.rule) if judged else None
    write_text(out, scores_csv(each, rule, beside))
    return len(each.network.score)


def _write_stretches(path: Path, detection: Detection, made: Findings, judged: Consequences | None = None) -> None:
    more = judged.columns() if judged else {}
    write_text(path, stretches_csv(detection, made, more))
    print(f"Wrote {path}, {plural(len(made.intervals), 'stretch', 'stretches')}.")
