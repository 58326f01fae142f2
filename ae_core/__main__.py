"""The command line: python -m ae_core train | list | show. Its options are the dataclasses' own fields."""

import argparse
import shlex
import sys
from typing import Any

from .config import Config, all_knobs
from .data import sources
from .errors import LatentError
from .options import Knob, knobs
from .runs import Checkpoint, checkpoints, read_checkpoint, runs, runs_folder, train_run
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
    train = commands.add_parser("train", help="train a model into a run folder; an unfinished one is resumed")
    train.add_argument("--data", default="mnist", help=f"data source: {', '.join(sources())} (default mnist)", metavar="…")
    train.add_argument("--variant", default="vae", help=f"kind of autoencoder: {', '.join(VARIANTS)} (default vae)", metavar="…")
    train.add_argument("--out", metavar="FOLDER", help="run folder (default: a new one under LATENT_RUNS, which is runs/)")
    add_options(train)
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


def train(args: argparse.Namespace) -> None:
    from tqdm import tqdm

    config = config_from(args)
    out = args.out or runs_folder() / free_name(f"{config.data}-{config.variant}-{config.k}d")
    bars: dict[str, tqdm] = {}

    def progress(file: str, done: int, total: int) -> None:
        bar = bars.setdefault(file, tqdm(desc=file, total=total or None, unit="B", unit_scale=True))
        bar.update(done - bar.n)

    data = config.load(progress)
    for bar in bars.values():
        bar.close()
    command = "python -m ae_core " + shlex.join(sys.argv[1:])
    with tqdm(total=config.epochs, unit="epoch", dynamic_ncols=True) as bar:
        for event in train_run(config, out, data, command=command):
            if isinstance(event, Epoch):
                bar.n = event.epoch
                bar.set_postfix(train=f"{event.train_loss:.3f}", test=f"{event.test_loss:.3f}")
            else:
                bar.n = round(event.epoch - 1 + event.step / event.steps, 2)
                if event.step % 50 == 0:
                    bar.refresh()
    print(f"{out}\n{describe(read_checkpoint(out))}")


def free_name(stem: str) -> str:
    """`stem`, or the first of stem-2, stem-3, … that no run has."""
    taken, number, name = runs(), 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def describe(checkpoint: Checkpoint) -> str:
    """A checkpoint's recipe and figures as lines of text."""
    lines = [checkpoint.command] if checkpoint.command else []
    epochs = checkpoint.metrics()
    if epochs:
        lines.append(f"{len(epochs)} epochs in {epochs[-1].get('seconds', 0):.1f} s, held-out loss {epochs[-1].get('test_loss', float('nan')):.4f}")
    lines += [f"{name.replace('_', ' '):28} {value:.4f}" for name, value in checkpoint.measures.items()]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    args = make_parser().parse_args(argv)
    try:
        if args.command == "train":
            train(args)
        elif args.command == "show":
            print(describe(read_checkpoint(args.name)))
        else:
            for title, found in (("shipped", checkpoints()), ("runs", runs())):
                for name, folder in found.items():
                    print(f"{title:8} {name:28} {folder}")
    except LatentError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on from the last whole epoch", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
