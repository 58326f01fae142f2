"""Files that are packed: what is in a gzip, bzip2 or xz file, a zip of one table, or an Excel workbook."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from typing import IO, Any

from ..base.errors import LatentError
from .workbook import first_sheet, is_workbook

MOST = 2_000_000_000  # bytes that anything unpacks to
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
STREAMS: dict[bytes, tuple[str, Callable[[IO[bytes]], Any]]] = {
    b"\x1f\x8b": ("gzip", lambda file: gzip.GzipFile(fileobj=file)),
    b"BZh": ("bzip2", bz2.BZ2File),
    b"\xfd7zXZ": ("xz", lzma.LZMAFile),
}
OTHERS = {b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"\xd0\xcf\x11\xe0": "an old Excel file"}
TABLES = (
    *(".csv", ".tsv", ".tab", ".txt", ".dat", ".log", ".asc", ".data", ".json", ".jsonl", ".ts", ".arff", ".lvm"),
    ".parquet",
)


class NoTableError(LatentError):
    """A zip that holds no table, or several: pictures, arrays, a folder."""


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with these bytes is packed, whatever its name says."""
    return head.startswith((*ZIP, *STREAMS, *OTHERS))


def unpacked(data: bytes, most: int | None = None) -> bytes:
    """The bytes of the table in a packed file; `data` itself where it is none.

    most: bytes that it may unpack to. Raises LatentError, one sentence, for what is damaged, holds no table or several,
    or unpacks to more.
    """
    most = min(most or MOST, MOST)
    if data.startswith(ZIP):
        return _of_zip(data, most)
    for magic, (kind, opened) in STREAMS.items():
        if data.startswith(magic):
            return _once(_stream(opened(io.BytesIO(data)), kind, most))
    for magic, kind in OTHERS.items():
        if data.startswith(magic):
            raise LatentError(f"This is a packed file ({kind}) whatever its name says: unpack it, or save it as CSV.")
    return data


def _once(data: bytes) -> bytes:
    if is_packed(data[:8]):
        raise LatentError("There is a packed file inside the packed file: unpack it once, and bring what is in it.")
    return data


def _stream(file: IO[bytes], kind: str, most: int) -> bytes:
    try:
        plain = file.read(most + 1)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise LatentError(f"The {kind} file is cut off, or damaged: make or download it again.") from error
    if len(plain) > most:
        raise LatentError(f"The {kind} file unpacks to more than {most / 1e6:,.0f} MB: bring a part of it.")
    return plain


def _of_zip(data: bytes, most: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if is_workbook(archive):
                return first_sheet(data)
            parts = [
                part for part in archive.infolist()
                if not part.is_dir() and not part.filename.startswith(("__MACOSX/", "."))
            ]  # fmt: skip
            tables = [part for part in parts if part.filename.lower().endswith(TABLES)]
            if len(tables) != 1:
                many = f"{len(tables)} tables" if tables else "no table"
                raise NoTableError(f"The zip holds {many}: unpack it, and bring one file.")
            with archive.open(tables[0]) as file:
                return _once(_stream(file, "zip", most))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, LatentError):
            raise
        raise LatentError("The zip is cut off, damaged, or packed in an unusual way: make it again.") from error
