"""The loop over a part's inputs, and the same in processes of their own."""

import contextlib
import dataclasses
import math
import multiprocessing
import os
import random
import re
import resource
import shutil
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import torch

from ae_core import LatentError
from ae_core.jobs.queue import jobs
from ae_core.runs import folder as runs

from .folders import folder_seeds, try_folder, wild_file
from .guards import Coverage, memory, quiet, within, without_logs
from .links import link_seeds, try_link, wild_link
from .metrics import metrics_seeds, try_metrics
from .mutations import wild_bytes
from .pages import page_seeds, try_page
from .pictures import picture_seeds, try_picture
from .rules import MOST_MB, ROOT, SECONDS, BrokenError, TooSlow, one_sentence, tree
from .tables import tables, try_table, wild_table
from .trained import CACHE, trained
from .zips import try_zip, wild_zip, zip_seeds

ROOM_MB = 4000  # of address space beside what was there: beyond it the allocation fails


@dataclasses.dataclass(frozen=True)
class Part:
    """What is fuzzed: valid inputs to begin with, how one is altered, and what must hold of it."""

    seeds: Callable[[Path], list]
    mutate: Callable[[random.Random, Any, list], Any]
    look: Callable[[Any, Path], None]


PARTS = {
    "csv": Part(lambda place: [{"data": data, "knobs": {}} for data in tables()], wild_table, try_table),
    "links": Part(link_seeds, wild_link, try_link),
    "folders": Part(folder_seeds, wild_file, try_folder),
    "zips": Part(zip_seeds, wild_zip, try_zip),
    "pictures": Part(picture_seeds, wild_bytes, try_picture),
    "metrics": Part(metrics_seeds, wild_file, try_metrics),
    "pages": Part(page_seeds, wild_link, try_page),
}


def attempt(part: Part, given: Any, place: Path, said: Callable[[], str] = lambda: "") -> tuple[str, str]:
    """("accepted", ""), ("refused", the sentence) or ("broken", why) of one input."""
    start = 0
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # what was held at most is counted anew
        start = memory("VmRSS")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            with within(SECONDS):
                part.look(given, place)
            outcome = "accepted", ""
        except LatentError as error:
            try:
                one_sentence(str(error))
                outcome = "refused", str(error)
            except BrokenError as wrong:
                outcome = "broken", str(wrong)
        except TooSlow:
            outcome = "broken", f"took more than {SECONDS} s"
        except Exception as error:
            place_of = traceback.extract_tb(error.__traceback__)
            ours = next(
                (f for f in reversed(place_of) if f.filename.startswith((f"{ROOT}/ae_core", f"{ROOT}/pages"))),
                place_of[-1],
            )
            outcome = (
                "broken",
                f"{type(error).__name__} in {Path(ours.filename).name} {ours.name} ({ours.line}): {str(error)[:300]}",
            )
    if outcome[0] != "broken":
        text = said()
        if warned:
            outcome = (
                "broken",
                f"warns: {Path(warned[0].filename).name}:{warned[0].lineno} {str(warned[0].message)[:200]}",
            )
        elif text:
            outcome = "broken", f"prints: {text[:300]!r}"
        elif start and memory("VmHWM") - start > MOST_MB << 10:
            outcome = "broken", f"needs {(memory('VmHWM') - start) >> 10} MB"
    return outcome


