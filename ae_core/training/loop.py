"""Training as a generator of steps: the page draws them, the command line counts them, a notebook loops over them."""

import itertools
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.optim.adam import adam

from ..base.errors import LatentError
from ..data import Dataset
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..pca import PCA, largest_angle
from ..sockets.networks import current_name

DIVERGED = 1000.0  # times the loss at the start: no training comes back from there
EVAL_BATCH = 2000  # samples in a held-out batch: large enough for full speed, small enough for any memory


@dataclass(frozen=True)
class Step:
    """One optimizer step was made."""

    epoch: int  # 1-based
    step: int  # 1-based, within the epoch
    steps: int  # in an epoch


@dataclass(frozen=True)
class Epoch:
    """A pass over the training data ended. Losses are means over samples; parts: each term of both losses."""

    epoch: int
    seconds: float  # of training alone, since the beginning
    train_loss: float
    test_loss: float
    parts: dict[str, float]


def one_cycle(progress: float, warm: float = 0.1, start: float = 0.04, end: float = 1e-4) -> float:
    """Learning rate as a share of its peak at `progress` 0..1: cosine up for `warm`, cosine down after (Smith 2018)."""
    if progress < warm:
        low, at = start, 1 - progress / warm
    else:
        low, at = end, (progress - warm) / (1 - warm)
    return low + (1 - low) * (1 + math.cos(math.pi * at)) / 2


def one_cycle_momentum(progress: float, warm: float = 0.1, high: float = 0.95, low: float = 0.85) -> float:
    """Adam's β₁ at `progress`: it moves against the learning rate, low where steps are long (Smith 2018)."""
    return high - (high - low) * one_cycle(progress, warm, start=0.0, end=0.0)


def pick_device(name: str) -> torch.device:
    """The device called `name`; auto takes CUDA or MPS where there is one."""
    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(d for d in has if has[d])
    if not has[name]:
        raise LatentError(f"There is no {name} device here: choose device auto or cpu.")
    return torch.device(name)


BF16_MIN_WEIGHTS = 250_000  # weights from which on the matrix products take longer than all the rest of a step


def pick_precision(name: str, model: Autoencoder, device: torch.device) -> torch.dtype:
    """The number format called `name`; auto takes bfloat16 for large models on processors that multiply it natively."""
    if name != "auto":
        return getattr(torch, name)
    if device.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        native = device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
    large = sum(p.numel() for p in model.parameters()) >= BF16_MIN_WEIGHTS
    return torch.bfloat16 if native and large else torch.float32


def augmented(x: Tensor, share: float, generator: Generator) -> Tensor:
    """x (N, C, H, W) with `share` of the images moved a little, as another hand would have written them.

    Up to ±6° turned, ±10 % slanted, ±5 % stretched, ±3.5 % of the width shifted: small enough that a digit stays the
    digit it is.
    """
    chosen = torch.rand(len(x), generator=generator, device=x.device) < share
    count = int(chosen.sum())
    if not count:
        return x
    u = torch.rand(count, 5, generator=generator, device=x.device) * 2 - 1
    turn, slant, stretch = u[:, 0] * math.radians(6), u[:, 1] * 0.1, 1 + u[:, 2] * 0.05
    rows = [
        turn.cos() * stretch,
        slant - turn.sin(),
        u[:, 3] * 0.035,
        turn.sin(),
        turn.cos() / stretch,
        u[:, 4] * 0.035,
    ]
    images = x[chosen]
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), images.shape, align_corners=False)
    x = x.clone()
    x[chosen] = F.grid_sample(images, grid, align_corners=False)
    return x


def in_one_vector(model: Autoencoder) -> nn.Parameter:
    """Lay a model's weights end to end in one vector, (W,), that they become views of.

    A step is then a few large operations instead of several for each layer; half of a small model's time is theirs.
    """
    weights = list(model.parameters())
    vector = nn.Parameter(torch.cat([weight.detach().flatten() for weight in weights]))
    for weight, part in zip(weights, parts_of(vector.data, weights), strict=True):
        weight.data = part
    return vector


def parts_of(vector: Tensor, weights: list[nn.Parameter]) -> list[Tensor]:
    """The pieces of a vector (W,), each in the shape of its weight."""
    pieces = vector.split([weight.numel() for weight in weights])
    return [piece.view_as(weight) for piece, weight in zip(pieces, weights, strict=True)]


