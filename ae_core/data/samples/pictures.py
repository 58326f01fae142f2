"""Pictures in a zip or a folder: PNG or JPEG, a folder for each class, made equal in size."""

import functools
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from ...base.errors import LatentError
from ...base.text import plural
from .collection import Collection, check_volume

ENDINGS = (".png", ".jpg", ".jpeg")
MAX_FILES = 50_000
MAX_UNPACKED = 2_000_000_000  # bytes
MAX_FILE = 50_000_000
MAX_PIXELS = 40_000_000  # of a picture before it is made smaller
MIN_SIDE, MAX_SIDE = 16, 64
Opener = tuple[str, Callable[[], bytes]]  # (path inside the zip or folder, its bytes)


def parts_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of a zip that count. Raises LatentError for one with too many, too large, locked or zips inside."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise LatentError(f"The zip holds {len(entries):,} files, and at most {MAX_FILES:,} are read: bring a part.")
    parts = [
        part
        for part in entries
        if not part.is_dir()
        and "__MACOSX" not in part.filename
        and PurePosixPath(part.filename).name[:1] != "."
        and not stat.S_ISLNK(part.external_attr >> 16)
    ]
    if any(part.flag_bits & 1 for part in parts):
        raise LatentError("The zip is locked by a password: unpack it and zip it again without one.")
    if any(part.filename.lower().endswith((".zip", ".tar", ".gz", ".7z", ".rar")) for part in parts):
        raise LatentError("There is a packed file inside the zip: unpack it, and zip the samples themselves.")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise LatentError("The zip would unpack to more than 2 GB: bring a part of it.")
    return parts


