"""Socket 5, penalty: what is added to the reconstruction loss."""

import inspect
from dataclasses import dataclass

from torch import Tensor

from .bottleneck import Code
from .options import option


def gaussian_kl(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL( N(mu, e^logvar) ‖ N(0, 1) ) of each dimension, in nats, (N, k).

    Kingma & Welling 2014, appendix B: −½ (1 + log σ² − μ² − σ²).
    """
    return -0.5 * (1 + logvar - mu.square() - logvar.exp())


@dataclass(frozen=True)
class NoPenalty:
    """Reconstruction alone."""

    def terms(self, code: Code) -> dict[str, Tensor]:
        """Each term by name, (N,), before it is weighted."""
        return {}

    def total(self, terms: dict[str, Tensor]) -> Tensor | float:
        """The weighted sum, (N,)."""
        return 0.0

    def script(self) -> str:
        """The same in lines of plain torch: they make `penalty`, (N,), of what the bottleneck's lines made and these knobs' names; none add nothing."""
        return ""


@dataclass(frozen=True)
class KL:
    """β · KL(q(z|x) ‖ N(0, I)); β = 1 is the VAE, more is the β-VAE (Higgins et al. 2017)."""

    beta: float = option(1.0, "weight of the KL term; 1 makes the loss −ELBO", low=0, high=1000)

    def terms(self, code: Code) -> dict[str, Tensor]:
        return {"kl": gaussian_kl(code.mu, code.logvar).sum(-1)}

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return self.beta * terms["kl"]

    def script(self) -> str:
        return inspect.cleandoc("""
            # KL(q(z|x) ‖ N(0, I)) in closed form, in nats: the cloud shall be near the origin and as wide as 1.
            kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(1)
            penalty = beta * kl
        """)
