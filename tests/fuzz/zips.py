"""Zips of runs."""

import io
import random
import shutil
import struct
import warnings
import zipfile
from pathlib import Path

from ae_core import LatentError
from ae_core.runs.archive import KEPT, unzip_run

from .folders import look_codes, look_model, look_pca, look_status, wild_file
from .mutations import WILD_TEXT, wild_bytes
from .rules import holds, tree
from .trained import trained

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
        holds(there <= {*KEPT, "status.json", "README.md"}, f"it holds {there}")
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
