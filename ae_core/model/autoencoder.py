"""One autoencoder, five sockets: corrupt → encode → bottleneck → decode, and a penalty beside the reconstruction."""

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from ..base.errors import LatentError
from ..pca import PCA
from ..sockets.bottleneck import Code
from ..sockets.networks import NETWORKS, OUTPUTS, start_from_pca
from .config import MAX_WEIGHTS, Config

FLOOR = 1e-4  # of the variance: where PCA leaves less than that, nothing is left to gain


class Autoencoder(nn.Module):
    """Any variant, for samples of `shape` ((C, H, W) or (C, L)) whose values lie in `range` (None: unbounded).

    Reconstruction losses are summed over a sample's values: cross-entropy in nats, squared error in data units².
    classes: how many the data has. y (N,), the samples' classes from 0, is heeded by a variant that is told them
    (`labelled`) and by no other; where such a one is not given it, it is told that every class is as likely, and what
    it makes is a blend.
    """

    def __init__(self, config: Config, shape: tuple[int, ...], range: tuple[float, float] | None, classes: int = 0):
        super().__init__()
        self.config, self.shape, self.range, self.k = config, tuple(shape), range, config.k
        self.n_classes = classes if config.row.conditional else 0  # that it is told
        if config.row.conditional and classes < 2:
            raise LatentError(
                f"A {config.row.title.lower()} is told each sample's class, and these data have none: choose digits or another variant."
            )
        self.corrupt, self.bottleneck, self.penalty = config.row.sockets(dict(config.sockets))
        unit = range is not None and tuple(range) == (0.0, 1.0)
        self.loss = (
            config.loss
            if config.loss != "auto"
            else "cross-entropy"
            if unit and config.output in ("auto", "sigmoid")
            else "squared-error"
        )
        natural = "sigmoid" if unit else "tanh" if range is not None and tuple(range) == (-1.0, 1.0) else "identity"
        self.output = config.output if config.output != "auto" else natural
        if self.loss == "cross-entropy" and (not unit or self.output != "sigmoid"):
            raise LatentError(
                "Cross-entropy needs data between 0 and 1 and a sigmoid output: choose loss squared-error."
            )
        if config.tied and self.bottleneck.outputs_per_dimension != 1:
            raise LatentError("Tied weights need a plain bottleneck: a Gaussian one has two outputs a dimension.")
        build, outputs = NETWORKS[config.network], config.k * self.bottleneck.outputs_per_dimension
        inputs = config.k + self.n_classes
        sizes = (
            self.shape,
            config.hidden,
            config.activation,
            outputs,
            inputs,
            config.tied,
            self.n_classes,
            self.bottleneck.token_dim,
        )
        with torch.device("meta"):  # counted before a byte is taken: a typing error must not fill the memory
            weights = sum(p.numel() for part in build(*sizes) for p in part.parameters())
        if weights > MAX_WEIGHTS:
            raise LatentError(
                f"This network has {weights:,} weights; {MAX_WEIGHTS:,} are allowed: make hidden or k smaller."
            )
        self.encoder, self.decoder = build(*sizes)
        book = self.bottleneck.weights(config.k)
        self.codebook = None if book is None else nn.Parameter(book)  # (codes, code_size)
        self.activation = OUTPUTS[self.output]()
        self.pca_error: Tensor | None = (
            None  # with 1, 2, … k numbers kept, (k,); what an ordered code is measured against
        )

    @property
    def starts_as_pca(self) -> bool:
        """Whether `prepare` makes it PCA: its paths can be that, and nothing in between or behind bends them."""
        return self.config.network == "residual" and self.bottleneck.is_identity and self.output in ("identity", "clip")

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
            raise LatentError(
                f"This model takes samples of {'×'.join(map(str, self.shape))} values, not of {'×'.join(map(str, x.shape[1:]))}."
            ) from None

    def _label(self, y: Tensor | None, like: Tensor) -> Tensor:
        """What stands for the classes y (N,) beside `like` (N, …): one-hot, (N, classes)."""
        if y is None:
            return like.new_full((len(like), self.n_classes), 1 / self.n_classes)
        if y.shape != (len(like),) or (len(y) and not 0 <= int(y.min()) <= int(y.max()) < self.n_classes):
            raise LatentError(f"Classes are {len(like)} whole numbers from 0 to {self.n_classes - 1}, one a sample.")
        return F.one_hot(y.to(like.device), self.n_classes).to(like.dtype)

    def _told(self, x: Tensor, y: Tensor | None) -> Tensor:
        """What the encoder gets of x (N, *shape): the classes behind the values, or as planes that are 1 everywhere or
        0 everywhere.
        """
        if not self.n_classes:
            return x
        label = self._label(y, x)
        if isinstance(self.encoder[0], nn.Flatten):
            return torch.cat([x.flatten(1), label], 1)
        return torch.cat([x, label.view(*label.shape, *[1] * (x.dim() - 2)).expand(-1, -1, *x.shape[2:])], 1)

    def code(
        self, x: Tensor, sample: bool = False, generator: Generator | None = None, y: Tensor | None = None
    ) -> Code:
        """What the bottleneck makes of x, (N, *shape) or (N, D); `sample` draws z from the posterior where there is
        one.
        """
        return self.bottleneck(self.encoder(self._told(self._shaped(x), y)), sample, generator, self.codebook)

    def encode(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """z (N, k) of x (N, *shape) or (N, D): the mean, where the code is a distribution; with a codebook the codes
        that were taken.
        """
        return self.code(x, y=y).mu

    def posterior(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(mu, logvar) of q(z|x), (N, k) each, in prior standard deviations and their log squares."""
        code = self.code(x, y=y)
        if code.logvar is None:
            raise LatentError(f"A {self.config.row.title.lower()} has no posterior: its code is a point.")
        return code.mu, code.logvar

    def raw(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """What the decoder says of z (N, k), before the output activation: (N, *shape)."""
        return self.decoder(torch.cat([z, self._label(y, z)], 1) if self.n_classes else z)

    def decode(self, z: Tensor, k: int | None = None, y: Tensor | None = None) -> Tensor:
        """x_hat (N, *shape) of z (N, k); with `k`, only the first k numbers of the code are kept and the others are 0."""
        if k is not None:
            z = torch.cat([z[:, :k], torch.zeros_like(z[:, k:])], dim=1)
        return self.activation(self.raw(z, y))

    def reconstruct(self, x: Tensor, k: int | None = None, y: Tensor | None = None) -> Tensor:
        """decode(encode(x), k)."""
        return self.decode(self.encode(x, y), k, y)

    def forward(self, x: Tensor) -> Tensor:
        return self.reconstruct(x)

    @property
    def grid(self) -> tuple[int, ...]:
        """How a codebook's tokens lie: (h, w) or (l,) of the map whose places they stand at, else (T,), in no order
        that means something.
        """
        if self.codebook is None:
            raise LatentError(f"A {self.config.row.title.lower()} has no tokens: its code is not made of a codebook's.")
        first = self.decoder[0]
        return (
            tuple(first.unflattened_size[1:])
            if isinstance(first, nn.Unflatten)
            else (self.k // self.codebook.shape[1],)
        )

    def tokens(self, x: Tensor) -> Tensor:
        """The number of the code that is taken at each place, 0 to codes − 1: (N, *grid) of x (N, *shape) or (N, D)."""
        grid = self.grid
        return self.code(x).tokens.view(-1, *grid)

    def decode_tokens(self, tokens: Tensor) -> Tensor:
        """x_hat (N, *shape) of tokens (N, *grid)."""
        if tokens.shape[1:] != self.grid or (
            tokens.numel() and not 0 <= int(tokens.min()) <= int(tokens.max()) < len(self.codebook)
        ):
            places = "×".join(map(str, self.grid))
            raise LatentError(
                f"Tokens of this model are {places} whole numbers from 0 to {len(self.codebook) - 1} a sample."
            )
        return self.decode(self.bottleneck.flat(tokens.flatten(1), self.codebook))

    @torch.no_grad()
    def reset_dead_codes(self, x: Tensor, generator: Generator | None = None) -> None:
        """As an epoch begins: codes of a codebook that are taken for none of the samples x (N, *shape) come back."""
        if self.codebook is not None:
            self.bottleneck.reset_dead_codes(self.codebook, self.encoder(x), generator)

    def reconstruction(self, raw: Tensor, x: Tensor) -> Tensor:
        """Loss (N,) of the decoder's raw output against the clean x, summed over a sample's values."""
        if self.loss == "cross-entropy":  # from logits: exact where a sigmoid would round to 0 or 1
            return F.binary_cross_entropy_with_logits(raw, x, reduction="none").flatten(1).sum(1)
        return (self.activation(raw) - x).square().flatten(1).sum(1)

    def losses(self, x: Tensor, generator: Generator | None = None, y: Tensor | None = None) -> dict[str, Tensor]:
        """Losses of each sample, (N,): "loss" (what is minimised), "reconstruction", and the penalty's terms. x is
        corrupted for them, held out too.

        The networks compute in the number format of their weights; code and losses, sums over many values, in float32.
        """
        x = self._shaped(x)
        kind = next(self.encoder.parameters()).dtype
        x_corrupted = self.corrupt(x, generator)
        told = self._told(x_corrupted, y).to(kind)
        code = self.bottleneck(self.encoder(told).float(), True, generator, self.codebook)
        raw = self.raw(code.z.to(kind), y).float()
        if self.corrupt.targets_corrupted:
            x = x_corrupted if self.range is None else x_corrupted.clamp(*self.range)
        terms = {"reconstruction": self.reconstruction(raw, x), **self.penalty.terms(code, self.encoder, told)}
        loss = terms["reconstruction"] + self.penalty.total(terms)
        if code.n_active is not None and self.pca_error is not None:
            loss = loss / self.pca_error.to(x.device)[code.n_active - 1] ** self.bottleneck.relative
        return {"loss": loss, **terms}
