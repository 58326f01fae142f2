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
import ast
import base64
import contextlib
import dataclasses
import faulthandler
import hashlib
import io
import json
import logging
import math
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
import traceback
import types
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl

import numpy as np
import torch
from PIL import Image, PngImagePlugin
from safetensors.torch import load, save

from ae_core import Config, LatentError, read_checkpoint, train_run
from ae_core.anomaly.detector import Detector
from ae_core.anomaly.findings import findings
from ae_core.anomaly.report import scores_csv, stretches_csv
from ae_core.anomaly.storage import DETECTION, load_detector
from ae_core.anomaly.storage import load_detection as load_scores
from ae_core.data.csv.pieces import read_pieces
from ae_core.data.csv.source import Csv
from ae_core.data.csv.table import Table, joined
from ae_core.data.csv.uploads import keep_upload
from ae_core.io.images import as_digit, read_picture
from ae_core.jobs.queue import check_resumable, jobs
from ae_core.model.variants import VARIANTS
from ae_core.runs import folder as runs
from ae_core.runs import records
from ae_core.runs import representation as usefulness
from ae_core.runs.archive import KEPT, unzip_run, zip_run
from ae_core.runs.overview import differences, rows
from ae_core.runs.status import LOCK, STATES
from ae_core.training import snapshots
from pages.ui.markdown import JOINER

from ..support.apptest import opened

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10  # that one input may take
MOST_MB = 1500  # that one input may need beside what was there; a file of 20 MB that unpacks to gigabytes would show
ROOM_MB = 4000  # of address space beside what was there: beyond it the allocation fails
LONGEST = 400  # characters of a sentence
LONGEST_LINK = 100_000  # a server's limit is 64 kB
SMALL = Config(data="digits", variant="vae", k=2, hidden=(16,), epochs=2, batch_size=512)


class BrokenError(AssertionError):
    """An input for which a property does not hold."""


class TooSlow(BaseException):
    """An input took too long; no handler of the program catches it."""


def holds(fact: Any, what: str) -> None:
    if not fact:
        raise BrokenError(what)


def one_sentence(text: str) -> None:
    """What every refusal must be: a sentence, short, on one line, with a full stop, and without the program's insides."""
    holds(text.endswith(".") and len(text) < LONGEST, f"no short sentence, {len(text)} characters: {text[:500]!r}")
    holds("\n" not in text and text.isprintable(), f"not printable on one line: {text!r}")
    for inside in ("Traceback", "site-packages", ".py", " object at 0x", f"{ROOT}/"):
        holds(inside not in text, f"{inside} in {text!r}")


