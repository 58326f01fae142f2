"""python -m ae_core train | sweep | resume."""

import argparse
import itertools
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from ..base.errors import LatentError
from ..base.outputs import check_folder
from ..base.text import plural, printable
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
    """A run for each k and seed, in the background, then the held-out errors next to PCA's."""
    from ..jobs.queue import jobs

    if args.out:
        check_folder(Path(args.out))
    sizes, seeds = str(args.k or "1,2,4,8,16,32").split(","), str(args.seed or "0").split(",")
    for name, values in (("k", sizes), ("seed", seeds)):
        if len({value.strip() for value in values}) < len(values):
            raise LatentError(f"--{name} names the same number twice: {','.join(values)}.")
    recipes = itertools.product(sizes, seeds)
    configs = [config_from(argparse.Namespace(**{**vars(args), "k": k, "seed": seed})) for k, seed in recipes]
    if not source(configs[0].data, **configs[0].source).here():
        load(configs[0])  # once, with a bar, and not in each worker
    ends = [f"-seed-{c.seed}" if len(seeds) > 1 else "" for c in configs]
    names = [f"{c.data}-{c.variant}-sweep-{c.k}d{end}" for c, end in zip(configs, ends, strict=True)]
    folders = [Path(args.out or runs_folder()) / name for name in names]
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
    _print_errors(configs, folders, statuses, len(seeds))


def _print_errors(configs: list[Config], folders: list[Path], statuses: list[dict[str, Any]], seeds: int) -> None:
    """A line for each k: the squared error held out, of several seeds the mean and the sd, next to PCA's."""
    of = f", mean and sd of {seeds} seeds" if seeds > 1 else ""
    sd_head = f"{'sd':>9}" if of else ""
    print(f"{'k':>5} {'network':>10}{sd_head} {'PCA':>10} {'ratio':>7}   squared error a sample, held out{of}")
    found: dict[int, list[tuple[float, float]]] = {}
    for config, folder, status in zip(configs, folders, statuses, strict=True):
        if status["state"] != "done":
            which = f" seed {config.seed}:" if of else ""
            print(f"{config.k:5}{which} {status['state']}: {status['message']}")
            continue
        figures = read_checkpoint(folder).measures
        found.setdefault(config.k, []).append((figures["squared_error"], figures["pca_squared_error"]))
    for k, errors in found.items():
        network = [error for error, _ in errors]
        ours, pca = statistics.mean(network), statistics.mean(error for _, error in errors)
        sd = "" if not of else f" {statistics.stdev(network):8.4f}" if len(network) > 1 else f"{'–':>9}"
        short = f"   of {plural(len(network), 'seed')} alone" if len(network) < seeds else ""
        print(f"{k:5} {ours:10.4f}{sd} {pca:10.4f} {ours / max(pca, 1e-12):7.3f}{short}")


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
