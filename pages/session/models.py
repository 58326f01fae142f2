"""Trained models as pages need them, read once per server process."""

import contextlib
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from ae_core import Autoencoder, Checkpoint, Config, LatentError, read_checkpoint
from ae_core.base import budget
from ae_core.base.text import plural
from ae_core.data import source, sources
from ae_core.data.csv.uploads import file_label
from ae_core.jobs.queue import page_bounds
from ae_core.latent.geometry import Extent, extent, magnification, neighbour_distance, plane, reencoding_error
from ae_core.latent.payload import pack_encoder, pack_model, supports_encoder
from ae_core.model.metrics import clamped, reconstructions
from ae_core.runs.folder import SHIPPED, checkpoints, runs

from ..ui.markdown import plain
from ..ui.packing import to_base64

MAX_NUMBERS = 100_000  # in the codes that travel to the browser: 400 kB
NO_MODEL = (
    "There is no model to show: checkpoints/ is empty. Fetch the project again, or train one with "
    "`python -m ae_core train --data digits`."
)
OWN_GROUP, SHIPPED_GROUP = "Yours › {}", "Shipped › {}"
LEFT_OUT = "{name} is left out: {error}"
NOT_HERE = "There is no model {name!r} here."
NOT_WHOLE = "{file} is missing: the run is not done, or the copy is not whole."
FIELD = 64  # pixels along a side of a heat layer


class LoadedModel:
    """A model as the pages draw it. One object serves all visitors: never change it.

    checkpoint: its recipe, measures and files.
    folder: where it lies, for `load_model`: of two visitors' runs of one name each is found.
    mtime_ns: when it was written, in nanoseconds since 1970: with `folder` the key of all that is computed from it.
    model: the network, on the CPU, in evaluation mode.
    codes: held-out samples' codes "z" (N, k) and what belongs to them ("y", "factors"); of the first
        MAX_NUMBERS / k samples.
    box: the part of the latent space that its map shows.
    title: what a menu calls it, see `title`.
    blob: what the browser needs to decode, see `ae_core.latent.payload`.
    """

    def __init__(self, checkpoint: Checkpoint, mtime_ns: int):
        self.checkpoint: Checkpoint = checkpoint
        self.folder = str(checkpoint.folder)
        self.mtime_ns = mtime_ns
        self.model: Autoencoder = checkpoint.model()
        count = max(1, MAX_NUMBERS // checkpoint.config.k)
        self.codes: dict[str, np.ndarray] = {name: values[:count] for name, values in checkpoint.codes().items()}
        self.box: Extent = extent(self.codes["z"], self.model.bottleneck.gaussian)
        self.title = title(checkpoint)
        self.blob = pack_model(
            checkpoint.name, self.title, self.model, self.codes, self.box, checkpoint.classes, checkpoint.factor_names,
            display=checkpoint.display,
        )  # fmt: skip

    @functools.cached_property
    def encodes(self) -> bool:
        """Whether the browser can encode with it: the evaluator there has no convolutions."""
        return supports_encoder(self.model)

    @functools.cached_property
    def encoder_blob(self) -> bytes:
        """What the browser needs to encode with a model that `encodes`: sent only where something is to be encoded."""
        return pack_encoder(self.checkpoint.name, self.model)


class Nested:
    """A model with ordered dimensions as Bottleneck draws it. One object serves all visitors: never change it.

    checkpoint, model, codes, title: as in `LoadedModel`, but for the codes, which are all there.
    pca: PCA of the same training data, with as many dimensions.
    blobs: payloads to send, {name: bytes}: decoder with PCA, and encoder.
    """

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
                checkpoint.name,
                self.title,
                self.model,
                self.codes,
                box,
                checkpoint.classes,
                pca=self.pca,
                display=checkpoint.display,
            ),
            f"{checkpoint.name}:encoder": pack_encoder(checkpoint.name, self.model),
        }


def available() -> dict[str, Path]:
    """Folders of the finished models by name: the runs on this machine, then the shipped ones. Each may be broken."""
    return {name: folder for name, folder in runs().items() if (folder / "codes.npz").exists()} | checkpoints()


def names(
    notes: DeltaGenerator | None, first: str, only: Callable[[Checkpoint], bool] = lambda _: True
) -> dict[str, Checkpoint]:
    """Models that can be shown, {name: checkpoint}: `first` at the front, then the person's own by data set, then the
    shipped ones.

    notes: where to say which folders are left out because they are broken; None: nowhere.
    only: which of them are wanted.
    """
    models = {}
    for name, folder in available().items():
        try:
            checkpoint = _about(str(folder), _mtime_ns(folder))
            if only(checkpoint):
                models[name] = checkpoint
        except LatentError as error:
            if notes is not None:
                notes.warning(plain(LEFT_OUT.format(name=name, error=error)), icon=":material/warning:")
    sets = list(dict.fromkeys(_data_title(each) for each in models.values()))  # that of the newest run first

    def group(item: tuple[str, Checkpoint]) -> tuple[bool, bool, int]:
        shipped = _is_shipped(item[1])
        return item[0] != first, shipped, 0 if shipped else sets.index(_data_title(item[1]))

    return dict(sorted(models.items(), key=group))


