"""The lines of a file that grows, is renamed and begun anew, or cut, and of one that was followed before."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ..base.errors import LatentError

BLOCK = 1 << 16  # bytes that are read at once
MAX_LINE = 4 << 20  # bytes
PAUSE = 0.2  # seconds between two looks at a file that has not grown
HEAD = 1024  # bytes at a file's beginning that it is known by, beside its number


@dataclass(frozen=True)
class Place:
    """How far a file was read.

    Attributes:
        number: of the file on its disk (device, inode).
        offset: bytes, up to the end of a line.
        head: how many of its first bytes were hashed, and what they hash to.
    """

    number: tuple[int, int]
    offset: int
    head: tuple[int, str]


class Line(NamedTuple):
    """A line without its end. first: of a file; end: where the next one begins."""

    text: bytes
    first: bool
    end: int


class Tail:
    """Follows a file.

    Args:
        path: the file; it need not be there yet.
        place: where it was left; None: its beginning.
        waiting: called while there is nothing to read; what it returns ends the following where it is true.

    Attributes:
        lost: whether the file that was read last is not there any more, under whatever name.
    """

    def __init__(self, path: Path, place: Place | None, waiting: Callable[[], bool]):
        self.path, self.waiting, self.lost = path, waiting, False
        self._file: BinaryIO | None = None
        self._start(place)

    def _start(self, place: Place | None) -> None:
        if place is None:
            return
        for path in (self.path, *sorted(self.path.parent.glob("*"))):
            if _is_the_one(path, place):
                self._open(path)
                assert self._file is not None
                self._file.seek(place.offset)
                self._end = place.offset
                return
        self.lost = True

    def _open(self, path: Path) -> bool:
        try:
            self._file = path.open("rb")
        except FileNotFoundError:
            return False
        except OSError as error:
            raise LatentError(
                f"{path} cannot be read ({error.strerror or error}): check its name and rights."
            ) from error
        self._end = 0
        return True

    def place(self) -> Place | None:
        """Where the last line ended; None before the first file was there."""
        if self._file is None:
            return None
        status = os.fstat(self._file.fileno())
        length = min(HEAD, self._end)
        return Place((status.st_dev, status.st_ino), self._end, (length, _hash(self._file.fileno(), length)))

    def lines(self) -> Iterator[Line]:
        """Whole lines, one after the other; of a file that another one has taken the place of, the last one, too, where
        it has no end.
        """
        rest, again = b"", False
        while True:
            if self._file is None and not self._open(self.path):
                if self._idle():
                    return
                continue
            assert self._file is not None
            block = self._file.read(BLOCK)
            if block:
                *whole, rest = (rest + block).split(b"\n")
                if len(rest) > MAX_LINE:
                    raise LatentError(f"{self.path} has a line of more than {MAX_LINE >> 20} MB: this is no table.")
                for text in whole:
                    start, self._end = self._end, self._end + len(text) + 1
                    yield Line(text, start == 0, self._end)
                again = False
                continue
            change = self._changed()
            if change == "cut":
                self._file.seek(0)
                rest, self._end = b"", 0
            elif change == "other" and again:  # whoever writes may have had a line to end in the old file
                if rest:
                    start, self._end = self._end, self._end + len(rest)
                    yield Line(rest, start == 0, self._end)
                self._file.close()
                self._file, rest, again = None, b"", False
            else:
                again = change == "other"
                if self._idle():
                    return

    def _idle(self) -> bool:
        if self.waiting():
            return True
        time.sleep(PAUSE)
        return False

    def _changed(self) -> str:
        """ "cut" where the file is shorter than what was read of it, "other" where its name is another file's now."""
        assert self._file is not None
        mine = os.fstat(self._file.fileno())
        if mine.st_size < self._file.tell():
            return "cut"
        try:
            status = self.path.stat()
        except OSError:
            return ""  # renamed, and the new one is not there yet
        return "other" if (status.st_dev, status.st_ino) != (mine.st_dev, mine.st_ino) else ""


def _is_the_one(path: Path, place: Place) -> bool:
    """Whether a path is the file that was read up to a place, which has at least as many bytes still."""
    try:
        status = path.stat()
        if (status.st_dev, status.st_ino) != place.number or status.st_size < place.offset or not path.is_file():
            return False
        with path.open("rb") as file:
            return _hash(file.fileno(), place.head[0]) == place.head[1]
    except OSError:
        return False


def _hash(file: int, length: int) -> str:
    return hashlib.sha256(os.pread(file, length, 0)).hexdigest()
