"""Runs and checkpoints: a folder that holds one training, readable after a crash at any moment.

    config.json           the recipe, the samples' shape and range, the command that repeats it
    metrics.jsonl         a line an epoch: epoch, seconds, train_loss, test_loss and their terms
    weights.safetensors   half precision: what the browser computes with and torch computes with are the same numbers
    state.safetensors     full precision and Adam's moments, to go on from; gone once the run is done
    snapshots/            codes and reconstructions after each epoch (see snapshots.py)
    layout.safetensors    of a neighbour map: nearest neighbours and the places it is trained towards (see layout.py)
    pca.safetensors       PCA of the training data with as many numbers, to stand beside
    codes.npz             z (and y, factors) of held-out samples, for the map
    detector.json, .safetensors  of a run on a table: what it learned of normal rows, to score signals (see anomaly/)
    threshold.json        the threshold that was chosen for it
    judged.jsonl          what somebody judged of stretches, an act a line (see anomaly/judged/log.py)
    detection.npz         what it says of its own table, row by row
    measures.json         what was measured on held-out data at the end
    map.npz               what its map keeps, and PCA's of the same samples (see maps.py)
    classifier.safetensors  of a map of own samples: tells their classes apart (see classifier.py)
    usefulness.json       what the codes are good for, where that was asked for (see representation.py)
    status.json           how it stands (see `status`)
    .lock                 held by the process that is at work on it
    stop                  somebody wants it to end
    owner, stopped.json, share  who started it, who stopped it, who may see it (see rights.py)

A checkpoint is a run that ships, under checkpoints/. Nothing is ever unpickled.
"""

import contextlib
import difflib
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..base.errors import LatentError
from ..base.owners import PRIVATE, all_owners, common, own, shared
from ..base.text import ascii_name
from ..data.csv.uploads import file_label
from .rights import check_may_change, sign
from .status import BUSY, status

if TYPE_CHECKING:
    from ..model.config import Config

# No two underscores: in the keys of figures they are Streamlit's own.
NAME = r"(?!.*__)[A-Za-z0-9][A-Za-z0-9._-]{0,79}"

INSTALLED = Path(__file__).resolve().parents[1] / "checkpoints"  # the one that an installed package brings
SHIPPED = Path(
    os.environ.get("LATENT_CHECKPOINTS")
    or (INSTALLED if INSTALLED.is_dir() else Path(__file__).resolve().parents[2] / "checkpoints")
)


def runs_folder() -> Path:
    """Where runs are kept: `LATENT_RUNS`, by default `runs/` in the working directory; below it, where runs are private
    to whoever asks (see `owners`).
    """
    return own(Path(os.environ.get("LATENT_RUNS") or "runs"))


def checkpoints() -> dict[str, Path]:
    """The folders of the shipped checkpoints by name, also one in which something is missing: its reader says so."""
    try:
        return {
            folder.name: folder for folder in sorted(SHIPPED.iterdir()) if folder.name[0] != "." and folder.is_dir()
        }
    except OSError:
        return {}


def shipped_folder(name: str) -> Path:
    """The folder of a checkpoint that ships, or would if it were there."""
    return SHIPPED / name


def runs() -> dict[str, Path]:
    """The folders of the runs on this machine by name, newest first; also of those that were shared with whoever
    asks.
    """

    def config_time(folder: Path) -> float:
        with contextlib.suppress(OSError):  # somebody may just have deleted it
            return (folder / "config.json").stat().st_mtime
        return 0.0

    folders = _run_folders(runs_folder())
    for folder in shared():
        folders.setdefault(folder.name, folder)
    return dict(sorted(folders.items(), key=lambda item: config_time(item[1]), reverse=True))


def runs_of_all_owners(folder: Path) -> list[Path]:
    """The folders of all runs, whoever has them, where the runs of `folder` lie: they share the machine."""
    return [run for parent in all_owners(common(folder)) for run in _run_folders(parent).values()]


def _run_folders(parent: Path) -> dict[str, Path]:
    try:
        return {
            folder.name: folder
            for folder in sorted(parent.iterdir())
            if folder.name[0] != "." and os.path.isfile(folder / "config.json")
        }
    except OSError:
        return {}


