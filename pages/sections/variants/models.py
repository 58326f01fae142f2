"""Which of the models that are here stand for a variant in a figure.

Each of the functions that a figure names takes the models that can be shown, {name: checkpoint}, and the variant; it
returns {role: name of the model}, or None where they are not here.
"""

import math
from collections.abc import Callable

from ae_core.data import source
from ae_core.runs.checkpoint import Checkpoint
from ae_core.runs.folder import checkpoints

from ...session.models import same_samples

MIN_LENGTH = 8  # values of a signal that is drawn as a line
BETAS = "mnist-beta-"  # how the names of the models begin that differ in β alone

Models = dict[str, Checkpoint]
Roles = dict[str, str]
Wish = Callable[[Checkpoint], bool]


def best(models: Models, variant: str, wanted: Wish = lambda _: True, k: int = 32, signals: bool = False) -> str | None:
    """The model of pictures (or of signals) that shows a variant best: a shipped one, of MNIST, with about k
    dimensions, small, and one whose encoder runs in the page; None without any.
    """
    shipped = set(checkpoints().values())

    def order(name: str) -> tuple:
        model, config = models[name], models[name].config
        other_beta = getattr(config.row.sockets(dict(config.sockets))[2], "beta", 1.0) != 1.0
        return (
            model.folder not in shipped,
            config.data != "mnist",
            config.network == "conv",
            other_beta,
            abs(math.log(config.k / k)),
            sum(config.hidden),
            name,
        )

    drawable = drawn_as_lines if signals else drawn_as_pictures
    fitting = [
        name for name, c in models.items() if c.config.variant == variant and (_is_own(c) or drawable(c)) and wanted(c)
    ]
    return min(fitting, key=order, default=None)


def _is_own(checkpoint: Checkpoint) -> bool:
    """Whether a model is one of a person's own samples, which are here: whatever they are can be drawn."""
    config = checkpoint.config
    return config.data == "samples" and source(config.data, **config.source).here()


def drawn_as_pictures(checkpoint: Checkpoint) -> bool:
    """Whether a model is one of pictures of digits or the like."""
    return len(checkpoint.shape) == 3 and bool(checkpoint.classes)


def drawn_as_lines(checkpoint: Checkpoint) -> bool:
    """Whether a model is one of signals long enough to be drawn, whose data are on this machine: no others can stand in
    for them.
    """
    shape, config = checkpoint.shape, checkpoint.config
    return len(shape) == 2 and shape[1] >= MIN_LENGTH and source(config.data, **config.source).here()


def encodes_in_page(checkpoint: Checkpoint) -> bool:
    """Whether the page can encode with a model: its evaluator has no convolutions."""
    return checkpoint.config.network != "conv"


def matching_plain(models: Models, name: str) -> str | None:
    """The plain autoencoder to compare a model with: of the same data, with about as many dimensions and the same
    layers if there is one.
    """
    mine = models[name]

    def order(other: str) -> tuple:
        config = models[other].config
        return (
            abs(math.log(config.k / mine.config.k)),
            config.network != mine.config.network,
            config.hidden != mine.config.hidden,
            sum(config.hidden),
            other,
        )

    fitting = [
        other
        for other, c in models.items()
        if other != name and c.config.variant == "deep" and encodes_in_page(c) and same_samples(c, mine)
    ]
    return min(fitting, key=order, default=None)


def alone(models: Models, variant: str) -> Roles | None:
    """The variant's model."""
    name = best(models, variant)
    return {"variant": name} if name else None


def perhaps_with_plain(models: Models, variant: str) -> Roles | None:
    """The variant's model, and the plain one where there is one and the variant is another."""
    roles = alone(models, variant)
    plain = matching_plain(models, roles["variant"]) if roles and variant != "deep" else None
    return {**roles, "plain": plain} if plain else roles


def with_plain(models: Models, variant: str) -> Roles | None:
    """The variant's model and the plain one, both of which the page can encode with."""
    name = best(models, variant, encodes_in_page)
    plain = name and matching_plain(models, name)
    return {"variant": name, "plain": plain} if plain else None


def denoisers(models: Models, variant: str, signals: bool = False) -> Roles | None:
    """The denoising model, the plain one, and one that was trained on noisy targets, if there is one."""

    def of_target(target: str, like: str | None = None) -> str | None:
        def wanted(c: Checkpoint) -> bool:
            fits = encodes_in_page(c) and c.config.sockets.get("target", "clean") == target
            return fits and (like is None or same_samples(c, models[like]))

        return best(models, variant, wanted, signals=signals)

    name = of_target("clean")
    plain = name and matching_plain(models, name)
    if not plain:
        return None
    mistake = of_target("noisy", like=name)
    return {"variant": name, "plain": plain, **({"mistake": mistake} if mistake else {})}


def noisy_signals(models: Models, variant: str) -> Roles | None:
    """As `denoisers`, of signals."""
    return denoisers(models, variant, signals=True)


def plane(models: Models, variant: str, signals: bool = False) -> Roles | None:
    """A model with two latent dimensions whose encoder runs in the page."""
    name = best(models, variant, lambda c: c.config.k == 2 and encodes_in_page(c), k=2, signals=signals)
    return {"variant": name} if name else None


def plane_of_signals(models: Models, variant: str) -> Roles | None:
    """As `plane`, of signals."""
    return plane(models, variant, signals=True)


def same_recipe(models: Models, variant: str) -> Roles | None:
    """A plain and a variational model with two latent dimensions whose recipes differ in nothing else."""
    shipped = set(checkpoints().values())

    def order(name: str) -> tuple:
        return models[name].folder not in shipped, models[name].config.data != "mnist", name

    for name in sorted(models, key=order):
        c = models[name]
        if c.config.variant == "deep" and c.config.k == 2 and (_is_own(c) or len(c.shape) == 3) and encodes_in_page(c):
            rest = c.config.to_json()
            for setting in ("variant", "sockets", "device", "precision"):
                rest.pop(setting, None)
            for other, d in models.items():
                if d.config.variant == "vae" and rest.items() <= d.config.to_json().items():
                    return {"plain": name, "vae": other}
    return None


def betas(models: Models, variant: str) -> Roles | None:
    """The models that differ in β, ascending; None with fewer than two. Those that are missing are left out."""
    shipped = set(checkpoints().values())
    fitting = [
        name
        for name, c in models.items()
        if name.startswith(BETAS)
        and (c.config.variant, c.config.k) == ("vae", 2)
        and {"kl", "reconstruction"} <= set(c.measures)
    ]
    if not fitting:
        return None
    first = models[min(fitting, key=lambda name: (models[name].folder not in shipped, name))]
    by_beta: dict[float, str] = {}  # of equal ones a shipped one
    for name in sorted(fitting, key=lambda name: (beta_of(models[name]), models[name].folder not in shipped)):
        if same_samples(models[name], first):
            by_beta.setdefault(beta_of(models[name]), name)
    return {f"b{i}": name for i, name in enumerate(by_beta.values())} if len(by_beta) > 1 else None


def beta_of(checkpoint: Checkpoint) -> float:
    """β of a variational model."""
    return checkpoint.config.row.sockets(dict(checkpoint.config.sockets))[2].beta
