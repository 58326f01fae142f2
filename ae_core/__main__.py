"""The command line: python -m ae_core train | sweep | list | show. Its options are the dataclasses' own fields."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .config import Config, all_knobs
from .data import Dataset, sources
from .errors import LatentError
from .options import Knob, knobs
from .runs import Checkpoint, checkpoints, free_name, read_checkpoint, runs, runs_folder, train_run
from .training import Epoch
from .variants import VARIANTS


def add_options(parser: argparse.ArgumentParser) -> None:
    """An option for every knob: the recipe's own, then those of single sources and variants."""
    groups = [(parser, {n: f for n, f in knobs(Config).items() if n not in ("data", "variant")})]
    own = {name: f for name, (_, f) in all_knobs().items()}
    owners: dict[str, list[str]] = {name: [] for name in own}
    for title, fields in [(s, knobs(c)) for s, c in sources().items()] + [(v, row.knobs()) for v, row in VARIANTS.items()]:
        for name in fields:
            owners[name].append(title)
    for holders in dict.fromkeys(tuple(o) for o in owners.values()):
        group = parser.add_argument_group(f"only with {', '.join(holders)}")
        groups.append((group, {n: f for n, f in own.items() if tuple(owners[n]) == holders}))
    for group, fields in groups:
        for name, f in fields.items():
            knob: Knob = f.metadata["knob"]
            default = ",".join(map(str, f.default)) if isinstance(f.default, tuple) else f.default
            unit = f" {knob.unit}" if knob.unit else ""
            group.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="…", help=f"{knob.help} (default {default}{unit})".replace("%", "%%"))


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m ae_core", description="Train and inspect autoencoders.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what, out in (
        ("train", "train a model into a run folder; an unfinished one is resumed", "run folder (default: a new one under LATENT_RUNS, which is runs/)"),
        ("sweep", "train a model for each of several k, given as --k 1,2,4,8", "folder for the runs (default: LATENT_RUNS); those that are there are kept"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("--data", default="mnist", help=f"data source: {', '.join(sources())} (default mnist)", metavar="…")
        command.add_argument("--variant", default="vae", help=f"kind of autoencoder: {', '.join(VARIANTS)} (default vae)", metavar="…")
        command.add_argument("--out", metavar="FOLDER", help=out)
        add_options(command)
    commands.add_parser("list", help="the shipped checkpoints and the runs on this machine")
    show = commands.add_parser("show", help="what a checkpoint or run is and how well it does")
    show.add_argument("name", help="its name or folder")
    return parser


def config_from(args: argparse.Namespace) -> Config:
    """The recipe that was asked for; knobs that were not given keep their defaults."""
    given: dict[str, Any] = {n: getattr(args, n) for n in knobs(Config) if getattr(args, n) is not None}
    for name, (part, _) in all_knobs().items():
        if getattr(args, name) is not None:
            given.setdefault(part, {})[name] = getattr(args, name)
    return Config(**given)


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


def follow(config: Config, out: Path, data: Dataset, command: str | None) -> None:
    """Train into `out` with a bar; an interruption says how to go on."""
    try:
        with tqdm(total=config.epochs, unit="epoch", dynamic_ncols=True, desc=out.name) as bar:
            for event in train_run(config, out, data, command=command):
                if isinstance(event, Epoch):
                    bar.n = event.epoch
                    bar.set_postfix(train=f"{event.train_loss:.3f}", test=f"{event.test_loss:.3f}")
                else:
                    bar.n = round(event.epoch - 1 + event.step / event.steps, 2)
                    if event.step % 50 == 0:
                        bar.refresh()
    except KeyboardInterrupt:
        raise LatentError(f"Stopped after the last whole epoch; the same command with --out {out} goes on from there.") from None


def train(args: argparse.Namespace, command: str) -> None:
    config = config_from(args)
    out = Path(args.out or runs_folder() / free_name(f"{config.data}-{config.variant}-{config.k}d"))
    follow(config, out, load(config), command)
    print(f"{out}\n{describe(read_checkpoint(out))}")


def sweep(args: argparse.Namespace) -> None:
    """A run for each k, then the held-out errors beside PCA's."""
    sizes = str(args.k or "1,2,4,8,16,32").split(",")
    configs = [config_from(argparse.Namespace(**{**vars(args), "k": k})) for k in sizes]
    data, folder = load(configs[0]), Path(args.out or runs_folder())
    rows = []
    for config in configs:
        out = folder / f"{config.data}-{config.variant}-sweep-{config.k}d"
        done = read_checkpoint(out) if (out / "measures.json").exists() else None
        if done is None or done.config != config:
            follow(config, out, data, None)
        rows.append((config.k, read_checkpoint(out).measures))
    print(f"{'k':>5} {'network':>10} {'PCA':>10} {'ratio':>7}   squared error a sample, held out")
    for k, figures in rows:
        ours, pca = figures["squared_error"], figures["pca_squared_error"]
        print(f"{k:5} {ours:10.4f} {pca:10.4f} {ours / max(pca, 1e-12):7.3f}")


def describe(checkpoint: Checkpoint) -> str:
    """A checkpoint's recipe and figures as lines of text."""
    lines = [checkpoint.command] if checkpoint.command else []
    epochs = checkpoint.metrics()
    if epochs:
        lines.append(f"{len(epochs)} epochs in {epochs[-1].get('seconds', 0):.1f} s, held-out loss {epochs[-1].get('test_loss', float('nan')):.4f}")
    lines += [f"{name.replace('_', ' '):28} {value:.4f}" for name, value in checkpoint.measures.items()]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    words = sys.argv[1:] if argv is None else argv
    args = make_parser().parse_args(words)
    try:
        if args.command == "train":
            train(args, "python -m ae_core " + shlex.join(words))
        elif args.command == "sweep":
            sweep(args)
        elif args.command == "show":
            print(describe(read_checkpoint(args.name)))
        else:
            for title, found in (("shipped", checkpoints()), ("runs", runs())):
                for name, folder in found.items():
                    print(f"{title:8} {name:28} {folder}")
    except LatentError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
