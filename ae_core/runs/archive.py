"""A run as one file to take along, and back: a zip of its recipe, weights, codes and figures."""

import contextlib
import io
import os
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from ..base import limits
from ..base.budget import ask, in_words
from ..base.errors import LatentError
from ..base.files import MAX_JSON_BYTES, read_json, write_json
from ..base.owners import PRIVATE
from ..data.csv.uploads import own_name
from .card import CARD, card, write_card
from .checkpoint import MAX_CODES_BYTES, Checkpoint, read_checkpoint
from .folder import NAME, free_name, runs, runs_folder
from .records import MAX_METRICS_BYTES, epochs_made
from .status import write_status

KEPT = (
    "config.json",
    "weights.safetensors",
    "pca.safetensors",
    "codes.npz",
    "measures.json",
    "metrics.jsonl",
    "classifier.safetensors",
    "detector.json",
    "detector.safetensors",
    "threshold.json",
    "judged.jsonl",
)
NEEDED = KEPT[:2]
MAX_ZIP_BYTES = 500 << 20  # packed and unpacked
# Of a file of this kind, unpacked; of others MAX_ZIP_BYTES
MAX_FILE_BYTES = {".json": MAX_JSON_BYTES, ".jsonl": MAX_METRICS_BYTES, ".npz": MAX_CODES_BYTES}
# That a byte of such a file takes while it is read: its tensors, those in full precision, and their check.
READ_BYTES = {".safetensors": 4, ".npz": 4, ".json": 10}  # of lines only the end is read
PACKED = ".packed.zip"  # in a folder that is arriving
FOREIGN = "This is no run that this program packed: "
ENCRYPTED = 1  # the bit of a part's flags
# What zipfile raises for what it cannot read: NotImplementedError for a version that it does not know.
UNREADABLE_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError)


def zip_run(checkpoint: Checkpoint) -> bytes:
    """The run as a zip file. What else lies in its folder, to go on training or to replay it, stays behind."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # weights hardly shrink
        archive.writestr(f"{checkpoint.name}/{CARD}", card(checkpoint))
        for name in KEPT:
            if (checkpoint.folder / name).is_file():
                archive.write(checkpoint.folder / name, f"{checkpoint.name}/{name}")
    return file.getvalue()


def unzip_run(data: bytes, stem: str, call: Callable[..., object] = lambda function, *given: function(*given)) -> Path:
    """Make a run, called `stem` or stem-2, …, of what `zip_run` gave; returns its folder.

    Only files of known names are taken, none is written outside a fresh folder, sizes are checked before a byte is
    unpacked, nothing is unpickled, and the run appears only when it could be read.

    call: calls a function that unpacks and reads all of it, elsewhere where this process must not: see `jobs.lane`.

    Raises:
        LatentError: for anything that `zip_run` did not give, or where a limit (see `limits`) is reached.
    """
    limits.check_size(len(data))
    limits.check_run_count(len(runs()))
    limits.check_disk_space(runs_folder())
    stem = _as_name(stem)
    arriving = runs_folder().absolute() / f".arriving-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        arriving.mkdir(parents=True)
        (arriving / PACKED).write_bytes(data)  # by a file, so that it is in no other process' memory
        call(unpack, arriving)
        _forget_paths(arriving)
        folder = _rename_to_free(arriving, stem)
        write_card(read_checkpoint(folder))
        return folder
    except LatentError as error:
        raise LatentError(str(error).replace(f"{arriving}/", "").replace(str(arriving), stem)) from error
    except UNREADABLE_ZIP as error:
        raise LatentError(f"{FOREIGN}it is no zip file, or damaged.") from error
    except OSError as error:
        raise LatentError(f"The run cannot be kept in {runs_folder()} ({error.strerror or error}).") from error
    finally:
        shutil.rmtree(arriving, ignore_errors=True)


def unpack(folder: Path) -> None:
    """Unpack the zip file that lies in a folder into it, and read everything. Raises LatentError, or what a file that
    is no zip makes its reader raise.
    """
    with zipfile.ZipFile(folder / PACKED) as archive:
        parts = _checked_parts(archive)
        ask(
            run_bytes({name: part.file_size for name, part in parts.items()}),
            f"Reading a run of {in_words(sum(part.file_size for part in parts.values()))} needs",
            "bring one of a smaller network",
        )
        for name, part in parts.items():
            _extract(archive, part, folder / name)
    (folder / PACKED).unlink()
    _check_run(folder)


def run_bytes(sizes: Mapping[str, int]) -> int:
    """What reading a run takes, of these sizes of its files in bytes: they are read one after another."""
    return max(READ_BYTES.get(Path(name).suffix, 0) * size for name, size in sizes.items())


def _as_name(stem: str) -> str:
    """A file's name as a run's: what no run may be called becomes dashes."""
    ours = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in Path(stem).stem)
    name = re.sub("__+", "_", ours).lstrip(".-_")[:60]
    return name if re.fullmatch(NAME, name) and name.lower() != PRIVATE else "run"


def _checked_parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts of a zip file that belong to a run, by name, as its directory lists them: nothing is unpacked yet.

    LatentError where one is there twice, missing, too large or packed in another way.
    """
    parts: dict[str, zipfile.ZipInfo] = {}
    for part in archive.infolist():
        *folders, name = part.filename.split("/")
        if name not in KEPT or len(folders) > 1 or {"", "..", "."}.intersection(folders):
            continue
        if name in parts:
            raise LatentError(f"{FOREIGN}it holds {name} twice.")
        if part.file_size > (limit := MAX_FILE_BYTES.get(Path(name).suffix, MAX_ZIP_BYTES)):
            raise LatentError(f"{FOREIGN}{name} would unpack to more than {limit >> 20} MB.")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise LatentError(f"{FOREIGN}{name} is packed in another way than ours.")
        if part.flag_bits & ENCRYPTED:
            raise LatentError(f"{FOREIGN}it is no zip file, or damaged.")
        parts[name] = part
    if missing := [name for name in NEEDED if name not in parts]:
        raise LatentError(f"{FOREIGN}{missing[0]} is not in it.")
    if sum(part.file_size for part in parts.values()) > MAX_ZIP_BYTES:
        raise LatentError(f"{FOREIGN}it would unpack to more than {MAX_ZIP_BYTES >> 20} MB.")
    return parts


