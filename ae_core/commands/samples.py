"""What the commands say and do of a person's own samples."""

import argparse
from pathlib import Path

from ..anomaly.samples import QUANTILE, VARIANT, SampleScores, detector_recipe, score_samples, scores_csv
from ..anomaly.thresholds import Rule
from ..base.errors import LatentError
from ..base.options import check, knobs
from ..base.outputs import check_outputs, write_text
from ..base.text import plural
from ..data import source
from ..data.samples.source import Samples, with_missing_said
from ..model.config import Config, all_knobs
from ..runs.checkpoint import read_checkpoint
from ..runs.folder import free_name, runs_folder


def say(config: Config) -> None:
    """Print what was found in a file of samples, before anything trains on it. Raises LatentError."""
    origin = source(config.data, **config.source)
    if isinstance(origin, Samples):
        print("\n".join(sentences(origin)))


def sentences(origin: Samples) -> list[str]:
    """What was found in a file of samples: notes, the split, near-duplicates across it. Raises LatentError."""
    collection = origin.collection()
    ready = origin.prepare(collection)
    lines = [f"{origin.file}: {plural(len(collection), 'sample')}"]
    lines += [f"  {note.text}" for note in with_missing_said(collection).notes]
    whole = "groups are kept whole" if collection.groups else "of each class" if collection.classes else "at random"
    normal = f" of the normal class {origin.normal_class}" if origin.normal_class else ""
    lines.append(f"  {len(ready.train):,}{normal} to train on, {len(ready.test):,} held out, {whole}.")
    return [*lines, *(f"  {line}" for line in [ready.duplicates()] if line)]


def score(args: argparse.Namespace, command: str) -> None:
    """Scores for every sample of a file, by a fresh run or an earlier one; prints what was decided."""
    from .training import follow

    out, rule = Path(args.out), Rule.parse(args.threshold) if args.threshold else Rule()
    if rule.kind != "quantile":
        raise LatentError("The threshold of samples is a quantile of the held-out normal ones: say quantile:0.95.")
    quantile = rule.amount if ":" in (args.threshold or "") else QUANTILE
    check_outputs(Path(args.table), out)
    given = {
        name: value for name in knobs(Samples) if name != "file" and (value := getattr(args, name, None)) is not None
    }
    origin = source("samples", **given, file=str(Path(args.table).resolve()))
    assert isinstance(origin, Samples)
    print("\n".join(sentences(origin)))
    if args.checkpoint:
        checkpoint = read_checkpoint(args.checkpoint)
        print(f"Scored with {checkpoint.folder}.")
    else:
        config = _recipe(args, origin)
        folder = runs_folder() / free_name(f"samples-{config.variant}-{config.k}d")
        follow(config, folder, None, command)
        checkpoint = read_checkpoint(folder)
        print(f"The run is in {folder}.")
    scores = score_samples(checkpoint, origin)
    print("\n".join(summary(scores, quantile)))
    write_text(out, scores_csv(scores, quantile))
    print(f"Wrote {args.out}, a line for each of the {plural(len(scores.network), 'sample')}.")


def _recipe(args: argparse.Namespace, origin: Samples) -> Config:
    fields = ((name, f) for name, f in knobs(Config).items() if name not in ("data", "variant"))
    settings = {name: check(name, value, f) for name, f in fields if (value := getattr(args, name, None)) is not None}
    names = (name for name, (part, _) in all_knobs().items() if part == "sockets")
    sockets = {name: value for name in names if (value := getattr(args, name, None)) is not None}
    return detector_recipe(origin, origin.prepare(), args.variant or VARIANT, sockets=sockets, **settings)


def summary(scores: SampleScores, quantile: float) -> list[str]:
    """How many samples are flagged, and how well where the truth is known, network and PCA."""
    flagged = scores.flagged(scores.network, quantile)
    level = scores.threshold(scores.network, quantile)
    lines = [
        f"Threshold {level:.4g}, the {quantile:.0%} quantile of {plural(len(scores.test), 'held-out score')}: "
        f"{plural(int(flagged.sum()), 'sample')} above it."
    ]
    for name, score in (("network", scores.network), ("PCA", scores.pca)):
        if judged := scores.judge(score, quantile):
            lines.append(
                f"{name:8} accuracy {judged.accuracy:.1%}, precision {judged.precision:.1%}, "
                f"recall {judged.recall:.1%}, AUC-PR {judged.auc_pr:.3f} (chance {judged.chance:.3f}), "
                f"AUC-ROC {judged.auc_roc:.3f}"
            )
    return lines
