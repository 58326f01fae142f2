"""Inputs that nobody would send on purpose: thousands a part, and each must be taken or refused in one sentence.

    python -m tests.fuzz [--part csv links folders zips pictures metrics pages] [--count 10000] [--seconds 1e9] [--seed
    0] [--json FILE]

Inputs are mutations of valid ones. Whichever reaches a line of the program that none before it did is kept and mutated
further (coverage-guided, as AFL and libFuzzer do). For every input: it ends within `SECONDS`; it gives a valid result
or raises LatentError with one short sentence, and nothing else; it prints nothing and warns of nothing; it needs no
more than `MOST_MB` of memory; and nothing is written outside what it was given.
A process of its own does the work: what kills it (a signal, too much memory, a hang in C) is an input that breaks.
"""

import argparse
import json
import math
import shutil
import sys
import tempfile
from pathlib import Path

from .loop import PARTS, in_a_process


def table_of(found: list[dict]) -> str:
    lines = [
        f"{'part':10}{'inputs':>8}{'accepted':>10}{'refused':>9}{'slowest ms':>12}{'kept':>6}{'lines':>7}{'broken':>8}"
    ]
    lines += [
        f"{f['part']:10}{f['inputs']:8,}{f['accepted']:10,}{f['refused']:9,}{f['slowest_ms']:12,.0f}{f['kept']:6,}"
        f"{f['lines']:7,}{len(f['broken']):8,}"
        for f in found
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", nargs="*", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--count", type=int, default=10_000, help="inputs of each part")
    parser.add_argument("--seconds", type=float, default=math.inf, help="that a part may take at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="file that gets the figures, too")
    parser.add_argument("--keep", type=Path, help="folder that keeps what broke, an input of each kind")
    asked = parser.parse_args()
    found = []
    for name in asked.part:
        place = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
        found.append(in_a_process(name, asked.count, asked.seed, place, asked.seconds))
        for why in sorted(set(found[-1]["broken"])):
            print(f"{name}: {why}")
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            for path in (*place.glob("broken-*"), *place.glob("died-*")):
                shutil.copy(path, asked.keep)
        shutil.rmtree(place)
    print(table_of(found))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return int(any(f["broken"] for f in found))


if __name__ == "__main__":
    sys.exit(main())
