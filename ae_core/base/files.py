"""Files that somebody else may have cut, altered or put together: one way to read them, one way to write them.

`reading` turns what a damaged file makes its reader raise into one sentence; it lets a programming error through, so
that a fault of this program is never called damage. `read_arrays` and `read_tensors` look at a file's own description
of its contents before anything is unpacked. `replace` writes so that a reader sees the old file or the new one.
"""

import ast
import contextlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open

from .errors import LatentError

if TYPE_CHECKING:
    from torch import Tensor

# What readers raise for a file that is cut, altered or of another format. Neither TypeError nor AttributeError,
# RuntimeError or MemoryError: those are faults of this program, or of the machine.
FORMAT_ERRORS = (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, struct.error, SafetensorError)
MAX_JSON_BYTES = 4 << 20  # ours have a few thousand
MAX_ARRAY_BYTES = 64 << 20  # of an .npz, unpacked
TENSOR_TYPES = {"F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"}  # that every torch has


@contextlib.contextmanager
def reading(
    path: Path,
    what: str,
    missing: str = "the run is not done, or the copy is not whole",
    advice: str = "copy or train it again",
) -> Iterator[None]:
    """Read a file inside this context: what its format raises becomes a LatentError of one sentence.

    Args:
        path: the file, as the sentence names it.
        what: what it holds, e.g. "weights of this model".
        missing: why it may not be there.
        advice: what to do where it is damaged.

    A LatentError passes as it is. To say inside that the contents do not fit, raise ValueError; names that may be
    missing are looked for beforehand, as a KeyError passes too.

    >>> with reading(Path("codes.npz"), "codes of this model"):
    ...     raise ValueError("two columns instead of three")
    Traceback (most recent call last):
    ae_core.base.errors.LatentError: codes.npz is damaged or holds no codes of this model: copy or train it again.
    """
    try:
        yield
    except LatentError:
        raise
    except FileNotFoundError as error:
        raise LatentError(f"{path} is missing: {missing}.") from error
    except FORMAT_ERRORS as error:
        raise LatentError(f"{path} is damaged or holds no {what}: {advice}.") from error


def replace(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` make a file beside `path` and rename it there: readers see the old or the new, never a part."""
    beside = path.with_name(
        f".{path.name[:200]}.{os.getpid()}-{os.urandom(4).hex()}"
    )  # two threads may write it at once
    try:
        write(beside)
        beside.chmod(0o644)  # safetensors writes for its owner alone, and a run may be read by another server
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, whole or not at all; ValueError where a number in it is not finite."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    replace(path, lambda beside: beside.write_text(text, "utf-8"))


Stamp = tuple[int, int, int] | None  # inode, size and nanoseconds of the last change of a file; None: it is not there


def stamps(folder: Path, names: Collection[str]) -> tuple[Stamp, ...]:
    """What tells whether these files of a folder are still the same, for what is kept of them."""

    def stamp(path: str) -> Stamp:
        try:
            file = os.stat(path)
        except OSError:
            return None
        return file.st_ino, file.st_size, file.st_mtime_ns

    return tuple(stamp(os.path.join(folder, name)) for name in names)


def read_json(path: Path) -> Any:
    """The value of a JSON file; LatentError where it is missing, larger than MAX_JSON_BYTES, or no JSON."""
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            raise LatentError(f"{path} is too large to be one of ours ({path.stat().st_size:,} bytes).")
        return json.loads(path.read_text("utf-8"))
    except LatentError:
        raise
    except (OSError, ValueError, RecursionError) as error:  # recursion: brackets in brackets, thousands deep
        why = "is missing" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise LatentError(f"{path} {why}: this is no complete checkpoint folder.") from error


def read_arrays(path: Path, names: Collection[str], max_bytes: int = MAX_ARRAY_BYTES) -> dict[str, np.ndarray]:
    """The arrays of an .npz file that are called so, for use inside `reading`: ValueError where one cannot be one.

    Args:
        path: the file; nothing in it is ever unpickled.
        names: what to read; a name that the file has not is left out.
        max_bytes: that all of its parts may have together, unpacked.

    Each array's description is checked against the length of its part before room is made for it.
    """
    arrays: dict[str, np.ndarray] = {}
    with _opened(path) as archive:
        parts = {part.filename: part for part in archive.infolist()}
        if (size := sum(part.file_size for part in parts.values())) > max_bytes:
            raise LatentError(
                f"{path} would unpack to {size / 1e6:,.0f} MB, more than {max_bytes >> 20} MB: it is not one of ours."
            )
        for name in names:
            part = parts.get(f"{name}.npy")
            if part is None:
                continue
            if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"{name} is encrypted, or packed in a way that NumPy does not write")
            with archive.open(part) as file:
                arrays[name] = _read_array(file, part.file_size)
    return arrays


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except NotImplementedError as error:  # an altered byte can ask for a version of the format that there is not
        raise ValueError("a zip of another version than NumPy writes") from error


def _read_array(file: IO[bytes], size: int) -> np.ndarray:
    """An array of a file of `size` bytes in NumPy's format (a magic word, a Python literal that describes it, the
    values)."""
    magic, major = file.read(6), file.read(2)[:1]
    if magic != b"\x93NUMPY" or major not in (b"\1", b"\2", b"\3"):
        raise ValueError("no array in NumPy's format")
    field = file.read(2 if major == b"\1" else 4)
    length = int.from_bytes(field, "little")
    if length > 10_000:
        raise ValueError("the description of an array is no longer than a line")
    try:
        about = ast.literal_eval(file.read(length).decode("utf-8" if major == b"\3" else "latin-1").strip())
        dtype, fortran, shape = np.dtype(about["descr"]), about["fortran_order"], about["shape"]
    except (SyntaxError, TypeError, KeyError, RecursionError, MemoryError, ValueError) as error:  # as literal_eval says
        raise ValueError("the description of an array cannot be read") from error
    if dtype.hasobject or not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError("no array of numbers")
    count = 1
    for n in shape:  # Python's own whole numbers do not overflow
        count *= n
    if count * dtype.itemsize != size - 8 - len(field) - length:
        raise ValueError("the array is longer or shorter than its description says")
    values = np.frombuffer(bytearray(file.read(count * dtype.itemsize)), dtype, count)  # writable
    return values.reshape(shape, order="F" if fortran else "C")


def read_tensors(path: Path) -> "dict[str, Tensor]":
    """All tensors of a safetensors file by name, for use inside `reading`: ValueError for a kind that torch has not.

    The format checks itself that its parts fill the file, so no description makes more room than the file has bytes.
    """
    with safe_open(path, framework="pt") as file:
        if any(file.get_slice(name).get_dtype() not in TENSOR_TYPES for name in file.keys()):
            raise ValueError("a tensor has a number format that is not one of ours")
        return {name: file.get_tensor(name) for name in file.keys()}


def tensor_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of a safetensors file's tensors by name, from its head alone, for use inside `reading`."""
    with safe_open(path, framework="pt") as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}