class Training:
    """One training, from a fresh model or from a state that an earlier one saved.

    Iterating makes the steps and yields a `Step` after each and an `Epoch` after each pass; to pause, stop iterating.
    On the CPU the result depends on the recipe alone: each epoch draws from a generator seeded by (seed, epoch), so a
    training that was resumed ends with the same floats as one that was not.

    >>> from ae_core import Config, load_dataset
    >>> config = Config(data="digits", variant="deep", hidden=(32,), epochs=2)
    >>> losses = [e.test_loss for e in Training(config, load_dataset("digits")) if isinstance(e, Epoch)]
    >>> losses[1] < losses[0]
    True
    """

    def __init__(
        self,
        config: Config,
        data: Dataset,
        state: dict[str, Tensor] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        pca: PCA | None = None,
    ):
        """state: what `state()` gave; cancelled: asked before each step; pca: of the training data with k numbers,
        where it is known.
        """
        self.config, self.cancelled = config, cancelled
        self.device = pick_device(config.device)
        if config.augment and len(data.shape) != 3:
            raise LatentError("Augmentation moves images about: leave augment at 0 for signals.")
        if config.batch_size > len(data.x_train):
            raise LatentError(
                f"A batch of {config.batch_size:,} is larger than the {len(data.x_train):,} training samples: make it smaller."
            )
        torch.manual_seed(config.seed)
        model = Autoencoder(config, data.shape, data.range, len(data.classes) if data.y_train is not None else 0)
        model.prepare(data.x_train, pca)
        self.model = model.to(self.device)
        linear = config.network == "linear" and model.bottleneck.is_identity and config.k < math.prod(data.shape)
        self.pca = (pca or PCA(data.x_train, config.k)) if linear else None  # what a linear one should find
        self.x, self.x_test = data.x_train.to(self.device), data.x_test.to(self.device)
        self.y, self.y_test = (
            y.to(self.device) if model.n_classes else None for y in (data.y_train, data.y_test)
        )  # for one that is told the classes
        # In bfloat16 a copy of the model makes the steps' gradients; the weights themselves and Adam's moments stay in
        # float32.
        kind = pick_precision(config.precision, model, self.device)
        self.low_precision_model = (
            self.model
            if kind == torch.float32
            else Autoencoder(config, data.shape, data.range, model.n_classes).to(self.device, kind)
        )
        self.low_precision_model.pca_error = model.pca_error
        self.weights = in_one_vector(self.model)
        self.weights.grad = torch.zeros_like(self.weights)
        self.low_precision_weights = (
            self.weights if self.low_precision_model is self.model else in_one_vector(self.low_precision_model)
        )
        self.adam = {
            "step": torch.zeros((), device=self.device),
            **{name: torch.zeros_like(self.weights.data) for name in ("exp_avg", "exp_avg_sq")},
        }
        self.steps = math.ceil(len(self.x) / config.batch_size)
        self.epoch = 0  # whole epochs behind us
        self.seconds = 0.0
        self.best_loss, self.best_weights = (
            math.inf,
            None,
        )  # held-out loss and weights of the best epoch, for keep "best"
        if state:
            self.restore(state)
        self.low_precision_weights.data.copy_(self.weights.data)
        self.loss_limit = DIVERGED * (1 + abs(self.evaluate(EVAL_BATCH)["loss"]))

    def generator(self, purpose: int) -> Generator:
        """Random numbers: purpose 0 trains, others in each epoch; 1 evaluates, the same ones each time, so that epochs
        can be compared.
        """
        return Generator(self.device).manual_seed(
            (self.config.seed * 1_000_003 + self.epoch * (1 - purpose)) * 2 + purpose
        )

    def __iter__(self) -> Iterator[Step | Epoch]:
        config, weights, copied, gradient = self.config, self.weights, self.low_precision_weights, self.weights.grad
        layers = list(self.low_precision_model.parameters())
        grad_views = parts_of(gradient, layers)
        if (
            config.keep == "best" and self.best_weights is None and self.model.starts_as_pca
        ):  # PCA itself may be what nothing beats
            self.best_loss, self.best_weights = self.evaluate()["loss"], weights.detach().clone()
        while self.epoch < config.epochs:
            self.low_precision_model.train()
            generator = self.generator(0)
            order = torch.randperm(len(self.x), generator=generator, device=self.device)
            sums: dict[str, Tensor | float] = {}
            start = time.perf_counter()
            self.model.reset_dead_codes(self.x[order[:EVAL_BATCH]], generator)
            copied.data.copy_(weights.data)
            for step, batch in enumerate(order.split(config.batch_size)):
                if self.cancelled():
                    return
                x = self.x.index_select(0, batch)
                # The last tenth of the epochs sees the data as they are: what is fitted at the end is what is asked
                # for.
                if config.augment and self.epoch < 0.9 * config.epochs:
                    x = augmented(x, config.augment, generator)
                losses = self.low_precision_model.losses(x, generator, None if self.y is None else self.y[batch])
                progress = (self.epoch * self.steps + step) / (config.epochs * self.steps)
                losses["loss"].mean().backward()
                for slot, weight in zip(grad_views, layers, strict=True):
                    slot.copy_(weight.grad)
                    weight.grad = None
                # One sample whose variance runs away would spoil Adam's moments for a thousand steps.
                length = math.sqrt(float(gradient.dot(gradient)))
                if length > config.clip:
                    gradient.mul_(config.clip / length)
                self.make_step(
                    2 * config.lr * one_cycle(progress), one_cycle_momentum(progress)
                )  # 2: so that lr is the mean
                if copied is not weights:
                    copied.data.copy_(weights.data)
                for name, value in losses.items():  # kept as tensors: reading one would wait for the device
                    sums[name] = sums.get(name, 0.0) + value.detach().sum()
                self.seconds, start = self.seconds + time.perf_counter() - start, time.perf_counter()
                yield Step(self.epoch + 1, step + 1, self.steps)
                start = time.perf_counter()
            train = {name: float(value) / len(self.x) for name, value in sums.items()}
            test = self.evaluate()
            if not (math.isfinite(train["loss"]) and test["loss"] < self.loss_limit):
                kept = " The weights of the epoch before are kept." if self.epoch else ""
                raise LatentError(
                    f"The loss diverged in epoch {self.epoch + 1}: lower the learning rate (it was {config.lr:g}).{kept}"
                )
            self.epoch += 1
            if config.keep == "best":
                if test["loss"] < self.best_loss:
                    self.best_loss, self.best_weights = test["loss"], weights.detach().clone()
                if self.epoch == config.epochs:
                    weights.data.copy_(self.best_weights)
            parts = {
                f"{half}_{name}": v
                for half, terms in (("train", train), ("test", test))
                for name, v in terms.items()
                if name != "loss"
            }
            if self.pca is not None:
                parts["principal_angle"] = largest_angle(
                    self.model.decoder[0].weight.detach().cpu(), self.pca.components.T
                )
            yield Epoch(self.epoch, self.seconds, train["loss"], test["loss"], parts)

    @torch.no_grad()
    def make_step(self, lr: float, beta1: float) -> None:
        """Adam's (Kingma & Ba 2015), with decoupled weight decay (Loshchilov & Hutter 2019).

        torch's own function makes it: its classes of optimisers would load its compiler, a second and 70 MB in each
        process that trains.
        """
        rest = {
            "weight_decay": self.config.weight_decay,
            "decoupled_weight_decay": True,
            "eps": 1e-8,
            "amsgrad": False,
            "maximize": False,
            "fused": True,
        }
        state = ([self.adam[name]] for name in ("exp_avg", "exp_avg_sq"))
        adam(
            [self.weights],
            [self.weights.grad],
            *state,
            [],
            [self.adam["step"]],
            lr=lr,
            beta1=beta1,
            beta2=0.999,
            **rest,
        )

    @torch.no_grad()
    def evaluate(self, most: int | None = None) -> dict[str, float]:
        """Mean losses on the held-out samples, or the first `most` of them: what is minimised, with one draw of z each
        where z is drawn, and of samples that are corrupted as in training.
        """
        self.model.eval()
        chosen = self.x_test[:most]
        generator, sums = self.generator(1), {}
        for x, y in zip(
            chosen.split(EVAL_BATCH),
            itertools.repeat(None) if self.y_test is None else self.y_test[:most].split(EVAL_BATCH),
        ):
            for name, value in self.model.losses(x, generator, y).items():
                sums[name] = sums.get(name, 0.0) + float(value.sum())
        return {name: value / len(chosen) for name, value in sums.items()}

    def state(self) -> dict[str, Tensor]:
        """All that is needed to go on from here, as named tensors on the CPU (for safetensors)."""
        tensors = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        tensors |= {f"adam.{name}": value for name, value in self.adam.items()}
        if self.best_weights is not None:
            tensors |= {
                "best.weights": self.best_weights,
                "best.loss": torch.tensor(self.best_loss, dtype=torch.float64),
            }
        tensors["progress"] = torch.tensor([self.epoch, self.seconds], dtype=torch.float64)
        return {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go back to what `state` returned; LatentError where it belongs to another recipe."""
        try:
            self.model.load_state_dict(
                {current_name(name[6:]): value for name, value in state.items() if name.startswith("model.")}
            )
            moments = {name[5:]: value for name, value in state.items() if name.startswith("adam.")}
            if moments:  # before the first step there were none
                if {name: value.shape for name, value in moments.items()} != {
                    name: value.shape for name, value in self.adam.items()
                }:
                    raise ValueError("moments of another model")
                for name, value in moments.items():
                    self.adam[name].copy_(value)
            if "best.weights" in state:
                if state["best.weights"].shape != self.weights.shape:
                    raise ValueError("weights of another model")
                self.best_loss, self.best_weights = float(state["best.loss"]), state["best.weights"].to(self.device)
            self.epoch, self.seconds = int(state["progress"][0]), float(state["progress"][1])
        except (KeyError, RuntimeError, ValueError, IndexError, TypeError) as error:
            raise LatentError("The saved training state does not fit this recipe: start the training again.") from error