def plain(value: Any) -> None:
    """What goes to a browser: JSON without NaN."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BrokenError(f"not fit for JSON ({error}): {value!r:.300}") from None


# ---- Mutations
# -------------------------------------------------------------------------------------------------------------

# fmt: off
NUMBERS = ("0", "-1", "1", "2", "3", "9" * 25, "9" * 400, "9" * 5000, "1e308", "1e309", "-1e309", "1e-320", "5e-324", "nan", "inf", "-inf", "1_0", "1.5", "١٢")
WILD_TEXT = (
    "", " ", ".", "..", "../../etc/passwd", "/etc/passwd", "C:\\x", "con", "a\0b", "\ud800", "\u202e", "\u2028", "\x1b[31m", "🎲" * 20, "A" * 3000, "<script>",
    "=1+1", "@SUM(A1)", "{}", "[]", "null", "true", "'", '"', "%s%n", "${x}", ",", ";" * 50, ",".join("1" * 50), ":", "1:2", "-:-", "²", "½", "\ufeff", "ß", "İ",
)
WILD = (
    None, True, False, 0, -1, 1, 2, 3, 7, 255, 65_536, 2**31, 2**63, 10**30, 10**400, -(10**400), 0.5, -0.0, 1e-320, 1e308, -1e308, math.nan, math.inf, -math.inf,
    [], {}, [[]], [0], [1, 2], [1, "a"], [None], {"a": 1}, "a", *WILD_TEXT, [1] * 3000, [[1, 2]] * 500, {str(i): i for i in range(500)}, "x" * 100_000,
)
# fmt: on


def wild_json(dice: random.Random, text: str) -> str:
    """JSON with one to three of its values replaced, removed, doubled or swapped."""
    value = json.loads(text)

    def places(value: Any) -> Iterator[tuple[Any, Any]]:
        for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield value, key
            yield from places(value[key])

    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        there = list(places(value))
        if not there or dice.random() < 0.01:
            return json.dumps(dice.choice(WILD))
        owner, key = dice.choice(there)
        how = dice.random()
        if how < 0.6:
            owner[key] = dice.choice(WILD)
        elif how < 0.7:
            del owner[key]
        elif how < 0.8 and isinstance(owner, dict):
            owner[dice.choice((*WILD_TEXT, *map(str, owner)))] = owner[key]
        elif how < 0.9:
            other, name = dice.choice(there)
            with contextlib.suppress(KeyError, IndexError):  # it may just have gone
                owner[key] = json.loads(json.dumps(other[name]))
        elif isinstance(owner, list):
            owner.insert(key, owner[key])
        elif isinstance(owner[key], (int, float)) and not isinstance(owner[key], bool):
            owner[key] = dice.choice((-1, 2, 0.5, 1e9, 10**20)) * owner[key]
    text = json.dumps(value)
    return "[" * 100_000 if dice.random() < 0.003 else text


def wild_bytes(dice: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Bytes with some flipped, cut, doubled, inserted or taken from another input."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at, how = dice.randrange(len(data) + 1), dice.random()
        if dice.random() < 0.4:
            at = min(at, dice.choice((16, 64, 700)))
        if how < 0.35 and data:
            data[min(at, len(data) - 1)] = dice.randrange(256)
        elif how < 0.45:
            del data[at : at + dice.choice((1, 2, 7, 100, 10**9))]
        elif how < 0.55:
            data[at:at] = dice.choice(
                (b"\0", b"\n", b'"', b";", b",", b"\xff", b"\x1a", b"\r", b"\t", b" ")
            ) * dice.choice((1, 1, 3, 2000))
        elif how < 0.7:
            data[at:at] = data[max(0, at - dice.choice((1, 8, 200))) : at]
        elif how < 0.85:
            data[at:at] = dice.choice((*NUMBERS, *WILD_TEXT)).encode("utf-8", "surrogatepass")
        elif others:
            other = dice.choice(others)
            start = dice.randrange(len(other) + 1)
            data[at : at + dice.choice((0, 100))] = other[start : start + dice.choice((4, 100, 5000))]
    return bytes(data[: 1 << 20])


# ---- CSV: the reader, in one go and in pieces, the windows and the scorer
# ----------------------------------------------------


def tables() -> list[bytes]:
    """Valid ones, in the ways in which spreadsheets and loggers write them."""
    from ..unit.test_pieces import TEXTS

    found = [text.encode() for text in TEXTS.values()]
    found += [
        TEXTS["german"].encode("cp1252"),
        TEXTS["german"].encode("utf-16"),
        TEXTS["plain"].encode("utf-16-be"),
        b"\xef\xbb\xbf" + TEXTS["windows"].encode(),
    ]
    found += [
        b"sep=;\n" + TEXTS["german"].encode(),
        "Zeit;T [°C];p\n01.02.2024 10:00;1.234,5;-3\n01.02.2024 10:01;1.235,5;-4\n".encode(),
    ]
    return found


def wild_table(dice: random.Random, given: dict, corpus: list[dict]) -> dict:
    data, knobs = given["data"], dict(given["knobs"])
    if dice.random() < 0.5:
        data = wild_bytes(dice, data, [other["data"] for other in corpus])
    else:  # cell by cell
        text = data.decode("utf-8", "replace")
        mark = dice.choice([c for c in ",;\t| " if c in text] or [","])
        lines = [line.split(mark) for line in text.split("\n")]
        for _ in range(dice.choice((1, 1, 3, 20))):
            line = dice.choice(lines)
            column, how = dice.randrange(len(line)), dice.random()
            if how < 0.6:
                line[column] = dice.choice(
                    (
                        *NUMBERS,
                        *WILD_TEXT,
                        "2024-13-45",
                        "31.02.2024 25:61",
                        "12:00 AM",
                        "NaT",
                        "true",
                        "1.234,5",
                        "1'000",
                        "12 kg",
                        "9999-12-31",
                    )
                )
            elif how < 0.7:
                line.insert(column, dice.choice(NUMBERS))
            elif how < 0.8 and len(line) > 1:
                del line[column]
            elif how < 0.9:
                lines.insert(dice.randrange(len(lines)), list(dice.choice(lines)))
            else:
                for other in lines:
                    if column < len(other):
                        other[column] = line[column]
        data = "\n".join(map(mark.join, lines)).encode("utf-8", "surrogatepass")
    if dice.random() < 0.5:
        choices = {
            "delimiter": ("comma", "semicolon", "tab", "pipe", "space"),
            "decimal": ("point", "comma"),
            "header": ("yes", "no"),
            "day_first": ("yes", "no"),
            "encoding": ("utf-8", "utf-16", "latin-1", "hex", "rot13", "idna", "punycode", "utf-7", "zlib", *WILD_TEXT),
            **dict.fromkeys(
                ("time", "label", "columns", "missing", "normal"),
                (*WILD_TEXT, *NUMBERS, "time", "a", "b", "none", "a,b", "Zeit", "0:40", "2024-03-01:"),
            ),
            **dict.fromkeys(
                ("window", "stride", "max_gap_steps", "bridge", "memory", "first"), (*NUMBERS, 0, 1, 2, 7, 300, 10_000)
            ),
            **dict.fromkeys(("every", "resample_seconds", "variance"), (*NUMBERS, 0.1, 0.999, 30, 1e-9, 1e7)),
        }
        name = dice.choice(list(choices))
        knobs[name] = dice.choice(choices[name])
    return {"data": data[: 1 << 20], "knobs": knobs}


def sound_table(table: Table) -> None:
    count = len(table.names)
    holds(count and len(set(table.names)) == count == len(table.units), f"names {table.names}")
    holds(
        table.values.shape == (len(table), count) and table.values.dtype == np.float64,
        f"values {table.values.shape} {table.values.dtype}",
    )
    holds(not np.isinf(table.values).any(), "infinite values")
    for part, kind in ((table.time, "datetime64[ns]"), (table.label, "bool")):
        holds(part is None or (part.shape == (len(table),) and part.dtype == kind), f"{kind} {part!r:.100}")
    holds(table.step is None or 0 < table.step < math.inf, f"step {table.step}")
    for note in table.notes:
        holds(note.text.endswith((".", ")")) and "\n" not in note.text, f"note {note.text!r}")


def try_table(given: dict, place: Path) -> None:
    from ae_core.data.csv.windows import prepared

    source = _checked(Csv, {"file": "table.csv", **given["knobs"]})
    path = place / "table.csv"
    path.write_bytes(given["data"])
    origin = dataclasses.replace(source, file=str(path))
    table = origin.table()
    sound_table(table)
    if not origin.resample_seconds and not origin.first:
        try:
            together = joined(list(read_pieces(path, max(1, len(given["data"]) // 3), **origin.said())))
            sound_table(dataclasses.replace(together, step=None))
        except LatentError as error:
            one_sentence(str(error))
    scores = table.values.shape[1] >= 2 and len(given["data"]) % 3 == 0  # takes as long as all the rest
    score = scorer(place).score(_matched(table)).network.score if scores else np.zeros(0)
    holds(not np.isinf(score).any() and (score[np.isfinite(score)] >= 0).all(), "scores below 0 or infinite")
    ready = prepared(table, origin.window, origin.stride, origin.normal, origin.max_gap_steps)
    x, _ = ready.windows(ready.train)
    holds(
        x.dtype == np.float32 and np.isfinite(x).all() and x.shape[1:] == (len(table.names), ready.window),
        f"windows {x.shape} {x.dtype}",
    )


def _checked(owner: type, values: dict) -> Any:
    from ae_core.base.options import build

    return build(owner, values)


_kept: dict[Any, Any] = {}  # what is read once a process


def scorer(place: Path) -> Detector:
    """A detector of two channels, to score whatever table has so many."""
    if "scorer" not in _kept:
        folder = trained(place)["signal"]
        _kept["scorer"] = load_detector(folder, read_checkpoint(folder).model())
    return _kept["scorer"]


def _matched(table: Table) -> Table:
    return dataclasses.replace(table, names=("a", "b"), units=("", ""), values=table.values[:, :2])


def trained(place: Path) -> dict[str, Path]:
    """Folders of two small runs: "picture", a VAE of the digits with its film, and "signal", a nested one of a table
    with its detector.
    """
    parent = place.parent / "trained"
    folders = {name: parent / name for name in ("picture", "signal")}
    if not parent.exists():
        table = "time,a,b\n" + "".join(
            f"{i},{math.sin(i / 4):.4f},{math.cos(i / 4) + i % 3 / 30:.4f}\n" for i in range(300)
        )
        name = keep_upload(table.encode(), "table.csv")
        signal_run = Config(
            data="csv", variant="nested", k=3, hidden=(8,), epochs=2, batch_size=64, source={"file": name, "window": 8}
        )
        for folder, config in zip(folders.values(), (SMALL, signal_run), strict=True):
            for _ in train_run(config, folder):
                pass
    return folders


# ---- Run folders
# -------------------------------------------------------------------------------------------------------------


def folder_seeds(place: Path) -> list[dict]:
    """One for each file of the two runs: {run, file, data}."""
    found = []
    for run, folder in trained(place).items():
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"]
        found += [{"run": run, "file": str(path.relative_to(folder)), "data": path.read_bytes()} for path in files]
    shipped = runs.SHIPPED / "mnist-nested-64d" / usefulness.FILE
    return [*found, {"run": "picture", "file": usefulness.FILE, "data": shipped.read_bytes()}]


def wild_file(dice: random.Random, given: dict, corpus: list[dict]) -> dict:
    name, data = given["file"], given["data"]
    if dice.random() < 0.3:
        return {
            **given,
            "data": wild_bytes(
                dice, data, [other["data"] for other in corpus if other["file"].endswith(Path(name).suffix)]
            ),
        }
    try:
        if name.endswith(".json"):
            data = wild_json(dice, data.decode()).encode()
        elif name.endswith(".jsonl"):
            lines = data.decode().splitlines()
            at = dice.randrange(len(lines))
            lines[at] = wild_json(dice, lines[at])
            data = "\n".join(lines).encode()
        elif name.endswith(".safetensors"):
            data = wild_header(dice, data) if dice.random() < 0.4 else save(wild_tensors(dice, load(data)))
        elif name.endswith(".npz"):
            data = wild_npz(dice, data)
    except Exception:  # it was mutated beyond what can be taken apart
        data = wild_bytes(dice, data, [])
    return {**given, "data": data}


def wild_header(dice: random.Random, data: bytes) -> bytes:
    size = struct.unpack("<Q", data[:8])[0]
    header = wild_json(dice, data[8 : 8 + size].decode()).encode()
    return struct.pack("<Q", dice.choice((len(header),) * 8 + (0, 1, 2**31, 2**63))) + header + data[8 + size :]


def wild_tensors(dice: random.Random, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tensors of which one has other values, another type or shape, another name, or is gone."""
    name = dice.choice(list(tensors))
    value, how = tensors[name], dice.randrange(8)
    kinds = (torch.float64, torch.bfloat16, torch.int64, torch.uint8, torch.bool, torch.complex64, torch.float8_e4m3fn)
    if how == 0:
        del tensors[name]
    elif how == 1:
        tensors[dice.choice((*WILD_TEXT[:10], *tensors)).replace("\ud800", "")] = value.clone()
    elif how == 2:
        tensors[name] = value.to(dice.choice(kinds))
    elif how == 3:
        tensors[name] = value.flatten() if dice.random() < 0.5 else value[None].clone()
    elif how == 4:
        tensors[name] = value[:0].clone() if value.ndim else torch.zeros(0)
    elif how == 5:
        tensors[name] = torch.cat([value, value]) if value.ndim else value[None]
    else:
        flat = value.clone().flatten()
        part = slice(None) if dice.random() < 0.5 or not len(flat) else dice.randrange(len(flat))
        wild = dice.choice((math.nan, math.inf, -math.inf, 0.0, -1.0, 1e30, 6e4, 1e-30))
        flat[part] = (
            torch.tensor(wild).nan_to_num().clamp(-9e18, 9e18).to(flat.dtype) if not flat.is_floating_point() else wild
        )
        tensors[name] = flat.view(value.shape)
    return tensors


