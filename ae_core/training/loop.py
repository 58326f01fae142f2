"""Training as a generator of steps: the page draws them, the command line counts them, a notebook loops over them."""

import itertools
import math
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Generator, Tensor

from ..base.budget import ask
from ..base.errors import LatentError
from ..base.version import __version__
from ..data import Dataset
from ..data._checks import check_dataset
from ..model.autoencoder import Autoencoder
from ..model.config import Config
from ..model.size import network_spec
from ..pca import PCA, largest_angle
from ..sockets.neighbours import EASE, Layout
from ..sockets.networks import current_name
from ..sockets.sizes import network_size
from .augmentation import augmented
from .device import pick_device, pick_precision
from .optimizer import Adam, in_one_vector, one_cycle, one_cycle_momentum, views

DIVERGED = 1000.0  # times the loss at the start: no training comes back from there
EVAL_BATCH = 2000  # held-out samples at once: large enough for full speed, small enough for any memory
AUGMENTED_SHARE = 0.9  # of the epochs: the last tenth sees the data as they are, as held-out data are not augmented


WEIGHT_BYTES = 34  # of a weight: itself, its gradient, Adam's moments, the copies that are kept
ACTIVATION_BYTES = 8  # of a number that a sample becomes on its way: itself and its gradient


@dataclass(frozen=True)
class Step:
    """One optimizer step was made."""

    epoch: int  # 1-based
    step: int  # 1-based, within the epoch
    steps: int  # in an epoch


@dataclass(frozen=True)
class Epoch:
    """A pass over the training data ended. Losses are means over samples.

    Args:
        epoch: 1-based.
        seconds: of training alone, since the beginning.
        train_loss: mean over the epoch, while the weights changed.
        test_loss: on the held-out samples, after it.
        parts: each term of both losses by name, e.g. train_reconstruction, test_kl; of a linear network also
            principal_angle, the largest angle to PCA's subspace in degrees.
    """

    epoch: int
    seconds: float
    train_loss: float
    test_loss: float
    parts: dict[str, float]


@dataclass
class _Pass:
    """An epoch that is under way.

    Args:
        generator: of its random numbers, as the steps so far left it.
        order: the rows of the training samples as they are drawn, (N,).
        step: steps that were made.
        sums: of each loss over the samples so far, as tensors: to read one would wait for the device.
    """

    generator: Generator
    order: Tensor
    step: int
    sums: dict[str, Tensor]