def _is_shipped(checkpoint: Checkpoint) -> bool:
    return checkpoint.folder.parent == SHIPPED


def _data_title(checkpoint: Checkpoint) -> str:
    """What a model's data are called: the name of a person's own file, else the source's title."""
    config = checkpoint.config
    return of_file(config) or sources()[config.data].title.split(" (")[0]


def menu_title(models: Mapping[str, Checkpoint], of_input: bool = False) -> Callable[[str], str]:
    """What a menu calls each of these models: `title`, behind its group where there are some of the person's own."""
    mixed = not all(map(_is_shipped, models.values()))

    def show(name: str) -> str:
        group = (SHIPPED_GROUP if _is_shipped(models[name]) else OWN_GROUP) if mixed else "{}"
        return group.format(title(models[name], of_input))

    return show


def names_or_error(notes: DeltaGenerator, first: str) -> dict[str, Checkpoint]:
    """As `names`; where there is none the page says so."""
    listed = names(notes, first)
    if not listed:
        st.error(NO_MODEL)
    return listed


@functools.lru_cache(
    maxsize=1000
)  # Streamlit's own takes longer to look one up, and every run of a page looks up all of them
def _about(folder: str, mtime_ns: int) -> Checkpoint:
    checkpoint = read_checkpoint(folder)
    checkpoint.check()
    return checkpoint


def _folder_of(name: str) -> tuple[str, int]:
    """(folder, when it was written): what a model is cached under. name: its name, or its folder."""
    folder = next((folder for known, folder in available().items() if name in (known, str(folder))), None)
    if folder is None:
        raise LatentError(NOT_HERE.format(name=name[:60]))
    return str(folder), _mtime_ns(folder)


def _mtime_ns(folder: Path) -> int:
    """When a model's codes were, in nanoseconds. LatentError where they are not there, or not any more."""
    try:
        return (folder / "codes.npz").stat().st_mtime_ns
    except OSError as error:
        raise LatentError(NOT_WHOLE.format(file=folder / "codes.npz")) from error


def load_model(name: str) -> LoadedModel:
    """The model of that name, or in that folder; a folder that was written again is read again. Raises LatentError."""
    return _load(*_folder_of(name))


@st.cache_resource(max_entries=16, show_spinner="Reading the model …")
def _load(folder: str, mtime_ns: int) -> LoadedModel:
    return LoadedModel(read_checkpoint(folder), mtime_ns)


def dimensions(k: int) -> str:
    """The size of a code in words: "1 latent dimension", "32 latent dimensions"."""
    return plural(k, "latent dimension")


def title(checkpoint: Checkpoint, of_input: bool = False) -> str:
    """What a menu calls a model, e.g. "MNIST digits · VAE, 2 latent dimensions", and behind it a run's own name.

    of_input: say how many values a sample has, e.g. "64 latent dimensions of 784".
    """
    config = checkpoint.config
    data = _data_title(checkpoint)
    size = dimensions(config.k) + (f" of {math.prod(checkpoint.shape)}" if of_input else "")
    if checkpoint.name in _ambiguous():
        own_name = f" · {checkpoint.name}"
    else:
        own_name = "" if _is_shipped(checkpoint) else f" · run {checkpoint.name}"
    return f"{data} · {config.row.short}, {size}{own_name}"


@functools.cache
def _ambiguous() -> frozenset[str]:
    """The shipped models that a menu could not tell from a larger one of the same kind, data and k."""
    groups: dict[tuple, list[tuple[float, str]]] = {}
    for name, folder in checkpoints().items():
        with contextlib.suppress(LatentError):
            checkpoint = read_checkpoint(folder)
            kind = (checkpoint.config.data, checkpoint.config.variant, checkpoint.config.k, checkpoint.shape)
            groups.setdefault(kind, []).append((checkpoint.measures.get("parameters", 0), name))
    return frozenset(name for models in groups.values() for _, name in sorted(models)[:-1])


def of_file(config: Config) -> str:
    """What a person's own samples are called: their file's name, without what makes an upload's name its own."""
    if config.data != "samples":
        return ""
    return file_label(str(config.source.get("file", "")))[:60]


def nested(name: str) -> Nested:
    """The model with ordered dimensions of that name, read once. Raises LatentError."""
    return _nested(*_folder_of(name))


