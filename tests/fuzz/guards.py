"""What surrounds an input while it is tried: coverage, time, memory, and what is written to the terminal."""

import contextlib
import faulthandler
import logging
import os
import re
import signal
import sys
import tempfile
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .rules import ROOT, TooSlow


class Coverage:
    """The lines of the program that were reached while it is on; `news` says whether there were new ones since it was
    asked last.
    """

    def __init__(self):
        self.lines: set[tuple[Any, int]] = set()
        self.known: dict[Any, bool] = {}
        self.before = 0

    def __call__(self, frame: types.FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code not in self.known:
            self.known[code] = code.co_filename.startswith((f"{ROOT}/ae_core", f"{ROOT}/pages"))
        return self.line if self.known[code] else None

    def line(self, frame: types.FrameType, event: str, _: Any) -> Any:
        self.lines.add((frame.f_code, frame.f_lineno))
        return self.line

    def news(self) -> bool:
        before, self.before = self.before, len(self.lines)
        return self.before > before

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self)
        threading.settrace(self)
        try:
            yield
        finally:
            sys.settrace(before)
            threading.settrace(before)


def memory(what: str) -> int:
    """kB that this process holds (VmRSS), held at most (VmHWM) or has addressed (VmSize)."""
    return int(re.search(rf"{what}:\s+(\d+)", Path("/proc/self/status").read_text())[1])


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """TooSlow in what takes longer; where that is a hang in C, the process ends."""

    def over(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(4 * seconds, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def quiet() -> Iterator[Callable[[], str]]:
    """Catch what is written to the terminal, by C too; gives what that was since it was asked last."""
    with tempfile.TemporaryFile() as file:
        kept = [os.dup(number) for number in (1, 2)]
        sys.stdout.flush(), sys.stderr.flush()
        for number in (1, 2):
            os.dup2(file.fileno(), number)

        def said() -> str:
            sys.stdout.flush(), sys.stderr.flush()
            size = file.seek(0, 2)
            file.seek(0)
            text = file.read().decode(errors="replace") if size else ""
            file.truncate(0)
            file.seek(0)
            return text

        try:
            yield said
        finally:
            for number, old in zip((1, 2), kept, strict=True):
                os.dup2(old, number)
                os.close(old)


@contextlib.contextmanager
def without_logs() -> Iterator[None]:
    """Streamlit writes that it runs without a server."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
