"""The command line: python -m ae_core train | sweep | score | read | runs | resume | show | measure | script. Its options are
the dataclasses' own fields.
"""

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .anomaly.scoring import (
    DETECTION,
    as_read,
    check_places,
    findings,
    recipe,
    score_file,
    score_large,
    scores_csv,
    stretches_csv,
    summary,
    verdict,
    write_text,
)
from .anomaly.scoring import load as load_detection
from .anomaly.thresholds import RULES, Rule
from .base.errors import LatentError
from .base.options import Knob, check, knobs
from .data import Dataset, source, sources
from .data.csv.normal import normal_range
from .data.csv.pieces import LARGE, PIECE, volume
from .data.csv.report import as_json, in_words, look, questions
from .data.csv.source import Csv
from .data.csv.table import Table
from .jobs import queue as jobs
from .jobs.recording import finish_run, train_run
from .model.config import Config, all_knobs
from .model.variants import VARIANTS
from .runs.folder import BUSY, STOP, Checkpoint, free_name, read_checkpoint, read_config, read_folder, runs_folder
from .runs.overview import rows
from .training.loop import Epoch
from .training.script import script


def add_options(parser: argparse.ArgumentParser) -> None:
    """An option for every knob: the recipe's own, then those of single sources and variants."""
    groups = [(parser, {n: f for n, f in knobs(Config).items() if n not in ("data", "variant")})]
    own = {name: f for name, (_, f) in all_knobs().items()}
    owners: dict[str, list[str]] = {name: [] for name in own}
    for title, fields in [(s, knobs(c)) for s, c in sources().items()] + [
        (v, row.knobs()) for v, row in VARIANTS.items()
    ]:
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
            group.add_argument(
                f"--{name.replace('_', '-')}",
                dest=name,
                metavar="…",
                help=f"{knob.help} (default {default}{unit})".replace("%", "%%"),
            )
            for alias in knob.aliases:
                group.add_argument(f"--{alias.replace('_', '-')}", dest=name, help=argparse.SUPPRESS)