@st.cache_resource(max_entries=8, show_spinner="Reading the model …")
def _nested(folder: str, mtime_ns: int) -> Nested:
    return Nested(read_checkpoint(folder))


def same_samples(a: Checkpoint, b: Checkpoint) -> bool:
    """Whether two models were made of the same data, so that they can be compared."""
    return (a.config.data, a.config.source, a.shape) == (b.config.data, b.config.source, b.shape)


BACKDROPS = {  # the map's heat layers, by the names that a link says
    "distance": "distance to the 5th nearest code",
    "stretch": "sensitivity: how much the decoder magnifies the map here, √det JᵀJ, log scale",
    "consistency": "re-encoding error |encode(decode(z)) − z|",
}


@st.cache_data(max_entries=64, show_spinner=False)
def backdrops(name: str, mtime_ns: int, axes: tuple[int, int], rest: tuple[float, ...]) -> dict[str, dict[str, Any]]:
    """The map's heat layers, 8-bit pictures of FIELD × FIELD, by name.

    axes: the dimensions across and up; rest: (k,) where the others stand.
    """
    item = load_model(name)
    z = plane(item.box, axes, np.array(rest, np.float32), FIELD)
    distance = neighbour_distance(item.codes["z"], z)
    area = np.log10(magnification(item.model, torch.from_numpy(z), axes).numpy() + 1e-12)
    error = reencoding_error(item.model, torch.from_numpy(z)).numpy()
    unit = "prior σ" if item.model.bottleneck.gaussian else "latent units"
    return {
        "distance": _layer(distance, (0.0, np.quantile(distance, 0.98)), unit, BACKDROPS["distance"]),
        "stretch": _layer(area, np.quantile(area, [0.02, 0.995]), "", BACKDROPS["stretch"], power=True),
        "consistency": _layer(error, (0.0, np.quantile(error, 0.98)), unit, BACKDROPS["consistency"]),
    }


def held_out_errors(name: str, mtime_ns: int) -> dict[str, Any]:
    """The squared errors of held-out samples, against which another one's is judged.

    {"quantiles": [101 values, 0 % to 100 %]} where the data are on this machine, else {"mean": as it was measured after
    training}, or {} where it was not.
    """
    config = load_model(name).checkpoint.config
    return _held_out_errors(name, mtime_ns, source(config.data, **dict(config.source)).here())


@st.cache_data(max_entries=32, show_spinner=False)
def _held_out_errors(name: str, mtime_ns: int, here: bool) -> dict[str, Any]:
    item = load_model(name)
    config, measures = item.checkpoint.config, item.checkpoint.measures
    x = held_out(config.data, tuple(config.source.items()))
    if x is None:
        mean = measures.get("clamped_squared_error", measures.get("squared_error"))
        return {} if mean is None else {"mean": mean}
    errors = (clamped(reconstructions(item.model, x), item.model.range) - x).square().flatten(1).sum(1)
    return {"quantiles": np.quantile(errors.numpy(), np.linspace(0, 1, 101)).tolist()}


def _layer(values: np.ndarray, limits: Sequence[float], unit: str, text: str, power: bool = False) -> dict[str, Any]:
    """values: (FIELD * FIELD,). limits: what is palest and what is darkest. power: the values are log10 of it."""
    low, high = (float(v) for v in limits)
    levels = np.clip((values - low) / max(high - low, 1e-12), 0, 1) * 255
    ends = (10**low, 10**high) if power else (low, high)
    return {
        "size": [FIELD, FIELD],
        "values": to_base64(levels.round(), "u1"),
        "low": float(f"{ends[0]:.3g}"),
        "high": float(f"{ends[1]:.3g}"),
        "unit": unit,
        "text": text,
    }


def slides(checkpoint: Checkpoint) -> bool:
    """Whether Bottleneck can show a model: ordered dimensions, of samples or of sinusoids that one can tune."""
    config = checkpoint.config
    return config.variant == "nested" and (config.data == "sinusoids" or not sources()[config.data].signals)


def held_out(data: str, options: tuple[tuple[str, Any], ...]) -> torch.Tensor | None:
    """The held-out samples (N, C, …) of a data source; None where they are not here: nothing is downloaded."""
    if not source(data, **dict(options)).here():
        return None
    try:
        return loaded_held_out(data, options)
    except LatentError:
        return None


@st.cache_resource(max_entries=4, show_spinner=False)
def loaded_held_out(data: str, options: tuple[tuple[str, Any], ...]) -> torch.Tensor:
    """`held_out`, once the data are here. Raises LatentError."""
    with budget.within(page_bounds().memory):
        return source(data, **dict(options)).load().x_test.clone()
