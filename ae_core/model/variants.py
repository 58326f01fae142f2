"""The table: every variant is a choice of sockets, and nothing else.

    x ── corrupt ──▶ encode ──▶ bottleneck ──▶ decode ──▶ x̂      loss = reconstruction(x̂, clean x) + penalty

A new variant is a new row: the command line, the saved config, the pages and the tests read this table.
"""

import dataclasses
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..base.errors import LatentError
from ..base.options import build, knobs
from ..base.own_modules import import_own_modules
from ..sockets.bottleneck import Codebook, Gaussian, Ordered, Plain, PlainOrGaussian, Rectified
from ..sockets.corruption import Clean, Noise, Patches
from ..sockets.penalty import KL, Commitment, Contraction, Neighbour, NoPenalty, Sparsity


@dataclass(frozen=True)
class Variant:
    """A row of the table.

    Args:
        title: its full name.
        short: its name in a menu.
        idea: what it does and why, in a sentence.
        paper: authors and year.
        corrupt, bottleneck, penalty: classes whose fields are the variant's own options.
        settings: values of `Config` that make the variant what it is; they cannot be set otherwise.
        conditional: whether encoder and decoder read the sample's class beside it.
        equation: what is minimised for a sample x, in LaTeX.
        dimensions: of the code, where it can have no other number.
    """

    title: str
    short: str
    idea: str
    paper: str
    corrupt: type[Clean] = Clean
    bottleneck: type[Plain] = Plain
    penalty: type[NoPenalty] = NoPenalty
    settings: MappingProxyType[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    conditional: bool = False
    equation: str = r"\mathcal L = \ell(\hat x, x),\quad \hat x = g(f(x))"
    dimensions: int | None = None

    @property
    def discrete(self) -> bool:
        """Whether its code is made of tokens rather than of numbers."""
        return self.bottleneck.discrete

    def knobs(self) -> dict[str, dataclasses.Field]:
        """The options that this variant has and others may not, by name."""
        return {**knobs(self.corrupt), **knobs(self.bottleneck), **knobs(self.penalty)}

    def sockets(self, values: dict[str, Any]) -> tuple[Any, Any, Any]:
        """(corrupt, bottleneck, penalty) with these options set; LatentError for an option that none of them has."""
        parts = (self.corrupt, self.bottleneck, self.penalty)
        unknown = sorted(set(values) - set(self.knobs()))
        if unknown:
            raise LatentError(
                f"The variant {self.title} has no setting {unknown[0]!r}; "
                f"its own are {', '.join(self.knobs()) or 'none'}."
            )
        corrupt, bottleneck, penalty = (
            build(part, {name: value for name, value in values.items() if name in knobs(part)}) for part in parts
        )
        return corrupt, bottleneck, penalty


VARIANTS: dict[str, Variant] = {
    "linear": Variant(
        title="Linear autoencoder",
        short="linear AE",
        idea="One matrix each way: its optimum is PCA's subspace, so it is the sanity check for every other.",
        paper="Baldi & Hornik 1989",
        equation=(
            r"\mathcal L = \lVert \hat x - x\rVert^2,\quad z = W x + b,\quad \hat x = V z "
            r"+ c\quad (V = W^\top\text{ where tied})"
        ),
        settings=MappingProxyType({"network": "linear", "hidden": (), "loss": "squared-error", "output": "identity"}),
    ),
    "deep": Variant(
        title="Autoencoder",
        short="AE",
        idea="Nonlinear layers: the code is a point, and nothing constrains what lies between two points.",
        paper="Hinton & Salakhutdinov 2006",
    ),
    "nested": Variant(
        title="Nested autoencoder",
        short="nested AE",
        idea=(
            "Starts as PCA and adds nonlinear layers; its code is ordered, so that its first k dimensions are a "
            "code, too."
        ),
        paper="Rippel, Gelbart & Adams 2014",
        equation=(
            r"\mathcal L = \ell(g(z_{1\ldots m}, 0, \ldots, 0),\, x) \,/\, e_m^{\text{PCA}},\quad z "
            r"= f(x),\quad m \text{ log-uniform on } 1\ldots k"
        ),
        bottleneck=Ordered,
        settings=MappingProxyType({"network": "residual", "loss": "squared-error", "output": "identity"}),
    ),
    "denoising": Variant(
        title="Denoising autoencoder",
        short="denoising AE",
        idea=(
            "Reads a corrupted sample and reconstructs the clean one: copying does not help, it must learn the "
            "data's structure."
        ),
        paper="Vincent, Larochelle, Bengio & Manzagol 2008",
        equation=(
            r"\mathcal L = \ell(g(f(\tilde x)),\, x),\quad \tilde x = x "
            r"+ \sigma\varepsilon,\quad \varepsilon\sim\mathcal N(0, I)"
        ),
        corrupt=Noise,
    ),
    "masked": Variant(
        title="Masked autoencoder",
        short="masked AE",
        idea="Most patches are hidden, and it reconstructs them from the few visible ones.",
        paper="He et al. 2022",
        equation=r"\mathcal L = \ell(g(f(m \odot x)),\, x),\quad m \text{ hides a share of the patches}",
        corrupt=Patches,
    ),
    "sparse": Variant(
        title="Sparse autoencoder",
        short="sparse AE",
        idea="The code may be wide, but few of its units are active for a sample: each comes to represent one feature.",
        paper="Olshausen & Field 1996; Lee, Ekanadham & Ng 2007; top-k: Makhzani & Frey 2013",
        equation=(
            r"\mathcal L = \ell(g(z), x) + \lambda \sum_j \lvert z_j\rvert "
            r"\quad\text{or}\quad \ell(g(z), x) + \lambda \sum_j \mathrm{KL}(\rho\,\Vert\,\bar z_j)"
        ),
        bottleneck=Rectified,
        penalty=Sparsity,
    ),
    "contractive": Variant(
        title="Contractive autoencoder",
        short="contractive AE",
        idea=(
            "The encoder's Jacobian is penalised: small changes of the input hardly move the code, but for what "
            "distinguishes samples."
        ),
        paper="Rifai, Vincent, Muller, Glorot & Bengio 2011",
        equation=(
            r"\mathcal L = \ell(g(z), x) + \lambda\,\Bigl\lVert \frac{\partial z}{\partial x}\Bigr\rVert_F^2,\quad z "
            r"= f(x)"
        ),
        penalty=Contraction,
    ),
    "vae": Variant(
        title="Variational autoencoder",
        short="VAE",
        idea=(
            "The code is a Gaussian distribution, kept near the prior, so that neighbouring codes decode to similar "
            "samples."
        ),
        paper="Kingma & Welling 2014; β: Higgins et al. 2017",
        equation=(
            r"\mathcal L = \mathbb E_{\varepsilon\sim\mathcal N(0, I)}\,\ell(g(\mu + \sigma\odot\varepsilon),\, x) "
            r"+ \beta\,\mathrm{KL}\bigl(\mathcal N(\mu, \sigma^2)\,\Vert\,\mathcal N(0, I)\bigr),\quad (\mu, "
            r"\log\sigma^2) = f(x)"
        ),
        bottleneck=Gaussian,
        penalty=KL,
    ),
    "cvae": Variant(
        title="Conditional variational autoencoder",
        short="CVAE",
        idea=(
            "Encoder and decoder read the class, so that the code holds the style alone: any class can be generated "
            "in it."
        ),
        paper="Sohn, Lee & Yan 2015",
        equation=(
            r"\mathcal L = \mathbb E_{\varepsilon}\,\ell(g(\mu + \sigma\odot\varepsilon,\, y),\, x) "
            r"+ \beta\,\mathrm{KL}\bigl(\mathcal N(\mu, \sigma^2)\,\Vert\,\mathcal N(0, I)\bigr),\quad (\mu, "
            r"\log\sigma^2) = f(x, y)"
        ),
        bottleneck=Gaussian,
        penalty=KL,
        conditional=True,
    ),
    "vqvae": Variant(
        title="Vector-quantised autoencoder",
        short="VQ-VAE",
        idea=(
            "The code is a few tokens, each the index of a vector in a learned codebook: a sample becomes a short "
            "sequence."
        ),
        paper="van den Oord, Vinyals & Kavukcuoglu 2017",
        equation=(
            r"\mathcal L = \ell(g(e), x) + \lVert \mathrm{sg}[h] - e\rVert^2 "
            r"+ \gamma\,\lVert h - \mathrm{sg}[e]\rVert^2,\quad h = f(x),\ e_t = \text{the code nearest to } h_t"
        ),
        bottleneck=Codebook,
        penalty=Commitment,
    ),
    "neighbour": Variant(
        title="Neighbour autoencoder",
        short="neighbour AE",
        idea=(
            "Each sample is pulled to its place on a t-SNE layout of the data: what is alike lies together on the map, "
            "and every place of it can be drawn."
        ),
        paper="van der Maaten 2009; Sainburg, McInnes & Gentner 2021",
        equation=(
            r"\mathcal L = \ell(g(z), x) + \lambda_t\Bigl(\sqrt{\lVert \mu - y_x\rVert^2 + \tfrac14} - \tfrac12\Bigr)"
            r"\;[\,+\,\beta\,\mathrm{KL}\,],\quad y_x = \text{the place of } x \text{ in the layout}"
        ),
        bottleneck=PlainOrGaussian,
        penalty=Neighbour,
        dimensions=2,
    ),
}


import_own_modules()  # they may add rows


def variant(name: str) -> Variant:
    """The row of that name, or a LatentError that lists the rows."""
    if name not in VARIANTS:
        raise LatentError(f"There is no variant {str(name)[:40]!r}; there are {', '.join(VARIANTS)}.")
    return VARIANTS[name]
