"""One autoencoder, five sockets: corrupt → encode → bottleneck → decode, and a penalty beside the reconstruction."""

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from ..base.errors import LatentError
from ..base.text import times, with_article
from ..pca import PCA
from ..sockets.bottleneck import Code
from ..sockets.layers import activation
from ..sockets.neighbours import bend_at, mean_loss
from ..sockets.networks import NETWORKS, start_at_mean, start_from_pca
from ..sockets.penalty import Neighbour
from ..sockets.sizes import network_size
from .config import Config
from .size import check_weights, network_spec

FLOOR = 1e-4  # of the variance: where PCA leaves less than that, nothing is left to gain


class Autoencoder(nn.Module):
    """Any variant, for samples of `shape` whose values lie in `range`.

    Args:
        config: the recipe.
        shape: of a sample, (C, H, W) or (C, L).
        range: (low, high) of the values, or None where they are unbounded.
        classes: how many classes the data have; read by a class-conditional variant alone.

    Raises LatentError, one sentence, for a recipe that does not fit the data or itself.

    Reconstruction losses are summed over a sample's values: cross-entropy in nats, squared error in data units².
    y (N,), in all methods, holds the samples' classes from 0. A class-conditional model without y takes each class as
    equally likely, and what it decodes is a blend; other models ignore y.

    >>> model = Autoencoder(Config(variant="vae", k=3), (1, 8, 8), (0.0, 1.0))
    >>> model.encode(torch.zeros(5, 1, 8, 8)).shape, model.loss, model.output
    (torch.Size([5, 3]), 'cross-entropy', 'sigmoid')
    """

    def __init__(self, config: Config, shape: tuple[int, ...], range: tuple[float, float] | None, classes: int = 0):
        super().__init__()
        self.config, self.shape, self.range, self.k = config, tuple(shape), range, config.k
        if config.row.conditional and classes < 2:
            raise LatentError(
                f"{with_article(self.title).capitalize()} is class-conditional, and this dataset has no labels: "
                "choose digits or another variant."
            )
        self.n_classes = classes if config.row.conditional else 0
        self.corrupt, self.bottleneck, self.penalty = config.row.sockets(dict(config.sockets))
        self.loss, self.output = _loss_and_output(config, range)
        if config.tied and self.bottleneck.outputs_per_dimension != 1:
            raise LatentError("Tied weights need a plain bottleneck: a Gaussian one has two outputs a dimension.")
        spec = network_spec(config, self.shape, classes)
        check_weights(network_size(config.network, spec).weights)
        self.encoder, self.decoder = NETWORKS[config.network](spec)
        vectors = self.bottleneck.weights(config.k)
        self.codebook = None if vectors is None else nn.Parameter(vectors)  # (codes, code_size)
        self.activation = activation(self.output)
        # PCA's error with 1, 2, … k dimensions, (k,): what an ordered code is measured against
        self.pca_error: Tensor | None = None
        # what the pull to a sample's place is multiplied with: the mean sample's loss, and more as a training begins
        self.pull = 1.0

    @property
    def title(self) -> str:
        """The variant's, as it stands inside a sentence."""
        return self.config.row.title[0].lower() + self.config.row.title[1:]

    @property
    def starts_as_pca(self) -> bool:
        """Whether `prepare` makes it PCA: its linear paths can be that, and nothing between or behind them is
        nonlinear.
        """
        return self.config.network == "residual" and self.bottleneck.is_identity and self.output in ("identity", "clip")

    @property
    def starts_at_mean(self) -> bool:
        """Whether `prepare` lets its decoder begin with the mean sample."""
        return self.config.network == "mlp" and self.output == "sigmoid" and not self.penalty.needs_places

    def prepare(self, x: Tensor, pca: PCA | None = None, places: Tensor | None = None) -> None:
        """Initialise from the training data x (N, *shape), or from their PCA, before the first step; places: of the
        samples on a neighbour map, (N, 2).
        """
        if places is not None:
            self.pull = mean_loss(x, self.loss == "cross-entropy")
            if self.config.network == "mlp":
                bend_at(self.decoder, places, x.mean(0), self.output, self.config.seed)
        elif self.starts_at_mean:
            start_at_mean(self.decoder, x.mean(0))
        if not self.starts_as_pca:
            return
        pca = pca or PCA(x, self.k)
        start_from_pca(self.encoder, self.decoder, pca)
        left = (pca.total_variance - pca.variance.cumsum(0)).clamp(min=FLOOR * pca.total_variance)
        self.pca_error = torch.cat([left, left[-1:].expand(self.k - len(left))])

    def _shaped(self, x: Tensor) -> Tensor:
        """(N, *shape) from that or from flat (N, D); float64 for a model in float64 alone."""
        is_double = next(self.encoder.parameters()).dtype == torch.float64
        if not isinstance(x, Tensor) or not x.is_floating_point() or (x.dtype == torch.float64 and not is_double):
            kind = str(x.dtype).removeprefix("torch.") if isinstance(x, Tensor) else type(x).__name__
            raise LatentError(f"This model takes float32 tensors of torch, not {kind}: torch.as_tensor(x).float().")
        try:
            return x.reshape(x.shape[0], *self.shape)  # not len(x): a graph that is exported would keep this number
        except RuntimeError:
            given = f"samples of {times(x.shape[1:])}" if x.ndim > 1 else f"{len(x)} values without samples"
            raise LatentError(
                f"This model takes samples of {times(self.shape)} values, (N, {', '.join(map(str, self.shape))}), "
                f"not {given}."
            ) from None

    def _label(self, y: Tensor | None, like: Tensor) -> Tensor:
        """The classes y (N,) beside `like` (N, …): one-hot, (N, n_classes); all equally likely without y."""
        if y is None:
            return like.new_full((like.shape[0], self.n_classes), 1 / self.n_classes)
        if y.shape != (len(like),) or (len(y) and not 0 <= int(y.min()) <= int(y.max()) < self.n_classes):
            raise LatentError(f"Classes are {len(like)} whole numbers from 0 to {self.n_classes - 1}, one a sample.")
        return F.one_hot(y.to(like.device), self.n_classes).to(like.dtype)

    def _with_label(self, x: Tensor, y: Tensor | None) -> Tensor:
        """What the encoder reads of x (N, *shape): the one-hot classes behind the values, or as constant channels."""
        if not self.n_classes:
            return x
        label = self._label(y, x)
        if isinstance(self.encoder[0], nn.Flatten):
            return torch.cat([x.flatten(1), label], 1)
        return torch.cat([x, label.view(*label.shape, *[1] * (x.dim() - 2)).expand(-1, -1, *x.shape[2:])], 1)

    def code(
        self, x: Tensor, sample: bool = False, generator: Generator | None = None, y: Tensor | None = None
    ) -> Code:
        """The `Code` of x, (N, *shape) or (N, D); `sample` draws z from the posterior where there is one."""
        return self.bottleneck(self.encoder(self._with_label(self._shaped(x), y)), sample, generator, self.codebook)

    def encode(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """z (N, k) of x (N, *shape) or (N, D): the mean, where the code is a distribution; with a codebook the nearest
        vectors.
        """
        return self.code(x, y=y).mu

    def posterior(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(mu, logvar) of q(z|x), (N, k) each, in prior standard deviations and their log squares."""
        code = self.code(x, y=y)
        if code.logvar is None:
            raise LatentError(f"{with_article(self.title).capitalize()} has no posterior: its code is a point.")
        return code.mu, code.logvar

    def raw(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """The decoder's output for z (N, k), before the output activation: (N, *shape)."""
        return self.decoder(torch.cat([z, self._label(y, z)], 1) if self.n_classes else z)

    def decode(self, z: Tensor, k: int | None = None, y: Tensor | None = None) -> Tensor:
        """x_hat (N, *shape) of z (N, k); with `k`, only the first k dimensions are kept, the others are 0."""
        if z.ndim == 2 and z.shape[1] != self.k:
            raise LatentError(f"A code of this model has {self.k} numbers, not {z.shape[1]}.")
        if k is not None:
            if not 0 <= k <= self.k:
                raise LatentError(f"k is how many of the code's first numbers are kept, 0 to {self.k}, not {k}.")
            z = torch.cat([z[:, :k], torch.zeros_like(z[:, k:])], dim=1)
        return self.activation(self.raw(z, y))

    def reconstruct(self, x: Tensor, k: int | None = None, y: Tensor | None = None) -> Tensor:
        """decode(encode(x), k)."""
        return self.decode(self.encode(x, y), k, y)

    def forward(self, x: Tensor) -> Tensor:
        return self.reconstruct(x)

    @property
    def grid(self) -> tuple[int, ...]:
        """The shape of a sample's tokens: (h, w) or (l,) of the map they stand on, else (T,), in arbitrary order.

        Raises LatentError where the model has no codebook.
        """
        vectors, first = self._vectors(), self.decoder[0]
        if isinstance(first, nn.Unflatten):
            return tuple(first.unflattened_size[1:])
        return (self.k // vectors.shape[1],)

    def _vectors(self) -> Tensor:
        """The codebook, (codes, code_size)."""
        if self.codebook is None:
            raise LatentError(
                f"{with_article(self.title).capitalize()} has no tokens: its code is not made of a codebook's vectors."
            )
        return self.codebook

    def tokens(self, x: Tensor) -> Tensor:
        """The index of the code at each position, 0 to codes − 1: (N, *grid) of x (N, *shape) or (N, D)."""
        grid, tokens = self.grid, self.code(x).tokens
        assert tokens is not None  # there is a grid
        return tokens.view(-1, *grid)

    def decode_tokens(self, tokens: Tensor) -> Tensor:
        """x_hat (N, *shape) of tokens (N, *grid); LatentError for others."""
        vectors = self._vectors()
        if tokens.shape[1:] != self.grid or (
            tokens.numel() and not 0 <= int(tokens.min()) <= int(tokens.max()) < len(vectors)
        ):
            raise LatentError(
                f"Tokens of this model are {times(self.grid)} whole numbers from 0 to {len(vectors) - 1} a sample."
            )
        return self.decode(self.bottleneck.flat(tokens.flatten(1), vectors))

    @torch.no_grad()
    def reset_dead_codes(self, x: Tensor, generator: Generator | None = None) -> None:
        """As an epoch begins: codebook vectors that no sample of x (N, *shape) uses are put onto encoder outputs."""
        if self.codebook is not None:
            self.bottleneck.reset_dead_codes(self.codebook, self.encoder(x), generator)

    def reconstruction(self, raw: Tensor, x: Tensor) -> Tensor:
        """Loss (N,) of the decoder's raw output against the clean x, summed over a sample's values."""
        if self.loss == "cross-entropy":  # from logits: exact where a sigmoid would round to 0 or 1
            return F.binary_cross_entropy_with_logits(raw, x, reduction="none").flatten(1).sum(1)
        return (self.activation(raw) - x).square().flatten(1).sum(1)

    def losses(
        self,
        x: Tensor,
        generator: Generator | None = None,
        y: Tensor | None = None,
        places: Tensor | None = None,
        ease: float = 1.0,
    ) -> dict[str, Tensor]:
        """Losses of each sample of x (N, *shape), (N,) each: "loss", which is minimised, "reconstruction", and the
        penalty's terms. x is corrupted for them, held out too; z is drawn where it is a distribution.

        places: of the samples on a neighbour map, (N, 2); without them nothing pulls there. ease: how much stronger
        that pull is than in the end.

        The networks compute in the number format of their weights; code and losses, sums over many values, in float32.
        """
        x = self._shaped(x)
        dtype = next(self.encoder.parameters()).dtype
        x_corrupted = self.corrupt(x, generator)
        encoder_input = self._with_label(x_corrupted, y).to(dtype)
        code = self.bottleneck(self.encoder(encoder_input).float(), True, generator, self.codebook)
        if places is not None:
            code = code._replace(place=places)
        raw = self.raw(code.z.to(dtype), y).float()
        if self.corrupt.targets_corrupted:
            x = x_corrupted if self.range is None else x_corrupted.clamp(*self.range)
        terms = {"reconstruction": self.reconstruction(raw, x), **self.penalty.terms(code, self.encoder, encoder_input)}
        loss = terms["reconstruction"] + self.penalty.total(terms)
        if isinstance(self.penalty, Neighbour) and "neighbour" in terms:
            loss = loss + ease * self.pull * self.penalty.neighbour_weight * terms["neighbour"]
        if code.n_active is not None and self.pca_error is not None:
            loss = loss / self.pca_error.to(x.device)[code.n_active - 1] ** self.bottleneck.relative
        return {"loss": loss, **terms}


def _loss_and_output(config: Config, range: tuple[float, float] | None) -> tuple[str, str]:
    """(reconstruction loss, output activation) of a recipe for data of this range, "auto" decided; LatentError where
    the two do not go together.
    """
    limits = None if range is None else tuple(range)
    unit, symmetric = limits == (0.0, 1.0), limits == (-1.0, 1.0)
    loss, output = config.loss, config.output
    if loss == "auto":
        loss = "cross-entropy" if unit and output in ("auto", "sigmoid") else "squared-error"
    if output == "auto":
        output = "sigmoid" if unit else "tanh" if symmetric else "identity"
    if loss == "cross-entropy" and not (unit and output == "sigmoid"):
        raise LatentError("Cross-entropy needs data between 0 and 1 and a sigmoid output: choose loss squared-error.")
    return loss, output
