"""One autoencoder, five sockets: corrupt → encode → bottleneck → decode, and a penalty beside the reconstruction."""

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from .bottleneck import Code
from .config import MOST_WEIGHTS, Config
from .errors import LatentError
from .networks import NETWORKS, OUTPUTS, start_from_pca
from .pca import PCA

FLOOR = 1e-4  # of the variance: where PCA leaves less than that, nothing is left to gain


class Autoencoder(nn.Module):
    """Any variant, for samples of `shape` ((C, H, W) or (C, L)) whose values lie in `range` (None: unbounded).

    Reconstruction losses are summed over a sample's values: cross-entropy in nats, squared error in data units².
    """

    def __init__(self, config: Config, shape: tuple[int, ...], range: tuple[float, float] | None):
        super().__init__()
        self.config, self.shape, self.range, self.k = config, tuple(shape), range, config.k
        self.corrupt, self.bottleneck, self.penalty = config.row.sockets(dict(config.sockets))
        unit = range is not None and tuple(range) == (0.0, 1.0)
        self.loss = config.loss if config.loss != "auto" else "cross-entropy" if unit and config.output in ("auto", "sigmoid") else "squared-error"
        natural = "sigmoid" if unit else "tanh" if range is not None and tuple(range) == (-1.0, 1.0) else "identity"
        self.output = config.output if config.output != "auto" else natural
        if self.loss == "cross-entropy" and (not unit or self.output != "sigmoid"):
            raise LatentError("Cross-entropy needs data between 0 and 1 and a sigmoid output: choose loss squared-error.")
        if config.tied and self.bottleneck.per_dimension != 1:
            raise LatentError("Tied weights need a plain bottleneck: a Gaussian one has two outputs a dimension.")
        build, outputs = NETWORKS[config.network], config.k * self.bottleneck.per_dimension
        sizes = (self.shape, config.hidden, config.activation, outputs, config.k, config.tied)
        with torch.device("meta"):  # counted before a byte is taken: a typing error must not fill the memory
            weights = sum(p.numel() for part in build(*sizes) for p in part.parameters())
        if weights > MOST_WEIGHTS:
            raise LatentError(f"This network has {weights:,} weights; {MOST_WEIGHTS:,} are allowed: make hidden or k smaller.")
        self.encoder, self.decoder = build(*sizes)
        self.activation = OUTPUTS[self.output]()
        self.pca_error: Tensor | None = None  # with 1, 2, … k numbers kept, (k,); what an ordered code is measured against

    @property
    def starts_as_pca(self) -> bool:
        """Whether `prepare` makes it PCA: its paths can be that, and nothing in between or behind bends them."""
        return self.config.network == "residual" and not self.bottleneck.gaussian and self.output in ("identity", "clip")

    def prepare(self, x: Tensor, pca: PCA | None = None) -> None:
        """What a network wants to know of the training data x (N, *shape), or of its PCA, before its first step."""
        if not self.starts_as_pca:
            return
        pca = pca or PCA(x, self.k)
        start_from_pca(self.encoder, self.decoder, pca)
        left = (pca.total_variance - pca.variance.cumsum(0)).clamp(min=FLOOR * pca.total_variance)
        self.pca_error = torch.cat([left, left[-1:].expand(self.k - len(left))])

    def _shaped(self, x: Tensor) -> Tensor:
        """(N, *shape) from that or from flat (N, D)."""
        try:
            return x.reshape(len(x), *self.shape)
        except RuntimeError:
            raise LatentError(f"This model takes samples of {'×'.join(map(str, self.shape))} values, not of {'×'.join(map(str, x.shape[1:]))}.") from None

    def code(self, x: Tensor, sample: bool = False, generator: Generator | None = None) -> Code:
        """What the bottleneck makes of x, (N, *shape) or (N, D); `sample` draws z from the posterior where there is one."""
        return self.bottleneck(self.encoder(self._shaped(x)), sample, generator)

    def encode(self, x: Tensor) -> Tensor:
        """z (N, k) of x (N, *shape) or (N, D): the mean, where the code is a distribution."""
        return self.code(x).mu

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(mu, logvar) of q(z|x), (N, k) each, in prior standard deviations and their log squares."""
        code = self.code(x)
        if code.logvar is None:
            raise LatentError(f"A {self.config.row.title.lower()} has no posterior: its code is a point.")
        return code.mu, code.logvar

    def decode(self, z: Tensor, k: int | None = None) -> Tensor:
        """x_hat (N, *shape) of z (N, k); with `k`, only the first k numbers of the code are kept and the others are 0."""
        if k is not None:
            z = torch.cat([z[:, :k], torch.zeros_like(z[:, k:])], dim=1)
        return self.activation(self.decoder(z))

    def reconstruct(self, x: Tensor, k: int | None = None) -> Tensor:
        """decode(encode(x), k)."""
        return self.decode(self.encode(x), k)

    def forward(self, x: Tensor) -> Tensor:
        return self.reconstruct(x)

    def reconstruction(self, raw: Tensor, x: Tensor) -> Tensor:
        """Loss (N,) of the decoder's raw output against the clean x, summed over a sample's values."""
        if self.loss == "cross-entropy":  # from logits: exact where a sigmoid would round to 0 or 1
            return F.binary_cross_entropy_with_logits(raw, x, reduction="none").flatten(1).sum(1)
        return (self.activation(raw) - x).square().flatten(1).sum(1)

    def losses(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        """Losses of each sample, (N,): "loss" (what is minimised), "reconstruction", and the penalty's terms.

        The networks compute in the number format of their weights; code and losses, sums over many values, in float32.
        """
        x = self._shaped(x)
        kind = next(self.parameters()).dtype
        code = self.bottleneck(self.encoder(self.corrupt(x, generator).to(kind)).float(), True, generator)
        raw = self.decoder(code.z.to(kind)).float()
        terms = {"reconstruction": self.reconstruction(raw, x), **self.penalty.terms(code)}
        loss = terms["reconstruction"] + self.penalty.total(terms)
        if code.kept is not None and self.pca_error is not None:
            loss = loss / self.pca_error.to(x.device)[code.kept - 1] ** self.bottleneck.relative
        return {"loss": loss, **terms}