def _extract(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    """Unpack a part into a file."""
    with archive.open(part) as source, path.open("wb") as target:
        left = part.file_size + 1  # what the zip says of itself may be a lie
        while left > 0 and (block := source.read(min(left, 1 << 20))):
            target.write(block)
            left -= len(block)


def _check_run(folder: Path) -> None:
    """Read everything in a run's folder, and write its status: done where all is there, else stopped. LatentError where
    something cannot be read.
    """
    checkpoint = read_checkpoint(folder)
    checkpoint.model()
    complete = (folder / "codes.npz").exists() and (folder / "pca.safetensors").exists()
    if complete:
        checkpoint.codes()
        checkpoint.pca()
        checkpoint.check_measures()
    _ = checkpoint.measures, checkpoint.curves
    epochs = checkpoint.config.epochs
    made = min(epochs_made(folder), epochs)
    write_status(folder, "done" if complete else "stopped", epoch=made, epochs=epochs)


def _rename_to_free(folder: Path, stem: str) -> Path:
    """Call a folder `stem`, or stem-2, …; OSError where that cannot be."""
    for _ in range(20):
        with contextlib.suppress(OSError):  # somebody else may take the name just before
            return folder.rename(runs_folder() / free_name(stem))
    return folder.rename(runs_folder() / free_name(stem))


def _forget_paths(folder: Path) -> None:
    """A foreign recipe may name a table by a path: only its name is kept, which leads to an upload of whoever brings it
    or to nothing.
    """
    about = read_json(folder / "config.json")
    with contextlib.suppress(KeyError, TypeError, AttributeError):
        about.pop("command", None)  # it is made anew of the recipe: a foreign one might do anything in a shell
        if about["config"]["source"].get("file"):
            about["config"]["source"]["file"] = own_name(about["config"]["source"]["file"])
        write_json(folder / "config.json", about)