def wild_npz(dice: random.Random, data: bytes) -> bytes:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    name = dice.choice(list(arrays))
    value, how = arrays[name], dice.randrange(8)
    if how == 0:
        del arrays[name]
    elif how == 1:
        arrays[dice.choice((*(t for t in WILD_TEXT[:10] if t.isprintable() and "/" not in t and t), *arrays))] = value
    elif how == 2:
        arrays[name] = (
            value.astype(dice.choice(("f8", "f2", "i8", "u8", "c16", "U20", "S5", ">f4", "?", "M8[ns]", "O")))
            if name != "about"
            else value
        )
    elif how == 3:
        arrays[name] = value.reshape(-1) if dice.random() < 0.5 else value[None]
    elif how == 4:
        arrays[name] = value[:0] if value.ndim else np.zeros(0)
    elif how == 5:
        arrays[name] = np.concatenate([value, value]) if value.ndim else value[None]
    elif name == "about":
        arrays[name] = np.array(wild_json(dice, str(value)))
    elif value.dtype.kind in "fiu" and value.size:
        flat = value.copy().reshape(-1)
        wild = (math.nan, math.inf, -math.inf, 1e30, 0.0) if value.dtype.kind == "f" else (-1, 255, 0)
        with np.errstate(all="ignore"):
            flat[slice(None) if dice.random() < 0.5 else dice.randrange(flat.size)] = np.array(
                dice.choice(wild)
            ).astype(value.dtype)
        arrays[name] = flat.reshape(value.shape)
    file = io.BytesIO()
    (np.savez_compressed if dice.random() < 0.5 else np.savez)(file, **arrays)
    data = file.getvalue()
    if dice.random() < 0.1:  # a header that promises more than there is
        data = data.replace(b"'shape': (", b"'shape': (9999999999, ", 1)
    return data


def try_folder(given: dict, place: Path) -> None:
    """Each of a folder's readers by itself: one that refuses does not spare the others. Refused: where any of them did."""
    folder = place / "runs" / "run"
    if _kept.get("folder") != given["run"]:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(trained(place)[given["run"]], folder)
        _kept["folder"] = given["run"]
    path = folder / given["file"]
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(given["data"])
    refused = None
    try:
        for look in LOOKS.get(given["file"].split("/")[0], LOOKS["config.json"]):
            try:
                look(folder)
            except LatentError as error:
                one_sentence(str(error))
                refused = error
    finally:
        path.write_bytes(before) if before is not None else path.unlink()
    if refused:
        raise refused


def sound_array(value: np.ndarray, shape: tuple, kinds: str, what: str) -> None:
    holds(
        value.shape == shape and value.dtype.kind in kinds and (value.dtype.kind != "f" or np.isfinite(value).all()),
        f"{what}: {value.shape} {value.dtype}",
    )


def look_model(folder: Path) -> None:
    checkpoint = read_checkpoint(folder)
    holds(checkpoint.range is None or all(map(math.isfinite, checkpoint.range)), f"range {checkpoint.range}")
    model = checkpoint.model()
    y = torch.zeros(2, dtype=torch.int64) if model.n_classes else None
    x = model.decode(torch.zeros(2, model.k), y=y)
    holds(
        x.shape == (2, *checkpoint.shape) and x.dtype == torch.float32 and x.isfinite().all(),
        f"decodes to {x.shape} {x.dtype}",
    )


def look_codes(folder: Path) -> None:
    checkpoint = read_checkpoint(folder)
    codes = checkpoint.codes()
    holds(codes["z"].dtype == np.float32, "z is no float32")
    sound_array(codes["z"], (len(codes["z"]), checkpoint.config.k), "f", "z")
    if "y" in codes:
        sound_array(codes["y"], (len(codes["z"]),), "i", "y")
    if "factors" in codes:
        sound_array(codes["factors"], (len(codes["z"]), len(checkpoint.factor_names)), "f", "factors")


