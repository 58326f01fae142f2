"""Every measurement in one command: a table out, JSON where it is asked for, and the table of .github/docs/measured.md.

LATENT_DATA=… python -m tests.bench [part …] [--json FILE] [--write]        # all parts: some 25 minutes on 2 cores

Parts: drag, slider, pages, processor, rows, training, quality, jobs, load, playground, judging, lesson. --write keeps
the figures in tests/bench/figures.json, those of parts that were not measured as they were, and writes the table of
.github/docs/measured.md from them. How well anomalies are found has commands of its own: tests.bench.anomaly,
`python -m tests.bench series FOLDER` for series of TSB-AD, `python -m tests.bench promise` for what thresholds promise,
`cost`, `judged` for what judging a few flags changes, `stream` for how long a row takes that comes alone, and `own` for
how long a map of one's own samples takes.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path

from .document import write

PARTS = (
    "drag",
    "slider",
    "pages",
    "processor",
    "rows",
    "training",
    "quality",
    "jobs",
    "load",
    "playground",
    "judging",
    "lesson",
)
APART = ("series", "promise", "cost", "judged", "stream", "own")  # with words of their own, and no part of the table


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in APART:
        importlib.import_module(f"{__package__}.{sys.argv[1]}").main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(
        "python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="part")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"there is no part {sorted(unknown)[0]!r}: {', '.join(PARTS)}")
    figures: dict[str, dict[str, float]] = {}
    for part in arguments.parts or PARTS:
        figures[part] = importlib.import_module(f"{__package__}.{part}").measure()
        for name, value in figures[part].items():
            print(f"{part:9} {name:40} {value:14,.3f}", file=sys.stdout, flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if arguments.write:
        write(figures)


if __name__ == "__main__":
    main()