class Training:
    """One training, from a fresh model or from a state that an earlier one saved.

    Iterating makes the steps and yields a `Step` after each and an `Epoch` after each pass; to pause, stop iterating:
    iterated again, or made anew from `state()`, it goes on with the next step. On the CPU the result depends on the
    recipe alone: each epoch draws from a generator seeded by (seed, epoch), so a training that was paused at any step
    ends with the same floats as one that was not. torch's global generator stays as it was.

    Args:
        config: the recipe.
        data: what it names, loaded.
        state: what `state()` of an earlier training gave, to go on from.
        cancelled: asked before each step; iterating ends where it says True.
        pca: of the training data with config.k components, where it is known.
        layout: of the data's neighbours, where it is known and the variant is pulled to it.

    Raises LatentError where the recipe does not fit the data, the state belongs to another recipe, or the loss
    diverges.

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
        layout: Layout | None = None,
    ):
        check_dataset(data)
        self.config, self.cancelled = config, cancelled
        self.device = pick_device(config.device)
        if config.augment and len(data.shape) != 3:
            raise LatentError("Augmentation moves images about: leave augment at 0 for signals.")
        # The default, which nobody chose, is cut to what there is.
        if config.batch_size > len(data.x_train) and config.batch_size != Config.batch_size:
            raise LatentError(
                f"A batch of {config.batch_size:,} is larger than the {len(data.x_train):,} training samples: "
                "make it smaller."
            )
        _ask(config, data)
        with torch.random.fork_rng(devices=[]):  # initial weights come from torch's global generator, which others use
            torch.default_generator.manual_seed(config.seed)
            model = Autoencoder(config, data.shape, data.range, len(data.classes) if data.y_train is not None else 0)
        self.layout = (layout or Layout.of(data.x_train, data.x_test)) if model.penalty.needs_places else None
        model.prepare(data.x_train, pca, self.layout.places if self.layout else None)
        self.model = model.to(self.device)
        linear = config.network == "linear" and model.bottleneck.is_identity and config.k < math.prod(data.shape)
        self.pca = (pca or PCA(data.x_train, config.k)) if linear else None  # what a linear network should find
        self.x, self.x_test = data.x_train.to(self.device), data.x_test.to(self.device)
        self.y, self.y_test = (
            None if y is None or not model.n_classes else y.to(self.device) for y in (data.y_train, data.y_test)
        )
        self.places: Tensor | None = None  # of the training samples on a neighbour map, (N, 2)
        self.places_test: Tensor | None = None
        if self.layout is not None:
            self.places = self.layout.places.to(self.device)
            self.places_test = self.layout.places_test.to(self.device)
        # In bfloat16 a copy of the model makes the steps' gradients; the weights themselves and Adam's moments stay in
        # float32.
        dtype = self.precision = pick_precision(config.precision, model, self.device)
        if dtype == torch.float32:
            self.low_precision_model = self.model
        else:
            with torch.random.fork_rng(devices=[]):
                copy = Autoencoder(config, data.shape, data.range, model.n_classes)
            self.low_precision_model = copy.to(self.device, dtype)
        self.low_precision_model.pca_error, self.low_precision_model.pull = model.pca_error, model.pull
        self.weights = in_one_vector(self.model)
        self.gradient = self.weights.grad = torch.zeros_like(self.weights)
        shared = self.low_precision_model is self.model
        self.low_precision_weights = self.weights if shared else in_one_vector(self.low_precision_model)
        self.grad_views = views(self.gradient, list(self.low_precision_model.parameters()))
        self.optimizer = Adam(self.weights, config.weight_decay)
        self.steps = math.ceil(len(self.x) / config.batch_size)
        self.epoch = 0  # whole epochs behind us
        self.seconds = 0.0
        self.best_loss = math.inf  # held out, of the best epoch, for keep "best"
        self.best_weights: Tensor | None = None
        self._pass: _Pass | None = None  # where an epoch is under way
        self.loss_limit = DIVERGED * (1 + abs(self.evaluate(EVAL_BATCH)["loss"]))
        if state:
            self.restore(state)
        self._copy_to_low_precision()

    def made_with(self) -> dict[str, str | int]:
        """What the floats depend on besides recipe and data: the program's and torch's versions, the device and the
        number format that were used (`auto` decided), and threads.
        """
        return {
            "ae_core": __version__,
            "torch": torch.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "device": self.device.type,
            "precision": str(self.precision).removeprefix("torch."),
            "threads": torch.get_num_threads(),
            "seed": self.config.seed,
        }

    def generator(self, purpose: int) -> Generator:
        """Random numbers: purpose 0 trains, others in each epoch; 1 evaluates, the same ones each time, so that epochs
        can be compared.
        """
        return Generator(self.device).manual_seed(
            (self.config.seed * 1_000_003 + self.epoch * (1 - purpose)) * 2 + purpose
        )

    def __iter__(self) -> Iterator[Step | Epoch]:
        config = self.config
        if config.keep == "best" and self.best_weights is None and self.model.starts_as_pca:
            self._remember_best(self.evaluate()["loss"])  # PCA itself may be what nothing beats
        while self.epoch < config.epochs:
            start = time.perf_counter()
            under_way = self._pass = self._pass or self._begin_pass()
            self.low_precision_model.train()
            batches = under_way.order.split(config.batch_size)
            while under_way.step < len(batches):
                if self.cancelled():
                    return
                progress = (self.epoch * self.steps + under_way.step) / (config.epochs * self.steps)
                losses = self._losses(batches[under_way.step], under_way.generator, EASE ** (1 - progress))
                self._backward(losses["loss"].mean())
                self._clip_gradient()
                self.optimizer.step(
                    2 * config.lr * one_cycle(progress), one_cycle_momentum(progress)
                )  # 2: lr is the mean
                self._copy_to_low_precision()
                for name, value in losses.items():
                    under_way.sums[name] = under_way.sums.get(name, 0.0) + value.detach().sum()
                under_way.step += 1
                self.seconds += time.perf_counter() - start
                yield Step(self.epoch + 1, under_way.step, self.steps)
                start = time.perf_counter()
                self.low_precision_model.train()  # whoever looked at the model may have left it in eval mode
            train = {name: float(value) / len(self.x) for name, value in under_way.sums.items()}
            test = self.evaluate()
            self._check_divergence(train["loss"], test["loss"])
            self.epoch, self._pass = self.epoch + 1, None
            if config.keep == "best":
                self._remember_best(test["loss"])
                if self.epoch == config.epochs:
                    self._take_best()
            yield Epoch(self.epoch, self.seconds, train["loss"], test["loss"], self._parts(train, test))

    def _begin_pass(self) -> _Pass:
        """What an epoch begins with."""
        generator = self.generator(0)
        order = torch.randperm(len(self.x), generator=generator, device=self.device)
        self.model.reset_dead_codes(self.x[order[:EVAL_BATCH]], generator)
        self._copy_to_low_precision()
        return _Pass(generator, order, 0, {})

    def _losses(self, batch: Tensor, generator: Generator, ease: float) -> dict[str, Tensor]:
        """The losses (B,) of the training samples whose rows are batch (B,); ease: as in `Autoencoder.losses`."""
        x = self.x.index_select(0, batch)
        if self.config.augment and self.epoch < AUGMENTED_SHARE * self.config.epochs:
            x = augmented(x, self.config.augment, generator)
        y = None if self.y is None else self.y[batch]
        return self.low_precision_model.losses(x, generator, y, self.places_of(batch), ease)

    def places_of(self, rows: Tensor) -> Tensor | None:
        """Where the training samples of these rows (B,) belong on a neighbour map, (B, 2); None for other variants."""
        return None if self.places is None else self.places.index_select(0, rows)

    def _backward(self, loss: Tensor) -> None:
        """Put the loss's gradient into `gradient`, in float32 and one vector."""
        loss.backward()
        for grad_view, weight in zip(self.grad_views, self.low_precision_model.parameters(), strict=True):
            if weight.grad is None:
                raise ValueError("a weight takes no part in the loss")
            grad_view.copy_(weight.grad)
            weight.grad = None

    def _clip_gradient(self) -> None:
        """One sample whose variance runs away would spoil Adam's moments for a thousand steps."""
        length = math.sqrt(float(self.gradient.dot(self.gradient)))
        if length > self.config.clip:
            self.gradient.mul_(self.config.clip / length)

    def _copy_to_low_precision(self) -> None:
        if self.low_precision_weights is not self.weights:
            self.low_precision_weights.data.copy_(self.weights.data)

    def _check_divergence(self, train_loss: float, test_loss: float) -> None:
        if math.isfinite(train_loss) and test_loss < self.loss_limit:
            return
        kept = " The weights of the epoch before are kept." if self.epoch else ""
        raise LatentError(
            f"The loss diverged in epoch {self.epoch + 1}: lower the learning rate (it was {self.config.lr:g}).{kept}"
        )

    def _remember_best(self, test_loss: float) -> None:
        """Keep the weights where no epoch before had so small a held-out loss."""
        if test_loss < self.best_loss:
            self.best_loss, self.best_weights = test_loss, self.weights.detach().clone()

    def _take_best(self) -> None:
        """Go back to the weights of the best epoch."""
        if self.best_weights is not None:
            self.weights.data.copy_(self.best_weights)

    def _parts(self, train: dict[str, float], test: dict[str, float]) -> dict[str, float]:
        """Both losses' terms, as `Epoch.parts` has them."""
        halves = (("train", train), ("test", test))
        parts = {f"{half}_{name}": value for half, terms in halves for name, value in terms.items() if name != "loss"}
        if self.pca is not None:
            basis = cast("Tensor", self.model.decoder[0].weight)  # (D, k): of a linear network
            parts["principal_angle"] = largest_angle(basis.detach().cpu(), self.pca.components.T)
        return parts

    @torch.no_grad()
    def evaluate(self, count: int | None = None) -> dict[str, float]:
        """Mean losses by name on the held-out samples, or the first `count` of them: what is minimised, with one draw
        of z each where z is drawn, and of samples that are corrupted as in training.
        """
        self.model.eval()
        x_test = self.x_test[:count]
        y_parts = itertools.repeat(None) if self.y_test is None else self.y_test[:count].split(EVAL_BATCH)
        place_parts = itertools.repeat(None) if self.places_test is None else self.places_test[:count].split(EVAL_BATCH)
        generator, sums = self.generator(1), dict[str, float]()
        for x, y, places in zip(x_test.split(EVAL_BATCH), y_parts, place_parts, strict=False):
            for name, value in self.model.losses(x, generator, y, places).items():
                sums[name] = sums.get(name, 0.0) + float(value.sum())
        return {name: value / len(x_test) for name, value in sums.items()}

    def state(self) -> dict[str, Tensor]:
        """All that is needed to go on from here, in the middle of an epoch too, as named tensors on the CPU (for
        safetensors).
        """
        tensors = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        tensors |= {f"adam.{name}": value for name, value in self.optimizer.state.items()}
        if self.best_weights is not None:
            tensors["best.weights"] = self.best_weights
            tensors["best.loss"] = torch.tensor(self.best_loss, dtype=torch.float64)
        if self._pass is not None:
            tensors["pass.step"] = torch.tensor(self._pass.step)
            tensors["pass.generator"] = self._pass.generator.get_state()
            tensors |= {f"pass.sum.{name}": value for name, value in self._pass.sums.items()}
        tensors["progress"] = torch.tensor([self.epoch, self.seconds], dtype=torch.float64)
        return {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go back to what `state` returned; LatentError where it belongs to another recipe, or is no state."""
        weights = {current_name(name): value for name, value in _below("model.", state).items()}
        moments = _below("adam.", state)
        progress, best_weights, best_loss = (state.get(name) for name in ("progress", "best.weights", "best.loss"))
        fits = (
            _shapes(weights) == _shapes(self.model.state_dict())
            and (not moments or _shapes(moments) == _shapes(self.optimizer.state))  # none: before the first step
            and progress is not None
            and progress.shape == (2,)
            and bool((progress.isfinite() & (progress >= 0)).all())
            and (best_weights is None or best_weights.shape == self.weights.shape)
            and (best_weights is None) == (best_loss is None)
            and (best_loss is None or best_loss.numel() == 1)
        )
        if not fits or progress is None:
            raise LatentError("The saved training state does not fit this recipe: start the training again.")
        self.model.load_state_dict(weights)
        for name, value in moments.items():
            self.optimizer.state[name].copy_(value)
        if best_weights is not None and best_loss is not None:
            self.best_loss, self.best_weights = float(best_loss), best_weights.to(self.device)
        self.epoch, self.seconds = int(progress[0]), float(progress[1])
        self._pass = self._restored_pass(_below("pass.", state))

    def _restored_pass(self, state: dict[str, Tensor]) -> _Pass | None:
        """The epoch that was under way; None where none was. LatentError where it is no state of one."""
        if not state:
            return None
        step, drawn, sums = state.get("step"), state.get("generator"), _below("sum.", state)
        generator = self.generator(0)
        order = torch.randperm(len(self.x), generator=generator, device=self.device)
        try:
            generator.set_state(cast("Tensor", drawn))
            made = int(cast("Tensor", step))
            if not 0 <= made <= self.steps or any(value.shape for value in sums.values()):
                raise ValueError
        except (RuntimeError, TypeError, ValueError):
            raise LatentError(
                "The training was paused within an epoch on another kind of device: go on from the state of a whole "
                "epoch, or start the training again."
            ) from None
        return _Pass(generator, order, made, {name: value.to(self.device) for name, value in sums.items()})


def _ask(config: Config, data: Dataset) -> None:
    """Announce what a network takes while it trains. Raises BudgetError."""
    size = network_size(config.network, network_spec(config, data.shape, len(data.classes)))
    kept = WEIGHT_BYTES * size.weights
    need = kept + ACTIVATION_BYTES * size.activations * min(config.batch_size, len(data.x_train))
    ask(need, f"Training a network of {size.weights:,} weights needs", "make hidden or k smaller", keeps=kept)


def _below(prefix: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names begin so, without that."""
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def _shapes(tensors: dict[str, Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in tensors.items()}
