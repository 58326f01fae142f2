"""What a link to Runs may say. Its subject: the names of the runs and checkpoints that are here."""

from ...ui.link import Choice, Names
from ..maps import link as maps
from . import words

DEFAULT = ["mnist-vae-2d", "mnist-ae-2d"]  # compared before anything is selected

RUNS = Names(name="runs", about="the runs that are selected", known=lambda names: names, kind="run", default=DEFAULT)
CURVE = Choice(name="curve", about="which curve is drawn", choices=lambda offered: offered or list(words.CURVES_OF))
PARAMETERS = (RUNS, CURVE, *maps.PARAMETERS)
