"""What was made from a run's weights carries their checksum: what was made from others is not shown beside them.

Runs of earlier versions carry none; what they hold is taken as it is.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

DIGITS = 16  # of a checksum: 64 bits
CHECKSUM = "weights"  # where it stands in a file
MADE_FROM_WEIGHTS = (
    *("codes.npz", "measures.json", "detector.json", "detector.safetensors", "detection.npz", "usefulness.json"),
    *("map.npz", "classifier.safetensors"),
)


def weights_checksum(folder: Path) -> str:
    """Of a run's weights, in hexadecimal digits; "" where there are none."""
    path = folder / "weights.safetensors"
    try:
        file = path.stat()
        return _checksum(path, file.st_mtime_ns, file.st_size, file.st_ino)
    except OSError:
        return ""


def belongs(folder: Path, checksum: object) -> bool:
    """Whether what carries this checksum (None or "": an earlier version's) was made from the weights that are there.

    Where there are no weights nothing else can be compared with it.
    """
    mine = weights_checksum(folder)
    return not checksum or not mine or checksum == mine


def forget_measured(folder: Path) -> None:
    """Remove what was made from weights that are about to be replaced."""
    for name in MADE_FROM_WEIGHTS:
        (folder / name).unlink(missing_ok=True)


def arrays_checksum(arrays: Iterable[np.ndarray | None]) -> str:
    """Of the numbers of a table or a collection, in their order and their shapes."""
    digest = hashlib.sha256()
    for array in arrays:
        if array is not None:
            digest.update(repr((array.dtype.str, array.shape)).encode())
            digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return digest.hexdigest()[:DIGITS]


@lru_cache(maxsize=1000)
def _checksum(path: Path, mtime_ns: int, size: int, inode: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