def add_strict(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--strict", action="store_true", help="whatever is doubtful about a table is an error")


def read(args: argparse.Namespace) -> None:
    """What is found in a table, in words or as JSON. Raises LatentError with --strict where anything is doubtful."""
    given = {name: getattr(args, name) for name in knobs(Csv) if name != "file" and getattr(args, name) is not None}
    origin = Csv(**{name: check(name, value, knobs(Csv)[name]) for name, value in given.items()})
    table, rows = look(args.table, args.whole, **origin.said())
    print(json.dumps(as_json(table, rows), ensure_ascii=False) if args.json else "\n".join(in_words(table, rows)))
    refuse_doubt(table, args.strict)


def refuse_doubt(table: Table, strict: bool) -> None:
    """Raises LatentError where anything about a table is doubtful and nothing may be."""
    if strict and table.about.doubts:
        raise LatentError(f"{len(table.about.doubts)} things are doubtful, the first: {table.about.doubts[0].text}")


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m ae_core", description="Train and inspect autoencoders.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what, out in (
        (
            "train",
            "train a model into a run folder; an unfinished one is resumed",
            "run folder (default: a new one under LATENT_RUNS, which is runs/)",
        ),
        (
            "sweep",
            "train a model for each of several k, given as --k 1,2,4,8, as many at once as there are workers",
            "folder for the runs (default: LATENT_RUNS); those that are there are kept",
        ),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument(
            "--data", default="mnist", help=f"data source: {', '.join(sources())} (default mnist)", metavar="…"
        )
        command.add_argument(
            "--variant", default="vae", help=f"kind of autoencoder: {', '.join(VARIANTS)} (default vae)", metavar="…"
        )
        command.add_argument("--out", metavar="FOLDER", help=out)
        add_strict(command)
        add_options(command)
    command = commands.add_parser(
        "score",
        help="how abnormal each row of a table is: train on its normal stretch (or take --checkpoint), score, say what was decided",
    )
    command.add_argument("table", metavar="FILE", help="text table (CSV) or Parquet, a row for each moment")
    add_strict(command)
    command.add_argument(
        "--out", metavar="FILE", default="scores.csv", help="a row for each row of the table (default scores.csv)"
    )
    command.add_argument(
        "--stretches", metavar="FILE", help="also write the flagged stretches, with the channels to blame"
    )
    command.add_argument(
        "--checkpoint", metavar="RUN", help="score with this run, by name or folder, instead of training one"
    )
    command.add_argument(
        "--variant", default="nested", help=f"kind of autoencoder: {', '.join(VARIANTS)} (default nested)", metavar="…"
    )
    usual = ", ".join(f"{rule}:{amount:g}" for rule, amount in RULES.items())
    command.add_argument(
        "--threshold",
        default="quantile",
        help=f"rule and amount: {usual}; the amount may be left out (default quantile)",
        metavar="…",
    )
    add_options(command)
    command = commands.add_parser(
        "read", help="what is found in a table, without training: columns, time, label, and what is doubtful"
    )
    command.add_argument("table", metavar="FILE", help="text table (CSV and its kin) or Parquet")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.add_argument(
        "--whole", action="store_true", help="all of a large file, not its beginning, middle and end alone"
    )
    add_strict(command)
    add_options(command)
    commands.add_parser("runs", help="the runs on this machine and the shipped checkpoints, with how they stand")
    for name, what in (
        ("resume", "go on with a run that was stopped or died"),
        ("show", "what a checkpoint or run is and how well it does"),
        ("measure", "measure a run anew, or one that was stopped as it is, so that it can be looked at"),
        ("script", "print a plain PyTorch program that makes the same run"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("name", help="its name or folder")
        if name == "measure":
            likelihood = "samples of z for the likelihood of the binarised test set (5000 in the papers; some 20 minutes for MNIST); 0 leaves it out"
            command.add_argument("--samples", type=int, default=0, metavar="…", help=likelihood)
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
        with tqdm(
            total=config.epochs, unit="epoch", dynamic_ncols=True, desc=out.name, delay=1e-3
        ) as bar:  # delay: what fails at once shows no bar
            for event in train_run(config, out, data, command=command):
                if isinstance(event, Epoch):
                    bar.n = event.epoch
                    bar.set_postfix(train=f"{event.train_loss:.3f}", test=f"{event.test_loss:.3f}")
                else:
                    bar.n = round(event.epoch - 1 + event.step / event.steps, 2)
                    if event.step % 50 == 0:
                        bar.refresh()
    except KeyboardInterrupt:
        raise LatentError(
            f"Stopped after the last whole epoch; the same command with --out {out} goes on from there."
        ) from None


def show_doubts(config: Config, strict: bool) -> None:
    """Print what is doubtful about the table, before anything trains on it."""
    origin = source(config.data, **config.source)
    if isinstance(origin, Csv) and origin.here():
        table = origin.table()
        print("\n".join(questions(table.about.doubts)), end="\n" if table.about.doubts else "")
        refuse_doubt(table, strict)


def train(args: argparse.Namespace, command: str) -> None:
    config = config_from(args)
    if config.data == "csv":
        show_doubts(config, args.strict)
    out = Path(args.out or runs_folder() / free_name(f"{config.data}-{config.variant}-{config.k}d"))
    data = load(config)
    (out / STOP).unlink(missing_ok=True)  # that somebody stopped it is over
    follow(config, out, data, command)
    print(f"{out}\n{describe(read_checkpoint(out))}")


def sweep(args: argparse.Namespace) -> None:
    """A run for each k, in the background, then the held-out errors beside PCA's."""
    sizes = str(args.k or "1,2,4,8,16,32").split(",")
    configs = [config_from(argparse.Namespace(**{**vars(args), "k": k})) for k in sizes]
    if not source(configs[0].data, **configs[0].source).here():
        load(configs[0])  # once, with a bar, and not in each worker
    folders = [Path(args.out or runs_folder()) / f"{c.data}-{c.variant}-sweep-{c.k}d" for c in configs]
    jobs.fill(folders, configs)
    try:
        with tqdm(total=sum(c.epochs for c in configs), unit="epoch", dynamic_ncols=True, desc="sweep") as bar:
            found: list[dict] = []
            while not found or any(state["state"] in BUSY for state in found):
                found = jobs.wait(folders, 0.5)
                bar.update(sum(s["epoch"] for s in found) - bar.n)
    except KeyboardInterrupt:
        for folder in folders:
            jobs.stop(folder)
        raise LatentError("Stopped after the last whole epochs; the same command goes on from there.") from None
    print(f"{'k':>5} {'network':>10} {'PCA':>10} {'ratio':>7}   squared error a sample, held out")
    for config, folder, state in zip(configs, folders, found, strict=True):
        if state["state"] != "done":
            print(f"{config.k:5} {state['state']}: {state['message']}")
            continue
        figures = read_checkpoint(folder).measures
        ours, pca = figures["squared_error"], figures["pca_squared_error"]
        print(f"{config.k:5} {ours:10.4f} {pca:10.4f} {ours / max(pca, 1e-12):7.3f}")


def score(args: argparse.Namespace, command: str) -> None:
    """Scores for every row of a table, by a fresh run or an earlier one; prints what was decided."""
    rule = Rule.parse(args.threshold)
    check_places(Path(args.table), *(Path(path) for path in (args.out, args.stretches) if path))
    given = {name: getattr(args, name) for name in knobs(Csv) if name != "file" and getattr(args, name) is not None}
    origin = source("csv", **given, file=str(Path(args.table).resolve()))
    large = origin.here() and not origin.first and volume(origin.path()) > LARGE
    if large and origin.resample_seconds:
        raise LatentError(
            "A file this large is read in pieces, which cannot be resampled: leave out --resample-seconds, or read its beginning alone with --first."
        )
    table = next(origin.in_pieces(PIECE if args.checkpoint else LARGE)) if large else origin.table()
    print(
        f"{args.table}: {'its first ' * large}{len(table):,} rows, {len(table.names):,} channel{'s' * (len(table.names) != 1)}"
    )
    for line in [*questions(table.about.doubts), *(f"  {note.text}" for note in table.notes)]:
        print(line)
    refuse_doubt(table, args.strict)
    if args.checkpoint:
        checkpoint = read_checkpoint(args.checkpoint)
        found = None if large else score_file(checkpoint, origin)
        print(f"Scored with {checkpoint.folder}.")
    else:
        settings = {
            name: check(name, value, f)
            for name, f in knobs(Config).items()
            if name not in ("data", "variant") and (value := getattr(args, name)) is not None
        }
        own = {
            name: value
            for name, (part, _) in all_knobs().items()
            if part == "sockets" and (value := getattr(args, name)) is not None
        }
        knobs_given = {name: getattr(origin, name) for name in (*given, "file")}
        if large:
            if origin.normal:
                normal_range(table, origin.normal, more=True)
            knobs_given["first"] = len(table)
            print(f"The file is read in pieces: what is normal is looked for in its first {len(table):,} rows.")
        config = recipe(table, knobs_given, args.variant, sockets=own, **settings)
        ready = origin.prepare(table)
        (first, last), window = ready.normal, ready.window
        print(
            f"Normal: rows {first:,} to {last - 1:,}{'' if args.normal else ' (proposed)'}; the last fifth of them is held out. "
            f"Windows of {window:,} row{'s' * (window != 1)}. {config.row.title}, {config.k} numbers, {config.epochs} epochs."
        )
        out = runs_folder() / free_name(f"signals-{config.variant}-{config.k}d")
        follow(config, out, None, command)
        checkpoint = read_checkpoint(out)
        found = None if large else load_detection(out / DETECTION)
    if large:
        table = ready = None  # large, and not needed any more
        with tqdm(unit="row", unit_scale=True, dynamic_ncols=True, desc=Path(args.out).name, delay=1e-3) as bar:
            found = score_large(checkpoint, origin, rule, Path(args.out), PIECE, bar.update)
    if not args.checkpoint:
        print(f"{verdict(checkpoint, found, rule)}\nThe run is in {checkpoint.folder}.")
    made = findings(found, rule)
    print("\n".join(summary(found, made, rule)))
    if not large:
        each = as_read(found, origin)
        write_text(Path(args.out), scores_csv(each, rule))
    rows = len(found.score if large else each.score)
    print(f"Wrote {args.out}, a row for each of the {rows:,} rows.")
    if args.stretches:
        write_text(Path(args.stretches), stretches_csv(found, made))
        print(f"Wrote {args.stretches}, {len(made.stretches):,} stretches.")


def resume(name: str) -> None:
    folder = read_folder(name)
    config = read_config(folder)
    jobs.check_resumable(folder)
    (folder / STOP).unlink(missing_ok=True)
    follow(config, folder, None, None)
    print(f"{folder}\n{describe(read_checkpoint(folder))}")


def listing() -> None:
    """A line for each run and checkpoint."""
    found, broken = rows()
    for row in found:
        error, pca = (
            f"{row.figures[f]:.4g}" if f in row.figures else "–" for f in ("squared_error", "pca_squared_error")
        )
        made = f"epoch {row.epoch} of {row.config.epochs}"
        print(
            f"{row.state:9} {row.name:32} {row.config.data:10} {row.config.variant:8} k {row.config.k:<4} {made:20} error {error:8} PCA {pca:8} {row.folder}"
        )
    for sentence in broken:
        print(sentence, file=sys.stderr)


def describe(checkpoint: Checkpoint) -> str:
    """A checkpoint's recipe and figures as lines of text."""
    lines = [checkpoint.command] if checkpoint.command else []
    epochs = checkpoint.metrics()
    if epochs:
        lines.append(
            f"{len(epochs)} epochs in {epochs[-1].get('seconds', 0):.1f} s, held-out loss {epochs[-1].get('test_loss', float('nan')):.4f}"
        )
    lines += [f"{name.replace('_', ' '):28} {value:.4f}" for name, value in checkpoint.measures.items()]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    words = sys.argv[1:] if argv is None else argv
    args = make_parser().parse_args(words)
    try:
        if args.command == "read":
            read(args)
        elif args.command == "train":
            train(args, "python -m ae_core " + shlex.join(words))
        elif args.command == "sweep":
            sweep(args)
        elif args.command == "score":
            score(args, "python -m ae_core " + shlex.join(words))
        elif args.command == "resume":
            resume(args.name)
        elif args.command == "show":
            print(describe(read_checkpoint(args.name)))
        elif args.command == "measure":
            finish_run(read_folder(args.name), max(0, args.samples))
            print(describe(read_checkpoint(args.name)))
        elif args.command == "script":
            checkpoint = read_checkpoint(args.name)
            print(script(checkpoint.config, checkpoint.shape, checkpoint.range, checkpoint.classes), end="")
        else:
            listing()
    except LatentError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0
