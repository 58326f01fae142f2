"""python -m ae_core read: what is found in a table, without training on it."""

import argparse
import json

from ..base.errors import LatentError
from ..base.options import build, knobs
from ..base.text import plural
from ..data.csv.fill import with_question
from ..data.csv.report import as_json, in_words, look, questions
from ..data.csv.source import Csv
from ..data.csv.table import Table


def read(args: argparse.Namespace) -> None:
    """What is found in a table, in words or as JSON. Raises LatentError with --strict where anything is doubtful."""
    given = {name: value for name in knobs(Csv) if name != "file" and (value := getattr(args, name, None)) is not None}
    origin = build(Csv, given)
    table, rows = look(args.table, args.whole, **origin.said())
    table = with_question(table, origin.fill, origin.max_gap_steps, bool(origin.resample_seconds))
    print(json.dumps(as_json(table, rows), ensure_ascii=False) if args.json else "\n".join(in_words(table, rows)))
    refuse_doubt(table, args.strict)


def ask(table: Table, strict: bool) -> None:
    """Print what is doubtful, before anything trains on a table. Raises LatentError where nothing may be."""
    for line in questions(table.about.doubts):
        print(line)
    refuse_doubt(table, strict)


def refuse_doubt(table: Table, strict: bool) -> None:
    """Raises LatentError where anything about a table is doubtful and nothing may be."""
    doubts = table.about.doubts
    if strict and doubts:
        verb = "is" if len(doubts) == 1 else "are"
        raise LatentError(f"{plural(len(doubts), 'thing')} {verb} doubtful, the first: {doubts[0].text}")
