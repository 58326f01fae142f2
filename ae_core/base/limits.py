"""What a web page may use of its server, from the environment. Whoever has a shell has the machine: the command line
knows no limits.

Each is read when it is needed and has a default that suits a person's own machine; see "On a public server" in the
README.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .errors import LatentError
from .text import plural


@dataclass(frozen=True)
class Limit:
    """A whole number from an environment variable.

    Args:
        name: of the variable.
        default: where it is not set.
        about: what it counts, with its unit, for the documentation and for a wrong value.
        low: the least that it may be.
    """

    name: str
    default: int
    about: str
    low: int = 1

    def __call__(self) -> int:
        """Its value now. LatentError where the variable holds something else."""
        text = os.environ.get(self.name, "").strip()
        if not text:
            return self.default
        if not (text.isascii() and text.isdecimal() and len(text) <= 15 and int(text) >= self.low):
            raise LatentError(f"{self.name} is {self.about}: a whole number from {self.low} on, not {text[:40]!r}.")
        return int(text)


MEGABYTES = Limit("LATENT_MOST_MB", 200, "the MB of a file that is uploaded")
ROWS = Limit("LATENT_MOST_ROWS", 20_000_000, "the rows of a table that is uploaded")
FILES = Limit("LATENT_MOST_FILES", 1000, "the tables that are kept of a visitor")
KEPT = Limit("LATENT_MOST_KEPT_MB", 5000, "the MB of tables, and of scores of such, that are kept of a visitor")
DAYS = Limit("LATENT_MOST_DAYS", 0, "the days that a table is kept after it was last opened (0: no end)", low=0)
RUNS = Limit("LATENT_MOST_RUNS", 500, "the runs that are kept of a visitor")
EPOCHS = Limit("LATENT_MOST_EPOCHS", 100_000, "the epochs of a training")
SECONDS = Limit("LATENT_MOST_SECONDS", 86_400, "the seconds that a training may take before it is stopped")
JOBS = Limit("LATENT_MOST_JOBS", 50, "the trainings of a visitor that may wait or run at once")
QUEUED = Limit("LATENT_MOST_QUEUED", 200, "the trainings of everybody that may wait or run at once")
WORKERS = Limit("LATENT_MOST_WORKERS", 64, "the worker processes that train on this machine")
MEMORY = Limit(
    "LATENT_MOST_MEMORY", 0, "the MB of memory that the server and its workers take together (0: two thirds)", low=0
)
FREE = Limit("LATENT_LEAST_FREE_MB", 200, "the MB that stay free on the disk", low=0)
LIMITS = (MEGABYTES, ROWS, FILES, KEPT, DAYS, RUNS, EPOCHS, SECONDS, JOBS, QUEUED, WORKERS, MEMORY, FREE)


def check() -> None:
    """LatentError where one of the variables holds something that is no limit."""
    for limit in LIMITS:
        limit()


def check_size(size: int) -> None:
    """LatentError where a file of so many bytes is too large for an upload."""
    if size > MEGABYTES() * 1_000_000:
        raise LatentError(f"The file has {size / 1e6:,.0f} MB; the page takes {MEGABYTES():,}, the command line more.")


def check_rows(rows: int) -> None:
    """LatentError where a table of so many rows is too long for a page."""
    if rows > ROWS():
        raise LatentError(
            f"The table has {plural(rows, 'row')}; the page takes {ROWS():,}, the command line more: "
            "take every second one, or a part."
        )


def check_disk_space(folder: Path) -> None:
    """LatentError where the disk of `folder`, which need not be there yet, is too full to keep anything more."""
    existing = next((path for path in (folder, *folder.absolute().parents) if path.is_dir()), Path("/"))
    if shutil.disk_usage(existing).free < FREE() * 1_000_000:
        raise LatentError("The disk of this server is full: nothing more is kept until there is free space again.")


def check_run_count(runs: int) -> None:
    """LatentError where so many runs, that somebody has, leave no room for another."""
    if runs >= RUNS():
        raise LatentError(f"There are {runs:,} runs already, and {RUNS():,} are kept: delete some on the Runs page.")


def check_queue(mine: int, everybodys: int) -> None:
    """LatentError where so many trainings that wait or run, one's own and all, leave no room for another."""
    if mine >= JOBS():
        raise LatentError(f"{mine:,} trainings wait or run already, and no more are taken: let one end, or stop one.")
    if everybodys >= QUEUED():
        raise LatentError(
            f"This server is busy with {everybodys:,} trainings, and no more are taken: try again in a while."
        )


def check_epochs(epochs: int) -> None:
    """LatentError where a training of so many epochs is too long for a page."""
    if epochs > EPOCHS():
        raise LatentError(
            f"A training from the page has {plural(EPOCHS(), 'epoch')} at most, not {epochs:,}: "
            "choose fewer, or train on the command line."
        )