def look_pca(folder: Path) -> None:
    checkpoint = read_checkpoint(folder)
    pca = checkpoint.pca()
    x = pca.decode(torch.zeros(1, pca.k))
    holds(
        x.shape == (1, *checkpoint.shape) and x.dtype == torch.float32 and x.isfinite().all(),
        f"PCA decodes to {x.shape} {x.dtype}",
    )
    holds(pca.explained().isfinite().all(), "explained variance is not finite")


def look_figures(folder: Path) -> None:
    lines = records.read_metrics(folder)
    for line in lines:
        holds(
            all((type(v) is float and math.isfinite(v)) or (type(v) is int and abs(v) < 2**53) for v in line.values()),
            f"figures {line!r:.300}",
        )
        holds(type(line["epoch"]) is int and line["epoch"] > 0, f"epoch {line['epoch']!r:.99}")
    try:
        found = read_checkpoint(folder)
        plain([found.measures, found.curves])
    finally:
        with mock.patch.object(runs, "SHIPPED", folder / "none"):  # their files are not the ones that are broken
            table, broken = rows()
        for sentence in broken:
            holds("\n" not in sentence and sentence.endswith("."), f"says {sentence!r}")
        for row in table:
            holds(
                all(isinstance(v, (int, float)) and abs(v) < 1e300 for v in row.figures.values()),
                f"figures {row.figures}",
            )
        differences([row.config for row in table if not row.shipped] * 2)


def look_status(folder: Path) -> None:
    found = jobs.status(folder)
    holds(found["state"] in STATES, f"state {found['state']!r}")
    holds(
        all(type(found[name]) is int and 0 <= found[name] < 1e15 for name in ("epoch", "epochs")),
        f"status {found!r:.300}",
    )
    holds(isinstance(found["message"], str), f"message {found['message']!r:.99}")
    holds(jobs.position(folder) >= 0, "position")
    with contextlib.suppress(LatentError):
        check_resumable(folder)


def look_film(folder: Path) -> None:
    from pages.sections.train.film import Film

    found = Film(folder)
    found.grow()
    plain(found.data(jobs.status(folder), 1))
    for epoch in snapshots.epochs(folder):
        with contextlib.suppress(LatentError):
            snapshots.read(folder, epoch)


def look_shown(folder: Path) -> None:
    from pages.session.models import LoadedModel, title

    item = LoadedModel(read_checkpoint(folder), 0)
    title(item.checkpoint)
    plain([item.box.low.tolist(), item.box.high.tolist(), item.box.centre.tolist()])


def look_detector(folder: Path) -> None:
    checkpoint = read_checkpoint(folder)
    detector = load_detector(folder, checkpoint.model())
    if "table" not in _kept:
        _kept["table"] = Csv(**trained_source(folder)).table()
    found = detector.score(_kept["table"])
    holds(np.isfinite(found.network.score).any() and not np.isinf(found.network.score).any(), "scores are not finite")
    scores_csv(found, _rule()), stretches_csv(found, findings(found, _rule()))


def trained_source(folder: Path) -> dict:
    """The source of the run whose table the tests scored: what config.json says may be mutated."""
    return json.loads((folder.parent.parent.parent / "trained" / "signal" / "config.json").read_text())["config"][
        "source"
    ]


def _rule():
    from ae_core.anomaly.thresholds import Rule

    return Rule()


def look_scores(folder: Path) -> None:
    from pages.components.signals.packing import pack

    found = load_scores(folder / DETECTION)
    pack(found)
    findings(found, _rule())
    findings(found, _rule(), pca=True)


def look_usefulness(folder: Path) -> None:
    found = usefulness.load_usefulness(folder)
    if found is not None:
        plain(found)
        rates = [
            (k, v) for judges in found["by_size"].values() for k, v in zip(found["sizes"], judges["probe"], strict=True)
        ]
        rates += [
            (n, sum(v) / len(v))
            for judges in found["by_labels"].values()
            for n, v in zip(found["labels"], judges["neighbours"], strict=True)
        ]
        rates += [
            (found["sizes"][-1], found["raw"]["probe"]),
            *((v, found["alike"][what]) for what, v in found["rand"].items()),
        ]
        holds(all(map(math.isfinite, (v for pair in rates for v in pair))), f"rates {rates!r:.200}")
        f"{found['fitted']:,} {found['asked']:,} {found['draws']} {found['seed']}"  # as the page writes them


def look_zip(folder: Path) -> None:
    zip_run(read_checkpoint(folder))


LOOKS = {  # what reads a file
    "config.json": (look_model, look_codes, look_pca, look_figures, look_status, look_film, look_shown, look_zip),
    "weights.safetensors": (look_model, look_shown, look_zip),
    "pca.safetensors": (look_pca,),
    "codes.npz": (look_codes, look_shown),
    "measures.json": (look_figures, look_status),
    "metrics.jsonl": (look_figures, look_status, look_film),
    "status.json": (look_status, look_film),
    "snapshots": (look_film,),
    "detector.json": (look_detector,),
    "detector.safetensors": (look_detector,),
    DETECTION: (look_scores,),
    usefulness.FILE: (look_usefulness,),
}


# ---- Zips
# --------------------------------------------------------------------------------------------------------------------

ODD_NAMES = [
    "../config.json",
    "/config.json",
    "a/../config.json",
    "a/b/config.json",
    "config.json/",
    "\\config.json",
    "..\\config.json",
    "a//config.json",
    "CONFIG.JSON",
    "./config.json",
]
ODD_NAMES += [
    "a\0/config.json",
    *[
        "con/config.json",
        "status.json",
        ".lock",
        "stop",
        "snapshots/000001.safetensors",
        "x/weights.safetensors",
        "é/config.json",
    ],
]


def parts_of(run: Path) -> list[dict]:
    return [{"name": f"run/{name}", "data": (run / name).read_bytes()} for name in KEPT if (run / name).exists()]


def zipped(parts: list[dict]) -> bytes:
    """A zip of {name, data} with what else a part says: mode (of a symlink, say), kind of packing, size (a lie in the
    headers).
    """
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")  # of names that come twice
        for part in parts:
            info = zipfile.ZipInfo(part["name"])
            info.external_attr = part.get("mode", 0o644) << 16
            info.compress_type = part.get("kind", zipfile.ZIP_STORED)
            archive.writestr(info, part["data"])
    data = file.getvalue()
    for part in parts:
        if "size" in part:
            data = data.replace(struct.pack("<L", len(part["data"])), struct.pack("<L", part["size"]))
    return data


