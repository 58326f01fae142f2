"""Trained models as pages need them, read once per server process."""

import base64
import contextlib
import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import Autoencoder, Checkpoint, Config, LatentError, read_checkpoint
from ae_core.data import source, sources
from ae_core.latent.geometry import Extent, extent, magnification, neighbour_distance, plane, reencoding_error
from ae_core.latent.payload import encoder_layers, pack_encoder, pack_model
from ae_core.model.metrics import clamped, reconstructions
from ae_core.runs.folder import SHIPPED, checkpoints, runs

from ..ui.markdown import plain

MAX_NUMBERS = 100_000  # in the codes that travel to the browser: 400 kB
NO_MODEL = "There is no model to show: checkpoints/ is empty. Fetch the project again, or train one with `python -m ae_core train --data digits`."
FIELD = 64  # places along a side of a backdrop


class LoadedModel:
    """A model on the screen: checkpoint, network, codes, the box of its map and its bytes for the browser."""

    def __init__(self, checkpoint: Checkpoint, mtime_ns: int):
        self.checkpoint: Checkpoint = checkpoint
        self.folder = str(
            checkpoint.folder
        )  # as good as its name for `shown`, and another visitor's run of the same name has another
        self.mtime_ns = mtime_ns  # when, in nanoseconds: what is computed from it is kept under this
        self.model: Autoencoder = checkpoint.model()
        codes = checkpoint.codes()
        count = max(1, MAX_NUMBERS // checkpoint.config.k)
        self.codes: dict[str, np.ndarray] = {name: values[:count] for name, values in codes.items()}
        self.box: Extent = extent(self.codes["z"], self.model.bottleneck.gaussian)
        self.title = title(checkpoint)
        self.blob = pack_model(
            checkpoint.name, self.title, self.model, self.codes, self.box, checkpoint.classes, checkpoint.factor_names
        )

    @functools.cached_property
    def encodes(self) -> bool:
        """Whether the page can encode, too: its evaluator has no convolutions."""
        try:
            encoder_layers(self.model)
        except TypeError:
            return False
        return True

    @functools.cached_property
    def encoder_blob(self) -> bytes:
        """The encoder's bytes for the browser, of a model that `encodes`: sent only where something is to be encoded."""
        return pack_encoder(self.checkpoint.name, self.model)


class Nested:
    """An ordered model and its PCA on the screen, and their two blocks of bytes for the browser."""

    def __init__(self, checkpoint: Checkpoint):
        self.checkpoint, self.model, self.pca, self.codes = (
            checkpoint,
            checkpoint.model(),
            checkpoint.pca(),
            checkpoint.codes(),
        )
        box = extent(self.codes["z"], gaussian=False)
        self.title = title(checkpoint)
        self.blobs = {
            checkpoint.name: pack_model(
                checkpoint.name, self.title, self.model, self.codes, box, checkpoint.classes, pca=self.pca
            ),
            f"{checkpoint.name}:encoder": pack_encoder(checkpoint.name, self.model),
        }


def available() -> dict[str, Path]:
    """Finished models by name: the shipped ones first, then the runs on this machine. A shipped one may be broken, too."""
    return {name: folder for name, folder in runs().items() if (folder / "codes.npz").exists()} | checkpoints()


def names(
    notes: DeltaGenerator | None, first: str, only: Callable[[Checkpoint], bool] = lambda _: True
) -> dict[str, Checkpoint]:
    """Models that can be shown, `first` at the front; a folder that is broken is left out, which `notes`, if any, says."""
    found = {}
    for name, folder in available().items():
        try:
            checkpoint = _about(str(folder), _mtime_ns(folder))
            if only(checkpoint):
                found[name] = checkpoint
        except LatentError as error:
            if notes is not None:
                notes.warning(plain(f"{name} is left out: {error}"), icon=":material/warning:")
    return dict(sorted(found.items(), key=lambda item: item[0] != first))


@functools.lru_cache(
    maxsize=1000
)  # Streamlit's own takes longer to look one up, and every run of a page looks up all of them
def _about(folder: str, mtime_ns: int) -> Checkpoint:
    checkpoint = read_checkpoint(folder)
    checkpoint.check()
    return checkpoint


def _folder_of(name: str) -> tuple[str, int]:
    """(folder, when it was written): what a model is cached under."""
    folder = next((folder for known, folder in available().items() if name in (known, str(folder))), None)
    if folder is None:
        raise LatentError(f"There is no model {name[:60]!r} here.")
    return str(folder), _mtime_ns(folder)


def _mtime_ns(folder: Path) -> int:
    """When a model's codes were, in nanoseconds. LatentError where they are not there, or not any more."""
    try:
        return (folder / "codes.npz").stat().st_mtime_ns
    except OSError as error:
        raise LatentError(
            f"{folder / 'codes.npz'} is missing: the run is not done, or the copy is not whole."
        ) from error


def load_model(name: str) -> LoadedModel:
    """The model of that name, or at that place; a folder that was written again is read again. Raises LatentError."""
    return _load(*_folder_of(name))


@st.cache_resource(max_entries=16, show_spinner="Reading the model …")
def _load(folder: str, mtime_ns: int) -> LoadedModel:
    return LoadedModel(read_checkpoint(folder), mtime_ns)


def title(checkpoint: Checkpoint, of_input: bool = False) -> str:
    """How a menu calls it, e.g. "MNIST digits · VAE, 2 numbers", or "2 of 784 numbers"; a run's own name stands behind
    it.
    """
    config = checkpoint.config
    data = sources()[config.data].title.split(" (")[0]
    numbers = (
        f"{config.k} of {math.prod(checkpoint.shape)} numbers"
        if of_input
        else "1 number"
        if config.k == 1
        else f"{config.k} numbers"
    )
    mine = (
        f" · {checkpoint.name}"
        if checkpoint.name in _smaller()
        else ""
        if checkpoint.folder.parent == SHIPPED
        else f" · run {checkpoint.name}"
    )
    return f"{data} · {config.row.short}, {numbers}{mine}"


@functools.cache
def _smaller() -> frozenset[str]:
    """The shipped models that a menu could not tell from a larger one of the same kind, data and k: it calls them by
    their names, too.
    """
    found: dict[tuple, list[tuple[float, str]]] = {}
    for name, folder in checkpoints().items():
        with contextlib.suppress(LatentError):
            checkpoint = read_checkpoint(folder)
            alike = (checkpoint.config.data, checkpoint.config.variant, checkpoint.config.k, checkpoint.shape)
            found.setdefault(alike, []).append((checkpoint.measures.get("parameters", 0), name))
    return frozenset(name for models in found.values() for _, name in sorted(models)[:-1])


def nested(name: str) -> Nested:
    """The ordered model of that name, read once. Raises LatentError."""
    return _nested(*_folder_of(name))


@st.cache_resource(max_entries=8, show_spinner="Reading the model …")
def _nested(folder: str, mtime_ns: int) -> Nested:
    return Nested(read_checkpoint(folder))


def same_samples(a: Checkpoint, b: Checkpoint) -> bool:
    """Whether two models were made of the same data, so that they can be compared."""
    return (a.config.data, a.config.source, a.shape) == (b.config.data, b.config.source, b.shape)


@st.cache_data(max_entries=64, show_spinner=False)
def backdrops(name: str, mtime_ns: int, axes: tuple[int, int], rest: tuple[float, ...]) -> dict[str, dict[str, Any]]:
    """The map's three heat layers as 8-bit pictures. rest: where the dimensions that are not on the map stand."""
    item = load_model(name)
    places = plane(item.box, axes, np.array(rest, np.float32), FIELD)
    distance = neighbour_distance(item.codes["z"], places)
    area = np.log10(magnification(item.model, torch.from_numpy(places), axes).numpy() + 1e-12)
    away = reencoding_error(item.model, torch.from_numpy(places)).numpy()
    unit = "prior σ" if item.model.bottleneck.gaussian else "latent units"
    return {
        "distance": _layer(
            distance, (0.0, float(np.quantile(distance, 0.98))), unit, "distance to the 5th nearest code"
        ),
        "stretch": _layer(
            area,
            tuple(np.quantile(area, [0.02, 0.995])),
            "",
            "how much the decoder stretches the map, √det JᵀJ, log scale",
            power=True,
        ),
        "consistency": _layer(
            away, (0.0, float(np.quantile(away, 0.98))), unit, "|encode(decode(z)) − z|, how far a place comes back"
        ),
    }


@st.cache_data(max_entries=32, show_spinner=False)
def held_out_errors(name: str, mtime_ns: int) -> dict[str, Any]:
    """What squared error held-out samples have, to hold another one's against: {"quantiles": 0 %, 1 %, … 100 %} where
    the data are on this machine, else {"mean"} as it was measured after training.
    """
    item = load_model(name)
    config, measures = item.checkpoint.config, item.checkpoint.measures
    x = held_out(config.data, tuple(config.source.items()))
    if x is None:
        mean = measures.get("clamped_squared_error", measures.get("squared_error"))
        return {} if mean is None else {"mean": mean}
    errors = (clamped(reconstructions(item.model, x), item.model.range) - x).square().flatten(1).sum(1)
    return {"quantiles": np.quantile(errors.numpy(), np.linspace(0, 1, 101)).tolist()}


def _layer(
    values: np.ndarray, limits: tuple[float, float], unit: str, text: str, power: bool = False
) -> dict[str, Any]:
    low, high = (float(v) for v in limits)
    levels = np.clip((values - low) / max(high - low, 1e-12), 0, 1) * 255
    shown_low, shown_high = (10**low, 10**high) if power else (low, high)
    return {
        "size": [FIELD, FIELD],
        "values": base64.b64encode(levels.round().astype(np.uint8).tobytes()).decode(),
        "low": float(f"{shown_low:.3g}"),
        "high": float(f"{shown_high:.3g}"),
        "unit": unit,
        "text": text,
    }


def slides(config: Config) -> bool:
    """Whether the Bottleneck page can show it: an ordered code, of pictures or of sinusoids that one can tune."""
    return config.variant == "nested" and (config.data == "sinusoids" or not sources()[config.data].signals)


@st.cache_resource(max_entries=4, show_spinner=False)
def held_out(data: str, options: tuple[tuple[str, Any], ...]) -> torch.Tensor | None:
    """The held-out samples of a data source, if they are on this machine: nothing is downloaded for a look."""
    chosen = source(data, **dict(options))
    if not chosen.here():
        return None
    try:
        return chosen.load().x_test.clone()
    except LatentError:
        return None
