"""The film of a run: its snapshots as the component `replay` takes them."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
import torch

from ae_core import LatentError, read_checkpoint
from ae_core.latent.payload import pack_snapshots
from ae_core.runs.checkpoint import Checkpoint
from ae_core.runs.film import of_these_weights
from ae_core.runs.status import BUSY
from ae_core.training import snapshots

from ...components.replay.types import ReplayData
from ...ui.packing import pictures_to_base64, to_base64
from . import words

CHUNK = 8  # epochs in a block of bytes


class Film:
    """The snapshots of a run. It grows with the run; one object serves all visitors, and `grow` locks it.

    checkpoint: the run. samples: what the snapshots are of, "x" (N, …) and "y" or "factors" where there are.
    planes: of each epoch the codes on the map, (N, 2). pictures: of each epoch the reconstructions, as "x".
    packed: the payloads to send, by their epochs.
    """

    def __init__(self, folder: Path):
        self.checkpoint: Checkpoint = read_checkpoint(folder)
        self.samples = {name: part.numpy() for name, part in snapshots.read(folder).items()}
        self.planes: dict[int, np.ndarray] = {}
        self.pictures: dict[int, np.ndarray] = {}
        self.packed: dict[tuple[int, ...], bytes] = {}
        self.lock = threading.Lock()

    def grow(self) -> list[bytes]:
        """Read what is new; the epochs in blocks of bytes."""
        with self.lock:
            folder = self.checkpoint.folder
            on_disk = snapshots.epochs(folder) if of_these_weights(folder) else []
            for epoch in on_disk:
                if epoch not in self.planes:
                    self._add(epoch)
            for epoch in [epoch for epoch in self.planes if epoch not in on_disk]:
                del self.planes[epoch], self.pictures[epoch]
            epochs = sorted(self.planes)
            blocks = [tuple(epochs[i : i + CHUNK]) for i in range(0, len(epochs), CHUNK)]
            self.packed = {block: self.packed.get(block) or self._pack(n, block) for n, block in enumerate(blocks)}
            return list(self.packed.values())

    def _add(self, epoch: int) -> None:
        try:
            snapshot = snapshots.read(self.checkpoint.folder, epoch)
        except LatentError:  # thinned away, or damaged: the film has a gap there
            return
        if self.fits(snapshot):
            earlier = max((e for e in self.planes if e < epoch), default=None)
            (self.planes[epoch],) = snapshots.maps([snapshot["z"].float().numpy()], self.planes.get(earlier))
            self.pictures[epoch] = snapshot["x_hat"].float().numpy()

    def fits(self, snapshot: dict[str, torch.Tensor]) -> bool:
        """Whether a snapshot is of these samples and this model."""
        labelled = next((len(self.samples[name]) for name in ("y", "factors") if name in self.samples), None)
        count = next((len(plane) for plane in self.planes.values()), labelled or len(snapshot["z"]))
        shapes = snapshot["z"].shape, snapshot["x_hat"].shape
        return shapes == ((count, self.checkpoint.config.k), self.samples["x"].shape)

    def _pack(self, number: int, block: tuple[int, ...]) -> bytes:
        planes, pictures = (np.stack([part[e] for e in block]) for part in (self.planes, self.pictures))
        return pack_snapshots(self.checkpoint.name, number, list(block), planes, pictures)

    def data(self, state: dict[str, Any], epoch: int | None) -> ReplayData:
        """What `replay` is given. state: the run's status; epoch: the one to begin at, None for the newest."""
        checkpoint, samples = self.checkpoint, self.samples
        config, y, factors = checkpoint.config, samples.get("y"), samples.get("factors")
        pictures = len(checkpoint.shape) == 3 and checkpoint.range == (0.0, 1.0)
        labelled = y is not None and bool(checkpoint.classes)
        x = samples["x"].astype(np.float32)
        many = config.k > 2
        count = len(next(iter(self.planes.values()), ()))
        return {
            "run": checkpoint.name,
            "title": words.HELD_OUT_SAMPLES.format(count=count) if self.planes else "",
            "epochs_total": config.epochs,
            "chunks": len(self.packed),
            "live": state["state"] in BUSY,
            "k": config.k,
            "map_title": words.MAP_OF_MANY.format(k=config.k) if many else "",
            "axes": words.DIRECTIONS if many else ["z1", "z2" if config.k == 2 else ""],
            "gaussian": config.gaussian,
            "classes": list(checkpoint.classes) if labelled else None,
            "labels": to_base64(y, "u1") if labelled else None,
            "factors": [
                {"name": name, "unit": unit, "values": to_base64(factors[:, i], "<f4")}
                for i, (name, unit) in enumerate(checkpoint.factor_names)
            ]
            if factors is not None
            else None,
            "inputs": pictures_to_base64(x) if pictures else to_base64(x, "<f4"),
            "inputs_shape": list(x.shape),
            "range": checkpoint.range,
            "epoch": epoch,
            "revision": 0,
        }


@st.cache_resource(max_entries=24, show_spinner=False)
def _film(folder: str, begun: int) -> Film:
    return Film(Path(folder))


def film(folder: Path) -> Film | None:
    """The run's film, or None while there is none."""
    begun = folder / "snapshots" / "samples.safetensors"
    try:
        return _film(str(folder), begun.stat().st_mtime_ns)
    except (OSError, LatentError):
        return None