def zip_seeds(place: Path) -> list[dict]:
    seeds = [{"parts": parts_of(folder)} for folder in trained(place).values()]
    bomb = zipfile.ZIP_DEFLATED
    picture = seeds[0]["parts"]
    for name, size in (
        ("codes.npz", 70),
        ("weights.safetensors", 60),
        ("config.json", 5),
        ("metrics.jsonl", 130),
        ("pca.safetensors", 60),
    ):
        others = [part for part in picture if not part["name"].endswith(name)]
        seeds.append({"whole": zipped([*others, {"name": name, "data": bytes(size << 20), "kind": bomb}])})
    inner = io.BytesIO()  # an array file that unpacks to much more
    with zipfile.ZipFile(inner, "w", bomb) as archive:
        archive.writestr(
            "z.npy",
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (10000000, 2), }".ljust(127)
            + b"\n"
            + bytes(80_000_000),
        )
    seeds.append(
        {
            "whole": zipped(
                [part for part in picture if "codes" not in part["name"]]
                + [{"name": "codes.npz", "data": inner.getvalue()}]
            )
        }
    )
    deep = zipped(picture)
    for _ in range(3):
        deep = zipped([{"name": "run.zip", "data": deep}])
    return [*seeds, {"whole": deep}, {"whole": zipped([{"name": f"{i}.txt", "data": b""} for i in range(5000)])}]


def wild_zip(dice: random.Random, given: dict, corpus: list[dict]) -> dict:
    given = dice.choice([other for other in corpus if "parts" in other]) if "whole" in given else given
    parts = [dict(part) for part in given["parts"]]
    for _ in range(dice.choice((1, 1, 2, 3))):
        if not parts:
            break
        part, how = dice.choice(parts), dice.random()
        if how < 0.45:
            part["data"] = wild_file(dice, {"file": part["name"], "data": part["data"]}, [])["data"]
        elif how < 0.55:
            part["name"] = dice.choice(
                (*ODD_NAMES, *KEPT, part["name"].upper(), "other/" + part["name"].split("/")[-1])
            )
        elif how < 0.65:
            part["mode"] = dice.choice((0o120777, 0o040755, 0o010644, 0o104777, 0))  # a link, a folder, a pipe, setuid
            part["data"] = dice.choice((b"/etc/passwd", b"../../secret", part["data"]))
        elif how < 0.75:
            part["kind"] = dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
        elif how < 0.85:
            part["size"] = dice.choice((0, 1, len(part["data"]) + 1, 2**31, 2**32 - 1))
        elif how < 0.95:
            parts.append(dict(part))
        else:
            parts.remove(part)
    flips = (
        dice.randrange(1 << 30) if dice.random() < 0.3 else None
    )  # on the zip's own bytes; a number, so that the parts can be mutated further
    return {"parts": parts, "flips": flips, "stem": dice.choice(("run.zip", "run.zip", *WILD_TEXT))}


def try_zip(given: dict, place: Path) -> None:
    data = given.get("whole") or zipped(given["parts"])
    if given.get("flips") is not None:
        data = wild_bytes(random.Random(given["flips"]), data, [])
    parent = place / "runs"
    parent.mkdir(exist_ok=True)
    before = tree(place)
    try:
        folder = unzip_run(data, given.get("stem", "run.zip"))
    except LatentError:
        holds(tree(place) == before, f"a refused zip left something: {sorted(set(tree(place)) ^ set(before))}")
        raise
    try:
        holds(folder.parent == parent and folder.name.isascii() and folder.name[0] != ".", f"it became {folder}")
        there = {path.name for path in folder.rglob("*")}
        holds(there <= {*KEPT, "status.json"}, f"it holds {there}")
        holds(
            all(
                path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o7111 == 0
                for path in folder.iterdir()
            ),
            "no plain files",
        )
        look_model(folder)
        if (folder / "codes.npz").exists() and (folder / "pca.safetensors").exists():
            look_codes(folder), look_pca(folder)
        look_status(folder)
    finally:
        shutil.rmtree(folder)
    holds(tree(place) == before, "a zip wrote outside its folder")


def tree(place: Path) -> dict[str, str]:
    """A digest of each file below a folder."""
    return {
        str(p.relative_to(place)): hashlib.md5(p.read_bytes()).hexdigest() if p.is_file() else ""
        for p in place.rglob("*")
        if p.name != ".lock"
    }


# ---- Pictures
# ----------------------------------------------------------------------------------------------------------------


def picture_seeds(place: Path) -> list[bytes]:
    x, y = np.meshgrid(np.arange(40), np.arange(48))
    ink = Image.fromarray((255 * (np.abs(np.hypot(x - 20, y - 24) - 12) < 3)).astype(np.uint8))
    found = []
    for kind, modes in {
        "PNG": ("L", "RGB", "RGBA", "P", "1", "I;16", "LA"),
        "JPEG": ("L", "RGB", "CMYK"),
        "GIF": ("P",),
        "BMP": ("L", "RGB"),
        "WEBP": ("RGB", "RGBA"),
    }.items():
        for mode in modes:
            file = io.BytesIO()
            ink.convert(mode).save(file, kind)
            found.append(file.getvalue())
    for kind in ("TIFF", "ICO", "TGA", "PPM", "PCX", "SGI", "EPS", "ICNS", "JPEG2000", "DDS", "IM", "MSP", "XBM"):
        with contextlib.suppress(OSError, KeyError, ValueError):
            file = io.BytesIO()
            ink.convert("1" if kind in ("MSP", "XBM") else "RGB" if kind not in ("ICO", "ICNS") else "RGBA").save(
                file, kind
            )
            found.append(file.getvalue())
    text, large, frames = PngImagePlugin.PngInfo(), io.BytesIO(), io.BytesIO()
    text.add_text("bomb", "x" * 3_000_000, zip=True)
    ink.save(large, "PNG", pnginfo=text)
    ink.save(frames, "PNG", save_all=True, append_images=[ink] * 20)
    wide = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(wide, "PNG")  # 900 million pixels in 110 kB
    tall = io.BytesIO()
    Image.new("L", (1, 4_000_000)).save(tall, "PNG")
    return [
        *found,
        large.getvalue(),
        frames.getvalue(),
        wide.getvalue(),
        tall.getvalue(),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"<svg/>",
    ]


def try_picture(data: bytes, place: Path) -> None:
    ink = read_picture(data)
    holds(ink.ndim == 2 and ink.dtype == np.float32 and ink.size <= 512 * 512, f"ink {ink.shape} {ink.dtype}")
    holds(np.isfinite(ink).all() and ink.min() >= 0 and ink.max() <= 1, "ink outside 0..1")
    for size in ((28, 28), (8, 8), (5, 40)):
        digit = as_digit(ink, size)
        holds(
            digit.shape == size
            and digit.dtype == np.float32
            and np.isfinite(digit).all()
            and digit.min() >= 0
            and digit.max() <= 1,
            f"digit {digit.shape}",
        )


