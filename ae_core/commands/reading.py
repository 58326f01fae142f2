"""python -m ae_core runs | show | measure | script: what is known of runs and checkpoints."""

import sys
from typing import TYPE_CHECKING

from ..base.files import read_json
from ..base.text import printable
from ..runs.folder import read_folder
from ..training.diagnosis import remarks

if TYPE_CHECKING:
    from ..runs.checkpoint import Checkpoint


def listing() -> None:
    """A line for each run and checkpoint. Nothing here waits for torch."""
    from ..runs.overview import rows

    readable, broken = rows()
    for row in readable:
        error, pca = (
            f"{row.figures[f]:.4g}" if f in row.figures else "–" for f in ("squared_error", "pca_squared_error")
        )
        made = f"epoch {row.epoch} of {row.config.epochs}"
        print(
            f"{row.state:9} {row.name:32} {row.config.data:10} {row.config.variant:8} k {row.config.k:<4} {made:20} "
            f"error {error:8} PCA {pca:8} {row.folder}"
        )
    for sentence in broken:
        print(printable(sentence), file=sys.stderr)


def show(name: str) -> None:
    """What a checkpoint or run is and how well it does."""
    from ..runs.checkpoint import read_checkpoint

    print(describe(read_checkpoint(name)))


def measure(name: str, samples: int) -> None:
    """Re-evaluate a run. samples: of z for the likelihood of the binarised test set; 0 leaves it out."""
    from ..jobs.recording import finish_run

    finish_run(read_folder(name), max(0, samples))
    show(name)


def print_script(name: str) -> None:
    """A plain PyTorch program that makes the same run."""
    from ..runs.checkpoint import read_checkpoint
    from ..training.script import script

    checkpoint = read_checkpoint(name)
    print(script(checkpoint.config, checkpoint.shape, checkpoint.range, checkpoint.classes), end="")


def describe(checkpoint: "Checkpoint") -> str:
    """A checkpoint's recipe and figures as lines of text."""
    lines = [checkpoint.command] if checkpoint.command else []
    made_with = read_json(checkpoint.folder / "config.json").get("made_with")
    if isinstance(made_with, dict):  # runs of earlier versions do not say
        lines.append(", ".join(f"{name} {value}" for name, value in made_with.items()))
    epochs = checkpoint.metrics()
    if epochs:
        last = epochs[-1]
        lines.append(
            f"{len(epochs)} epochs in {last.get('seconds', 0):.1f} s, "
            f"held-out loss {last.get('test_loss', float('nan')):.4f}"
        )
    lines += [f"{name.replace('_', ' '):28} {value:.4f}" for name, value in checkpoint.measures.items()]
    about = read_json(checkpoint.folder / "config.json")
    lines += [remark.text for remark in remarks(checkpoint.config, about, epochs, ended=True)]
    return "\n".join(lines)
