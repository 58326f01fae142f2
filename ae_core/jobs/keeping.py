"""A network that was trained elsewhere, in the page, becomes a run like any other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn.utils import vector_to_parameters

from ..base.errors import LatentError
from ..base.files import replace, write_json
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..pca import PCA
from ..runs.checkpoint import half_precision, read_checkpoint
from ..runs.folder import new_folder, proposed_name
from ..runs.status import write_status
from ..training.diagnosis import unreachable
from .recording import measuring, metric_line, start_folder

FIGURES = ("train_loss", "test_loss", "squared_error", "pca_squared_error")


def keep_network(config: Config, weights: np.ndarray, curve: Sequence[dict[str, Any]]) -> Path:
    """The folder of a new run that holds a network trained elsewhere, measured as one that was trained here.

    Args:
        config: the recipe, as near as it has what was done.
        weights: all weights in torch's order, encoder first, (W,).
        curve: what was measured on the way, {epoch, train_loss, test_loss, squared_error, pca_squared_error} each; of
            an epoch the last one is written down.

    Raises LatentError where the weights are no such network's, or no run can be written.
    """
    data = config.load()
    model = Autoencoder(config, data.shape, data.range, len(data.classes))
    wanted = sum(each.numel() for each in model.parameters())
    if weights.shape != (wanted,) or not np.isfinite(weights).all():
        raise LatentError(
            f"These are not the weights of this network, which has {wanted:,}: let it train and try again."
        )
    vector_to_parameters(torch.from_numpy(weights.astype(np.float32)), model.parameters())
    kept = half_precision(model)
    pca = PCA(data.x_train, config.k)
    folder = new_folder(f"{proposed_name(config)}-played")
    start_folder(folder, config)
    about = {
        "shape": list(data.shape),
        "range": data.range,
        "classes": list(data.classes),
        "factor_names": [list(each) for each in data.factor_names],
        "unreachable": unreachable(model.output, data.x_train),
        "made_with": {"trained": "in the page Playground", "seed": config.seed},
    }
    write_json(folder / "config.json", {"config": config.to_json(), "command": config.command(folder.name), **about})
    replace(folder / "metrics.jsonl", lambda path: path.write_text("".join(map(metric_line, _lines(curve)))))
    replace(folder / "weights.safetensors", lambda path: save_file(kept, path))
    for _ in measuring(read_checkpoint(folder), data, pca):
        pass
    write_status(folder, "done", epoch=config.epochs, epochs=config.epochs, message="")
    return folder


def _lines(curve: Sequence[dict[str, Any]]) -> list[dict[str, float]]:
    """What metrics.jsonl says of a curve, an epoch a line; what is no number is left out."""
    lines = {}
    for each in curve:
        figures = {name: float(each[name]) for name in FIGURES}
        if np.isfinite(list(figures.values())).all():
            epoch = max(1, int(each["epoch"]))
            lines[epoch] = {"epoch": epoch, "seconds": 0.0, **figures}
    return list(lines.values())