# ---- status.json and metrics.jsonl
# --------------------------------------------------------------------------------------------


def metrics_seeds(place: Path) -> list[dict]:
    folder = trained(place)["picture"]
    lines, log = (folder / "status.json").read_bytes(), (folder / "metrics.jsonl").read_bytes()
    queued = {"state": "queued", "epoch": 0, "epochs": 3, "queue": ".queue-1-a", "since": 5, "message": ""}
    running = {
        "state": "running",
        "epoch": 1,
        "epochs": 3,
        "step": 4,
        "steps": 9,
        "rate": 10.5,
        "left": 3.5,
        "pid": 7,
        "message": "",
    }
    measuring = {"state": "measuring", "was": "stopped", "epoch": 1, "epochs": 3, "message": "", "pid": 7}
    states = [lines, *(json.dumps(state).encode() for state in (queued, running, measuring))]
    return [
        *({"run": "picture", "file": "status.json", "data": state} for state in states),
        {"run": "picture", "file": "metrics.jsonl", "data": log},
    ]


def try_metrics(given: dict, place: Path) -> None:
    """The same as of a folder, once as it lies there and once while a process is at work on it, with what the Train
    page makes of it.
    """
    from ae_core.base.locks import holding
    from pages.ui.wording import format_duration

    folder = place / "runs" / "run"
    if not folder.exists():
        shutil.copytree(trained(place)["picture"], folder)
    path = folder / given["file"]
    before = path.read_bytes()
    path.write_bytes(given["data"])
    try:
        for guard in (contextlib.nullcontext(True), holding(folder / LOCK)):
            with guard:
                look_status(folder)
                look_figures(folder)
                found = jobs.status(folder)
                if found["state"] == "running" and "step" in found:  # as the page writes them
                    f"{found['step']:,} of {found['steps']:,} {found['rate']:,.0f} {format_duration(found['left'])} {found['step'] / max(1, found['steps'])}"
    finally:
        path.write_bytes(before)


# ---- Links
# -------------------------------------------------------------------------------------------------------------------


def page(name: str) -> types.ModuleType:
    """A page's functions: its module without the last line, which draws it."""
    if name not in _kept:
        tree = ast.parse((ROOT / "pages" / f"{name}.py").read_text("utf-8"))
        tree.body = [
            node for node in tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        ]
        module = types.ModuleType(f"fuzzed_{name}")
        exec(compile(tree, str(ROOT / "pages" / f"{name}.py"), "exec"), module.__dict__)
        _kept[name] = module
    return _kept[name]


def items() -> dict[str, Any]:
    """A shown model of each kind: two numbers, twenty, signals, and an ordered one."""
    from pages.session.models import LoadedModel, Nested

    if "items" not in _kept:
        _kept["items"] = {
            name: LoadedModel(read_checkpoint(name), 0)
            for name in ("digits-vae-2d", "sinusoids-vae-2d", "mnist-vae-20d")
        }
        _kept["items"] |= {
            name: Nested(read_checkpoint(name))
            for name in ("mnist-nested-64d", "sinusoids-nested")
            if name in runs.checkpoints()
        }
    return _kept["items"]


def link_seeds(place: Path) -> list[dict]:
    drawn = base64.urlsafe_b64encode(bytes(64)).decode()
    where = {
        "z": "0.25,-0.5",
        "backdrop": "distance",
        "colour": "frequency",
        "hide": "1,2",
        "axes": "0,1",
        "draw": "1",
        "drawn": drawn,
    }
    morph = {"a": "3", "b": "z0.5,0.5", "path": "straight", "even": "1", "over": "1", "t": "1.25"}
    seeds = [
        {"page": "explore", "model": name, "link": where}
        for name in ("digits-vae-2d", "sinusoids-vae-2d", "mnist-vae-20d")
    ]
    for name in ("digits-vae-2d", "mnist-vae-20d"):
        seeds += [
            {"page": "morph", "model": name, "link": morph},
            {"page": "corners", "model": name, "link": {"corners": "1,2,3,4", "at": "0.5,0.25"}},
        ]
        seeds.append(
            {
                "page": "arithmetic",
                "model": name,
                "link": {
                    "a_base": "3",
                    "a_slant": "1.5",
                    "a_plus": "1",
                    "a_minus": "2",
                    "a_share": "0.5",
                    "a_others": "same",
                },
            }
        )
        seeds.append({"page": "traversals", "model": name, "link": {"v_base": "3", "v_z": "1:0.5,2:-3"}})
        seeds.append(
            {
                "page": "samples",
                "model": name,
                "link": {"s_seed": "3", "s_t": "0.5", "s_r": "0.1", "s_like": "0.5,0.5", "s_like2": "1,1"},
            }
        )
    seeds.append(
        {
            "page": "bottleneck",
            "model": "mnist-nested-64d",
            "link": {"k": "5", "bits": "8", "residual": "1", "spectrum": "1", "sample": "7", "drawn": drawn},
        }
    )
    signal_link = {"seed": "3", "complexity": "2", "noise": "0.1", "phase": "1", "frequency": "2", "k": "3"}
    seeds += [
        {"page": "bottleneck", "model": name, "link": signal_link}
        for name in ("sinusoids-nested",)
        if name in runs.checkpoints()
    ]
    seeds.append({"page": "signals", "link": {"threshold": "robust:4.5", "view": "10:200"}})
    seeds.append({"page": "train", "link": {"run": "x", "epoch": "3"}})
    form = dict(
        parse_qsl("data=digits&variant=vae&k=2&hidden=64,32&lr=0.001&beta=4&epochs=3&network=mlp&tied=true&augment=0.5")
    )
    table = dict(
        parse_qsl(
            "data=csv&file=table-0123456789.csv&columns=a,b&normal=0:40&window=8&every=0.5&encoding=utf-8&variant=nested"
        )
    )
    seeds += [
        {"page": "form", "link": form},
        {"page": "form", "link": table},
        {"page": "form", "link": {"data": "sinusoids", "complexity": "3", "noise": "0.1"}},
    ]
    parts = {
        "sample": "2",
        "drawn": drawn,
        "noise": "0.5",
        "kind": "mask",
        "k": "3",
        "seed": "5",
        "share": "0.3",
        "beta": "2",
    }
    return [*seeds, *({"page": "variants", "figure": n, "link": parts} for n in range(20))]


