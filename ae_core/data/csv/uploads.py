"""Tables that were given to the page: kept under safe names."""

import contextlib
import hashlib
import io
import os
import re
import time
from pathlib import Path

from ...base import limits
from ...base.errors import LatentError
from ...base.owners import OWNER, PRIVATE, own
from ...base.text import ascii_name
from ...io.packed import NoTableError, unpacked
from .. import data_folder

SCORED = "scored"  # the folder of scores, beside the tables
CHECKSUM_DIGITS = 10
UPLOAD = rf"({PRIVATE}/{OWNER}/)?[a-z0-9][a-z0-9-]*-[0-9a-f]{{10}}\.csv"  # a name that `keep_upload` gives


def uploads_folder() -> Path:
    """Where the page keeps the files that were given to it; the knob `file` names them from here."""
    return data_folder() / "uploads"


def keep_upload(data: bytes, name: str) -> str:
    """Store `data` under a safe name made of `name` and its own checksum; return that name, for the knob `file`.

    Where uploads are private (see `owners`) the name begins with the folder of whoever asks. The same bytes under the
    same name are stored once. A half-written file is never seen. The oldest give way where more are kept than
    `limits.FILES`. LatentError where it is larger than a page takes, or cannot be written.
    """
    limits.check_size(len(data))
    data = plain_upload(data)
    limits.check_rows(_rows(data))
    folder = own(uploads_folder())
    stem = ascii_name(Path(name.replace("\\", "/")).stem).lower() or "table"
    kept = f"{stem}-{hashlib.sha256(data).hexdigest()[:10]}.csv"
    path, beside = folder / kept, folder / f".{kept}.{os.getpid()}-{os.urandom(4).hex()}"
    try:
        if path.exists():
            with contextlib.suppress(OSError):  # another account's
                os.utime(path)  # somebody still wants it
        else:
            limits.check_disk_space(folder)
            folder.mkdir(parents=True, exist_ok=True)
            make_room(folder, len(data))
            try:
                beside.write_bytes(data)
                os.replace(beside, path)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise LatentError(
            f"The table cannot be kept ({error.strerror or error}): LATENT_DATA names a folder that can be written."
        ) from error
    return path.relative_to(uploads_folder()).as_posix()


def plain_upload(data: bytes) -> bytes:
    """What is in a packed table; what holds no one table, such as a zip of pictures, as it is."""
    try:
        return unpacked(data, limits.MEGABYTES() * 1_000_000)
    except NoTableError:
        return data


def _rows(data: bytes) -> int:
    """Rows of a table that came as bytes, as far as that is known before it is read: lines without a heading; those of
    Parquet.
    """
    if data[:4] == b"PAR1":
        import pyarrow as pa
        from pyarrow import parquet

        try:
            return parquet.read_metadata(io.BytesIO(data)).num_rows
        except (pa.ArrowException, OSError):  # its reader says what is wrong
            return 0
    return max(data.count(b"\n"), data.count(b"\r")) - 1


def make_room(folder: Path, size: int = 0) -> None:
    """Remove the files of `folder` that were kept longest ago, until one more of so many bytes makes no more than
    `limits.FILES` and, with the scores beside them, no more than `limits.KEPT`; and those older than `limits.DAYS`.
    """
    kept = []
    for file in folder.iterdir():
        with contextlib.suppress(OSError):  # somebody may just have removed it
            if file.name[0] != "." and file.is_file():
                kept.append((file.stat().st_mtime, file.stat().st_size, file))
    kept.sort(reverse=True)
    scores = folder / SCORED
    whole = size + (sum(file.stat().st_size for file in scores.iterdir()) if scores.is_dir() else 0)
    for number, (mtime, its_size, file) in enumerate(kept):
        whole += its_size
        old = limits.DAYS() and time.time() - mtime > limits.DAYS() * 86_400
        if old or number >= limits.FILES() - 1 or whole > limits.KEPT() * 1_000_000:
            file.unlink(missing_ok=True)


def forget_upload(name: str) -> None:
    """Remove a table that was kept of whoever asks, and every score of it. LatentError where it is none of theirs."""
    if not is_upload(name):
        raise LatentError("This table is not among yours, or it is gone already.")
    path = uploads_folder() / name
    try:
        path.unlink(missing_ok=True)
        for scores in (path.parent / SCORED).glob(f"{path.stem[-CHECKSUM_DIGITS:]}-*"):
            scores.unlink(missing_ok=True)
    except OSError as error:
        raise LatentError(f"The table cannot be removed ({error.strerror or error}).") from error


def is_upload(name: str) -> bool:
    """Whether `name` is one that `keep_upload` gave to whoever asks, and the file is there: what the web page may read
    for a foreign run or link.
    """
    if not re.fullmatch(UPLOAD, name):
        return False
    path = uploads_folder() / name
    return path.parent == own(uploads_folder()) and os.path.isfile(path) and not path.is_symlink()


def upload_or_path(file: str) -> Path:
    """The upload of that name, or else what lies at that path."""
    kept = uploads_folder() / file
    is_kept = file and (file == kept.name or re.fullmatch(UPLOAD, file)) and kept.is_file()
    return kept if is_kept else Path(file)


def file_label(name: str) -> str:
    """What a person calls a file: the name of an upload without its checksum, of any other without its folder.

    >>> file_label("pump-1-0123456789.csv"), file_label("/data/Pump 1.csv")
    ('pump-1', 'Pump 1')
    """
    stem = Path(name.replace("\\", "/")).stem
    return stem[: -len("-0123456789")] if re.fullmatch(UPLOAD, name) else stem


def own_name(name: str) -> str:
    """The upload of that name, whatever folder it lay in, as one of whoever asks."""
    return (own(uploads_folder()) / Path(name).name).relative_to(uploads_folder()).as_posix()
