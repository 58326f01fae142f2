"""The command line: python -m ae_core train | sweep | score | similar | read | runs | resume | show | measure |
script | export | serve. Its options are the dataclasses' own fields.

What a command does stands in `commands`, which is imported when the command is known: a list of runs does not wait for
torch.
"""

import argparse
import contextlib
import errno
import os
import shlex
import signal
import sys
from collections.abc import Callable
from typing import Any, TextIO, cast

from .base.errors import LatentError
from .base.text import printable

WITH_OPTIONS = ("train", "sweep", "score", "read")  # commands that take a recipe's knobs
HELP_ALL = "--help-all"
NO_OUTPUT = (errno.ENOSPC, errno.EBADF, errno.EIO, errno.EDQUOT)
BROKEN_PIPE = 128 + signal.SIGPIPE if hasattr(signal, "SIGPIPE") else 1  # as a shell has it for other programs


def make_parser(command: str | None = None, everything: bool = False) -> argparse.ArgumentParser:
    """The parser of all commands.

    command: the one whose options are needed; None: all of them.
    everything: whether its help has every option, or the common ones alone.
    """
    parser = argparse.ArgumentParser("python -m ae_core", description="Train and inspect autoencoders.")
    commands = parser.add_subparsers(dest="command", required=True)
    made = {
        "train": commands.add_parser("train", help="train a model into a run folder; an unfinished one is resumed"),
        "sweep": commands.add_parser(
            "sweep",
            help="train a model for each of several k and seeds, given as --k 1,2,4,8 --seed 0,1,2, as many at once as "
            "there are workers; of seeds the mean error and its sd",
        ),
        "score": commands.add_parser(
            "score",
            help="how abnormal each row of a table is: train on its normal stretch (or take --checkpoint), score, "
            "say what was decided",
        ),
        "read": commands.add_parser(
            "read", help="what is found in a table, without training: columns, time, label, and what is doubtful"
        ),
    }
    _add_similar(commands.add_parser("similar", help="where else a table looks as it does in a stretch, by a run"))
    for name in WITH_OPTIONS:
        if command in (None, name):
            _add_recipe(name, made[name], everything)
    commands.add_parser("runs", help="the runs on this machine and the shipped checkpoints, with their status")
    for name, what in (
        ("resume", "go on with a run that was stopped or died"),
        ("show", "what a checkpoint or run is and how well it does"),
        ("measure", "re-evaluate a run, or one that was stopped as it is, so that it can be looked at"),
        ("script", "print a plain PyTorch program that makes the same run"),
    ):
        made[name] = commands.add_parser(name, help=what)
        made[name].add_argument("name", help="its name or folder")
    _add_export(commands.add_parser("export", help="write a run in the forms that other programs take"))
    _add_serve(commands.add_parser("serve", help="answer over HTTP with a run's scores of rows that are sent"))
    made["measure"].add_argument(
        "--samples",
        type=int,
        default=0,
        metavar="…",
        help="samples of z for the likelihood of the binarised test set (5000 in the papers; some 20 minutes for "
        "MNIST); 0 leaves it out",
    )
    return parser


