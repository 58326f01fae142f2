"""What a link to Explore may say. Its subject: the `LoadedModel` on the first map; of the menus: their options."""

import numpy as np

from ae_core.model.metrics import ACTIVE

from ...session.groups import groups_of
from ...session.models import LoadedModel
from ...ui.link import Choice, Drawing, Flag, Integer, Name, Numbers
from ..maps import link as maps

HEAT = ("distance", "stretch", "consistency")
OWN = "your groups"  # as a colour
WHOLE = [0.5, 0.5, 1.0]  # of the map
BACKDROPS = ("points", "manifold", *HEAT, "verdict")


def default_axes(item: LoadedModel) -> list[int]:
    """The first two dimensions that the decoder uses: a VAE can leave some idle."""
    active = np.flatnonzero(item.codes["z"].var(axis=0) > ACTIVE)[:2].tolist()
    return active if len(active) == 2 else [0, 1]


MODEL = Name(name="model", about="the model", known=lambda names: names, menu=True)
BESIDE = Name(name="beside", about="a second model to compare with", known=lambda names: names, menu=True)
VIEW = (
    Numbers(
        name="z",
        about="the latent code at the dot",
        count=lambda item: item.model.k,
        low=lambda item: item.box.low,
        high=lambda item: item.box.high,
        clamp=True,
        moved="was outside the map and was moved to its edge",
    ),
    Choice(name="backdrop", about="what lies behind the points", choices=BACKDROPS, default=BACKDROPS[0]),
    Choice(
        name="colour",
        about="what the points are coloured by",
        choices=lambda item: [*(name for name, _ in item.checkpoint.factor_names), *([OWN] if groups_of(item) else [])],
        default="class",
    ),
    Numbers(
        name="hide",
        about="classes that are not shown",
        field="hidden",
        default=[],
        whole=True,
        low=0,
        high=lambda item: len(item.checkpoint.classes) - 1,
        entry=True,
    ),
    Numbers(
        name="axes",
        about="the two latent dimensions on the map",
        default=default_axes,
        whole=True,
        count=2,
        low=0,
        high=lambda item: item.model.k - 1,
        distinct=True,
        entry=True,
    ),
    Numbers(
        name="zoom",
        about="the middle of what is in view, as fractions of the map, and how many times it is enlarged",
        default=WHOLE,
        count=3,
        low=[0, 0, 1],
        high=[1, 1, 32],
        clamp=True,
        moved="was more than the map can be enlarged and was cut",
    ),
    Numbers(
        name="lasso",
        about="a line around a group of samples: its corners, as fractions of the map from the left and the top",
        default=[],
        low=0,
        high=1,
        clamp=True,
        moved="left the map and was cut at its edge",
        entry=True,
    ),
    Integer(
        name="pin",
        about="the sample that is shown beside its point, from 0",
        high=lambda item: len(item.codes["z"]) - 1,
        entry=True,
    ),
    Flag(name="classifier", about="what the classifier sees is shown", field="classifies"),
    Flag(name="draw", about="the sheet to draw on is open"),
    Drawing(name="drawn", about="what is drawn on it", shape=lambda item: item.model.shape),
)
PARAMETERS = (MODEL, BESIDE, *VIEW, *maps.PARAMETERS)
