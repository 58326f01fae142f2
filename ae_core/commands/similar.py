"""python -m ae_core similar: where else a table looks as it does in a stretch."""

import argparse
import json
from pathlib import Path

from ..anomaly.scoring import matching
from ..anomaly.similar import similar, unusual
from ..base.errors import LatentError
from ..base.text import plural
from ..data.csv.normal import normal_stretches
from ..data.csv.source import Csv
from ..runs.checkpoint import read_checkpoint
from ..training.threads import begin_with_one


def find(args: argparse.Namespace) -> None:
    """Print the stretches that are nearest to one of a table, or their JSON. Raises LatentError."""
    begin_with_one()
    detector, origin = matching(read_checkpoint(args.checkpoint), Csv(file=str(Path(args.table).resolve())))
    table = detector.preprocessing.matched(origin.table())
    try:
        stretches = normal_stretches(table, args.at) if args.at.strip() else ()
    except LatentError as error:
        raise LatentError(f"--at names no stretch of the file: {error}") from error
    if len(stretches) != 1:
        raise LatentError("--at is one stretch, START:END in rows from 0, the end exclusive, or in times.")
    (start, end) = stretches[0]
    nearest = similar(unusual(detector, table), start, end, detector.preprocessing.window, args.count)
    if args.json:
        print(json.dumps([{**each._asdict(), "distance": round(each.distance, 6)} for each in nearest]))
        return
    print(f"{plural(len(nearest), 'stretch', 'stretches')} like rows {start:,} to {end - 1:,}, the nearest first:")
    for each in nearest:
        when = (
            "" if table.time is None else f"  {str(table.time[each.start].astype('datetime64[s]')).replace('T', ' ')}"
        )
        print(f"  rows {each.start:,} to {each.end - 1:,}{when}  distance {each.distance:.3g}")