def wild_link(dice: random.Random, given: dict, corpus: list[dict]) -> dict:
    link = dict(given["link"])
    for _ in range(dice.choice((1, 1, 2, 4))):
        key, how = dice.choice(list(link) or ["z"]), dice.random()
        if how < 0.35:
            link[key] = dice.choice((*NUMBERS, *WILD_TEXT))
        elif how < 0.6 and link.get(key):
            parts = link[key].split(",")
            parts[dice.randrange(len(parts))] = dice.choice((*NUMBERS, *WILD_TEXT))
            link[key] = ",".join(parts * dice.choice((1, 1, 1, 2, 500)))[:LONGEST_LINK]
        elif how < 0.75:
            link[key] = wild_bytes(dice, link.get(key, "").encode("utf-8", "replace"), []).decode("utf-8", "replace")[
                :20_000
            ]
        elif how < 0.85:
            link.pop(key, None)
        else:
            other = dice.choice(corpus)["link"]
            link |= {name: other[name] for name in dice.sample(list(other), min(1, len(other)))}
    return {**given, "link": link}


class Notes:
    """Where a page writes what is wrong with its link."""

    def __init__(self):
        self.said: list[str] = []

    def info(self, text: str, icon: str = "") -> None:
        self.said.append(text)

    warning = error = info


def try_link(given: dict, place: Path) -> None:
    """The page's parser; what it gives, written into a link again, means the same. Refused: where the page says
    something of the link.
    """
    import streamlit as st

    link, notes, state = dict(given["link"]), Notes(), {}
    with mock.patch.object(st, "query_params", link), mock.patch.object(st, "session_state", state):
        LINKS[given["page"]](given, link, notes, state)
    for text in notes.said:
        shown = text.replace("\u202e", "").replace(JOINER, "")
        holds(text.endswith(".") and shown.isprintable() and len(text) < 2000, f"says {text!r:.300}")
    if notes.said:
        raise LatentError("Said.")


def round_trip(read: Callable[[], dict], write: Callable[[dict], None], link: dict, notes: Notes) -> dict:
    """What the link gives; written anew it gives the same, and nothing is said of it."""
    view = read()
    plain(view)
    link.clear()
    write(view)
    holds(all(isinstance(value, str) and value for value in link.values()), f"writes {link!r:.300}")
    said = len(notes.said)
    again = read()
    holds(len(notes.said) == said, f"says of its own link {link!r:.200}: {notes.said[-1:]!r:.200}")
    holds(alike(view, again), f"{view!r:.300} became {again!r:.300}")
    return view


def alike(a: Any, b: Any) -> bool:
    """Whether two views are the same to six digits."""
    if isinstance(a, dict) and isinstance(b, dict):
        return all(alike(a.get(key), b.get(key)) for key in {*a, *b} - {"name"})
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    return (
        math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-6)
        if isinstance(a, float) and isinstance(b, (int, float))
        else (a or None) == (b or None)
    )


def told(reads: Callable[[dict], tuple[dict, list[str]]], link: dict, notes: Notes) -> Callable[[], dict]:
    """What a page reads from the link, as a function; what does not fit is said in `notes`."""
    from pages.ui.link import warn_invalid_params

    def read() -> dict:
        view, problems = reads(link)
        warn_invalid_params(notes, problems)
        return view

    return read


def filled(link: dict, texts: dict) -> None:
    """Put what a page writes into the link."""
    link.update({name: text for name, text in texts.items() if text})


def explore_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.explore import figure

    item = items()[given["model"]]
    usual = {**figure.default_view(item), "z": item.box.centre.tolist()}
    read = told(lambda texts: figure.view_from(texts, [item]), link, notes)
    view = round_trip(lambda: {**usual, **read()}, lambda view: filled(link, figure.link_of(view, item)), link, notes)
    z = np.array(view["z"])
    holds(
        z.shape == (item.model.k,) and (z >= item.box.low - 1e-6).all() and (z <= item.box.high + 1e-6).all(), f"z {z}"
    )


def morph_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import morph

    item = items()[given["model"]]
    read = told(lambda texts: morph.view_from(texts, item), link, notes)
    view = round_trip(read, lambda view: filled(link, morph.link_of(view, item)), link, notes)
    holds(all(len(view[end]["z"]) == item.model.k for end in "ab") and -0.5 <= view["t"] <= 1.5, f"morph {view!r:.200}")


def corners_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import corners
    from pages.ui.link import write

    item = items()[given["model"]]
    read = told(lambda texts: corners.view_from(texts, item), link, notes)
    view = round_trip(read, lambda view: filled(link, write(corners.CORNERS, view, item)), link, notes)
    holds(len(view["corners"]) == 4 and len(view["at"]) == 2, f"corners {view}")


def arithmetic_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import arithmetic

    item, names = items()[given["model"]], list(arithmetic.OFFERED)
    read = told(lambda texts: arithmetic.view_from(texts, item, names), link, notes)
    round_trip(read, lambda view: filled(link, arithmetic.link_of(view, names)), link, notes)


def traversals_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import traversals
    from pages.ui.link import write

    item = items()[given["model"]]
    read = told(lambda texts: traversals.view_from(texts, item), link, notes)
    round_trip(read, lambda view: filled(link, write(traversals.TRAVERSALS, view, item)), link, notes)


def samples_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.interpolate import samples

    item = items()[given["model"]]
    read = told(lambda texts: samples.view_from(texts, [item]), link, notes)
    round_trip(read, lambda view: filled(link, samples.link_of(view)), link, notes)


def bottleneck_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.bottleneck import figure
    from pages.sections.bottleneck import link as declared

    item = items()[given["model"]]
    with mock.patch.object(declared, "samples", return_value={"count": 120}):
        read = told(lambda texts: figure.view_from(texts, item), link, notes)
        view = round_trip(read, lambda view: filled(link, figure.link_of(view, item)), link, notes)
    holds(1 <= view["k"] <= item.model.k and view["bits"] in (*range(1, 9), 32), f"view {view!r:.200}")


def signals_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from ae_core.anomaly.thresholds import Rule
    from pages.sections.signals.link import FILE, THRESHOLD, VIEW
    from pages.ui.link import read, write

    def reads(texts: dict) -> tuple[dict, list[str]]:
        view, problems = read((FILE, THRESHOLD, VIEW), texts, 500)
        rule = view.get("threshold", Rule())
        return {"threshold": [rule.kind, rule.amount], "view": list(view.get("view", ()))}, problems

    def writes(view: dict) -> None:
        rule, rows = Rule(*view["threshold"]), tuple(view["view"]) or None
        filled(link, write((THRESHOLD, VIEW), {"threshold": rule, "view": rows}, 500))

    view = round_trip(told(reads, link, notes), writes, link, notes)
    rows = view["view"]
    holds(not rows or 0 <= rows[0] < rows[1] <= 500, f"view {rows}")


def train_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.train.link import EPOCH, RUN
    from pages.ui.link import read

    view = told(lambda texts: read((RUN, EPOCH), texts, ()), link, notes)()
    holds("run" not in view and 0 <= view.get("epoch", 0) <= 10**7, f"{view}")


