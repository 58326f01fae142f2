"""A run for TensorBoard: curves, figures, codes as an embedding, reconstructions; made of what its folder holds."""

import importlib
import importlib.util
import math
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..base.errors import LatentError
from ..runs.card import card
from ..runs.checkpoint import Checkpoint, read_checkpoint
from ..runs.records import read_metrics
from ..training import snapshots

FOLDER = "tensorboard"  # in the run's
NOT_CURVES = ("epoch", "seconds")
HEIGHT, WIDTH = 60, 240  # pixels of a channel's drawing
INK, REBUILT, PAPER = (90, 90, 90), (194, 24, 91), (255, 255, 255)


def needed() -> None:
    """LatentError where the package is missing."""
    if importlib.util.find_spec("tensorboard") is None:
        raise LatentError("This needs tensorboard: pip install tensorboard, or latent-explorer[tensorboard].")


class Board:
    """Writes event files into a run's folder, while it trains and once it is measured.

    Args:
        folder: of the run; what an earlier one wrote there is written anew.

    Raises LatentError where tensorboard is missing.
    """

    def __init__(self, folder: Path):
        needed()
        self.folder, self._epochs = folder, 0
        self._writer: Any = None

    def _open(self) -> Any:
        if self._writer is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of protobuf's age
                writer = importlib.import_module("torch.utils.tensorboard").SummaryWriter
            shutil.rmtree(self.folder / FOLDER, ignore_errors=True)
            self._writer = writer(str(self.folder / FOLDER))
        return self._writer

    def update(self) -> None:
        """Add the epochs that were made since."""
        lines = read_metrics(self.folder)
        for line in lines[self._epochs :]:
            for name, value in line.items():
                if name not in NOT_CURVES:
                    self._open().add_scalar(_tag(name), value, int(line["epoch"]))
        if len(lines) > self._epochs:
            self._epochs = len(lines)
            self._open().flush()

    def finish(self) -> None:
        """Add what is known of the run at its end, as far as there is any, and close."""
        self.update()
        try:
            checkpoint = read_checkpoint(self.folder)
            self._figures(checkpoint)
            self._reconstructions(checkpoint)
            self._codes(checkpoint)
        except LatentError:
            pass  # stopped before it was measured: its curves are there
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _figures(self, checkpoint: Checkpoint) -> None:
        writer, epoch = self._open(), self._epochs
        for name, value in checkpoint.measures.items():
            writer.add_scalar(f"figures/{name}", value, epoch)
        for name, curve in checkpoint.curves.items():
            for at, value in enumerate(curve, 1):
                writer.add_scalar(f"by_size/{name}", value, at)
        writer.add_text("card", card(checkpoint).split("---\n", 2)[-1], epoch)

    def _reconstructions(self, checkpoint: Checkpoint) -> None:
        epochs = snapshots.epochs(self.folder)
        if not epochs:
            return
        x = snapshots.read(self.folder)["x"].float().numpy()
        for epoch in epochs:
            x_hat = snapshots.read(self.folder, epoch)["x_hat"].float().numpy()
            self._open().add_image("reconstructions", pairs(x, x_hat, checkpoint.range), epoch, dataformats="HWC")

    def _codes(self, checkpoint: Checkpoint) -> None:
        codes = checkpoint.codes()
        labels = header = None
        if "y" in codes:
            labels = [checkpoint.classes[y] if y < len(checkpoint.classes) else str(y) for y in codes["y"]]
        elif "factors" in codes:
            header = [name for name, _ in checkpoint.factor_names]
            labels = [[f"{value:.4g}" for value in row] for row in codes["factors"]]
            if len(header) == 1:
                labels, header = [row[0] for row in labels], None
        z = codes["z"] if codes["z"].shape[1] > 1 else np.c_[codes["z"], np.zeros(len(codes["z"]))]
        self._open().add_embedding(z, labels, global_step=self._epochs, tag="codes", metadata_header=header)


def _tag(name: str) -> str:
    """A curve's name, with those of one figure side by side: loss/train, loss/test."""
    part, _, rest = name.partition("_")
    return f"{rest}/{part}" if part in ("train", "test", "pca") and rest else f"{name}/held_out"


def pairs(x: NDArray, x_hat: NDArray, range: tuple[float, float] | None) -> NDArray:
    """uint8 (H, W, 3): samples x (M, *shape) above their reconstructions, or, of signals, with them drawn over."""
    if x.ndim == 4 and x.shape[1] in (1, 3):
        low, high = range or (float(x.min()), float(x.max()))
        both = np.stack([x, x_hat]).transpose(0, 3, 1, 4, 2)  # (2, H, M, W, C)
        rows, height, count, width, channels = both.shape
        picture = both.reshape(rows * height, count * width, channels)
        scale = max(1, math.ceil(32 / height))
        levels = ((picture - low) / max(high - low, 1e-12) * 255).clip(0, 255).astype(np.uint8)
        grown: NDArray = np.repeat(levels.repeat(scale, 0).repeat(scale, 1), 3 // channels, 2)
        return grown
    flat, flat_hat = (part.reshape(len(part), -1, part.shape[-1]) for part in (x, x_hat))
    return np.concatenate([_signals(*each) for each in zip(flat, flat_hat, strict=True)], 1)


def _signals(x: NDArray, x_hat: NDArray) -> NDArray:
    """uint8 (C · HEIGHT, WIDTH, 3): each channel of a sample (C, L), with its reconstruction."""
    picture = Image.new("RGB", (WIDTH, HEIGHT * len(x)), PAPER)
    draw = ImageDraw.Draw(picture)
    for channel, lines in enumerate(zip(x, x_hat, strict=True)):
        low, high = float(min(map(np.min, lines))), float(max(map(np.max, lines)))
        for line, ink in zip(lines, (INK, REBUILT), strict=True):
            at = np.linspace(4, WIDTH - 4, len(line))
            level = (channel + 1) * HEIGHT - 4 - (line - low) / max(high - low, 1e-12) * (HEIGHT - 8)
            draw.line(list(zip(at.tolist(), level.tolist(), strict=True)), fill=ink, width=2)
    return np.asarray(picture)
