"""What a file holds is told by its bytes, never by its name; a folder holds pictures."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

from ...base.errors import LatentError
from ...io.workbook import first_sheet, is_workbook
from ..csv.text import existing_file
from .arrays import is_idx, of_arrays, read_archive, read_array, read_idx
from .collection import MAX_VALUES, Collection
from .pictures import ENDINGS, as_said, in_folder, in_zip, parts_of, read_pictures
from .series import is_series, read_series
from .tables import read_samples_table

MAX_BYTES = 2_000_000_000
TABLES = (".csv", ".tsv", ".txt", ".ts", ".dat", ".npy", ".parquet")


def read_collection(file: str | Path | bytes, **said: Any) -> Collection:
    """The samples in a file, given by path or bytes, or in a folder of pictures.

    said: label, group, kind, lengths, side, colour, and what csv's `Options` take; see the knobs of `Samples`. Raises
    LatentError, one sentence, for what holds none.
    """
    return as_said(_read(file, said), said.get("side", 0), said.get("colour", ""))


def _read(file: str | Path | bytes, said: dict[str, Any]) -> Collection:
    if not isinstance(file, bytes):
        path = Path(file)
        if path.is_dir():
            return read_pictures(in_folder(path), said.get("side", 0), said.get("colour", ""))
        path = existing_file(file)
        if path.stat().st_size > MAX_BYTES:
            raise LatentError(
                f"The file has {path.stat().st_size / 1e9:.1f} GB, more than is read: bring a part of it."
            )
        data = path.read_bytes()
        if is_idx(data[:16] if data[:2] != b"\x1f\x8b" else _unzipped(data)[:16]):
            return _idx_pair(path, data, said.get("kind", ""))
        return _of_bytes(data, said)
    return _of_bytes(file, said)


def _unzipped(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            plain = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError) as error:
        raise LatentError("The .gz file is cut off, or damaged: download it again.") from error
    if len(plain) > MAX_BYTES:
        raise LatentError("The .gz file would unpack to more than 2 GB: bring a part of it.")
    return plain


def _of_bytes(data: bytes, said: dict[str, Any]) -> Collection:
    kind = said.get("kind", "")
    if data[:2] == b"\x1f\x8b":
        data = _unzipped(data)
        if data[:2] in (b"\x1f\x8b", b"PK"):
            raise LatentError("There is a packed file inside the packed file: unpack it once, and bring what is in it.")
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _of_zip(data, said)
    if data[:6] == b"\x93NUMPY":
        return of_arrays(read_array(data), None, kind)
    if is_idx(data):
        return of_arrays(read_idx(data), None, kind)
    if data[:8] == b"\x89PNG\r\n\x1a\n" or data[:3] == b"\xff\xd8\xff":
        raise LatentError("This is one picture: bring a zip of many, with a folder for each class.")
    if data[:2] == b"\x80\x04" or data[:2] == b"\x80\x03":
        raise LatentError(
            "This is a pickle, which could run programs: it is not read; save the arrays with numpy.savez."
        )
    if is_series(data):
        return read_series(data, said.get("lengths", ""))
    table = {name: value for name, value in said.items() if name not in ("lengths", "side", "colour")}
    return read_samples_table(data, **table)


def _of_zip(data: bytes, said: dict[str, Any]) -> Collection:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise LatentError("The zip is cut off, or damaged: make or download it again.") from error
    with archive:
        try:
            return _of_parts(archive, data, said)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise LatentError("The zip is damaged, or packed in an unusual way: make it again.") from error


def _of_parts(archive: zipfile.ZipFile, data: bytes, said: dict[str, Any]) -> Collection:
    parts = parts_of(archive)
    names = [part.filename for part in parts]
    if is_workbook(archive):
        return _of_bytes(first_sheet(data, MAX_VALUES), said)
    if names and all(name.endswith(".npy") for name in names):
        return read_archive(archive, said.get("kind", ""))
    if not any(name.lower().endswith(ENDINGS) for name in names):
        tables = [part for part in parts if part.filename.lower().endswith(TABLES)]
        idx = {name: archive.read(name) for name in names if "idx" in name.lower()}
        images = [name for name in sorted(idx) if is_idx(idx[name]) and idx[name][3] >= 3]
        if images:
            labels = idx.get(_labels_name(images[0]))
            return of_arrays(read_idx(idx[images[0]]), read_idx(labels) if labels else None, said.get("kind", ""))
        if len(tables) == 1:
            return _of_bytes(archive.read(tables[0]), said)
        if tables:
            raise LatentError(f"The zip holds {len(tables)} tables: unpack it, and bring one of them.")
    return read_pictures(in_zip(archive, parts), said.get("side", 0), said.get("colour", ""))


def _labels_name(images: str) -> str:
    return images.replace("images", "labels").replace("idx3", "idx1")


def _idx_pair(path: Path, data: bytes, kind: str) -> Collection:
    """Pictures of an IDX file, with the classes of the file beside it whose name says labels instead of images."""
    beside = path.with_name(_labels_name(path.name))
    labels = None
    if beside != path and beside.is_file():
        packed = beside.read_bytes()
        labels = read_idx(_unzipped(packed) if packed[:2] == b"\x1f\x8b" else packed)
    return of_arrays(read_idx(_unzipped(data) if data[:2] == b"\x1f\x8b" else data), labels, kind)
