"""What a link to Interpolate may say, mode by mode. The subject: the `LoadedModel`; of menus: their options.

Where a mode reads the link with something else beside the model, it says so.
"""

import math
from typing import Any

from ...session.groups import groups_of
from ...session.models import LoadedModel
from ...ui.link import Choice, Custom, Flag, Integer, Misfit, Name, Number, Numbers
from .paths import default_corners, default_ends, end_at, offered_paths

MODES = ("morph", "corners", "arithmetic", "traversals", "samples")
ATTRIBUTES = ("thickness", "slant", "width", "height")  # ink is thickness under another name; the table has both
# The ends of the sliders, which the page's figures get in their data.
ENDS = {"sigma": 3.0, "share": 2.0, "temperature": 2.0, "radius": 1.5}
RADIUS = 0.3  # of "more like this"

MODEL = Name(name="model", about="the model", known=lambda names: names, menu=True)
MODE = Choice(name="mode", about="what to do", choices=MODES, default=MODES[0], menu=True)


def last_sample(item: LoadedModel) -> int:
    """The number of the last held-out sample."""
    return len(item.codes["z"]) - 1


def _format_code(z: list[float]) -> str:
    return ",".join(f"{number:.9g}" for number in z)


# ---- Morph ----


def _end(name: str, about: str) -> Custom:
    """An end of a morph: a held-out sample's number, or "z" and its code's, which may lie somewhat off the map."""

    def parse(text: str, item: LoadedModel) -> dict[str, Any]:
        if not text.startswith("z"):
            if not 0 <= int(text) <= last_sample(item):
                raise ValueError(text)
            return end_at(item, int(text))
        reach = (item.box.high - item.box.low) / 2  # what is drawn or uploaded may lie beyond the map, but not anywhere
        code = Numbers(
            name=name,
            about=about,
            count=item.model.k,
            low=item.box.low - reach,
            high=item.box.high + reach,
            clamp=True,
            moved="was far outside the map and was moved towards it",
        )
        try:
            return {"z": code.parse(text[1:], item), "name": ""}
        except Misfit as error:
            raise Misfit(str(error), {"z": error.instead, "name": ""}) from error

    return Custom(
        name=name,
        about=about,
        default=lambda item: default_ends(item)[name],
        reads=parse,
        writes=lambda end: str(end["index"]) if "index" in end else f"z{_format_code(end['z'])}",
        must=lambda item: (
            f"must be a sample between 0 and {last_sample(item)}, or z and {item.model.k} numbers separated by commas"
        ),
        documented="the number of a held-out sample, or `z` and a latent code with commas",
    )


MORPH = (
    _end("a", "where the morph begins"),
    _end("b", "where it ends"),
    Choice(name="path", about="the path between them", choices=offered_paths, default="straight"),
    Flag(name="even", about="even steps of what is decoded"),
    Flag(name="over", about="beyond A and B", field="overshoot"),
    Choice(
        name="sets",
        about="which end the map and an upload set",
        field="choosing",
        choices=("a", "b"),
        default="a",
        entry=False,
    ),
    Flag(name="draw", about="the sheet to draw that end on is open", field="drawing"),
)
# Its subject: whether the morph goes beyond its ends.
TIME = Number(
    name="t",
    about="where on the path",
    default=0.5,
    low=lambda overshoot: -0.5 if overshoot else 0.0,
    high=lambda overshoot: 1.5 if overshoot else 1.0,
)

# ---- Four corners ----

CORNERS = (
    Numbers(
        name="corners",
        about="the four samples",
        default=default_corners,
        count=4,
        whole=True,
        low=0,
        high=last_sample,
        entry=True,
    ),
    Numbers(name="at", about="the place between them", count=2, low=0, high=1, default=[0.5, 0.5]),
)

# ---- Arithmetic ----


def _last_mean(item: LoadedModel) -> int:
    """The number of the last class, or of what else has a mean code: groups of one's own, and then all samples."""
    groups = len(groups_of(item))
    return len(item.checkpoint.classes) + groups - (groups == 0)  # all samples come last, where there are groups


ARITHMETIC = (
    Integer(
        name="a_base",
        about="the sample that it starts from",
        field="base",
        high=last_sample,
        default=0,
        entry=True,
    ),
    *(
        Number(
            name=f"a_{attribute}",
            about=f"how much {attribute} is added, in standard deviations",
            field=attribute,
            low=-ENDS["sigma"],
            high=ENDS["sigma"],
            clamp=True,
            default=0,
        )
        for attribute in ATTRIBUTES
    ),
    Integer(name="a_plus", about="the class that is added", field="plus", high=_last_mean, entry=True),
    Integer(name="a_minus", about="the class that is subtracted", field="minus", high=_last_mean, entry=True),
    Number(
        name="a_share",
        about="how much of that difference",
        field="share",
        low=0.0,
        high=ENDS["share"],
        clamp=True,
        default=0,
    ),
    Choice(
        name="a_others", about="which samples stand beside it", field="others", choices=("all", "same"), default="all"
    ),
)

# ---- Traversals ----


def _parse_moved(text: str, item: LoadedModel) -> dict[str, float]:
    moved, problem = {}, ""
    for part in filter(None, text.split(",")):
        i, _, number = part.partition(":")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not (i.isascii() and i.isdigit() and 1 <= int(i) <= item.model.k and math.isfinite(value)):
            raise Misfit(f"v_z {_must_move(item)}", moved)
        if abs(value) > ENDS["sigma"]:
            problem = f"v_z must be within {ENDS['sigma']:g} standard deviations"
        moved[str(int(i))] = min(ENDS["sigma"], max(-ENDS["sigma"], value))
    if problem:
        raise Misfit(problem, moved)
    return moved


def _must_move(item: LoadedModel) -> str:
    return f"must be pairs such as 3:-1.5, a dimension from 1 to {item.model.k} and standard deviations"


TRAVERSALS = (
    Integer(name="v_base", about="the sample that it starts from", field="base", high=last_sample, entry=True),
    Custom(
        name="v_z",
        about="the dimensions that were moved, in standard deviations",
        field="moved",
        default={},
        reads=_parse_moved,
        writes=lambda moved: ",".join(f"{i}:{value:.9g}" for i, value in moved.items()),
        pairs=True,
        must=_must_move,
        documented="pairs such as `3:-1.5`, with commas",
    ),
)

# ---- Samples ----

SAMPLES = (
    Integer(name="s_seed", about="the number of the draw", field="seed", high=2**31 - 1, default=0, entry=True),
    Number(
        name="s_t",
        about="the temperature",
        field="temperature",
        low=0.0,
        high=ENDS["temperature"],
        clamp=True,
        default=1,
    ),
    Number(
        name="s_r",
        about="the radius of more like this",
        field="radius",
        low=0.0,
        high=ENDS["radius"],
        clamp=True,
        default=RADIUS,
    ),
)
# The subject of these two: the model of their own grid.
LIKE = tuple(
    Numbers(
        name=name,
        about=f"more like this latent code, in the {place} grid",
        count=lambda item: item.model.k,
        entry=True,
    )
    for name, place in (("s_like", "left"), ("s_like2", "right"))
)
PARAMETERS = (MODEL, MODE, *MORPH, TIME, *CORNERS, *ARITHMETIC, *TRAVERSALS, *SAMPLES, *LIKE)