def in_zip(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> list[Opener]:
    """The pictures of a zip."""
    return [(p.filename, functools.partial(archive.read, p)) for p in parts if p.filename.lower().endswith(ENDINGS)]


def in_folder(folder: Path) -> list[Opener]:
    """The pictures of a folder. Raises LatentError where there are too many."""
    openers: list[Opener] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS and path.name[0] != "." and path.is_file():
            openers.append((path.relative_to(folder).as_posix(), path.read_bytes))
        if len(openers) > MAX_FILES:
            raise LatentError(f"The folder holds more than {MAX_FILES:,} pictures: bring a part of it.")
    return openers


def read_pictures(openers: list[Opener], side: int = 0, colour: str = "") -> Collection:
    """Pictures as (N, 1 or 3, side, side) bytes. side: 0 to find out; colour: "grey", "colour" or "" to find out.

    One that cannot be read is left out and said. Raises LatentError where there are none, or one is too large.
    """
    if not openers:
        raise LatentError(
            "There are no PNG or JPEG pictures in it, and no table: bring pictures, a folder for each class."
        )
    openers = sorted(openers, key=lambda opener: opener[0])
    some = [size for name, read in openers[:: max(1, len(openers) // 100)] if (size := _size(name, read()))]
    if not some:
        raise LatentError("None of the pictures can be read: they are damaged, or no PNG or JPEG.")
    native = len(set(some)) == 1 and max(some[0]) <= MAX_SIDE and not side
    side = side or int(np.clip(np.median([min(size) for size in some]), MIN_SIDE, MAX_SIDE))
    shape = (some[0][1], some[0][0]) if native else (side, side)
    check_volume(len(openers), 3 * shape[0] * shape[1])
    pictures = np.empty((len(openers), 3, *shape), np.uint8)
    kept: list[str] = []
    for name, read in openers:
        picture = _decoded(name, read(), shape)
        if picture is not None:
            pictures[len(kept)] = picture
            kept.append(name)
    return _collected(pictures[: len(kept)], kept, len(openers) - len(kept), colour, some)


def _collected(pictures: np.ndarray, names: list[str], damaged: int, colour: str, sizes: list[Any]) -> Collection:
    if not len(pictures):
        raise LatentError("None of the pictures can be read: they are damaged, or no PNG or JPEG.")
    some = pictures[:: max(1, len(pictures) // 500)].astype(int)
    grey = colour == "grey" or (not colour and np.abs(some - some.mean(1, keepdims=True)).mean() < 2)
    if grey:
        pictures = np.stack([_grey(picture) for picture in pictures])
    collection = Collection(pictures, "pictures", ids=tuple(names))
    what = "grey levels" if grey else "colour"
    height, width = pictures.shape[2:]
    mixed = len(set(sizes)) > 1 or sizes[0] != (width, height)
    note = f"{plural(len(pictures), 'picture')} in {what}, {width}×{height} pixels"
    cut = ", cut square and made smaller from other sizes" if mixed else ""
    collection.note("kind", "pictures", f"{note}{cut}.")
    if damaged:
        collection.note("left_out", damaged, f"{plural(damaged, 'picture')} could not be read and "
                                        f"{'is' if damaged == 1 else 'are'} left out.")  # fmt: skip
    folders = [PurePosixPath(name).parent.as_posix() for name in names]
    if len(set(folders)) > 1:
        labels = _innermost(folders)
        collection.set_classes(labels, "folder", False)
    return collection


def _grey(picture: np.ndarray) -> np.ndarray:
    """A picture (3, H, W) in grey levels, (1, H, W), of the same kind of numbers."""
    grey = np.tensordot(np.array([0.299, 0.587, 0.114], np.float32), picture, (0, 0))[None]
    return grey.round().astype(np.uint8) if picture.dtype == np.uint8 else grey


def as_said(collection: Collection, side: int, colour: str) -> Collection:
    """Pictures of a table or an array as large, and in grey levels, as is said; what is smaller stays as it is. side: 0
    for any; colour: "grey", or anything else for what is there.
    """
    if collection.kind != "pictures":
        return collection
    if colour == "grey" and collection.values.shape[1] == 3:
        collection.values = np.stack([_grey(picture) for picture in collection.values])
    if side and max(collection.values.shape[2:]) > side:
        collection.values = np.stack([resized(picture, side) for picture in collection.values])
        collection.note("side", side, f"The pictures are made smaller: {side}×{side} pixels.")
    return collection


def _innermost(folders: list[str]) -> list[str]:
    """Names of classes: the last part of each folder, unless two folders share it and differ before."""
    last = [PurePosixPath(folder).name for folder in folders]
    halves = {"train", "test", "val", "valid", "training", "testing"}
    if {name.lower() for name in last} <= halves:
        return [PurePosixPath(folder).parent.name or "all" for folder in folders]
    return last


def _size(name: str, data: bytes) -> tuple[int, int] | None:
    """(width, height) of a picture by its head; None where it is none. Raises LatentError for one that is too large."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            size = picture.size
    except Image.DecompressionBombError:
        raise LatentError(f"The picture {name[-60:]!r} is far too large: make it smaller first.") from None
    except (OSError, ValueError, SyntaxError, EOFError):
        return None
    if size[0] * size[1] > MAX_PIXELS or len(data) > MAX_FILE:
        raise LatentError(
            f"The picture {name[-60:]!r} has {size[0]:,}×{size[1]:,} pixels, and at most {MAX_PIXELS:,} are read: "
            "make it smaller first."
        )
    return size


def _decoded(name: str, data: bytes, shape: tuple[int, int]) -> np.ndarray | None:
    """A picture cut to the shape's proportions and made that small, (3, H, W) bytes; None where it is damaged."""
    from PIL import Image, ImageOps

    if _size(name, data) is None:
        return None
    size = (shape[1], shape[0])
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            picture.draft("RGB", (2 * size[0], 2 * size[1]))  # JPEG alone: decoded in a fraction of the time
            turned = ImageOps.exif_transpose(picture)
            if "A" in turned.getbands() or "transparency" in turned.info:
                turned = turned.convert("RGBA")
                turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
            if turned.mode.startswith("I"):  # 16 bits
                turned = Image.fromarray((np.asarray(turned) / 257).clip(0, 255).astype(np.uint8))
            turned = turned.convert("RGB")
            if turned.size != size:
                turned = ImageOps.fit(turned, size, Image.Resampling.BOX)
            return np.moveaxis(np.asarray(turned), -1, 0)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None


def resized(picture: np.ndarray, most: int) -> np.ndarray:
    """A picture (C, H, W) of bytes or float32 cut square and made `most` wide."""
    from PIL import Image, ImageOps

    planes = [ImageOps.fit(Image.fromarray(plane), (most, most), Image.Resampling.BOX) for plane in picture]
    return np.stack([np.asarray(plane) for plane in planes])
