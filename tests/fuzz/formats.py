"""The files of tests/data/formats, damaged at random: whatever comes out is a table or one sentence.

python -m tests.fuzz.formats [--count 10000] [--seed 0] [--silent]
"""

import argparse
import random
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ae_core.base.errors import LatentError
from ae_core.data.csv.options import make_options
from ae_core.data.csv.reading import table_of
from ae_core.data.csv.report import as_json, in_words
from ae_core.io.packed import unpacked

FOLDER = Path(__file__).resolve().parents[1] / "data" / "formats"
MAX_BYTES = 60_000  # of each file: what a mutation hits is what counts
CELLS = (
    b"",
    b"NaN",
    b"1e400",
    b"-",
    b"=1+1",
    b"abc",
    b"2024-13-45",
    b"9" * 400,
    b'"',
    b"'",
    b"\xff\xfe",
    b"\0\0",
    b"1,5",
    b"#",
    b"25:61",
    b"-9999",
)


def files() -> list[bytes]:
    return [path.read_bytes()[:MAX_BYTES] for path in sorted(FOLDER.iterdir()) if path.suffix != ".json"]


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A file with one to four things changed."""
    for _ in range(dice.randint(1, 4)):
        data = dice.choice((_cell, _line, _bytes, _cut, _swap, _delimiter, _double))(data, dice)
    return data


def _cell(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(dice.choice((1, 1, 30))):
        at = dice.randrange(len(lines))
        sign = max((b",", b";", b"\t", b" "), key=lines[at].count)
        cells = lines[at].split(sign)
        cells[dice.randrange(len(cells))] = dice.choice(CELLS)
        lines[at] = sign.join(cells)
    return b"\n".join(lines)


def _line(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = dice.randrange(len(lines))
    if dice.random() < 0.5:
        del lines[at : at + dice.choice((1, 2, 5, len(lines)))]
    else:
        lines.insert(at, dice.choice((b"", b",,,", b"Mean;1;2", b"# comment", lines[dice.randrange(len(lines))])))
    return b"\n".join(lines)


def _bytes(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 5, 50))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(data: bytes, dice: random.Random) -> bytes:
    a, b = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    return data[a:b] if dice.random() < 0.3 else data[:b]


def _swap(data: bytes, dice: random.Random) -> bytes:
    old, new = dice.sample([b",", b".", b";", b"\t", b" ", b":", b"-", b"/", b"\r\n", b"\n"], 2)
    return data.replace(old, new, dice.choice((1, 50, -1)))


def _delimiter(data: bytes, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = dice.randrange(len(lines))
    lines[at] += dice.choice((b",", b";", b",1,2,3", b"\t", b'"'))
    return b"\n".join(lines)


def _double(data: bytes, dice: random.Random) -> bytes:
    a = dice.randrange(len(data) + 1)
    return data[:a] + data[a : a + 2000] + data[a:]


def tried(count: int, seed: int) -> Iterator[tuple[int, str]]:
    """(number, what went wrong) of each mutation that came to no table and no sentence."""
    known, options = files(), make_options(most_bytes=None)
    for number in range(count):
        dice = random.Random(seed * 1_000_003 + number)
        data = damaged(dice.choice(known), dice)
        start = time.process_time()  # of its own: on a busy machine it waits
        try:
            table = table_of(unpacked(data), options)
            assert table.values.shape == (len(table), len(table.names))
            assert not np.isinf(table.values).any()
            assert table.time is None or table.time.shape == (len(table),)
            assert table.label is None or table.label.shape == (len(table),)
            as_json(table)
            assert all("\n" not in line for line in in_words(table))
        except LatentError as error:
            if "\n" in str(error) or len(str(error)) > 400 or not str(error).endswith("."):
                yield number, f"no sentence: {str(error)!r}"
        except Exception as error:
            yield number, f"{type(error).__name__}: {error}"
        if time.process_time() - start > 20:
            yield number, f"took {time.process_time() - start:.0f} s"


MANY = 100  # lines: of fewer, each is a channel or a sample
SMALL = (b"", b"NaN", b"abc", b"-", b"1e400", b"#", b'"', b"\xff")  # what one cell becomes


def hurt(data: bytes, dice: random.Random) -> bytes:
    """A file with one small thing wrong amid its rows: a cell, a line too many or too few, a cell too many."""
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    at = dice.randrange(len(lines) // 3, len(lines))
    sign = max((b",", b";", b"\t", b" "), key=lines[at].count)
    match dice.randrange(4):
        case 0:
            cells = lines[at].split(sign)
            cells[dice.randrange(len(cells))] = dice.choice(SMALL)
            lines[at] = sign.join(cells)
        case 1:
            del lines[at]
        case 2:
            lines.insert(at, dice.choice((b"", b"# comment", b"Mean;1;2", lines[at])))
        case 3:
            lines[at] += dice.choice((sign, sign + b"1", b'"'))
    return b"\n".join(lines)


def silent(count: int, seed: int) -> Iterator[tuple[int, str]]:
    """(number, what became another) of each file with one small thing wrong that is read otherwise than the whole one
    in more than that thing, while nothing is doubtful that was not so before, and no line is said to be left out.
    """
    known, options = files(), make_options(most_bytes=None)
    whole = [as_json(table_of(data, options)) for data in known]
    for number in range(count):
        dice = random.Random(seed * 1_000_003 + number)
        which = dice.randrange(len(known))
        if known[which].count(b"\n") < MANY:
            continue
        try:
            table = table_of(hurt(known[which], dice), options)
            found, before = as_json(table), whole[which]
        except LatentError:
            continue
        if len(found["doubts"]) > len(before["doubts"]) or found["lines_left_out"] != before["lines_left_out"]:
            continue
        other = [name for name in ("layout", "time", "label") if found[name] != before[name]]
        other += ["step"] if abs((found["step"] or 0) - (before["step"] or 0)) > 0.01 * (before["step"] or 1) else []
        names, wanted = ([c["name"] for c in each["channels"]] for each in (found, before))
        other += ["channels"] if names != wanted else []
        other += ["rows"] if abs(found["rows"] - before["rows"]) > 2 else []
        if other:
            said = f"{[before[name] for name in other]} became {[found[name] for name in other]}"[:300]
            yield number, f"{sorted(FOLDER.iterdir())[which].name}: {', '.join(other)}: {said}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--silent", action="store_true", help="look for files that are silently read otherwise")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    warnings.simplefilter("error")
    broken = 0
    for number, what in (silent if args.silent else tried)(args.count, args.seed):
        broken += 1
        print(f"{args.seed}/{number}: {what}")
    print(f"{args.count} mutations, {broken} broken")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