def _add_export(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    parser.add_argument("name", help="its name or folder")
    parser.add_argument("--onnx", action="store_true", help="encoder, decoder, reconstruction and detector as ONNX")
    parser.add_argument("--out", metavar="FOLDER", help="where they are written (default: the run's name and -onnx)")
    parser.add_argument("--k", type=int, metavar="…", help="numbers of a nested code that are kept (default all)")


def _add_similar(parser: argparse.ArgumentParser) -> None:
    """The options of `similar`."""
    parser.add_argument("table", metavar="FILE", help="text table (CSV) or Parquet, one row per time step")
    parser.add_argument("--checkpoint", metavar="RUN", required=True, help="name or folder of the run")
    help_ = "the stretch, START:END in rows from 0, the end exclusive, or in times"
    parser.add_argument("--at", metavar="START:END", required=True, help=help_)
    parser.add_argument("--count", type=int, default=10, metavar="…", help="stretches that are named (default 10)")
    parser.add_argument("--json", action="store_true", help="for programs: start, end and distance of each")


def _add_serve(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`."""
    parser.add_argument("name", help="its name or folder")
    parser.add_argument("--port", default="8765", metavar="…", help="that is listened to (default 8765)")
    parser.add_argument("--host", default="127.0.0.1", metavar="…", help="address (default 127.0.0.1: this computer)")
    parser.add_argument("--threshold", metavar="…", help="rule and amount, as of score (default: the run's own)")
    help_ = "what was judged of the table that the run learned from, as of score: answers have the scores with it, too"
    parser.add_argument("--events", metavar="FILE", help=help_)
    help_ = "where streams are kept, so that they go on after a restart (default: the run's name and .streams.sqlite)"
    parser.add_argument("--state", metavar="FILE", help=help_)


def _add_recipe(name: str, parser: argparse.ArgumentParser, everything: bool) -> None:
    """The options of a command that takes a recipe."""
    from .commands.options import add_options
    from .data import sources
    from .model.variants import VARIANTS

    parser.add_argument(HELP_ALL, action="help", help="show every option, not the common ones alone, and exit")
    if name != "sweep":
        parser.add_argument("--strict", action="store_true", help="whatever is doubtful about a table is an error")
    if name == "read":
        parser.add_argument("table", metavar="FILE", help="text table (CSV and its kin) or Parquet")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument("--whole", action="store_true", help="all of a large file, not three parts of it alone")
        add_options(parser, name, everything)
        return
    if name == "score":
        _add_table(parser, everything)
    else:
        default = "default: a new one under LATENT_RUNS, which is runs/"
        out = {
            "train": f"run folder ({default})",
            "sweep": "folder for the runs (default: LATENT_RUNS); those that are there are kept",
        }
        help_ = f"data source: {', '.join(sources())} (default mnist)"
        parser.add_argument("--data", default="mnist", help=help_, metavar="…")
        parser.add_argument("--out", metavar="FOLDER", help=out[name])
        help_ = "also write curves, figures, codes and reconstructions for TensorBoard, into the run's folder"
        parser.add_argument("--tensorboard", action="store_true", help=help_)
    variant = None if name == "score" else "vae"
    usual = variant or "nested, of samples denoising"
    help_ = f"kind of autoencoder: {', '.join(VARIANTS)} (default {usual})"
    parser.add_argument("--variant", default=variant, help=help_, metavar="…")
    add_options(parser, name, everything)


def _add_table(parser: argparse.ArgumentParser, everything: bool) -> None:
    """The options of `score` alone."""
    from .anomaly.thresholds import RULES

    help_ = "text table (CSV) or Parquet, one row per time step; - for rows on standard input, with --checkpoint"
    parser.add_argument("table", metavar="FILE", nargs="?", help=help_)
    help_ = "score the rows of a file, with --checkpoint, and those that come, at the end of --out, until it is stopped"
    parser.add_argument("--follow", metavar="FILE", nargs="?", const="", help=help_)
    help_ = "of scores of rows that come: csv or jsonl (default: as they do)"
    parser.add_argument("--format", metavar="…", help=help_ if everything else argparse.SUPPRESS)
    help_ = "what the file holds: csv, a row a moment, or samples, a row a sample (default csv)"
    parser.add_argument("--data", default="csv", choices=("csv", "samples"), help=help_)
    parser.add_argument(
        "--out", metavar="FILE", help="a row for each row of the table (default scores.csv; of -: standard output)"
    )
    parser.add_argument(
        "--stretches", metavar="FILE", help="also write the flagged stretches, with their main channels"
    )
    help_ = "beside other detectors, with the same threshold rule: nearest windows, k-means, isolation forest, z-score"
    parser.add_argument("--detectors", action="store_true", help=help_)
    help_ = (
        "what was judged: start, end, verdict (normal, look again, fault), name, comment; figures with it too; of rows "
        "that come, of the table that the run learned from"
    )
    parser.add_argument("--events", metavar="FILE", help=help_)
    parser.add_argument("--report", metavar="FILE", help="also write a page of HTML to keep, send or print")
    parser.add_argument(
        "--checkpoint", metavar="RUN", help="score with this run, by name or folder; nothing is trained"
    )
    rules = ", ".join(f"{rule}:{amount:g}" for rule, amount in RULES.items())
    help_ = f"rule and amount: {rules}; the amount may be left out (default: the run's own, quantile for a new one)"
    parser.add_argument("--threshold", help=help_, metavar="…")


def main(argv: list[str] | None = None) -> int:
    """Run a command; its exit code: 0, or 2 with one sentence for what the user can mend."""
    words = sys.argv[1:] if argv is None else argv
    # The options of other commands are not needed, and to know them takes a while.
    for name in ("stdout", "stderr"):  # closed by whoever started this
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  (until the process ends)
    from .data.csv.text import reading_once

    try:
        args = make_parser(words[0] if words else "", HELP_ALL in words).parse_args(words)
        with reading_once(), contextlib.redirect_stdout(cast(TextIO, Printable(sys.stdout))):
            _run(args, "python -m ae_core " + shlex.join(words))
        sys.stdout.flush()
    except LatentError as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads the output, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes when it ends
        return BROKEN_PIPE
    except OSError as error:
        if error.filename is not None or error.errno not in NO_OUTPUT:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"error: The output cannot be written ({error.strerror}): let it go elsewhere.", file=sys.stderr)
        return 2
    return 0


class Printable:
    """Standard output, on which no control character of a file's names comes through."""

    def __init__(self, output: TextIO):
        self._output = output

    def write(self, text: str) -> int:
        self._output.write(printable(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._output, name)


def _score(args: argparse.Namespace, command: str) -> None:
    if args.follow is None and args.table is None:
        raise LatentError("Say what is scored: a file, - for standard input, or --follow FILE.")
    if args.events and args.data == "samples":
        raise LatentError(
            "Events are stretches of rows that follow on each other, and samples do not: leave out --events."
        )
    if args.follow is not None or args.table == "-":
        from .commands import streaming

        if args.follow == "" and args.table in (None, "-"):
            raise LatentError("Say what is followed: --follow FILE.")
        (streaming.stream if args.follow is None else streaming.follow)(args)
        return
    from .commands import samples, scoring

    args.out = args.out or "scores.csv"
    (samples.score if args.data == "samples" else scoring.score)(args, command)


def _run(args: argparse.Namespace, command: str) -> None:
    if args.command in ("train", "sweep", "resume"):
        from .commands import training

        training_calls: dict[str, Callable[[], None]] = {
            "train": lambda: training.train(args, command),
            "sweep": lambda: training.sweep(args),
            "resume": lambda: training.resume(args.name),
        }
        training_calls[args.command]()
    elif args.command == "score":
        _score(args, command)
    elif args.command == "export":
        from .commands import exporting

        exporting.export(args)
    elif args.command == "similar":
        from .commands import similar

        similar.find(args)
    elif args.command == "serve":
        from .commands import serving

        serving.serve(args)
    elif args.command == "read":
        from .commands import tables

        tables.read(args)
    else:
        from .commands import reading

        reading_calls: dict[str, Callable[[], None]] = {
            "runs": reading.listing,
            "show": lambda: reading.show(args.name),
            "measure": lambda: reading.measure(args.name, args.samples),
            "script": lambda: reading.print_script(args.name),
        }
        reading_calls[args.command]()