def fuzz(
    name: str,
    count: int,
    seed: int,
    place: Path,
    seconds: float = math.inf,
    report: Callable[[dict], None] = lambda found: None,
    guided: bool = True,
) -> dict:
    """Try `count` inputs of a part below the folder `place`; what came out. report: told of every hundredth, and of
    what breaks.
    """
    part, dice, cover = PARTS[name], random.Random(f"{name} {seed}"), Coverage()
    found = {
        "part": name,
        "inputs": 0,
        "accepted": 0,
        "refused": 0,
        "broken": [],
        "slowest_ms": 0.0,
        "kept": 0,
        "lines": 0,
    }
    work = place / "work"
    work.mkdir(parents=True, exist_ok=True)
    shipped = tree(runs.SHIPPED) if count > 1000 else None
    environment = {"LATENT_RUNS": str(work / "runs"), "LATENT_DATA": str(place / "data")}
    seen: set[str] = set()
    with mock.patch.dict(os.environ, environment), quiet() as said, without_logs():
        trained(work)
        seeds = part.seeds(work)
        corpus, began = list(seeds), time.monotonic()
        data = tree(place / "data")
        said()
        while found["inputs"] < count and time.monotonic() - began < seconds:
            number = found["inputs"]
            given = (
                seeds[number]
                if number < min(len(seeds), count // 2)
                else part.mutate(dice, dice.choice(corpus), corpus)
            )
            (place / "last").write_text(repr(given)[:2_000_000], "utf-8", "backslashreplace")
            start = time.perf_counter()
            with cover.on() if guided else contextlib.nullcontext():
                outcome, why = attempt(part, given, work, said)
            found["slowest_ms"] = max(found["slowest_ms"], 1000 * (time.perf_counter() - start))
            found["inputs"] += 1
            if outcome == "broken":
                found["broken"].append(why)
                kind = re.sub(r"\d+|'[^']*'", "", why)[:120]
                if kind not in seen:
                    seen.add(kind)
                    (place / f"broken-{name}-{len(seen)}").write_text(f"{why}\n{given!r}", "utf-8", "backslashreplace")
            else:
                found[outcome] += 1
            if guided and cover.news() and number >= len(seeds):
                corpus.append(given)
            found |= {"kept": len(corpus) - len(seeds), "lines": len(cover.lines)}
            if number % 100 == 99:
                report(found)
        if data != tree(place / "data"):
            found["broken"].append("the uploads were changed")
        if shipped is not None and shipped != tree(runs.SHIPPED):
            found["broken"].append("the shipped checkpoints were changed")
    CACHE.clear()
    return found


def _child(pipe: Any, name: str, count: int, seed: int, place: str, seconds: float) -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    place = Path(place)
    with mock.patch.dict(os.environ, {"LATENT_RUNS": str(place / "work" / "runs"), "LATENT_DATA": str(place / "data")}):
        trained(place / "work")  # before memory is counted
    resource.setrlimit(resource.RLIMIT_AS, ((memory("VmSize") << 10) + (ROOM_MB << 20),) * 2)
    pipe.send(fuzz(name, count, seed, place, seconds, pipe.send))
    jobs.executors.shutdown()  # of a page that estimates a training; its workers would wait for more for minutes


def in_a_process(name: str, count: int, seed: int, place: Path, seconds: float = math.inf) -> dict:
    """`fuzz` in processes of their own: where one dies, its last input is counted as broken and another goes on with
    other inputs.
    """
    total, context, began = None, multiprocessing.get_context("spawn"), time.monotonic()
    while total is None or (total["inputs"] < count and time.monotonic() - began < seconds):
        mine, theirs = context.Pipe(False)
        left = count - (total["inputs"] if total else 0)
        child = context.Process(
            target=_child, args=(theirs, name, left, seed, str(place), seconds - (time.monotonic() - began))
        )
        child.start()
        theirs.close()
        found = {
            "part": name,
            "inputs": 0,
            "accepted": 0,
            "refused": 0,
            "broken": [],
            "slowest_ms": 0.0,
            "kept": 0,
            "lines": 0,
        }
        with contextlib.suppress(EOFError):
            while True:
                found = mine.recv()
        child.join()
        if child.exitcode:
            found["inputs"] += 1
            found["broken"] = [*found["broken"], f"the process ended with {child.exitcode}"]
            shutil.copy(place / "last", place / f"died-{name}-{seed}")
        seed += 1000
        worst = max(found["slowest_ms"], total["slowest_ms"] if total else 0)
        total = (
            found
            if total is None
            else {key: total[key] + found[key] if key not in ("part",) else name for key in found}
        )
        total["slowest_ms"] = worst
        if not found["inputs"]:
            break
    return total
