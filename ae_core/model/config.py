"""A run's recipe: one frozen dataclass from which the command line, the forms and config.json are derived."""

import dataclasses
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..base.errors import LatentError
from ..base.options import check, current_names, knobs, option
from ..data import OWN, Dataset, Progress, Source, load_source, source, sources
from ..sockets.networks import ACTIVATIONS, NETWORKS, OUTPUTS
from .variants import VARIANTS, Variant, variant

MAX_WEIGHTS = 100_000_000  # 400 MB of float32: beyond it a typing error is likelier than a wish
MAX_LAYERS = 64  # hidden ones, in either half: to build and train 10,000 of one unit takes minutes, of nothing


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))


@dataclass(frozen=True)
class Config:
    """What to train on what, and how. `source` and `sockets` hold the options that only this data source and this
    variant have, e.g. {"complexity": 3} and {"beta": 4.0}. Every value is checked on construction: LatentError.

    >>> Config(data="digits", variant="vae", sockets={"beta": 4}).sockets["beta"]
    4.0
    """

    data: str = option("mnist", "data source")
    variant: str = option("vae", "kind of autoencoder")
    k: int = option(2, "size of the bottleneck: dimensions of the code", low=1, high=4096)
    hidden: tuple = option(
        (512, 256), "sizes of the hidden layers (channels, if conv), mirrored in the decoder", low=1, high=65536
    )
    network: str = option("mlp", "kind of network", choices=tuple(NETWORKS))
    activation: str = option(  # relu is cheapest in the browser: zeros are skipped
        "relu", "activation between layers", choices=tuple(ACTIVATIONS)
    )
    tied: bool = option(False, "the decoder uses the encoder's weights, transposed (linear networks)")
    loss: str = option(
        "auto",
        "reconstruction loss; auto: cross-entropy on 0..1, else squared error",
        choices=("auto", "cross-entropy", "squared-error"),
    )
    output: str = option("auto", "output activation; auto follows the data's range", choices=("auto", *OUTPUTS))
    epochs: int = option(20, "passes over the training data", low=1, high=100_000)
    batch_size: int = option(  # larger ones are faster a pass but need more passes
        128, "samples in a step", low=1, high=1_000_000
    )
    lr: float = option(  # so the peak is Adam's own 1e-3
        5e-4, "mean learning rate; the one-cycle schedule peaks at twice that", low=1e-8, high=10
    )
    weight_decay: float = option(0.0, "decoupled weight decay (AdamW)", low=0, high=10)
    clip: float = option(1000.0, "maximum gradient norm (clipping)", low=1e-6, high=1e12)  # acts on outliers alone
    keep: str = option(
        "last",
        "which weights are kept: those of the last epoch, or of the one with the lowest held-out loss",
        choices=("last", "best"),
    )
    augment: float = option(
        0.0, "share of the images in a batch with a small random affine map (augmentation)", low=0, high=1
    )
    seed: int = option(0, "seed of weights, shuffling and sampling", low=0, high=2**31 - 1)
    precision: str = option(
        "auto",
        "number format of the matrix products; auto: bfloat16 where it is faster",
        choices=("auto", "float32", "bfloat16"),
    )
    device: str = option(
        "auto", "where to train; auto: CUDA or MPS where there is one", choices=("auto", "cpu", "cuda", "mps")
    )
    source: Mapping[str, Any] = field(default_factory=lambda: _frozen({}))
    sockets: Mapping[str, Any] = field(default_factory=lambda: _frozen({}))

    def __post_init__(self):
        row = variant(self.variant)
        for name, f in knobs(Config).items():
            given = check(name, getattr(self, name), f)
            value = row.settings.get(name, given)
            if given not in (value, f.default) and value != ():  # layers that a linear network lacks mean nothing
                raise LatentError(
                    f"What makes a {row.title.lower()} is, among others, {name.replace('_', '-')} {_text(value)}: "
                    f"it cannot be {_text(given)}."
                )
            object.__setattr__(self, name, value)
        if len(self.hidden) > MAX_LAYERS:
            raise LatentError(
                f"This network has {len(self.hidden):,} hidden layers; {MAX_LAYERS} are allowed: make hidden shorter."
            )
        if self.network == "linear":
            object.__setattr__(self, "hidden", ())
        elif self.tied:
            raise LatentError("Tied weights are for linear networks: leave tied off or choose network linear.")
        if row.dimensions and self.k != row.dimensions:
            raise LatentError(f"A {row.title.lower()} is a map of {row.dimensions} numbers, not {self.k}: set k to 2.")
        own = {
            name: check(name, value, row.knobs()[name]) if name in row.knobs() else value
            for name, value in self.sockets.items()
        }
        row.sockets(own)
        made = source(self.data, **self.source)
        object.__setattr__(self, "sockets", _frozen(own))
        object.__setattr__(
            self,
            "source",
            _frozen(
                {
                    name: getattr(made, name)
                    for name in current_names(knobs(type(made)), self.source) | dict(type(made).formerly)
                }
            ),
        )

    def __reduce__(self) -> tuple[Any, ...]:  # pickled, and copied, by what config.json holds
        return Config.from_json, (self.to_json(),)

    @property
    def row(self) -> Variant:
        """The variant's row in the table."""
        return variant(self.variant)

    @property
    def gaussian(self) -> bool:
        """Whether the code is a distribution."""
        return self.row.sockets(dict(self.sockets))[1].gaussian

    def load(self, progress: Progress | None = None) -> Dataset:
        """The dataset that this recipe names; LatentError where it cannot be had."""
        return load_source(self.data, source(self.data, **self.source), progress)

    def to_json(self) -> dict[str, Any]:
        """Every value by name, as JSON knows them."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {
            name: dict(v) if isinstance(v, Mapping) else list(v) if isinstance(v, tuple) else v
            for name, v in plain.items()
        }

    @classmethod
    def from_json(cls, values: Any) -> "Config":
        """The config that `to_json` wrote; LatentError for anything else."""
        names = {f.name for f in dataclasses.fields(cls)}
        if not isinstance(values, dict) or not set(values) <= names:
            raise LatentError("The configuration is not one that this program wrote.")
        if not all(isinstance(values.get(part, {}), dict) for part in ("source", "sockets")):
            raise LatentError("The configuration is not one that this program wrote.")
        if values.get("data") in sources():
            kind = type(source(values["data"]))
            said = current_names(knobs(kind), values.get("source", {}))
            values = values | {"source": dict(kind.formerly) | said}
        return cls(**values)

    def command(self, out: str) -> str:
        """The shell command that repeats this run; of tensors that were handed over, the line of Python."""
        if self.data == OWN:
            values = {n: getattr(self, n) for n, f in knobs(Config).items() if n not in {"data", *self.row.settings}}
            given = {n: v for n, v in values.items() if n == "variant" or v != knobs(Config)[n].default}
            given |= {"sockets": dict(self.sockets)} if self.sockets else {}
            return f"train_run(Config({', '.join(f'{n}={v!r}' for n, v in given.items())}), {out!r}, data)"
        words = ["python -m ae_core train", f"--data {self.data}", f"--variant {self.variant}"]
        for name, f in knobs(Config).items():
            value = getattr(self, name)
            if name not in ("data", "variant") and value != f.default and name not in self.row.settings:
                words.append(flag(name, value))
        words += [flag(name, value) for name, value in {**self.source, **self.sockets}.items()]
        return " ".join([*words, f"--out {shlex.quote(out)}"])


def applicable(row: Variant, kind: type[Source], network: str) -> list[str]:
    """The options of `Config` that apply to this variant, source and network, other than "data" and "variant"."""
    linear = row.settings.get("network", network) == "linear"
    idle = {
        "data",
        "variant",
        *row.settings,
        *(("hidden", "activation") if linear else ("tied",)),
        *(("augment",) if kind.signals else ()),
    }
    return [name for name in knobs(Config) if name not in idle]


def flag(name: str, value: Any) -> str:
    """``--name value`` as the command line takes it."""
    text = _text(value)
    # What begins with a dash would be read as an option of its own.
    return f"--{name.replace('_', '-')}{'=' if text.startswith('-') else ' '}{shlex.quote(text)}"


def _text(value: Any) -> str:
    """A value as the command line takes it."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def all_knobs() -> dict[str, tuple[str, dataclasses.Field]]:
    """Every option outside Config by name, with where it belongs: "source" or "sockets"."""
    options: dict[str, tuple[str, dataclasses.Field]] = {}
    owners: list[tuple[str, Mapping[str, dataclasses.Field]]] = [("source", knobs(s)) for s in sources().values()]
    owners += [("sockets", row.knobs()) for row in VARIANTS.values()]
    for part, fields in owners:
        for name, f in fields.items():
            if name in knobs(Config) or options.get(name, (part,))[0] != part:
                raise ValueError(f"the option {name!r} has two meanings: rename one")
            options[name] = (part, f)
    return options