def read_folder(name_or_folder: str | os.PathLike) -> Path:
    """The folder that is meant: one, the name of a shipped checkpoint, or the name of a run."""
    named = {**runs(), **checkpoints()}
    folder = named.get(str(name_or_folder)) or Path(name_or_folder)
    if not (folder / "config.json").is_file() and folder not in named.values():
        near = difflib.get_close_matches(
            str(name_or_folder)[:80], named, n=8, cutoff=0
        )  # of dozens, those whose names are most alike
        more = f" and {len(named) - len(near)} more" if len(named) > len(near) else ""
        elsewhere = (
            " Installed with pip, the program brings this one alone: set LATENT_CHECKPOINTS to the folder checkpoints "
            "of a checkout for the others, or give a run's folder."
        )
        raise LatentError(
            f"There is no checkpoint {str(name_or_folder)[:80]!r}; there are {', '.join(near) or 'none'}{more}."
            + (elsewhere if SHIPPED == INSTALLED else "")
        )
    return folder


def free_name(stem: str) -> str:
    """`stem`, or the first of stem-2, stem-3, … that no run and no checkpoint has."""
    number, name = 1, stem
    while (
        os.path.exists(runs_folder() / name) or (SHIPPED / name).exists()
    ):  # in a folder that may not be read nothing is; to make one says so
        number += 1
        name = f"{stem}-{number}"
    return name


def proposed_name(config: "Config") -> str:
    """What a run is called where nobody says: of a table's, the file comes first."""
    kind = f"{config.variant}-{config.k}d"
    if config.data not in ("csv", "samples"):
        return f"{config.data}-{kind}"
    label = ascii_name(file_label(str(config.source.get("file", ""))))
    return f"{label or ('signals' if config.data == 'csv' else config.data)}-{kind}"


def new_folder(stem: str) -> Path:
    """An empty run folder that nobody else has, called `stem` or stem-2, stem-3, …; LatentError where none can be made,
    or `stem` is no name.
    """
    check_name(stem)
    while True:
        folder = runs_folder() / free_name(stem)
        try:
            folder.mkdir(parents=True)
            sign(folder)
            return folder
        except FileExistsError as error:
            if folder.exists():
                continue  # somebody else was quicker
            reason = error.strerror
        except OSError as error:
            reason = error.strerror or str(error)
        raise LatentError(
            f"No run can be kept in {folder.parent} ({reason}): set LATENT_RUNS to a folder that can be written."
        )


def check_name(name: str) -> None:
    """LatentError where a run cannot be called that: a name is a folder's, and never leads out of the runs."""
    if not re.fullmatch(NAME, name):
        raise LatentError(
            "A run's name has up to 80 letters, digits, dots, dashes and single underscores, and begins with a letter "
            "or digit."
        )
    if name.lower() == PRIVATE:  # also where a file system takes both for the same
        raise LatentError(f"A run cannot be called {name}, as the folder of everybody's runs is: choose another name.")


def own_run(name: str) -> Path:
    """The folder of a run of this machine that may be changed; LatentError for a shipped checkpoint or a name that is
    none.
    """
    folder = runs().get(name)
    if folder is None:
        shipped = " It ships with the program and stays." if name in checkpoints() else ""
        raise LatentError(f"There is no run {name[:80]!r} here.{shipped}")
    return folder


def rename_run(name: str, new: str) -> Path:
    """Call a run `new`; LatentError where it is at work, or the new name is taken or no name."""
    folder, new = own_run(name), new.strip()
    check_may_change(folder)
    check_name(new)
    if new in runs() or new in checkpoints() or (runs_folder() / new).exists():
        raise LatentError(f"There is a run or checkpoint {new!r} already: choose another name.")
    if status(folder)["state"] in BUSY:
        raise LatentError(f"{name} is at work: stop it or let it end, then rename it.")
    try:
        folder = folder.rename(folder.with_name(new))
    except OSError as error:
        raise LatentError(f"{folder} cannot be renamed ({error.strerror or error}).") from error
    from .card import rename_in_card

    rename_in_card(folder, name)
    return folder


def delete_run(name: str) -> None:
    """Remove a run for good; LatentError where it is at work, or cannot be removed."""
    folder = own_run(name)
    check_may_change(folder)
    if status(folder)["state"] in BUSY:
        raise LatentError(f"{name} is at work: stop it first.")
    try:
        # Out of sight in one step: a run that is half removed would look like a broken one.
        shutil.rmtree(folder.rename(folder.with_name(f".deleted-{name}-{os.getpid()}")))
    except OSError as error:
        raise LatentError(f"{folder} cannot be removed ({error.strerror or error}).") from error
