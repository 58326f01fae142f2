"""What a link to Variants may say. Its subject: of the menus their options, of a figure's parameters its `Scene`."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ...ui.link import Choice, Custom, Drawing, Flag, Integer, Name, Number, Parameter
from .data import MAX_EPSILON, MAX_SEED, MAX_SMALL_NOISE, Items, activity, masking
from .models import beta_of
from .samples import Samples

FIRST_SAMPLE = 2


@dataclass(frozen=True)
class Scene:
    """The figure on the screen: its models by role, and the samples that can go in."""

    items: Items
    samples: Samples

    @property
    def model(self):
        """The network of its first model."""
        return next(iter(self.items.values())).model

    @property
    def signals(self) -> bool:
        """Whether signals go in, and no pictures."""
        return "limits" in self.samples


def _signs(name: str, about: str, longest: Callable[[Scene], float]) -> Custom:
    """A text of letters, digits and a few signs, with a greatest length."""

    def reads(text: str, scene: Scene) -> str:
        if len(text) > longest(scene) or not all(c.isascii() and (c.isalnum() or c in "-._=+/") for c in text):
            raise ValueError(text)
        return text

    return Custom(name=name, about=about, default="", reads=reads)


def _patches(scene: Scene) -> int:
    side = masking(scene.items)["patch"]
    return math.prod(-(-n // side) for n in scene.model.shape[1:])


def _tokens(scene: Scene) -> int:
    return math.prod(scene.model.grid)


def _reach(scene: Scene) -> float:
    return float(scene.items["variant"].box.high[:2].max())


def _style(axis: int) -> Callable[[Scene], float]:
    """Where the style is at first: of pictures in the middle; a cycle's codes are a ring, which is empty there."""

    def place(scene: Scene) -> float:
        reach = _reach(scene)
        return float(scene.items["variant"].codes["z"][0, axis].clip(-reach, reach)) if scene.signals else 0.0

    return place


def _nearest_to_one(scene: Scene) -> float:
    """The model with β = 1, or with what is next to it, as a position among them."""
    logs = [abs(math.log(max(beta_of(item.checkpoint), 1e-6))) for item in scene.items.values()]
    return float(logs.index(min(logs)))


FIRST = "deep"  # the variant that is shown when the link asks for none: the plain one
VARIANT = Choice(
    name="variant",
    about="the variant",
    choices=lambda names: names,
    entry=lambda before, now: (before or FIRST) != (now or FIRST),  # said, or left out: the same
    menu=True,
)
FIGURE = Choice(name="figure", about="its figure", choices=lambda names: names, menu=True)
DATA = Name(name="of", about="samples of one's own that the models are of", known=lambda names: names, menu=True)

SAMPLE = Integer(
    name="sample",
    about="which held-out sample goes in",
    low=0,
    high=lambda scene: scene.samples["count"] - 1,
    default=lambda scene: min(FIRST_SAMPLE, scene.samples["count"] - 1),
    entry=True,
)
DRAW = Flag(name="draw", about="the sheet to draw on is open")
DRAWN = Drawing(name="drawn", about="a drawn picture that goes in", shape=lambda scene: scene.model.shape)
INPUT = (SAMPLE, DRAW, DRAWN)

SEED = Integer(name="seed", about="the seed of the noise", low=0, high=MAX_SEED, entry=True)
NOISE = (
    Choice(name="kind", about="the kind of noise", choices=("gaussian", "masking", "salt-pepper"), default="gaussian"),
    Number(name="amount", about="the amount of noise", low=0, high=1, default=0.3),
    SEED,
)
SMALL_NOISE = (Number(name="amount", about="the amount of noise", low=0, high=MAX_SMALL_NOISE, default=0.15), SEED)
MASK = (_signs("mask", "the masked patches", _patches), SEED)
UNITS = (
    Integer(
        name="n",
        about="how many of the strongest units are used",
        low=0,
        high=lambda scene: activity(scene.items)["most"],
        default=lambda scene: min(8, activity(scene.items)["most"]),
    ),
)
EPSILON = tuple(
    Number(name=name, about=f"ε of latent dimension {n}", low=-MAX_EPSILON, high=MAX_EPSILON, default=default)
    for n, (name, default) in enumerate((("e1", 1.0), ("e2", 0.5)), start=1)
)
NUMBERS = Flag(name="numbers", about="the computation behind the figure is open")
BETA = (
    Number(
        name="at",
        about="which β, as a position among the models",
        low=0,
        high=lambda scene: len(scene.items) - 1,
        default=_nearest_to_one,
    ),
)
STYLE = tuple(
    Number(
        name=name,
        about=f"the position on the map, {('across', 'up')[axis]}",
        low=lambda scene: -_reach(scene),
        high=_reach,
        default=_style(axis),
    )
    for axis, name in enumerate("xy")
)
TOKENS = (
    Integer(
        name="place",
        about="the token that is selected",
        low=0,
        high=lambda scene: _tokens(scene) - 1,
        default=lambda scene: _tokens(scene) // 2,
    ),
    _signs("edits", "the tokens that were changed", lambda scene: 8 * _tokens(scene)),
)
GAPS = (
    *(
        Number(name=name, about=f"the position on the map, {way}", low=0, high=1, default=0.5)
        for name, way in zip("xy", ("across", "up"), strict=True)
    ),
    Choice(name="field", about="the re-encoding error everywhere", choices=("off", "on"), default="off"),
)
CUT = (
    Integer(
        name="k",
        about="how many latent dimensions are kept",
        low=1,
        high=lambda scene: scene.items["variant"].model.k,
        default=lambda scene: min(8, scene.items["variant"].model.k),
    ),
)


def parameters(own: tuple[Parameter, ...], scene: Scene) -> tuple[Parameter, ...]:
    """Those of a figure that mean something: signals cannot be drawn."""
    return tuple(parameter for parameter in own if parameter not in (DRAW, DRAWN) or not scene.signals)


# For the documentation each name once.
_ALL = (INPUT, NOISE, MASK, UNITS, (*EPSILON, NUMBERS), BETA, TOKENS, GAPS, STYLE, CUT)
_BY_NAME = {each.name: each for group in _ALL for each in group}
PARAMETERS = (VARIANT, FIGURE, DATA, *_BY_NAME.values())
