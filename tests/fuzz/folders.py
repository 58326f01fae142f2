"""Run folders with a file altered, and all that reads them."""

import contextlib
import io
import json
import math
import random
import shutil
import struct
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from safetensors.torch import load, save

from ae_core import LatentError, read_checkpoint
from ae_core.anomaly.findings import findings
from ae_core.anomaly.report import scores_csv, stretches_csv
from ae_core.anomaly.storage import DETECTION, load_detector
from ae_core.anomaly.storage import load_detection as load_scores
from ae_core.data.csv.source import Csv
from ae_core.jobs.queue import check_resumable, jobs
from ae_core.runs import folder as runs
from ae_core.runs import records
from ae_core.runs import representation as usefulness
from ae_core.runs.archive import zip_run
from ae_core.runs.overview import differences, rows
from ae_core.runs.status import STATES
from ae_core.training import snapshots

from .mutations import WILD_TEXT, wild_bytes, wild_json
from .rules import holds, one_sentence, plain
from .trained import CACHE, trained


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
    """Each of a folder's readers by itself: one that refuses does not spare the others. Refused: where any did."""
    folder = place / "runs" / "run"
    if CACHE.get("folder") != given["run"]:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(trained(place)[given["run"]], folder)
        CACHE["folder"] = given["run"]
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
    if "table" not in CACHE:
        CACHE["table"] = Csv(**trained_source(folder)).table()
    found = detector.score(CACHE["table"])
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
