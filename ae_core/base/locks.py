"""Which process works on a folder: a lock that the system itself releases when its holder dies, however it dies.

A process number would do on one machine, and only until it is given out again; a lock is also seen from another machine
that shares the storage.
"""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO, shared: bool) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO, shared: bool) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def held(path: Path) -> bool:
    """Whether a living process holds the lock at `path`."""
    try:
        file = path.open("rb")  # a run may be another account's: who can read it can look
    except (OSError, ValueError):  # there is none, or what a broken status names is no file
        return False
    with file:
        try:
            _lock(file, shared=True)  # shared: two who look at once do not take each other for the holder
        except OSError:
            return True
    return False


@contextlib.contextmanager
def holding(path: Path) -> Iterator[bool]:
    """Hold the lock at `path`; gives whether it could be had.

    The file stays: whoever opened it before it went would hold a lock that nobody else can see.
    """
    with path.open("a+b") as file:
        for _ in range(100):  # somebody may just be looking, or leaving
            try:
                _lock(file, shared=False)
                break
            except OSError:
                time.sleep(0.01)
        else:
            yield False
            return
        yield True
