"""python -m ae_core train | sweep | resume."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from ..base.errors import LatentError
from ..base.outputs import check_folder
from ..base.text import printable
from ..data import Dataset, source
from ..jobs.recording import train_run
from ..model.config import Config
from ..runs.checkpoint import read_checkpoint
from ..runs.folder import check_name, free_name, proposed_name, read_folder, runs_folder
from ..runs.records import read_config
from ..runs.status import BUSY, STOP
from ..training.loop import Epoch
from ..training.threads import most_threads
from .options import config_from
from .reading import describe

if TYPE_CHECKING:
    from ..export.board import Board


def train(args: argparse.Namespace, command: str) -> None:
    """Train a recipe into a run folder, a new one unless --out names one."""
    config = config_from(args)
    if config.data == "csv":
        _ask_about_table(config, args.strict)
    if config.data == "samples":
        from .samples import say

        say(config)
    out = Path(args.out or runs_folder() / free_name(proposed_name(config)))
    if out.parent.resolve() == runs_folder().resolve():  # where pages find it
        check_name(out.name)
    else:
        check_folder(out)
    boards = _boards(args, [out])
    data = load(config)
    (out / STOP).unlink(missing_ok=True)  # that somebody stopped it is over
    follow(config, out, data, command, boards)
    print(f"{out}\n{describe(read_checkpoint(out))}")


def _boards(args: argparse.Namespace, folders: list[Path]) -> "list[Board]":
    """What writes for TensorBoard, where that was asked for. LatentError where it is missing."""
    if not args.tensorboard:
        return []
    from ..export.board import Board

    return [Board(folder) for folder in folders]


def _ask_about_table(config: Config, strict: bool) -> None:
    """Print what is doubtful about the table, before anything trains on it. LatentError where nothing may be."""
    from ..data.csv.source import Csv
    from .tables import ask

    origin = source(config.data, **config.source)
    if isinstance(origin, Csv) and origin.here():
        ask(origin.table(), strict)


def resume(name: str) -> None:
    """Go on with a run that was stopped or died."""
    from ..jobs.queue import check_resumable

    folder = read_folder(name)
    config = read_config(folder)
    check_resumable(folder)
    (folder / STOP).unlink(missing_ok=True)
    follow(config, folder, None, None)
    print(f"{folder}\n{describe(read_checkpoint(folder))}")


def sweep(args: argparse.Namespace) -> None:
    """A run for each k, in the background, then the held-out errors next to PCA's."""
    from ..jobs.queue import jobs

    if args.out:
        check_folder(Path(args.out))
    sizes = str(args.k or "1,2,4,8,16,32").split(",")
    configs = [config_from(argparse.Namespace(**{**vars(args), "k": k})) for k in sizes]
    if not source(configs[0].data, **configs[0].source).here():
        load(configs[0])  # once, with a bar, and not in each worker
    folders = [Path(args.out or runs_folder()) / f"{c.data}-{c.variant}-sweep-{c.k}d" for c in configs]
    boards = _boards(args, folders)
    jobs.submit_all(folders, configs)
    try:
        with tqdm(total=sum(c.epochs for c in configs), unit="epoch", dynamic_ncols=True, desc="sweep") as bar:
            statuses = jobs.wait(folders, 0)
            while any(status["state"] in BUSY for status in statuses):
                statuses = jobs.wait(folders, 0.5)
                for board in boards:
                    board.update()
                bar.update(sum(s["epoch"] for s in statuses) - bar.n)
            bar.update(sum(s["epoch"] for s in statuses) - bar.n)
    except KeyboardInterrupt:
        for folder in folders:
            jobs.stop(folder)
        raise LatentError("Stopped after the last whole epochs; the same command goes on from there.") from None
    for board in boards:
        board.finish()
    print(f"{'k':>5} {'network':>10} {'PCA':>10} {'ratio':>7}   squared error a sample, held out")
    for config, folder, status in zip(configs, folders, statuses, strict=True):
        if status["state"] != "done":
            print(f"{config.k:5} {status['state']}: {status['message']}")
            continue
        figures = read_checkpoint(folder).measures
        ours, pca = figures["squared_error"], figures["pca_squared_error"]
        print(f"{config.k:5} {ours:10.4f} {pca:10.4f} {ours / max(pca, 1e-12):7.3f}")


def load(config: Config) -> Dataset:
    """The recipe's data, with a bar for what is downloaded."""
    bars: dict[str, tqdm] = {}

    def progress(file: str, done: int, total: int) -> None:
        bar = bars.setdefault(file, tqdm(desc=file, total=total or None, unit="B", unit_scale=True))
        bar.update(done - bar.n)

    data = config.load(progress)
    for bar in bars.values():
        bar.close()
    return data


def follow(
    config: Config, out: Path, data: Dataset | None, command: str | None, boards: "Sequence[Board]" = ()
) -> None:
    """Train into `out` with a bar; an interruption says how to go on. boards: told of each epoch."""
    try:
        # A delay, so that what fails at once shows no bar.
        with tqdm(total=config.epochs, unit="epoch", dynamic_ncols=True, desc=printable(out.name), delay=1e-3) as bar:
            for event in train_run(config, out, data, command=command, threads=most_threads):
                if isinstance(event, Epoch):
                    bar.n = event.epoch
                    bar.set_postfix(train=f"{event.train_loss:.3f}", test=f"{event.test_loss:.3f}")
                    for board in boards:
                        board.update()
                else:
                    bar.n = round(event.epoch - 1 + event.step / event.steps, 2)
                    if event.step % 50 == 0:
                        bar.refresh()
    except KeyboardInterrupt:
        raise LatentError(
            f"Stopped after the last whole epoch; the same command with --out {out} goes on from there."
        ) from None
    finally:
        for board in boards:
            board.finish()
