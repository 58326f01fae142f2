"""The table: every variant is a choice of sockets, and nothing else.

    x ── corrupt ──▶ encode ──▶ bottleneck ──▶ decode ──▶ x̂      loss = reconstruction(x̂, clean x) + penalty

A new variant is a new row: the command line, the saved config, the pages and the tests read this table.
"""

import dataclasses
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .bottleneck import Gaussian, Ordered, Plain
from .corruption import Clean
from .errors import LatentError
from .options import build, knobs
from .penalty import KL, NoPenalty


@dataclass(frozen=True)
class Variant:
    """A row. corrupt, bottleneck and penalty are classes whose fields are the variant's own knobs.

    settings: values of `Config` that make the variant what it is; they cannot be set otherwise.
    """

    title: str
    short: str  # as a menu says it
    idea: str
    paper: str
    corrupt: type = Clean
    bottleneck: type = Plain
    penalty: type = NoPenalty
    settings: MappingProxyType[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def knobs(self) -> dict[str, dataclasses.Field]:
        """The knobs that this variant has and others may not, by name."""
        return {**knobs(self.corrupt), **knobs(self.bottleneck), **knobs(self.penalty)}

    def sockets(self, values: dict[str, Any]) -> tuple[Any, Any, Any]:
        """(corrupt, bottleneck, penalty) with these knobs set; LatentError for a knob that none of them has."""
        parts = (self.corrupt, self.bottleneck, self.penalty)
        unknown = sorted(set(values) - set(self.knobs()))
        if unknown:
            raise LatentError(f"The variant {self.title} has no setting {unknown[0]!r}; its own are {', '.join(self.knobs()) or 'none'}.")
        return tuple(build(part, {n: v for n, v in values.items() if n in knobs(part)}) for part in parts)


VARIANTS: dict[str, Variant] = {
    "linear": Variant(
        title="Linear autoencoder",
        short="linear AE",
        idea="One matrix each way: its optimum is PCA's subspace, so it is the sanity check for every other.",
        paper="Baldi & Hornik 1989",
        settings=MappingProxyType({"network": "linear", "hidden": (), "loss": "squared-error", "output": "identity"}),
    ),
    "deep": Variant(
        title="Autoencoder",
        short="AE",
        idea="Layers that bend: the code is a point, and nothing says what lies between two points.",
        paper="Hinton & Salakhutdinov 2006",
    ),
    "nested": Variant(
        title="Nested autoencoder",
        short="nested AE",
        idea="Starts as PCA and bends it; its code is ordered, so that cut after any k numbers it is still an autoencoder.",
        paper="Rippel, Gelbart & Adams 2014",
        bottleneck=Ordered,
        settings=MappingProxyType({"network": "residual", "loss": "squared-error", "output": "identity"}),
    ),
    "vae": Variant(
        title="Variational autoencoder",
        short="VAE",
        idea="The code is a small Gaussian cloud kept near the origin, so that neighbouring places decode alike.",
        paper="Kingma & Welling 2014; β: Higgins et al. 2017",
        bottleneck=Gaussian,
        penalty=KL,
    ),
}


def variant(name: str) -> Variant:
    """The row of that name, or a LatentError that lists the rows."""
    if name not in VARIANTS:
        raise LatentError(f"There is no variant {str(name)[:40]!r}; there are {', '.join(VARIANTS)}.")
    return VARIANTS[name]