def form_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.train import form
    from pages.ui.link import current

    current().asked = dict(link)
    form.begin(notes)
    fields = form.all_fields(state["train-data"], state["train-variant"])
    values = {name: state.get(f"train-{name}", form.widget_value(field.default)) for name, field in fields.items()}
    for name, value in values.items():
        kind, knob = type(fields[name].default), fields[name].metadata["knob"]
        holds(isinstance(value, str if kind is tuple else kind), f"{name} is {value!r:.99}")
        if kind in (int, float):
            holds(knob.low <= value <= knob.high, f"{name} is {value}")


def variants_link(given: dict, link: dict, notes: Notes, state: dict) -> None:
    from pages.sections.variants.figures import FIGURES
    from pages.sections.variants.link import Scene, parameters
    from pages.ui.link import defaults, read, write

    scene = Scene({"variant": items()["digits-vae-2d"]}, {"count": 60})
    if "figures" not in _kept:
        _kept["figures"] = []
        for figure in FIGURES.values():
            own = parameters(figure.parameters, scene)
            with contextlib.suppress(Exception):  # one that needs models which are not among these
                defaults(own, scene)
                _kept["figures"].append(own)
    own = _kept["figures"][given["figure"] % len(_kept["figures"])]
    usual = defaults(own, scene)
    texts = told(lambda texts: read(own, texts, scene), link, notes)
    view = round_trip(lambda: {**usual, **texts()}, lambda view: filled(link, write(own, view, scene)), link, notes)
    for key, value in usual.items():
        holds(value is None or type(view[key]) is type(value), f"{key} is {view[key]!r:.99}")


LINKS = {
    "explore": explore_link,
    "morph": morph_link,
    "corners": corners_link,
    "bottleneck": bottleneck_link,
    "signals": signals_link,
    "train": train_link,
}
LINKS |= {
    "form": form_link,
    "variants": variants_link,
    "arithmetic": arithmetic_link,
    "traversals": traversals_link,
    "samples": samples_link,
}


# ---- Whole pages by their links
# ------------------------------------------------------------------------------------------------


def page_seeds(place: Path) -> list[dict]:
    """{page, link} for each page, figure and way; two runs are there to be asked for."""
    for name, folder in trained(place).items():
        if not (mine := runs.runs_folder() / name).exists():
            shutil.copytree(folder, mine)
    parsed = [seed for seed in link_seeds(place) if seed.get("model") != "mnist-vae-20d"]
    owner = {
        "form": "train",
        **dict.fromkeys(("morph", "corners", "arithmetic", "traversals", "samples"), "interpolate"),
    }
    found = []
    for seed in parsed:
        if seed["page"] == "variants":
            continue
        link = {"model": seed["model"]} if "model" in seed else {}
        mode = {"mode": seed["page"]} if owner.get(seed["page"]) == "interpolate" else {}
        found.append({"page": owner.get(seed["page"], seed["page"]), "link": {**link, **mode, **seed["link"]}})
    found += [
        {"page": "train", "link": {"run": "picture", "epoch": "2"}},
        {"page": "runs", "link": {"runs": "picture,mnist-vae-2d"}},
    ]
    found.append({"page": "signals", "link": {"run": "signal", "threshold": "rolling:3", "view": "10:200"}})
    parts = next(seed["link"] for seed in parsed if seed["page"] == "variants")
    found += [{"page": "variants", "link": {"variant": variant, **parts}} for variant in VARIANTS]
    return [*found, {"page": "explore", "link": {"model": "digits-vae-2d", "beside": "picture", "present": "1"}}]


def try_page(given: dict, place: Path) -> None:
    """The page as a visitor opens it by this link. Refused: where it says that something is wrong."""
    before = tree(runs.runs_folder())
    at = opened(given["page"], None, 4 * SECONDS, **given["link"])
    holds(not at.exception, f"{given['page']}: {[e.message for e in at.exception]!r:.400}")
    holds(before == tree(runs.runs_folder()), f"{given['page']} changed the runs")
    said = [element.value for element in (*at.error, *at.warning)]
    for text in said:
        holds(
            text.rstrip("*").endswith((".", "?")) and len(text) < 2000 and "Traceback" not in text,
            f"{given['page']} says {text!r:.300}",
        )
    if said:
        raise LatentError("Said.")


# ---- The loop
# ------------------------------------------------------------------------------------------------------------------


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


class Coverage:
    """The lines of the program that were reached while it is on; `news` says whether there were new ones since it was
    asked last.
    """

    def __init__(self):
        self.lines: set[tuple[Any, int]] = set()
        self.known: dict[Any, bool] = {}
        self.before = 0

    def __call__(self, frame: types.FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code not in self.known:
            self.known[code] = code.co_filename.startswith((f"{ROOT}/ae_core", f"{ROOT}/pages"))
        return self.line if self.known[code] else None

    def line(self, frame: types.FrameType, event: str, _: Any) -> Any:
        self.lines.add((frame.f_code, frame.f_lineno))
        return self.line

    def news(self) -> bool:
        before, self.before = self.before, len(self.lines)
        return self.before > before

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self)
        threading.settrace(self)
        try:
            yield
        finally:
            sys.settrace(before)
            threading.settrace(before)


def memory(what: str) -> int:
    """kB that this process holds (VmRSS), held at most (VmHWM) or has addressed (VmSize)."""
    return int(re.search(rf"{what}:\s+(\d+)", Path("/proc/self/status").read_text())[1])


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """TooSlow in what takes longer; where that is a hang in C, the process ends."""

    def over(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(4 * seconds, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def quiet() -> Iterator[Callable[[], str]]:
    """Catch what is written to the terminal, by C too; gives what that was since it was asked last."""
    with tempfile.TemporaryFile() as file:
        kept = [os.dup(number) for number in (1, 2)]
        sys.stdout.flush(), sys.stderr.flush()
        for number in (1, 2):
            os.dup2(file.fileno(), number)

        def said() -> str:
            sys.stdout.flush(), sys.stderr.flush()
            size = file.seek(0, 2)
            file.seek(0)
            text = file.read().decode(errors="replace") if size else ""
            file.truncate(0)
            file.seek(0)
            return text

        try:
            yield said
        finally:
            for number, old in zip((1, 2), kept, strict=True):
                os.dup2(old, number)
                os.close(old)


@contextlib.contextmanager
def without_logs() -> Iterator[None]:
    """Streamlit writes that it runs without a server."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


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
    _kept.clear()
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


def table_of(found: list[dict]) -> str:
    lines = [
        f"{'part':10}{'inputs':>8}{'accepted':>10}{'refused':>9}{'slowest ms':>12}{'kept':>6}{'lines':>7}{'broken':>8}"
    ]
    lines += [
        f"{f['part']:10}{f['inputs']:8,}{f['accepted']:10,}{f['refused']:9,}{f['slowest_ms']:12,.0f}{f['kept']:6,}{f['lines']:7,}{len(f['broken']):8,}"
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
