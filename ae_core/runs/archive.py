"""A run as one file to take along, and back: a zip of its recipe, weights, codes and figures."""

import contextlib
import io
import os
import shutil
import zipfile
from pathlib import Path

from ..base import limits
from ..base.errors import LatentError
from ..base.files import MAX_JSON_BYTES, read_json, write_json
from ..data.csv.source import own_name
from .folder import (
    DAMAGED,
    MOST_ARRAYS,
    MOST_LINES,
    Checkpoint,
    free_name,
    read_checkpoint,
    runs,
    runs_folder,
    write_status,
)

KEPT = (
    "config.json",
    "weights.safetensors",
    "pca.safetensors",
    "codes.npz",
    "measures.json",
    "metrics.jsonl",
    "detector.json",
    "detector.safetensors",
)
NEEDED = KEPT[:2]
MOST_ZIP = 500 << 20  # bytes, packed and unpacked
MOST = {
    ".json": MAX_JSON_BYTES,
    ".jsonl": MOST_LINES,
    ".npz": MOST_ARRAYS,
}  # bytes of a file of this kind; of others MOST_ZIP
READ_ME = "A run of Latent Explorer: unpack it into runs/ (or upload it on the Runs page), and it is in every menu.\n"


def zip_run(checkpoint: Checkpoint) -> bytes:
    """The run as a zip file. What else lies in its folder, to go on training or to replay it, stays behind."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # weights hardly shrink
        archive.writestr(f"{checkpoint.name}/README.txt", READ_ME)
        for name in KEPT:
            if (checkpoint.folder / name).is_file():
                archive.write(checkpoint.folder / name, f"{checkpoint.name}/{name}")
    return file.getvalue()


def unzip_run(data: bytes, stem: str) -> Path:
    """Make a run, called `stem` or stem-2, …, of what `zip_run` gave; returns its folder.

    Raises LatentError, one sentence, for anything else: only files of known names are taken, none is written outside a
    fresh folder, sizes are checked before a byte is unpacked, nothing is unpickled, and the run appears only when it
    could be read.
    """
    foreign = "This is no run that this program packed: "
    limits.check_size(len(data))
    limits.check_run_count(len(runs()))
    limits.check_disk_space(runs_folder())
    stem = (
        "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in Path(stem).stem).lstrip(".-_")[:60]
        or "run"
    )
    beside = runs_folder() / f".arriving-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {}
            for part in archive.infolist():
                *folders, name = part.filename.split("/")
                if name in KEPT and len(folders) <= 1 and not {"", "..", "."}.intersection(folders):
                    if name in parts:
                        raise LatentError(f"{foreign}it holds {name} twice.")
                    if part.file_size > (most := MOST.get(Path(name).suffix, MOST_ZIP)):
                        raise LatentError(f"{foreign}{name} would unpack to more than {most >> 20} MB.")
                    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                        raise LatentError(f"{foreign}{name} is packed in another way than ours.")
                    parts[name] = part
            if missing := [name for name in NEEDED if name not in parts]:
                raise LatentError(f"{foreign}{missing[0]} is not in it.")
            if sum(part.file_size for part in parts.values()) > MOST_ZIP:
                raise LatentError(f"{foreign}it would unpack to more than {MOST_ZIP >> 20} MB.")
            beside.mkdir(parents=True)
            for name, part in parts.items():
                with archive.open(part) as source, (beside / name).open("wb") as target:
                    left = part.file_size + 1  # what the zip says of itself may be a lie
                    while left > 0 and (block := source.read(min(left, 1 << 20))):
                        target.write(block)
                        left -= len(block)
        _forget_paths(beside)
        checkpoint = read_checkpoint(beside)
        checkpoint.model()
        whole = (beside / "codes.npz").exists() and (beside / "pca.safetensors").exists()
        if whole:
            checkpoint.codes(), checkpoint.pca(), checkpoint.check_measures()
        _ = checkpoint.measures, checkpoint.curves
        epochs = len(checkpoint.metrics())
        write_status(beside, "done" if whole else "stopped", epoch=epochs, epochs=checkpoint.config.epochs)
        for last in (False,) * 20 + (True,):  # somebody else may take the name just before
            try:
                return beside.rename(runs_folder() / free_name(stem))
            except OSError:
                if last:
                    raise
    except LatentError as error:
        raise LatentError(str(error).replace(f"{beside}/", "").replace(str(beside), stem)) from error
    except OSError as error:
        raise LatentError(f"The run cannot be kept in {runs_folder()} ({error.strerror or error}).") from error
    except DAMAGED as error:
        raise LatentError(f"{foreign}it is no zip file, or damaged.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _forget_paths(folder: Path) -> None:
    """A foreign recipe may name a table by a path: only its name is kept, which leads to an upload of whoever brings it
    or to nothing.
    """
    about = read_json(folder / "config.json")
    with contextlib.suppress(KeyError, TypeError, AttributeError):
        if about["config"]["source"]["file"]:
            about["config"]["source"]["file"] = own_name(about["config"]["source"]["file"])
            write_json(folder / "config.json", about)
